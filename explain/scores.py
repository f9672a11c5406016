"""Takes a person's lines in the ledger; gives the way from them to the score: facets, bounds and roundings."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from tallystick.engine.arithmetic import add, text_of, total_of
from tallystick.engine.ledger import AdjustmentRow, LineRow, SubjectLedger
from tallystick.explain.document import Adjustment, FacetTotal, Node, Scale
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.figures import short
from tallystick.explain.lines import weights_that_apply
from tallystick.explain.plans import RulebookPlan, RulePlan
from tallystick.explain.working import agrees, made, number


def _points_of(row: LineRow, plan: RulePlan) -> Node:
    """Return the node that names a line's points."""
    return _named(short(row.points), plan.rule.name, plan.rule.title)


@lru_cache(maxsize=5_000)
def _named(points: str | None, name: str, title: str) -> Node:
    return Node(operator="line", type="number", value=points, name=name, singular=title, plural=title)


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


def score_working(plan: RulebookPlan, ledger: SubjectLedger, scale: Scale) -> Node | None:
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


def scale_of(plan: RulebookPlan, ledger: SubjectLedger) -> Scale:
    """Return what scores there can be, and for a mean what it was divided by."""
    score = plan.rulebook.score
    mean = score.out_of is not None
    low, high = score.at_least, score.at_most
    return Scale(
        title=score.title,
        low=short(Decimal(0) if low is None and mean else None if low is None else low.value),
        high=short(
            score.out_of.value if high is None and score.out_of is not None else None if high is None else high.value
        ),
        places=score.places,
        higher_is_better=True,
        out_of=None if score.out_of is None else text_of(score.out_of.value),
        weights_that_apply=text_of(weights_that_apply(ledger, plan))
        if mean and ledger.score.score is not None
        else None,
    )
