"""Takes a checked rulebook and the accepted rows; gives the ledger, slowly and obviously, one person after another.

It is written from the pages that say what a score means and shares only the checked rulebook with the fast engine, so
that the two can be held against each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tallystick.engine.corrections import Correction
from tallystick.engine.evaluate import evaluate, holds
from tallystick.engine.intake.reading import Row, written
from tallystick.engine.ledger import (
    AccountRow,
    EvidenceRow,
    Fate,
    InputRow,
    MeasureRow,
    RunCounts,
    ScoreRow,
    SubjectLedger,
)
from tallystick.engine.pauses import Pause, Stretch
from tallystick.engine.reference_corrections import corrected, of_value
from tallystick.engine.reference_measures import Measured, Measuring, evidence_rows, measuring_of
from tallystick.engine.reference_order import measures_by_name, measures_read, what_is_read_first
from tallystick.engine.reference_records import Record, Records
from tallystick.engine.reference_score import score_of
from tallystick.rules.epochs import on_day
from tallystick.rules.measure import Formula
from tallystick.rules.questions.by import values_of
from tallystick.rules.rulebook import Require, Rulebook
from tallystick.rules.value import Scalar

NO_RULE = "score"
"""What stands for a requirement where no rule of a mean applies."""
_FATES: tuple[Fate, ...] = ("voided", "not yet", "excluded", "taken in", "outside window", "unused")


def refer(
    rulebook: Rulebook,
    records: tuple[Row, ...] | None,
    subjects: tuple[Row, ...] | None,
    as_of: date,
    pauses: tuple[Pause, ...] = (),
    corrections: tuple[Correction, ...] = (),
    settled: Settled | None = None,
) -> ReferenceRun:
    """Score everybody. Rows are read and deduplicated; their values stand in the order of ``reading.record_fields``
    and ``reading.subject_fields``. Each correction is of another record that is there. Of a rulebook that scores by a
    field, all records given are taken for those of one value; ``refer_each`` parts them. ``settled``: what of actors
    need not be worked out from these rows.
    """
    return ReferenceRun(rulebook, records or (), subjects or (), as_of, pauses, corrections, settled=settled)


def refer_each(
    rulebook: Rulebook,
    records: tuple[Row, ...] | None,
    subjects: tuple[Row, ...] | None,
    as_of: date,
    pauses: tuple[Pause, ...] = (),
    corrections: tuple[Correction, ...] = (),
) -> dict[str | None, ReferenceRun]:
    """Score everybody for each value of the field that the score is by, in the order of the values: each time as if
    there were no other records than those of the value. Of a rulebook that scores by none: the one run, under None."""
    values = values_of(rulebook)
    if not values:
        return {None: refer(rulebook, records, subjects, as_of, pauses, corrections)}
    return {
        value: ReferenceRun(rulebook, records or (), subjects or (), as_of, pauses, corrections, value=value)
        for value in values
    }


class Settled(Struct, frozen=True):
    """What records read of their actors is what ``run`` gives, but of those named ``anew``."""

    run: ReferenceRun
    anew: frozenset[str]


class ReferenceRun:
    """A ledger that works out each person when asked; it is a ``ledger.Run``."""

    def __init__(
        self,
        rulebook: Rulebook,
        records: tuple[Row, ...],
        subjects: tuple[Row, ...],
        as_of: date,
        pauses: tuple[Pause, ...] = (),
        corrections: tuple[Correction, ...] = (),
        *,
        value: str | None = None,
        settled: Settled | None = None,
    ) -> None:
        """Look once at every record for what does not depend on who is asked about; ``value``: at every one of it."""
        self._rulebook = rulebook = on_day(rulebook, as_of)
        self.value = value
        applied = corrected(rulebook, records, corrections)
        if value is not None:
            applied = of_value(rulebook, applied, value)
        self._replaced = applied.replaced
        self._records = Records(rulebook, applied.standing, subjects, as_of, pauses, applied.voided)
        self._subject_rows = len(subjects)
        self._measurings: dict[str, Measuring | None] = {}
        self._settled = settled
        self._records.measure_of = self._measure_of
        # What a measure reads of its records' actors is taken before it.
        for measure in what_is_read_first(rulebook.measures):
            self._measurings[measure.name] = measuring_of(measure, self._records)
        read = measures_read(rulebook)
        in_order = ((each.name, self._measurings[each.name]) for each in rulebook.measures)
        self._reading = _by_kind(measuring for name, measuring in in_order if measuring is not None and name in read)
        self._candidates = self._find_candidates()
        self._ledgers: dict[str, SubjectLedger] = {}

    @property
    def rulebook(self) -> Rulebook:
        """The rules that were run."""
        return self._rulebook

    @property
    def as_of(self) -> date:
        """The last day taken in."""
        return self._records.as_of

    @property
    def counts(self) -> RunCounts:
        """What became of the rows given: all of them were accepted before."""
        admitted = {name for name in self._candidates if self._unmet(self._person(name), reads_measures=False) is None}
        all_, voided = self._records.all, self._records.voided
        return RunCounts(
            rows=len(all_) + len(voided) - self._replaced,
            rejected=0,
            skipped=0,
            copies=0,
            not_admitted=sum(record.subject not in admitted for record in (*all_, *voided)),
            subject_rows=self._subject_rows,
            subject_rejected=0,
            subject_copies=0,
            voided=len(voided) - self._replaced,
            replaced=self._replaced,
        )

    def subjects(self) -> Iterator[str]:
        """Everyone who was a candidate, in the order of code points."""
        return iter(sorted(self._candidates))

    def subject(self, name: str) -> SubjectLedger | None:
        """Return one person's ledger; None if no input names the person."""
        if name not in self._candidates:
            return None
        if name not in self._ledgers:
            self._ledgers[name] = self._ledger(self._person(name))
        return self._ledgers[name]

    def ledgers(self) -> Iterator[SubjectLedger]:
        """Everyone's ledger, in the order of ``subjects``."""
        for name in self.subjects():
            ledger = self.subject(name)
            if ledger is not None:
                yield ledger

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """Return the records behind a person's measures, measure by measure; none for who was not admitted."""
        person = self._person(name)
        if name not in self._candidates or self._unmet(person, reads_measures=False) is not None:
            return
        for measure in self._rulebook.measures:
            measured = person.measured(measure.name)
            if measured is not None:
                yield from evidence_rows(name, measured)

    def pauses(self, name: str) -> tuple[Stretch, ...]:
        """Return a person's absences up to the as-of day."""
        return self._records.away.get(name, ())

    def attributes(self, name: str) -> tuple[InputRow, ...]:
        """Return what was read about a person, admitted or not."""
        return self._inputs(self._person(name)) if name in self._candidates else ()

    def _inputs(self, person: Person) -> tuple[InputRow, ...]:
        return tuple(
            InputRow(person.name, field.name, written(person.attribute(field.name, "subject")))
            for field in self._rulebook.subjects or ()
        )

    # ---- steps 4 to 10 -------------------------------------------------------------------------------------------

    def _find_candidates(self) -> set[str]:
        """Return who has a row in ``subjects``; where none are declared, whom a record up to the as-of day names.

        By a field, who has both: whom no record of a value names has no score for it.
        """
        named = (record.subject for record in self._records.all if not self._records.not_yet(record))
        found = {name for name in named if name is not None}
        if self._rulebook.subjects is None:
            return found
        known = set(self._records.attributes)
        return known if self._rulebook.score.by is None else known & found

    def earned(self, actor: str, name: str) -> Decimal | None:
        """Return a measure of somebody who acted, as records read it."""
        return self._records.earned(actor, name)

    def _measure_of(self, actor: str, name: str) -> Decimal | None:
        if self._settled is not None and actor not in self._settled.anew:
            return self._settled.run.earned(actor, name)
        return self._person(actor).measure(name)

    def _person(self, name: str) -> Person:
        return Person(name, self._records, self._measurings)

    def _unmet(self, person: Person, *, reads_measures: bool) -> Require | None:
        """Return the first requirement of the one sort or the other that a person does not meet."""
        asked = [require for require in self._rulebook.requires if require.reads_measures is reads_measures]
        return next((require for require in asked if holds(require.when, person) is not True), None)

    def _ledger(self, person: Person) -> SubjectLedger:
        unmet = self._unmet(person, reads_measures=False)
        if unmet is not None:
            return SubjectLedger(_no_score(person, unmet), (), (), (), (), (), (), ())
        measures = tuple(person.measure_row(measure.name) for measure in self._rulebook.measures)
        measured = [person.measured(measure.name) for measure in self._rulebook.measures]
        steps = tuple(step for each in measured if each is not None for step in each.steps)
        inputs = self._inputs(person)
        accounts = self._accounts(person.name)
        unmet = self._unmet(person, reads_measures=True)
        if unmet is not None:
            return SubjectLedger(_no_score(person, unmet), (), (), (), measures, steps, inputs, accounts)
        scored = score_of(self._rulebook, person.name, person)
        if scored.score is None:
            row = ScoreRow(person.name, "insufficient data", None, None, NO_RULE)
            return SubjectLedger(row, (), (), (), measures, steps, inputs, accounts)
        row = ScoreRow(person.name, "scored", scored.score, scored.band, None)
        return SubjectLedger(
            row,
            scored.lines,
            scored.facets,
            scored.adjustments,
            measures,
            steps,
            inputs,
            accounts,
            scored.needs,
        )

    # ---- fates ---------------------------------------------------------------------------------------------------

    def _accounts(self, name: str) -> tuple[AccountRow, ...]:
        """Count the fates of the records about a person."""
        fates = Counter(self._fate(record) for record in self._records.about.get(name, ()))
        fates[("voided", "")] = sum(record.subject == name for record in self._records.voided)
        names = ("", *(exclude.name for exclude in self._rulebook.excludes))
        return tuple(
            AccountRow(name, fate, by, fates[(fate, by)]) for fate in _FATES for by in names if fates[(fate, by)]
        )

    def _fate(self, record: Record) -> tuple[Fate, str]:
        """Return a record's first fate, and the exclusion if it is that."""
        if self._records.not_yet(record):
            return ("not yet", "")
        if self._records.unlisted(record):
            return ("unused", "")
        if record.number in self._records.exclusion:
            return ("excluded", self._records.exclusion[record.number])
        passing = [measuring for measuring in self._reading.get(record.kind, ()) if record.number in measuring.passing]
        if any(measuring.inside(record) for measuring in passing):
            return ("taken in", "")
        return ("outside window" if passing else "unused", "")


class Person:
    """What the names in a person's expressions stand for; a measure is taken when it is first asked for."""

    def __init__(self, name: str, records: Records, measurings: dict[str, Measuring | None]) -> None:
        """Know the person's name, all records, and how every measure is taken."""
        self.name = name
        self._records = records
        self._measurings = measurings
        self._measured: dict[str, Measured | None] = {}
        self._rows: dict[str, MeasureRow] = {}

    @property
    def as_of(self) -> date:
        """The last day taken in."""
        return self._records.as_of

    @property
    def zone(self) -> str:
        """The rulebook's time zone."""
        return self._records.rulebook.time_zone

    def field(self, name: str) -> Scalar | None:
        """Refuse: only records have fields."""
        raise AssertionError(name)

    def attribute(self, name: str, whose: Literal["subject", "actor"]) -> Scalar | None:
        """Return an attribute of the person."""
        if whose == "actor":
            raise AssertionError(name)
        return self._records.attributes.get(self.name, {}).get(name)

    def measure(self, name: str) -> Decimal | None:
        """Return a measure; None where it is missing or not applicable."""
        return self.measure_row(name).value

    def earned(self, name: str) -> Decimal | None:
        """Refuse: only records have an actor."""
        raise AssertionError(name)

    def returned(self, within: Decimal) -> bool:
        """Refuse: only records are returned."""
        raise AssertionError(within)

    def measured(self, name: str) -> Measured | None:
        """Return a measure with its steps and records; None for a formula."""
        if name not in self._measured:
            measuring = self._measurings[name]
            self._measured[name] = None if measuring is None else measuring.of(self.name)
        return self._measured[name]

    def measure_row(self, name: str) -> MeasureRow:
        """Return a measure's row in the ledger."""
        if name not in self._rows:
            measured = self.measured(name)
            self._rows[name] = self._formula_row(name) if measured is None else measured.row
        return self._rows[name]

    def _formula_row(self, name: str) -> MeasureRow:
        measure = measures_by_name(self._records.rulebook.measures)[name]
        assert isinstance(measure.aggregate, Formula)  # noqa: S101  what is not of records is a formula
        if measure.when is not None and holds(measure.when, self) is not True:
            return MeasureRow(self.name, name, "not applicable", None, None)
        value = evaluate(measure.aggregate.value, self)
        assert value is None or isinstance(value, Decimal)  # noqa: S101  the checker's promise
        return MeasureRow(self.name, name, "missing" if value is None else "value", value, None)


def _no_score(person: Person, unmet: Require) -> ScoreRow:
    return ScoreRow(person.name, unmet.outcome, None, None, unmet.name)


def _by_kind(measurings: Iterable[Measuring]) -> dict[str | None, list[Measuring]]:
    """Put together those that look at records of the same kind."""
    found: dict[str | None, list[Measuring]] = {}
    for measuring in measurings:
        for kind in measuring.aggregate.kinds:
            found.setdefault(kind, []).append(measuring)
    return found
