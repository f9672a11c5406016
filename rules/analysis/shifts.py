"""Takes nothing; names how far a value can be apart in the two results of a pair, and the arithmetic of such bounds.

A pair is two results of one rulebook for one person: *before* and *after* (without somebody's records and with them;
on a day and so many days later). All bounds are exact fractions, rounded outward where a working value is rounded, so
that what is said of a pair is never narrower than what evaluation can do.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules.analysis.settled import settled
from tallystick.rules.expression import Expr, If
from tallystick.rules.value import NumberType

PLACES = 9
MOST_RECORDS_EACH = 1_000_000
"""What rests on the rounding of faded records is proved for anyone of whom a measure counts no more records."""

Kind = Literal["measure", "exclusion", "discount", "rule", "parameter"]
Hindrance = Literal[
    "diluted",
    "days pass",
    "returned by others",
    "returned by own",
    "returned that day",
    "another is first",
    "chosen before fading",
    "kept across periods",
    "taking away",
    "no limit",
    "window",
    "one value of many",
    "measured for some",
    "worked out",
    "other rows",
    "weights",
    "dated",
    "earned",
]
Form = Literal["another's records", "own records", "silence", "one more record"]


class Pair(Struct, frozen=True):
    """Which two results are compared.

    ``another's records``: without all records of one actor who is not the person, and with them. ``own records``: the
    same with the person's own. ``silence``: the same records, on a day and ``days`` later. ``one more record``: one
    record of ``kind`` comes on the as-of day, whoever does it and whoever it is about.
    """

    form: Form
    days: int = 0
    kind: str = ""


class Span(Struct, frozen=True):
    """All values from ``low`` to ``high``."""

    low: Fraction
    high: Fraction

    @property
    def width(self) -> Fraction:
        """How far two of its values can be apart."""
        return self.high - self.low

    @property
    def both_signs(self) -> bool:
        """Whether it reaches below 0 and above."""
        return self.low < 0 < self.high


class Shrink(Struct, frozen=True):
    """After is at least ``share`` times before less ``slack``; before is 0 or more."""

    share: Fraction
    slack: Fraction


class Shift(Struct, frozen=True):
    """After less before, where both are there: from ``low`` to ``high``.

    ``comes``: the value can be missing before and be there after; ``goes``: the reverse. ``ways``: what kept the bound
    from being narrower, as names that the author gave. ``counted``: it holds for so many records at most
    (``MOST_RECORDS_EACH``).
    """

    low: Fraction
    high: Fraction
    comes: bool = False
    goes: bool = False
    shrink: Shrink | None = None
    ways: tuple[Way, ...] = ()
    counted: bool = False

    @property
    def steady(self) -> bool:
        """Whether both results have the same value."""
        return self.low == self.high == 0 and not self.flips

    @property
    def flips(self) -> bool:
        """Whether the value can be missing in one of the two results alone."""
        return self.comes or self.goes


class Way(Struct, frozen=True):
    """What stood in the way of a narrower bound: a declaration, and why."""

    kind: Kind
    name: str
    why: Hindrance


STEADY = Shift(Fraction(0), Fraction(0))
ZERO, ONE = Fraction(0), Fraction(1)


def span_of(kind: NumberType) -> Span:
    """Return the values that the checker allows."""
    return Span(Fraction(kind.low), Fraction(kind.high))


def number_span(expr: Expr) -> Span:
    """Return where the checker says that a number lies; of an ``if`` whose test is settled, where what is left lies."""
    while isinstance(expr.op, If) and (holds := settled(expr.op.condition)) is not None:
        expr = expr.op.then if holds else expr.op.otherwise
    assert isinstance(expr.type, NumberType)  # noqa: S101  only numbers are asked about
    return span_of(expr.type)


def anywhere(span: Span, ways: tuple[Way, ...] = (), *, flips: bool = False) -> Shift:
    """Return the shift of a value of which nothing is known but where it lies."""
    return Shift(-span.width, span.width, flips, flips, None, ways)


def within(shift: Shift, span: Span) -> Shift:
    """Narrow a shift to what two values of a span can be apart."""
    return replace(shift, low=max(shift.low, -span.width), high=min(shift.high, span.width))


def rising(span: Span, most: Fraction | None = None) -> Shift:
    """Return the shift of a value that never falls, and rises by at most so much."""
    return Shift(ZERO, span.width if most is None else min(most, span.width))


def plus(*shifts: Shift) -> Shift:
    """Return the shift of a sum."""
    shrinks = [each.shrink for each in shifts if not each.steady]
    shrink = None
    if shrinks and all(each is not None for each in shrinks):
        found = [each for each in shrinks if each is not None]
        shrink = Shrink(min(each.share for each in found), sum((each.slack for each in found), ZERO))
    return Shift(
        sum((each.low for each in shifts), ZERO),
        sum((each.high for each in shifts), ZERO),
        any(each.comes for each in shifts),
        any(each.goes for each in shifts),
        shrink,
        joined(*shifts),
        any(each.counted for each in shifts),
    )


def minus(shift: Shift) -> Shift:
    """Return the shift of the negative."""
    return replace(shift, low=-shift.high, high=-shift.low, shrink=None)


def times(shift: Shift, factor: Fraction) -> Shift:
    """Return the shift of a multiple, before it is rounded."""
    ends = (shift.low * factor, shift.high * factor)
    shrink = None
    if shift.shrink is not None and factor >= 0:
        shrink = replace(shift.shrink, slack=shift.shrink.slack * factor)
    return replace(shift, low=min(ends), high=max(ends), shrink=shrink)


def held(shift: Shift) -> Shift:
    """Return the shift of a value held within bounds: what is beyond them does not show."""
    return replace(shift, low=min(shift.low, ZERO), high=max(shift.high, ZERO))


def rounded(shift: Shift, places: int, span: Span) -> Shift:
    """Return the shift of the rounded value.

    INVARIANT: rounding half away from zero moves whole steps alike on either side of 0, so a shift of at most so many
    steps stays so; only a pair with 0 between its values can be one step farther apart, and only where the shift was a
    whole number of steps.
    """
    step = Fraction(1, 10**places)
    high, low = up(shift.high, places), down(shift.low, places)
    if span.both_signs:
        high += step if high == shift.high > 0 else ZERO
        low -= step if low == shift.low < 0 else ZERO
    shrink = shift.shrink
    return replace(
        shift, low=low, high=high, shrink=None if shrink is None else replace(shrink, slack=shrink.slack + step)
    )


def rounded_span(span: Span, places: int) -> Span:
    """Return where values lie after rounding half away from zero, which keeps their order. Values have 9 places."""
    return Span(_half_away(down(span.low, PLACES), places), _half_away(up(span.high, PLACES), places))


def _half_away(value: Fraction, places: int) -> Fraction:
    away = down(abs(value) + Fraction(1, 2 * 10**places), places)
    return away if value >= 0 else -away


def hull(*shifts: Shift) -> Shift:
    """Return the shift of what shifts in one of these ways."""
    return Shift(
        min(each.low for each in shifts),
        max(each.high for each in shifts),
        any(each.comes for each in shifts),
        any(each.goes for each in shifts),
        None,
        joined(*shifts),
        any(each.counted for each in shifts),
    )


def across(before: Span, after: Span) -> Shift:
    """Return the shift from a value of one span to a value of another."""
    return Shift(after.low - before.high, after.high - before.low)


def joined(*shifts: Shift) -> tuple[Way, ...]:
    """Return all that stood in the way, each once."""
    return tuple(dict.fromkeys(way for each in shifts for way in each.ways))


def up(value: Fraction, places: int) -> Fraction:
    """Round up to so many places."""
    return Fraction(ceil(value * 10**places), 10**places)


def down(value: Fraction, places: int) -> Fraction:
    """Round down to so many places."""
    return Fraction(floor(value * 10**places), 10**places)


def decimal_up(value: Fraction) -> Decimal:
    """Return a decimal of 9 places that is not below the value."""
    return Decimal(ceil(value * 10**PLACES)).scaleb(-PLACES)


def decimal_down(value: Fraction) -> Decimal:
    """Return a decimal of 9 places that is not above the value."""
    return Decimal(floor(value * 10**PLACES)).scaleb(-PLACES)
