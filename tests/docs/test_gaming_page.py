"""The page of attacks on the example rulebooks is what they give, before and after a declaration against the worst."""

from __future__ import annotations

import pytest
from docs import gaming_page


@pytest.mark.parametrize(
    "rulebook",
    [
        pytest.param(each, marks=() if each in gaming_page.QUICK else pytest.mark.whole)
        for each in gaming_page.RULEBOOKS
    ],
)
def test_the_page_of_attacks_is_what_they_give(rulebook: str) -> None:
    """``docs/gaming.md`` holds the two tables of each rulebook that reads records, as they come today."""
    page = gaming_page.PAGE.read_text(encoding="utf-8")
    told = {match[1]: match[2] for match in gaming_page.MADE.finditer(page)}
    assert set(told) == set(gaming_page.RULEBOOKS)
    assert told[rulebook] == gaming_page.tables(rulebook)


def test_no_example_is_left_out() -> None:
    """Each example rulebook that reads records has its tables, but an older version, one without points, two cut down
    from others, one that is another by topic, and two that hold the figures of a tool's tests and score nobody."""
    examples = gaming_page.ROOT / "examples"
    reading = {
        path.relative_to(examples).as_posix()
        for path in examples.glob("**/*.tally")
        if "\nrecords\n" in path.read_text(encoding="utf-8")
    }
    others = {
        "gallery/stack_exchange/stack_exchange_before_2019.tally",
        "gallery/discourse_trust_levels/trust_levels.tally",
        "gallery/klout_like/klout_topics.tally",
        "gallery/one_community/kred_like.tally",
        "gallery/one_community/stack_exchange_like.tally",
        "gallery/lighthouse/lighthouse_mean.tally",
        "gallery/openssf_scorecard/check_scores.tally",
    }
    assert reading - others == set(gaming_page.RULEBOOKS)
