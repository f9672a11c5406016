"""Takes a condition; gives whether the ranges of its numbers settle it, whoever it is asked about."""

from __future__ import annotations

from tallystick.rules.check.intervals import decided
from tallystick.rules.expression import Compare, Expr, Logic, Not
from tallystick.rules.value import NumberType


def settled(condition: Expr) -> bool | None:
    """Say whether a condition never fails (True) or never holds (False); None where it depends.

    It may be missing in either case. What a part of ``and`` or ``or`` is known to be, it is where the parts before it
    have not decided, and there alone it counts.
    """
    match condition.op:
        case Compare(operator=operator, left=left, right=right):
            if isinstance(left.type, NumberType) and isinstance(right.type, NumberType):
                return decided(operator, left.type, right.type)
            return None
        case Not(operand=operand):
            found = settled(operand)
            return None if found is None else not found
        case Logic(operator=operator, operands=operands):
            decider = operator == "or"
            parts = [settled(each) for each in operands]
            if decider in parts:
                return decider
            return None if None in parts else not decider
        case _:
            return None
