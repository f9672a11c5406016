"""Takes Parquet files and frames; gives each as a query over its columns as they are, with every row numbered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from io import FileIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from tallystick.engine.intake.cells import Native, native_of
from tallystick.engine.intake.frames import ROW, number_rows, refuse_twice
from tallystick.engine.intake.sources import FrameInput, ParquetInput
from tallystick.engine.intake.table import FileRead, Wanted, absent_columns
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.workshop import Workshop, open_workshop

if TYPE_CHECKING:
    import duckdb

_OUR_LINK = re.compile(
    r"""(?:file )?["'][^"']*/tally-[^"'/]*/[^"']*["']|[^\s"']*/tally-[^\s"'/]*/[\w.-]*""", re.IGNORECASE
)
_LINKED = re.compile(r"/tally-[^/]*/([a-z]+)-[0-9]+\.parquet\b")
_MOST_ROWS: Final = 1_000
_ALWAYS_READ: Final = 1 << 27
"""So many rows are read of any file; of a few bytes, a file can say that they stand for rows without end."""
_NUMBER = "file_row_number"
_MOST_DIGITS = 38
"""What a decimal of the database has; one with more becomes a binary number there, without a word."""


class Part(Struct, frozen=True):
    """A query that gives ``#row``, ``#file``, ``#line`` and a column ``c0``, ``c1``, … of its native kind per field.

    ``lasting``: it can be asked again later; else its rows are kept in a table.
    """

    select: str
    natives: tuple[Native, ...]
    name: str
    lasting: bool


def parquet_part(
    source: ParquetInput, wanted: tuple[Wanted, ...], workshop: Workshop, link: str, file: int, first_row: int
) -> tuple[Part, FileRead]:
    """Return a Parquet file as a query straight over it; raises a refusal when it is damaged or lacks a column."""
    import duckdb  # noqa: PLC0415

    try:
        linked = workshop.show(source.path, f"{link}.parquet")
        size = linked.stat().st_size
        sha256 = digest_beside(source.path)
    except OSError as error:
        message = f"`{source.name}` cannot be read: {error.strerror}"
        raise UsageRefusal(message) from error
    file_sql = quote_text(str(linked))
    table = f"read_parquet({file_sql}, {_NUMBER} = true)"
    try:
        schema = tuple(_paths(workshop.connection, linked))
        columns = _outermost(schema)
        refuse_twice(columns, source.name, _named(wanted))
        if _NUMBER in map(str.lower, columns):
            message = f"`{source.name}` has a column called `{_NUMBER}`, as the database calls the numbers of rows"
            raise UsageRefusal(message, help="give it another name")
        wide = frozenset(".".join(path) for path, digits in schema if digits > _MOST_DIGITS)
        shown = _Table(source.name, table, _NUMBER, columns, wide, lasting=True)
        part, absent = _part(shown, wanted, workshop, file=file, first_row=first_row)
        ((rows,),) = workshop.connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        if rows > max(_ALWAYS_READ, _MOST_ROWS * size):
            message = f"`{source.name}` has more than {_MOST_ROWS:,} rows for each of its bytes, as records never do"
            raise DataRefusal(message, help="look at what is in it; give it as CSV if it is what you mean")
    except duckdb.Error as error:
        raise unreadable(source.name, error) from error
    return part, FileRead(source.name, int(rows), sha256, size, absent)


def parquet_columns(connection: duckdb.DuckDBPyConnection, file: Path) -> tuple[str, ...]:
    """Return a Parquet file's columns as it calls them: of two that differ by case alone, the database renames one."""
    return _outermost(_paths(connection, file))


def _outermost(schema: Iterable[tuple[tuple[str, ...], int]]) -> tuple[str, ...]:
    return tuple(path[0] for path, _ in schema if len(path) == 1)


def _paths(connection: duckdb.DuckDBPyConnection, file: Path) -> Iterator[tuple[tuple[str, ...], int]]:
    """Give the path of each column of a Parquet file, and of all that lies in it, with the digits of its decimals.

    The file tells them in this order, each with how many follow that lie in it; the first is the file as a whole.
    """
    asked = f"SELECT name, num_children, precision FROM parquet_schema({quote_text(str(file))})"
    above: list[tuple[str, int]] = []
    for name, children, digits in connection.execute(asked).fetchall()[1:]:
        while above and above[-1][1] == 0:
            above.pop()
        if above:
            above[-1] = (above[-1][0], above[-1][1] - 1)
        yield (*(each for each, _ in above), name), digits or 0
        if children:
            above.append((name, children))


def digest_beside(path: Path) -> Future[str]:
    """Work out the SHA-256 of a file beside everything else: the database reads the file at the same time."""
    found: Future[str] = Future()

    def digest(stream: FileIO) -> None:
        try:
            with stream:
                found.set_result(hashlib.file_digest(stream, "sha256").hexdigest())
        except OSError as error:
            found.set_exception(error)

    # What is read in large parts anyway need not be copied once more on its way.
    Thread(target=digest, args=(path.open("rb", buffering=0),), daemon=True).start()
    return found


def frame_part(
    source: FrameInput, wanted: tuple[Wanted, ...], workshop: Workshop, view: str, file: int, first_row: int
) -> tuple[Part, FileRead]:
    """Return a frame as a query over it; raises a refusal when it lacks a column or cannot be read."""
    import duckdb  # noqa: PLC0415

    try:
        numbered = number_rows(source.frame, source.name, _named(wanted))
        workshop.connection.register(view, numbered.frame)
        table = _Table(source.name, quote_name(view), quote_name(ROW), numbered.columns, frozenset(), lasting=False)
        part, absent = _part(table, wanted, workshop, file=file, first_row=first_row)
    except duckdb.Error as error:
        raise unreadable(source.name, error, is_frame=True) from error
    return part, FileRead(source.name, numbered.rows, None, None, absent)


def _named(wanted: tuple[Wanted, ...]) -> set[str]:
    """Return the columns that fields are read from: a name with dots is that of a column, or a path into one."""
    return {column for each in wanted for column in (each.column, each.column.split(".")[0])}


def damaged_later(error: Exception, files: Iterable[ParquetInput]) -> DataRefusal | None:
    """Return the refusal where the database stumbles over one of the files that it has read once already, for other
    columns or other rows; None where it is something else. It often says "Out of buffer" and no more, so each file is
    read through. What it says below its first line is the query, which names the files, too."""
    for each in files:
        found = _not_read_through(each)
        if found is not None:
            return unreadable(each.name, found)
    told = _LINKED.search(next(iter(str(error).splitlines()), ""))
    return None if told is None else unreadable(told[1], error)


def _not_read_through(file: ParquetInput) -> Exception | None:
    """Read all that a file holds; return what the database complains of."""
    import duckdb  # noqa: PLC0415

    try:
        with closing(open_workshop(reads=[file.path])) as workshop:
            linked = quote_text(str(workshop.show(file.path, "file.parquet")))
            workshop.connection.execute(f"SELECT bit_xor(hash(COLUMNS(*))) FROM read_parquet({linked})").fetchall()
    except (duckdb.InterruptException, OSError):
        return None  # whoever stops it, or the machine, is no damage of the file
    except duckdb.Error as error:
        return None if _lacks_room(error) else error
    return None


def _lacks_room(error: Exception) -> bool:
    """Tell whether the database has too little memory, or room on the disk."""
    import duckdb  # noqa: PLC0415

    return isinstance(error, duckdb.OutOfMemoryException) or "No space left" in str(error)


def unreadable(name: str, error: Exception, *, is_frame: bool = False) -> DataRefusal:
    """Return the refusal of an input in which something else than its values is wrong, or that takes too much room."""
    first = next((line for line in str(error).splitlines() if line.strip()), "")
    # The database knows a file by our link to it, which says nothing to anybody else.
    why = _OUR_LINK.sub("the file", first.removeprefix("Invalid Input Error: ")).replace("file too", "file is too")
    if _lacks_room(error):
        message = f"to read `{name}` takes more memory, or more room on the disk: {why}"
        return DataRefusal(message, help="allow it more memory, or make room on the disk")
    if is_frame:
        message = f"`{name}` cannot be read: {why}"
        return DataRefusal(message, help="give its columns as texts, numbers, yes/no, dates or times")
    if "Could not convert Timestamp" in why:
        message = f"`{name}` holds moments beyond the calendar, and the database reads none of its rows: {why}"
        return DataRefusal(message, help="write its moments in microseconds, or leave out those after the year 294246")
    message = f"`{name}` is damaged or cannot be read: {why}"
    return DataRefusal(message, help="fetch or write the file again")


class _Table(Struct, frozen=True):
    """Something to select from: its name for people and in SQL, the column that numbers its rows from 0, its columns,
    and those with decimals of more digits than the database has. ``lasting``: it is a file, which can be asked again;
    its columns are shown in their order, but under another name where two differ by case alone."""

    name: str
    sql: str
    number: str
    columns: tuple[str, ...]
    wide: frozenset[str]
    lasting: bool


def _part(
    source: _Table, wanted: tuple[Wanted, ...], workshop: Workshop, *, file: int, first_row: int
) -> tuple[Part, tuple[str, ...]]:
    name, table, number = source.name, source.sql, source.number
    described = workshop.connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    names = source.columns if source.lasting else (column[0] for column in described)
    shown = {name: _Shown(quote_name(column[0]), column[1]) for name, column in zip(names, described, strict=False)}
    found: list[Wanted] = []
    select: list[str] = []
    natives: list[Native] = []
    for place, each in enumerate(wanted):
        at = _column(each.column, shown, table, workshop)
        if at is None:
            select.append(f"CAST(NULL AS VARCHAR) AS c{place}")
            natives.append("text")
            continue
        native = native_of(at.type)
        if native is None or each.column in source.wide:
            held = _in_words(at.type) if native is None else f"decimals of more than {_MOST_DIGITS} digits"
            message = f"column `{each.column}` of `{name}` holds {held}"
            raise UsageRefusal(message, help="a field is read from texts, numbers, yes/no, dates or times")
        found.append(each)
        select.append(f"{_with_nan(at) if native in ('float', 'double') else at.sql} AS c{place}")
        natives.append(native)
    columns = (*source.columns, *(each.column for each in found if each.column not in source.columns))
    absent = absent_columns(name, wanted, columns)
    query = (
        f'SELECT {first_row} + {number} AS "#row", {file} AS "#file", 1 + {number} AS "#line", '
        f"{', '.join(select)} FROM {table}"
    )
    return Part(query, tuple(natives), name, lasting=source.lasting), absent


class _Shown(NamedTuple):
    """A column as SQL, and its type."""

    sql: str
    type: str


def _column(path: str, shown: dict[str, _Shown], table: str, workshop: Workshop) -> _Shown | None:
    """Return a column, or what stands at a dotted path through its structs; None when it is not there."""
    import duckdb  # noqa: PLC0415

    if path in shown:
        return shown[path]
    first, *rest = path.split(".")
    if first not in shown or not shown[first].type.startswith("STRUCT("):
        return None
    column = shown[first].sql
    for key in rest:
        column = f"struct_extract({column}, {quote_text(key)})"
    try:
        (described,) = workshop.connection.execute(f"DESCRIBE SELECT {column} FROM {table}").fetchall()
    except duckdb.BinderException:
        return None
    return _Shown(column, described[1])


def _with_nan(column: _Shown) -> str:
    """Return a column of binary numbers as one that may well hold NaN.

    The statistics of a file leave NaN out, and the database leaves out whatever looks for what they say is not there.
    """
    return f"CASE WHEN isnan({column.sql}) THEN CAST('nan' AS {column.type}) ELSE {column.sql} END"


def _in_words(column_type: str) -> str:
    if column_type.endswith("]"):
        return "lists"
    kind = column_type.partition("(")[0].lower()
    return {
        "struct": "objects",
        "map": "objects",
        "union": "objects",
        "blob": "bytes",
        "time": "times without a day",
    }.get(kind, f"values of the type {kind}")
