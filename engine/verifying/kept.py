"""Takes an opened run and the records that it has kept; gives whether they give its ledger, and are those given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from msgspec.structs import replace

from tallystick.engine.duckdb import run_ledger
from tallystick.engine.folder_writing import EXCLUSION, FATE, RECORDS, SUBJECTS
from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.engine.intake.rows import Relation
from tallystick.engine.intake.table import Progress
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.sql import quote_name
from tallystick.engine.receipt import DayDigest
from tallystick.engine.record_digest import record_digest
from tallystick.engine.run import FinishedRun, RunRows
from tallystick.engine.verifying.records import compared
from tallystick.engine.verifying.verification import Check, Difference, differs
from tallystick.engine.what_if.neighbourhood import as_declared

_BATCH = 10_000


def has_kept(run: FinishedRun) -> bool:
    """Say whether a run has kept what it takes to make it again."""
    kept = {each.name for each in run.receipt.files}
    due = {RECORDS: run.rulebook.records, SUBJECTS: run.rulebook.subjects}
    return all(name in kept for name, fields in due.items() if fields is not None)


def check_kept(run: FinishedRun, progress: Progress) -> Check:
    """Make the ledger again from the records that the run has kept, and compare everybody's numbers and each fate;
    value by value, where the score is by a field."""
    number = 0
    for part in run.parts():
        check = _check_part(part, progress)
        if check.outcome == "differs":
            return replace(check, number=number + check.number)
        number += check.number
    return replace(check, number=number)


def _check_part(run: FinishedRun, progress: Progress) -> Check:
    rows = run.rows()
    ledger = run_ledger(
        rows.connection,
        run.rulebook,
        rows.records,
        rows.subjects,
        run.as_of,
        pauses=rows.pauses,
        voided=rows.voided,
        progress=progress,
    )
    tables = LedgerTables(rows.connection, run.rulebook)
    check = compared(run, lambda _part: tables.ledgers(), progress, asked=False)
    if check.outcome == "differs" or rows.fates is None:
        return check
    row, fate, exclusion = quote_name("#row"), quote_name(FATE), quote_name(EXCLUSION)
    wrong = rows.connection.execute(
        f"SELECT k.{row}, k.{fate}, k.{exclusion}, f.fate, f.name FROM ({rows.fates}) AS k "
        f"FULL JOIN ({ledger.fates_sql}) AS f ON f.{row} = k.{row} WHERE k.{fate} IS DISTINCT FROM 'voided' "
        f"AND (k.{fate} IS DISTINCT FROM f.fate OR k.{exclusion} IS DISTINCT FROM f.name) ORDER BY k.{row} LIMIT 1"
    ).fetchone()
    if wrong is None:
        return check
    number, *cells = wrong
    found, due = (", ".join(part for part in pair if part) or None for pair in (cells[:2], cells[2:]))
    return differs(
        "replay", check.number, Difference(file=RECORDS, row=f"row {number}", column=FATE, found=found, expected=due)
    )


def other_rows(run: FinishedRun, again: FinishedRun) -> Difference | None:
    """Find a record or an attribute that a run has kept otherwise than the inputs have it, also where no number comes
    of it: explanations show them."""
    rows, due = run.rows(), again.rows()
    if run.rulebook.records is not None:
        differing = sorted({each.day for each in set(_days(run, rows)) ^ set(_days(again, due))})
        if differing:
            return Difference(file=RECORDS, found="other records than the inputs", day=differing[0].isoformat())
    if run.rulebook.subjects is not None:
        for found, expected in zip_longest(_subjects(run, rows), _subjects(again, due)):
            if found != expected:
                told = (None if each is None else ", ".join(map(str, each)) for each in (found, expected))
                return Difference(file=SUBJECTS, found=next(told), expected=next(told))
    return None


def _days(run: FinishedRun, rows: RunRows) -> Iterator[DayDigest]:
    """Give the digest of each day's records, those that stand and those struck out."""
    for select in (rows.records, rows.voided):
        if select is not None:
            yield from record_digest(rows.connection, Relation("records", select, record_fields(run.rulebook)))


def _subjects(run: FinishedRun, rows: RunRows) -> Iterator[tuple[object, ...]]:
    columns = ", ".join(as_declared(field) for field in subject_fields(run.rulebook))
    cursor = rows.connection.cursor().execute(f"SELECT {columns} FROM ({rows.subjects}) ORDER BY subject")
    while found := cursor.fetchmany(_BATCH):
        yield from found
