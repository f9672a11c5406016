"""Takes a run and a person; gives the explanation: facts only, and only after every sum in it has been redone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from tallystick.engine.arithmetic import add, divide, text_of, total_of
from tallystick.engine.ledger import AdjustmentRow, LineRow, Run, RunCounts, SubjectLedger
from tallystick.engine.receipt import Receipt
from tallystick.explain.document import (
    Adjustment,
    BandPlace,
    DataFacts,
    Evidence,
    EvidenceSum,
    Explanation,
    FacetTotal,
    InputFacts,
    Line,
    NeighbourBand,
    Node,
    NotCounted,
    ReceiptFacts,
    Requirement,
    Scale,
    TableRow,
)
from tallystick.explain.errors import AbsentSubject, DoesNotAddUp
from tallystick.explain.figures import about
from tallystick.explain.measured import Measures, leaves, left_out, missing_values
from tallystick.explain.person import Person
from tallystick.explain.plans import RulebookPlan, RulePlan, plan_rulebook
from tallystick.explain.reasons import principal_reasons
from tallystick.explain.saying import said
from tallystick.explain.working import agrees, blank, made, number, work
from tallystick.rules.decimals import EXACT
from tallystick.rules.rulebook import Rulebook, Table, Weighted

NO_RULE_APPLIES = "score"
"""What the ledger calls the requirement that some rule apply, which every mean has."""


class Explainer:
    """Explains the people of one run; what is the same for all of them is made once."""

    def __init__(self, run: Run) -> None:
        """Make the rulebook ready."""
        self._run = run
        self._counts = run.counts
        self._receipt = _receipt(run)
        self._plan = _planned(run.rulebook)

    def explain(self, subject: str, *, evidence: bool = False, computed_at: datetime | None = None) -> Explanation:
        """Return the explanation of one person's result.

        Raises ``AbsentSubject`` when no input names the person, and ``DoesNotAddUp`` when the ledger is wrong.
        """
        ledger = self._run.subject(subject)
        if ledger is None:
            raise AbsentSubject(subject)
        return self.of(ledger, evidence=evidence, computed_at=computed_at)

    def of(self, ledger: SubjectLedger, *, evidence: bool = False, computed_at: datetime | None = None) -> Explanation:
        """Return the explanation of a ledger that is at hand already."""
        plan, run, score = self._plan, self._run, ledger.score
        person = Person(plan, ledger, run.as_of)
        measures = Measures(plan, person)
        lines = tuple(
            _line(rule, row, person, measures, plan) for rule, row in zip(plan.rules, ledger.lines, strict=False)
        )
        scale = _scale(plan, ledger)
        records = tuple(self._evidence(score.subject)) if evidence else ()
        requirement = _requirement(plan, person, measures)
        readers = [(line.rule, line.measures, line.inputs) for line in lines]
        if requirement is not None:
            readers.append((requirement.name, requirement.measures, requirement.inputs))
        return Explanation(
            subject=score.subject,
            outcome=score.outcome,
            score=None if score.score is None else text_of(score.score, plan.rulebook.score.places),
            scale=scale,
            band=_band(plan.rulebook, ledger),
            as_of=run.as_of,
            computed_at=None if computed_at is None else computed_at.astimezone(UTC).replace(microsecond=0),
            rulebook=plan.facts,
            requirement=requirement,
            lines=lines,
            facets=_facets(plan, ledger),
            adjustments=tuple(_adjustment(plan, row) for row in ledger.adjustments),
            working=_score_working(plan, ledger, scale),
            principal_reasons=principal_reasons(
                lines, mean=plan.rulebook.score.out_of is not None, places=plan.line_places
            ),
            not_counted=_not_counted(plan, ledger),
            missing=missing_values(readers),
            records=records,
            records_added=_records_added(records, person),
            data=_data(plan.rulebook, self._counts, self._receipt, ledger),
            receipt=self._receipt,
        )

    def _evidence(self, subject: str) -> Iterable[Evidence]:
        """Return the records behind the person's measures."""
        plan = self._plan
        fields = [each.name for each in plan.rulebook.records or ()]
        for row in self._run.evidence(subject):
            exclude = plan.excludes.get(row.name) if row.fate == "excluded" else None
            yield Evidence(
                measure=row.measure,
                singular=plan.measures[row.measure].measure.singular,
                plural=plan.measures[row.measure].measure.plural,
                order=row.order,
                record=dict(zip(fields, row.values, strict=True)),
                fate=row.fate,
                name=row.name or None,
                title=None if exclude is None else exclude.title,
                effect=None if row.effect is None else text_of(row.effect),
            )


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


def explain(run: Run, subject: str, *, evidence: bool = False, computed_at: datetime | None = None) -> Explanation:
    """Return why one person's score is what it is, or why there is none.

    ``evidence`` adds the records behind each line. Raises ``AbsentSubject`` when no input names the person. Lines and
    adjustments are added up again each time: ``DoesNotAddUp`` means that the ledger is wrong, which is our bug.
    """
    return Explainer(run).explain(subject, evidence=evidence, computed_at=computed_at)


_last: tuple[Rulebook, RulebookPlan] | None = None


def _planned(rulebook: Rulebook) -> RulebookPlan:
    """Return a rulebook's plan; the last one is kept, so that explaining one person after another makes it once."""
    global _last  # noqa: PLW0603  (a cache of one; replacing it whole is safe between threads)
    if _last is None or _last[0] is not rulebook:
        _last = (rulebook, plan_rulebook(rulebook))
    return _last[1]


# ---- lines -------------------------------------------------------------------------------------------------------


def _line(rule_plan: RulePlan, row: LineRow, person: Person, measures: Measures, plan: RulebookPlan) -> Line:
    """Return a rule's line with its working, which must come to the ledger's points."""
    rule, places = rule_plan.rule, plan.line_places
    measured = measures.of(rule_plan.measures)
    inputs = measures.given(rule_plan.attributes)
    table = rule.body if isinstance(rule.body, Table) else None
    taken_row = None if table is None or row.row is None else table.rows[row.row]
    weighted = rule.body if isinstance(rule.body, Weighted) else None
    return Line(
        rule=rule.name,
        title=rule.title,
        facet=rule.facet,
        why=rule.because,
        state=row.state,
        missing=row.missing,
        points=None if row.points is None else text_of(row.points, places),
        of=None if rule_plan.most is None else text_of(rule_plan.most),
        weight=_text(None if weighted is None else weighted.weight.value),
        shape=None if weighted is None or weighted.shape is None else weighted.shape.name,
        full=_text(None if weighted is None or weighted.shape is None else weighted.shape.full.value),
        looks_at=_looked_at(rule_plan, row, person),
        level=_text(row.level),
        row=None
        if taken_row is None or row.row is None
        else TableRow(number=row.row + 1, text=taken_row.text, words=taken_row.words),
        value=_text(row.value),
        given=_text(row.given),
        taken=_text(row.taken),
        rounding=_text(row.rounding),
        at_least=_text(None if rule.at_least is None else rule.at_least.value),
        at_most=_text(None if rule.at_most is None else rule.at_most.value),
        condition=None if rule_plan.condition is None else work(rule_plan.condition, person),
        otherwise=None if rule.otherwise is None else rule.otherwise.words,
        says=None if rule.say is None or row.state != "applies" else said(rule.say, person, plan),
        measures=measured,
        inputs=inputs,
        counted=sum(each.records or 0 for each in leaves(measured)),
        not_counted=left_out(measured),
        working=_line_working(rule_plan, row, person, plan),
        **_effective_weight(weighted, row, person.ledger, plan),
    )


def _text(value: Decimal | None) -> str | None:
    """Return a number in its shortest text."""
    return None if value is None else text_of(value)


def _effective_weight(
    weighted: Weighted | None, row: LineRow, ledger: SubjectLedger, plan: RulebookPlan
) -> dict[str, str | None]:
    """Return the part of the scale that a rule has for this person: its weight, or its share of what applies."""
    if weighted is None or row.points is None:
        return {"effective_weight": None, "effective_weight_about": None}
    weight, out_of = weighted.weight.value, plan.rulebook.score.out_of
    if out_of is not None:
        weight = divide(EXACT.multiply(weight, out_of.value), _weights(ledger, plan))
    return {"effective_weight": text_of(weight), "effective_weight_about": about(weight)}


def _weights(ledger: SubjectLedger, plan: RulebookPlan) -> Decimal:
    """Return the sum of the weights that apply."""
    return total_of(
        [
            rule_plan.rule.body.weight.value
            for row, rule_plan in zip(ledger.lines, plan.rules, strict=False)
            if row.points is not None and isinstance(rule_plan.rule.body, Weighted)
        ]
    )


def _looked_at(rule_plan: RulePlan, row: LineRow, person: Person) -> Node:
    """Return the working of what a rule looks at; without values where its condition kept it from being worked out."""
    if row.state != "applies" and rule_plan.condition is not None and work(rule_plan.condition, person).value != "yes":
        return blank(rule_plan.looks_at)
    return work(rule_plan.looks_at, person)


def _line_working(rule_plan: RulePlan, row: LineRow, person: Person, plan: RulebookPlan) -> Node | None:
    """Return a line's working, from what the rule looks at to its points.

    INVARIANT: its value is the ledger's points, or nothing is shown.
    """
    if row.points is None:
        return None
    if row.row is not None:
        chosen = rule_plan.rows[row.row]
    elif row.state != "applies" and rule_plan.otherwise is not None:
        chosen = rule_plan.otherwise
    elif rule_plan.whole is not None:
        chosen = rule_plan.whole
    else:
        raise DoesNotAddUp(row.subject, f"rule {row.rule}", text_of(row.points), "no row of its table")
    place = f"rule {row.rule}"
    node = work(chosen, person)
    agrees(row.subject, f"{place} before its bounds", row.value, node)
    rule = rule_plan.rule
    if row.given and rule.at_least is not None:
        node = made("raised to", "number", [node, number(rule.at_least.value)])
    if row.taken and rule.at_most is not None:
        node = made("limited to", "number", [node, number(rule.at_most.value)])
    if row.rounding and plan.line_places is not None:
        node = made("rounded to places", "number", [node, number(Decimal(plan.line_places))])
    agrees(row.subject, place, row.points, node)
    return node


# ---- the score ---------------------------------------------------------------------------------------------------


def _points_of(row: LineRow, plan: RulePlan) -> Node:
    """Return the node that names a line's points."""
    rule = plan.rule
    return Node(
        operator="line", type="number", value=_text(row.points), name=rule.name, singular=rule.title, plural=rule.title
    )


def _bounded(node: Node, rows: list[AdjustmentRow], plan: RulebookPlan) -> Node:
    """Return a sum after the bounds that changed it and the rounding that did."""
    for row in rows:
        limit = _limit(plan, row)
        if row.kind == "cap" and limit is not None:
            node = made("limited to", "number", [node, number(limit)])
        elif row.kind == "floor" and limit is not None:
            node = made("raised to", "number", [node, number(limit)])
        elif row.kind == "rounding" and plan.rulebook.score.places is not None:
            node = made("rounded to places", "number", [node, number(Decimal(plan.rulebook.score.places))])
    return node


def _score_working(plan: RulebookPlan, ledger: SubjectLedger, scale: Scale) -> Node | None:
    """Return the working from the lines to the score.

    INVARIANT: lines plus adjustments are the score, facet by facet and in all, or nothing is shown.
    """
    score = ledger.score
    if score.score is None:
        return None
    _adds_up(ledger)
    parts: list[Node] = []
    loose = {facet.facet: [row for row in ledger.adjustments if row.name == facet.facet] for facet in ledger.facets}
    for facet in ledger.facets:
        inside = [
            _points_of(row, rule)
            for row, rule in zip(ledger.lines, plan.rules, strict=False)
            if rule.rule.facet == facet.facet and row.points is not None
        ]
        node = _bounded(made("sum of", "number", inside), loose[facet.facet], plan)
        agrees(score.subject, f"facet {facet.facet}", facet.subtotal, node)
        parts.append(node.model_copy(update={"name": facet.facet}))
    parts.extend(
        _points_of(row, rule)
        for row, rule in zip(ledger.lines, plan.rules, strict=False)
        if rule.rule.facet is None and row.points is not None
    )
    whole = made("sum of", "number", parts)
    if scale.out_of is not None and scale.weights_that_apply is not None:
        operands = [whole, number(Decimal(scale.out_of)), number(Decimal(scale.weights_that_apply))]
        whole = made("proportion of", "number", operands)
    whole = _bounded(whole, [row for row in ledger.adjustments if row.place == "score"], plan)
    agrees(score.subject, "the score", score.score, whole)
    return whole


def _adds_up(ledger: SubjectLedger) -> None:
    """Assert I1 on the ledger's own rows."""
    subject, score = ledger.score.subject, ledger.score.score
    points = total_of([row.points for row in ledger.lines if row.points is not None])
    total = add(points, total_of([row.amount for row in ledger.adjustments]))
    if total != score:
        raise DoesNotAddUp(subject, "the score", str(score), str(total))


def _limit(plan: RulebookPlan, row: AdjustmentRow) -> Decimal | None:
    """Return the bound behind a cap or floor."""
    holder = plan.rulebook.score if row.place == "score" else plan.facets[row.name]
    match row.kind:
        case "cap":
            return None if holder.at_most is None else holder.at_most.value
        case "floor":
            return None if holder.at_least is None else holder.at_least.value
        case _:
            return None


def _adjustment(plan: RulebookPlan, row: AdjustmentRow) -> Adjustment:
    """Return what a cap, floor, division or rounding did."""
    return Adjustment(
        place=row.place,
        facet=row.name or None,
        kind=row.kind,
        limit=_text(_limit(plan, row)),
        amount=text_of(row.amount, plan.line_places),
    )


def _facets(plan: RulebookPlan, ledger: SubjectLedger) -> tuple[FacetTotal, ...]:
    """Return the facets' sums."""
    return tuple(
        FacetTotal(
            facet=row.facet,
            title=plan.facets[row.facet].title,
            because=plan.facets[row.facet].because,
            lines=text_of(row.lines, plan.line_places),
            subtotal=text_of(row.subtotal, plan.line_places),
        )
        for row in ledger.facets
    )


def _scale(plan: RulebookPlan, ledger: SubjectLedger) -> Scale:
    """Return what scores there can be, and for a mean what it was divided by."""
    score = plan.rulebook.score
    mean = score.out_of is not None
    low, high = score.at_least, score.at_most
    return Scale(
        title=score.title,
        low=_text(Decimal(0) if low is None and mean else None if low is None else low.value),
        high=_text(
            score.out_of.value if high is None and score.out_of is not None else None if high is None else high.value
        ),
        places=score.places,
        higher_is_better=True,
        out_of=None if score.out_of is None else text_of(score.out_of.value),
        weights_that_apply=text_of(_weights(ledger, plan)) if mean and ledger.score.score is not None else None,
    )


def _band(rulebook: Rulebook, ledger: SubjectLedger) -> BandPlace | None:
    """Return where the score stands among the bands."""
    score, bands = ledger.score.score, rulebook.bands
    if score is None or not bands:
        return None
    places = rulebook.score.places
    index = next((i for i, each in enumerate(bands) if each.name == ledger.score.band), -1)
    own = None if index < 0 else bands[index]
    above = bands[index + 1] if index + 1 < len(bands) else None
    below = None if index < 1 else bands[index - 1]
    return BandPlace(
        name=None if own is None else own.name,
        title=None if own is None else own.title,
        start=None if own is None else text_of(own.start),
        above=None
        if above is None
        else NeighbourBand(
            name=above.name,
            title=above.title,
            start=text_of(above.start),
            distance=text_of(EXACT.subtract(above.start, score), places),
        ),
        below=None
        if below is None or own is None
        else NeighbourBand(
            name=below.name,
            title=below.title,
            start=text_of(below.start),
            distance=text_of(EXACT.subtract(score, own.start), places),
        ),
    )


# ---- what surrounds it -------------------------------------------------------------------------------------------


def _requirement(plan: RulebookPlan, person: Person, measures: Measures) -> Requirement | None:
    """Return the requirement that was not met, with what was there instead."""
    name = person.ledger.score.requirement
    if name is None:
        return None
    if name == NO_RULE_APPLIES and name not in plan.requires:
        return Requirement(
            name=name,
            title="at least one rule that applies",
            words="No rule applies to you.",
            because=None,
            condition=None,
            measures=(),
            inputs=(),
        )
    require = plan.requires[name]
    known = bool(person.ledger.inputs or person.ledger.measures) or not (require.measures or require.attributes)
    condition = work(require.condition, person) if known else blank(require.condition)
    if known and condition.value == "yes":
        raise DoesNotAddUp(person.ledger.score.subject, f"requirement {name}", "not met", "met")
    return Requirement(
        name=name,
        title=require.require.title,
        words=require.require.words,
        because=require.require.because,
        condition=condition,
        measures=measures.of(require.measures),
        inputs=measures.given(require.attributes),
    )


def _not_counted(plan: RulebookPlan, ledger: SubjectLedger) -> tuple[NotCounted, ...]:
    """Return the records about the person that no line took in, by what left them out."""
    found: list[NotCounted] = []
    for row in ledger.accounts:
        if row.fate == "taken in" or row.records == 0:
            continue
        exclude = plan.excludes.get(row.name)
        found.append(
            NotCounted(
                reason=row.fate,
                name=row.name or None,
                title=None if exclude is None else exclude.title,
                because=None if exclude is None else exclude.because,
                records=row.records,
            )
        )
    return tuple(found)


def _receipt(run: Run) -> ReceiptFacts | None:
    """Return what a finished run says about how it was made; a run that keeps no receipt has none."""
    found = getattr(run, "receipt", None)
    if not isinstance(found, Receipt):
        return None
    return ReceiptFacts(
        inputs=tuple(
            InputFacts(role=each.role, name=each.name, sha256=each.sha256, rows=each.rows) for each in found.inputs
        ),
        mapping=None if found.mapping is None else found.mapping.name,
        engine=f"{found.engine.name} {found.engine.version}",
        ledger_digest=found.ledger_digest,
    )


def _data(rulebook: Rulebook, counts: RunCounts, receipt: ReceiptFacts | None, ledger: SubjectLedger) -> DataFacts:
    """Return what was read, of this person and in all."""
    name = ledger.score.requirement
    failed = next((each for each in rulebook.requires if each.name == name), None)
    admitted = failed is None or failed.reads_measures
    return DataFacts(
        fields=tuple(each.name for each in rulebook.records or ()),
        attributes=tuple(each.name for each in rulebook.subjects or ()),
        sources=() if receipt is None else tuple(each.name for each in receipt.inputs),
        records=sum(row.records for row in ledger.accounts) if admitted else None,
        taken_in=sum(row.records for row in ledger.accounts if row.fate == "taken in") if admitted else None,
        latest_record=None,
        run_rows=counts.rows,
        run_rejected=counts.rejected,
        run_skipped=counts.skipped,
        run_copies=counts.copies,
        run_subject_rows=counts.subject_rows,
        run_subject_rejected=counts.subject_rejected,
    )
