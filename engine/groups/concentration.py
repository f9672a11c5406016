"""Takes scores and how many people have each; gives how unevenly the points lie, as exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def top_share(rows: Sequence[tuple[Fraction, int]], people: int) -> Fraction:
    """Return what so many people with the highest scores hold of all points. ``rows``: scores in rising order, each
    once, and how many have it; none is below 0, and not all are 0."""
    held, left = Fraction(0), people
    for score, number in reversed(rows):
        taken = min(left, number)
        held += score * taken
        left -= taken
    return held / sum(score * number for score, number in rows)


def gini(rows: Sequence[tuple[Fraction, int]]) -> Fraction:
    """Return Gini's coefficient: 0 where all have the same, near 1 where one has everything; rows as in ``top_share``.

    With scores in rising order and i from 1 to n: 2 Σ i·score / (n Σ score) - (n + 1) / n, which is half the mean
    difference of two people over the mean score.
    """
    below, weighted, total = 0, Fraction(0), Fraction(0)
    for score, number in rows:
        # The places of those who share a score are below + 1 to below + number.
        weighted += score * Fraction(number * (2 * below + number + 1), 2)
        total += score * number
        below += number
    return 2 * weighted / (below * total) - Fraction(below + 1, below)
