"""Takes functions, types and names of the compiled query; gives PostgreSQL's words that mean exactly the same.

Numbers are ``numeric`` without a width: no sum or product leaves it, and nothing but ``round`` drops a place, half away
from zero as in DuckDB. Texts that are ordered are collated by code points where they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from tallystick.engine.elsewhere.dialects.script import Dialect
from tallystick.engine.refusals import UsageRefusal

_LONGEST_NAME = 63
"""Bytes of a name; PostgreSQL cuts a longer one, and two can become one."""
_TWICE_BY_ROOT_OF_PI = "1.12837916709551257389615890312154517168810125865799771368817144"
_TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMPTZ": "timestamptz",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
}


def _quotient(a: str, b: str) -> str:
    """Divide to 9 places, half away from zero.

    Two numbers of 38 digits cannot come within 1e-49 of the middle between two of 9 places without lying on it, so that
    rounding to 60 places before hides nothing.
    """
    return f"round(round({a}, 60) / nullif({b}, 0), 9)"


def _exponential(x: str) -> str:
    """Raise e to a power of at most 20, as the checker promises of it."""
    power = "round(exp(round(greatest(v.x, -100), 40)), 9)"
    return f"(SELECT CASE WHEN v.x <= 20 THEN {power} END FROM (SELECT {x} AS x) AS v)"


def _complementary_error(x: str) -> str:
    """Add up the series of Maclaurin: 160 terms with 60 places leave no doubt at 9, even where they cancel out.

    Beyond 5.5 nothing is left of it at 9 places; below -5.5 all of 2 is.
    """
    held = "greatest(-5.5, least(5.5, v.x))"
    term = f"(1 - n % 2 * 2) * {held} * power(round({held} * {held}, 60), n) / (factorial(n) * (2 * n + 1))"
    series = f"(SELECT sum({term}) FROM generate_series(CAST(0 AS bigint), 160) AS n)"
    told = f"CASE WHEN v.x IS NOT NULL THEN round(1 - {_TWICE_BY_ROOT_OF_PI} * {series}, 9) END"
    return f"(SELECT {told} FROM (SELECT {x} AS x) AS v)"


_FUNCTIONS: dict[str, Callable[..., str]] = {
    "//": "{} / {}".format,
    "abs": "abs({})".format,
    "bytes": "octet_length({})".format,
    "ceil": "ceil({})".format,
    "complementary_error": _complementary_error,
    "contains": "(strpos({}, {}) > 0)".format,
    "date_trunc": lambda day, unit: f"date_trunc('{unit}', CAST({day} AS timestamp))",
    "day": "extract(day FROM {})".format,
    "common_log": "round(log(round(abs(nullif({}, 0)), 40)), 9)".format,
    "ends_with": "(right({0}, length({1})) = {1})".format,
    "epoch_us": "CAST(extract(epoch FROM {}) * 1000000 AS bigint)".format,
    "exponential": _exponential,
    "floor": "floor({})".format,
    "from hex": "CAST(CAST('x' || {} AS bit(32)) AS bigint)".format,
    "long_product": "round({} * {}, 9)".format,
    "long_quotient": _quotient,
    "month": "extract(month FROM {})".format,
    "natural_log": "round(ln(round(abs(nullif({}, 0)), 40)), 9)".format,
    "quotient": _quotient,
    "round": "round({})".format,
    "sha256": "encode(sha256(convert_to({}, 'UTF8')), 'hex')".format,
    "square_root": "round(sqrt(round(abs({}), 40)), 9)".format,
    "starts_with": "starts_with({}, {})".format,
    "to_seconds": "make_interval(secs => {})".format,
    "translate": "translate({}, {}, {})".format,
    "whole_quotient": _quotient,
    "without zeros": "CAST(trim_scale({}) AS text)".format,
    "year": "extract(year FROM {})".format,
}
"""Roots, logarithms and exponentials have 40 places before they are rounded to 9. Where they have no value, the checker
promises that nothing asks for it; they must only not fail there, and be missing for what is missing."""


def quote_name(name: str) -> str:
    """Return a name as PostgreSQL reads it; one that it would cut is cut here, with a digest that tells it apart."""
    if len(name.encode()) > _LONGEST_NAME:
        digest = sha256(name.encode()).hexdigest()[:16]
        name = f"{name.encode()[: _LONGEST_NAME - 20].decode(errors='ignore')} … {digest}"
    quoted = name.replace('"', '""')
    # INVARIANT: nothing quoted goes over a line, for lines are moved to the right as queries are put together.
    return f'"{quoted}"' if "\n" not in name else 'U&"' + quoted.replace("\\", "\\\\").replace("\n", "\\000a") + '"'


def quote_text(text: str) -> str:
    """Return a text as a literal; one without escapes is read by the standard, as the session is set. Raises
    ``UsageRefusal`` for the one character that no text can hold there."""
    if "\0" in text:
        message = "a name or text holds a NUL character, which PostgreSQL has not"
        raise UsageRefusal(message)
    quoted = text.replace("'", "''")
    return f"'{quoted}'" if "\n" not in text else "E'" + quoted.replace("\\", "\\\\").replace("\n", "\\n") + "'"


def quote_list(values: Sequence[str | None], of: str) -> str:
    """Return values, written as texts, as a literal of a list of some type."""
    cells = ("NULL" if each is None else '"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in values)
    return f"CAST({quote_text('{' + ','.join(cells) + '}')} AS {of}[])"


def _cast(value: str, to: str, sizes: tuple[int, ...]) -> str:
    if to == "DECIMAL":
        return f"round(CAST({value} AS numeric), {sizes[1]})"
    if to in {"DATE", "TIMESTAMP"} and value.startswith("'"):
        return f"{_TYPES[to]} {value}"
    # Texts are put in order by code points, whatever the database is used to.
    return f"CAST({value} AS {_TYPES[to]})" + (' COLLATE "C"' if to == "VARCHAR" else "")


def _let(bindings: Mapping[str, str], name: str, body: str) -> str:
    """Bind values in a query of one row."""
    bound = ", ".join(f"{value} AS {quote_name(each)}" for each, value in bindings.items())
    return f"(SELECT {body} FROM (SELECT {bound}) AS {quote_name(name)})"


def _pick_by(value: str, order: Sequence[str]) -> str:
    """Pick the first of a list in the order turned round."""
    descending = ", ".join(f"{each} DESC" for each in order)
    return f"(array_agg({value} ORDER BY {descending}) FILTER (WHERE {value} IS NOT NULL))[1]"


def _last_before(source: str, alias: str, key: str, other: str) -> str:
    """Find the place of a value among all keys in order; there are few, and they are put in order once."""
    keys = f"(SELECT array_agg({key} ORDER BY {key}) FROM {source})"
    return f"{alias}.{key} = ({keys})[width_bucket({other}, {keys})]"


POSTGRES = Dialect(
    title="PostgreSQL",
    extra="postgres",
    nulls_last=True,
    name=quote_name,
    text=quote_text,
    cast=_cast,
    functions=_FUNCTIONS,
    let=_let,
    pick_by=_pick_by,
    last_before=_last_before,
)
"""PostgreSQL, 14 or later: since then a moment's seconds are exact."""
