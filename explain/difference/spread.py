"""Takes how many people are moved by how much; gives the bars of a chart of it, of a width that can be read out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tallystick.engine.arithmetic import text_of
from tallystick.explain.bars import widths
from tallystick.explain.difference.moved_document import Bar, Spread
from tallystick.rules.decimals import places_of

MOST_BARS = 8
"""So many bars at most on either side of 0."""


def spread_of(steps: Iterable[tuple[Decimal, int]], places: int | None) -> Spread:
    """Group moves into bars of one width: 1, 2 or 5, or such with zeros, and never less than a score's last place.

    A bar holds the moves further from 0 than its nearer end, up to and with its other end.
    """
    moves = [(points, people) for points, people in steps if points != 0]
    unmoved = sum(people for points, people in steps if points == 0)
    if not moves:
        return Spread(width=None, unmoved=unmoved, bars=())
    width = _width(max(abs(points) for points, _ in moves), places)
    counts: dict[int, int] = {}
    for points, people in moves:
        place = _place(points, width)
        counts[place] = counts.get(place, 0) + people
    shown = places_of(width)
    bars = [place for place in range(min(*counts, 0), max(*counts, 0) + 1) if place != 0]
    return Spread(
        width=text_of(width, None),
        unmoved=unmoved,
        bars=tuple(
            Bar(
                least=text_of((place - (place > 0)) * width, shown),
                most=text_of((place + (place < 0)) * width, shown),
                people=counts.get(place, 0),
            )
            for place in bars
        ),
    )


def _place(points: Decimal, width: Decimal) -> int:
    """Return the number of a bar, counted from 1 away from 0 on either side."""
    whole, rest = divmod(abs(points), width)
    place = int(whole) + (rest > 0)
    return place if points > 0 else -place


def _width(furthest: Decimal, places: int | None) -> Decimal:
    return next(width for width in widths(places) if width * MOST_BARS >= furthest)
