"""Takes an operator's name and the values of its operands; gives the value: what each word in a working means.

This is the whole of what a reader needs to redo a working by hand; ``None`` is a missing value everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from tallystick.engine import arithmetic, calendar
from tallystick.engine.evaluate import folded
from tallystick.explain.tree.nodes import Operator
from tallystick.rules.decimals import EXACT
from tallystick.rules.value import Scalar

Value = Scalar | None
Known = Sequence[Scalar]


class CannotRedo(Exception):  # noqa: N818  (a fact about a document, not a failure of ours)
    """A node whose operands do not fit its operator: the document was damaged or is not ours."""


def _number(value: Scalar) -> Decimal:
    """Return a number, or refuse."""
    if isinstance(value, Decimal):
        return value
    message = f"{value!r} is not a number"
    raise CannotRedo(message)


def _text(value: Scalar) -> str:
    """Return a text, or refuse."""
    if isinstance(value, str):
        return value
    message = f"{value!r} is not a text"
    raise CannotRedo(message)


def _day(value: Scalar) -> date:
    """Return a day, or refuse; a moment must have been made a day before."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    message = f"{value!r} is not a day"
    raise CannotRedo(message)


def _sum(values: Known) -> Decimal:
    """Add exactly."""
    return arithmetic.total_of([_number(each) for each in values])


def _product(values: Known) -> Decimal:
    """Multiply from left to right, each product rounded to 9 places."""
    total = _number(values[0])
    for each in values[1:]:
        total = arithmetic.multiply(total, _number(each))
    return total


def _less(left: Scalar, right: Scalar) -> bool:
    """Compare numbers, texts by code points, dates and moments."""
    match left, right:
        case Decimal(), Decimal():
            return left < right
        case str(), str():
            return left < right
        case datetime(), datetime():
            return left < right
        case date(), date():
            return left < right
        case _:
            message = f"{left!r} and {right!r} have no order"
            raise CannotRedo(message)


_APPLY: dict[str, Callable[[Known], Scalar]] = {
    "sum of": _sum,
    "difference of": lambda v: arithmetic.subtract(_number(v[0]), _number(v[1])),
    "product of": _product,
    "quotient of": lambda v: arithmetic.divide(_number(v[0]), _number(v[1])),
    "proportion of": lambda v: arithmetic.divide(EXACT.multiply(_number(v[0]), _number(v[1])), _number(v[2])),
    "negative of": lambda v: arithmetic.subtract(Decimal(0), _number(v[0])),
    "least of": lambda v: min(map(_number, v)),
    "greatest of": lambda v: max(map(_number, v)),
    "absolute value of": lambda v: abs(_number(v[0])),
    "nearest whole number to": lambda v: arithmetic.whole(_number(v[0])),
    "rounded down": lambda v: arithmetic.floor(_number(v[0])),
    "rounded up": lambda v: arithmetic.ceiling(_number(v[0])),
    "square root of": lambda v: arithmetic.root(_number(v[0])),
    "natural logarithm of": lambda v: arithmetic.natural_log(_number(v[0])),
    "logarithm to base 10 of": lambda v: arithmetic.log10(_number(v[0])),
    "exponential of": lambda v: arithmetic.exponential(_number(v[0])),
    "complementary error function of": lambda v: arithmetic.complementary_error(_number(v[0])),
    "linear share of": lambda v: arithmetic.level("linear", _number(v[0]), _number(v[1])),
    "square root share of": lambda v: arithmetic.level("square root", _number(v[0]), _number(v[1])),
    "logarithmic share of": lambda v: arithmetic.level("logarithmic", _number(v[0]), _number(v[1])),
    "log-normal level of": lambda v: arithmetic.level("log normal", _number(v[0]), _number(v[2]), _number(v[1])),
    "rounded to places": lambda v: arithmetic.round_to(_number(v[0]), int(_number(v[1]))),
    "limited to": lambda v: min(_number(v[0]), _number(v[1])),
    "raised to": lambda v: max(_number(v[0]), _number(v[1])),
    "equal to": lambda v: v[0] == v[1],
    "not equal to": lambda v: v[0] != v[1],
    "less than": lambda v: _less(v[0], v[1]),
    "at most": lambda v: not _less(v[1], v[0]),
    "more than": lambda v: _less(v[1], v[0]),
    "at least": lambda v: not _less(v[0], v[1]),
    "starts with": lambda v: _text(v[0]).startswith(_text(v[1])),
    "ends with": lambda v: _text(v[0]).endswith(_text(v[1])),
    "contains": lambda v: _text(v[1]) in _text(v[0]),
    "starts with, ignoring case": lambda v: folded(_text(v[0])).startswith(folded(_text(v[1]))),
    "ends with, ignoring case": lambda v: folded(_text(v[0])).endswith(folded(_text(v[1]))),
    "contains, ignoring case": lambda v: folded(_text(v[1])) in folded(_text(v[0])),
    "days from": lambda v: Decimal(calendar.days_between(_day(v[0]), _day(v[1]))),
    "seconds from": lambda v: _seconds(v[0], v[1]),
    "day of": lambda v: calendar.day_of(_moment(v[0]), _text(v[1])),
}
"""Operators that are missing where an operand is."""


def _moment(value: Scalar) -> datetime:
    """Return a moment, or refuse."""
    if isinstance(value, datetime):
        return value
    message = f"{value!r} is not a moment"
    raise CannotRedo(message)


def _seconds(start: Scalar, end: Scalar) -> Decimal:
    """Return the seconds between two days or two moments."""
    moments = isinstance(start, datetime) and isinstance(end, datetime)
    between = _moment(end) - _moment(start) if moments else _day(end) - _day(start)
    return Decimal(between.days * 86400 + between.seconds) + Decimal(between.microseconds).scaleb(-6)


def _since(operator: str, values: Sequence[Value]) -> Value:
    """Return the whole days or birthdays from a day to the as-of day; missing if the day is later."""
    if any(value is None for value in values):
        return None
    start, end = _day(_known(values[0])), _day(_known(values[1]))
    if start > end:
        return None
    between = calendar.days_between if operator == "days since" else calendar.years_between
    return Decimal(between(start, end))


def _known(value: Value) -> Scalar:
    """Return a value that cannot be missing here, or refuse."""
    if value is None:
        message = "a value is missing where none can be"
        raise CannotRedo(message)
    return value


def _membership(values: Sequence[Value]) -> bool | None:
    """Return whether the first equals one of the others; missing where that cannot be told."""
    value, options = values[0], values[1:]
    if value is None:
        return None
    if any(option == value for option in options if option is not None):
        return True
    return None if None in options else False


def _logic(values: Sequence[Value], deciding: bool) -> bool | None:  # noqa: FBT001  (the value that settles the matter)
    """Return Kleene's ``and`` (``deciding`` False) or ``or`` (True)."""
    if deciding in [value for value in values if value is not None]:
        return deciding
    return None if None in values else not deciding


def apply(operator: Operator, values: Sequence[Value]) -> Value:
    """Return what an operator makes of its operands.

    ``all of``, ``any of``: Kleene's logic. ``if``: its second or third operand, as the first holds or not.
    """
    of_known = _APPLY.get(operator)
    if of_known is not None:
        known = [value for value in values if value is not None]
        return of_known(known) if len(known) == len(values) else None
    match operator:
        case "all of":
            return _logic(values, deciding=False)
        case "any of":
            return _logic(values, deciding=True)
        case "not":
            return None if values[0] is None else not values[0]
        case "missing":
            return values[0] is None
        case "not missing":
            return values[0] is not None
        case "first that is known of":
            return values[0] if values[0] is not None else values[1]
        case "if":
            return None if values[0] is None else values[1] if values[0] is True else values[2]
        case "one of":
            return _membership(values)
        case "none of":
            found = _membership(values)
            return None if found is None else not found
        case "days since" | "years since":
            return _since(operator, values)
        case _:
            message = f"{operator!r} has no operands"
            raise CannotRedo(message)
