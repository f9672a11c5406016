"""Takes the odd texts of columns and the hours of local clocks; gives tables of what each means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from tallystick.engine.intake.batch import Column, insert_batch
from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.reading import Rejected, read_cell, written
from tallystick.engine.intake.shape import Shape
from tallystick.engine.intake.table import BATCH, Wanted
from tallystick.engine.query.sql import quote_name
from tallystick.rules.rulebook import Field
from tallystick.rules.value import TimeType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_Value = TypeVar("_Value", str, datetime)
_MICROSECOND = timedelta(microseconds=1)


def fill_hours(connection: DuckDBPyConnection, role: str, shapes: list[Shape], wanted: tuple[Wanted, ...]) -> None:
    """Make, for each field whose times are those of a zone's clocks, the table of how far ahead they are in each hour.

    An hour in which the clocks are put forward or back has no row; its times are left to ``read_cell``.
    """
    for place, each in enumerate(wanted):
        if isinstance(each.field.type, TimeType) and each.field.type.zone is not None:
            queries = [query for shape in shapes if (query := shape.local(place)) is not None]
            make_hours(connection, f"{role} hours {place}", queries, ZoneInfo(each.field.type.zone))


def make_hours(connection: DuckDBPyConnection, table: str, queries: Sequence[str], zone: ZoneInfo) -> None:
    """Make the table of how far ahead a zone's clocks are in each of the hours that queries give."""
    connection.execute(f"CREATE TABLE {quote_name(table)} (hour TIMESTAMP, ahead BIGINT)")
    if not queries:
        return
    for hours in _batches(connection, " UNION ".join(queries), datetime):
        known = [(hour, ahead) for hour in hours if (ahead := ahead_in(hour, zone)) is not None]
        columns: dict[str, Column] = {
            "hour": ("datetime64[us]", [hour for hour, _ in known]),
            "ahead": ("int64", [ahead for _, ahead in known]),
        }
        insert_batch(connection, table, columns)


def fill_odd(
    connection: DuckDBPyConnection, role: str, shapes: list[Shape], wanted: tuple[Wanted, ...], places: list[int]
) -> None:
    """Make, for each of these fields, the table of what its odd texts mean, or why they cannot be read."""
    for place in places:
        queries = [shape.odd(place) for shape in shapes]
        make_meanings(connection, f"{role} odd {place}", queries, wanted[place].field)


def make_meanings(connection: DuckDBPyConnection, table: str, queries: Sequence[str], field: Field) -> None:
    """Make the table of what each of the texts means for a field that queries give, or why it cannot be read."""
    connection.execute(f"CREATE TABLE {quote_name(table)} (text VARCHAR, value {sql_type(field)}, reason VARCHAR)")
    for texts in _batches(connection, " UNION ".join(queries), str):
        meanings = [_meaning(field, text) for text in texts]
        columns: dict[str, Column] = {
            "text": ("object", texts),
            "value": ("object", [value for value, _ in meanings]),
            "reason": ("object", [reason for _, reason in meanings]),
        }
        select = ("text", f"CAST(value AS {sql_type(field)})", "CAST(reason AS VARCHAR)")
        insert_batch(connection, table, columns, select)


def _meaning(field: Field, text: str) -> tuple[str | None, str | None]:
    """Return the value of a text, written as SQL casts it, and the reason why there is none."""
    value = read_cell(field, text)
    if isinstance(value, Rejected):
        return None, value.reason
    shown = written(value)
    return (shown.removesuffix("Z") if isinstance(value, datetime) and shown is not None else shown), None


def ahead_in(hour: datetime, zone: ZoneInfo) -> int | None:
    """Return how many microseconds a zone's clocks are ahead of UTC in a whole hour of theirs; None if that changes."""
    ends = (hour, hour + timedelta(hours=1) - _MICROSECOND)
    offsets = {end.replace(tzinfo=zone, fold=fold).utcoffset() for end in ends for fold in (0, 1)}
    (offset, *others) = offsets
    return None if others or offset is None else offset // _MICROSECOND


def _batches(connection: DuckDBPyConnection, query: str, _of: type[_Value]) -> Iterator[list[_Value]]:
    # Kept first: a cursor is another connection, which sees no frame, and this one cannot read and write at once.
    connection.execute(f"CREATE TABLE lookup AS {query}")
    result = connection.cursor().execute("SELECT * FROM lookup")
    while rows := result.fetchmany(BATCH):
        yield [value for (value,) in rows if value is not None]
    connection.execute("DROP TABLE lookup")
