"""Takes a file of records; gives its columns and its first rows as text, to propose from. Nothing of it is scored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, assert_never

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.intake.cells import as_text, native_of
from tallystick.engine.intake.csv_rows import Cells, CsvReader, Damaged
from tallystick.engine.intake.json_rows import (
    NOT_AN_OBJECT,
    Json,
    UnreadableJsonError,
    decoded,
    is_unicode,
    refuse_a_list,
)
from tallystick.engine.intake.lines import Lines
from tallystick.engine.intake.native import parquet_columns
from tallystick.engine.intake.sources import CatalogInput, FrameInput, ParquetInput, TableInput, TextInput, inputs_of
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import DataRefusal, UsageRefusal

T = TypeVar("T")

ROWS = 20_000
"""A proposal needs no more rows than this, those that cannot be read among them."""
_CHARACTERS = 4_000_000
"""Nor more characters and cells than this, however long a row is."""
_CELL = 200


class Glimpse(Struct, frozen=True):
    """Columns (dotted paths where objects are nested) and rows; a cell of None was empty, null or absent."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    unread: tuple[tuple[int, str], ...] = ()
    """The lines among them that cannot be read, and why."""
    more: bool = False
    """Whether there are rows that were not looked at: behind these, or in other files of the folder."""

    def column(self, name: str) -> tuple[str | None, ...]:
        """Return a column's cells."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)


def glimpse(path: str) -> Glimpse:
    """Read the first rows of a file, or of the first file of a folder; raises ``DataRefusal`` if there are none."""
    first, *others = inputs_of(path, "records").inputs
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
        notes = tuple(f"line {line} cannot be read: {why}" for line, why in found.unread[:1])
        raise DataRefusal(message, notes=notes, help="name a file with rows, or leave `--from` out")
    return replace(found, more=found.more or bool(others))


def _text(file: TextInput) -> Glimpse:
    """Take the first rows as they are read to be scored, so that no proposal is made of what cannot be."""
    lines = Lines(file)
    try:
        if file.format == "jsonl":
            return _json(file.name, lines)
        reader = CsvReader(lines, "\t" if file.format == "tsv" else ",")
        seen, more = _first(reader.rows(), _size)
        rows = tuple(tuple(map(_cell, row.cells)) for row in seen if isinstance(row, Cells))
        unread = tuple((row.line, row.reason) for row in seen if isinstance(row, Damaged))
        return Glimpse(file.name, tuple(reader.header), rows, unread, more)
    finally:
        lines.close()


def _size(row: Cells | Damaged) -> int:
    """Return how much a row holds: cells with nothing in them take room, too."""
    return sum(map(len, row.cells)) + len(row.cells) if isinstance(row, Cells) else len(row.value)


def _json(name: str, lines: Lines) -> Glimpse:
    flat: list[dict[str, str | None]] = []
    unread: list[tuple[int, str]] = []
    full = (line for line in iter(lines.next, None) if line.text and not line.text.isspace())
    seen, more = _first(full, lambda line: len(line.text))
    for line in seen[:1]:
        refuse_a_list(name, line)
    for line in seen:
        try:
            document = None if line.damage else decoded(line.text)
        except UnreadableJsonError as error:
            unread.append((line.number, str(error)))
            continue
        if isinstance(document, dict):
            flat.append(dict(_flat(document)))
        else:
            unread.append((line.number, line.damage or NOT_AN_OBJECT))
    columns = tuple(dict.fromkeys(column for row in flat for column in row))
    rows = tuple(tuple(row.get(column) for column in columns) for row in flat)
    return Glimpse(name, columns, rows, tuple(unread), more)


def _flat(document: dict[str, Json], above: str = "", depth: int = 4) -> Iterator[tuple[str, str | None]]:
    """Give the dotted path and the text of every plain value; lists and text that is no Unicode are left out, as
    nothing can be read from them."""
    for key, value in document.items():
        path = f"{above}{key}"
        if not is_unicode([path]):
            continue
        match value:
            case dict() if depth > 1:
                yield from _flat(value, f"{path}.", depth - 1)
            case None:
                yield path, None
            case bool():
                yield path, "true" if value else "false"
            case str() if is_unicode([value]):
                yield path, _cell(value)


def _parquet(file: ParquetInput) -> Glimpse:
    import duckdb  # noqa: PLC0415

    with duckdb.connect() as connection:
        try:
            # As in scoring, the names of folders give no columns.
            table = f"read_parquet({quote_text(str(file.path))}, hive_partitioning = false)"
            columns = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
            texts = ", ".join(as_text(native_of(type_), quote_name(name)) for name, type_, *_ in columns)
            rows = connection.execute(f"SELECT {texts} FROM {table} LIMIT {ROWS + 1}").fetchall()
            names = parquet_columns(connection, file.path)
        except duckdb.Error as error:
            message = f"`{file.name}` cannot be read as Parquet"
            raise DataRefusal(message, help="fetch or write the file again") from error
    first = tuple(tuple(map(_cell, row)) for row in rows[:ROWS])
    return Glimpse(file.name, names, first, more=len(rows) > ROWS)


def _cell(text: str | None) -> str | None:
    return None if text is None or text == "" else text[:_CELL]


def _first(rows: Iterable[T], size: Callable[[T], int]) -> tuple[tuple[T, ...], bool]:
    """Return the first rows, as many as are looked at, and whether others follow."""
    seen: list[T] = []
    characters = 0
    for row in rows:
        characters += size(row)
        if len(seen) == ROWS or characters > _CHARACTERS:
            return tuple(seen), True
        seen.append(row)
    return tuple(seen), False
