"""Takes the folder of a run; gives the run, with all that it can be asked."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tallystick.engine.duckdb import evidence_from
from tallystick.engine.folder_writing import RECORDS, REJECTED, RULEBOOK, SUBJECTS, read_receipt, sha256_of_file
from tallystick.engine.intake import TakenIn
from tallystick.engine.ledger import EvidenceRow
from tallystick.engine.ledger_tables import TABLES, LedgerTables
from tallystick.engine.mapping import Mapping
from tallystick.engine.reading import record_fields, subject_fields
from tallystick.engine.receipt import Receipt
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun, RejectedRow
from tallystick.engine.sources import Given
from tallystick.engine.sql import quote_name, quote_text
from tallystick.engine.taking import find_inputs, take_in_given
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.load import read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

_KEPT = {"records": RECORDS, "subjects": SUBJECTS}


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
    rulebook = _rulebook(folder, receipt)
    workshop = open_workshop(reads=[folder / f"{table}.parquet" for table in TABLES])
    try:
        check_file(folder, receipt, REJECTED)
        for table in TABLES:
            check_file(folder, receipt, f"{table}.parquet")
            _view(workshop, folder, table, f"{table}.parquet")
        tables = LedgerTables(workshop.connection, rulebook)
        tables.check()
    except (duckdb.Error, OSError) as error:
        workshop.close()
        message = f"the run `{folder}` is damaged: {str(error).splitlines()[0]}"
        raise DataRefusal(message) from error
    except DataRefusal:
        workshop.close()
        raise
    asking = _Asking(folder, rulebook, receipt, records, subjects, mapping)
    return FinishedRun(
        rulebook=rulebook,
        as_of=receipt.as_of,
        receipt=receipt,
        notices=(),
        tables=tables,
        workshop=workshop,
        rejected=lambda: _rejected(folder, receipt),
        evidence_of=asking.evidence,
    )


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


def _view(workshop: Workshop, folder: Path, name: str, file: str) -> None:
    link = workshop.show(folder / file, file)
    workshop.connection.execute(
        f"CREATE VIEW {quote_name(name)} AS SELECT * FROM read_parquet({quote_text(str(link))})"
    )


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


@dataclass
class _Asking:
    """The records of a run, read when they are first asked for."""

    folder: Path
    rulebook: Rulebook
    receipt: Receipt
    records: Given
    subjects: Given
    mapping: str | Path | Mapping | None
    _workshop: Workshop | None = field(default=None, init=False)
    _evidence: Callable[[str], Iterator[EvidenceRow]] | None = field(default=None, init=False)

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """Give the records behind one person's measures."""
        if self._evidence is None:
            self._evidence = self._opened()
        return self._evidence(name)

    def _opened(self) -> Callable[[str], Iterator[EvidenceRow]]:
        import duckdb  # noqa: PLC0415

        kept = any(each.name in _KEPT.values() for each in self.receipt.files) or self.rulebook.records is None
        try:
            workshop, records, subjects = self._kept() if kept else self._given()
            self._workshop = workshop
            return evidence_from(workshop.connection, self.rulebook, records, subjects, self.receipt.as_of)
        except duckdb.Error as error:
            message = f"the run `{self.folder}` is damaged: {str(error).splitlines()[0]}"
            raise DataRefusal(message) from error

    def _kept(self) -> tuple[Workshop, str | None, str | None]:
        """Return queries for the rows that the folder holds."""
        workshop = open_workshop(reads=[self.folder / file for file in _KEPT.values()])
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
        return workshop, selects[0], selects[1]

    def _given(self) -> tuple[Workshop, str | None, str | None]:
        """Return queries for the rows of the inputs given, which must be those that the run was made from."""
        if self.records is None:
            message = f"the run `{self.folder}` was written without its records"
            raise UsageRefusal(message, help="give the files that it was made from with `--records`")
        given = find_inputs(self.rulebook, self.records, self.subjects, self.mapping)
        workshop = open_workshop(reads=given.parquet)
        taken = take_in_given(workshop, self.rulebook, given, Decimal(1), lambda _doing, _rows: None)
        for each in taken.all:
            self._refuse_others(each)
        records, subjects = taken.records, taken.subjects
        return (
            workshop,
            None if records is None else records.relation.select,
            None if subjects is None else subjects.relation.select,
        )

    def _refuse_others(self, taken: TakenIn) -> None:
        role = taken.relation.role
        before = {each.sha256: each.name for each in self.receipt.inputs if each.role == role}
        now = {each.sha256: each.name for each in taken.files}
        if set(before) != set(now):
            others = [f"`{name}` was not read for it" for sha256, name in now.items() if sha256 not in before]
            lacking = [f"`{name}` is not given" for sha256, name in before.items() if sha256 not in now]
            message = f"these are not the {role} that the run `{self.folder}` was made from"
            raise DataRefusal(message, notes=(*others, *lacking))
