"""Takes rows; gives tables of them in a PostgreSQL, and the ledgers of runs over those."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from urllib.parse import quote

import psycopg
from ledgers.in_duckdb import typed

from tallystick.engine.digest import ledger_digest
from tallystick.engine.duckdb import run_ledger
from tallystick.engine.elsewhere.dialects.postgres import quote_name
from tallystick.engine.elsewhere.intake import take_in_rows
from tallystick.engine.elsewhere.postgres.address import table_address
from tallystick.engine.elsewhere.postgres.rows import PostgresRows
from tallystick.engine.elsewhere.postgres.session import open_session
from tallystick.engine.elsewhere.rows import AcceptedThere, RowsTaken
from tallystick.engine.intake.reading import Row, record_fields, subject_fields
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.table import Wanted
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.pauses import PAUSE_FIELDS, Pause
from tallystick.engine.workshop import open_workshop
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, NumberType, TimeType, YesNoType

_NONE_SKIPPED = Skipping({}, frozenset())


@dataclass(frozen=True)
class Server:
    """A server, by its address."""

    address: str
    _numbers: Iterator[int] = field(default_factory=count)

    def table(self, columns: dict[str, str], rows: Sequence[Sequence[object]]) -> str:
        """Make a table and return its address."""
        name = f"rows {next(self._numbers)}"
        heading = ", ".join(f"{quote_name(column)} {kind}" for column, kind in columns.items())
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE TABLE {quote_name(name)} ({heading})")
            if columns and rows:
                with connection.cursor().copy(f"COPY {quote_name(name)} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        return f"{self.address}&table={quote(name)}"

    def run(self, query: str) -> None:
        """Do something else there."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(query)


@dataclass(frozen=True)
class Scored:
    """What a run over a table came to."""

    digest: str
    ledgers: tuple[SubjectLedger, ...]
    not_admitted: int
    taken: RowsTaken


def column_type(each: Field) -> str:
    """Return the type that a column for a field would have there."""
    match each.type:
        case NumberType():
            return "numeric"
        case DateType():
            return "date"
        case TimeType():
            return "timestamptz"
        case YesNoType():
            return "boolean"
        case _:
            return "text"


def typed_table(server: Server, fields: Sequence[Field], rows: Sequence[Row]) -> str:
    """Put rows that were read into a table of columns of their types."""
    return server.table({each.column: column_type(each) for each in fields}, rows)


@contextmanager
def scored_there(
    rulebook: Rulebook,
    table: str,
    subjects: Sequence[Row],
    as_of: date,
    pauses: Sequence[Pause] = (),
    *,
    threads: int = 2,
) -> Iterator[Scored]:
    """Score the rows of a table where they lie."""
    rulebook = on_day(rulebook, as_of)
    workshop = open_workshop(threads=threads)
    session = open_session(table_address(table, "records"))
    try:
        wanted = tuple(Wanted(each, each.column) for each in record_fields(rulebook))
        connection = workshop.connection
        rows = PostgresRows(session, connection)
        taken = take_in_rows(rows, connection, wanted, _NONE_SKIPPED)
        people = None
        if rulebook.subjects is not None:
            people = typed(connection, "people given", subject_fields(rulebook), subjects)
        away = None
        if pauses:
            away = typed(connection, "pauses given", PAUSE_FIELDS, [(p.subject, p.first, p.last) for p in pauses])
        there = AcceptedThere(rows, taken)
        ledger = run_ledger(connection, rulebook, None, people, as_of, pauses=away, elsewhere=there)
        ledgers = tuple(LedgerTables(connection, rulebook).ledgers())
        yield Scored(ledger_digest(connection, rulebook), ledgers, ledger.not_admitted, taken)
    finally:
        session.close()
        workshop.close()
