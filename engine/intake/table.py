"""Takes text inputs; gives their rows in a table of text columns, and the damaged ones in that of rejected rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

from tallystick.engine.intake.batch import Column, insert_batch
from tallystick.engine.intake.behind import Behind
from tallystick.engine.intake.csv_rows import Cells, Columns, CsvReader, Damaged, damaged_lines
from tallystick.engine.intake.json_rows import json_rows
from tallystick.engine.intake.lines import Block, Lines, shown
from tallystick.engine.intake.sources import TextFormat, TextInput
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.rules.rulebook import Field

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 50_000
"""So many rows are held in Python at once."""
_FEW = 1_000
"""So many lines, or fewer, are taken apart in Python: to ask the database takes as long as a thousand of them."""
_Place: TypeAlias = tuple[int, int, int]
"""The number of a row, of its file and of its line."""

Progress: TypeAlias = Callable[[str, int], None]
"""Told what is being done and how many rows are done."""


class Wanted(Struct, frozen=True):
    """A field and the column, or dotted path, from which it is read; ``fixed``: nobody can give it another name;
    ``closed``: the input may have no other columns, since leaving one out unread would change what is meant."""

    field: Field
    column: str
    fixed: bool = False
    closed: bool = False


class FileRead(Struct, frozen=True):
    """What a file turned out to be: how many rows it has, its digest and size, and the optional columns it lacks."""

    name: str
    rows: int
    told: str | Future[str] | None
    size: int | None
    absent: tuple[str, ...]

    @property
    def sha256(self) -> str | None:
        """Its digest; that of a file which the database reads is waited for. Raises ``UsageRefusal``."""
        if not isinstance(self.told, Future):
            return self.told
        try:
            return self.told.result()
        except OSError as error:
            message = f"`{self.name}` cannot be read: {error.strerror}"
            raise UsageRefusal(message) from error


class TextTable(Struct, frozen=True):
    """The tables that text rows go to: ``texts`` (one column ``c0``, ``c1``, … per wanted field) and ``rejected``."""

    connection: DuckDBPyConnection
    texts: str
    rejected: str

    def create(self, columns: int) -> None:
        """Make both, empty."""
        cells = "".join(f", c{i} VARCHAR" for i in range(columns))
        self.connection.execute(
            f'CREATE TABLE {quote_name(self.texts)} ("#row" BIGINT, "#file" INTEGER, "#line" BIGINT{cells})'
        )
        self.connection.execute(
            f'CREATE TABLE {quote_name(self.rejected)} ("#row" BIGINT, "#file" INTEGER, "#line" BIGINT, '
            "field VARCHAR, reason VARCHAR, value VARCHAR)"
        )


def read_text(
    source: TextInput, wanted: tuple[Wanted, ...], storing: Storing, file: int, first_row: int, progress: Progress
) -> FileRead:
    """Read a file's rows, numbered from ``first_row``; they are all in the tables when ``storing`` is flushed.

    Raises ``UsageRefusal`` when a column is missing, ``DataRefusal`` when the file is not what its name says.
    """
    columns = tuple(each.column for each in wanted)
    lines = Lines(source)
    try:
        format_ = source.format if source.format is not None else _format(lines)
        absent: tuple[str, ...] = ()
        reader: CsvReader | None = None
        if format_ != "jsonl":
            reader = CsvReader(lines, "\t" if format_ == "tsv" else ",")
            absent = absent_columns(source.name, wanted, tuple(reader.header))
        closed = any(each.closed for each in wanted)
        rows = json_rows(lines, columns, closed=closed) if reader is None else reader.batches()
        progress(f"reading {source.name}", 0)
        storing.begin(file, first_row, None if reader is None else _Picking.of(reader, columns))
        for row in rows:
            if storing.add(row):
                progress(f"reading {source.name}", storing.next_row - first_row)
        sha256, size = lines.digest()
    finally:
        lines.close()
    return FileRead(source.name, storing.next_row - first_row, sha256, size, absent)


class _Picking(Struct, frozen=True):
    """Where the wanted cells stand in a row of a CSV file; None for a column that it does not have."""

    delimiter: str
    width: int
    places: tuple[int | None, ...]

    @classmethod
    def of(cls, reader: CsvReader, columns: tuple[str, ...]) -> _Picking:
        """Find the columns in the header."""
        header = reader.header
        places = tuple(header.index(column) if column in header else None for column in columns)
        return cls(reader.delimiter, len(header), places)

    def cells(self, cells: Sequence[str]) -> list[str]:
        """Return the wanted ones, in their order; an absent one is empty."""
        return [cells[place] if place is not None else "" for place in self.places]

    def columns(self, rows: Columns) -> Sequence[Sequence[str]]:
        """Return the same of many rows."""
        absent = ("",) * rows.lines
        return [rows.cells[place] if place is not None else absent for place in self.places]


class Storing(Struct):
    """Numbers the rows of files and puts them into the tables, batch by batch, behind the reading. Of small files, many
    are one batch."""

    into: TextTable
    behind: Behind
    file: int = 0
    next_row: int = 0
    picking: _Picking | None = None
    whole: list[tuple[_Place, Sequence[str]]] = field(default_factory=list)
    damaged: list[tuple[_Place, Sequence[str]]] = field(default_factory=list)

    def begin(self, file: int, first_row: int, picking: _Picking | None) -> None:
        """Go on with another file."""
        self.file, self.next_row, self.picking = file, first_row, picking

    def add(self, row: Cells | Damaged | Columns | Block) -> bool:
        """Take a row, or some in one go; say whether a batch goes into the tables."""
        match row:
            case Block() if row.lines > _FEW:
                self._take_block(row)
                return True
            case Columns() if row.lines > _FEW:
                self._take_columns(row)
                return True
            case Columns():
                for line, cells in enumerate(zip(*row.cells, strict=True), row.first):
                    self._take(line, cells)
            case Block():
                self._take_lines(row)
            case Cells():
                self._take(row.line, row.cells)
            case Damaged():
                self._take_damaged(row)
        if len(self.whole) < BATCH and len(self.damaged) < BATCH:
            return False
        self.flush()
        return True

    def flush(self) -> None:
        """Put what was taken row by row into the tables."""
        for table, rows in ((self.into.texts, self.whole), (self.into.rejected, self.damaged)):
            if rows:
                self.behind.do(partial(_insert_rows, table=table, rows=rows))
        self.whole, self.damaged = [], []

    def _take(self, line: int, cells: Sequence[str]) -> None:
        picked = cells if self.picking is None else self.picking.cells(cells)
        self.whole.append(((self.next_row, self.file, line), picked))
        self.next_row += 1

    def _take_damaged(self, row: Damaged) -> None:
        self.damaged.append(((self.next_row, self.file, row.line), ("", row.reason, row.value)))
        self.next_row += 1

    def _take_lines(self, block: Block) -> None:
        """Take a few lines without a quote, for which it is not worth while to ask the database."""
        picking = self.picking
        assert picking is not None  # noqa: S101  CSV alone comes in blocks
        damaged = dict(damaged_lines(block, picking.delimiter, picking.width))
        for place, line in enumerate(block.text.split("\n")):
            if place in damaged:
                self._take_damaged(damaged[place])
            else:
                self._take(block.first + place, line.removesuffix("\r").split(picking.delimiter))

    def _take_block(self, block: Block) -> None:
        """Take lines without a quote, and with something on each: they are cells and what divides them.

        The database takes them apart, much faster than Python.
        """
        picking, file, first = self.picking, self.file, self.next_row
        assert picking is not None  # noqa: S101  CSV alone comes in blocks
        cells = "".join(f", {'NULL' if place is None else f'cells[{place + 1}]'}" for place in picking.places)
        query = (
            f"INSERT INTO {quote_name(self.into.texts)} "
            f"SELECT {first} + number, {file}, {block.first} + number{cells} FROM (SELECT number, "
            "string_split(CASE WHEN ends_with(line, chr(13)) THEN line[:-2] ELSE line END, "
            f"{quote_text(picking.delimiter)}) AS cells FROM "
            "(SELECT generate_subscripts(lines, 1) - 1 AS number, unnest(lines) AS line "
            f"FROM (SELECT string_split($text, chr(10)) AS lines))) WHERE len(cells) = {picking.width}"
        )

        def insert(connection: DuckDBPyConnection) -> None:
            ((inserted,),) = connection.execute(query, {"text": block.text}).fetchall()
            if inserted < block.lines:
                damaged = damaged_lines(block, picking.delimiter, picking.width)
                told = (((first + place, file, row.line), ("", row.reason, row.value)) for place, row in damaged)
                while some := list(islice(told, BATCH)):
                    _insert_rows(connection, self.into.rejected, some)

        self.behind.do(insert)
        self.next_row += block.lines

    def _take_columns(self, rows: Columns) -> None:
        """Take rows that are columns already."""
        first, many = self.next_row, rows.lines
        places = [range(first, first + many), [self.file] * many, range(rows.first, rows.first + many)]
        cells = rows.cells if self.picking is None else self.picking.columns(rows)
        self.behind.do(partial(_insert, table=self.into.texts, places=places, texts=cells))
        self.next_row += many


def _insert_rows(connection: DuckDBPyConnection, table: str, rows: Sequence[tuple[_Place, Sequence[str]]]) -> None:
    places = list(zip(*(place for place, _ in rows), strict=True))
    _insert(connection, table, places, list(zip(*(cells for _, cells in rows), strict=True)))


def _insert(
    connection: DuckDBPyConnection, table: str, places: Sequence[Sequence[int]], texts: Sequence[Sequence[str]]
) -> None:
    """Add rows to a table, given column by column: their places (their numbers, files and lines) and their texts."""
    columns: dict[str, Column] = {
        name: ("int64", column) for name, column in zip(("row", "file", "line"), places, strict=True)
    }
    columns |= {f"t{place}": ("object", column) for place, column in enumerate(texts)}
    insert_batch(connection, table, columns, tuple(columns))


def _format(lines: Lines) -> TextFormat:
    """Tell the format of a stream without a name from its first line."""
    first = lines.next()
    if first is None:
        message = f"`{lines.name}` is empty"
        raise DataRefusal(message)
    lines.put_back([first])
    if first.text.startswith("PAR1"):
        message = "Parquet cannot be read from stdin"
        raise UsageRefusal(message, help="name the file")
    return "jsonl" if first.text.lstrip().startswith(("{", "[")) else "tsv" if "\t" in first.text else "csv"


def absent_columns(name: str, wanted: tuple[Wanted, ...], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the wanted columns that are not there; raises ``UsageRefusal`` for those that must be, and for any that
    must not."""
    _refuse_others(name, wanted, columns)
    absent = tuple(each for each in wanted if each.column not in columns)
    needed = [each for each in absent if not each.field.optional]
    if needed:
        words = ", ".join(
            f"`{each.column}`" if each.column == each.field.name else f"`{each.column}` (for `{each.field.name}`)"
            for each in needed
        )
        message = f"`{name}` has no column {words}"
        there = ", ".join(f"`{shown(each)}`" for each in columns[:40]) + (", …" if len(columns) > 40 else "")  # noqa: PLR2004
        raise UsageRefusal(
            message,
            notes=(f"it has {there}",),
            help="the columns of this file have fixed names; call them so"
            if any(each.fixed for each in needed)
            else 'name the right column with `from "…"` after the field, or in a mapping given with `--map FILE`',
        )
    return tuple(each.column for each in absent)


def _refuse_others(name: str, wanted: tuple[Wanted, ...], columns: tuple[str, ...]) -> None:
    """Refuse columns that mean nothing where every column has a meaning: one of them may be a slip of the pen."""
    known = [each.column for each in wanted]
    others = [column for column in columns if column not in known and any(each.closed for each in wanted)]
    if others:
        message = f"`{name}` has a column `{shown(others[0])}`, which means nothing here"
        raise UsageRefusal(message, help=f"its columns can be {', '.join(f'`{each}`' for each in known)}")
