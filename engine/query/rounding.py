"""Takes SQL of numbers and how far they reach; gives SQL of them held within bounds, rounded and summed."""

from __future__ import annotations

from tallystick.engine.query.expression import Reach
from tallystick.engine.query.sql import added, quote_number
from tallystick.rules.decimals import PLACES
from tallystick.rules.expression import Constant

_SHORT, _SHORT_DIGITS = "DECIMAL(18", 18
"""Numbers of so many digits fit 64 bits."""
_MOST_ADDED = 200
"""So many numbers are added one after another."""


def held(column: str, low: Constant | None, high: Constant | None) -> str:
    """Return SQL for a column held within bounds; missing stays missing."""
    text = column
    if low is not None:
        text = f"greatest({text}, {quote_number(low.value)})"
    if high is not None:
        text = f"least({text}, {quote_number(high.value)})"
    return text if text == column else f"CASE WHEN {column} IS NOT NULL THEN {text} END"


def rounded(text: str, places: int) -> str:
    """Return SQL for a number rounded to so many places, half away from zero, kept with 9."""
    if places >= PLACES:
        return f"CAST({text} AS DECIMAL(38, 9))"
    return f"CAST({rounding(text, places, is_wide=True)} AS DECIMAL(38, 9))"


def rounding(text: str, places: int, *, is_wide: bool) -> str:
    """Return SQL for a number rounded, with only the places left. ``is_wide``: it has 9 and takes 128 bits."""
    if not is_wide:
        return f"round({text}, {places})"
    # What fits 64 bits is rounded thirty times as fast.
    return f"coalesce(round(TRY_CAST({text} AS DECIMAL(18, 9)), {places}), round({text}, {places}))"


def least_type(reach: Reach) -> str:
    """Return the type in which numbers take the least room."""
    digits = len(f"{reach.most:f}".partition(".")[0])
    return f"{_SHORT}, {reach.places})" if digits + reach.places <= _SHORT_DIGITS else reach.type


def summed(columns: list[str], reach: Reach | None = None) -> str:
    """Return SQL for a sum of columns, of which the first is wide already, or the sum is within ``reach``: numbers of
    18 digits are added in 64 bits, which fails where the sum has more."""
    terms = [f"coalesce({column}, 0)" for column in columns]
    is_long = len(terms) > _MOST_ADDED
    if terms and (is_long or (reach is not None and least_type(reach) == reach.type)):
        for first in range(0, len(terms), _MOST_ADDED):
            terms[first] = f"CAST({terms[first]} AS DECIMAL(38, 9))"
    # A sum of sums, where one after another would be nested deeper than the database takes.
    sums = [" + ".join(terms[first : first + _MOST_ADDED]) for first in range(0, len(terms), _MOST_ADDED)]
    return added([f"({each})" for each in sums]) if is_long else "".join(sums) or "0"


def fits_64_bits(type_: str) -> bool:
    """Whether a type that ``least_type`` gave takes 64 bits at the most."""
    return type_.startswith(_SHORT)
