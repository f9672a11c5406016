"""Takes the intervals of operands; gives the interval and the places of a result, never narrower than evaluation."""

from __future__ import annotations

from decimal import Decimal

from tallystick.rules import decimals, error_function
from tallystick.rules.expression import Expr
from tallystick.rules.value import LIMIT, MOST_RECORDS, NumberType

ZERO, ONE = Decimal(0), Decimal(1)
MOST = Decimal(MOST_RECORDS)
"""The bounds of a number that says none, and the most records that there can be."""
_UNSAID = Decimal(9) * 10**11
"""What reaches this far was bounded by nobody."""
MOST_DAYS = Decimal(3_652_059)
"""No calendar holds more days: 0001-01-01 to 9999-12-31."""
EXP_LIMIT = Decimal(20)
UNSAID = NumberType(-MOST, MOST, 6)


def of(expr: Expr) -> NumberType:
    """Return the interval of an expression that was found to be a number."""
    assert isinstance(expr.type, NumberType)  # noqa: S101  # whoever asks has looked
    return expr.type


def point(value: Decimal) -> NumberType:
    """Return the interval of a constant."""
    return NumberType(value, value, decimals.places_of(value))


def is_point(interval: NumberType) -> bool:
    """Say whether only one value is possible."""
    return interval.low == interval.high


def fits(interval: NumberType) -> bool:
    """Say whether no value leaves ±10²⁴."""
    return interval.low >= -LIMIT and interval.high <= LIMIT


def is_within(interval: NumberType, most: Decimal) -> bool:
    """Say whether no value is further from 0 than this."""
    return interval.low >= -most and interval.high <= most


def hull(left: NumberType, right: NumberType) -> NumberType:
    """Return the interval that holds both."""
    return NumberType(min(left.low, right.low), max(left.high, right.high), max(left.places, right.places))


def negate(of: NumberType) -> NumberType:
    """Return the interval of ``-x``."""
    return NumberType(decimals.subtract(ZERO, of.high), decimals.subtract(ZERO, of.low), of.places)


def add(left: NumberType, right: NumberType) -> NumberType:
    """Return the interval of a sum."""
    places = max(left.places, right.places)
    return NumberType(decimals.add(left.low, right.low), decimals.add(left.high, right.high), places)


def subtract(left: NumberType, right: NumberType) -> NumberType:
    """Return the interval of a difference."""
    places = max(left.places, right.places)
    return NumberType(decimals.subtract(left.low, right.high), decimals.subtract(left.high, right.low), places)


def multiply(left: NumberType, right: NumberType) -> NumberType:
    """Return the interval of a product: rounding keeps order, so the corners decide."""
    corners = [decimals.multiply(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return NumberType(min(corners), max(corners), min(decimals.PLACES, left.places + right.places))


def divide(left: NumberType, right: NumberType) -> NumberType:
    """Return the interval of a quotient by an interval that does not hold 0."""
    corners = [decimals.divide(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    low, high = min(corners), max(corners)
    places = decimals.places_of(low) if low == high else decimals.PLACES
    return NumberType(low, high, places)


def absolute(of: NumberType) -> NumberType:
    """Return the interval of ``abs(x)``."""
    low, high = of.low.copy_abs(), of.high.copy_abs()
    least = ZERO if of.low <= 0 <= of.high else min(low, high)
    return NumberType(least, max(low, high), of.places)


def least(of: tuple[NumberType, ...]) -> NumberType:
    """Return the interval of ``min(x, y, …)``."""
    return NumberType(min(i.low for i in of), min(i.high for i in of), max(i.places for i in of))


def greatest(of: tuple[NumberType, ...]) -> NumberType:
    """Return the interval of ``max(x, y, …)``."""
    return NumberType(max(i.low for i in of), max(i.high for i in of), max(i.places for i in of))


def held(of: NumberType, low: Decimal | None, high: Decimal | None) -> NumberType:
    """Return the interval after ``at least`` and ``at most``."""
    result = of
    if low is not None:
        result = greatest((result, point(low)))
    if high is not None:
        result = least((result, point(high)))
    return result


def rounded(of: NumberType, places: int) -> NumberType:
    """Return the interval after rounding to so many places."""
    if of.places <= places:
        return of
    return NumberType(decimals.round_to(of.low, places), decimals.round_to(of.high, places), places)


def whole(of: NumberType) -> NumberType:
    """Return the interval of ``round(x)``."""
    return NumberType(decimals.whole(of.low), decimals.whole(of.high), 0)


def floor(of: NumberType) -> NumberType:
    """Return the interval of ``floor(x)``."""
    return NumberType(decimals.floor(of.low), decimals.floor(of.high), 0)


def ceiling(of: NumberType) -> NumberType:
    """Return the interval of ``ceiling(x)``."""
    return NumberType(decimals.ceiling(of.low), decimals.ceiling(of.high), 0)


def root(of: NumberType) -> NumberType:
    """Return the interval of ``sqrt(x)`` for an interval of 0 or more."""
    return _function(decimals.root(of.low), decimals.root(of.high))


def natural_log(of: NumberType) -> NumberType:
    """Return the interval of ``ln(x)`` for an interval above 0."""
    return _function(decimals.natural_log(of.low), decimals.natural_log(of.high))


def log10(of: NumberType) -> NumberType:
    """Return the interval of ``log10(x)`` for an interval above 0."""
    return _function(decimals.log10(of.low), decimals.log10(of.high))


def exponential(of: NumberType) -> NumberType:
    """Return the interval of ``exp(x)`` for an interval of at most 20."""
    return _function(decimals.exponential(of.low), decimals.exponential(of.high))


def complementary_error(of: NumberType) -> NumberType:
    """Return the interval of ``erfc(x)``, which falls from 2 to 0."""
    return _function(error_function.complementary_error(of.high), error_function.complementary_error(of.low))


def _function(low: Decimal, high: Decimal) -> NumberType:
    """Make the interval of a rounded function; a constant keeps only the places that it needs."""
    return NumberType(low, high, decimals.places_of(low) if low == high else decimals.PLACES)


def on_grid_below(bound: Decimal, places: int, *, strictly: bool) -> Decimal:
    """Return the greatest value with so many places that is at most (or strictly below) a bound."""
    step = Decimal(1).scaleb(-places)
    down = bound.quantize(step, rounding="ROUND_FLOOR", context=decimals.EXACT)
    return decimals.subtract(down, step) if strictly and down == bound else down


def on_grid_above(bound: Decimal, places: int, *, strictly: bool) -> Decimal:
    """Return the least value with so many places that is at least (or strictly above) a bound."""
    step = Decimal(1).scaleb(-places)
    up = bound.quantize(step, rounding="ROUND_CEILING", context=decimals.EXACT)
    return decimals.add(up, step) if strictly and up == bound else up


def decided(operator: str, left: NumberType, right: NumberType) -> bool | None:
    """Say whether a comparison always holds (True) or never does (False); None where it depends."""
    match operator:
        case "<":
            return True if left.high < right.low else False if left.low >= right.high else None
        case "<=":
            return True if left.high <= right.low else False if left.low > right.high else None
        case ">":
            return decided("<", right, left)
        case ">=":
            return decided("<=", right, left)
        case _:
            apart = left.high < right.low or right.high < left.low or _off_grid(left, right) or _off_grid(right, left)
            same = is_point(left) and left.low == right.low == right.high
            if not apart and not same:
                return None
            return same if operator == "=" else apart


def _off_grid(of: NumberType, other: NumberType) -> bool:
    """Say whether a constant has more places than the other side can have: ``posts = 0.5``."""
    return is_point(other) and point(other.low).places > of.places


def described(of: NumberType) -> str:
    """Say an interval in words: ``0 or more``, ``1 to 5``, ``any number``; the outermost bounds go without saying."""
    below, above = of.low <= -_UNSAID, of.high >= _UNSAID
    low, high = decimals.plainly(of.low), decimals.plainly(of.high)
    if of.low == of.high:
        return low
    if below and above:
        return "any number"
    if above:
        return f"{low} or more"
    if below:
        return f"{high} or less"
    return f"{low} to {high}"
