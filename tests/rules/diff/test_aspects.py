"""Takes edits of the community rulebook; asks whether each concerns the criteria, the weights or the scale."""

from __future__ import annotations

from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.rules.diff.aspects import aspects_together
from tallystick.rules.diff.diff import diff

COMMUNITY = (Path(__file__).parents[3] / "examples" / "community" / "community.tally").read_text(encoding="utf-8")


def concerned(*replacements: tuple[str, str], within: str = COMMUNITY) -> tuple[str, ...]:
    """Say what is concerned when pieces of a rulebook are replaced."""
    text = within
    for before, after in replacements:
        assert before in text, before
        text = text.replace(before, after)
    old, new = accepted(within), accepted(text)
    return aspects_together(diff(old, new), old, new)


@pytest.mark.parametrize(
    ("before", "after", "aspects"),
    [
        ("A like is cheap", "A like is easy", ()),
        ('example "one share by a stranger"', 'example "one share"', ()),
        ("effective 2026-01-01", "effective 2026-02-01", ()),
        ("    effective 2026-01-01\n", '    effective 2026-01-01\n    time zone "Europe/Berlin"\n', ("criteria",)),
        ("distinct actor of share", "distinct actor of share, endorse", ("criteria",)),
        ("    within 365 days\n", "", ("criteria",)),
        ("posts >= 3", "posts >= 2", ("criteria",)),
        ("fade = 30 days", "fade = 60 days", ("criteria",)),
        ('actor ends with "[bot]"', 'actor ends with "-bot"', ("criteria",)),
        ("level  repliers,", "level  sharers,", ("criteria",)),
        ("    to 50%", "    to 40%", ("weights",)),
        ("weight 30", "weight 20", ("weights",)),
        ("at least -20", "at least -10", ("weights",)),
        ("points -2 * reported", "points -3 * reported", ("weights",)),
        ("1 to under 3: 5", "1 to under 3: 6", ("weights",)),
        ("points -2 * reported", "points -2 * repliers", ("criteria", "weights")),
        ("level  approval, linear to 200", "level  approval, linear to 100", ("scale",)),
        ("square root to 100", "logarithmic to 100", ("scale",)),
        ("    at most 100\n", "    at most 90\n", ("scale",)),
        ("    rounded to 1 place\n", "    rounded to 2 places\n", ("scale",)),
        ("from 50 leading", "from 60 leading", ("scale",)),
        ('    from 50 leading  "A leading voice"\n', "", ("scale",)),
        ("    sum of all rules\n", "    mean of all rules by weight, out of 100\n", ("scale",)),
    ],
)
def test_a_change_concerns_what_its_part_does(before: str, after: str, aspects: tuple[str, ...]) -> None:
    """What counts is told apart from how much it gives and from the scale; words and examples concern none of them."""
    text = COMMUNITY
    if "mean" in after:
        text = COMMUNITY[: COMMUNITY.index("facet standing")] + COMMUNITY[COMMUNITY.index('score "Influence"') :]
        text = text[: text.index("example ")]
    assert concerned((before, after), within=text) == aspects


@pytest.mark.parametrize(
    ("place", "aspects"),
    [
        (("weight 30", "weight much"), ("weights",)),
        (("square root to 100", "square root to much"), ("scale",)),
        (("posts >= 3", "posts >= much"), ("criteria",)),
        (("    at most 100\n", "    at most much\n"), ("scale",)),
    ],
)
def test_a_parameter_concerns_what_names_it(place: tuple[str, str], aspects: tuple[str, ...]) -> None:
    """Another value of a parameter concerns what the place that names it concerns."""
    declared = ("parameter fade", 'parameter much = 80 "how much"\n    because "So."\n\nparameter fade')
    within = COMMUNITY.replace(*declared).replace(*place)
    assert concerned(("much = 80", "much = 90"), within=within) == aspects


def test_a_band_by_needs_concerns_what_counts() -> None:
    """Whoever has what it needs is in it, wherever the score lies: it is no stretch of the scale."""
    known = '    known "You are known"\n        needs posts >= 3 "You post."\n'
    within = COMMUNITY[: COMMUNITY.index("bands\n")] + f"bands\n{known}"
    regular = '    regular "A regular voice"\n        needs posts >= 10 "You post much."\n'
    assert concerned((known, known + regular), within=within) == ("criteria",)
    assert concerned((regular, ""), within=within + regular) == ("criteria",)


def test_several_changes_concern_all_that_each_does() -> None:
    """Of several changes, everything that is concerned is named, in one order."""
    assert concerned(("at most 100\n", "at most 90\n"), ("weight 30", "weight 20")) == ("weights", "scale")
