"""Takes the accepted records; gives a digest of each day's, which depends on neither their order nor their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick.engine.intake.rows import Relation
from tallystick.engine.query.sql import quote_name
from tallystick.rules.rulebook import Field
from tallystick.rules.value import NumberType, TimeType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tallystick.engine.elsewhere.part import Elsewhere
    from tallystick.engine.receipt import DayDigest

PARTS = 8
PART = 8
"""Each part is so many hexadecimal digits."""
_MODULUS = 2**64


def record_digest(connection: DuckDBPyConnection, records: Relation) -> tuple[DayDigest, ...]:
    """Return the digest of every day that has records, in order.

    A record is the texts of its declared fields in their order, each with its length in bytes before it (``3:ada``),
    ``-`` for a missing one; a time is its microseconds since 1970, a number has no zeros at its end.
    """
    from tallystick.engine.receipt import DayDigest  # noqa: PLC0415  it loads pydantic

    record = " || ".join(_written(field) for field in records.fields)
    parts = ", ".join(
        f"sum(CAST('0x' || sha256[{1 + place * PART}:{(place + 1) * PART}] AS UBIGINT)) % {_MODULUS}"
        for place in range(PARTS)
    )
    result = connection.cursor().execute(
        f'SELECT day, count(*), {parts} FROM (SELECT CAST("at" AS DATE) AS day, sha256({record}) AS sha256 '
        f"FROM ({records.select})) GROUP BY day ORDER BY day"
    )
    return tuple(
        DayDigest(day=day, records=count, sum=tuple(str(part) for part in sums))
        for day, count, *sums in result.fetchall()
    )


def record_digest_there(records: Elsewhere) -> tuple[DayDigest, ...]:
    """Return the same of records that lie elsewhere, as they were read: it is worked out there."""
    from tallystick.engine.receipt import DayDigest  # noqa: PLC0415  it loads pydantic

    return tuple(
        DayDigest(day=day, records=count, sum=tuple(str(part % _MODULUS) for part in sums))
        for day, count, sums in records.by_day()
    )


def _written(field: Field) -> str:
    name = quote_name(field.name)
    match field.type:
        case NumberType(places=places):
            text = f"CAST({name} AS VARCHAR)"
            text = f"regexp_replace({text}, '[.]?0+$', '')" if places > 0 else text
        case TimeType():
            text = f"CAST(epoch_us({name}) AS VARCHAR)"
        case _:
            text = f"CAST({name} AS VARCHAR)"
    return f"coalesce(strlen({text}) || ':' || {text}, '-')"
