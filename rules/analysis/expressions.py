"""Takes a person's expression and a pair; gives how far its value can be apart, or what its condition can be, in both.

What is not known to be narrower is as far apart as the checker's interval is wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.rules.analysis import measures, truths
from tallystick.rules.analysis.settled import settled
from tallystick.rules.analysis.shifts import (
    ONE,
    STEADY,
    ZERO,
    Pair,
    Shift,
    Shrink,
    Span,
    Way,
    across,
    anywhere,
    hull,
    joined,
    minus,
    number_span,
    plus,
    rounded,
    times,
    within,
)
from tallystick.rules.analysis.truths import Truths
from tallystick.rules.expression import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    If,
    IsMissing,
    Logic,
    MeasureOf,
    Negate,
    Not,
    OrElse,
    Since,
)
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.once import once
from tallystick.rules.placed import nodes
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import NumberType

_PLACES = 9
_YEAR = 365


class Apart(Struct, dict=True):
    """How far everything that a person's expressions read can be apart in one pair; each is worked out once."""

    rulebook: Rulebook
    pair: Pair
    _measures: dict[str, measures.Moved] = field(default_factory=dict)

    def measure(self, name: str) -> measures.Moved:
        """Return how far a measure can be apart; those first that it is worked out from, however long the chain."""
        todo = [name]
        while name not in self._measures:
            if todo[-1] in self._measures:
                todo.pop()
                continue
            found = self._declared[todo[-1]]
            before = [each for each in measures_in(found) if each not in self._measures]
            if before:
                todo += before
            else:
                self._measures[todo.pop()] = self._measure(found)
        return self._measures[name]

    @cached_property
    def _declared(self) -> dict[str, Measure]:
        return {each.name: each for each in self.rulebook.measures}

    def _measure(self, measure: Measure) -> measures.Moved:
        if not isinstance(measure.aggregate, Formula):
            return measures.moved(self.rulebook, measure, measure.aggregate, self.pair)
        shift = self.number(measure.aggregate.value)
        if measure.when is not None:
            met = self.truth(measure.when)
            applies = {(before is True, after is True) for before, after in met}
            comes, goes = (False, True) in applies, (True, False) in applies
            if comes or goes:
                ways = (*shift.ways, *self.reasons(measure.when))
                shift = replace(shift, comes=comes or shift.comes, goes=goes or shift.goes, ways=ways)
        return measures.Moved(shift, "not counted" if shift.steady else "worked out")

    def steady(self, expr: Expr) -> bool:
        """Say whether all that an expression reads is the same in both results."""
        names, since = _moving(expr)
        if since and self.pair.form == "silence":
            return False
        return all(self.measure(name).shift.steady for name in names)

    def reasons(self, expr: Expr) -> tuple[Way, ...]:
        """Return what stood in the way of what an expression reads."""
        found = [self.measure(each.name).shift for each in nodes(expr.op) if isinstance(each, MeasureOf)]
        return joined(*found)

    # ---- numbers -------------------------------------------------------------------------------------------------

    def number(self, expr: Expr) -> Shift:
        """Bound how far a number can be apart."""
        span = number_span(expr)
        if self.steady(expr):
            return STEADY
        found = self._number(expr, span)
        return within(found, span)

    def _number(self, expr: Expr, span: Span) -> Shift:
        match expr.op:
            case MeasureOf(name=name):
                return self.measure(name).shift
            case Negate(operand=operand):
                return minus(self.number(operand))
            case Arithmetic(operator="+", left=left, right=right):
                return self._sum(left, right)
            case Arithmetic(operator="-", left=left, right=right):
                return replace(plus(self.number(left), minus(self.number(right))), shrink=None)
            case Arithmetic(operator="*", left=left, right=right):
                return self._product(left, right, span)
            case Arithmetic(operator="/", left=left, right=right):
                return self._quotient(expr, left, right, span)
            case If(condition=condition, then=then, otherwise=otherwise):
                return self._either(condition, then, otherwise)
            case OrElse(value=value, default=default):
                return self._or_else(value, default)
            case Call(function=function, arguments=arguments):
                return self._call(expr, function, arguments, span)
            case Since(unit=unit, date=start):
                return self._since(unit, start, span)
            case _:
                return self._unknown(expr, span)

    def _sum(self, left: Expr, right: Expr) -> Shift:
        """Bound a sum; what is 0 or more and the same in both lets what shrinks beside it shrink by no more."""
        found = plus(self.number(left), self.number(right))
        positive = number_span(left).low >= 0 and number_span(right).low >= 0
        return found if positive else replace(found, shrink=None)

    def _unknown(self, expr: Expr, span: Span) -> Shift:
        return anywhere(span, self.reasons(expr), flips=expr.optional)

    def _product(self, left: Expr, right: Expr, span: Span) -> Shift:
        a, b = number_span(left), number_span(right)
        moved_left, moved_right = self.number(left), self.number(right)
        exact = _places(left) + _places(right) <= _PLACES
        for constant, its, other in ((a, moved_left, moved_right), (b, moved_right, moved_left)):
            if constant.width == 0 and its.steady:
                product = times(other, constant.low)
                return product if exact else _made(product, span)
        # b·d - a·c = b·(d - c) + c·(b - a), where the one factor is of the result after and the other before.
        first = _corners(a, Span(moved_right.low, moved_right.high))
        second = _corners(b, Span(moved_left.low, moved_left.high))
        both = hull(moved_left, moved_right)
        return _made(replace(both, low=first.low + second.low, high=first.high + second.high), span)

    def _quotient(self, expr: Expr, left: Expr, right: Expr, span: Span) -> Shift:
        divisor, moved = number_span(right), self.number(right)
        if divisor.width == 0 and divisor.low != 0 and moved.steady:
            return _made(times(self.number(left), 1 / divisor.low), span)
        if moved.steady and not divisor.both_signs and divisor.low * divisor.high > 0:
            # The same divisor in both: the shift is over a number of one sign, at the nearest to 0.
            over = self.number(left)
            ends = Span(1 / divisor.high, 1 / divisor.low)
            found = _corners(Span(over.low, over.high), ends)
            return _made(replace(over, low=found.low, high=found.high, shrink=None), span)
        return self._unknown(expr, span)

    def _either(self, condition: Expr, then: Expr, otherwise: Expr) -> Shift:
        """Bound ``if``: each branch against itself, and against the other where the condition can turn."""
        held = self.truth(condition)
        found: list[Shift] = []
        for before, after in held:
            match before, after:
                case True, True:
                    found.append(self.number(then))
                case False, False:
                    found.append(self.number(otherwise))
                case False, True:
                    found.append(replace(from_to(otherwise, then), ways=self.reasons(condition)))
                case True, False:
                    found.append(replace(from_to(then, otherwise), ways=self.reasons(condition)))
                case None, None:
                    pass
                case _:
                    ways = self.reasons(condition)
                    found.append(Shift(ZERO, ZERO, comes=before is None, goes=after is None, ways=ways))
        return hull(*found) if found else STEADY

    def _or_else(self, value: Expr, default: Expr) -> Shift:
        moved = self.number(value)
        found = [moved, self.number(default)]
        there, instead = number_span(value), number_span(default)
        found += [across(there, instead)] if moved.goes else []
        found += [across(instead, there)] if moved.comes else []
        open_ = default.optional and (moved.flips or found[1].flips)
        return replace(hull(*found), comes=open_, goes=open_)

    def _call(self, expr: Expr, function: str, arguments: tuple[Expr, ...], span: Span) -> Shift:
        found = [self.number(each) for each in arguments]
        first, inner = found[0], number_span(arguments[0])
        match function:
            case "min" | "max":
                shrinks = [each.shrink or (Shrink(ONE, ZERO) if each.steady else None) for each in found]
                low = all(number_span(each).low >= 0 for each in arguments)
                made = hull(*found)
                known = [each for each in shrinks if each is not None]
                if low and len(known) == len(found):
                    shrink = Shrink(min(each.share for each in known), max(each.slack for each in known))
                    return replace(made, shrink=shrink)
                return made
            case "abs":
                if inner.low >= 0:
                    return first
                if inner.high <= 0:
                    return minus(first)
                most = max(abs(first.low), abs(first.high))
                return replace(first, low=-most, high=most, shrink=None)
            case "round":
                return replace(rounded(first, 0, inner), shrink=None)
            case "floor" | "ceiling":
                return replace(rounded(first, 0, Span(ZERO, inner.width)), shrink=None)
            case "sqrt" | "ln" | "log10" | "exp":
                return _same_way(first, span)
            case "erfc":
                return minus(_same_way(first, span))
            case _:
                return self._unknown(expr, span)

    def _since(self, unit: str, start: Expr, span: Span) -> Shift:
        """Bound how much older something is so many days later; what is still to come may have come."""
        if not self.steady(start):
            return anywhere(span, flips=True)
        days = self.pair.days
        if unit == "days":
            return Shift(Fraction(days), Fraction(days), comes=True)
        return Shift(ZERO, Fraction(days // _YEAR + 1), comes=True)

    # ---- conditions ----------------------------------------------------------------------------------------------

    def truth(self, expr: Expr) -> Truths:
        """Return what a condition can be in both results."""
        found, always = self._truth(expr), settled(expr)
        return found if always is None else frozenset(each for each in found if (not always) not in each)

    def _truth(self, expr: Expr) -> Truths:
        if self.steady(expr):
            return truths.steady(optional=expr.optional)
        match expr.op:
            case Not(operand=operand):
                return truths.negated(self.truth(operand))
            case Logic(operator=operator, operands=operands):
                return truths.combined(operator, [self.truth(each) for each in operands])
            case Compare(operator=operator, left=left, right=right) if isinstance(left.type, NumberType):
                return self._compared(operator, left, right)
            case IsMissing(value=value, negated=negated) if isinstance(value.type, NumberType):
                moved = self.number(value)
                if not moved.flips:
                    return truths.STEADY
                found = truths.moving(rises=moved.goes, falls=moved.comes)
                return truths.negated(found) if negated else found
            case _:
                return truths.ANY if expr.optional else frozenset(each for each in truths.ANY if None not in each)

    def _compared(self, operator: str, left: Expr, right: Expr) -> Truths:
        moved = plus(self.number(left), minus(self.number(right)))
        optional = left.optional or right.optional
        if optional and not moved.flips:
            # Missing in both or in neither.
            return self._turning(operator, moved) | {(None, None)}
        return truths.ANY if optional else self._turning(operator, moved)

    def _turning(self, operator: str, moved: Shift) -> Truths:
        rises, falls = moved.high > 0, moved.low < 0
        match operator:
            case ">" | ">=":
                return truths.moving(rises=rises, falls=falls)
            case "<" | "<=":
                return truths.moving(rises=falls, falls=rises)
            case _:
                return truths.moving(rises=True, falls=True)


def measures_in(measure: Measure) -> Iterator[str]:
    """Name the measures that a measure is worked out from."""
    read = (measure.aggregate, measure.when)
    yield from dict.fromkeys(each.name for each in nodes(read) if isinstance(each, MeasureOf))


@once(1 << 14)
def _moving(expr: Expr) -> tuple[tuple[str, ...], bool]:
    """Return what an expression reads that can be other in the second result: the measures, and whether it is time."""
    read = tuple(nodes(expr.op))
    names = dict.fromkeys(each.name for each in read if isinstance(each, MeasureOf))
    return tuple(names), any(isinstance(each, Since) for each in read)


def from_to(before: Expr, after: Expr) -> Shift:
    """Bound the way from one number to another, each of which can be missing by itself."""
    return replace(across(number_span(before), number_span(after)), comes=before.optional, goes=after.optional)


def _places(expr: Expr) -> int:
    return expr.type.places if isinstance(expr.type, NumberType) else _PLACES


def _made(shift: Shift, span: Span) -> Shift:
    """Return the shift of a product or quotient after it is rounded to 9 places."""
    return rounded(shift, _PLACES, span)


def _corners(left: Span, right: Span) -> Span:
    every = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return Span(min(every), max(every))


def _same_way(shift: Shift, span: Span) -> Shift:
    """Bound a function that only rises: it goes the way of its operand, as far as it can."""
    return Shift(
        -span.width if shift.low < 0 else ZERO,
        span.width if shift.high > 0 else ZERO,
        shift.comes,
        shift.goes,
        None,
        shift.ways,
        shift.counted,
    )
