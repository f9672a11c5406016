"""Takes a checked expression or clause; gives its text in the language, in the canonical layout, without its source."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from tallystick.rules.decimals import plainly
from tallystick.rules.expression import (
    Arithmetic,
    AttributeOf,
    Call,
    Compare,
    Constant,
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
from tallystick.rules.format.expressions import quote
from tallystick.rules.measure import (
    Aggregate,
    Count,
    DaysOf,
    Distinct,
    Formula,
    HIndex,
    Keep,
    Pick,
    SumByKind,
    SumOf,
    Total,
)
from tallystick.rules.rule import Shape
from tallystick.rules.rulebook import Claim
from tallystick.rules.value import (
    DateType,
    DurationType,
    NumberType,
    OneOfType,
    Scalar,
    TextType,
    TimeType,
    Type,
    YesNoType,
)

_CHOICE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _PREFIX, _ATOM = range(10)
"""How tightly a form binds; what binds less tightly than its place wants stands in parentheses, and so does ``or else``
wherever it is part of something: it binds tightly, and nobody reads it so."""
_DEFAULT_LIMIT = Decimal(10) ** 12
_DEFAULT_PLACES = 6


def text_of(expr: Expr) -> str:
    """Write an expression."""
    return _within(expr, _CHOICE)


def constant_text(constant: Constant) -> str:
    """Write a constant as its author did: ``fade``, ``90 days``, ``2 * limit``."""
    return text_of(constant.expr)


def claim_text(claim: Claim) -> str:
    """Write what is promised."""
    amount = "" if claim.amount is None else constant_text(claim.amount)
    match claim.form:
        case "one actor moves" | "own actions give":
            return f"{claim.form} at most {amount}"
        case "silence costs":
            return f"{_days(Decimal(claim.days or 0))} of silence cost at most {amount}"
        case "never falls with":
            return f"score never falls with {', '.join(claim.kinds)}"
        case _:
            assert_never(claim.form)


def percent_text(constant: Constant) -> str:
    """Write a share as a percentage, unless it names a parameter."""
    match constant.expr.op:
        case Literally(value=Decimal() as share):
            return f"{plainly(share * 100)}%"
        case _:
            return constant_text(constant)


def days_text(constant: Constant) -> str:
    """Write a duration; one that is worked out from a parameter names the parameter."""
    match constant.expr.op:
        case Literally():
            return _days(constant.value)
        case _:
            return constant_text(constant)


def scalar_text(value: Scalar) -> str:
    """Write a value."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return plainly(value)
        case str():
            return quote(value)
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%S}Z"
        case date():
            return value.isoformat()
        case _:
            assert_never(value)


def type_text(kind: Type) -> str:
    """Write the type of a field."""
    match kind:
        case TextType():
            return "text"
        case YesNoType():
            return "yes/no"
        case OneOfType(values):
            return f"one of {', '.join(values)}"
        case DateType():
            return "date"
        case TimeType(zone):
            return "time" if zone is None else f"time in {quote(zone)}"
        case NumberType():
            return _number_type(kind)
        case DurationType():
            return "duration"
        case _:
            assert_never(kind)


def aggregate_text(aggregate: Aggregate) -> str:
    """Write what a measure works out, on one line."""
    match aggregate:
        case Count(kinds, given):
            return f"count {_kinds(kinds, given=given)}"
        case Distinct(fields, kinds, given):
            return f"distinct {', '.join(fields)} of {_kinds(kinds, given=given)}"
        case SumOf(value, kinds, given):
            return f"sum {text_of(value)} of {_kinds(kinds, given=given)}"
        case SumByKind(values):
            return f"sum by kind ({', '.join(f'{kind}: {text_of(value)}' for kind, value in values)})"
        case Pick(how, value, kinds, given):
            return f"{how} {text_of(value)} of {_kinds(kinds, given=given)}"
        case DaysOf(kinds, given):
            return f"days of {_kinds(kinds, given=given)}"
        case HIndex(field, kinds, given):
            return f"h index of {_kinds(kinds, given=given)} by {field}"
        case Formula(value):
            return f"= {text_of(value)}"
        case _:
            assert_never(aggregate)


def keep_text(keep: Keep) -> str:
    """Write ``keep`` without its keyword."""
    period = "" if keep.period is None else f" per {keep.period}"
    return f"at most {constant_text(keep.limit)} per {', '.join(keep.fields)}{period}"


def total_text(total: Total) -> str:
    """Write ``total`` without its keyword."""
    return f"at most {constant_text(total.limit)} per {total.period}"


def shape_text(shape: Shape) -> str:
    """Write the shape of a level."""
    between = "" if shape.p10 is None else f" {constant_text(shape.p10)}"
    return f"{shape.name}{between} to {constant_text(shape.full)}"


def _kinds(kinds: tuple[str, ...], *, given: bool) -> str:
    return f"{', '.join(kinds)}{' given' if given else ''}"


def _days(value: Decimal) -> str:
    return f"{plainly(value)} {'day' if value == 1 else 'days'}"


def _number_type(kind: NumberType) -> str:
    places = "" if kind.places == _DEFAULT_PLACES else f" with {kind.places} places"
    word = "number"
    if kind.places == 0:
        word, places = "whole number", ""
    if (kind.low, kind.high) == (-_DEFAULT_LIMIT, _DEFAULT_LIMIT):
        return f"{word}{places}"
    if kind.high == _DEFAULT_LIMIT:
        return f"{word} {plainly(kind.low)} or more{places}"
    return f"{word} {plainly(kind.low)} to {plainly(kind.high)}{places}"


def _within(expr: Expr, place: int) -> str:
    text, strength = _form(expr)
    return text if strength >= place else f"({text})"


def _form(expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0912 - one case for each form
    match expr.op:
        case Literally(value):
            return _literal(value, expr.type)
        case FieldOf(name) | ParameterOf(name) | MeasureOf(name):
            return name, _ATOM
        case EarnedOf(name):
            return f"actor.{name}", _ATOM
        case AttributeOf(name, whose):
            return (name if whose == "subject" else f"{whose}.{name}"), _ATOM
        case Negate(operand):
            return f"-{_within(operand, _UNARY)}", _UNARY
        case Not(operand):
            return f"not {_within(operand, _NOT)}", _NOT
        case Arithmetic(operator, left, right):
            strength = _SUM if operator in "+-" else _PRODUCT
            return f"{_within(left, strength)} {operator} {_within(right, strength + 1)}", strength
        case Compare(operator, left, right):
            return f"{_within(left, _SUM)} {operator} {_within(right, _SUM)}", _COMPARE
        case Logic(operator, operands):
            # INVARIANT: `and` and `or` mix only with parentheses, so an operand binds tighter than both.
            return f" {operator} ".join(_within(each, _NOT) for each in operands), _OR if operator == "or" else _AND
        case In(value, options, negated):
            listed = ", ".join(text_of(each) for each in options)
            return f"{_within(value, _SUM)} {'not in' if negated else 'in'} ({listed})", _COMPARE
        case IsMissing(value, negated):
            return f"{_within(value, _SUM)} is {'not missing' if negated else 'missing'}", _COMPARE
        case OrElse(value, default):
            first = text_of(value) if isinstance(value.op, OrElse) else _within(value, _PREFIX)
            return f"{first} or else {_within(default, _PREFIX)}", _CHOICE
        case If(condition, then, otherwise):
            last = text_of(otherwise) if isinstance(otherwise.op, If) else _within(otherwise, _OR)
            return f"if {_within(condition, _OR)} then {_within(then, _OR)} else {last}", _CHOICE
        case Call(function, arguments):
            return f"{function}({', '.join(text_of(each) for each in arguments)})", _ATOM
        case Since(unit, day):
            return f"{unit} since {_within(day, _PREFIX)}", _PREFIX
        case FromTo(unit, start, end):
            return f"{unit} from {_within(start, _PREFIX)} to {_within(end, _PREFIX)}", _PREFIX
        case TextTest(test, value, part, ignoring_case):
            words = test if test == "contains" else f"{test} with"
            folded = " ignoring case" if ignoring_case else ""
            return f"{_within(value, _SUM)} {words} {_within(part, _SUM)}{folded}", _COMPARE
        case Returned(within):
            return f"returned within {days_text(within)}", _COMPARE
        case _:
            assert_never(expr.op)


def _literal(value: Scalar, kind: Type) -> tuple[str, int]:
    match value, kind:
        case Decimal(), DurationType():
            return _days(value), _ATOM
        case Decimal(), _ if value < 0:
            return scalar_text(value), _UNARY
        case str(), OneOfType():
            return value, _ATOM
        case _:
            return scalar_text(value), _ATOM
