"""What is told after scoring counts everybody once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tallystick.engine.reference import ReferenceRun
from tallystick.explain.summary import summarise


@pytest.mark.parametrize("name", ["community", "maintainers", "trust", "mean", "forms"])
def test_everybody_is_counted_once(name: str, run_of_seed: Callable[[str, int], ReferenceRun]) -> None:
    """Scored and without a score, by reason, are all people; the bands hold all who are scored."""
    for seed in range(6):
        found = summarise(run_of_seed(name, seed))
        assert found.people == found.scored + sum(each.people for each in found.without)
        assert not found.bands or found.scored == sum(each.people for each in found.bands)
        shares = [Decimal(each.percent) for each in found.rules if each.percent is not None]
        assert not shares or abs(sum(shares) - 100) <= Decimal("0.5")
