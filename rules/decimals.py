"""Takes decimals; gives decimals by the language's arithmetic: the true value, 9 places, half away from zero."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from math import isqrt

PLACES = 9
"""Working values have at most this many decimal places."""
EXACT = decimal.Context(
    prec=400,
    rounding=decimal.ROUND_HALF_UP,
    Emin=-999_999,
    Emax=999_999,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""Room enough that sums and products of working values are exact; ``ROUND_HALF_UP`` is half away from zero."""
_VANISHES = Decimal(-22)
"""``exp`` of this or less is under half of the last place."""
_FIRST_DIGITS = 50
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(64))


def round_to(value: Decimal, places: int) -> Decimal:
    """Round to so many decimal places, half away from zero."""
    return value.quantize(_STEPS[places], context=EXACT)


def add(left: Decimal, right: Decimal) -> Decimal:
    """Add, exactly."""
    return EXACT.add(left, right)


def subtract(left: Decimal, right: Decimal) -> Decimal:
    """Subtract, exactly."""
    return EXACT.subtract(left, right)


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """Multiply, rounded to 9 places."""
    return round_to(EXACT.multiply(left, right), PLACES)


def divide(left: Decimal, right: Decimal) -> Decimal:
    """Divide by what is not zero, rounded to 9 places from the exact quotient of scaled integers."""
    numerator, denominator = left.as_integer_ratio(), right.as_integer_ratio()
    above = numerator[0] * denominator[1] * 10**PLACES
    below = numerator[1] * denominator[0]
    if below < 0:
        above, below = -above, -below
    rounded = (2 * abs(above) + below) // (2 * below)
    return EXACT.scaleb(Decimal(rounded if above >= 0 else -rounded), -PLACES)


def root(value: Decimal) -> Decimal:
    """Return the square root of a working value of 0 or more, rounded to 9 places."""
    scaled = int(value.scaleb(2 * PLACES, context=EXACT))
    floor_root = isqrt(scaled)
    # INVARIANT: a tie cannot be, since (r + 1/2)² is never whole.
    nearest = floor_root + 1 if scaled > floor_root * (floor_root + 1) else floor_root
    return EXACT.scaleb(Decimal(nearest), -PLACES)


def natural_log(value: Decimal) -> Decimal:
    """Return the natural logarithm of what is above 0, rounded to 9 places."""
    return _correctly(lambda context: context.ln(value))


def log10(value: Decimal) -> Decimal:
    """Return the logarithm to base 10 of what is above 0, rounded to 9 places."""
    return _correctly(lambda context: context.log10(value))


def exponential(value: Decimal) -> Decimal:
    """Return e to the power of the value, rounded to 9 places."""
    if value <= _VANISHES:
        return Decimal(0)
    return _correctly(lambda context: context.exp(value))


def whole(value: Decimal) -> Decimal:
    """Round to a whole number, half away from zero."""
    return value.quantize(Decimal(1), context=EXACT)


def floor(value: Decimal) -> Decimal:
    """Return the greatest whole number that is not above the value."""
    return value.to_integral_value(rounding=decimal.ROUND_FLOOR)


def ceiling(value: Decimal) -> Decimal:
    """Return the least whole number that is not below the value."""
    return value.to_integral_value(rounding=decimal.ROUND_CEILING)


def places_of(value: Decimal) -> int:
    """Return how many decimal places a value needs: 0 for ``5.00``, 2 for ``0.25``."""
    return len(plainly(value).partition(".")[2])


def plainly(value: Decimal) -> str:
    """Write a value in the shortest way that keeps it whole: ``5``, ``0.25``, ``-1000``, never ``1E+3`` or ``-0``."""
    if not value:
        return "0"
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _correctly(function: Callable[[decimal.Context], Decimal]) -> Decimal:
    """Round a function's true value to 9 places: work out more digits until none that follows could change the last."""
    digits = _FIRST_DIGITS
    while True:
        context = EXACT.copy()
        context.prec = digits
        value = function(context)
        if value.is_zero() or not context.flags[decimal.Inexact]:
            return round_to(value, PLACES)
        slack = Decimal(1).scaleb(value.adjusted() - digits + 2)
        low, high = round_to(EXACT.subtract(value, slack), PLACES), round_to(EXACT.add(value, slack), PLACES)
        if low == high:
            return low
        digits *= 2
