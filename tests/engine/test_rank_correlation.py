"""Takes orders of people; asks how far they agree, against published examples and a count of every pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.engine.change.rank_correlation import RankCorrelation, rank_correlation


def correlated(before: Sequence[object], after: Sequence[object]) -> RankCorrelation:
    """Correlate two lists of values."""
    counts = Counter(zip((Decimal(str(x)) for x in before), (Decimal(str(y)) for y in after), strict=True))
    return rank_correlation([(x, y, people) for (x, y), people in counts.items()])


@pytest.mark.parametrize(
    ("before", "after", "tau_b"),
    [
        # https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.kendalltau.html gives -0.47140452079103173.
        ((12, 2, 1, 12, 2), (1, 4, 7, 1, 0), "-0.4714"),
        # The example of R's cor.test, from M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods, 1973: 0.4444.
        (
            (44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1),
            (2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8),
            "0.4444",
        ),
    ],
)
def test_published_examples_come_out(before: Sequence[object], after: Sequence[object], tau_b: str) -> None:
    """The coefficient is the published one, with ties and without."""
    assert str(correlated(before, after).tau_b) == tau_b


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=40))
def test_pairs_are_counted_as_one_by_one(values: list[tuple[int, int]]) -> None:
    """Each pair of people is counted once, under what the two scores of both say of it."""
    found = correlated([x for x, _ in values], [y for _, y in values])
    expected: Counter[str] = Counter()
    for (a, b), (c, d) in combinations(values, 2):
        before, after = (a > c) - (a < c), (b > d) - (b < d)
        both = "tied both" if after == 0 else "tied before"
        expected[both if before == 0 else "tied after" if after == 0 else "same" if before == after else "other"] += 1
    assert (found.concordant, found.discordant) == (expected["same"], expected["other"])
    assert (found.tied_before, found.tied_after, found.tied_both) == (
        expected["tied before"],
        expected["tied after"],
        expected["tied both"],
    )


def test_the_same_order_is_one_and_no_order_has_none() -> None:
    """One and the same order gives 1, the reverse -1; where all are level on a side there is no coefficient."""
    assert correlated((1, 2, 3), (10, 20, 30)).tau_b == 1
    assert correlated((1, 2, 3), (30, 20, 10)).tau_b == -1
    assert correlated((1, 1, 1), (1, 2, 3)).tau_b is None
    assert correlated((), ()).tau_b is None
