"""Takes the odd texts of columns and the hours of local clocks; gives tables of what each means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from tallystick.engine.intake_cells import sql_type
from tallystick.engine.intake_shape import Shape
from tallystick.engine.intake_table import BATCH, Wanted
from tallystick.engine.reading import Rejected, read_cell, written
from tallystick.engine.sql import quote_name
from tallystick.rules.rulebook import Field, TimeType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class HasOdd(Protocol):
    """Rows in which texts stand that are not plainly written."""

    def odd(self, place: int) -> str:
        """Return a query for the different ones of them in the column of a field."""


_Value = TypeVar("_Value", str, datetime)
_MICROSECOND = timedelta(microseconds=1)


def fill_hours(connection: DuckDBPyConnection, role: str, shapes: list[Shape], wanted: tuple[Wanted, ...]) -> None:
    """Make, for each field whose times are those of a zone's clocks, the table of how far ahead they are in each hour.

    An hour in which the clocks are put forward or back has no row; its times are left to ``read_cell``.
    """
    for place, each in enumerate(wanted):
        if not isinstance(each.field.type, TimeType) or each.field.type.zone is None:
            continue
        hours = quote_name(f"{role} hours {place}")
        connection.execute(f"CREATE TABLE {hours} (hour TIMESTAMP, ahead BIGINT)")
        queries = [query for shape in shapes if (query := shape.local(place)) is not None]
        if not queries:
            continue
        zone = ZoneInfo(each.field.type.zone)
        for texts in _batches(connection, " UNION ".join(queries), datetime):
            known = [(hour, ahead) for hour in texts if (ahead := ahead_in(hour, zone)) is not None]
            columns = {
                "hour": np.array([hour for hour, _ in known], dtype="datetime64[us]"),
                "ahead": np.array([ahead for _, ahead in known], dtype=np.int64),
            }
            _insert(connection, hours, columns, "hour, ahead")


def fill_odd(
    connection: DuckDBPyConnection, role: str, shapes: Sequence[HasOdd], wanted: tuple[Wanted, ...], places: list[int]
) -> None:
    """Make, for each of these fields, the table of what its odd texts mean, or why they cannot be read."""
    for place in places:
        field = wanted[place].field
        odd = quote_name(f"{role} odd {place}")
        connection.execute(f"CREATE TABLE {odd} (text VARCHAR, value {sql_type(field)}, reason VARCHAR)")
        for texts in _batches(connection, " UNION ".join(shape.odd(place) for shape in shapes), str):
            meanings = [_meaning(field, text) for text in texts]
            columns = {
                "text": np.array(texts, dtype=object),
                "value": np.array([value for value, _ in meanings], dtype=object),
                "reason": np.array([reason for _, reason in meanings], dtype=object),
            }
            _insert(connection, odd, columns, f"text, CAST(value AS {sql_type(field)}), CAST(reason AS VARCHAR)")


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


def _insert(connection: DuckDBPyConnection, table: str, columns: dict[str, np.ndarray], select: str) -> None:
    connection.register("batch", columns)
    connection.execute(f"INSERT INTO {table} SELECT {select} FROM batch")
    connection.unregister("batch")
