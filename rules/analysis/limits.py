"""Takes a measure; gives the most that the records of one actor can come to in it, and how that follows."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules.analysis.curves import half_life_share
from tallystick.rules.analysis.shifts import MOST_RECORDS_EACH, ONE, ZERO
from tallystick.rules.measure import Measure, Period, RecordAggregate
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import NumberType, OneOfType, YesNoType

_HALF_LAST = Fraction(1, 2 * 10**9)
"""The most that rounding to 9 places can add."""
_FEW = 60
_SHORTEST = {"day": 1, "week": 7, "month": 28}


class Most(Struct, frozen=True):
    """The most that an actor's records can come to (None: nothing limits it), and the clause that limits it.

    ``counted``: it holds for so many records at most.
    """

    amount: Fraction | None
    by: Literal["keep", "total", "diluted", "one"] | None = None
    counted: bool = False


def combinations(
    rulebook: Rulebook, names: tuple[str, ...], *, kinds: tuple[str, ...], fixed: frozenset[str]
) -> int | None:
    """Return how many values a few fields of one actor's records can have together; None: nobody can say."""
    count = 1
    declared = {each.name: each for each in rulebook.records or ()}
    for name in names:
        if name not in fixed:
            size = len(kinds) if name == "kind" else _size(declared[name])
            if size is None:
                return None
            count *= size
    return count


def _size(field: Field) -> int | None:
    """Return how many values a field can have: where it can be missing, the checker has the measure leave that out."""
    match field.type:
        case OneOfType(values=values):
            return len(values)
        case YesNoType():
            return 2
        case NumberType(low=low, high=high, places=places):
            steps = (Fraction(high) - Fraction(low)) * 10**places + 1
            return floor(steps) if steps <= 1000 else None  # noqa: PLR2004  a scale, not a number
        case _:
            return None


def most_of_one_actor(
    rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, each: Fraction, fixed: frozenset[str]
) -> Most:
    """Return the most that the records of one actor can come to, where each comes to at most ``each``.

    ``fixed``: the fields that are the same in all of them.
    """
    found = [_kept(rulebook, measure, aggregate, each, fixed), _totalled(measure), _shared(measure, each)]
    limits = [limit for limit in found if limit is not None and limit.amount is not None]
    return min(limits, key=lambda limit: limit.amount or ZERO) if limits else Most(None)


def _kept(
    rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, each: Fraction, fixed: frozenset[str]
) -> Most | None:
    """``keep at most n per actor per week``: so many of each week, each faded by its age at least."""
    keep = measure.keep
    if keep is None:
        return None
    groups = combinations(rulebook, keep.fields, kinds=aggregate.kinds, fixed=fixed)
    if groups is None:
        return None
    most = int(keep.limit.value) * groups
    if keep.period is None:
        return Most(most * each, "keep")
    return _over_periods(measure, keep.period, most * each, "keep", records=most, value=each)


def _totalled(measure: Measure) -> Most | None:
    """``total at most X per week``: so much of each week."""
    total = measure.total
    if total is None:
        return None
    limit = Fraction(total.limit.value)
    return _over_periods(measure, total.period, limit, "total", records=None, value=limit)


def _shared(measure: Measure, each: Fraction) -> Most | None:
    """``diluted per actor per day``: what an actor gives in a day is shared out, and comes to one record."""
    if not measure.diluted:
        return None
    day = each + MOST_RECORDS_EACH * _HALF_LAST
    found = _over_periods(measure, "day", day, "diluted", records=None, value=day)
    return None if found is None else replace(found, counted=True)


def _over_periods(
    measure: Measure,
    period: Period,
    amount: Fraction,
    by: Literal["keep", "total", "diluted"],
    *,
    records: int | None,
    value: Fraction,
) -> Most | None:
    """Add up what every period can hold: as many as the window touches, each faded by its youngest record at least.

    The as-of day may be the first of its period, so the period before it is one day old.
    """
    touched = None if measure.within is None else _touched(int(measure.within.value), period)
    halving = None if measure.except_pauses else measure.halving
    if halving is None:
        return None if touched is None else Most(amount * touched, by)
    half = Fraction(halving.value)
    # What has faded below half of the last place counts 0: so many periods can count for something.
    alive = _alive(half, value) // _SHORTEST[period] + 2
    count = alive if touched is None else min(touched, alive)
    first = half_life_share(1, half)[1]
    ratio = half_life_share(_SHORTEST[period], half)[1]
    older = _geometric(first, ratio, count - 1)
    rounding = (MOST_RECORDS_EACH if records is None else count * records) * _HALF_LAST * (value + 2)
    return Most(amount * (1 + older) + rounding, by, counted=records is None)


def _geometric(first: Fraction, ratio: Fraction, terms: int) -> Fraction:
    """Add up so many terms, each ``ratio`` times the one before; never less than that."""
    if terms <= 0:
        return ZERO
    if ratio == ONE:
        return first * terms
    # A long sum is bounded by the endless one: the exact power of a long fraction would be longer still.
    left = ratio**terms if terms <= _FEW else ZERO
    return first * (1 - left) / (1 - ratio)


def _alive(half: Fraction, value: Fraction) -> int:
    """Return the days after which nothing is left of a value that halves."""
    doublings, left = 0, value * 2 * 10**9
    while left > 1:
        left, doublings = left / 2, doublings + 1
    return int(half * doublings) + 1


def _touched(days: int, period: Period) -> int:
    """Return how many calendar periods so many days in a row can touch."""
    match period:
        case "day":
            return days
        case "week":
            return (days + 12) // 7
        case "month":
            return 1 if days == 1 else (days - 2) // 28 + 2
