"""Takes rows that lie in another database; gives what is asked of that database while they are taken in and worked
out, and the accepted ones as ``elsewhere.Elsewhere``."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.elsewhere.cells import CellWords
from tallystick.engine.elsewhere.dialects.script import Script, translated
from tallystick.engine.elsewhere.digest import Day, query_by_day
from tallystick.engine.elsewhere.part import Agreeing, RejectedCells, agreeing, columns_of, note_rejected
from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.rows import Relation, TakenIn
from tallystick.engine.intake.table import FileRead
from tallystick.engine.query.corrections import Standing
from tallystick.engine.query.records_part import RecordsPart
from tallystick.engine.query.sql import listed
from tallystick.engine.query.sql import quote_name as quote_here
from tallystick.engine.query.steps import RECORDS
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Field
from tallystick.rules.value import TextType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TAKEN_IN = "records taken in"
"""The accepted rows as they were read; ``records accepted`` are those that stand after corrections, of all values or of
one."""
_NAMED, _STRUCK, _INSTEAD, _STANDING = "ids named", "ids struck out", "records sent in place", "records that stand"
_DECLARED = "records as declared"


class Column(Struct, frozen=True):
    """A column there: its type in the words of the database, and how it is written."""

    kind: str
    sql: str


class Rows(Protocol):
    """Rows in a database, and what it is asked. ``relation``: what they are selected from. ``shown``: that in words."""

    @property
    def title(self) -> str:
        """The database and its version, for the receipt."""

    @property
    def words(self) -> CellWords:
        """How cells are read there."""

    @property
    def relation(self) -> str:
        """What the rows are selected from."""

    @property
    def shown(self) -> str:
        """What they are called."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """What columns they have."""

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return the few rows that a query gives."""

    def name(self, query: str, name: str) -> None:
        """Give a query a name by which those after it read it; it is worked out with them."""

    def bring(self, query: str, columns: Mapping[str, str]) -> str:
        """Return what to select from here for what a query there gives; ``columns``: their names and DuckDB's types."""

    def send(self, query: str, name: str) -> None:
        """Show the database what a query here gives, under a name."""

    def apart(self) -> AbstractContextManager[Rows]:
        """Let names be given that nothing after it reads."""

    def fill(self, gives: tuple[str, ...]) -> None:
        """Fill empty tables here with what the queries of their names give there."""


class RowsTaken(Struct, frozen=True):
    """What became of rows there. ``whole``: the text fields that lie there as whole numbers and stay such. ``rows``,
    ``skipped``, ``copies`` and ``accepted``: how many there were of these. ``absent``: optional columns not there."""

    fields: tuple[Field, ...]
    whole: frozenset[str]
    rows: int
    skipped: int
    copies: int
    accepted: int
    rejected: tuple[RejectedCells, ...]
    absent: tuple[str, ...]


class AcceptedThere(Struct, frozen=True):
    """Accepted records, which their database knows as ``records accepted``; it is an ``elsewhere.Elsewhere``.
    ``every``: what it calls all that stand, of whatever value.

    INVARIANT: only the last that was made of others is asked to work anything out: they share one name there."""

    rows: Rows
    taken: RowsTaken
    every: str = TAKEN_IN

    @property
    def title(self) -> str:
        """The database and its version."""
        return self.rows.title

    @property
    def types(self) -> Mapping[str, str]:
        """The type of each field, here."""
        whole = self.taken.whole
        return {each.name: "BIGINT" if each.name in whole else sql_type(each) for each in self.taken.fields}

    @property
    def accepted(self) -> int:
        """How many records there are."""
        return self.taken.accepted

    def told(self, workshop: Workshop, files: tuple[FileRead, ...]) -> TakenIn:
        """Make the table of rejected rows here, and return what became of all that were read from some files."""
        taken = self.taken
        rejected = note_rejected(workshop, "records", taken.rejected)
        return TakenIn(Relation("records", "", taken.fields), files, taken.rows, rejected, taken.skipped, taken.copies)

    def years(self, field: Field) -> tuple[int, int] | None:
        """Return the years of the first and the last moment in a field; None where there is none."""
        quote = self.rows.words.dialect.name
        name = quote(field.name)
        ((first, last),) = self.rows.ask(f"SELECT min({name}), max({name}) FROM {quote(RECORDS)}")
        return None if first is None else (first.year, last.year)

    def named(self, connection: DuckDBPyConnection, key: Field, ids: str, table: str) -> str:
        """Bring the records whose ids a query gives, in the order of their ids."""
        quote = self.rows.words.dialect.name
        columns = ", ".join(quote(name) for name in self.types)
        asked = f"SELECT {columns}\nFROM {quote(self.every)} AS these\nWHERE {self._among(_NAMED, key)}"
        typed = ", ".join(f"CAST({quote_here(name)} AS {of}) AS {quote_here(name)}" for name, of in self.types.items())
        number = f'row_number() OVER (ORDER BY {quote_here(key.name)}) AS "#row"'
        with self.rows.apart() as rows:
            rows.send(f"SELECT DISTINCT CAST(record AS {sql_type(key)}) AS record FROM ({ids})", _NAMED)
            found = f"SELECT {number}, {typed} FROM {rows.bring(asked, self.types)}"
        connection.execute(f"CREATE OR REPLACE TABLE {quote_here(table)} AS {found}")
        return f"SELECT * FROM {quote_here(table)}"

    def corrected(self, connection: DuckDBPyConnection, key: Field, made: Standing) -> AcceptedThere:
        """Leave out the records that were struck out; what stands of those brought here are the ones in their place."""
        quote, lies = self.rows.words.dialect.name, columns_of(connection, f"({made.records})")
        # An id stays a whole number where the new ones are such.
        whole = frozenset(name for name in self.taken.whole if lies[name] == self.types[name])
        left = self.taken.accepted - made.voids
        found = AcceptedThere(self.rows, replace(self.taken, whole=whole, accepted=left), _STANDING)
        struck = f"CAST({quote_here(key.name)} AS {sql_type(key)}) AS record"
        self.rows.send(f"SELECT {struck} FROM ({made.voided})", _STRUCK)
        self.rows.send(f"SELECT {', '.join(map(quote_here, self.types))} FROM ({made.records})", _INSTEAD)
        instead = {
            name: f"{self.rows.words.cast(quote(name), of)} AS {quote(name)}" for name, of in found.types.items()
        }
        standing = (quote(name) if of == self.types[name] else instead[name] for name, of in found.types.items())
        self.rows.name(
            f"SELECT {', '.join(standing)}\nFROM {quote(TAKEN_IN)} AS these\nWHERE NOT {self._among(_STRUCK, key)}\n"
            f"UNION ALL\nSELECT {', '.join(instead.values())}\nFROM {quote(_INSTEAD)}",
            _STANDING,
        )
        self.rows.name(f"SELECT * FROM {quote(_STANDING)}", RECORDS)
        return found

    def by_day(self) -> tuple[Day, ...]:
        """Return how many records were read of each day, and the sums of their digests."""
        found = self.rows.ask(query_by_day(self.rows.words, self.taken.fields, TAKEN_IN))
        return tuple((day, int(count), tuple(map(int, sums))) for day, count, *sums in found)

    def by_value(self, field: str) -> Mapping[str, int]:
        """Return how many records there are of each value."""
        quote = self.rows.words.dialect.name
        counted = f"SELECT {quote(field)}, count(*) FROM {quote(self.every)} GROUP BY {quote(field)}"
        return dict(self.rows.ask(counted))

    def of_value(self, field: str, value: str, accepted: int) -> AcceptedThere:
        """Accept the records of a value alone."""
        dialect = self.rows.words.dialect
        where = f"{dialect.name(field)} = {dialect.text(value)}"
        self.rows.name(f"SELECT * FROM {dialect.name(self.every)} WHERE {where}", RECORDS)
        return replace(self, taken=replace(self.taken, accepted=accepted))

    def _among(self, name: str, key: Field) -> str:
        """Return whether one of ``these`` is among those of an id, which is a text or a number."""
        dialect = self.rows.words.dialect
        id_ = f"these.{dialect.name(key.name)}"
        id_ = dialect.cast(id_, "VARCHAR", ()) if isinstance(key.type, TextType) else id_
        return f"EXISTS (SELECT 1 FROM {dialect.name(name)} AS known WHERE known.{dialect.name('record')} = {id_})"

    def bring_agreeing(
        self, connection: DuckDBPyConnection, asked: tuple[Agreeing, ...], table: str, most: int
    ) -> None:
        """Add to a table here the records that agree with the last that is asked for, and with none before."""
        dialect, last = self.rows.words.dialect, asked[-1]
        quote = dialect.name
        kinds = {each.name: sql_type(each) for each in self.taken.fields}
        if len(asked) == 1:
            declared = (f"{self.rows.words.cast(quote(name), of)} AS {quote(name)}" for name, of in kinds.items())
            self.rows.name(f"SELECT {', '.join(declared)}\nFROM {quote(TAKEN_IN)}", _DECLARED)
        self.rows.send(f"SELECT * FROM {quote_here(last.keys)}", last.keys)
        relations = {each.keys: tuple(columns_of(connection, quote_here(each.keys))) for each in asked}
        query = agreeing(_DECLARED, tuple(kinds), asked)
        text = translated(query, dialect, {_DECLARED: tuple(kinds), **relations}).text
        typed = ", ".join(f"CAST({quote_here(name)} AS {of})" for name, of in kinds.items())
        number = f'(SELECT coalesce(max("#row"), 0) FROM {quote_here(table)}) + row_number() OVER ()'
        brought = self.rows.bring(f"{text}\nLIMIT {most + 1}", kinds)
        connection.execute(f"INSERT INTO {quote_here(table)} SELECT {number}, {typed} FROM {brought}")

    def work_out(self, connection: DuckDBPyConnection, part: RecordsPart, as_of: date) -> None:
        """Work out a part there that is laid out in the connection, and fill each table here that it gives."""
        script = Script(self.rows.words.dialect, as_of)
        script.relations[RECORDS] = tuple(self.types)
        text = "\n".join(each.body for each in part.steps)
        with self.rows.apart() as rows:
            for name in part.reads:
                if name != RECORDS:
                    read = tuple(each for each in columns_of(connection, quote_here(name)) if each in text)
                    rows.send(f"SELECT\n{listed(list(map(quote_here, read)))}\nFROM {quote_here(name)}", name)
                    script.relations[name] = read
            for step in part.steps:
                rows.name(script.step(step).text, step.name)
            rows.fill(part.gives)
