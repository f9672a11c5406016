"""Takes a comparison of two things; gives how they stand to each other where it holds and where it does not, and warns
where the comparisons before settle it: ``posts > liked and posts < liked``."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from tallystick.rules import syntax
from tallystick.rules.check.narrowing import NO_FACTS, Facts, Known, learn
from tallystick.rules.check.scope import Here
from tallystick.rules.check_errors import conditions as say

_HOLDS: Final = {
    "<": frozenset({"below"}),
    "<=": frozenset({"below", "same"}),
    "=": frozenset({"same"}),
    "!=": frozenset({"below", "above"}),
    ">=": frozenset({"same", "above"}),
    ">": frozenset({"above"}),
}
"""How the left side stands to the right one where a comparison holds."""
_ALL: Final = frozenset({"below", "same", "above"})
_IN_BRACKETS: Final = (syntax.Compare, syntax.Logic, syntax.Not, syntax.In, syntax.IsMissing, syntax.If)
_TURNED: Final = {"below": "above", "same": "same", "above": "below"}


class Learned(Struct, frozen=True):
    """What is known of two things where a comparison of them holds, and where it is there and does not."""

    yes: Facts = NO_FACTS
    no: Facts = NO_FACTS


def learned(expr: syntax.Compare, here: Here, *, told: bool) -> Learned:
    """Learn how the two sides stand to each other. ``told``: why it is settled was said already."""
    check = here.check
    left, right = check.text(expr.left.span), check.text(expr.right.span)
    turned = left > right
    # It is kept as what is known of the one less the other, of which nothing else is known by names.
    first, second = (expr.right, expr.left) if turned else (expr.left, expr.right)
    both = syntax.Arithmetic("-", first, second)
    known = here.facts.get(both)
    values = _ALL if known is None or known.values is None else known.values
    left_over = _turn(values) if turned else values
    holds = _HOLDS[expr.operator]
    if left_over and not told and (left_over <= holds or not left_over & holds):
        so = next(operator for operator, each in _HOLDS.items() if each == left_over)
        sides = (
            f"({text})" if isinstance(side, _IN_BRACKETS) else text
            for side, text in ((expr.left, left), (expr.right, right))
        )
        notes = [f"`{f' {so} '.join(sides)}` holds here"]
        check.report(say.settled(check.source, expr.span, check.text(expr.span), notes, always=left_over <= holds))
    yes, no = (learn(NO_FACTS, both, Known(values=_turn(each) if turned else each)) for each in (holds, _ALL - holds))
    return Learned(yes, no)


def _turn(values: frozenset[str]) -> frozenset[str]:
    return frozenset(_TURNED[each] for each in values)
