"""Takes decimals; gives the complementary error function and the log-normal level, correctly rounded to 9 places.

The series is that of Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.6, whose terms are all
positive: no digit is lost by subtraction.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from functools import cache

from tallystick.rules.decimals import EXACT, PLACES, round_to, subtract

_FIRST_DIGITS = 40
_SPARE = 12
_FLAT = 5
"""erfc(5) is 1.5e-12: beyond, 9 places show nothing but the limit."""
_NEAR = Decimal("0.9061938024368232")
"""Where erf is 0.8, to 16 digits: Newton's method begins there."""


def complementary_error(x: Decimal) -> Decimal:
    """Return ``erfc(x)``, from 0 to 2, rounded to 9 places."""
    if x.copy_abs() > _FLAT:
        return Decimal(0 if x > 0 else 2)
    return _correctly(lambda context: context.subtract(Decimal(1), _erf(x, context)))


def log_normal_level(x: Decimal, p10: Decimal, median: Decimal) -> Decimal:
    """Return the level of ``x`` on the log-normal curve that is 0.9 at ``p10`` and 0.5 at ``median``, rounded to 9
    places.

    Both are above 0 and differ. The curve falls where ``p10`` is below ``median``, and rises where it is above. What is
    0 or less stands at the curve's end.
    """
    if x <= 0:
        return Decimal(1 if p10 < median else 0)
    # INVARIANT: at these two points alone the level is a decimal, and no rounding can be in doubt for ever.
    if x == median:
        return Decimal("0.5")
    if x == p10:
        return Decimal("0.9")

    def level(context: decimal.Context) -> Decimal:
        ratio = context.divide(context.ln(context.divide(x, median)), context.ln(context.divide(p10, median)))
        place = context.multiply(ratio, _eight_tenths(context.prec))
        if place.copy_abs() > _FLAT:
            return Decimal(1 if place > 0 else 0)
        return context.divide(context.add(Decimal(1), _erf(place, context)), Decimal(2))

    return _correctly(level)


def _correctly(function: Callable[[decimal.Context], Decimal]) -> Decimal:
    """Work out more digits until none that follows could change the ninth place."""
    digits = _FIRST_DIGITS
    while True:
        context = EXACT.copy()
        context.prec = digits + _SPARE
        value = function(context)
        slack = Decimal(1).scaleb(_SPARE - digits)
        low, high = round_to(subtract(value, slack), PLACES), round_to(EXACT.add(value, slack), PLACES)
        if low == high:
            return low.copy_abs()
        digits *= 2


def _erf(x: Decimal, context: decimal.Context) -> Decimal:
    """Return ``2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3···(2n+1))`` to the digits of the context, but for the last few."""
    square = context.multiply(x, x)
    term = total = x
    odd = 1
    least = Decimal(1).scaleb(-context.prec - _SPARE)
    while term.copy_abs() > least:
        odd += 2
        term = context.divide(context.multiply(term, context.multiply(Decimal(2), square)), Decimal(odd))
        total = context.add(total, term)
    scale = context.divide(Decimal(2), context.sqrt(_pi(context.prec)))
    return context.multiply(context.multiply(scale, context.exp(context.minus(square))), total)


@cache
def _eight_tenths(digits: int) -> Decimal:
    """Return where erf is 0.8, by Newton's method: the digits that are right double each time."""
    context = EXACT.copy()
    context.prec = digits + _SPARE
    found, right = _NEAR, 15
    while right < digits + _SPARE:
        slope = context.multiply(
            context.divide(Decimal(2), context.sqrt(_pi(context.prec))),
            context.exp(context.minus(context.multiply(found, found))),
        )
        over = context.subtract(_erf(found, context), Decimal("0.8"))
        found = context.subtract(found, context.divide(over, slope))
        right *= 2
    return found


@cache
def _pi(digits: int) -> Decimal:
    """Return π by Machin's formula, 16 arctan(1/5) - 4 arctan(1/239)."""
    context = EXACT.copy()
    context.prec = digits + _SPARE

    def arctan_of_inverse(n: int) -> Decimal:
        term = total = context.divide(Decimal(1), Decimal(n))
        odd, least = 1, Decimal(1).scaleb(-context.prec - _SPARE)
        while term.copy_abs() > least:
            term = context.divide(context.minus(term), Decimal(n * n))
            odd += 2
            total = context.add(total, context.divide(term, Decimal(odd)))
        return total

    return context.subtract(
        context.multiply(Decimal(16), arctan_of_inverse(5)), context.multiply(Decimal(4), arctan_of_inverse(239))
    )
