"""Takes functions, types and names of the compiled query; gives Spark's words that mean exactly the same.

A number is a ``DECIMAL`` as in DuckDB: the session is set so that two of them meet in one that keeps all places, and
that what does not fit is an error (``SETTINGS``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_TYPES = {
    "VARCHAR": "STRING",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP_NTZ",
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
)
"""The functions that are worked out in decimals by a function of ours in Spark (``spark_functions``)."""

_FUNCTIONS: dict[str, Callable[..., str | None]] = {
    # INVARIANT: of whole numbers of 64 bits alone: of wider ones `div` gives the lowest 64 bits, in silence.
    "//": "({} div {})".format,
    "abs": "abs({})".format,
    "ceil": "ceil({})".format,
    "contains": "contains({}, {})".format,
    "date_trunc": lambda day, unit: f"trunc({day}, '{unit.upper()}')" if unit == "month" else None,
    "day": "day({})".format,
    "ends_with": "endswith({}, {})".format,
    "epoch_us": "unix_micros(CAST({} AS TIMESTAMP_LTZ))".format,
    "floor": "floor({})".format,
    "month": "month({})".format,
    "round": "round({})".format,
    "starts_with": "startswith({}, {})".format,
    "to_seconds": "make_dt_interval(0, 0, 0, {})".format,
    "translate": "translate({}, {}, {})".format,
    "try *": "try_multiply({}, {})".format,
    "try +": "try_add({}, {})".format,
    "try -": "try_subtract({}, {})".format,
    "try cast": "TRY_{}".format,
    "year": "year({})".format,
}


def quote_name(name: str) -> str:
    """Return a name as Spark reads it."""
    return "`" + name.replace("`", "``") + "`"


def quote_text(text: str) -> str:
    r"""Return a text as a literal on one line: ``\`` begins an escape there, and lines of a query are moved about."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + escaped.replace("\n", "\\n").replace("\r", "\\r") + "'"


@dataclass(frozen=True, slots=True)
class Spark:
    """Spark 4: the first that keeps all places where two kinds of ``DECIMAL`` meet."""

    @property
    def title(self) -> str:
        """What the database is called."""
        return "Spark"

    @property
    def nulls_last(self) -> bool:
        """What is missing comes first in an ascending order."""
        return False

    def name(self, name: str) -> str:
        """Return a name, quoted."""
        return quote_name(name)

    def text(self, text: str) -> str:
        """Return a text as a literal."""
        return quote_text(text)

    def cast(self, value: str, to: str, sizes: tuple[int, ...]) -> str:
        """Return a value as another type."""
        if to == "DECIMAL":
            return f"CAST({value} AS DECIMAL({', '.join(map(str, sizes))}))"
        return f"CAST({value} AS {_TYPES[to]})"

    def function(self, name: str, operands: Sequence[str]) -> str | None:
        """Return the call of a function or macro."""
        if name in EXACT:
            return f"{name}({', '.join(operands)})"
        found = _FUNCTIONS.get(name)
        return None if found is None else found(*operands)

    def let(self, bindings: Mapping[str, str], name: str, body: str) -> str:
        """Bind values as the parts of one object, of which a list is made, since only a list can be gone through."""
        bound = ", ".join(f"{quote_text(each)}, {value}" for each, value in bindings.items())
        return f"transform(array(named_struct({bound})), {quote_name(name)} -> {body})[0]"

    def pick_by(self, value: str, order: Sequence[str]) -> str:
        """Pick the value that comes last."""
        return f"max_by({value}, struct({', '.join(order)})) FILTER (WHERE {value} IS NOT NULL)"

    def last_before(self, source: str, alias: str, key: str, other: str) -> None:
        """Have no words of its own: there are few rows, and they are sent to where the others are."""
