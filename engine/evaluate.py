"""Takes a checked expression and somebody who knows the names in it; gives its value, or None where it is missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol, assert_never

from tallystick.engine import arithmetic
from tallystick.engine.calendar import day_of, days_between, in_utc, years_between
from tallystick.rules.expression import (
    Arithmetic,
    AttributeOf,
    Call,
    Compare,
    EarnedOf,
    Expr,
    FieldOf,
    FromTo,
    If,
    In,
    IsMissing,
    Literally,
    Logic,
    MeasureOf,
    Negate,
    Not,
    OrElse,
    ParameterOf,
    Returned,
    Since,
    TextTest,
)
from tallystick.rules.value import LIMIT, Scalar

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS = Decimal(1_000_000)


class Look(Protocol):
    """Who knows what the names of an expression stand for, about one record or one person."""

    @property
    def as_of(self) -> date:
        """The last day taken in."""

    @property
    def zone(self) -> str:
        """The rulebook's time zone, in which moments have days."""

    def field(self, name: str) -> Scalar | None:
        """Return a field of the record at hand."""

    def attribute(self, name: str, whose: Literal["subject", "actor"]) -> Scalar | None:
        """Return an attribute of the person, or of the record's subject or actor."""

    def measure(self, name: str) -> Decimal | None:
        """Return a measure of the person."""

    def earned(self, name: str) -> Decimal | None:
        """Return a measure of the actor of the record at hand."""

    def returned(self, within: Decimal) -> bool:
        """Say whether the record at hand returns what its subject did within so many days."""


def evaluate(expr: Expr, look: Look) -> Scalar | None:  # noqa: C901, PLR0912  one case for each operation
    """Return the value of an expression; None where it is missing.

    An operation on a missing value is missing, but for ``or else``, ``is missing``, and ``and``/``or`` where another
    operand decides. Operands are worked out from left to right, and no more of them than are needed.
    """
    match expr.op:
        case Literally(value=value) | ParameterOf(value=value):
            return value
        case FieldOf(name=name):
            return look.field(name)
        case AttributeOf(name=name, whose=whose):
            return look.attribute(name, whose)
        case MeasureOf(name=name):
            return look.measure(name)
        case EarnedOf(name=name):
            return look.earned(name)
        case Negate(operand=operand):
            number = number_of(operand, look)
            return None if number is None else arithmetic.subtract(Decimal(0), number)
        case Not(operand=operand):
            truth = holds(operand, look)
            return None if truth is None else not truth
        case Arithmetic(operator=operator, left=left, right=right):
            return _arithmetic(operator, number_of(left, look), number_of(right, look))
        case Compare(operator=operator, left=left, right=right):
            return _compare(operator, evaluate(left, look), evaluate(right, look))
        case Logic(operator=operator, operands=operands):
            return _logic(operands, look, decider=operator == "or")
        case In(value=value, options=options, negated=negated):
            found = _in(evaluate(value, look), options, look)
            return None if found is None else found is not negated
        case IsMissing(value=value, negated=negated):
            return (evaluate(value, look) is None) is not negated
        case OrElse(value=value, default=default):
            first = evaluate(value, look)
            return evaluate(default, look) if first is None else first
        case If(condition=condition, then=then, otherwise=otherwise):
            truth = holds(condition, look)
            return None if truth is None else evaluate(then if truth else otherwise, look)
        case Call(function=function, arguments=arguments):
            numbers = [number_of(argument, look) for argument in arguments]
            there = [number for number in numbers if number is not None]
            return _call(function, there) if len(there) == len(numbers) else None
        case Since(unit=unit, date=start):
            return _since(unit, evaluate(start, look), look)
        case FromTo(unit=unit, start=start, end=end):
            return _from_to(unit, evaluate(start, look), evaluate(end, look), look.zone)
        case TextTest() as test:
            return _text_test(test, evaluate(test.value, look), evaluate(test.part, look))
        case Returned(within=within):
            return look.returned(within.value)
        case _:
            assert_never(expr.op)


def holds(condition: Expr, look: Look) -> bool | None:
    """Return whether a condition holds; None where that is not known."""
    value = evaluate(condition, look)
    assert value is None or isinstance(value, bool)  # noqa: S101  the checker's promise
    return value


def number_of(expr: Expr, look: Look) -> Decimal | None:
    """Return the value of an expression that is a number; None where it is missing."""
    value = evaluate(expr, look)
    assert value is None or isinstance(value, Decimal)  # noqa: S101  the checker's promise
    return value


def _arithmetic(operator: Literal["+", "-", "*", "/"], left: Decimal | None, right: Decimal | None) -> Decimal | None:
    if left is None or right is None:
        return None
    match operator:
        case "+":
            result = arithmetic.add(left, right)
        case "-":
            result = arithmetic.subtract(left, right)
        case "*":
            result = arithmetic.multiply(left, right)
        case "/":
            result = arithmetic.divide(left, right)
        case _:
            assert_never(operator)
    assert abs(result) <= LIMIT, result  # noqa: S101  the checker's promise
    return result


def _call(
    function: Literal["min", "max", "abs", "round", "floor", "ceiling", "sqrt", "ln", "log10", "exp", "erfc"],
    numbers: list[Decimal],
) -> Decimal:
    first = numbers[0]
    match function:
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case "abs":
            return first.copy_abs()
        case "round":
            return arithmetic.whole(first)
        case "floor":
            return arithmetic.floor(first)
        case "ceiling":
            return arithmetic.ceiling(first)
        case "sqrt":
            return arithmetic.root(first)
        case "ln":
            return arithmetic.natural_log(first)
        case "log10":
            return arithmetic.log10(first)
        case "exp":
            return arithmetic.exponential(first)
        case "erfc":
            return arithmetic.complementary_error(first)
        case _:
            assert_never(function)


def _compare(
    operator: Literal["=", "!=", "<", "<=", ">", ">="], left: Scalar | None, right: Scalar | None
) -> bool | None:
    if left is None or right is None:
        return None
    match operator:
        case "=":
            return _same(left, right)
        case "!=":
            return not _same(left, right)
        case "<":
            return _less(left, right)
        case "<=":
            return not _less(right, left)
        case ">":
            return _less(right, left)
        case ">=":
            return not _less(left, right)
        case _:
            assert_never(operator)


def _same(left: Scalar, right: Scalar) -> bool:
    return not _less(left, right) and not _less(right, left)


def _less(left: Scalar, right: Scalar) -> bool:
    """Compare two values of one type; texts by code points, which is how Python compares them."""
    match left, right:
        case Decimal(), Decimal():
            return left < right
        case str(), str():
            return left < right
        case bool(), bool():
            return left < right
        case datetime(), datetime():
            return in_utc(left) < in_utc(right)
        case date(), date() if not isinstance(left, datetime) and not isinstance(right, datetime):
            return left < right
        case _:
            message = f"a comparison of {type(left).__name__} with {type(right).__name__}"
            raise AssertionError(message)


def _logic(operands: tuple[Expr, ...], look: Look, *, decider: bool) -> bool | None:
    """Work out ``and`` (which a False decides) or ``or`` (which a True does)."""
    unknown = False
    for operand in operands:
        truth = holds(operand, look)
        if truth is decider:
            return decider
        unknown = unknown or truth is None
    return None if unknown else not decider


def _in(value: Scalar | None, options: tuple[Expr, ...], look: Look) -> bool | None:
    if value is None:
        return None
    unknown = False
    for option in options:
        same = _compare("=", value, evaluate(option, look))
        if same:
            return True
        unknown = unknown or same is None
    return None if unknown else False


def _day(value: date, zone: str) -> date:
    return day_of(value, zone) if isinstance(value, datetime) else value


def _since(unit: Literal["days", "years"], start: Scalar | None, look: Look) -> Decimal | None:
    if start is None:
        return None
    assert isinstance(start, date)  # noqa: S101  the checker's promise
    day = _day(start, look.zone)
    if day > look.as_of:
        return None
    between = days_between if unit == "days" else years_between
    return Decimal(between(day, look.as_of))


def _from_to(unit: Literal["days", "seconds"], start: Scalar | None, end: Scalar | None, zone: str) -> Decimal | None:
    if start is None or end is None:
        return None
    assert isinstance(start, date)  # noqa: S101  the checker's promise
    assert isinstance(end, date)  # noqa: S101  the checker's promise
    if unit == "days":
        return Decimal(days_between(_day(start, zone), _day(end, zone)))
    assert isinstance(start, datetime)  # noqa: S101  the checker's promise
    assert isinstance(end, datetime)  # noqa: S101  the checker's promise
    return Decimal((in_utc(end) - in_utc(start)) // _MICROSECOND) / _MICROSECONDS


def _text_test(test: TextTest, value: Scalar | None, part: Scalar | None) -> bool | None:
    if value is None or part is None:
        return None
    assert isinstance(value, str)  # noqa: S101  the checker's promise
    assert isinstance(part, str)  # noqa: S101  the checker's promise
    if test.ignoring_case:
        value, part = folded(value), folded(part)
    match test.test:
        case "starts":
            return value.startswith(part)
        case "ends":
            return value.endswith(part)
        case "contains":
            return part in value
        case _:
            assert_never(test.test)


def folded(text: str) -> str:
    """Return a text with A to Z small and every other character as it is."""
    return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)


def parts_of(expr: Expr) -> tuple[Expr, ...]:
    """Return the operands of an expression, in the order of the text."""
    match expr.op:
        case Literally() | FieldOf() | AttributeOf() | ParameterOf() | MeasureOf() | EarnedOf() | Returned():
            return ()
        case Negate(operand=operand) | Not(operand=operand):
            return (operand,)
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Logic(operands=operands) | Call(arguments=operands):
            return operands
        case In(value=value, options=options):
            return (value, *options)
        case IsMissing(value=value):
            return (value,)
        case OrElse(value=value, default=default):
            return (value, default)
        case If(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Since(date=start):
            return (start,)
        case FromTo(start=start, end=end):
            return (start, end)
        case TextTest(value=value, part=part):
            return (value, part)
        case _:
            assert_never(expr.op)


def measures_in(expr: Expr) -> tuple[str, ...]:
    """Return the names of the measures that an expression reads, in the order of the text."""
    if isinstance(expr.op, MeasureOf):
        return (expr.op.name,)
    return tuple(name for part in parts_of(expr) for name in measures_in(part))


def first_missing(expr: Expr, look: Look) -> str | None:
    """Return the first name of a person's expression, in the order of the text, whose value is missing.

    A time since a day that is still to come names that day.
    """
    match expr.op:
        case AttributeOf(name=name) | MeasureOf(name=name):
            return name if evaluate(expr, look) is None else None
        case Since(date=start) if evaluate(expr, look) is None:
            return first_missing(start, look) or first_name(start)
        case _:
            found = (first_missing(part, look) for part in parts_of(expr))
            return next((name for name in found if name is not None), None)


def first_name(expr: Expr) -> str | None:
    """Return the first attribute, measure or parameter that an expression names."""
    if isinstance(expr.op, AttributeOf | MeasureOf | ParameterOf):
        return expr.op.name
    found = (first_name(part) for part in parts_of(expr))
    return next((name for name in found if name is not None), None)
