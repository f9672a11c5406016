"""Takes Parquet files and frames; gives each as a query over its columns as they are, with every row numbered."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import Future
from io import BufferedReader
from pathlib import Path
from threading import Thread

from msgspec import Struct

from tallystick.engine.intake.cells import Native, native_of
from tallystick.engine.intake.frames import ROW, number_rows
from tallystick.engine.intake.sources import FrameInput, ParquetInput
from tallystick.engine.intake.table import FileRead, Wanted, absent_columns
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.workshop import Workshop

_OUR_LINK = re.compile(r"""(?:file )?["'][^"']*/tally-[^"'/]*/[^"']*["']""", re.IGNORECASE)


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
    table = f"read_parquet({quote_text(str(linked))}, file_row_number = true)"
    try:
        part, absent = _part(
            _Table(source.name, table, "file_row_number", None), wanted, workshop, file=file, first_row=first_row
        )
        ((rows,),) = workshop.connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    except duckdb.Error as error:
        raise damaged(source.name, error) from error
    return part, FileRead(source.name, int(rows), sha256, size, absent)


def digest_beside(path: Path) -> Future[str]:
    """Work out the SHA-256 of a file beside everything else: the database reads the file at the same time."""
    found: Future[str] = Future()

    def digest(stream: BufferedReader) -> None:
        try:
            with stream:
                found.set_result(hashlib.file_digest(stream, "sha256").hexdigest())
        except OSError as error:
            found.set_exception(error)

    Thread(target=digest, args=(path.open("rb"),), daemon=True).start()
    return found


def frame_part(
    source: FrameInput, wanted: tuple[Wanted, ...], workshop: Workshop, view: str, file: int, first_row: int
) -> tuple[Part, FileRead]:
    """Return a frame as a query over it; raises a refusal when it lacks a column or cannot be read."""
    import duckdb  # noqa: PLC0415

    try:
        numbered = number_rows(source.frame, source.name, {each.column.split(".")[0] for each in wanted})
        workshop.connection.register(view, numbered.frame)
        table = _Table(source.name, quote_name(view), quote_name(ROW), numbered.columns)
        part, absent = _part(table, wanted, workshop, file=file, first_row=first_row)
    except duckdb.Error as error:
        raise damaged(source.name, error) from error
    return part, FileRead(source.name, numbered.rows, None, None, absent)


def damaged(name: str, error: Exception) -> DataRefusal:
    """Return the refusal of an input in which something else than its values is wrong."""
    first = next((line for line in str(error).splitlines() if line.strip()), "")
    # The database knows a file by our link to it, which says nothing to anybody else.
    why = _OUR_LINK.sub("the file", first.removeprefix("Invalid Input Error: ")).replace("file too", "file is too")
    message = f"`{name}` is damaged or cannot be read: {why}"
    return DataRefusal(message, help="fetch or write the file again")


class _Table(Struct, frozen=True):
    """Something to select from: its name for people and in SQL, the column that numbers its rows from 0, and its
    columns, None for those that it shows itself."""

    name: str
    sql: str
    number: str
    columns: tuple[str, ...] | None


def _part(
    source: _Table, wanted: tuple[Wanted, ...], workshop: Workshop, *, file: int, first_row: int
) -> tuple[Part, tuple[str, ...]]:
    name, table, number = source.name, source.sql, source.number
    described = workshop.connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    types: dict[str, str] = {column[0]: column[1] for column in described}
    found: list[Wanted] = []
    select: list[str] = []
    natives: list[Native] = []
    for place, each in enumerate(wanted):
        column, column_type = _column(each.column, types, table, workshop)
        if column_type is None:
            select.append(f"CAST(NULL AS VARCHAR) AS c{place}")
            natives.append("text")
            continue
        native = native_of(column_type)
        if native is None:
            message = f"column `{each.column}` of `{name}` holds {_in_words(column_type)}"
            raise UsageRefusal(message, help="a field is read from texts, numbers, yes/no, dates or times")
        found.append(each)
        select.append(f"{column} AS c{place}")
        natives.append(native)
    columns = source.columns or tuple(column for column in types if column != "file_row_number")
    absent = absent_columns(name, wanted, (*columns, *(each.column for each in found if each.column not in columns)))
    query = (
        f'SELECT {first_row} + {number} AS "#row", {file} AS "#file", 1 + {number} AS "#line", '
        f"{', '.join(select)} FROM {table}"
    )
    return Part(query, tuple(natives), name, lasting=source.columns is None), absent


def _column(path: str, types: dict[str, str], table: str, workshop: Workshop) -> tuple[str, str | None]:
    """Return a column, or what stands at a dotted path through its structs, and its type; None when it is not there."""
    import duckdb  # noqa: PLC0415

    if path in types:
        return quote_name(path), types[path]
    first, *rest = path.split(".")
    if first not in types or not types[first].startswith("STRUCT("):
        return "", None
    column = quote_name(first)
    for key in rest:
        column = f"struct_extract({column}, {quote_text(key)})"
    try:
        (described,) = workshop.connection.execute(f"DESCRIBE SELECT {column} FROM {table}").fetchall()
    except duckdb.BinderException:
        return "", None
    return column, described[1]


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
