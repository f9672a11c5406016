"""Takes the typed operands of an operation; gives it with its interval, or says why it has no value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Protocol, cast

from tallystick.rules import decimals, syntax
from tallystick.rules.check import intervals
from tallystick.rules.check.scope import Check, Here
from tallystick.rules.check.walk import names_in
from tallystick.rules.check_errors import numbers as say
from tallystick.rules.check_errors import types as say_type
from tallystick.rules.expression import (
    Arithmetic,
    AttributeOf,
    Call,
    Constant,
    Expr,
    FieldOf,
    Function,
    If,
    Literally,
    MeasureOf,
    Negate,
    Operation,
    OrElse,
    ParameterOf,
)
from tallystick.rules.source import Span
from tallystick.rules.value import DurationType, NumberType, Type


class Typing(Protocol):
    """The function that types an expression at a place."""

    def __call__(self, expr: syntax.Expr, here: Here, expected: Type | None = None) -> Expr | None:
        """Type it."""


def as_number(found: Expr, here: Here) -> Expr | None:
    """Return a value that is a number; else report it."""
    if isinstance(found.type, NumberType):
        return found
    here.check.report(say_type.not_a_number(here.check.source, found.span, here.check.text(found.span), found.type))
    return None


def negated(operand: Expr, span: Span, here: Here) -> Expr | None:
    """Make ``-x``."""
    if isinstance(operand.type, DurationType):
        return Expr(Negate(operand), operand.type, optional=False, span=span)
    inner = as_number(operand, here)
    if inner is None:
        return None
    return Expr(Negate(inner), intervals.negate(intervals.of(inner)), inner.optional, span)


def arithmetic(expr: syntax.Arithmetic, left: Expr, right: Expr, here: Here) -> Expr | None:
    """Make ``+ - * /`` of numbers, or of durations where that has a meaning."""
    check = here.check
    if here.scope.value and expr.operator == "/":
        check.report(say.record_value(check.source, expr.span, "/"))
        return None
    if isinstance(left.type, DurationType) or isinstance(right.type, DurationType):
        return _durations(expr, left, right, here)
    first, second = as_number(left, here), as_number(right, here)
    if first is None or second is None:
        return None
    of_left, of_right = intervals.of(first), intervals.of(second)
    match expr.operator:
        case "+":
            result = intervals.add(of_left, of_right)
        case "-":
            result = intervals.subtract(of_left, of_right)
        case "*":
            result = intervals.multiply(of_left, of_right)
        case "/":
            if of_right.low <= 0 <= of_right.high:
                _may_be_zero(expr, of_right, here)
                return None
            result = intervals.divide(of_left, of_right)
    op = Arithmetic(expr.operator, first, second)
    return _held(op, result, (first, second), expr.span, here)


def one_side(expr: syntax.Arithmetic, left: Expr | None, right: Expr | None, here: Here) -> None:
    """Report what is wrong with one side of ``+ - * /`` where nobody knows what the other is."""
    sides = [
        None if side is None or isinstance(side.type, DurationType) else as_number(side, here) for side in (left, right)
    ]
    divisor = sides[1]
    if expr.operator == "/" and divisor is not None and not here.scope.value:
        of_divisor = intervals.of(divisor)
        if of_divisor.low <= 0 <= of_divisor.high:
            _may_be_zero(expr, of_divisor, here)


def call(expr: syntax.Call, arguments: tuple[Expr, ...], here: Here) -> Expr | None:
    """Make a function of numbers."""
    check, name = here.check, expr.function.text
    if name not in _FUNCTIONS:
        check.report(say.function_unknown(check.source, expr.function.span, name, tuple(_FUNCTIONS)))
        return None
    function, least_count = _FUNCTIONS[name]
    if len(arguments) < least_count or (least_count == 1 and len(arguments) > 1):
        check.report(say.argument_count(check.source, expr.span, name, least_count, len(arguments)))
        return None
    numbers = tuple(number for number in (as_number(argument, here) for argument in arguments) if number is not None)
    if len(numbers) < len(arguments):
        return None
    of = tuple(intervals.of(number) for number in numbers)
    if not _has_value(expr, name, of[0], here):
        return None
    return _held(Call(cast("Function", name), numbers), function(of), numbers, expr.span, here)


def constant(expr: syntax.Expr, here: Here, typing: Typing, *, duration: bool = False) -> Constant | None:
    """Work out a number (or a duration) that no record changes."""
    found = typing(expr, here)
    if found is None:
        return None
    if duration != isinstance(found.type, DurationType):
        check = here.check
        if duration:
            check.report(say_type.not_a_duration(check.source, expr.span, check.text(expr.span), found.type))
        else:
            check.report(say_type.not_a_number(check.source, expr.span, check.text(expr.span), found.type))
        return None
    if not duration and as_number(found, here) is None:
        return None
    return Constant(folded(found), found)


def folded(expr: Expr) -> Decimal:
    """Return the value of a constant: a number's interval is one point; durations are worked out."""
    if isinstance(expr.type, NumberType):
        return expr.type.low
    match expr.op:
        case Literally(value=Decimal() as value):
            return value
        case ParameterOf(value=Decimal() as value):
            return value
        case Negate(operand=operand):
            return decimals.subtract(intervals.ZERO, folded(operand))
        case Arithmetic(operator=operator, left=left, right=right):
            return _OPERATIONS[operator](folded(left), folded(right))
        case _:
            raise AssertionError(expr)


def whole_days(value: Constant, span: Span, check: Check) -> bool:
    """Say whether a duration is a whole number of days from 1; else report it."""
    if decimals.places_of(value.value) > 0 or not 1 <= value.value <= intervals.MOST_DAYS:
        check.report(say.days_wanted(check.source, span, check.text(span), value.value, whole=True))
        return False
    return True


_OPERATIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": decimals.add,
    "-": decimals.subtract,
    "*": decimals.multiply,
    "/": decimals.divide,
}

_FUNCTIONS: dict[str, tuple[Callable[[tuple[NumberType, ...]], NumberType], int]] = {
    "min": (intervals.least, 2),
    "max": (intervals.greatest, 2),
    "abs": (lambda of: intervals.absolute(of[0]), 1),
    "round": (lambda of: intervals.whole(of[0]), 1),
    "floor": (lambda of: intervals.floor(of[0]), 1),
    "ceiling": (lambda of: intervals.ceiling(of[0]), 1),
    "sqrt": (lambda of: intervals.root(of[0]), 1),
    "ln": (lambda of: intervals.natural_log(of[0]), 1),
    "log10": (lambda of: intervals.log10(of[0]), 1),
    "exp": (lambda of: intervals.exponential(of[0]), 1),
    "erfc": (lambda of: intervals.complementary_error(of[0]), 1),
}


def _has_value(expr: syntax.Call, name: str, of: NumberType, here: Here) -> bool:
    """Say whether a function has a value for every argument that is possible here; else report it."""
    check, argument = here.check, expr.arguments[0]
    whole, part = check.text(expr.span), check.text(argument.span)
    if name == "sqrt" and of.low < 0:
        if not _first_of_its_names(argument, here):
            return False
        check.report(say.may_be_negative(check.source, argument.span, part, whole, of, here.scope.remedy, strict=False))
        return False
    if name in ("ln", "log10") and of.low <= 0:
        if not _first_of_its_names(argument, here):
            return False
        check.report(say.may_be_negative(check.source, argument.span, part, whole, of, here.scope.remedy, strict=True))
        return False
    if name == "exp" and of.high > intervals.EXP_LIMIT:
        if here.doubtful:
            return False
        check.report(say.exp_too_large(check.source, argument.span, part, whole, of))
        return False
    return True


def _first_of_its_names(part: syntax.Expr, here: Here) -> bool:
    """Say whether it is new that these names have no fit bounds here: one bound mends them all."""
    return not here.doubtful and here.check.once(f"{here.scope.what} {sorted(set(names_in(part)))}")


def _may_be_zero(expr: syntax.Arithmetic, divisor: NumberType, here: Here) -> None:
    check, part = here.check, expr.right
    if not _first_of_its_names(part, here):
        return
    check.report(
        say.may_be_zero(
            check.source, part.span, check.text(part.span), check.text(expr.span), divisor, here.scope.remedy
        )
    )


def _held(op: Operation, result: NumberType, operands: tuple[Expr, ...], span: Span, here: Here) -> Expr | None:
    """Return the operation if its result stays within ±10²⁴; else say which operand to bound."""
    if not intervals.fits(result):
        check = here.check
        if here.doubtful:
            return None
        named = [leaf for operand in operands for leaf in _leaves(operand)]
        largest = max(named or operands, key=_reach)
        part = check.text(largest.span)
        check.report(
            say.too_large(
                check.source, span, check.text(span), (part, largest.span, intervals.of(largest)), is_named=bool(named)
            )
        )
        return None
    return Expr(op, result, any(operand.optional for operand in operands), span)


def _reach(of: Expr) -> Decimal:
    """Return how far from 0 a number can be."""
    return max(intervals.of(of).low.copy_abs(), intervals.of(of).high.copy_abs())


def _leaves(of: Expr) -> Iterator[Expr]:
    """Return the named numbers that a number is worked out from."""
    match of.op:
        case FieldOf() | AttributeOf() | MeasureOf() if isinstance(of.type, NumberType):
            yield of
        case Negate(operand=operand) | OrElse(value=operand):
            yield from _leaves(operand)
        case Arithmetic(left=left, right=right) | If(then=left, otherwise=right):
            yield from _leaves(left)
            yield from _leaves(right)
        case Call(arguments=arguments):
            for argument in arguments:
                yield from _leaves(argument)
        case _:
            pass


def _durations(expr: syntax.Arithmetic, left: Expr, right: Expr, here: Here) -> Expr | None:
    """Make a sum or difference of durations, a multiple or a part of one, or how often one goes into another."""
    check = here.check
    first, second = isinstance(left.type, DurationType), isinstance(right.type, DurationType)
    number_beside = isinstance((right if first else left).type, NumberType)
    constant_beside = number_beside and here.scope.reads == "constant"
    op = Arithmetic(expr.operator, left, right)
    if first and second and expr.operator in ("+", "-"):
        return Expr(op, DurationType(), optional=False, span=expr.span)
    if constant_beside and (expr.operator == "*" or (expr.operator == "/" and first)):
        if expr.operator == "/" and folded(right) == 0:
            _may_be_zero(expr, intervals.point(intervals.ZERO), here)
            return None
        return Expr(op, DurationType(), optional=False, span=expr.span)
    if first and second and expr.operator == "/":
        if folded(right) == 0:
            _may_be_zero(expr, intervals.point(intervals.ZERO), here)
            return None
        ratio = intervals.point(decimals.divide(folded(left), folded(right)))
        if not intervals.fits(ratio):
            check.report(say.literal_too_large(check.source, expr.span))
            return None
        return Expr(op, ratio, optional=False, span=expr.span)
    sides = (check.text(expr.left.span), left.type), (check.text(expr.right.span), right.type)
    check.report(say_type.mixed_units(check.source, expr.span, sides, expr.operator))
    return None
