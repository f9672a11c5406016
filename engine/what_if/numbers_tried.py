"""Takes a question about a whole number, whose answer may be dear; gives the number looked for, of few tried."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

_PARTS = 8
"""Into so many parts a stretch of numbers is cut that is searched for the best."""


def fewest(enough: Callable[[int], bool], most: int) -> int | None:
    """Return a number from 1 to ``most`` that is enough, where one less is not: by doubling, then by halving; None
    where none of those tried is."""
    below, number = 0, 1
    while number <= most and not enough(number):
        below, number = number, min(number * 2, most) if number < most else most + 1
    return None if number > most else halving(enough, below, number)


def halving(enough: Callable[[int], bool], below: int, number: int) -> int:
    """Return a number above ``below``, which is not enough, up to ``number``, which is: one less is not."""
    while number - below > 1:
        middle = (number + below) // 2
        if enough(middle):
            number = middle
        else:
            below = middle
    return number


def first_day(holds: Callable[[int], bool], tried: Sequence[int]) -> int | None:
    """Return after how many days something holds that did not the day before; None where it holds on no day tried."""
    above = next((days for days in tried if holds(days)), None)
    if above is None:
        return None
    return halving(holds, max((days for days in tried if days < above), default=0), above)


def highest(value: Callable[[int], Decimal], most: int, goes_on: Callable[[], bool]) -> int:
    """Return the number up to ``most`` whose value is highest, of those tried: the most, the powers of two and, between
    the neighbours of the best of them, ever closer ones while it ``goes_on``; of equal ones the least, but the most
    before all others. Where the value rises and then falls, none is higher."""

    def rank(number: int) -> tuple[Decimal, int]:
        return value(number), -number

    best = max((1 << power for power in range(most.bit_length())), key=rank)
    low, high = best // 2, min(2 * best, most)
    if value(best) <= value(most):
        if most == 1 or value(most - 1) <= value(most):
            return most
        best, low = most - 1, best
    while high - low > 2 and goes_on():  # noqa: PLR2004  there is one number between
        step = -(-(high - low) // _PARTS)
        best = max((best, *range(low + step, high, step)), key=rank)
        low, high = max(low, best - step), min(high, best + step)
    return best
