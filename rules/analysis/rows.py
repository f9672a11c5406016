"""Takes a table; gives the stretch of values that each row takes, on the grid of what the table goes by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from msgspec import Struct

from tallystick.rules.rule import AnyOther, Missing, Range, Table, Values
from tallystick.rules.value import NumberType


class Stretch(Struct, frozen=True):
    """Values from ``low`` to ``high`` (None: not numbers, or any) that the row at ``place`` takes; or the missing
    one."""

    place: int
    low: Fraction | None
    high: Fraction | None
    missing: bool = False


def stretches(table: Table) -> tuple[Stretch, ...]:
    """Return what every row takes; one that can take nothing is left out."""
    found: list[Stretch] = []
    told = any(isinstance(row.takes, Missing) for row in table.rows)
    for place, row in enumerate(table.rows):
        match row.takes:
            case Missing():
                found.append(Stretch(place, None, None, missing=True))
            case AnyOther():
                found.append(Stretch(place, None, None))
                if table.by.optional and not told:
                    found.append(Stretch(place, None, None, missing=True))
            case Values(values=values):
                numbers = [Fraction(each) for each in values if isinstance(each, Decimal)]
                whole = len(numbers) == len(values) and bool(numbers)
                found.append(Stretch(place, min(numbers) if whole else None, max(numbers) if whole else None))
            case Range() as stretch:
                ranged = _range(place, stretch, table)
                found += [] if ranged is None else [ranged]
            case _:
                assert_never(row.takes)
    return tuple(found)


def _range(place: int, of: Range, table: Table) -> Stretch | None:
    """Bring the ends of a range onto the grid of the values; None where nothing is left between them."""
    if not isinstance(table.by.type, NumberType) or isinstance(of.low, date) or isinstance(of.high, date):
        return Stretch(place, None, None)
    step = Fraction(1, 10**table.by.type.places)
    least, most = Fraction(table.by.type.low), Fraction(table.by.type.high)
    low = least if of.low is None else _above(Fraction(of.low), step, strictly=of.low_open)
    high = most if of.high is None else -_above(-Fraction(of.high), step, strictly=of.high_open)
    low, high = max(low, least), min(high, most)
    return Stretch(place, low, high) if low <= high else None


def _above(end: Fraction, step: Fraction, *, strictly: bool) -> Fraction:
    """Return the least value of a grid that is not below an end (or above it)."""
    steps = -((-end) // step)
    return (steps + 1) * step if strictly and steps * step == end else steps * step
