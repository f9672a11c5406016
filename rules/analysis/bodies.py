"""Takes what a rule gives points for; gives how far its value can be apart, and where it lies."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from msgspec.structs import replace

from tallystick.rules.analysis import curves
from tallystick.rules.analysis.derivation import Because
from tallystick.rules.analysis.expressions import Apart, from_to
from tallystick.rules.analysis.rows import Stretch, stretches
from tallystick.rules.analysis.shifts import (
    ONE,
    STEADY,
    ZERO,
    Shift,
    Span,
    across,
    anywhere,
    down,
    held,
    hull,
    number_span,
    rounded,
    times,
    up,
    within,
)
from tallystick.rules.decimals import PLACES
from tallystick.rules.rule import Points, Rule, Table, Weighted
from tallystick.rules.value import NumberType

_MOST_ROWS = 300


def shift_of(rule: Rule, apart: Apart) -> tuple[Shift, Because]:
    """Bound how far a rule's value can be apart, before its bounds and rounding, and say what that follows from."""
    match rule.body:
        case Weighted() as weighted:
            return _weighted(weighted, apart)
        case Points(value=value):
            return apart.number(value), "worked out"
        case Table() as table:
            return _table(table, apart), "rows"
        case _:
            assert_never(rule.body)


def _weighted(weighted: Weighted, apart: Apart) -> tuple[Shift, Because]:
    value, lies = apart.number(weighted.value), number_span(weighted.value)
    weight = Fraction(weighted.weight.value)
    because: Because = "worked out"
    level = Span(ZERO, ONE)
    if value.steady:
        return STEADY, "same"
    if weighted.shape is None:
        moved = within(held(value), level)
    elif weighted.shape.name == "log normal":
        assert weighted.shape.p10 is not None  # noqa: S101  only this curve has one
        sinks = weighted.shape.p10.value < weighted.shape.full.value
        falls, rises = (value.high > 0, value.low < 0) if sinks else (value.low < 0, value.high > 0)
        moved = replace(value, low=-ONE if falls else ZERO, high=ONE if rises else ZERO)
        because = "range"
    else:
        full = Fraction(weighted.shape.full.value)
        curve: curves.Curve = weighted.shape.name
        rise = curves.gain(curve, full, lies, value.high)
        fall = curves.gain(curve, full, lies, -value.low)
        because = "first steps"
        if value.shrink is not None:
            lost = curves.loss(curve, full, lies, value.shrink)
            fall, because = min(fall, lost), "shrinking"
        moved = replace(value, low=-fall, high=rise)
    moved = replace(rounded(replace(moved, shrink=None), PLACES, level), shrink=None)
    made = times(within(moved, level), weight)
    return rounded(made, PLACES, _stretched(weight)), because


def _stretched(weight: Fraction) -> Span:
    """Return what a level of 0 to 1 comes to; a weight can take away."""
    return Span(min(weight, ZERO), max(weight, ZERO))


def _table(table: Table, apart: Apart) -> Shift:
    """Bound the points of a table: those of each row against itself, and against each row that can follow it."""
    rows = stretches(table)
    same = [apart.number(row.points) for row in table.rows]
    if apart.steady(table.by):
        return hull(*same)
    numeric = isinstance(table.by.type, NumberType)
    moved = apart.number(table.by) if numeric else anywhere(Span(ZERO, ZERO), apart.reasons(table.by), flips=True)
    found = list(same)
    # Where no row is for what is missing, there are no points in one result where it is missing there alone.
    open_ = table.by.optional and not any(row.missing for row in rows)
    if len(rows) > _MOST_ROWS:
        # Every row against every other would take too long: they may all follow each other.
        whole = hull_of([number_span(row.points) for row in table.rows])
        missing = any(row.points.optional for row in table.rows)
        found.append(replace(across(whole, whole), comes=missing, goes=missing))
        rows = ()
    for before in rows:
        for after in rows:
            another = (before.place, before.missing) != (after.place, after.missing)
            if another and _can_follow(before, after, moved, numeric=numeric):
                found.append(from_to(table.rows[before.place].points, table.rows[after.place].points))
    made = hull(*found)
    comes, goes = made.comes or (open_ and moved.comes), made.goes or (open_ and moved.goes)
    return replace(made, comes=comes, goes=goes, ways=moved.ways, counted=moved.counted)


def _can_follow(before: Stretch, after: Stretch, moved: Shift, *, numeric: bool) -> bool:
    """Say whether a value of the one row can become one of the other."""
    if before.missing or after.missing:
        return moved.comes if before.missing else moved.goes
    if not numeric or before.low is None or after.low is None or before.high is None or after.high is None:
        return True
    return after.low - before.high <= moved.high and after.high - before.low >= moved.low


def span_of(rule: Rule) -> Span:
    """Return where a rule's value lies, before its bounds and rounding."""
    match rule.body:
        case Weighted(weight=weight, value=value, shape=shape):
            level = Span(ZERO, ONE)
            if shape is not None and shape.name != "log normal":
                found = curves.levels(shape.name, Fraction(shape.full.value), number_span(value))
                level = Span(down(found.low, PLACES), up(found.high, PLACES))
            ends = [Fraction(weight.value) * end for end in (level.low, level.high)]
            return Span(down(min(ends), PLACES), up(max(ends), PLACES))
        case Points(value=value):
            return number_span(value)
        case Table(rows=rows):
            return hull_of([number_span(row.points) for row in rows])
        case _:
            assert_never(rule.body)


def hull_of(spans: list[Span]) -> Span:
    """Return the least stretch that holds them all."""
    return Span(min(each.low for each in spans), max(each.high for each in spans))


def most_places(rule: Rule) -> int:
    """Return the most places that a line can have before it is rounded."""
    exprs = [] if rule.otherwise is None or rule.otherwise.points is None else [rule.otherwise.points]
    match rule.body:
        case Weighted():
            return PLACES
        case Points(value=value):
            exprs.append(value)
        case Table(rows=rows):
            exprs += [row.points for row in rows]
        case _:
            assert_never(rule.body)
    return max(each.type.places if isinstance(each.type, NumberType) else PLACES for each in exprs)
