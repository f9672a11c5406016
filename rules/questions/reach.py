"""Takes a checked rulebook; gives the least and the most points of a rule, a facet and all rules together."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from tallystick.rules.decimals import divide, multiply
from tallystick.rules.epochs import every_epoch
from tallystick.rules.expression import Constant, Expr
from tallystick.rules.rule import AnyOther, Facet, Missing, Points, Rule, Table, Weighted
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import MOST_RECORDS, NumberType

_NO_LIMIT = Decimal(MOST_RECORDS)
"""A value that may reach the most records that a run can have is not limited by the rulebook."""


class Reach(Struct, frozen=True):
    """The least and the most points that something can give; an end that is None is not limited by the rulebook."""

    least: Decimal | None
    most: Decimal | None


_NOTHING = Reach(Decimal(0), Decimal(0))


def rule_reach(rule: Rule) -> Reach:
    """Return what a line can give where its rule applies, its ``otherwise`` included; before rounding."""
    match rule.body:
        case Weighted(weight, _, _):
            worked = Reach(min(weight.value, Decimal(0)), max(weight.value, Decimal(0)))
        case Points(value):
            worked = _of_expr(value)
        case Table(_, rows):
            worked = hull(_of_expr(row.points) for row in rows)
        case _:
            assert_never(rule.body)
    if rule.otherwise is not None and rule.otherwise.points is not None:
        worked = hull((worked, _of_expr(rule.otherwise.points)))
    return _bounded(worked, rule.at_least, rule.at_most)


def may_be_missing(rule: Rule) -> bool:
    """Return whether a value that a rule's points need may be missing, and no row of its table is for that."""
    match rule.body:
        case Weighted(value=value) | Points(value=value):
            return value.optional
        case Table(rows=rows, by=by):
            takes = any(isinstance(row.takes, Missing | AnyOther) for row in rows)
            return (by.optional and not takes) or any(row.points.optional for row in rows)
        case _:
            assert_never(rule.body)


def _line_reach(rule: Rule) -> Reach:
    """Return what a line adds: of a rule that may not apply, and then gives no points, it may be nothing."""
    always = rule.otherwise is not None and rule.otherwise.points is not None
    if always or (rule.when is None and not may_be_missing(rule)):
        return rule_reach(rule)
    return hull((rule_reach(rule), _NOTHING))


def _facet_reach(facet: Facet, rules: Iterable[Rule]) -> Reach:
    """Return what the rules of a facet can give together, within its bounds."""
    return _bounded(
        _total(_line_reach(rule) for rule in rules if rule.facet == facet.name), facet.at_least, facet.at_most
    )


def sum_reach(rulebook: Rulebook) -> Reach:
    """Return what all rules can give together, on any day, before the score's own bounds; of a mean, after it has
    divided."""
    return hull(map(_together, every_epoch(rulebook)))


def _together(epoch: Rulebook) -> Reach:
    if epoch.score.out_of is not None:
        return _mean_reach(epoch.rules, epoch.score.out_of.value)
    return _total(
        (
            *(_facet_reach(facet, epoch.rules) for facet in epoch.facets),
            *(_line_reach(rule) for rule in epoch.rules if rule.facet is None),
        )
    )


def _mean_reach(rules: Iterable[Rule], out_of: Decimal) -> Reach:
    """Return what a mean by weight can be: whichever rules apply, it is between the least and the most that any of them
    would make of it alone. A rule without weight can make anything of it, unless it gives no points."""
    found: list[Reach] = []
    for rule in rules:
        assert isinstance(rule.body, Weighted), rule.name  # noqa: S101  the checker's promise
        weight, reach = rule.body.weight.value, rule_reach(rule)
        if weight > 0:
            ends = (
                None if each is None else divide(multiply(each, out_of), weight) for each in (reach.least, reach.most)
            )
            found.append(Reach(*ends))
        elif reach != _NOTHING:
            found.append(Reach(None, None))
    return hull(found) if found else _NOTHING


def _of_expr(expr: Expr) -> Reach:
    if not isinstance(expr.type, NumberType):
        return Reach(None, None)
    low, high = expr.type.low, expr.type.high
    return Reach(low if low > -_NO_LIMIT else None, high if high < _NO_LIMIT else None)


def hull(reaches: Iterable[Reach]) -> Reach:
    """Return what can be given where any of several can be."""
    every = list(reaches)
    least = [each.least for each in every if each.least is not None]
    most = [each.most for each in every if each.most is not None]
    return Reach(
        min(least) if len(least) == len(every) else None,
        max(most) if len(most) == len(every) else None,
    )


def _total(reaches: Iterable[Reach]) -> Reach:
    least: Decimal | None = Decimal(0)
    most: Decimal | None = Decimal(0)
    for each in reaches:
        least = None if least is None or each.least is None else least + each.least
        most = None if most is None or each.most is None else most + each.most
    return Reach(least, most)


def _bounded(reach: Reach, at_least: Constant | None, at_most: Constant | None) -> Reach:
    least, most = reach.least, reach.most
    if at_least is not None:
        least = at_least.value if least is None else max(least, at_least.value)
        most = None if most is None else max(most, at_least.value)
    if at_most is not None:
        most = at_most.value if most is None else min(most, at_most.value)
        least = None if least is None else min(least, at_most.value)
    return Reach(least, most)
