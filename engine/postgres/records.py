"""Takes the rows of a table that were accepted in PostgreSQL; works out there what grows with them, and brings back one
row for each person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tallystick.engine.dialects.postgres import Postgres, quote_list, quote_name
from tallystick.engine.dialects.script import Script, Written
from tallystick.engine.elsewhere import columns_of
from tallystick.engine.intake_cells import sql_type
from tallystick.engine.postgres.intake import TableTaken
from tallystick.engine.postgres.session import Session
from tallystick.engine.records_part import RecordsPart
from tallystick.engine.sql import indented, listed, quote_comment, quote_text
from tallystick.engine.sql import quote_name as quote_here
from tallystick.engine.sql_steps import RECORDS
from tallystick.engine.workshop import scratch_of
from tallystick.rules.rulebook import Field

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = "fetched from elsewhere"
_TYPES = {"VARCHAR": "text", "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp"}
_MARK = ","
"""Stands between the cells of a row, which are numbers."""


@dataclass(frozen=True)
class PostgresRecords:
    """Accepted records in PostgreSQL; it is an ``elsewhere.Elsewhere``."""

    session: Session
    taken: TableTaken

    @property
    def title(self) -> str:
        """The server and its version."""
        return self.session.version

    @property
    def types(self) -> Mapping[str, str]:
        """The type of each field, here."""
        return {
            field.name: "BIGINT" if field.name in self.taken.whole else sql_type(field) for field in self.taken.fields
        }

    @property
    def accepted(self) -> int:
        """How many records there are."""
        return self.taken.accepted

    def years(self, field: Field) -> tuple[int, int] | None:
        """Return the years of the first and the last moment in a field."""
        name = quote_name(field.name)
        ((first, last),) = self.session.rows(
            f"SELECT CAST(extract(year FROM min({name})) AS integer), CAST(extract(year FROM max({name})) AS integer)\n"
            f"FROM (\n{indented(self.taken.select)}\n) AS accepted"
        )
        return (first, last) if isinstance(first, int) and isinstance(last, int) else None

    def work_out(self, connection: DuckDBPyConnection, part: RecordsPart, as_of: date) -> None:
        """Work out a part there, and fill the tables here that it gives."""
        script = Script(Postgres(), as_of)
        names = tuple(field.name for field in self.taken.fields)
        script.add(RECORDS, "the rows that could be read", Written(self.taken.select, names))
        text = "\n".join(each.body for each in part.steps)
        for name in part.reads:
            if name != RECORDS:
                script.add(name, "worked out before", _taken_over(connection, name, text))
        for step in part.steps:
            script.step(step)
        given = {name: [each for each in columns_of(connection, name) if each != "person"] for name in part.gives}
        path = scratch_of(connection) / "fetched.csv"
        self.session.copy(f"{with_steps(script)}\n{_results(given)}", path)
        _fill(connection, path, part.gives)
        path.unlink()


def with_steps(script: Script) -> str:
    """Return the beginning of a query: its steps, each with a comment."""
    return "WITH\n" + ",\n".join(
        f"{quote_comment(words)}\n{quote_name(name)} AS (\n{indented(text)}\n)" for name, words, text in script.parts
    )


def _results(given: Mapping[str, list[str]]) -> str:
    """Return the query for the rows of all results: the place of the result, the person, and the cells in one text."""
    selects: list[str] = []
    for place, (name, columns) in enumerate(given.items()):
        cells = ", ".join(f"CAST({quote_name(each)} AS text)" for each in columns)
        selects.append(
            f"SELECT {place}, CAST(person AS text), array_to_string(CAST(ARRAY[{cells}] AS text[]), '{_MARK}', '')\n"
            f"FROM {quote_name(name)}"
        )
    return "\nUNION ALL\n".join(selects)


def _fill(connection: DuckDBPyConnection, path: Path, gives: tuple[str, ...]) -> None:
    columns = "{'#place': 'INTEGER', '#person': 'VARCHAR', '#cells': 'VARCHAR'}"
    fetched = quote_here(_FETCHED)
    connection.execute(
        f"CREATE OR REPLACE TABLE {fetched} AS SELECT * FROM read_csv({quote_text(str(path))}, "
        f"header = false, auto_detect = false, columns = {columns}, delim = ',', quote = '\"', escape = '\"', "
        "nullstr = '', allow_quoted_nulls = false, new_line = '\\n', parallel = false, max_line_size = 100000000)"
    )
    for place, name in enumerate(gives):
        cells: list[str] = []
        numbers = count(1)
        for column, kind in columns_of(connection, name).items():
            value = '"#person"' if column == "person" else f"nullif(\"#cells\"[{next(numbers)}], '')"
            cells.append(f"CAST({value} AS {kind})")
        taken_apart = f'SELECT "#person", string_split("#cells", \'{_MARK}\') AS "#cells"'
        connection.execute(
            f"INSERT INTO {quote_here(name)} SELECT {', '.join(cells)} "
            f'FROM ({taken_apart} FROM {fetched} WHERE "#place" = {place})'
        )
    connection.execute(f"DROP TABLE {fetched}")


def _taken_over(connection: DuckDBPyConnection, relation: str, text: str) -> Written:
    """Return the rows of a relation of this connection as they are written in a query; the columns that ``text``
    reads."""
    kinds = {name: kind for name, kind in columns_of(connection, relation).items() if name in text}
    select = ", ".join(f"CAST({quote_here(name)} AS VARCHAR)" for name in kinds)
    rows = connection.execute(f"SELECT {select} FROM {quote_here(relation)}").fetchall()
    types = [_TYPES.get(kind, "numeric") for kind in kinds.values()]
    lists = [quote_list([row[place] for row in rows], of) for place, of in enumerate(types)]
    names = [quote_name(name) for name in kinds]
    columns = [f'{name} COLLATE "C" AS {name}' if of == "text" else name for name, of in zip(names, types, strict=True)]
    rows_of = f"unnest(\n{listed(lists)}\n) AS rows ({', '.join(names)})"
    return Written(f"SELECT {', '.join(columns)}\nFROM {rows_of}", tuple(kinds))
