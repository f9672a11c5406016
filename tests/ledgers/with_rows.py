"""Takes accepted rows as Python values; gives the reference's run of them, with the rows in a connection, so that it
can be asked what if."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import duckdb
from ledgers.in_duckdb import typed

from tallystick.engine.intake.reading import Row, record_fields, subject_fields
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.pauses import PAUSE_FIELDS, Pause
from tallystick.engine.reference import refer
from tallystick.engine.run import RunRows
from tallystick.rules.rulebook import Rulebook


@dataclass(frozen=True)
class RowsRun:
    """Rows in a connection with a ledger of them: what a question about a person needs."""

    rulebook: Rulebook
    as_of: date
    rows: Callable[[], RunRows]
    subject: Callable[[str], SubjectLedger | None]


def with_rows(
    rulebook: Rulebook, records: tuple[Row, ...], people: tuple[Row, ...], as_of: date, pauses: tuple[Pause, ...] = ()
) -> RowsRun:
    """Give the run of some rows."""
    connection = duckdb.connect()
    rows = RunRows(
        connection,
        None if rulebook.records is None else typed(connection, "rows", record_fields(rulebook), records),
        None if rulebook.subjects is None else typed(connection, "people given", subject_fields(rulebook), people),
        typed(connection, "told", PAUSE_FIELDS, [(each.subject, each.first, each.last) for each in pauses]),
    )
    run = refer(rulebook, records, people, as_of, pauses)
    return RowsRun(rulebook, as_of, lambda: rows, run.subject)
