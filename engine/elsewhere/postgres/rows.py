"""Takes a session that reads a table; gives its rows as ``elsewhere.rows.Rows``, all of whose names stand in one
statement, and what comes and goes as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.engine.elsewhere.cells import CellWords
from tallystick.engine.elsewhere.dialects.postgres import quote_list, quote_name
from tallystick.engine.elsewhere.part import columns_of
from tallystick.engine.elsewhere.postgres.cells import CELLS
from tallystick.engine.elsewhere.postgres.session import Session, columns_of_table
from tallystick.engine.elsewhere.rows import Column
from tallystick.engine.query.sql import indented, listed, quote_text
from tallystick.engine.query.sql import quote_name as quote_here
from tallystick.engine.workshop import scratch_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = "fetched from elsewhere"
_TYPES = {"VARCHAR": "text", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp"}
_MARK = ","
"""Stands between the cells of a row, which are numbers."""


class PostgresRows(Struct, frozen=True, dict=True):
    """A table that a session reads. ``named``: the queries that were given names; none is made there, not even for a
    while, so that all stand before each query."""

    session: Session
    connection: DuckDBPyConnection
    named: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def title(self) -> str:
        """The server and its version."""
        return self.session.version

    @property
    def words(self) -> CellWords:
        """How cells are read there."""
        return CELLS

    @property
    def relation(self) -> str:
        """The table, quoted."""
        return self.session.table

    @property
    def shown(self) -> str:
        """The table with its schema."""
        return f"{self.session.address.schema}.{self.session.address.table}"

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns of the table."""
        return {name: Column(kind, quote_name(name)) for name, kind in columns_of_table(self.session).items()}

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query gives."""
        return self.session.rows(self._with_names(query))

    def name(self, query: str, name: str) -> None:
        """Give a query a name, after all that it can read."""
        self.named.pop(name, None)
        self.named[name] = query

    def bring(self, query: str, columns: Mapping[str, str]) -> str:
        """Return what to select from here for what a query gives there."""
        return self._read(self._copied(query), columns)

    def send(self, query: str, name: str) -> None:
        """Show what a query here gives as lists in the statement."""
        kinds = columns_of(self.connection, f"({query})")
        cells = ", ".join(f"CAST({quote_here(each)} AS VARCHAR)" for each in kinds)
        rows = self.connection.execute(f"SELECT {cells} FROM ({query})").fetchall()
        types = [_TYPES.get(kind, "numeric") for kind in kinds.values()]
        lists = [quote_list([row[place] for row in rows], of) for place, of in enumerate(types)]
        names = [quote_name(each) for each in kinds]
        columns = [
            f'{each} COLLATE "C" AS {each}' if of == "text" else each for each, of in zip(names, types, strict=True)
        ]
        rows_of = f"unnest(\n{listed(lists)}\n) AS rows ({', '.join(names)})"
        self.name(f"SELECT {', '.join(columns)}\nFROM {rows_of}", name)

    @contextmanager
    def apart(self) -> Iterator[PostgresRows]:
        """Let names be given that nothing after it reads."""
        yield replace(self, named=dict(self.named))

    def fill(self, gives: tuple[str, ...]) -> None:
        """Fill tables here from one statement: the rows of all under each other, with the place of the table, the
        person, and the cells in one text, since no table there can have more than 1,600 columns."""
        selects: list[str] = []
        for place, name in enumerate(gives):
            numbers = (each for each in columns_of(self.connection, quote_here(name)) if each != "person")
            cells = ", ".join(f"CAST({quote_name(each)} AS text)" for each in numbers)
            selects.append(
                f"SELECT {place}, CAST(person AS text), "
                f"array_to_string(CAST(ARRAY[{cells}] AS text[]), '{_MARK}', '')\nFROM {quote_name(name)}"
            )
        columns = {"#place": "INTEGER", "#person": "VARCHAR", "#cells": "VARCHAR"}
        path, fetched = self._copied("\nUNION ALL\n".join(selects)), quote_here(_FETCHED)
        self.connection.execute(f"CREATE OR REPLACE TABLE {fetched} AS SELECT * FROM {self._read(path, columns)}")
        path.unlink()
        for place, name in enumerate(gives):
            self._take_apart(place, name)
        self.connection.execute(f"DROP TABLE {fetched}")

    def _take_apart(self, place: int, name: str) -> None:
        cells: list[str] = []
        numbers = count(1)
        for column, kind in columns_of(self.connection, quote_here(name)).items():
            value = '"#person"' if column == "person" else f"nullif(\"#cells\"[{next(numbers)}], '')"
            cells.append(f"CAST({value} AS {kind})")
        taken_apart = f'SELECT "#person", string_split("#cells", \'{_MARK}\') AS "#cells"'
        self.connection.execute(
            f"INSERT INTO {quote_here(name)} SELECT {', '.join(cells)} "
            f'FROM ({taken_apart} FROM {quote_here(_FETCHED)} WHERE "#place" = {place})'
        )

    def _with_names(self, query: str) -> str:
        steps = ",\n".join(f"{quote_name(name)} AS (\n{indented(text)}\n)" for name, text in self.named.items())
        return f"WITH\n{steps}\n{query}" if steps else query

    def _copied(self, query: str) -> Path:
        """Copy what a query gives into a file."""
        path: Path = scratch_of(self.connection) / f"copied-{next(self.numbers)}.csv"
        self.session.copy(self._with_names(query), path)
        return path

    def _read(self, path: Path, columns: Mapping[str, str]) -> str:
        types = ", ".join(f"{quote_text(name)}: {quote_text(kind)}" for name, kind in columns.items())
        return (
            f"read_csv({quote_text(str(path))}, header = false, auto_detect = false, columns = {{{types}}}, "
            "delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, new_line = '\\n', "
            "parallel = false, max_line_size = 100000000)"
        )
