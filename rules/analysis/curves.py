"""Takes a curve and how far its value moves; gives bounds on how far its level moves: never less than it can.

The curves ``linear``, ``square root`` and ``logarithmic`` are concave, rise, and are 0 at 0: a step gains the most
where the value is least, and a shrinking value loses the most where it is greatest.
"""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from math import isqrt
from typing import Literal

from tallystick.rules.analysis.shifts import ONE, ZERO, Shrink, Span

Curve = Literal["linear", "square root", "logarithmic"]
_PRECISE = Context(prec=80, Emin=-999_999, Emax=999_999)
_SLACK = Fraction(1, 10**60)
"""More than the error of a function worked out to 80 digits, of values up to 10¹²."""
_DIGITS = 10**60
_SMALL_POWERS = 12
_MOST_HALVINGS = 1000


def gain(curve: Curve, full: Fraction, value: Span, step: Fraction) -> Fraction:
    """Return the most by which the level rises (or falls) where the value does so by at most ``step``."""
    least = min(max(value.low, ZERO), full)
    top = min(least + max(step, ZERO), full, max(value.high, least))
    if top <= least:
        return ZERO
    match curve:
        case "linear":
            return (top - least) / full
        case "square root":
            return _root_above(top / full) - _root_below(least / full)
        case "logarithmic":
            return _share_above(top, full) - _share_below(least, full)


def loss(curve: Curve, full: Fraction, value: Span, shrink: Shrink) -> Fraction:
    """Return the most by which the level falls where the value shrinks."""
    most = min(full, max(value.high, ZERO))
    left = most * shrink.share
    match curve:
        case "linear":
            lost = (most - left) / full
        case "square root":
            lost = _root_above(most / full) - _root_below(left / full)
        case "logarithmic":
            lost = _share_above(most, full) - _share_below(left, full)
    return lost + gain(curve, full, Span(ZERO, value.high), shrink.slack)


def levels(curve: Curve, full: Fraction, value: Span) -> Span:
    """Return between which levels the curve takes a value, from outside."""
    low, high = (min(max(end, ZERO), full) for end in (value.low, value.high))
    match curve:
        case "linear":
            return Span(low / full, high / full)
        case "square root":
            return Span(_root_below(low / full), _root_above(high / full))
        case "logarithmic":
            return Span(_share_below(low, full), _share_above(high, full))


def half_life_share(days: int, half_life: Fraction) -> tuple[Fraction, Fraction]:
    """Return bounds of ``2^(-days/half-life)``, from below and from above."""
    halvings = Fraction(days) / half_life
    if halvings.denominator == 1 and halvings.numerator <= _MOST_HALVINGS:
        exact = Fraction(1, 2**halvings.numerator)
        return exact, exact
    if halvings > _MOST_HALVINGS:
        # So little is left that its digits are not worth the room that they would take.
        return ZERO, Fraction(1, 2**_MOST_HALVINGS)
    exponent = _PRECISE.divide(Decimal(-halvings.numerator), Decimal(halvings.denominator))
    found = Fraction(_PRECISE.exp(_PRECISE.multiply(exponent, _PRECISE.ln(Decimal(2)))))
    return max(ZERO, found - _SLACK), min(ONE, found + _SLACK)


def _root_above(value: Fraction) -> Fraction:
    below = _root_below(value)
    return below if below * below == value else below + Fraction(2, _DIGITS)


def _root_below(value: Fraction) -> Fraction:
    """Return a root from below; exactly, where it is a fraction."""
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if above * above == value.numerator and below * below == value.denominator:
        return Fraction(above, below)
    return Fraction(isqrt(value.numerator * _DIGITS**2 // value.denominator), _DIGITS)


def _share_above(value: Fraction, full: Fraction) -> Fraction:
    exact = _exact_share(value, full)
    return _share(value, full) + _SLACK if exact is None else exact


def _share_below(value: Fraction, full: Fraction) -> Fraction:
    exact = _exact_share(value, full)
    return max(ZERO, _share(value, full) - _SLACK) if exact is None else exact


def _share(value: Fraction, full: Fraction) -> Fraction:
    return Fraction(_PRECISE.divide(_log(ONE + value), _log(ONE + full)))


def _log(value: Fraction) -> Decimal:
    return _PRECISE.ln(_PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _exact_share(value: Fraction, full: Fraction) -> Fraction | None:
    """Return the level where it is a fraction: ``ln(1+value)/ln(1+full)`` with one a small power of the other."""
    if value in (ZERO, full):
        return ZERO if value == 0 else ONE
    near = _share(value, full)
    for root in range(1, _SMALL_POWERS + 1):
        power = round(near * root)
        if 0 < power <= _SMALL_POWERS and (ONE + value) ** root == (ONE + full) ** power:
            return Fraction(power, root)
    return None
