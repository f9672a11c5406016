"""Takes a run and a person; gives the explanation: facts only, and only after every sum in it has been redone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain

from tallystick.engine.arithmetic import add, text_of
from tallystick.engine.ledger import EvidenceRow, InputRow, LineRow, Run, SubjectLedger
from tallystick.engine.pauses import reads_pauses
from tallystick.explain.by_value import by_value
from tallystick.explain.document import Explanation
from tallystick.explain.errors import AbsentSubject
from tallystick.explain.languages.in_language import run_in_language
from tallystick.explain.person.acts import corrections_of, statements_of, uncorrected
from tallystick.explain.person.alike import Alike, MadeLine
from tallystick.explain.person.bands import band_of
from tallystick.explain.person.clocks import by_clocks
from tallystick.explain.person.lines import line_of, weights_that_apply
from tallystick.explain.person.measured import Measures, lacking, missing_values
from tallystick.explain.person.plans import RulebookPlan, RulePlan, plan_rulebook
from tallystick.explain.person.reasons import moves_of, principal_reasons
from tallystick.explain.person.running import RunningTotals, latest_first
from tallystick.explain.person.saying import names_in
from tallystick.explain.person.scores import adjustment_of, facets_of, points_of, scale_of, score_working
from tallystick.explain.person.surroundings import (
    data_form,
    data_of,
    dated_of,
    met_of,
    not_counted_of,
    receipt_of,
    requirement_of,
)
from tallystick.explain.person.values import Person
from tallystick.explain.person.working import agrees, number
from tallystick.explain.tongue import language_spoken
from tallystick.explain.tree.bands import BandPlace, Requirement
from tallystick.explain.tree.measures import Absence, MissingValue
from tallystick.explain.tree.records import AskedMeasure, Evidence, EvidenceSum
from tallystick.explain.tree.scores import Scale
from tallystick.rules.measure import Distinct


class Explainer:
    """Explains the people of one run; what is the same for all of them is made once."""

    def __init__(self, run: Run) -> None:
        """Make the rulebook ready."""
        self._run = run
        self._receipt = receipt_of(run)
        self._plan = plan_rulebook(run.rulebook)
        self._alike = Alike(self._plan)
        self._scales: dict[str | None, Scale] = {}
        self._by = by_value(run.rulebook, getattr(run, "value", None))
        self._dated = dated_of(run.rulebook, run.as_of)
        self._data = data_form(run.rulebook, run.counts, self._receipt)
        self._reads_pauses = reads_pauses(run.rulebook)

    def explain(self, subject: str, *, evidence: bool = False, computed_at: datetime | None = None) -> Explanation:
        """Return the explanation of one person's result.

        Raises ``AbsentSubject`` when no input names the person, and ``DoesNotAddUp`` when the ledger is wrong.
        """
        ledger = self._run.subject(subject)
        if ledger is None:
            raise AbsentSubject(subject)
        return self.of(ledger, evidence=evidence, computed_at=computed_at)

    def of(
        self,
        ledger: SubjectLedger,
        *,
        evidence: bool | Iterable[EvidenceRow] = False,
        computed_at: datetime | None = None,
    ) -> Explanation:
        """Return the explanation of a ledger that is at hand already, and with evidence that may be."""
        plan, run, score = self._plan, self._run, ledger.score
        person = Person(plan, ledger, run.as_of, self._absences(ledger), self._read(ledger))
        measures = Measures(plan, person)
        applying = None if plan.rulebook.score.out_of is None else text_of(weights_that_apply(ledger, plan))
        made = self._alike.lines(applying, person, partial(self._made_line, person, measures))
        scale = self._scale(None if score.score is None else applying)
        asked = run.evidence(score.subject) if evidence is True else evidence
        records = () if asked is False else tuple(self._evidence(asked))
        requirement = requirement_of(plan, person, measures)
        band = band_of(plan, person, measures)
        return Explanation(
            language=language_spoken(),
            subject=score.subject,
            by=self._by,
            outcome=score.outcome,
            score=None if score.score is None else text_of(score.score, plan.rulebook.score.places),
            scale=scale,
            band=band,
            as_of=run.as_of,
            computed_at=None if computed_at is None else computed_at.astimezone(UTC).replace(microsecond=0),
            rulebook=plan.facts,
            requirement=requirement,
            met=met_of(plan, person, measures),
            lines=tuple([each.line for each in made]),
            facets=facets_of(plan, ledger),
            adjustments=tuple(adjustment_of(plan, row) for row in ledger.adjustments),
            working=score_working(plan, ledger, scale, [each.points for each in made]),
            principal_reasons=principal_reasons([each.moves for each in made], plan.rulebook.score.reasons),
            not_counted=not_counted_of(plan, ledger),
            missing=missing_values([*chain(*[each.lacks for each in made]), *_lacked(band, requirement)]),
            pauses=person.absences,
            corrections=corrections_of(run, plan, ledger),
            uncorrected=uncorrected(run, plan, ledger),
            statements=statements_of(run, plan, ledger),
            records=records,
            records_added=_records_added(records, person),
            asked=tuple(_asked_of(plan, {each.measure for each in records})) if records else (),
            dated=self._dated,
            data=data_of(self._data, plan, ledger),
            receipt=self._receipt,
        )

    def _made_line(self, person: Person, measures: Measures, rule: RulePlan, row: LineRow) -> MadeLine:
        """Return a line with what the rest of the explanation takes from it."""
        plan = self._plan
        line = line_of(rule, row, person, measures, plan)
        return MadeLine(
            line,
            points=points_of(row, rule.rule),
            moves=moves_of(line, mean=plan.rulebook.score.out_of is not None, places=plan.line_places),
            lacks=lacking(line.rule, line.measures, line.inputs),
        )

    @cached_property
    def _read_measures(self) -> frozenset[str]:
        """The measures that a rule, a requirement or a band reads, be it in its own words or through another."""
        plan = self._plan
        read = [each.measures for each in plan.rules]
        read += [names_in(each.rule.say) for each in plan.rules if each.rule.say is not None]
        read += [each.measures for each in plan.requires.values()]
        read += [each.measures for needs in plan.needs.values() for each in needs]
        return frozenset(plan.opened(name for names in read for name in names))

    def _scale(self, applying: str | None) -> Scale:
        """Return the scale, which is the same for all to whom the same weights apply."""
        if applying not in self._scales:
            self._scales[applying] = scale_of(self._plan, applying)
        return self._scales[applying]

    def _absences(self, ledger: SubjectLedger) -> tuple[Absence, ...]:
        """Return when a person was away; nothing of who was never measured, or where no rule asks."""
        if not ledger.measures or not self._reads_pauses:
            return ()
        away = self._run.pauses(ledger.score.subject)
        return tuple(Absence(first=each.first, last=each.last, days=each.days) for each in away)

    def _read(self, ledger: SubjectLedger) -> tuple[InputRow, ...]:
        """Return what was read about a person who was not admitted: the ledger tells of nobody before that."""
        failed = self._plan.requires.get(ledger.score.requirement or "")
        if failed is None or failed.require.reads_measures or not failed.attributes:
            return ()
        return self._run.attributes(ledger.score.subject)

    def _evidence(self, rows: Iterable[EvidenceRow]) -> Iterable[Evidence]:
        """Return the records behind the person's measures, as far as anything reads them that decides the result."""
        plan, read = self._plan, self._read_measures
        declared, zone = plan.rulebook.records or (), plan.rulebook.time_zone
        fields = [each.name for each in declared]
        totals = RunningTotals()
        place = fields.index("at") if "at" in fields else None
        for row in latest_first((each for each in rows if each.measure in read), place):
            exclude = plan.excludes.get(row.name) if row.fate == "excluded" else None
            yield Evidence(
                measure=row.measure,
                singular=plan.measures[row.measure].measure.singular,
                plural=plan.measures[row.measure].measure.plural,
                order=row.order,
                record={
                    each.name: by_clocks(each, value, zone) for each, value in zip(declared, row.values, strict=True)
                },
                fate=row.fate,
                name=_same(plan, row.measure) if row.fate == "repeated" else row.name or None,
                title=None if exclude is None else exclude.title,
                effect=None if row.effect is None else text_of(row.effect),
                so_far=totals.after(row.measure, row.effect),
            )


def _lacked(band: BandPlace | None, requirement: Requirement | None) -> Iterator[MissingValue]:
    """Give what the needs of bands and a requirement that was not met have no value of."""
    for level in () if band is None else band.levels:
        for need in level.needs:
            yield from lacking(level.name, need.measures, need.inputs)
    if requirement is not None:
        yield from lacking(requirement.name, requirement.measures, requirement.inputs)
        for each in requirement.rules:
            yield from lacking(each.rule, each.measures, each.inputs)


def _same(plan: RulebookPlan, measure: str) -> str | None:
    """Return the field of which a measure counts each value once; None of several."""
    aggregate = plan.measures[measure].measure.aggregate
    return aggregate.fields[0] if isinstance(aggregate, Distinct) and len(aggregate.fields) == 1 else None


def _asked_of(plan: RulebookPlan, listed: set[str]) -> Iterator[AskedMeasure]:
    """Give the requirements that look at a measure whose records are listed, or at one that is made of it."""
    for each in plan.requires.values():
        for name in plan.opened(each.measures):
            if name in listed:
                yield AskedMeasure(measure=name, requirement=each.require.name, title=each.require.title)


def _records_added(records: tuple[Evidence, ...], person: Person) -> tuple[EvidenceSum, ...]:
    """Return what the records behind each measure added together.

    INVARIANT: that is the measure, or nothing is shown.
    """
    sums: dict[str, Decimal] = {}
    for each in records:
        if each.effect is not None:
            sums[each.measure] = add(sums.get(each.measure, Decimal(0)), Decimal(each.effect))
    for name, total in sums.items():
        agrees(person.ledger.score.subject, f"the records behind {name}", person.measure(name), number(total))
    return tuple(EvidenceSum(measure=name, value=text_of(total)) for name, total in sums.items())


def explain(
    run: Run,
    subject: str,
    *,
    evidence: bool = False,
    computed_at: datetime | None = None,
    language: str | None = None,
) -> Explanation:
    """Return why one person's score is what it is, or why there is none.

    ``evidence`` adds the records behind each line. Raises ``AbsentSubject`` when no input names the person. Lines and
    adjustments are added up again each time: ``DoesNotAddUp`` means that the ledger is wrong, which is our bug.
    ``language``: of its words, such as ``"de"``; None is English. Raises ``UnknownLanguage`` where there is none such.
    """
    if language is None:
        return Explainer(run).explain(subject, evidence=evidence, computed_at=computed_at)
    with run_in_language(run, language) as worded:
        return Explainer(worded).explain(subject, evidence=evidence, computed_at=computed_at)
