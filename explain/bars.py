"""Takes the sizes of bars that share a scale; gives where each begins and ends, in characters or in whole units.

Also: the widths that bars can have which hold scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from tallystick.rules.decimals import EXACT, PLACES

WIDEST = 30
"""So many characters is the longest bar."""
_UP, _DOWN, _ZERO = "#", "-", "|"


def in_characters(sizes: Sequence[Decimal]) -> list[str]:
    """Return bars of characters on one scale; where some lead below 0, those stand left of a line, of another sign.

    A size that is not 0 has one character at least.
    """
    reach = max((abs(size) for size in sizes), default=Decimal(0))
    lengths = [_share(abs(size), reach, WIDEST) for size in sizes]
    if all(size >= 0 for size in sizes):
        return [_UP * length for length in lengths]
    left = max(length for size, length in zip(sizes, lengths, strict=True) if size < 0)
    return [
        f"{_DOWN * length:>{left}}{_ZERO}" if size < 0 else f"{'':>{left}}{_ZERO}{_UP * length}"
        for size, length in zip(sizes, lengths, strict=True)
    ]


def in_units(stretches: Sequence[tuple[Decimal, Decimal]], units: int) -> tuple[int, list[tuple[int, int]]]:
    """Return where 0 stands on a scale of so many units, and where each stretch begins and how long it is.

    Stretches are drawn from left to right, whichever way they lead; one that is not empty is a unit long at least.
    """
    ends = [end for stretch in stretches for end in stretch]
    low, high = min([Decimal(0), *ends]), max([Decimal(0), *ends])
    whole = EXACT.subtract(high, low)
    places = [
        (_place(min(stretch), low, whole, units), _place(max(stretch), low, whole, units), stretch)
        for stretch in stretches
    ]
    return _place(Decimal(0), low, whole, units), [
        (min(start, units - 1), 0 if stretch[0] == stretch[1] else max(1, end - start))
        for start, end, stretch in places
    ]


def widths(places: int | None) -> Iterator[Decimal]:
    """Give the widths that bars of scores can have, from the last place up: 1, 2 or 5, or such with zeros."""
    step = Decimal(1).scaleb(-(PLACES if places is None else places))
    while True:
        for digit in (1, 2, 5):
            yield digit * step
        step *= 10


def _place(at: Decimal, low: Decimal, whole: Decimal, units: int) -> int:
    """Return the whole unit nearest to a place."""
    return 0 if whole == 0 else int(EXACT.subtract(at, low) * units / whole)


def _share(size: Decimal, whole: Decimal, units: int) -> int:
    """Return so many units as a size has of a whole, rounded up."""
    return 0 if size == 0 else int((size * units / whole).to_integral_value(ROUND_CEILING))
