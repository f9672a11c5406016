"""Takes measured figures; checks what the bench says of goals and growth."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bench is run from the root of the repository."""
    monkeypatch.syspath_prepend(ROOT)


def test_a_goal_says_by_how_much_it_is_missed() -> None:
    """A figure at the goal meets it; one above says by how much it misses."""
    from benchmarks.goals import Goal  # noqa: PLC0415

    assert Goal("a / b", 1.5, 1.5).row == ("a / b", "1.50", "1.50", "met")
    assert Goal("a / b", 1.5, 1.75).row == ("a / b", "1.50", "1.75", "missed by 0.25")


def test_growth_is_one_where_time_is_in_proportion() -> None:
    """Ten times the rows in ten times the time grow as the rows to the 1, in a hundred times the time to the 2."""
    from benchmarks.race import Took  # noqa: PLC0415
    from benchmarks.tables import of_growth  # noqa: PLC0415

    took = {1000: {"engine": Took(1.0, 2.0, 10)}, 10_000: {"engine": Took(10.0, 200.0, 10)}}
    assert of_growth(took).splitlines()[-1] == "| 1,000 to 10,000 | engine | 1.00 | 2.00 | 0.00 |"


def test_what_is_asked_at_each_size() -> None:
    """The limit is asked at every size; what is asked of large ones alone is not asked of small ones."""
    from benchmarks.__main__ import LARGE, reference_goals  # noqa: PLC0415
    from benchmarks.race import Took  # noqa: PLC0415

    took = {"floor": Took(1, 1, 100), "by hand": Took(2, 2, 100), "engine": Took(3.8, 4, 130)}
    small = {goal.words: goal.met for goal in reference_goals(1000, took)}
    large = {goal.words: goal.met for goal in reference_goals(LARGE, took)}
    assert set(small.values()) == {True}
    assert len(small) == 2
    assert large[f"engine / by hand at {LARGE:,} rows (the limit)"]
    assert not large[f"engine / by hand at {LARGE:,} rows"]
    assert not large[f"memory, engine / by hand at {LARGE:,} rows"]
    assert "benchmarks.__main__" in sys.modules
