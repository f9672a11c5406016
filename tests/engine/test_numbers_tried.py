"""Of the numbers that are tried: the fewest that are enough, and the one whose value is highest."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tallystick.engine.what_if.numbers_tried import fewest, halving, highest

MOST = 1_000


@pytest.mark.parametrize("bound", [1, 2, 3, 512, 513, 999, 1_000])
def test_the_fewest_are_found_in_few_trials(bound: int) -> None:
    """By doubling and halving: for a thousand numbers about twenty trials."""
    tried: list[int] = []

    def enough(number: int) -> bool:
        tried.append(number)
        return number >= bound

    assert fewest(enough, MOST) == bound
    assert len(tried) <= 21


def test_what_is_never_enough_has_no_fewest() -> None:
    """The most is tried, too."""
    tried: list[int] = []

    def enough(number: int) -> bool:
        tried.append(number)
        return False

    assert fewest(enough, MOST) is None
    assert tried[-1] == MOST
    assert fewest(enough, 0) is None


def test_one_less_is_not_enough() -> None:
    """Where what is enough comes and goes, the number found is enough and the one before it is not."""
    found = halving(lambda number: number % 7 > 2, 0, 999)
    assert found % 7 == 3


@pytest.mark.parametrize("peak", [*range(1, 40), 63, 64, 65, 100, 333, 511, 512, 513, 700, 998, 999, 1_000])
@pytest.mark.parametrize("fall", [1, 50])
def test_where_a_value_rises_and_then_falls_the_highest_is_found(peak: int, fall: int) -> None:
    """Wherever it lies, and however steep the two sides are."""
    tried: set[int] = set()

    def value(number: int) -> Decimal:
        tried.add(number)
        return Decimal(number if number <= peak else peak - fall * (number - peak))

    assert highest(value, MOST, lambda: True) == peak
    assert len(tried) <= 45


def test_of_equal_ones_the_most_comes_first_and_then_the_least() -> None:
    """As what is said of it is that more would bring no more."""
    assert highest(lambda _: Decimal(1), MOST, lambda: True) == MOST
    assert highest(lambda number: Decimal(number in (64, 128)), MOST, lambda: True) == 64


def test_it_stops_where_it_is_not_to_go_on() -> None:
    """The best power of two is told then."""
    assert highest(lambda number: Decimal(-abs(number - 90)), MOST, lambda: False) in (64, 128)
