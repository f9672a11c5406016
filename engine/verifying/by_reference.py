"""Takes an opened run and its records; gives whether the slow reference gives some of its people the same numbers."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator

from tallystick.engine.corrections import Correction, id_field
from tallystick.engine.intake.corrections import CORRECTIONS
from tallystick.engine.intake.reading import Rejected, Row, as_scalar, read_cell, record_fields, subject_fields
from tallystick.engine.intake.table import Progress
from tallystick.engine.pauses import Pause
from tallystick.engine.query.sql import quote_name
from tallystick.engine.reference import ReferenceRun, refer_each
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun, RunRows
from tallystick.engine.verifying.ledger import of_part
from tallystick.engine.verifying.ledger_difference import first_difference
from tallystick.engine.verifying.records import marked_inputs, with_marks
from tallystick.engine.verifying.verification import Check, Difference, agrees, differs
from tallystick.engine.what_if.neighbourhood import as_declared
from tallystick.rules.rulebook import Field
from tallystick.rules.value import Scalar


def chosen(run: FinishedRun, number: int) -> list[tuple[str | None, str]]:
    """Choose people by chance that nobody can steer: the least by SHA-256 of the ledger's digest and the name, behind
    the value where the score is by a field. Each is chosen for one value, which stands before the name."""
    digest = run.receipt.ledger_digest

    def lot(whose: tuple[str | None, str]) -> bytes:
        value, name = whose
        return hashlib.sha256("\n".join((digest, *([] if value is None else [value]), name)).encode()).digest()

    everybody = ((part.value, name) for part in run.parts() for name in part.subjects())
    return heapq.nsmallest(number, everybody, key=lot)


def check_reference(run: FinishedRun, source: FinishedRun, number: int, progress: Progress) -> Check:
    """Work some people out by the reference, from the records of ``source``; compare all that the ledger says."""
    progress("reading the records for the reference", 0)
    references = reference_of(source)
    parts = {part.value: part for part in run.parts()}
    whose = chosen(run, number)
    everybody = sum(1 for part in parts.values() for _ in part.subjects())
    marked = {value: marked_inputs(part) for value, part in parts.items()}
    for done, (value, name) in enumerate(whose):
        progress(f"working out people by the reference: {done:,}", 0)
        part = parts[value]
        found, due = part.subject(name), references[value].subject(name)
        if found is None or due is None:
            difference = of_part(part, Difference(table="scores", subject=name, found="a row"))
        else:
            difference = of_part(part, first_difference(found, with_marks(due, marked[value])))
        if difference is not None:
            return differs("reference", done, difference, asked=True)
    return agrees("reference", len(whose), everybody, asked=True)


def reference_of(run: FinishedRun) -> dict[str | None, ReferenceRun]:
    """Give the reference all the rows that a run was made from; return its run, or that of each value of the field that
    the score is by."""
    rows = run.rows()
    book = run.rulebook
    records = None if rows.records is None else _rows(rows, rows.records, record_fields(book))
    corrections: tuple[Correction, ...] = ()
    if records is not None and rows.records is not None and rows.voided is not None:
        instead = f'SELECT "#instead" FROM {quote_name(CORRECTIONS)} WHERE "#instead" IS NOT NULL'
        put = {number for (number,) in run.workshop.connection.cursor().execute(instead).fetchall()}
        voided = _rows(rows, rows.voided, record_fields(book))
        records = {**{number: row for number, row in records.items() if number not in put}, **voided}
        corrections = tuple(_corrections(run))
    subjects = None if rows.subjects is None else tuple(_rows(rows, rows.subjects, subject_fields(book)).values())
    pauses = () if rows.pauses is None else tuple(_pauses(rows, rows.pauses))
    every = None if records is None else tuple(records.values())
    return refer_each(book, every, subjects, run.as_of, pauses, corrections)


def _rows(rows: RunRows, select: str, fields: tuple[Field, ...]) -> dict[int, Row]:
    columns = ", ".join(as_declared(field) for field in fields)
    found = rows.connection.execute(f'SELECT "#row", {columns} FROM ({select}) ORDER BY "#row"').fetchall()
    return {row[0]: tuple(map(as_scalar, row[1:])) for row in found}


def _pauses(rows: RunRows, select: str) -> Iterator[Pause]:
    for subject, first, last in rows.connection.execute(f'SELECT subject, "from", "to" FROM ({select})').fetchall():
        yield Pause(str(subject), first, last)


def _corrections(run: FinishedRun) -> Iterator[Correction]:
    """Give the corrections that a run was made with."""
    key = id_field(run.rulebook)
    assert key is not None  # noqa: S101  corrections name records by it
    query = f"SELECT record, action, after FROM {quote_name(CORRECTIONS)}"
    for record, action, after in run.workshop.connection.cursor().execute(query).fetchall():
        name = _value(key, record)
        fields = record_fields(run.rulebook)
        if name is None:
            message = "a correction of the run names no record"
            raise DataRefusal(message)
        values = () if after is None else tuple(zip(fields, after, strict=True))
        yield Correction(name, action, tuple((field.name, _value(field, text)) for field, text in values))


def _value(field: Field, text: str | None) -> Scalar | None:
    value = read_cell(field, text)
    if isinstance(value, Rejected):
        message = f"a correction gives `{field.name}` a value that it cannot have: {value.reason}"
        raise DataRefusal(message)
    return value
