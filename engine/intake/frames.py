"""Takes an Arrow table, a pandas or a polars frame; gives its wanted columns, with one more that numbers its rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from msgspec import Struct

from tallystick.engine.intake import reasons
from tallystick.engine.refusals import UsageRefusal

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

ROW = "#row"
"""The column that numbers rows, from 0; no field can be called so."""
_NESTED = (dict, list, tuple, set, frozenset, bytes)

_UNREAD = {"decimal256": "decimal128, which has 38 digits", "halffloat": "float"}
"""Types of Arrow that the database does not read, and what holds the same."""
_MILLISECONDS: Final = 1000
_COARSE = {"timestamp[s": 1, "timestamp[ms": _MILLISECONDS, "datetime64[s": 1, "datetime64[ms": _MILLISECONDS}
"""How many of a type of moments with a zone are a second, by how its name begins."""
_MOST_MICROSECONDS: Final = 2**63 - 2
_START = datetime(1970, 1, 1)  # noqa: DTZ001  the text says that it is UTC


class Numbered(Struct, frozen=True):
    """A frame that DuckDB can read, how many rows it has and what all the columns of the original are called."""

    frame: object
    rows: int
    columns: tuple[str, ...]


def number_rows(frame: object, name: str, wanted: set[str]) -> Numbered:
    """Return the wanted columns and the column ``#row``; raises ``UsageRefusal`` for a frame that cannot be read."""
    try:
        match type(frame).__module__.split(".")[0]:
            case "pandas":
                numbered = _pandas(cast("pd.DataFrame", frame), name, wanted)
            case "polars":
                numbered = _polars(cast("pl.DataFrame", frame), wanted)
            case _:
                numbered = _arrow(cast("pa.Table | pa.RecordBatch", frame), name, wanted)
    except ImportError as error:
        message = f"`{name}` cannot be read without the library {error.name}"
        raise UsageRefusal(message, help=f"pip install {error.name}") from error
    _refuse_alike([column for column in numbered.columns if column in wanted], name)
    return numbered


def _arrow(batch: pa.Table | pa.RecordBatch, name: str, wanted: set[str]) -> Numbered:
    import numpy as np  # noqa: PLC0415  it takes a tenth of a second
    import pyarrow as pa  # noqa: PLC0415  whoever gives one of its tables has it
    import pyarrow.compute as pc  # noqa: PLC0415

    table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
    columns = tuple(table.column_names)
    refuse_twice(columns, name, wanted)
    kept = table.select([column for column in columns if column in wanted])
    for field in kept.schema:
        _refuse_unread(str(field.type), field.name, name)
    for place, field in enumerate(kept.schema):
        per_second = _COARSE.get(str(field.type).partition(", ")[0])
        if per_second is not None:
            numbers = kept.column(place).cast(pa.int64())
            ends = pc.min_max(numbers)
            if _are_beyond((ends["min"].as_py(), ends["max"].as_py()), per_second):
                texts = pa.array(_texts(numbers.to_pylist(), per_second), pa.string())
                kept = kept.set_column(place, field.name, texts)
    rows = pa.array(np.arange(len(table), dtype=np.int64))
    return Numbered(kept.append_column(ROW, rows), len(table), columns)


def _polars(frame: pl.DataFrame, wanted: set[str]) -> Numbered:
    columns = tuple(frame.columns)
    kept = frame.select([column for column in columns if column in wanted])
    for name, kind in kept.schema.items():
        if getattr(kind, "time_unit", None) == "ms" and getattr(kind, "time_zone", None) is not None:
            numbers = kept[name].to_physical()
            if _are_beyond((numbers.min(), numbers.max()), _MILLISECONDS):
                kept = kept.with_columns(type(numbers)(name, _texts(numbers.to_list(), _MILLISECONDS)))
    return Numbered(kept.with_row_index(ROW), len(frame), columns)


def _pandas(frame: pd.DataFrame, name: str, wanted: set[str]) -> Numbered:
    import numpy as np  # noqa: PLC0415  it takes a tenth of a second

    columns = tuple(str(column) for column in frame.columns)
    refuse_twice(columns, name, wanted)
    kept = frame[[column for column in frame.columns if column in wanted]].copy(deep=False)
    nested = (*_NESTED, np.ndarray)
    for column in kept.columns:
        series = kept[column]
        _refuse_unread(str(series.dtype), column, name)
        if series.dtype == object and any(isinstance(value, nested) for value in series):
            message = f"column `{column}` of `{name}` holds lists, objects or bytes"
            raise UsageRefusal(message, help="a field is read from texts, numbers, yes/no, dates or times")
        if _is_finer(series):
            kept[column] = series.map(_in_full, na_action="ignore").astype("string")
        per_second = _COARSE.get(str(series.dtype).partition(", ")[0])
        if per_second is not None:
            present = series.dropna().astype("int64")
            if len(present) and _are_beyond((int(present.min()), int(present.max())), per_second):
                texts = type(series)(_texts(present.tolist(), per_second), index=present.index, dtype="string")
                kept[column] = texts.reindex(series.index)
    kept[ROW] = np.arange(len(frame), dtype=np.int64)
    return Numbered(kept, len(frame), columns)


def _is_finer(series: pd.Series[Any]) -> bool:
    """Whether moments with a zone have digits behind the millionth of a second, which the database would leave out."""
    if series.dtype == object:
        return any(getattr(each, "nanosecond", 0) for each in series)
    return str(series.dtype).startswith("datetime64[ns, ") and bool(series.dt.nanosecond.any())


def _in_full(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _are_beyond(ends: tuple[Any, Any], per_second: int) -> bool:
    """Whether the least or the greatest of moments is one that 64 bits of microseconds do not hold, at which the
    database would stop."""
    return any(end is not None and abs(end) > _MOST_MICROSECONDS * per_second // 1_000_000 for end in ends)


def _texts(numbers: list[int | None], per_second: int) -> list[str | None]:
    """Return moments with a zone as the database writes them; one beyond the calendar as that."""
    return [None if each is None else _text(each, per_second) for each in numbers]


def _text(number: int, per_second: int) -> str:
    try:
        moment = _START + timedelta(seconds=number // per_second, milliseconds=number % per_second)
    except OverflowError:
        return reasons.BEYOND_TEXT
    text = moment.isoformat(" ")
    return (text.rstrip("0") if "." in text else text) + "Z"


def _refuse_unread(kind: str, column: str, name: str) -> None:
    """Refuse a column of a type of Arrow that the database does not read, also where it lies in another."""
    unread = next((each for each in _UNREAD if each in kind), None)
    if unread is not None:
        message = f"column `{column}` of `{name}` holds values of the type {kind.removesuffix('[pyarrow]')}"
        raise UsageRefusal(message, help=f"give it as {_UNREAD[unread]}")


def refuse_twice(columns: tuple[str, ...], name: str, wanted: set[str]) -> None:
    """Refuse a wanted column that is there twice, since nobody can tell which is meant."""
    twice = next((column for column in columns if column in wanted and columns.count(column) > 1), None)
    if twice is not None:
        message = f"`{name}` has two columns called `{twice}`"
        raise UsageRefusal(message, help="give each column a name of its own")


def _refuse_alike(columns: list[str], name: str) -> None:
    """Refuse wanted columns that differ by case alone: of two such, the database reads the first for both."""
    seen: dict[str, str] = {}
    for column in columns:
        other = seen.setdefault(column.lower(), column)
        if other != column:
            message = f"`{name}` has two columns that differ by case alone: `{other}` and `{column}`"
            raise UsageRefusal(message, help="give each column a name of its own")
