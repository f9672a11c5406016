"""Takes how often each pair of values occurs; gives how far two orders of the same people agree (Kendall's tau-b)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import groupby

from msgspec import Struct

PLACES = Decimal("0.0001")
"""The coefficient is rounded to so many places, half away from zero."""


class RankCorrelation(Struct, frozen=True):
    """Of all pairs of people: those in the same order before and after, in the opposite one, tied only before, only
    after, or both. ``tau_b`` is None where all are tied on one side: then there is no order to agree with."""

    concordant: int
    discordant: int
    tied_before: int
    tied_after: int
    tied_both: int
    tau_b: Decimal | None


def rank_correlation(pairs: Sequence[tuple[Decimal, Decimal, int]]) -> RankCorrelation:
    """Count pairs of people. ``pairs``: a value before, one after, and how many people have the two; each once.

    tau-b = (P - Q) / √((P + Q + T)(P + Q + U)), with P pairs in the same order, Q in the opposite one, T tied only
    before and U only after (M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33, 1945). The
    counts are whole numbers; only the quotient is rounded.
    """
    rows = sorted(pairs)
    place = {value: at for at, value in enumerate(sorted({after for _, after, _ in rows}), 1)}
    seen = _Counter(len(place))
    concordant = discordant = 0
    for _, group in groupby(rows, key=lambda row: row[0]):
        same = list(group)
        for _, after, people in same:
            at = place[after]
            concordant += people * seen.up_to(at - 1)
            discordant += people * (seen.total - seen.up_to(at))
        for _, after, people in same:
            seen.add(place[after], people)
    tied_both = sum(_of_two(people) for _, _, people in rows)
    tied_before = _tied([(before, people) for before, _, people in rows]) - tied_both
    tied_after = _tied([(after, people) for _, after, people in rows]) - tied_both
    tau = _tau(concordant, discordant, tied_before, tied_after)
    return RankCorrelation(concordant, discordant, tied_before, tied_after, tied_both, tau)


def _tau(concordant: int, discordant: int, tied_before: int, tied_after: int) -> Decimal | None:
    both = concordant + discordant
    product = (both + tied_before) * (both + tied_after)
    if product == 0:
        return None
    exactly = Context(prec=60)
    return exactly.divide(Decimal(concordant - discordant), exactly.sqrt(Decimal(product))).quantize(
        PLACES, ROUND_HALF_UP
    )


def _tied(values: list[tuple[Decimal, int]]) -> int:
    """Count pairs of people with the same value."""
    people: dict[Decimal, int] = {}
    for value, count in values:
        people[value] = people.get(value, 0) + count
    return sum(map(_of_two, people.values()))


def _of_two(people: int) -> int:
    return people * (people - 1) // 2


class _Counter:
    """How many people have been seen at each place and below it (a Fenwick tree)."""

    def __init__(self, places: int) -> None:
        self._sums = [0] * (places + 1)
        self.total = 0

    def add(self, place: int, people: int) -> None:
        self.total += people
        while place < len(self._sums):
            self._sums[place] += people
            place += place & -place

    def up_to(self, place: int) -> int:
        people = 0
        while place > 0:
            people += self._sums[place]
            place &= place - 1
        return people
