"""Takes records taken in elsewhere; gives the query for how many each day has and the sum of their digests, which is
worked out there as ``record_digest`` does it here, so that a copy can be held against a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tallystick.engine.elsewhere.cells import CellWords
from tallystick.engine.intake.cells import sql_type
from tallystick.engine.record_digest import PART, PARTS
from tallystick.rules.rulebook import Field
from tallystick.rules.value import NumberType, TimeType

Day = tuple[date, int, tuple[int, ...]]
"""A day, how many records it has, and the sums of the parts of their digests."""


def query_by_day(words: CellWords, fields: Sequence[Field], relation: str) -> str:
    """Return the query for the days of a relation, in order."""
    dialect = words.dialect
    day, sha256 = dialect.cast(dialect.name("at"), "DATE", ()), dialect.name("sha256")
    record = " || ".join(_written(words, field) for field in fields)
    parts = [f"substring({sha256}, {1 + place * PART}, {PART})" for place in range(PARTS)]
    sums = ", ".join(f"sum({dialect.cast(dialect.call('from hex', [part]), 'DECIMAL', (38, 0))})" for part in parts)
    return (
        f"SELECT day, count(*), {sums}\nFROM (\n"
        f"    SELECT {day} AS day, {dialect.call('sha256', [record])} AS {sha256}\n    FROM {dialect.name(relation)}\n"
        ") AS of_each GROUP BY day ORDER BY day"
    )


def _written(words: CellWords, field: Field) -> str:
    """Write a field as ``record_digest`` does: its length in bytes and its text."""
    dialect = words.dialect
    value = words.cast(dialect.name(field.name), sql_type(field))
    match field.type:
        case NumberType(places=places) if places > 0:
            text = dialect.call("without zeros", [value])
        case TimeType():
            text = dialect.cast(dialect.call("epoch_us", [value]), "VARCHAR", ())
        case _:
            text = dialect.cast(value, "VARCHAR", ())
    length = dialect.cast(dialect.call("bytes", [text]), "VARCHAR", ())
    return f"coalesce({length} || ':' || {text}, '-')"
