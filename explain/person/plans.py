"""Takes a rulebook; gives, once for all people, its rules, measures and requirements made ready to be explained."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, assert_never

from msgspec import Struct

from tallystick.engine.arithmetic import round_to, text_of
from tallystick.explain.figures import in_percent, line_places
from tallystick.explain.person.forms import limits_of, line_form, measure_form, step_forms
from tallystick.explain.person.planner import SHAPES, Plan, Planner, literal, names
from tallystick.explain.tree.lines import Line, NamedEnd
from tallystick.explain.tree.measures import EachRecord, Measured, Step
from tallystick.explain.tree.nodes import Node
from tallystick.explain.tree.origins import RulebookFacts
from tallystick.rules.analysis.lines import score_span
from tallystick.rules.analysis.shifts import decimal_down, decimal_up
from tallystick.rules.epochs import every_epoch
from tallystick.rules.expression import Constant, Expr, FieldOf
from tallystick.rules.measure import Formula, Measure, Pick, SumByKind, SumOf
from tallystick.rules.once import once
from tallystick.rules.questions.readers import parameters_of
from tallystick.rules.rule import Facet, Points, Row, Rule, Table, Weighted
from tallystick.rules.rulebook import Exclude, Field, Need, Parameter, Require, Rulebook, Score
from tallystick.rules.value import NumberType

_MEANINGFUL = Decimal(10) ** 6
"""What counts can come to is set by the most records of a run: no such figure is "the most a rule can give". This is
the least of them: an h index of the most records there can be."""


class MeasurePlan(Struct, frozen=True):
    """A measure with what it reads, and the forms of it, of its steps and of its ``limits``. There is a ``formula`` or
    ``condition`` only where it is worked out from other measures."""

    measure: Measure
    form: Measured
    steps: dict[tuple[str, str], Step]
    limits: tuple[Step, ...]
    has_values: bool
    formula: Plan | None
    condition: Plan | None
    measures: tuple[str, ...]
    attributes: tuple[str, ...]


class RulePlan(Struct, frozen=True):
    """A rule with its ``form`` and expressions; ``looks_at`` is what its level, table or points are worked out from.
    ``ends``: the parameters that each row of its table names."""

    rule: Rule
    form: Line
    looks_at: Plan
    whole: Plan | None
    rows: tuple[Plan, ...]
    ends: tuple[tuple[NamedEnd, ...], ...]
    condition: Plan | None
    otherwise: Plan | None
    measures: tuple[str, ...]
    attributes: tuple[str, ...]


class RequirePlan(Struct, frozen=True):
    """A requirement with its condition."""

    require: Require
    condition: Plan
    measures: tuple[str, ...]
    attributes: tuple[str, ...]


class NeedPlan(Struct, frozen=True):
    """A need of a band with its condition."""

    need: Need
    condition: Plan
    measures: tuple[str, ...]
    attributes: tuple[str, ...]


class RulebookPlan(Struct, frozen=True):
    """Everything about a rulebook that is the same in each explanation."""

    rulebook: Rulebook
    facts: RulebookFacts
    rules: tuple[RulePlan, ...]
    measures: dict[str, MeasurePlan]
    requires: dict[str, RequirePlan]
    needs: dict[str, tuple[NeedPlan, ...]]
    excludes: dict[str, Exclude]
    facets: dict[str, Facet]
    parameters: dict[str, Parameter]
    attributes: dict[str, Field]
    line_places: int | None
    least: Decimal | None
    most: Decimal | None

    def opened(self, names: Iterable[str]) -> dict[str, MeasurePlan]:
        """Return the measures of these names, and those that they are made of."""
        waiting, found = [name for name in names if name in self.measures], dict[str, MeasurePlan]()
        while waiting:
            name = waiting.pop(0)
            if name not in found:
                found[name] = self.measures[name]
                waiting += found[name].measures
        return found


def rulebook_facts(rulebook: Rulebook) -> RulebookFacts:
    """Return what every explanation says about its rulebook."""
    return RulebookFacts(
        name=rulebook.name,
        version=rulebook.version,
        sha256=rulebook.sha256,
        effective=rulebook.effective,
        owner=rulebook.owner,
        contact=rulebook.contact,
        purpose=rulebook.purpose,
        measures=rulebook.measures_what,
        not_for=rulebook.not_for,
        source=rulebook.origin,
        time_zone=rulebook.time_zone,
    )


@once(1)
def plan_rulebook(rulebook: Rulebook) -> RulebookPlan:
    """Make a rulebook ready."""
    planner = Planner(rulebook)
    least, most = _allowed(rulebook)
    return RulebookPlan(
        rulebook=rulebook,
        facts=rulebook_facts(rulebook),
        rules=tuple(_plan_rule(planner, rulebook, rule) for rule in rulebook.rules),
        measures={each.name: plan_measure(planner, rulebook, each) for each in rulebook.measures},
        requires={each.name: _plan_require(planner, each) for each in rulebook.requires},
        needs={each.name: tuple(_plan_need(planner, need) for need in each.needs) for each in rulebook.bands},
        excludes={each.name: each for each in rulebook.excludes},
        facets={each.name: each for each in rulebook.facets},
        parameters={each.name: each for each in rulebook.parameters},
        attributes={each.name: each for each in rulebook.subjects or ()},
        line_places=line_places(rulebook.score),
        least=least,
        most=most,
    )


def scale_ends(score: Score) -> tuple[Decimal | None, Decimal | None]:
    """Return the ends of a score's scale, where the rulebook sets them; a mean has them by what it is."""
    low, high = score.at_least, score.at_most
    if score.out_of is not None:
        return Decimal(0) if low is None else low.value, score.out_of.value if high is None else high.value
    return None if low is None else low.value, None if high is None else high.value


def _allowed(rulebook: Rulebook) -> tuple[Decimal | None, Decimal | None]:
    """Return what no score is below and above by the rules, on whichever day, where that is less than the scale."""
    (low, high), spans = scale_ends(rulebook.score), [score_span(each) for each in every_epoch(rulebook)]
    least, most = decimal_down(min(each.low for each in spans)), decimal_up(max(each.high for each in spans))
    return (
        least if abs(least) < _MEANINGFUL and (low is None or least > low) else None,
        most if abs(most) < _MEANINGFUL and (high is None or most < high) else None,
    )


def plan_measure(planner: Planner, rulebook: Rulebook, measure: Measure) -> MeasurePlan:
    """Return a measure's plan."""
    formula = condition = None
    if isinstance(measure.aggregate, Formula):
        formula = planner.plan(measure.aggregate.value)
        condition = None if measure.when is None else planner.plan(measure.when)
    read = [each for each in (condition, formula) if each is not None]
    form = measure_form(measure, _only(planner, measure), _each(planner, measure))
    steps = step_forms(rulebook, measure)
    return MeasurePlan(
        measure=measure,
        form=form,
        steps=steps,
        limits=limits_of(measure, steps),
        has_values=form.how in ("count", "distinct", "sum", "sum by kind"),
        formula=formula,
        condition=condition,
        measures=_all_names(read, "measure"),
        attributes=_all_names(read, "attribute"),
    )


def _only(planner: Planner, measure: Measure) -> Node | None:
    """Return the condition of a measure's records."""
    if measure.when is None or isinstance(measure.aggregate, Formula):
        return None
    return planner.plan(measure.when).blank


def _each(planner: Planner, measure: Measure) -> tuple[EachRecord, ...]:
    """Return what a measure's records count, by their kinds; those of one value together. That of a field alone is what
    the measure is called."""
    kinds: dict[Node, tuple[str, ...]] = {}
    match measure.aggregate:
        case SumOf(value, of) | Pick(value=value, kinds=of):
            if not isinstance(value.op, FieldOf):
                kinds[planner.plan(value).blank] = of
        case SumByKind(values):
            for kind, value in values:
                node = planner.plan(value).blank
                kinds[node] = (*kinds.get(node, ()), kind)
        case _:
            pass
    return tuple(EachRecord(kinds=of, value=value) for value, of in kinds.items())


def _all_names(plans: list[Plan], operator: Literal["measure", "attribute"]) -> tuple[str, ...]:
    """Return the names read by several expressions, each once."""
    return tuple(dict.fromkeys(name for plan in plans for name in names(plan, operator)))


def _plan_require(planner: Planner, require: Require) -> RequirePlan:
    """Return a requirement's plan."""
    condition = planner.plan(require.when)
    return RequirePlan(require, condition, names(condition, "measure"), names(condition, "attribute"))


def _plan_need(planner: Planner, need: Need) -> NeedPlan:
    """Return a need's plan."""
    condition = planner.plan(need.when)
    return NeedPlan(need, condition, names(condition, "measure"), names(condition, "attribute"))


def _plan_rule(planner: Planner, rulebook: Rulebook, rule: Rule) -> RulePlan:
    """Return a rule's plan."""
    rows: tuple[Plan, ...] = ()
    ends: tuple[tuple[NamedEnd, ...], ...] = ()
    whole: Plan | None
    match rule.body:
        case Weighted(weight, value, shape):
            looks_at = planner.plan(value)
            level = (
                Plan("limited to", "number", operands=(_raised_to_zero(looks_at), literal(Decimal(1))))
                if shape is None
                else Plan(
                    SHAPES[shape.name],
                    "number",
                    operands=(
                        looks_at,
                        *(() if shape.p10 is None else (planner.constant(shape.p10),)),
                        planner.constant(shape.full),
                    ),
                )
            )
            whole = Plan("product of", "number", operands=(planner.constant(weight), level))
        case Points(value):
            looks_at = whole = planner.plan(value)
        case Table(by, table_rows) as table:
            looks_at, whole = planner.plan(by), None
            rows = tuple(planner.plan(row.points) for row in table_rows)
            ends = tuple(named_ends(table, row, rulebook.parameters) for row in table_rows)
        case _:
            assert_never(rule.body)
    condition = None if rule.when is None else planner.plan(rule.when)
    otherwise = None if rule.otherwise is None or rule.otherwise.points is None else planner.plan(rule.otherwise.points)
    read = [each for each in (condition, looks_at, *rows, otherwise) if each is not None]
    return RulePlan(
        rule=rule,
        form=line_form(rule, most_of(rulebook, rule)),
        looks_at=looks_at,
        whole=whole,
        rows=rows,
        ends=ends,
        condition=condition,
        otherwise=otherwise,
        measures=_all_names(read, "measure"),
        attributes=_all_names(read, "attribute"),
    )


def named_ends(table: Table, row: Row, parameters: Iterable[Parameter]) -> tuple[NamedEnd, ...]:
    """Return the parameters that a table's row names, with the values that they have."""
    written_so = is_in_percent(table)
    return tuple(
        NamedEnd(
            name=each.name,
            value=text_of(each.value.value),
            percent=text_of(in_percent(each.value.value)) if written_so else None,
        )
        for each in parameters_of(row, parameters)
    )


def is_in_percent(table: Table) -> bool:
    """Say whether a table's rows, or some of them, are written in percent."""
    return any("%" in each.text for each in table.rows)


def _raised_to_zero(plan: Plan) -> Plan:
    """Return a value held at 0 or more."""
    return Plan("raised to", "number", operands=(plan, literal(Decimal(0))))


def _highest(expr: Expr) -> Decimal:
    """Return the most that the checker found an expression to be."""
    return expr.type.high if isinstance(expr.type, NumberType) else Decimal(0)


def most_of(rulebook: Rulebook, rule: Rule) -> Decimal | None:
    """Return the most points that a rule can give, or None where nothing sets one.

    The most is what the rule's table, weight or ``at most`` allows; for points worked out freely, what the checker
    proved, if that is no
    more than the whole scale. A rule that may not apply gives 0 then.
    """
    match rule.body:
        case Weighted(weight, _, _):
            found = max(weight.value, Decimal(0))
        case Points(value):
            found = _highest(value)
        case Table(_, rows):
            found = max(_highest(row.points) for row in rows)
        case _:
            assert_never(rule.body)
    if rule.otherwise is not None and rule.otherwise.points is not None:
        found = max(found, _highest(rule.otherwise.points))
    elif rule.when is not None:
        found = max(found, Decimal(0))
    if rule.at_most is not None:
        found = min(found, rule.at_most.value)
    elif isinstance(rule.body, Points) and _is_beyond(found, rulebook.score.at_most):
        return None
    if rule.at_least is not None:
        found = max(found, rule.at_least.value)
    return round_to(found, rulebook.score.line_places)


def _is_beyond(most: Decimal, at_most: Constant | None) -> bool:
    """Say whether a figure is more than the score's own most, or too much to mean anything."""
    return most >= _MEANINGFUL if at_most is None else most > at_most.value
