"""Takes a condition and a field; gives whether the condition holds only where the field has a value."""

from __future__ import annotations

from tallystick.rules.expression import Expr, FieldOf, IsMissing, Logic, Not


def holds_only_where_known(condition: Expr, field: str, *, holds: bool = True) -> bool:
    """Say whether a condition holds of no record that lacks a value of the field; with ``holds`` off, whether it fails
    of none.

    INVARIANT: a field that can be missing is compared only behind a test that it is there, so such tests settle it.
    """
    match condition.op:
        case IsMissing(value=Expr(op=FieldOf(name=name)), negated=negated):
            return name == field and negated == holds
        case Not(operand=operand):
            return holds_only_where_known(operand, field, holds=not holds)
        case Logic(operator=operator, operands=operands):
            each = [holds_only_where_known(operand, field, holds=holds) for operand in operands]
            # `and` holds where all do, and fails where one does; `or` the other way round.
            return any(each) if (operator == "and") == holds else all(each)
        case _:
            return False
