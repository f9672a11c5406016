"""Takes a person's lines in the ledger; gives the way from them to the score: facets, bounds and roundings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tallystick.engine.arithmetic import add, text_of, total_of
from tallystick.engine.ledger import AdjustmentRow, LineRow, SubjectLedger
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.figures import short
from tallystick.explain.person.plans import RulebookPlan, scale_ends
from tallystick.explain.person.working import Worked, agrees, made, number
from tallystick.explain.tree.nodes import Node
from tallystick.explain.tree.scores import Adjustment, FacetTotal, Scale
from tallystick.rules.rule import Rule


def points_of(row: LineRow, rule: Rule) -> Worked | None:
    """Return the node that names a line's points; None where there are none."""
    if row.points is None:
        return None
    value, title = short(row.points), rule.title
    return Node(operator="line", type="number", value=value, name=rule.name, singular=title, plural=title), row.points


def _bounded(worked: Worked, rows: list[AdjustmentRow], plan: RulebookPlan) -> Worked:
    """Return a sum after the bounds that changed it and the rounding that did."""
    for row in rows:
        limit = _limit(plan, row)
        if row.kind == "cap" and limit is not None:
            worked = made("limited to", "number", [worked, number(limit)])
        elif row.kind == "floor" and limit is not None:
            worked = made("raised to", "number", [worked, number(limit)])
        elif row.kind == "rounding" and plan.rulebook.score.places is not None:
            worked = made("rounded to places", "number", [worked, number(Decimal(plan.rulebook.score.places))])
    return worked


def score_working(
    plan: RulebookPlan, ledger: SubjectLedger, scale: Scale, points: Sequence[Worked | None]
) -> Node | None:
    """Return the working from the lines' points to the score.

    INVARIANT: lines plus adjustments are the score, facet by facet and in all, or nothing is shown.
    """
    score = ledger.score
    if score.score is None:
        return None
    _adds_up(ledger)
    by_facet: dict[str | None, list[Worked]] = {}
    for rule, each in zip(plan.rules, points, strict=False):
        if each is not None:
            by_facet.setdefault(rule.rule.facet, []).append(each)
    parts: list[Worked] = []
    for facet in ledger.facets:
        bounds = [row for row in ledger.adjustments if row.name == facet.facet]
        node, subtotal = _bounded(made("sum of", "number", by_facet.get(facet.facet, [])), bounds, plan)
        agrees(score.subject, f"facet {facet.facet}", facet.subtotal, (node, subtotal))
        parts.append((_called(node, facet.facet), subtotal))
    parts += by_facet.get(None, [])
    whole = made("sum of", "number", parts)
    if scale.out_of is not None and scale.weights_that_apply is not None:
        operands = [whole, number(Decimal(scale.out_of)), number(Decimal(scale.weights_that_apply))]
        whole = made("proportion of", "number", operands)
    whole = _bounded(whole, [row for row in ledger.adjustments if row.place == "score"], plan)
    agrees(score.subject, "the score", score.score, whole)
    return whole[0]


def _called(node: Node, name: str) -> Node:
    """Return a node with the name of what it is the sum of."""
    return Node(operator=node.operator, type=node.type, value=node.value, name=name, operands=node.operands)


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


def adjustment_of(plan: RulebookPlan, row: AdjustmentRow) -> Adjustment:
    """Return what a cap, floor, division or rounding did."""
    return Adjustment(
        place=row.place,
        facet=row.name or None,
        kind=row.kind,
        limit=short(_limit(plan, row)),
        amount=text_of(row.amount, plan.line_places),
    )


def facets_of(plan: RulebookPlan, ledger: SubjectLedger) -> tuple[FacetTotal, ...]:
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


def scale_of(plan: RulebookPlan, applying: str | None) -> Scale:
    """Return what scores there can be; ``applying``: the weights that apply, where a mean was divided by them."""
    score = plan.rulebook.score
    low, high = scale_ends(score)
    return Scale(
        title=score.title,
        low=short(low),
        high=short(high),
        least=short(plan.least),
        most=short(plan.most),
        places=score.places,
        higher_is_better=True,
        out_of=None if score.out_of is None else text_of(score.out_of.value),
        weights_that_apply=applying,
    )
