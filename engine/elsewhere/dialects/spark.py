"""Takes functions, types and names of the compiled query; gives Spark's words that mean exactly the same.

A number is a ``DECIMAL`` as in DuckDB: the session is set so that two of them meet in one that keeps all places, and
that what does not fit is an error (``SETTINGS``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from tallystick.engine.elsewhere.dialects.script import Dialect

_TYPES = {
    "VARCHAR": "STRING",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "TIMESTAMPTZ": "TIMESTAMP_LTZ",
    "TINYINT": "TINYINT",
    "SMALLINT": "SMALLINT",
    "INTEGER": "INT",
    "BIGINT": "BIGINT",
    "DOUBLE": "DOUBLE",
}

SETTINGS = {
    # What does not fit its type is an error, never missing, and never the digits that fit.
    "spark.sql.ansi.enabled": "true",
    # A product keeps all its places, and where two kinds of DECIMAL meet, it is digits before the point that lack room.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.legacy.decimal.retainFractionDigitsOnTruncate": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    # A text of a rulebook is never looked through for names of settings.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.legacy.consecutiveStringLiterals.enabled": "false",
}
"""The settings of a session on which the meaning of what is written rests."""
EXACT = (
    "common_log",
    "complementary_error",
    "exponential",
    "long_product",
    "long_quotient",
    "natural_log",
    "quotient",
    "square_root",
    "whole_quotient",
)
"""The functions that are worked out in decimals by a function of ours in Spark (``spark/functions.py``)."""


def _ours(name: str, *operands: str) -> str:
    return f"{name}({', '.join(operands)})"


def _date_trunc(day: str, unit: str) -> str | None:
    match unit:
        case "month":
            return f"trunc({day}, 'MONTH')"
        case "hour":
            return f"CAST(date_trunc('HOUR', {day}) AS TIMESTAMP_NTZ)"
        case _:
            return None


_FUNCTIONS: dict[str, Callable[..., str | None]] = {
    # INVARIANT: of whole numbers of 64 bits alone: of wider ones `div` gives the lowest 64 bits, in silence.
    "//": "({} div {})".format,
    "abs": "abs({})".format,
    "bytes": "octet_length({})".format,
    "ceil": "ceil({})".format,
    "contains": "contains({}, {})".format,
    "date_trunc": _date_trunc,
    "day": "day({})".format,
    "ends_with": "endswith({}, {})".format,
    "epoch_us": "unix_micros(CAST({} AS TIMESTAMP_LTZ))".format,
    "floor": "floor({})".format,
    "from hex": "conv({}, 16, 10)".format,
    "month": "month({})".format,
    "round": "round({})".format,
    "sha256": "sha2({}, 256)".format,
    "starts_with": "startswith({}, {})".format,
    "to_seconds": "make_dt_interval(0, 0, 0, {})".format,
    "translate": "translate({}, {}, {})".format,
    "try *": "try_multiply({}, {})".format,
    "try +": "try_add({}, {})".format,
    "try -": "try_subtract({}, {})".format,
    "try cast": "TRY_{}".format,
    "without zeros": "regexp_replace(CAST({} AS STRING), '[.]?0+$', '')".format,
    "year": "year({})".format,
    **{name: partial(_ours, name) for name in EXACT},
}


def quote_name(name: str) -> str:
    """Return a name as Spark reads it."""
    return "`" + name.replace("`", "``") + "`"


def quote_text(text: str) -> str:
    r"""Return a text as a literal on one line: ``\`` begins an escape there, and lines of a query are moved about."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + escaped.replace("\n", "\\n").replace("\r", "\\r") + "'"


def _cast(value: str, to: str, sizes: tuple[int, ...]) -> str:
    if to == "DECIMAL":
        return f"CAST({value} AS DECIMAL({', '.join(map(str, sizes))}))"
    return f"CAST({value} AS {_TYPES[to]})"


def _let(bindings: Mapping[str, str], name: str, body: str) -> str:
    """Bind values as the parts of one object, of which a list is made, since only a list can be gone through."""
    bound = ", ".join(f"{quote_text(each)}, {value}" for each, value in bindings.items())
    return f"transform(array(named_struct({bound})), {quote_name(name)} -> {body})[0]"


def _pick_by(value: str, order: Sequence[str]) -> str:
    return f"max_by({value}, struct({', '.join(order)})) FILTER (WHERE {value} IS NOT NULL)"


SPARK = Dialect(
    title="Spark",
    extra="spark",
    nulls_last=False,
    name=quote_name,
    text=quote_text,
    cast=_cast,
    functions=_FUNCTIONS,
    let=_let,
    pick_by=_pick_by,
)
"""Spark 4: the first that keeps all places where two kinds of ``DECIMAL`` meet."""
