"""Takes rulebooks and one set of inputs; gives everybody's score by each of them, side by side in one connection.

A trial is a run that is not kept: the ledger of one rulebook over inputs that several have in common. Rows are taken in
once for all rulebooks that read the same fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.engine.by_field.rows import only_value, rows_of_value
from tallystick.engine.duckdb import Ledger, run_ledger
from tallystick.engine.intake.mapping import NO_MAPPING, Mapping, load_mapping
from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.engine.intake.sources import Given
from tallystick.engine.intake.table import Progress
from tallystick.engine.intake.taking import Taken, find_inputs, take_in_given
from tallystick.engine.locked_folder import folder_for_a_while
from tallystick.engine.pauses import reads_pauses
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.scoring import MAX_REJECTED
from tallystick.engine.workshop import Workshop, open_workshop, with_room
from tallystick.rules.diff.renames import Names
from tallystick.rules.rulebook import Field, Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_Reading = tuple[tuple[Field, ...] | None, tuple[Field, ...] | None, str, bool]
"""What settles how rows are taken in: the fields of records, those of subjects, the time zone, and whether pauses are
read."""
_COLUMNS = {
    "scores": "subject, outcome, score, band, requirement",
    "lines": "subject, rule, points",
    "adjustments": "subject, place, name, kind, amount",
}


class TrialInputs(Struct, frozen=True):
    """What is scored in every trial. An input that a rulebook does not declare is left out of its trial. ``value``: of
    the field that the score is by, whose records alone are scored."""

    as_of: date
    records: Given = None
    subjects: Given = None
    pauses: Given = None
    corrections: Given = None
    mapping: Path | None = None
    max_rejected: Decimal = MAX_REJECTED
    value: str | None = None


class TrialRows(Struct, frozen=True):
    """How many rows a rulebook's inputs have, and how many of them it could not read."""

    records: int
    rejected_records: int
    subjects: int
    rejected_subjects: int


class Trials(Struct):
    """The trials made so far. ``table`` of a number is a view: its scores, its lines, its adjustments."""

    inputs: TrialInputs
    mapping: Mapping
    connection: DuckDBPyConnection
    folder: Path
    progress: Progress
    made: int = 0
    _taken: dict[_Reading, tuple[Workshop, Taken]] = field(default_factory=dict)
    _last: dict[_Reading, Ledger] = field(default_factory=dict)
    """The last ledger made of each reading's rows: what it measured serves the next that measures alike."""

    def add(self, rulebook: Rulebook, *, with_lines: bool = False) -> int:
        """Score everybody by a rulebook; gives the number of the trial. The day may be before it is effective."""
        number, self.made = self.made, self.made + 1
        workshop, taken = self._rows(rulebook)
        self.progress(f"scoring by version {rulebook.version}, trial {number + 1}", 0)
        only_value(rulebook, self.inputs.value)
        rows = taken.rows(workshop.connection)
        if self.inputs.value is not None:
            rows = rows_of_value(rulebook, rows, self.inputs.value)
        reading = _reading(rulebook)
        ledger = run_ledger(
            workshop.connection,
            rulebook,
            rows.records,
            rows.subjects,
            self.inputs.as_of,
            pauses=rows.pauses,
            voided=rows.voided,
            earlier=self._last.get(reading),
        )
        self._last[reading] = ledger
        for name in ("scores", "lines", "adjustments") if with_lines else ("scores",):
            file = quote_text(str(self.folder / f"{number}-{name}.parquet"))
            workshop.connection.execute(
                f"COPY (SELECT {_COLUMNS[name]} FROM {ledger.tables.table(name)}) TO {file} (FORMAT parquet)"
            )
            self.connection.execute(f"CREATE VIEW {self.table(number, name)} AS SELECT * FROM read_parquet({file})")
        return number

    def table(self, number: int, name: str) -> str:
        """Return the quoted name of a table of a trial."""
        return quote_name(f"{name} of trial {number}")

    def rows(self, rulebook: Rulebook) -> TrialRows:
        """Count the rows that were read for a rulebook."""
        _, taken = self._rows(rulebook)
        records, subjects = taken.records, taken.subjects
        return TrialRows(
            0 if records is None else records.rows,
            0 if records is None else records.rejected,
            0 if subjects is None else subjects.rows,
            0 if subjects is None else subjects.rejected,
        )

    def notices(self, rulebook: Rulebook) -> tuple[str, ...]:
        """Say what was left aside or is missing from every row."""
        return self._rows(rulebook)[1].notices

    def close(self) -> None:
        """Let go of every connection."""
        self.connection.close()
        for workshop, _ in self._taken.values():
            workshop.close()

    def _rows(self, rulebook: Rulebook) -> tuple[Workshop, Taken]:
        reading = _reading(rulebook)
        if reading not in self._taken:
            if self._taken and _reads_stdin(self.inputs):
                message = "stdin can be read once only, and the two versions do not read the same fields"
                raise UsageRefusal(message, help="write it to a file, and name that")
            given = find_inputs(
                rulebook,
                None if rulebook.records is None else self.inputs.records,
                None if rulebook.subjects is None else self.inputs.subjects,
                self.mapping,
                pauses=self.inputs.pauses if reads_pauses(rulebook) else None,
                corrections=None if rulebook.records is None else self.inputs.corrections,
            )
            workshop = open_workshop(reads=given.parquet, out=self.folder)
            try:
                taken = take_in_given(workshop, rulebook, given, self.inputs.max_rejected, self.progress)
            except BaseException:
                workshop.close()
                raise
            self._taken[reading] = (workshop, taken)
        return self._taken[reading]


@contextmanager
def trials(inputs: TrialInputs, old: Rulebook, new: Rulebook, names: Names, progress: Progress) -> Iterator[Trials]:
    """Open a series of trials between two versions; nothing of it is left afterwards.

    ``names`` are those that only changed; ``old`` goes by the new ones already.
    """
    _refuse_unread(inputs, old, new)
    mapping = NO_MAPPING if inputs.mapping is None else _mapping(inputs.mapping, old, new, names)
    with with_room("comparison"), folder_for_a_while() as folder:
        workshop = open_workshop(out=folder)
        series = Trials(inputs, mapping, workshop.connection, folder, progress)
        try:
            yield series
        finally:
            series.close()
            workshop.close()


def _refuse_unread(inputs: TrialInputs, old: Rulebook, new: Rulebook) -> None:
    """Refuse what neither version reads: it was meant to change something."""
    both = (old, new)
    unread = {
        "records": inputs.records is not None and all(each.records is None for each in both),
        "subjects": inputs.subjects is not None and all(each.subjects is None for each in both),
        "pauses": inputs.pauses is not None and not any(map(reads_pauses, both)),
        "corrections": inputs.corrections is not None and all(each.records is None for each in both),
    }
    for role in (each for each, is_unread in unread.items() if is_unread):
        message = f"{role} were given, and neither version reads any"
        raise UsageRefusal(message, help=f"leave `--{role}` out")


def _mapping(path: Path, old: Rulebook, new: Rulebook, names: Names) -> Mapping:
    """Read a mapping that may speak of the fields of either version, by their old names or their new ones."""
    former = {now: once for once, now in names.values.items()}
    found = load_mapping(
        path,
        replace(
            new,
            records=_either(old.records, new.records, former),
            subjects=_either(old.subjects, new.subjects, former),
        ),
    )
    return replace(found, fields=_renamed(found.fields, names), subjects=_renamed(found.subjects, names))


def _either(
    old: tuple[Field, ...] | None, new: tuple[Field, ...] | None, former: dict[str, str]
) -> tuple[Field, ...] | None:
    if old is None and new is None:
        return None
    both = {each.name: each for each in (*(old or ()), *(new or ()))}
    once = {former[name]: replace(each, name=former[name]) for name, each in both.items() if name in former}
    return (*both.values(), *(each for name, each in once.items() if name not in both))


def _renamed(table: dict[str, str], names: Names) -> dict[str, str]:
    return {names.values.get(name, name): column for name, column in table.items()} | {
        name: column for name, column in table.items() if name not in names.values
    }


def _reading(rulebook: Rulebook) -> _Reading:
    records = None if rulebook.records is None else tuple(map(_untitled, record_fields(rulebook)))
    subjects = None if rulebook.subjects is None else tuple(map(_untitled, subject_fields(rulebook)))
    return records, subjects, rulebook.time_zone, reads_pauses(rulebook)


def _untitled(each: Field) -> Field:
    return replace(each, title=None)


def _reads_stdin(inputs: TrialInputs) -> bool:
    given = (inputs.records, inputs.subjects, inputs.pauses, inputs.corrections)
    return any(each == "-" or (isinstance(each, list) and "-" in each) for each in given)
