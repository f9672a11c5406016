"""Takes a file of records; gives its columns and its first rows as text, to propose from. Nothing of it is scored."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar, assert_never, cast

from msgspec import Struct
from zstandard import ZstdDecompressor, ZstdError

from tallystick.engine.intake.sources import CatalogInput, FrameInput, ParquetInput, TableInput, TextInput, inputs_of
from tallystick.engine.refusals import DataRefusal, UsageRefusal

T = TypeVar("T")

ROWS = 20_000
"""A proposal needs no more rows than this."""
_BYTES = 4_000_000
_CELL = 200


class Glimpse(Struct, frozen=True):
    """Columns (dotted paths where objects are nested) and rows; a cell of None was empty, null or absent."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    def column(self, name: str) -> tuple[str | None, ...]:
        """Return a column's cells."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)


def glimpse(path: str) -> Glimpse:
    """Read the first rows of a file, or of the first file of a folder; raises ``DataRefusal`` if there are none."""
    first = inputs_of(path, "records").inputs[0]
    match first:
        case ParquetInput():
            found = _parquet(first)
        case TextInput(path=None) | FrameInput() | TableInput() | CatalogInput():
            message = "a proposal needs a file, not stdin"
            raise UsageRefusal(message)
        case TextInput():
            found = _text(first)
        case _:
            assert_never(first)
    if not found.rows:
        message = f"`{first.name}` holds no rows to propose from"
        raise DataRefusal(message, help="name a file with rows, or leave `--from` out")
    return found


def _text(file: TextInput) -> Glimpse:
    try:
        text = _start(file)
    except (EOFError, gzip.BadGzipFile, zlib.error, ZstdError) as error:
        message = f"`{file.name}` is damaged: {error}"
        raise DataRefusal(message, help="fetch the file again, or give it as it was before compression") from error
    except OSError as error:
        message = f"`{file.name}` cannot be read: {error.strerror or error}"
        raise UsageRefusal(message) from error
    if file.format == "jsonl":
        return _json(file.name, text)
    try:
        rows = list(_first(csv.reader(io.StringIO(text), delimiter="\t" if file.format == "tsv" else ",")))
    except csv.Error as error:
        message = f"`{file.name}` cannot be read: {error}"
        raise DataRefusal(message) from error
    if not rows:
        return Glimpse(file.name, (), ())
    heading = tuple(rows[0])
    full = (row for row in rows[1:] if len(row) == len(heading))
    return Glimpse(file.name, heading, tuple(tuple(_cell(cell) for cell in row) for row in full))


def _start(file: TextInput) -> str:
    """Return the whole lines among the first bytes of a file."""
    if file.path is None:
        return ""
    with file.path.open("rb") as raw:
        content = _opened(raw, file).read(_BYTES)
    text = content.decode("utf-8-sig", errors="ignore")
    return text if len(content) < _BYTES else text[: text.rfind("\n") + 1]


def _opened(raw: BinaryIO, file: TextInput) -> BinaryIO:
    match file.compression:
        case None:
            return raw
        case "gz":
            return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
        case "zst":
            return cast("BinaryIO", ZstdDecompressor().stream_reader(raw))
        case _:
            assert_never(file.compression)


def _json(name: str, text: str) -> Glimpse:
    flat: list[dict[str, str | None]] = []
    for line in _first(text.split("\n")):
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            flat.append(dict(_flat(document)))
    columns = tuple(dict.fromkeys(column for row in flat for column in row))
    return Glimpse(name, columns, tuple(tuple(row.get(column) for column in columns) for row in flat))


def _flat(document: dict[str, object], above: str = "", depth: int = 4) -> Iterator[tuple[str, str | None]]:
    """Give the dotted path and the text of every plain value; lists are left out, as nothing can be read from them."""
    for key, value in document.items():
        path = f"{above}{key}"
        match value:
            case dict() if depth > 1:
                yield from _flat(value, f"{path}.", depth - 1)
            case None:
                yield path, None
            case bool():
                yield path, "true" if value else "false"
            case str() | int() | float():
                yield path, _cell(str(value))


def _parquet(file: ParquetInput) -> Glimpse:
    import duckdb  # noqa: PLC0415

    with duckdb.connect() as connection:
        try:
            found = connection.execute(
                f"SELECT COLUMNS(*)::VARCHAR FROM (SELECT * FROM read_parquet(?) LIMIT {ROWS})",
                [str(Path(file.path))],
            )
            rows = found.fetchall()
        except duckdb.Error as error:
            message = f"`{file.name}` cannot be read as Parquet"
            raise DataRefusal(message, help="fetch or write the file again") from error
        columns = tuple(each[0] for each in found.description or ())
    return Glimpse(file.name, columns, tuple(tuple(_cell(cell) for cell in row) for row in rows))


def _cell(text: str | None) -> str | None:
    return None if text is None or text == "" else text[:_CELL]


def _first(rows: Iterable[T]) -> Iterator[T]:
    for number, row in enumerate(rows):
        if number > ROWS:
            return
        yield row
