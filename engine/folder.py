"""Takes the folder of a run; gives the run, with all that it can be asked."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from tallystick.engine.acts import ACTS, acts_in
from tallystick.engine.by_field.parts import LedgerParts, in_parts
from tallystick.engine.by_field.rows import RecordsByValue
from tallystick.engine.corrections import id_field
from tallystick.engine.duckdb import evidence_from
from tallystick.engine.evidence import Evidence
from tallystick.engine.folder_writing import (
    EXCLUSION,
    FATE,
    PAUSES,
    RECORDS,
    REJECTED,
    RULEBOOK,
    SUBJECTS,
    language_of,
    read_receipt,
    sha256_of_file,
)
from tallystick.engine.intake.corrections import COLUMNS, CORRECTIONS
from tallystick.engine.intake.earlier import Before
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.engine.intake.rows import TakenIn
from tallystick.engine.intake.sources import Given
from tallystick.engine.intake.taking import Taken, corrected, find_inputs, take_in_given
from tallystick.engine.ledger import EvidenceRow, RunCounts
from tallystick.engine.ledger_columns import check_ledger
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.corrections import match_again
from tallystick.engine.query.pauses import show_pauses, stretches_in
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.query.wide import WIDE, wide_name
from tallystick.engine.receipt import Receipt
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun, RejectedRow, RunRows
from tallystick.engine.state.folder import as_it_was, open_state, place_of
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.epochs import on_day
from tallystick.rules.load import read
from tallystick.rules.read_translation import read_translation
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.translation import Translation

_KEPT = {"records": RECORDS, "subjects": SUBJECTS}
_KEPT_FATES = f'SELECT "#row", {quote_name(FATE)}, {quote_name(EXCLUSION)} FROM "records kept"'
_Rows: TypeAlias = tuple[Workshop, str | None, str | None, str | None]
"""A connection, and queries for the records that stand, the subjects, and the records struck out."""


def open_run(
    path: str | Path,
    *,
    records: Given = None,
    subjects: Given = None,
    mapping: str | Path | Mapping | None = None,
) -> FinishedRun:
    """Open a run's folder; raises a refusal when it is none, or damaged.

    What is asked of single records needs them: a run that was written without takes ``records`` (with the ``subjects``
    and the ``mapping`` that it was made with) from here, and refuses them if they are not the same files.
    """
    import duckdb  # noqa: PLC0415

    folder = Path(path)
    receipt = read_receipt(folder)
    rulebook = on_day(_rulebook(folder, receipt), receipt.as_of)
    kept = [*(f"{table}.parquet" for table in WIDE), PAUSES, *ACTS.values()]
    workshop = open_workshop(reads=[folder / name for name in kept])
    try:
        check_file(folder, receipt, REJECTED)
        for table in WIDE:
            check_file(folder, receipt, f"{table}.parquet")
        if rulebook.score.by is None:
            for table in WIDE:
                _view(workshop, folder, wide_name(table), f"{table}.parquet")
            check_ledger(workshop.connection, rulebook)
        tables = LedgerTables(workshop.connection, rulebook)
        show_pauses(workshop.connection, _kept_pauses(workshop, folder, receipt))
        acts = acts_in(workshop.connection, rulebook, _kept_acts(workshop, folder, receipt))
    except (duckdb.Error, OSError) as error:
        workshop.close()
        message = f"the run `{folder}` is damaged: {str(error).splitlines()[0]}"
        raise DataRefusal(message) from error
    except DataRefusal:
        workshop.close()
        raise
    asking = _Asking(folder, rulebook, receipt, records, subjects, mapping)
    run = FinishedRun(
        rulebook=rulebook,
        as_of=receipt.as_of,
        receipt_of=lambda: receipt,
        counts_of=lambda: RunCounts(**receipt.counts.model_dump()),
        notices=(),
        tables=tables,
        workshop=workshop,
        rejected=lambda: _rejected(folder, receipt),
        evidence_of=asking.evidence,
        evidence_of_many=asking.evidence_of_many,
        rows=asking.rows,
        pauses_of=lambda name: stretches_in(workshop.connection, name, receipt.as_of),
        corrections_of=acts.corrections,
        statements_of=acts.statements,
        translations_of=lambda: _translations(folder, rulebook, receipt),
    )
    if rulebook.score.by is None:
        return run
    return in_parts(run, LedgerParts(rulebook, folder, RecordsByValue(rulebook, receipt.as_of, asking.rows)))


def _rulebook(folder: Path, receipt: Receipt) -> Rulebook:
    path = folder / RULEBOOK
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"`{path}` cannot be read"
        raise DataRefusal(message) from error
    rulebook, _ = read(Source(str(path), text))
    if rulebook is None or hashlib.sha256(rulebook.text.encode()).hexdigest() != receipt.rulebook.sha256:
        message = f"`{path}` is not the rulebook that the run was made with"
        raise DataRefusal(message, help="score again, or open the run with the version that made it")
    return rulebook


def _translations(folder: Path, rulebook: Rulebook, receipt: Receipt) -> tuple[Translation, ...]:
    """Return the rulebook's words in every other language that the run has kept them in."""
    found: list[Translation] = []
    for file in receipt.files:
        language = language_of(file.name)
        if language is None:
            continue
        check_file(folder, receipt, file.name)
        path = folder / file.name
        translation, mistakes = read_translation(str(path), path.read_bytes(), language, rulebook)
        if translation is None:
            message = f"`{path}` does not fit the rulebook of its run: {mistakes[0].message}"
            raise DataRefusal(message, help="score again, or open the run with the version that made it")
        found.append(translation)
    return tuple(found)


def _view(workshop: Workshop, folder: Path, name: str, file: str) -> None:
    link = workshop.show(folder / file, file)
    workshop.connection.execute(
        f"CREATE VIEW {quote_name(name)} AS SELECT * FROM read_parquet({quote_text(str(link))})"
    )


def _kept_pauses(workshop: Workshop, folder: Path, receipt: Receipt) -> str | None:
    """Return a query for the pauses that a run has kept; None where none were given."""
    if all(each.name != PAUSES for each in receipt.files):
        return None
    check_file(folder, receipt, PAUSES)
    _view(workshop, folder, "pauses kept", PAUSES)
    return f'SELECT subject, "from", "to" FROM {quote_name("pauses kept")}'


def _kept_acts(workshop: Workshop, folder: Path, receipt: Receipt) -> set[str]:
    """Show the corrections and statements that a run has kept under the names of their tables; return those names."""
    there = {table for table, file in ACTS.items() if any(each.name == file for each in receipt.files)}
    for table in sorted(there):
        check_file(folder, receipt, ACTS[table])
        _view(workshop, folder, table, ACTS[table])
    return there


def check_file(folder: Path, receipt: Receipt, name: str) -> None:
    """Raise ``DataRefusal`` unless a file of a run holds the bytes that its receipt says."""
    expected = next((each.sha256 for each in receipt.files if each.name == name), None)
    try:
        if expected is not None and sha256_of_file(folder / name) == expected:
            return
        message = f"`{folder / name}` is not as the run wrote it"
    except OSError as error:
        message = f"`{folder / name}` cannot be read: {error.strerror}"
    raise DataRefusal(message, help="score again")


def _rejected(folder: Path, receipt: Receipt) -> Iterator[RejectedRow]:
    """Give the rows of a run's list of rejected rows."""
    check_file(folder, receipt, REJECTED)
    path = folder / REJECTED
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows, None)
            for name, line, field, reason, value in rows:
                yield RejectedRow(name, int(line), field, reason, value)
    except (OSError, ValueError, csv.Error) as error:
        message = f"`{path}` is damaged"
        raise DataRefusal(message) from error


class _Asking(Struct):
    """The records of a run, read when they are first asked for."""

    folder: Path
    rulebook: Rulebook
    receipt: Receipt
    records: Given
    subjects: Given
    mapping: str | Path | Mapping | None
    _workshop: Workshop | None = field(default=None)
    _rows: RunRows | None = field(default=None)
    _evidence: Evidence | None = field(default=None)

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """Give the records behind one person's measures."""
        return self._asked()(name)

    def evidence_of_many(self, names: Sequence[str]) -> Iterator[tuple[str, tuple[EvidenceRow, ...]]]:
        """Give the same of many people."""
        return self._asked().of_many(names)

    def _asked(self) -> Evidence:
        if self._evidence is None:
            self._evidence = self._opened()
        return self._evidence

    def rows(self) -> RunRows:
        """Find the rows that the run was made from: those that it kept, else those of the inputs given."""
        import duckdb  # noqa: PLC0415

        if self._rows is None:
            kept = any(each.name in _KEPT.values() for each in self.receipt.files) or self.rulebook.records is None
            try:
                self._workshop, records, subjects, voided = self._kept() if kept else self._given()
                pauses = _kept_pauses(self._workshop, self.folder, self.receipt)
            except duckdb.Error as error:
                message = f"the run `{self.folder}` is damaged: {str(error).splitlines()[0]}"
                raise DataRefusal(message) from error
            fates = _KEPT_FATES if kept and records is not None else None
            self._rows = RunRows(self._workshop.connection, records, subjects, pauses, voided, fates)
        return self._rows

    def _opened(self) -> Evidence:
        import duckdb  # noqa: PLC0415

        rows = self.rows()
        try:
            return evidence_from(
                rows.connection,
                self.rulebook,
                rows.records,
                rows.subjects,
                self.receipt.as_of,
                pauses=rows.pauses,
                voided=rows.voided,
            )
        except duckdb.Error as error:
            message = f"the run `{self.folder}` is damaged: {str(error).splitlines()[0]}"
            raise DataRefusal(message) from error

    def _kept(self) -> _Rows:
        """Return queries for the rows that the folder holds."""
        workshop = open_workshop(reads=[self.folder / file for file in (*_KEPT.values(), PAUSES)])
        selects: list[str | None] = []
        declared = {
            "records": record_fields(self.rulebook) if self.rulebook.records is not None else None,
            "subjects": subject_fields(self.rulebook) if self.rulebook.subjects is not None else None,
        }
        for role, fields in declared.items():
            if fields is None:
                selects.append(None)
                continue
            check_file(self.folder, self.receipt, _KEPT[role])
            _view(workshop, self.folder, f"{role} kept", _KEPT[role])
            names = ", ".join(quote_name(field.name) for field in fields)
            selects.append(f'SELECT "#row", {names} FROM {quote_name(f"{role} kept")}')
        records, subjects = selects
        if records is None or not self._corrected:
            return workshop, records, subjects, None
        fate = quote_name(FATE)
        stands, voided = (f"{records} WHERE {fate} IS {no}DISTINCT FROM 'voided'" for no in ("", "NOT "))
        return workshop, stands, subjects, voided

    @property
    def _corrected(self) -> bool:
        """Whether the run was made with corrections."""
        return any(each.name == ACTS[CORRECTIONS] for each in self.receipt.files)

    def _given(self) -> _Rows:
        """Return queries for the rows of the inputs given, which must be those that the run was made from."""
        if self.records is None:
            message = f"the run `{self.folder}` was written without its records"
            raise UsageRefusal(message, help="give the files that it was made from with `--records`")
        state = as_it_was(self.records, self.receipt)
        files = self.records if state is None else None
        given = find_inputs(self.rulebook, files, self.subjects, self.mapping, kept=state is not None)
        reads = [*given.parquet, *(self.folder / name for name in (PAUSES, ACTS[CORRECTIONS]))]
        workshop = open_workshop(reads=reads, state=None if state is None else state.folder.resolve())
        before: Before | None = None
        if state is not None:
            with place_of(state) as place:
                kept = open_state(workshop.connection, place, self.rulebook, given.mapping)
            before = Before(records=kept.rows.records)  # its corrections, the run has kept itself
        taken = take_in_given(workshop, self.rulebook, given, Decimal(1), lambda _doing, _rows: None, before)
        for each in taken.all:
            self._refuse_others(each)
        taken = self._corrected_again(workshop, taken)
        records, subjects = taken.records, taken.subjects
        return (
            workshop,
            None if records is None else records.relation.select,
            None if subjects is None else subjects.relation.select,
            taken.voided,
        )

    def _corrected_again(self, workshop: Workshop, taken: Taken) -> Taken:
        """Return what was taken in with the corrections that the run has kept."""
        key = id_field(self.rulebook)
        if not self._corrected or key is None or taken.records is None:
            return taken
        file = ACTS[CORRECTIONS]
        check_file(self.folder, self.receipt, file)
        _view(workshop, self.folder, "corrections kept", file)
        kept = f"SELECT {COLUMNS} FROM {quote_name('corrections kept')}"
        if not match_again(workshop.connection, key, taken.records.relation.select, kept):
            message = f"these are not the records that the run `{self.folder}` was made from"
            raise DataRefusal(message, notes=("a record that it corrects is not among them",))
        return corrected(workshop, self.rulebook, taken)

    def _refuse_others(self, taken: TakenIn) -> None:
        role = taken.relation.role
        before = {each.sha256: each.name for each in self.receipt.inputs if each.role == role}
        now = {each.sha256: each.name for each in taken.files}
        if set(before) != set(now):
            others = [f"`{name}` was not read for it" for sha256, name in now.items() if sha256 not in before]
            lacking = [f"`{name}` is not given" for sha256, name in before.items() if sha256 not in now]
            message = f"these are not the {role} that the run `{self.folder}` was made from"
            raise DataRefusal(message, notes=(*others, *lacking))
