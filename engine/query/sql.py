"""Takes names, texts and values that others wrote; gives them quoted, the only way in which they become part of a
query."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import assert_never

from tallystick.rules.decimals import plainly
from tallystick.rules.value import Scalar


def quote_name(name: str) -> str:
    """Return a name as SQL: of a table or a column."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Return a text as an SQL literal, on one line: lines are moved to the right as queries are put together."""
    quoted = text.replace("'", "''")
    return f"'{quoted}'" if "\n" not in text else "E'" + quoted.replace("\\", "\\\\").replace("\n", "\\n") + "'"


def quote_target(path: Path) -> str:
    """Return the name of a file as ``COPY … TO`` takes it: an escape would stand in the name as it is written."""
    return "'" + str(path).replace("'", "''") + "'"


def quote_comment(text: str) -> str:
    """Return a text as one line of an SQL comment; nothing in it can end the line."""
    return "-- " + " ".join(text.split())


def quote_number(number: Decimal) -> str:
    """Return a number as an exact decimal literal: DuckDB reads digits with a point as ``DECIMAL``, never as a float.

    A whole number ends in a point, since without one it would be an ``INTEGER``, whose sums can overflow.
    """
    text = plainly(number)
    return text if "." in text else text + "."


def quote_value(value: Scalar) -> str:
    """Return a value as an SQL literal."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return quote_number(value)
        case str():
            return quote_text(value)
        case datetime():
            moment = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
            return f"TIMESTAMP '{moment.isoformat(sep=' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case _:
            assert_never(value)


def added(terms: list[str]) -> str:
    """Return the sum of some terms, nested no deeper than it must be: the database takes only so deep an expression."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return f"({added(terms[:half])} + {added(terms[half:])})"


def indented(text: str, blanks: int = 4) -> str:
    """Return a text with every line moved to the right."""
    return "\n".join(" " * blanks + line if line else line for line in text.split("\n"))


def listed(columns: list[str]) -> str:
    """Return the columns of a query, one to a line."""
    return indented(",\n".join(columns))


def lined(parts: list[str]) -> str:
    """Return the parts of an expression, one to a line."""
    return indented("\n".join(parts))
