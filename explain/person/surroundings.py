"""Takes a person's ledger and its run; gives what stands around the lines: requirement, records, data and receipt."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from tallystick.engine.arithmetic import text_of
from tallystick.engine.ledger import Run, RunCounts, SubjectLedger
from tallystick.engine.receipt import Receipt
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.person.measured import Measures
from tallystick.explain.person.planner import field_type
from tallystick.explain.person.plans import RequirePlan, RulebookPlan, RulePlan
from tallystick.explain.person.values import Person
from tallystick.explain.person.working import unknown_in, work
from tallystick.explain.tongue import say
from tallystick.explain.tree.bands import Requirement, RuleAsked
from tallystick.explain.tree.measures import NotCounted
from tallystick.explain.tree.nodes import Node
from tallystick.explain.tree.origins import ComingValue, DataFacts, DatedFigure, InputFacts, ReceiptFacts
from tallystick.rules.epochs import on_day, value_on
from tallystick.rules.rule import Rule, Weighted
from tallystick.rules.rulebook import Parameter, Rulebook
from tallystick.rules.value import DurationType

NO_RULE_APPLIES = "score"
"""What the ledger calls the requirement that some rule apply, which every mean has."""


def requirement_of(plan: RulebookPlan, person: Person, measures: Measures) -> Requirement | None:
    """Return the requirement that was not met, with what was there instead."""
    name = person.ledger.score.requirement
    if name is None:
        return None
    if name == NO_RULE_APPLIES and name not in plan.requires:
        return Requirement(
            name=name,
            title=say("at least one rule that applies"),
            words=say("No rule applies to you."),
            because=None,
            condition=None,
            measures=(),
            inputs=(),
            rules=tuple(_asked_by(each, person, measures) for each in plan.rules if _weighs(each.rule)),
        )
    require = plan.requires[name]
    known = bool(person.inputs or person.ledger.measures) or not (require.measures or require.attributes)
    condition, holds = work(require.condition, person) if known else (require.condition.blank, None)
    if holds is True:
        raise DoesNotAddUp(person.ledger.score.subject, f"requirement {name}", "not met", "met")
    return _asked(require, condition, measures)


def met_of(plan: RulebookPlan, person: Person, measures: Measures) -> tuple[Requirement, ...]:
    """Return the requirements of a person with a score, who meets them all."""
    if person.ledger.score.outcome != "scored":
        return ()
    found = []
    for name, require in plan.requires.items():
        condition, holds = work(require.condition, person)
        if holds is not True:
            raise DoesNotAddUp(person.ledger.score.subject, f"requirement {name}", "met", "not met")
        found.append(_asked(require, condition, measures))
    return tuple(found)


def _asked(require: RequirePlan, condition: Node, measures: Measures) -> Requirement:
    """Return what a requirement asks for, and what there is of that."""
    return Requirement(
        name=require.require.name,
        title=require.require.title,
        words=require.require.words,
        because=require.require.because,
        condition=condition,
        measures=measures.of(require.measures),
        inputs=measures.given(require.attributes),
    )


def _weighs(rule: Rule) -> bool:
    """Say whether a rule of a mean weighs anything: one that does not may apply where no other does."""
    return isinstance(rule.body, Weighted) and rule.body.weight.value != 0


def _asked_by(plan: RulePlan, person: Person, measures: Measures) -> RuleAsked:
    """Return what a rule that does not apply asks for, and what there is of that.

    INVARIANT: it does not apply, or nothing is shown.
    """
    condition, holds = (None, True) if plan.condition is None else work(plan.condition, person)
    looks_at, value = work(plan.looks_at, person) if holds is True else (plan.looks_at.blank, None)
    if value is not None:
        raise DoesNotAddUp(person.ledger.score.subject, f"rule {plan.rule.name}", "does not apply", "applies")
    read = [] if holds is False else [each for each in (condition, looks_at) if each is not None]
    return RuleAsked(
        rule=plan.rule.name,
        title=plan.rule.title,
        condition=condition,
        missing=next((name for each in read for name in unknown_in(each)), None),
        measures=measures.of(plan.measures),
        inputs=measures.given(plan.attributes),
    )


def not_counted_of(plan: RulebookPlan, ledger: SubjectLedger) -> tuple[NotCounted, ...]:
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


def receipt_of(run: Run) -> ReceiptFacts | None:
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


def data_form(rulebook: Rulebook, counts: RunCounts, receipt: ReceiptFacts | None) -> DataFacts:
    """Return what was read in all, without what was read of anybody."""
    return DataFacts(
        fields=tuple(each.name for each in rulebook.records or ()),
        types={each.name: field_type(each.type) for each in rulebook.records or ()},
        attributes=tuple(each.name for each in rulebook.subjects or ()),
        titles={each.name: each.title for each in rulebook.records or () if each.title is not None},
        sources=() if receipt is None else tuple(each.name for each in receipt.inputs),
        records=None,
        taken_in=None,
        latest_record=None,
        run_rows=counts.rows,
        run_rejected=counts.rejected,
        run_skipped=counts.skipped,
        run_copies=counts.copies,
        run_subject_rows=counts.subject_rows,
        run_subject_rejected=counts.subject_rejected,
        run_pause_rows=counts.pause_rows,
        run_pause_rejected=counts.pause_rejected,
    )


def data_of(form: DataFacts, plan: RulebookPlan, ledger: SubjectLedger) -> DataFacts:
    """Return what was read, of this person and in all."""
    failed = None if ledger.score.requirement is None else plan.requires.get(ledger.score.requirement)
    if failed is not None and not failed.require.reads_measures:
        return form
    records = sum([row.records for row in ledger.accounts])
    taken_in = sum([row.records for row in ledger.accounts if row.fate == "taken in"])
    return replace(form, records=records, taken_in=taken_in)


def dated_of(rulebook: Rulebook, as_of: date) -> tuple[DatedFigure, ...]:
    """Return the parameters with dated values, as they stand on a day."""
    return tuple(_dated(each, as_of) for each in on_day(rulebook, as_of).parameters if each.dated)


def _dated(parameter: Parameter, as_of: date) -> DatedFigure:
    now = value_on(parameter, as_of)
    return DatedFigure(
        name=parameter.name,
        title=parameter.title,
        unit="duration" if isinstance(parameter.value.expr.type, DurationType) else "number",
        value=text_of(parameter.value.value),
        since=None if now is None else now.start,
        because=parameter.because if now is None else now.because,
        coming=tuple(
            ComingValue(value=text_of(later.value.value), start=later.start, because=later.because)
            for later in parameter.dated
            if later.start > as_of
        ),
    )
