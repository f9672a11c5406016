"""The rulebook of many rules, which the bench reads, is a rulebook."""

from __future__ import annotations

import pytest
from benchmarks.many_rules import many_rules

from tallystick.rules import read
from tallystick.rules.source import Source


@pytest.mark.parametrize("rules", [1, 60])
def test_a_rulebook_of_so_many_rules_is_checked(rules: int) -> None:
    """It has as many rules as were asked for, and no mistake."""
    rulebook, _ = read(Source("many.tally", many_rules(rules)))
    assert rulebook is not None
    assert len(rulebook.rules) == rules
