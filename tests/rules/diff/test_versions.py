"""Takes two versions of the community rulebook; asks which number the change deserves, and whether it has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.versions import Level, VersionJudgement, judge_version, raised, version_order, version_place

COMMUNITY = (Path(__file__).parents[3] / "examples" / "community" / "community.tally").read_text(encoding="utf-8")


def judged(*replacements: tuple[str, str], version: str = "2.1.0") -> VersionJudgement:
    """Judge the community rulebook with pieces of its text replaced, under a version number."""
    text = COMMUNITY
    for before, after in (*replacements, ("version 2.1.0", f"version {version}")):
        assert before in text, before
        text = text.replace(before, after)
    old, new = accepted(COMMUNITY), accepted(text)
    return judge_version(old, new, diff(old, new))


@pytest.mark.parametrize(
    ("before", "after", "level", "deserved"),
    [
        ("# ", "# again: ", Level.NONE, "2.1.0"),
        ("A like is cheap", "A like is easy", Level.PATCH, "2.1.1"),
        ('example "one share by a stranger"', 'example "one share"', Level.PATCH, "2.1.1"),
        ("weight 60", "weight 50", Level.MINOR, "2.2.0"),
        ("fade = 30 days", "fade = 60 days", Level.MINOR, "2.2.0"),
        ("    to 50%", "    to 40%", Level.MINOR, "2.2.0"),
        ("    within 365 days\n", "", Level.MINOR, "2.2.0"),
        ("effective 2026-01-01", "effective 2026-02-01", Level.MINOR, "2.2.0"),
        ("conversation", "answers", Level.MINOR, "2.2.0"),
        ("posts >= 3", "posts >= 2", Level.MAJOR, "3.0.0"),
        ("    at most 100\n", "    at most 90\n", Level.MAJOR, "3.0.0"),
        ("    rounded to 1 place\n", "    rounded to 2 places\n", Level.MAJOR, "3.0.0"),
        ("from 50 leading", "from 60 leading", Level.MAJOR, "3.0.0"),
        ("item    text optional", "item    text", Level.MAJOR, "3.0.0"),
    ],
)
def test_a_change_deserves_a_number_by_what_it_reaches(before: str, after: str, level: Level, deserved: str) -> None:
    """Words deserve the third number, points on the same scale the second, another scale or other people the first."""
    found = judged((before, after))
    assert (found.level, found.deserved) == (level, deserved)


def test_a_rule_that_came_or_went_deserves_the_first_number() -> None:
    """A score that is made of other rules is another score."""
    start, end = COMMUNITY.index("    rule reports"), COMMUNITY.index('\nscore "Influence"')
    fewer = accepted(COMMUNITY[: COMMUNITY.index('example "one share')].replace(COMMUNITY[start:end], ""))
    assert judge_version(accepted(COMMUNITY), fewer, diff(accepted(COMMUNITY), fewer)).level is Level.MAJOR
    assert judge_version(fewer, accepted(COMMUNITY), diff(fewer, accepted(COMMUNITY))).level is Level.MAJOR


@pytest.mark.parametrize("place", ["posts >= few", "at most few * 30"])
def test_a_parameter_is_as_firm_as_what_it_stands_in(place: str) -> None:
    """A number that decides who is scored, or how far the scale goes, deserves the first number under any name."""
    text = COMMUNITY.replace("parameter fade", 'parameter few = 3 "few"\n    because "So."\n\nparameter fade')
    text = text.replace(place.replace("few * 30", "100").replace("few", "3"), place)
    old, new = (
        accepted(text.split("\nexample ")[0]),
        accepted(text.replace("few = 3", "few = 2").split("\nexample ")[0]),
    )
    assert judge_version(old, new, diff(old, new)).level is Level.MAJOR


@pytest.mark.parametrize(
    ("edit", "version", "standing"),
    [
        (("weight 60", "weight 50"), "2.1.0", "unchanged"),
        (("weight 60", "weight 50"), "2.1.0+other", "unchanged"),
        (("weight 60", "weight 50"), "2.1.1", "too small"),
        (("weight 60", "weight 50"), "2.2.0", "fits"),
        (("weight 60", "weight 50"), "2.2.0-rc.1", "fits"),
        (("weight 60", "weight 50"), "3.0.0", "fits"),
        (("weight 60", "weight 50"), "2.0.9", "backwards"),
        (("weight 60", "weight 50"), "2.1.0-rc.1", "backwards"),
        (("posts >= 3", "posts >= 2"), "2.2.0", "too small"),
        (("A like is cheap", "A like is easy"), "2.1.0", "too small"),
        (("A like is cheap", "A like is easy"), "2.1.1", "fits"),
        (("# ", "# again: "), "2.1.0", "fits"),
        (("# ", "# again: "), "2.5.0", "fits"),
        (("# ", "# again: "), "2.0.0", "backwards"),
    ],
)
def test_a_version_number_fits_or_not(edit: tuple[str, str], version: str, standing: str) -> None:
    """The number fits if it is at least what the change deserves; a meaning that is another needs another number."""
    assert judged(edit, version=version).standing == standing


@pytest.mark.parametrize(
    ("old", "level", "deserved"),
    [
        ("0.4.2", Level.MAJOR, "0.5.0"),
        ("0.4.2", Level.MINOR, "0.5.0"),
        ("0.4.2", Level.PATCH, "0.4.3"),
        ("1.9.9", Level.MINOR, "1.10.0"),
        ("9.9.9", Level.MAJOR, "10.0.0"),
        ("2.0.0-rc.1", Level.MAJOR, "2.0.0"),
        ("2.0.0-rc.1", Level.NONE, "2.0.0-rc.1"),
        (f"1.{'9' * 5_000}.0", Level.MINOR, f"1.1{'0' * 5_000}.0"),
    ],
)
def test_a_number_is_raised_as_semantic_versions_are(old: str, level: Level, deserved: str) -> None:
    """Before 1.0.0 the second number stands for the first; a trial is released; a number may be of any length."""
    assert raised(old, level) == deserved


def test_versions_stand_in_the_order_of_the_standard() -> None:
    """The order is that of the example in the eleventh point of https://semver.org/spec/v2.0.0.html."""
    trials = ("alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.1")
    versions = [*(f"1.0.0-{each}" for each in trials), "1.0.0", "2.0.0", "2.1.0", "2.1.1"]
    assert sorted(versions[1::2] + versions[::2], key=version_order) == versions


def test_the_place_is_that_of_the_version() -> None:
    """A diagnostic underlines the number in the head, and nothing else."""
    rulebook = accepted(COMMUNITY)
    place = version_place(rulebook.source)
    assert COMMUNITY[place.start : place.end] == "2.1.0"
