"""Takes a rule's row of the ledger; gives its line, whose working comes to the ledger's points or stops everything."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from tallystick.engine.arithmetic import divide, text_of, total_of
from tallystick.engine.ledger import LineRow, SubjectLedger
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.figures import both, in_percent, short
from tallystick.explain.person.measured import Measures, leaves, left_out
from tallystick.explain.person.plans import RulebookPlan, RulePlan, is_in_percent
from tallystick.explain.person.saying import said
from tallystick.explain.person.values import Person
from tallystick.explain.person.working import agrees, made, number, unknown_in, work
from tallystick.explain.tree.lines import Line, NamedEnd, TableRow
from tallystick.explain.tree.nodes import Node
from tallystick.rules.decimals import EXACT
from tallystick.rules.rule import Range, Rule, Table, Weighted


def line_of(rule_plan: RulePlan, row: LineRow, person: Person, measures: Measures, plan: RulebookPlan) -> Line:
    """Return a rule's line with its working, which must come to the ledger's points."""
    rule, places = rule_plan.rule, plan.line_places
    measured = measures.of(rule_plan.measures)
    read = leaves(measured)
    inputs = measures.given(rule_plan.attributes)
    table = rule.body if isinstance(rule.body, Table) else None
    condition = None if rule_plan.condition is None else work(rule_plan.condition, person)[0]
    looks_at = _looked_at(rule_plan, row, person)
    weight, weight_about = both(_effective_weight(rule, row, person.ledger, plan))
    return replace(
        rule_plan.form,
        state=row.state,
        missing=_lacking(row, condition, looks_at),
        points=None if row.points is None else text_of(row.points, places),
        effective_weight=weight,
        effective_weight_about=weight_about,
        looks_at=looks_at,
        level=short(row.level),
        row=None if table is None or row.row is None else _row_of(table, row.row, looks_at, rule_plan.ends[row.row]),
        value=short(row.value),
        given=short(row.given),
        taken=short(row.taken),
        rounding=short(row.rounding),
        condition=condition,
        says=None if rule.say is None or row.state != "applies" else said(rule.say, person, plan),
        measures=measured,
        inputs=inputs,
        counted=sum([each.records or 0 for each in read]),
        not_counted=left_out(read),
        working=_line_working(rule_plan, row, person, plan),
    )


def _row_of(table: Table, place: int, looks_at: Node, named: tuple[NamedEnd, ...]) -> TableRow:
    """Return the row that took a value; ``named``: the parameters that it names."""
    row, percent = table.rows[place], None
    if looks_at.type == "number" and looks_at.value is not None and is_in_percent(table):
        exact, read = both(in_percent(Decimal(looks_at.value)))
        # What lies just beside an end of a row is not told as that end.
        ends = {
            end for each in table.rows if isinstance(each.takes, Range) for end in (each.takes.low, each.takes.high)
        }
        percent = exact if read is None or divide(Decimal(read), Decimal(100)) in ends else read
    return TableRow(number=place + 1, text=row.text, words=row.words, reason=row.reason, percent=percent, ends=named)


def _effective_weight(rule: Rule, row: LineRow, ledger: SubjectLedger, plan: RulebookPlan) -> Decimal | None:
    """Return the part of the scale that a rule has for this person: its weight, or its share of what applies."""
    if not isinstance(rule.body, Weighted) or row.points is None:
        return None
    weight, out_of = rule.body.weight.value, plan.rulebook.score.out_of
    if out_of is None:
        return weight
    return divide(EXACT.multiply(weight, out_of.value), weights_that_apply(ledger, plan))


def weights_that_apply(ledger: SubjectLedger, plan: RulebookPlan) -> Decimal:
    """Return the sum of the weights that apply."""
    return total_of(
        [
            rule_plan.rule.body.weight.value
            for row, rule_plan in zip(ledger.lines, plan.rules, strict=False)
            if row.points is not None and isinstance(rule_plan.rule.body, Weighted)
        ]
    )


def _lacking(row: LineRow, condition: Node | None, looks_at: Node) -> str | None:
    """Return the value for want of which a rule could not be worked out.

    The ledger has the first one that is missing in the text; that may be one that another made needless.
    """
    if row.missing is None:
        return None
    wanting = (name for each in (condition, looks_at) if each is not None for name in unknown_in(each))
    return next(wanting, row.missing)


def _looked_at(rule_plan: RulePlan, row: LineRow, person: Person) -> Node:
    """Return the working of what a rule looks at; without values where its condition kept it from being worked out."""
    if row.state != "applies" and rule_plan.condition is not None and work(rule_plan.condition, person)[1] is not True:
        return rule_plan.looks_at.blank
    return work(rule_plan.looks_at, person)[0]


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
    worked = work(chosen, person)
    agrees(row.subject, f"{place} before its bounds", row.value, worked)
    rule = rule_plan.rule
    if row.given and rule.at_least is not None:
        worked = made("raised to", "number", [worked, number(rule.at_least.value)])
    if row.taken and rule.at_most is not None:
        worked = made("limited to", "number", [worked, number(rule.at_most.value)])
    if row.rounding and plan.line_places is not None:
        worked = made("rounded to places", "number", [worked, number(Decimal(plan.line_places))])
    agrees(row.subject, place, row.points, worked)
    return worked[0]
