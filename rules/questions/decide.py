"""Takes a condition and what is taken for granted of a record; gives whether it holds of every such record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from tallystick.rules.expression import Compare, Expr, FieldOf, In, IsMissing, Literally, Logic, Not
from tallystick.rules.rulebook import Discount, Exclude

Whose = Literal["own", "others", "nobody"]
"""Whose act a record is: the subject's own, somebody else's, or nobody's that is named."""
_ACTOR, _SUBJECT, _KIND = FieldOf("actor"), FieldOf("subject"), FieldOf("kind")


class World(Struct, frozen=True):
    """What is taken for granted of a record."""

    whose: Whose | None
    kind: str


def touches(taking: Exclude | Discount, kinds: Iterable[str]) -> bool:
    """Say whether nothing rules out that an exclusion or discount takes a record of one of these kinds."""
    when = taking.when
    return when is None or any(decide(when, World(None, kind)) is not False for kind in kinds)


def decide(expr: Expr, world: World) -> bool | None:
    """Say whether a condition holds of every such record (True), of none (False), or of some (None)."""
    match expr.op:
        case Literally(value=bool() as value):
            return value
        case Not(operand=operand):
            found = decide(operand, world)
            return None if found is None else not found
        case Logic(operator=operator, operands=operands):
            decided = [decide(operand, world) for operand in operands]
            settles = operator == "or"
            if settles in decided:
                return settles
            return None if None in decided else not settles
        case Compare(operator="=" | "!=" as operator, left=left, right=right):
            found = _equal(left, right, world)
            return None if found is None else found == (operator == "=")
        case In(value=value, options=options, negated=negated):
            each = [_equal(value, option, world) for option in options]
            inside = True if True in each else None if None in each else False
            return None if inside is None else inside != negated
        case IsMissing(value=Expr(op=op), negated=negated) if op == _ACTOR and world.whose is not None:
            return (world.whose == "nobody") != negated
        case _:
            return None


def _equal(left: Expr, right: Expr, world: World) -> bool | None:
    if {left.op, right.op} == {_ACTOR, _SUBJECT}:
        return {"own": True, "others": False}.get(world.whose or "")
    for thing, other in ((left.op, right.op), (right.op, left.op)):
        if thing == _KIND and isinstance(other, Literally):
            return world.kind == other.value
    return None
