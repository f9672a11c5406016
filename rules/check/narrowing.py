"""Takes what a test told about an expression; gives what is known of it behind that test."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules import syntax
from tallystick.rules.check import intervals
from tallystick.rules.expression import Expr
from tallystick.rules.value import NumberType


class Known(Struct, frozen=True):
    """What tests have shown of one expression: an interval, that it is there, the named values that are left."""

    low: Decimal | None = None
    high: Decimal | None = None
    present: bool = False
    values: frozenset[str] | None = None


NOTHING = Known()
OPPOSITE: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""What holds where a comparison does not."""
Facts = Mapping[syntax.Expr, Known]
"""What is known here, by the expression as written: spans do not count, so the same words are the same thing."""


class _Nothing(dict[syntax.Expr, Known]):
    """No facts at all, and never any: hashable, so that it can be a default."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 0


NO_FACTS: Facts = _Nothing()
"""Nothing is known."""


def meet(left: Facts, right: Facts) -> Facts:
    """Return what is known when both hold."""
    if not left:
        return right
    if not right:
        return left
    both = dict(left)
    for thing, known in right.items():
        both[thing] = _both(both[thing], known) if thing in both else known
    return both


def join(left: Facts, right: Facts) -> Facts:
    """Return what is known when one of the two holds, and nobody says which."""
    return {thing: _either(known, right[thing]) for thing, known in left.items() if thing in right}


def learn(facts: Facts, thing: syntax.Expr, known: Known) -> Facts:
    """Return the facts with one more."""
    return meet(facts, {thing: known})


def apply(facts: Facts, thing: syntax.Expr, found: Expr) -> Expr:
    """Return a typed expression with its interval and its missing-ness as narrowed here."""
    if not facts:
        return found
    known = facts.get(thing)
    if known is None:
        return found
    narrowed = found.type
    if isinstance(narrowed, NumberType):
        narrowed = within(narrowed, known)
    return replace(found, type=narrowed, optional=found.optional and not known.present)


def within(of: NumberType, known: Known) -> NumberType:
    """Return an interval cut to what is known; as it is where nothing would be left (that place is never reached)."""
    low = of.low if known.low is None else max(of.low, known.low)
    high = of.high if known.high is None else min(of.high, known.high)
    if low > high:
        return of
    return NumberType(low, high, of.places)


def present(facts: Facts, thing: syntax.Expr) -> Facts:
    """Return the facts when a value is there: so is everything without which it would not be."""
    found: dict[syntax.Expr, Known] = {}
    _gather(thing, found)
    return meet(facts, found)


def learn_both(expr: syntax.Compare, operator: str, left: NumberType, right: NumberType, facts: Facts) -> Facts:
    """Return the facts with what a comparison tells of both its sides, by the interval of each."""
    of_left, of_right = compared(operator, left, right)
    for written, known in ((expr.left, of_left), (expr.right, of_right)):
        if not isinstance(written, syntax.NumberLiteral):
            facts = learn(facts, written, known)
    return facts


def compared(operator: str, left: NumberType, right: NumberType) -> tuple[Known, Known]:
    """Return what is known of both sides of a comparison of numbers that holds."""
    match operator:
        case "<":
            return _below(left, right, strictly=True), _above(right, left, strictly=True)
        case "<=":
            return _below(left, right, strictly=False), _above(right, left, strictly=False)
        case ">":
            return _above(left, right, strictly=True), _below(right, left, strictly=True)
        case ">=":
            return _above(left, right, strictly=False), _below(right, left, strictly=False)
        case "=":
            return Known(low=right.low, high=right.high), Known(low=left.low, high=left.high)
        case _:
            return _differs(left, right), _differs(right, left)


def _below(of: NumberType, bound: NumberType, *, strictly: bool) -> Known:
    return Known(high=intervals.on_grid_below(bound.high, of.places, strictly=strictly))


def _above(of: NumberType, bound: NumberType, *, strictly: bool) -> Known:
    return Known(low=intervals.on_grid_above(bound.low, of.places, strictly=strictly))


def _differs(of: NumberType, other: NumberType) -> Known:
    """Trim an end that the value cannot be: ``x != 0`` of 0 or more is above 0."""
    if not intervals.is_point(other):
        return NOTHING
    if other.low == of.low:
        return Known(low=intervals.on_grid_above(of.low, of.places, strictly=True))
    if other.low == of.high:
        return Known(high=intervals.on_grid_below(of.high, of.places, strictly=True))
    return NOTHING


def _gather(thing: syntax.Expr, found: dict[syntax.Expr, Known]) -> None:
    match thing:
        case syntax.Name() | syntax.Dotted():
            found[thing] = Known(present=True)
        case syntax.Since(date=date):
            found[thing] = Known(present=True)
            _gather(date, found)
        case syntax.Negate(operand=operand):
            _gather(operand, found)
        case syntax.Arithmetic(left=left, right=right):
            _gather(left, found)
            _gather(right, found)
        case syntax.FromTo(start=start, end=end):
            _gather(start, found)
            _gather(end, found)
        case syntax.Call(arguments=arguments):
            for argument in arguments:
                _gather(argument, found)
        case syntax.OrElse() | syntax.If():
            found[thing] = Known(present=True)
        case _:
            pass


def _both(left: Known, right: Known) -> Known:
    lows = [low for low in (left.low, right.low) if low is not None]
    highs = [high for high in (left.high, right.high) if high is not None]
    if left.values is None or right.values is None:
        values = left.values if right.values is None else right.values
    else:
        values = left.values & right.values
    return Known(max(lows, default=None), min(highs, default=None), left.present or right.present, values)


def _either(left: Known, right: Known) -> Known:
    low = None if left.low is None or right.low is None else min(left.low, right.low)
    high = None if left.high is None or right.high is None else max(left.high, right.high)
    values = None if left.values is None or right.values is None else left.values | right.values
    return Known(low, high, left.present and right.present, values)
