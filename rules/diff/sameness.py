"""Takes two checked trees; says whether they mean the same, mean the same today, or differ. Places never count."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct

from tallystick.rules.expression import Constant, Expr, In, Literally, ParameterOf
from tallystick.rules.measure import Count, DaysOf, Distinct, HIndex, Keep, Measure, Pick, SumByKind, SumOf
from tallystick.rules.placed import compared_fields
from tallystick.rules.rule import Row, Table, Values
from tallystick.rules.rulebook import Band, Claim, Exclude, Promise, Require
from tallystick.rules.value import OneOfType


class Likeness(IntEnum):
    """How alike two trees are; of a whole, that of its least alike part."""

    DIFFERENT = 0
    TODAY = 1  # the same value now, put otherwise: a parameter in place of a number
    SAME = 2


DERIVED: dict[type, frozenset[str]] = {
    Expr: frozenset({"type", "optional"}),
    ParameterOf: frozenset({"value"}),
    Measure: frozenset({"type", "optional"}),
    Require: frozenset({"reads_measures"}),
}
"""What the checker worked out from the rest: it changes only with something else that is compared."""

UNORDERED: dict[type, frozenset[str]] = {
    OneOfType: frozenset({"values"}),
    In: frozenset({"options"}),
    Values: frozenset({"values"}),
    Table: frozenset({"rows"}),
    Exclude: frozenset({"repeats"}),
    Band: frozenset({"needs"}),
    Keep: frozenset({"fields"}),
    Count: frozenset({"kinds"}),
    Distinct: frozenset({"fields", "kinds"}),
    SumOf: frozenset({"kinds"}),
    SumByKind: frozenset({"values"}),
    Pick: frozenset({"kinds"}),
    DaysOf: frozenset({"kinds"}),
    HIndex: frozenset({"kinds"}),
    Promise: frozenset({"claims"}),
    Claim: frozenset({"kinds"}),
}
"""Lists whose order has no meaning."""


def likeness(old: object, new: object) -> Likeness:
    """Say how alike two trees are, references and numbers included."""
    if old is new:
        return Likeness.SAME
    match old, new:
        case Constant(), Constant():
            return _constants(old, new)
        case ParameterOf(), ParameterOf() if old.name == new.name:
            return Likeness.SAME
        case (ParameterOf(value=ours), ParameterOf(value=theirs) | Literally(theirs)):
            return Likeness.TODAY if _equal(ours, theirs) else Likeness.DIFFERENT
        case (Literally(ours), ParameterOf(value=theirs)):
            return Likeness.TODAY if _equal(ours, theirs) else Likeness.DIFFERENT
        case Row(), Row() if old.text == new.text:
            # The same text takes other values only through a parameter, whose change is told by itself.
            said = min(likeness(old.words, new.words), likeness(old.reason, new.reason))
            return min(likeness(old.points, new.points), said)
        case tuple(), tuple():
            return _in_order(old, new)
        case _ if isinstance(old, Struct) and isinstance(new, Struct):
            return _nodes(old, new)
        case _:
            return Likeness.SAME if _equal(old, new) else Likeness.DIFFERENT


def exactly_alike(old: object, new: object) -> bool:
    """Say whether two trees agree in everything, what the checker worked out included, order where it has a meaning."""
    return old is new or _settled(old) == _settled(new)


def _settled(node: object) -> object:
    """Give a tree as nested tuples in which what has no order is sorted, and 1 is not yes."""
    if isinstance(node, tuple):
        return tuple(map(_settled, node))
    if not isinstance(node, Struct):
        return (type(node).__name__, node)
    unordered = UNORDERED.get(type(node), frozenset())
    below = ((name, _settled(getattr(node, name))) for name in compared_fields(type(node)))
    return (
        type(node).__name__,
        *(
            (name, tuple(sorted(map(repr, value)))) if name in unordered and isinstance(value, tuple) else (name, value)
            for name, value in below
        ),
    )


def _equal(old: object, new: object) -> bool:
    return type(old) is type(new) and old == new


def _constants(old: Constant, new: Constant) -> Likeness:
    by_text = likeness(old.expr, new.expr)
    if by_text is not Likeness.DIFFERENT:
        return by_text
    return Likeness.TODAY if old.value == new.value else Likeness.DIFFERENT


def _in_order(old: tuple[object, ...], new: tuple[object, ...]) -> Likeness:
    if len(old) != len(new):
        return Likeness.DIFFERENT
    return min((likeness(a, b) for a, b in zip(old, new, strict=True)), default=Likeness.SAME)


def _nodes(old: object, new: object) -> Likeness:
    if type(old) is not type(new):
        return Likeness.DIFFERENT
    derived = DERIVED.get(type(old), frozenset())
    unordered = UNORDERED.get(type(old), frozenset())
    worst = Likeness.SAME
    for name in compared_fields(type(old)):
        if name not in derived:
            ours, theirs = getattr(old, name), getattr(new, name)
            worst = min(worst, _matched(ours, theirs) if name in unordered else likeness(ours, theirs))
    return worst


def _matched(old: object, new: object) -> Likeness:
    """Pair the members of two lists, each with the most alike that is left."""
    if not isinstance(old, tuple) or not isinstance(new, tuple):
        return likeness(old, new)
    if len(old) != len(new):
        return Likeness.DIFFERENT
    left = list(new)
    worst = Likeness.SAME
    for each in old:
        likenesses = [likeness(each, other) for other in left]
        best = likenesses.index(max(likenesses))
        worst = min(worst, likenesses[best])
        del left[best]
    return worst
