"""Takes the folder of a run, and what it was made from, given again; gives the rows, and the records behind numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from tallystick.engine.acts import ACTS, KINDS
from tallystick.engine.attributes import Attributes
from tallystick.engine.by_field.rows import rows_of_value
from tallystick.engine.corrections import id_field
from tallystick.engine.duckdb import evidence_from
from tallystick.engine.elsewhere.engines import EngineName, engine_for, store_of
from tallystick.engine.elsewhere.near import bring_near
from tallystick.engine.evidence import Evidence
from tallystick.engine.folder_writing import EXCLUSION, FATE, PAUSES, RECORDS, SUBJECTS, sha256_of_file
from tallystick.engine.intake.corrections import COLUMNS, CORRECTIONS
from tallystick.engine.intake.earlier import Before
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.engine.intake.rows import TakenIn
from tallystick.engine.intake.sources import Given
from tallystick.engine.intake.taking import GivenInputs, Taken, corrected, find_inputs, take_in_given
from tallystick.engine.ledger import EvidenceRow, InputRow
from tallystick.engine.ledger_columns import check_columns, columns_of
from tallystick.engine.query.corrections import match_again
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.receipt import Receipt
from tallystick.engine.record_digest import record_digest
from tallystick.engine.refusals import DataRefusal, RowsNotKept, UsageRefusal
from tallystick.engine.run import FinishedRun, RunRows
from tallystick.engine.state.folder import as_it_was, open_state, place_of
from tallystick.engine.what_if.neighbourhood import is_settled, neighbourhood
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.rulebook import Rulebook

_KEPT = {"records": RECORDS, "subjects": SUBJECTS}
_KEPT_FATES = f'SELECT "#row", {quote_name(FATE)}, {quote_name(EXCLUSION)} FROM "records kept"'
_Rows: TypeAlias = tuple[Workshop, str | None, str | None, str | None]
"""A connection, and queries for the records that stand, the subjects, and the records struck out."""


def show_kept(workshop: Workshop, folder: Path, name: str, file: str, due: dict[str, str] | None = None) -> None:
    """Show the connection a file of a run under a name.

    Raises ``DataRefusal`` where its columns are not those ``due``, if any are.
    """
    link = workshop.show(folder / file, file)
    workshop.connection.execute(
        f"CREATE VIEW {quote_name(name)} AS SELECT * FROM read_parquet({quote_text(str(link))})"
    )
    if due is not None:
        check_columns(workshop.connection, name, due, f"`{folder / file}`")


def kept_pauses(workshop: Workshop, folder: Path, receipt: Receipt) -> str | None:
    """Return a query for the pauses that a run has kept; None where none were given."""
    if all(each.name != PAUSES for each in receipt.files):
        return None
    check_file(folder, receipt, PAUSES)
    show_kept(workshop, folder, "pauses kept", PAUSES, {"subject": "VARCHAR", "from": "DATE", "to": "DATE"})
    return f'SELECT subject, "from", "to" FROM {quote_name("pauses kept")}'


def check_file(folder: Path, receipt: Receipt, name: str) -> None:
    """Raise ``DataRefusal`` unless a file of a run holds the bytes that its receipt says."""
    expected = next((each.sha256 for each in receipt.files if each.name == name), None)
    try:
        if expected is not None and sha256_of_file(folder / name) == expected:
            return
        message, remedy = f"`{folder / name}` is not as the run wrote it", "score again"
    except OSError as error:
        message, remedy = f"`{folder / name}` cannot be read: {error.strerror}", "put the file itself there"
    raise DataRefusal(message, help=remedy)


class FolderRows(Struct):
    """The records of a run, read when they are first asked for. ``master``: where Spark runs, if it reads them.
    ``run``: the run itself, against which records are held that come here from elsewhere."""

    folder: Path
    rulebook: Rulebook
    receipt: Receipt
    records: Given
    subjects: Given
    mapping: str | Path | Mapping | None
    master: str | None = None
    run: FinishedRun | None = None
    _workshop: Workshop | None = field(default=None)
    _rows: RunRows | None = field(default=None)
    _evidence: Evidence | None = field(default=None)
    _near: tuple[str, Workshop, RunRows] | None = field(default=None)
    _people: tuple[Workshop, Attributes] | None = field(default=None)

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """Give the records behind one person's measures."""
        return self._evidence_from(self.near(name))(name) if self.elsewhere else self._asked()(name)

    def evidence_of_many(self, names: Sequence[str]) -> Iterator[tuple[str, tuple[EvidenceRow, ...]]]:
        """Give the same of many people."""
        return self._asked().of_many(names)

    def attributes(self, name: str) -> tuple[InputRow, ...]:
        """Return what was read about one person, if the run has kept its rows."""
        if all(each.name != SUBJECTS for each in self.receipt.files):
            return ()
        if self._people is None:
            check_file(self.folder, self.receipt, SUBJECTS)
            workshop = open_workshop(reads=[self.folder / SUBJECTS])
            show_kept(workshop, self.folder, SUBJECTS, SUBJECTS)
            self._people = (workshop, Attributes(workshop.connection, self.rulebook, SUBJECTS))
        return self._people[1].of(name)

    def _asked(self) -> Evidence:
        if self._evidence is None:
            self._evidence = self._opened()
        return self._evidence

    def rows(self) -> RunRows:
        """Find the rows that the run was made from: those that it kept, else those of the inputs given."""
        import duckdb  # noqa: PLC0415

        if self.elsewhere:
            message = "the records lie in a table, from which only those of one person are brought here"
            raise RowsNotKept(message, help="score a copy of them with `--engine duckdb`")
        if self._rows is None:
            kept = self._has_kept
            try:
                self._workshop, records, subjects, voided = self._kept() if kept else self._given()
                pauses = kept_pauses(self._workshop, self.folder, self.receipt)
            except duckdb.Error as error:
                message = f"the run `{self.folder}` is damaged: {str(error).splitlines()[0]}"
                raise DataRefusal(message) from error
            fates = _KEPT_FATES if kept and records is not None else None
            self._rows = RunRows(self._workshop.connection, records, subjects, pauses, voided, fates)
        return self._rows

    @property
    def _has_kept(self) -> bool:
        """Whether the folder has the rows."""
        return any(each.name in _KEPT.values() for each in self.receipt.files) or self.rulebook.records is None

    # ---- records that lie elsewhere ------------------------------------------------------------------------------

    @property
    def _engine(self) -> EngineName:
        return engine_for(self.records) if self.master is None else "spark"

    @property
    def elsewhere(self) -> bool:
        """Whether the records that were given lie in another database."""
        return self.records is not None and not self._has_kept and self._engine != "duckdb"

    def near(self, name: str) -> RunRows:
        """Find rows among which all are that have to do with a person; those of a table come here.

        Rows that the run kept and that are damaged are as good as none: who asks for them alone is told.
        """
        if not self.elsewhere:
            try:
                return self.rows()
            except DataRefusal as error:
                if not self._has_kept:
                    raise
                raise RowsNotKept(error.message, help=error.help) from error
        if self._near is None or self._near[0] != name:
            self._near = (name, *self._brought(name))
        return self._near[2]

    def _brought(self, name: str) -> tuple[Workshop, RunRows]:
        """Bring the records here that have to do with a person; raises ``DataRefusal`` where they do not give the
        person's ledger in the run: a table has no digest to know it by, unless each day's was asked for."""
        given = self._found(self.records)
        workshop = open_workshop(reads=[*given.parquet, *(self.folder / name for name in (PAUSES, ACTS[CORRECTIONS]))])
        try:
            with store_of(self._engine, self.rulebook, given, state=False, master=self.master) as store:
                taken = take_in_given(workshop, self.rulebook, given, Decimal(1), _silent, None, store)
                for each in taken.all:
                    self._refuse_others(each)
                assert taken.elsewhere is not None  # noqa: S101  the store is one
                rows = bring_near(
                    workshop.connection,
                    taken.elsewhere,
                    self.rulebook,
                    name,
                    self.receipt.as_of,
                    corrections=self._kept_corrections(workshop) if self._corrected else None,
                    subjects=taken.rows(workshop.connection).subjects,
                    pauses=kept_pauses(workshop, self.folder, self.receipt),
                )
            self._refuse_changed(rows, name)
        except BaseException:
            workshop.close()
            raise
        return workshop, rows

    def _refuse_changed(self, rows: RunRows, name: str) -> None:
        assert self.run is not None  # noqa: S101  it is known before anybody can ask
        for part in self.run.parts():
            own = rows if part.value is None else rows_of_value(self.rulebook, rows, part.value)
            near = neighbourhood(own, part.rulebook, name, part.as_of)
            if not is_settled(near, part.subject(name)):
                message = f"the records of `{name}` that are there now do not give the score of the run `{self.folder}`"
                raise DataRefusal(message, help="they are others than when it was made: score again")

    # ---- records that the folder holds, or that are given as files -----------------------------------------------

    def _opened(self) -> Evidence:
        return self._evidence_from(self.rows())

    def _evidence_from(self, rows: RunRows) -> Evidence:
        import duckdb  # noqa: PLC0415

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
            shown = f"{role} kept"
            show_kept(workshop, self.folder, shown, _KEPT[role])
            due = {"#row": "BIGINT"} | columns_of(workshop.connection, quote_name(shown), fields)
            due |= dict.fromkeys((FATE, EXCLUSION), "VARCHAR") if role == "records" else {}
            check_columns(workshop.connection, shown, due, f"`{self.folder / _KEPT[role]}`")
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
            message = f"the run `{self.folder}` has not kept its records"
            raise RowsNotKept(message, help="give the files that it was made from with `--records`")
        state = as_it_was(self.records, self.receipt)
        files = self.records if state is None else None
        given = self._found(files, kept=state is not None)
        reads = [*given.parquet, *(self.folder / name for name in (PAUSES, ACTS[CORRECTIONS]))]
        workshop = open_workshop(reads=reads, state=None if state is None else state.folder.resolve())
        before: Before | None = None
        if state is not None:
            with place_of(state) as place:
                kept = open_state(workshop.connection, place, self.rulebook, given.mapping)
            before = Before(records=kept.rows.records)  # its corrections, the run has kept itself
        taken = take_in_given(workshop, self.rulebook, given, Decimal(1), _silent, before)
        for each in taken.all:
            if not self._is_a_copy(workshop, each):
                self._refuse_others(each)
        taken = self._corrected_again(workshop, taken)
        rows = taken.rows(workshop.connection)
        return workshop, rows.records, rows.subjects, rows.voided

    def _corrected_again(self, workshop: Workshop, taken: Taken) -> Taken:
        """Return what was taken in with the corrections that the run has kept."""
        key = id_field(self.rulebook)
        if not self._corrected or key is None or taken.records is None:
            return taken
        kept = self._kept_corrections(workshop)
        if not match_again(workshop.connection, key, taken.records.relation.select, kept):
            message = f"these are not the records that the run `{self.folder}` was made from"
            raise DataRefusal(message, notes=("a record that it corrects is not among them",))
        return corrected(workshop, self.rulebook, taken)

    def _kept_corrections(self, workshop: Workshop) -> str:
        """Return a query for the corrections that the run has kept."""
        file = ACTS[CORRECTIONS]
        check_file(self.folder, self.receipt, file)
        show_kept(workshop, self.folder, "corrections kept", file, KINDS[CORRECTIONS])
        return f"SELECT {COLUMNS} FROM {quote_name('corrections kept')}"

    def _found(self, records: Given, *, kept: bool = False) -> GivenInputs:
        """Find the inputs given, and the mapping that the run was made with: by another they are other records."""
        read = self.receipt.mapping
        if read is not None and self.mapping is None:
            message = f"the run was made with the mapping `{read.name}`, and its records are read by that"
            raise UsageRefusal(message, help="add `--map PATH`")
        given = find_inputs(self.rulebook, records, self.subjects, self.mapping, kept=kept)
        if self.mapping is not None and (read is None or given.mapping.sha256 != read.sha256):
            was = "without a mapping" if read is None else f"with another mapping, `{read.name}`"
            message = f"the run `{self.folder}` was made {was}"
            raise DataRefusal(message, help="give what it was made with")
        return given

    def _is_a_copy(self, workshop: Workshop, taken: TakenIn) -> bool:
        """Whether these are the records of a table or a frame, which has no digest of its own, by each day's digest."""
        days = self.receipt.record_digest
        of_table = any(each.role == "records" and each.sha256 is None for each in self.receipt.inputs)
        if taken.relation.role != "records" or days is None or not of_table:
            return False
        return record_digest(workshop.connection, taken.relation) == days

    def _refuse_others(self, taken: TakenIn) -> None:
        role = taken.relation.role
        before = {each.sha256: each.name for each in self.receipt.inputs if each.role == role}
        now = {each.sha256: each.name for each in taken.files}
        if set(before) != set(now):
            others = [f"`{name}` was not read for it" for sha256, name in now.items() if sha256 not in before]
            lacking = [f"`{name}` is not given" for sha256, name in before.items() if sha256 not in now]
            message = f"these are not the {role} that the run `{self.folder}` was made from"
            raise DataRefusal(message, notes=(*others, *lacking))


def _silent(_doing: str, _rows: int) -> None:
    """Tell nobody."""
