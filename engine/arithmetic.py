"""Takes decimals; gives the language's arithmetic, its levels, its fading and the canonical text of a number.

The four operations, roots, logarithms and roundings are those by which the checker works out constants.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from math import isqrt
from typing import Literal, assert_never

from tallystick.rules import decimals
from tallystick.rules.decimals import EXACT, PLACES, add, divide, exponential, floor, plainly, root, subtract
from tallystick.rules.error_function import complementary_error, log_normal_level

__all__ = [
    "PLACES",
    "add",
    "ceiling",
    "complementary_error",
    "divide",
    "exponential",
    "fading",
    "floor",
    "held",
    "level",
    "log10",
    "multiply",
    "natural_log",
    "quotient",
    "root",
    "round_to",
    "subtract",
    "text_of",
    "total_of",
    "whole",
]

_UNITS = 10**PLACES
_FIRST_DIGITS = 20
"""Of which five are not sure: the ninth place is certain but once in a million times, and then more are worked out."""
_FADED_AWAY = 31
"""2^-31 is under half of a billionth, so it and all that is smaller rounds to 0."""


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """Multiply, rounded to 9 places."""
    return _unsigned(decimals.multiply(left, right))


def round_to(value: Decimal, places: int) -> Decimal:
    """Round to so many decimal places, half away from zero."""
    return _unsigned(decimals.round_to(value, places))


def whole(value: Decimal) -> Decimal:
    """Round to a whole number, half away from zero."""
    return _unsigned(decimals.whole(value))


def ceiling(value: Decimal) -> Decimal:
    """Return the least whole number that is not below the value."""
    return _unsigned(decimals.ceiling(value))


def natural_log(value: Decimal) -> Decimal:
    """Return the natural logarithm of what is above 0, rounded to 9 places."""
    return _unsigned(decimals.natural_log(value))


def log10(value: Decimal) -> Decimal:
    """Return the logarithm to base 10 of what is above 0, rounded to 9 places."""
    return _unsigned(decimals.log10(value))


def total_of(values: tuple[Decimal, ...] | list[Decimal]) -> Decimal:
    """Add them all, exactly; 0 for none."""
    return reduce(EXACT.add, values, Decimal(0))


def held(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    """Hold a value within bounds, either of which may be open."""
    if low is not None and value < low:
        return low
    if high is not None and value > high:
        return high
    return value


def quotient(value: Fraction) -> Decimal:
    """Round an exact fraction to 9 places, half away from zero."""
    units = (2 * abs(value.numerator) * _UNITS + value.denominator) // (2 * value.denominator)
    return EXACT.scaleb(Decimal(units if value >= 0 else -units), -PLACES)


def level(
    shape: Literal["linear", "square root", "logarithmic", "log normal"],
    x: Decimal,
    full: Decimal,
    p10: Decimal | None = None,
) -> Decimal:
    """Return the level (0 to 1) of ``x`` held within 0 to ``full`` (above 0): one function, rounded once.

    ``log normal`` has its ``p10``, its median in the place of ``full``, and holds nothing.
    """
    if shape == "log normal":
        assert p10 is not None  # noqa: S101  no other shape has one
        return log_normal_level(x, p10, full)
    x = held(x, Decimal(0), full)
    match shape:
        case "linear":
            return quotient(Fraction(x) / Fraction(full))
        case "square root":
            return _root_of_share(Fraction(x) / Fraction(full))
        case "logarithmic":
            return _ratio_of_logs(x, full)
        case _:
            assert_never(shape)


@lru_cache(maxsize=1 << 16)
def fading(age_days: int, half_life_days: Decimal) -> Decimal:
    """Return ``2^(-age/half-life)``, the true value rounded once to 9 places."""
    halvings = Fraction(age_days) / Fraction(half_life_days)
    if halvings >= _FADED_AWAY:
        return Decimal(0)
    if halvings.denominator == 1:
        # The one case with a tie: 2^-10 is 0.0009765625, which rounds away from zero.
        return quotient(Fraction(1, 2**halvings.numerator))
    digits = _FIRST_DIGITS
    while True:
        context = EXACT.copy()
        context.prec = digits
        exponent = context.divide(Decimal(-halvings.numerator), Decimal(halvings.denominator))
        found = _decided(context.exp(context.multiply(exponent, context.ln(Decimal(2)))), digits)
        if found is not None:
            return found
        digits *= 2


def text_of(number: Decimal, places: int | None = None) -> str:
    """Write a number canonically: with so many places, or in the shortest way; never ``1E+3`` or ``-0``."""
    if places is None:
        return plainly(number)
    return f"{round_to(number, places):f}"


def _unsigned(value: Decimal) -> Decimal:
    """Take the sign from a zero: it has none in the ledger."""
    return value.copy_abs() if value.is_zero() else value


def _root_of_share(share: Fraction) -> Decimal:
    """Round a square root: where ``n`` is the whole part of ``2·√share·10⁹``, the nearest unit is ``(n+1)//2``."""
    doubled = isqrt(4 * share.numerator * _UNITS**2 // share.denominator)
    return EXACT.scaleb(Decimal((doubled + 1) // 2), -PLACES)


def _ratio_of_logs(x: Decimal, full: Decimal) -> Decimal:
    """Return ``ln(1+x)/ln(1+full)``, rounded once.

    INVARIANT: a tie cannot be. The ratio would be p/q in lowest terms with q a multiple of 2¹⁰, so 1+full would be a
    1024th power of a number of at most 9 places that is above 1; it would be 2¹⁰²⁴ or more.
    """
    if x == 0:
        return Decimal(0)
    if x == full:
        return Decimal(1)
    digits = _FIRST_DIGITS
    while True:
        context = EXACT.copy()
        context.prec = digits
        found = _decided(context.divide(_log_of_one_more(x, digits), _log_of_one_more(full, digits)), digits)
        if found is not None:
            return found
        digits *= 2


@lru_cache(maxsize=1 << 12)
def _log_of_one_more(value: Decimal, digits: int) -> Decimal:
    """Return ``ln(1 + value)`` to so many digits; kept, since where a level is full is the same for everybody."""
    context = EXACT.copy()
    context.prec = digits
    return context.ln(EXACT.add(1, value))


def _decided(value: Decimal, digits: int) -> Decimal | None:
    """Round a value of which all but the last five of so many digits are sure, if those five cannot matter."""
    slack = Decimal(1).scaleb(max(value.adjusted(), 0) - digits + 5)
    low, high = round_to(EXACT.subtract(value, slack), PLACES), round_to(EXACT.add(value, slack), PLACES)
    return low if low == high else None
