"""Takes a measure of records and a pair; gives how far the measure can be apart in the two results, and why."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, assert_never

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules.analysis.curves import half_life_share
from tallystick.rules.analysis.limits import combinations, most_of_one_actor
from tallystick.rules.analysis.ripples import returned_share, ripples
from tallystick.rules.analysis.shifts import (
    MOST_RECORDS_EACH,
    ONE,
    STEADY,
    ZERO,
    Hindrance,
    Pair,
    Shift,
    Shrink,
    Span,
    Way,
    anywhere,
    number_span,
    rising,
    span_of,
    within,
)
from tallystick.rules.check.actions import counts
from tallystick.rules.measure import Count, DaysOf, Distinct, HIndex, Measure, Pick, RecordAggregate, SumByKind, SumOf
from tallystick.rules.questions.decide import Whose, World, decide
from tallystick.rules.rulebook import Rulebook

Because = Literal[
    "not counted",
    "each once",
    "keep",
    "total",
    "diluted",
    "one",
    "fading",
    "no limit",
    "hindered",
    "window",
    "ageless",
    "returned",
    "worked out",
]
_LAST = Fraction(1, 10**9)


class Moved(Struct, frozen=True):
    """How far a measure can be apart, and what that follows from."""

    shift: Shift
    because: Because


def moved(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair) -> Moved:
    """Bound how far a measure of records can be apart in the two results of a pair."""
    span = span_of(measure.type)
    hindered = ripples(rulebook, measure, aggregate, pair)
    if hindered:
        share = returned_share(rulebook, hindered)
        found = None if share is None else _lessened(rulebook, measure, aggregate, pair, share)
        return found or Moved(anywhere(span, hindered, flips=measure.optional), "hindered")
    return _undisturbed(rulebook, measure, aggregate, pair, span)


def _undisturbed(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair, span: Span) -> Moved:
    """Bound a measure where the records that both results have in common count in both alike."""
    if pair.form == "silence":
        return _silence(rulebook, measure, aggregate, pair, span)
    kinds = tuple(dict.fromkeys(_coming(rulebook, measure, aggregate, pair)))
    if not kinds:
        return Moved(STEADY, "not counted")
    match aggregate:
        case Count() | SumOf() | SumByKind():
            return _added(rulebook, measure, aggregate, pair, kinds, span)
        case Distinct():
            return _distinct(rulebook, measure, aggregate, pair, kinds, span)
        case DaysOf():
            return _risen(measure, pair, span)
        case HIndex():
            return _risen(measure, pair, span)
        case Pick(how=how):
            return _picked(measure, how, span)
        case _:
            assert_never(aggregate)


def _lessened(
    rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair, share: Fraction
) -> Moved | None:
    """Bound a measure of which records that come make others count less: to a share of their value, and no less.

    Nothing else follows where a limit chooses among them, unless it takes the highest values and nothing fades then.
    """
    if not isinstance(aggregate, Count | SumOf | SumByKind | Distinct) or measure.diluted:
        return None
    span = span_of(measure.type)
    found = _undisturbed(rulebook, measure, aggregate, pair, span)
    every = Span(ZERO, ONE)
    if not isinstance(aggregate, Distinct):
        every = _each(rulebook, measure, aggregate, aggregate.kinds)
        keep, total = measure.keep, measure.total
        limited = keep is not None or total is not None
        periods = keep is not None and total is not None and keep.period not in ("day", total.period)
        if every.low < 0 or (limited and (measure.halving is not None or not found.shift.steady)) or periods:
            return None
    slack = MOST_RECORDS_EACH * (len(rulebook.discounts) + 2) * (every.high + 1) * _LAST
    low = found.shift.low - (ONE - share) * max(span.high, ZERO) - slack
    shift = replace(within(replace(found.shift, low=low), span), shrink=Shrink(share, slack), counted=True)
    return Moved(shift, "returned")


# ---- records that come -------------------------------------------------------------------------------------------


def _coming(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair) -> Iterator[str]:
    """Give the kinds of which records can come to a measure: the kinds of those that the two results do not share."""
    if pair.form == "one more record":
        found = _given(rulebook, measure, aggregate) if aggregate.given else _about(rulebook, measure)
        if pair.kind in found:
            yield pair.kind
        return
    if aggregate.given:
        # A measure of what is given takes the person's own records alone.
        if pair.form == "own records":
            yield from _given(rulebook, measure, aggregate)
        return
    yield from counts(measure, rulebook.excludes, "own" if pair.form == "own records" else "others")


def _about(rulebook: Rulebook, measure: Measure) -> Iterator[str]:
    """Give the kinds of which a record about a person can count, whoever did it."""
    whose: tuple[Whose, ...] = ("own", "others", "nobody")
    yield from (kind for each in whose for kind in counts(measure, rulebook.excludes, each))


def _given(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate) -> Iterator[str]:
    """Give the kinds of which a person's own acts can count, whoever they are about."""
    for kind in aggregate.kinds:
        conditions = [each.when for each in rulebook.excludes if each.when is not None and each.repeats is None]
        worlds = [World(whose, kind) for whose in ("own", "others")]
        passing = [world for world in worlds if measure.when is None or decide(measure.when, world) is not False]
        if any(not any(decide(each, world) for each in conditions) for world in passing):
            yield kind


def _each(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, kinds: tuple[str, ...]) -> Span:
    """Return what one record can come to before limits and fading."""
    match aggregate:
        case SumOf(value=value):
            spans = [number_span(value)]
        case SumByKind(values=values):
            spans = [number_span(value) for kind, value in values if kind in kinds]
        case _:
            spans = [Span(ONE, ONE)]
    low, high = min(each.low for each in spans), max(each.high for each in spans)
    lessened = measure.diluted or _discounted(rulebook, kinds)
    return Span(min(low, ZERO), max(high, ZERO)) if lessened else Span(low, high)


def _discounted(rulebook: Rulebook, kinds: tuple[str, ...]) -> bool:
    return any(
        each.when is None or any(decide(each.when, World(None, kind)) is not False for kind in kinds)
        for each in rulebook.discounts
    )


def _added(
    rulebook: Rulebook,
    measure: Measure,
    aggregate: Count | SumOf | SumByKind,
    pair: Pair,
    kinds: tuple[str, ...],
    span: Span,
) -> Moved:
    """Bound what records add to a count or a sum, with all that the limits take from others to make room."""
    each = _each(rulebook, measure, aggregate, kinds)
    every = _each(rulebook, measure, aggregate, aggregate.kinds)
    apart = measure.keep is None or "actor" in measure.keep.fields or aggregate.given
    one = pair.form == "one more record"
    hindrance = _making_room(measure, every, apart=apart and not one, one=one)
    if hindrance is not None:
        return Moved(anywhere(span, (Way("measure", measure.name, hindrance),)), "hindered")
    fixed = frozenset({"actor"} if aggregate.given else {"actor", "subject"})
    if one:
        return Moved(within(Shift(min(each.low, ZERO), max(each.high, ZERO)), span), "one")
    most = most_of_one_actor(rulebook, measure, aggregate, max(each.high, ZERO), fixed)
    least = most_of_one_actor(rulebook, measure, aggregate, max(-each.low, ZERO), fixed)
    unlimited = (Way("measure", measure.name, "no limit"),)
    high = ZERO if each.high <= 0 else span.width if most.amount is None else most.amount
    low = ZERO if each.low >= 0 else -span.width if least.amount is None else -least.amount
    open_ = (each.high > 0 and most.amount is None) or (each.low < 0 and least.amount is None)
    shift = Shift(low, high, ways=unlimited if open_ else (), counted=most.counted or least.counted)
    return Moved(within(shift, span), "no limit" if open_ else most.by or "one")


def _making_room(measure: Measure, every: Span, *, apart: bool, one: bool) -> Hindrance | None:
    """Say why records that come could take more from others, through limits, than they bring; None: they cannot.

    Limits take the highest values first, of equal ones the latest day. Without fading, what is taken in never falls.
    With it, it cannot where all values are equal, nor where what comes is of the as-of day, which has faded least.
    """
    limited = measure.total is not None or (measure.keep is not None and not apart)
    if not limited:
        return None
    if every.low < 0:
        return "taking away"
    keep, total = measure.keep, measure.total
    if keep is not None and not apart and total is not None and keep.period not in ("day", total.period):
        return "kept across periods"
    equal = every.low == every.high
    return None if measure.halving is None or one or equal else "chosen before fading"


def _distinct(
    rulebook: Rulebook, measure: Measure, aggregate: Distinct, pair: Pair, kinds: tuple[str, ...], span: Span
) -> Moved:
    """Bound how many new values records can bring; each counts at most 1."""
    if pair.form == "one more record":
        return Moved(rising(span, ONE), "each once")
    fixed = frozenset({"actor"} if aggregate.given else {"actor", "subject"})
    found = combinations(rulebook, aggregate.fields, kinds=kinds, fixed=fixed)
    if found is None:
        return Moved(replace(rising(span), ways=(Way("measure", measure.name, "no limit"),)), "no limit")
    return Moved(rising(span, Fraction(found)), "each once")


def _risen(measure: Measure, pair: Pair, span: Span) -> Moved:
    """Bound what rises by at most 1 with each record."""
    if pair.form == "one more record":
        return Moved(rising(span, ONE), "one")
    return Moved(replace(rising(span), ways=(Way("measure", measure.name, "no limit"),)), "no limit")


def _picked(measure: Measure, how: Literal["average", "highest", "lowest", "latest"], span: Span) -> Moved:
    """Bound one value out of many: more records raise the highest and lower the lowest."""
    low = ZERO if how == "highest" else -span.width
    high = ZERO if how == "lowest" else span.width
    ways = (Way("measure", measure.name, "one value of many"),)
    return Moved(Shift(low, high, comes=True, ways=ways), "hindered")


# ---- silence -----------------------------------------------------------------------------------------------------


def _silence(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair, span: Span) -> Moved:
    """Bound what so many days without a record take from a measure: what fades, and what leaves the window."""
    if measure.within is None and measure.halving is None:
        return Moved(STEADY, "ageless")
    if isinstance(aggregate, Pick):
        ways = (Way("measure", measure.name, "one value of many"),)
        return Moved(anywhere(span, ways, flips=True), "hindered")
    every = Span(ONE, ONE)
    if isinstance(aggregate, Count | SumOf | SumByKind | Distinct):
        every = _each(rulebook, measure, aggregate, aggregate.kinds)
    if measure.within is not None:
        limited = measure.keep is not None or measure.total is not None
        keep, total = measure.keep, measure.total
        if keep is not None and total is not None and keep.period not in ("day", total.period):
            ways = (Way("measure", measure.name, "kept across periods"),)
            return Moved(anywhere(span, ways), "hindered")
        if every.low < 0 or (limited and measure.halving is not None and every.low < every.high):
            hindrance: Hindrance = "taking away" if every.low < 0 else "chosen before fading"
            return Moved(anywhere(span, (Way("measure", measure.name, hindrance),)), "hindered")
        return Moved(Shift(-span.width, ZERO, ways=(Way("measure", measure.name, "window"),)), "window")
    assert measure.halving is not None  # noqa: S101  one of the two is there
    share = half_life_share(pair.days, Fraction(measure.halving.value))[0]
    size = max(abs(every.low), abs(every.high))
    slack = MOST_RECORDS_EACH * (_LAST if every == Span(ONE, ONE) else (size + 1) * _LAST)
    if every.low >= 0:
        lost = -(ONE - share) * max(span.high, ZERO) - slack
        shift = Shift(max(lost, -span.width), ZERO, shrink=Shrink(share, slack), counted=True)
        return Moved(shift, "fading")
    if measure.except_pauses:
        return Moved(anywhere(span, (Way("measure", measure.name, "taking away"),)), "hindered")
    low = -(ONE - share) * max(span.high, ZERO) - slack
    high = (ONE - share) * max(-span.low, ZERO) + slack
    return Moved(within(replace(STEADY, low=low, high=high, counted=True), span), "fading")
