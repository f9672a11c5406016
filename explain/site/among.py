"""Takes the scores of everybody who has one; gives where the middle half lie, and how many are in each stretch."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tallystick.engine.arithmetic import text_of
from tallystick.explain.bars import widths
from tallystick.explain.digits import Digits
from tallystick.explain.part import Part
from tallystick.explain.tree.scores import MiddleHalf

FEWEST = 20
"""Of fewer people, where half of them lie would say too much about single ones."""
_MOST_BARS = 20


class ScoreBar(Part):
    """How many scores there are from ``least`` to under ``below``; the last bar takes in the highest score."""

    least: Digits
    below: Digits
    people: int


def middle_half(scores: Sequence[Decimal], places: int | None) -> MiddleHalf | None:
    """Return the scores at a quarter and at three quarters of the way, each one that somebody has; None of too few."""
    if len(scores) < FEWEST:
        return None
    ordered = sorted(scores)
    last = len(ordered) - 1
    # As many have the lower or less as have the upper or more.
    quarter = last // 4
    return MiddleHalf(
        people=len(ordered), low=text_of(ordered[quarter], places), high=text_of(ordered[last - quarter], places)
    )


def score_bars(scores: Sequence[Decimal], places: int | None) -> tuple[ScoreBar, ...]:
    """Group scores into at most twenty bars of one width: 1, 2 or 5, or such with zeros."""
    if not scores:
        return ()
    low, high = min(scores), max(scores)
    width = next(each for each in widths(places) if _place(high, each) - _place(low, each) < _MOST_BARS)
    counts: dict[int, int] = {}
    for score in scores:
        counts[_place(score, width)] = counts.get(_place(score, width), 0) + 1
    return tuple(
        ScoreBar(least=text_of(place * width), below=text_of((place + 1) * width), people=counts.get(place, 0))
        for place in range(min(counts), max(counts) + 1)
    )


def _place(score: Decimal, width: Decimal) -> int:
    """Return the number of the bar that a score is in."""
    whole, rest = divmod(score, width)
    return int(whole) - (rest < 0)
