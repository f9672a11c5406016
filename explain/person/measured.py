"""Takes a person's ledger; gives what each measure and attribute came to, and all that was left out, by what."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from tallystick.engine.arithmetic import add, text_of, total_of, whole
from tallystick.engine.ledger import StepRow
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.figures import both
from tallystick.explain.person.clocks import by_clocks
from tallystick.explain.person.planner import value_type
from tallystick.explain.person.plans import MeasurePlan, RulebookPlan
from tallystick.explain.person.values import Person
from tallystick.explain.person.working import agrees, work
from tallystick.explain.tree.measures import Absence, Given, Measured, MissingValue, NotCounted, Step
from tallystick.explain.tree.nodes import Node
from tallystick.rules.measure import Measure


class Measures:
    """Makes the facts of one person's measures, each once however many lines read it."""

    def __init__(self, plan: RulebookPlan, person: Person) -> None:
        """Begin with none made."""
        self._plan = plan
        self._person = person
        self._made: dict[str, Measured] = {}

    def of(self, names: tuple[str, ...]) -> tuple[Measured, ...]:
        """Return the facts of these measures; none of people who were never measured."""
        return tuple([self._one(name) for name in names if name in self._person.measures])

    def given(self, names: tuple[str, ...]) -> tuple[Given, ...]:
        """Return the attributes of these names, as read."""
        person = self._person
        return tuple([self._given(name) for name in names if name in person.inputs])

    def _given(self, name: str) -> Given:
        """Return one attribute."""
        field = self._plan.attributes[name]
        value = by_clocks(field, self._person.inputs.get(name), self._plan.rulebook.time_zone)
        return Given(attribute=name, title=field.title, type=value_type(field.type), value=value)

    def _one(self, name: str) -> Measured:
        """Return one measure's facts."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._make(self._plan.measures[name])
        return found

    def _make(self, plan: MeasurePlan) -> Measured:
        """Make one measure's facts from its row and its steps."""
        measure, person = plan.measure, self._person
        row = person.measures[measure.name]
        steps = person.steps(measure.name)
        before = _before(row.value, steps) if plan.has_values else None
        _check_whole(person, plan, before)
        condition = None if plan.condition is None else work(plan.condition, person)[0]
        value, value_about = both(row.value)
        before_value, before_about = both(before)
        return replace(
            plan.form,
            state=row.state,
            value=value,
            about=value_about,
            records=row.records,
            before=before_value,
            before_about=before_about,
            steps=tuple([_step(plan, person, step) for step in steps]),
            unreached=_unreached(plan, steps),
            condition=condition,
            working=self._formula(plan, condition, row.value),
            parts=self.of(plan.measures),
            inputs=self.given(plan.attributes),
        )

    def _formula(self, plan: MeasurePlan, condition: Node | None, value: Decimal | None) -> Node | None:
        """Return a formula's working, unless its condition kept it from being worked out."""
        if plan.formula is None:
            return None
        if condition is not None and condition.value != "yes":
            return plan.formula.blank
        worked = work(plan.formula, self._person)
        agrees(self._person.ledger.score.subject, f"measure {plan.measure.name}", value, worked)
        return worked[0]


def _before(value: Decimal | None, steps: list[StepRow]) -> Decimal | None:
    """Return what the records that count add up to before the steps that take from their value."""
    if value is None:
        return None
    return add(value, total_of([step.value for step in steps if step.value is not None and step.step not in LEAVE_OUT]))


def _check_whole(person: Person, plan: MeasurePlan, before: Decimal | None) -> None:
    """Assert that a count, less all that its steps took and gave back, was a number of things."""
    if before is not None and plan.form.how in ("count", "distinct") and (before < 0 or whole(before) != before):
        place = f"measure {plan.measure.name} before its steps"
        raise DoesNotAddUp(person.ledger.score.subject, place, "a whole number", text_of(before))


LEAVE_OUT = ("excluded", "window")
"""The steps whose records do not count at all; their ``value`` is what they would have added."""


def _step(plan: MeasurePlan, person: Person, row: StepRow) -> Step:
    """Return a step's facts with the declaration that it stands for."""
    absences = _within(person, plan.measure) if row.step == "paused" else ()
    if row.step == "paused" and not absences:
        raise DoesNotAddUp(person.ledger.score.subject, f"measure {plan.measure.name}", "no absences", "paused")
    value, about = both(row.value)
    return replace(plan.steps[row.step, row.name], records=row.records, value=value, about=about, absences=absences)


def _unreached(plan: MeasurePlan, taken: list[StepRow]) -> tuple[Step, ...]:
    """Return the limits that took nothing: who reads of no limit would take it that there is none."""
    if not plan.limits:
        return ()
    names = {row.step for row in taken}
    return tuple([each for each in plan.limits if each.step not in names])


def _within(person: Person, measure: Measure) -> tuple[Absence, ...]:
    """Return the absences that can slow the fading of what lies in a measure's window: the days after its first."""
    if measure.within is None:
        return person.absences
    first = person.as_of.toordinal() - int(measure.within.value) + 1
    return tuple(each for each in person.absences if each.last.toordinal() > first)


def leaves(measures: Iterable[Measured]) -> tuple[Measured, ...]:
    """Return the measures of records behind these, formulas opened, each once."""
    found: dict[str, Measured] = {}
    for each in measures:
        if each.how == "formula":
            for leaf in leaves(each.parts):
                found.setdefault(leaf.measure, leaf)
        else:
            found.setdefault(each.measure, each)
    return tuple(found.values())


_LEFT_OUT: dict[str, Literal["excluded", "outside window", "limit"]] = {
    "excluded": "excluded",
    "window": "outside window",
    "keep": "limit",
}


def left_out(read: tuple[Measured, ...]) -> tuple[NotCounted, ...]:
    """Return the records that the steps of these measures of records left out altogether, by reason, measure by
    measure."""
    found: dict[tuple[str, str | None], NotCounted] = {}
    for measure in read:
        for step in measure.steps:
            reason = _LEFT_OUT.get(step.step)
            if reason is None:
                continue
            before = found.get((reason, step.name))
            found[reason, step.name] = NotCounted(
                reason=reason,
                name=step.name,
                title=step.title,
                because=step.because,
                records=step.records + (0 if before is None else before.records),
            )
    return tuple(found.values())


def lacking(reader: str, measures: tuple[Measured, ...], inputs: tuple[Given, ...]) -> tuple[MissingValue, ...]:
    """Return what has no value among all that a rule, a requirement or a band reads."""
    if not inputs and all(each.state == "value" and not each.parts and not each.inputs for each in measures):
        return ()
    every = _opened(measures, {}).values()
    found = [
        MissingValue(name=each.attribute, kind="attribute", title=each.title, state="missing", rules=(reader,))
        for each in (*inputs, *(given for measure in every for given in measure.inputs))
        if each.value is None
    ]
    found += [
        MissingValue(name=each.measure, kind="measure", title=each.plural, state=each.state, rules=(reader,))
        for each in every
        if each.state != "value"
    ]
    return tuple(found)


def missing_values(lacked: Iterable[MissingValue]) -> tuple[MissingValue, ...]:
    """Return what each reader lacks, each value once and with all who read it."""
    found: dict[tuple[str, str], MissingValue] = {}
    for each in lacked:
        before = found.setdefault((each.kind, each.name), each)
        if not set(each.rules) <= set(before.rules):
            found[each.kind, each.name] = replace(before, rules=(*before.rules, *each.rules))
    return tuple(found.values())


def _opened(measures: tuple[Measured, ...], found: dict[str, Measured]) -> dict[str, Measured]:
    """Return measures and what they are worked out from, each once, by name."""
    for each in measures:
        if each.measure not in found:
            found[each.measure] = each
            _opened(each.parts, found)
    return found
