"""Takes accepted rows as Python values; gives the fast engine's ledger of them, to be held against the
reference's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb

from tallystick.engine.by_field.rows import of_value
from tallystick.engine.corrections import Correction
from tallystick.engine.duckdb import Ledger, run_ledger
from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.corrections import CORRECTIONS, create_table
from tallystick.engine.intake.reading import Row, record_fields, subject_fields, written
from tallystick.engine.ledger import EvidenceRow, InputRow, RunCounts, SubjectLedger
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.pauses import PAUSE_FIELDS, Pause, Stretch
from tallystick.engine.query.corrections import stand
from tallystick.engine.query.sql import quote_name
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Field, Rulebook

AT_ONCE = 100
"""So many rows are put into a table with one statement, which takes a fifth of the time of one for each."""


@dataclass(frozen=True)
class DuckRun:
    """A run of the fast engine; it is a ``ledger.Run``, and holds a connection until ``close``."""

    rulebook: Rulebook
    as_of: date
    ledger: Ledger
    rows: int
    subject_rows: int

    @property
    def tables(self) -> LedgerTables:
        """The ledger's tables, person by person."""
        return LedgerTables(self.ledger.connection, self.rulebook)

    @property
    def counts(self) -> RunCounts:
        """What became of the rows given."""
        return RunCounts(self.rows, 0, 0, 0, self.ledger.not_admitted, self.subject_rows, 0, 0, self.ledger.exact)

    def subjects(self) -> Iterator[str]:
        """Everyone with a row in ``scores``."""
        return self.tables.subjects()

    def subject(self, name: str) -> SubjectLedger | None:
        """One person's ledger."""
        return self.tables.subject(name)

    def ledgers(self) -> Iterator[SubjectLedger]:
        """Everyone's ledger."""
        return self.tables.ledgers()

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """The records behind one person's measures."""
        return self.ledger.evidence(name)

    def pauses(self, name: str) -> tuple[Stretch, ...]:
        """One person's absences."""
        return self.ledger.evidence.pauses(name)

    def attributes(self, name: str) -> tuple[InputRow, ...]:
        """What was read about one person."""
        return self.ledger.evidence.attributes(name)

    def fates(self) -> Counter[tuple[str, str]]:
        """How many records about people who were admitted met each fate, told record by record."""
        found = self.ledger.connection.execute(self.ledger.fates_sql).fetchall()
        return Counter((fate, name) for _row, fate, name in found if fate is not None)

    def close(self) -> None:
        """Let go of the connection."""
        self.ledger.connection.close()


def in_duckdb(
    rulebook: Rulebook,
    records: Sequence[Row],
    subjects: Sequence[Row],
    as_of: date,
    pauses: Sequence[Pause] = (),
    corrections: Sequence[Correction] = (),
    *,
    threads: int = 2,
    value: str | None = None,
) -> DuckRun:
    """Score rows that have been read, in the order of ``record_fields`` and ``subject_fields``; corrections are made by
    the engine's own query. ``value``: only by the records of that value of the field that the score is by."""
    connection = duckdb.connect(config={"threads": threads})
    about = None if rulebook.records is None else typed(connection, "rows", record_fields(rulebook), records)
    voided = None
    if about is not None and corrections:
        _put_corrections(connection, rulebook, records, corrections)
        standing = stand(connection, record_fields(rulebook), about)
        about, voided = standing.records, standing.voided
    if value is not None and about is not None:
        about = of_value(rulebook, about, value)
        voided = None if voided is None else of_value(rulebook, voided, value)
    people = (
        None if rulebook.subjects is None else typed(connection, "people given", subject_fields(rulebook), subjects)
    )
    away = None
    if pauses:
        away = typed(connection, "pauses told", PAUSE_FIELDS, [(p.subject, p.first, p.last) for p in pauses])
    ledger = run_ledger(connection, rulebook, about, people, as_of, pauses=away, voided=voided)
    return DuckRun(on_day(rulebook, as_of), as_of, ledger, len(records), len(subjects))


def _put_corrections(
    connection: duckdb.DuckDBPyConnection,
    rulebook: Rulebook,
    records: Sequence[Row],
    corrections: Sequence[Correction],
) -> None:
    """Make the table of corrections as intake makes it from their files."""
    create_table(connection)
    names = [field.name for field in record_fields(rulebook)]
    by_id = {row[names.index("id")]: (number, row) for number, row in enumerate(records)}
    for place, each in enumerate(corrections):
        number, row = by_id[each.record]
        changed = dict(zip(names, row, strict=True)) | dict(each.values)
        after = None if each.action == "void" else [written(changed[name]) for name in names]
        cells = (number, None if after is None else len(records) + place, written(each.record), each.action)
        said = ("because", "somebody", date(2026, 1, 1))
        connection.execute(
            f'INSERT INTO "{CORRECTIONS}" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',  # noqa: S608  a query of the test's own
            [*cells, *said, [written(value) for value in row], after],
        )


def typed(connection: duckdb.DuckDBPyConnection, name: str, fields: Sequence[Field], rows: Sequence[Row]) -> str:
    """Put rows into a table with the types that intake gives, and return a query for them."""
    columns = ", ".join(f"{quote_name(field.name)} {sql_type(field)}" for field in fields)
    connection.execute(f'CREATE TABLE {quote_name(name)} ("#row" BIGINT, {columns})')
    if rows:
        marks = f"({', '.join('?' * (len(fields) + 1))})"
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            cells = [cell for place, row in enumerate(some, start) for cell in (place, *map(_cell, row))]
            values = ", ".join(marks for _ in some)
            connection.execute(f"INSERT INTO {quote_name(name)} VALUES {values}", cells)  # noqa: S608  a query of the test's own
    return f"SELECT * FROM {quote_name(name)}"  # noqa: S608  a query of the test's own


def _cell(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None)
        case Decimal():
            return f"{value:f}"  # DuckDB 1 reads 1E+1, handed over as a number, as 1
        case _:
            return value
