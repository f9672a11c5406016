"""Takes runs of several definitions over one file; asks whether agreement and places are what counting says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest

from tallystick.engine import score
from tallystick.engine.change.comparison import Comparison, compare
from tallystick.engine.run import FinishedRun
from tallystick.rules.check import check
from tallystick.rules.parse.parse import parse
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

TEXT = """\
rulebook "NAME" version 1.0.0

records
    subject text
    kind    one of like, post
    at      date

require enough "enough"
    when posts >= LEAST
    otherwise insufficient data "Too few."

measure likes "like" / "likes"
    count like

measure posts "post" / "posts"
    count post

rule liked "Liked"
    points A * likes
    because "x"

rule wrote "Wrote"
    points B * posts
    because "x"

score "S"
    sum of all rules
"""
COUNTS = {"ada": (9, 1), "bob": (1, 9), "cleo": (5, 5), "dev": (5, 5), "eli": (0, 2), "fay": (3, 0)}
"""Likes and posts of each person."""


def rulebook(name: str, likes: int, posts: int, least: int = 0) -> Rulebook:
    """Return a definition that weighs likes and posts."""
    text = (
        TEXT.replace("NAME", name)
        .replace("LEAST", str(least))
        .replace("A *", f"{likes} *")
        .replace("B *", f"{posts} *")
    )
    written, _ = parse(Source(name, text))
    assert written is not None
    checked, diagnostics = check(written)
    assert checked is not None, diagnostics
    return checked


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FinishedRun, ...]]:
    """Score the people by likes, by posts, and by both with a requirement that one of them does not meet."""
    path = tmp_path_factory.mktemp("compare") / "records.csv"
    rows = [
        f"{who},{kind},2026-01-01"
        for who, counts in COUNTS.items()
        for kind, count in zip(("like", "post"), counts, strict=True)
        for _ in range(count)
    ]
    path.write_text("\n".join(("subject,kind,at", *rows)), encoding="utf-8")
    rules = (rulebook("likes", 1, 0), rulebook("posts", 0, 1), rulebook("both", 1, 2, least=1))
    made = tuple(score(each, path, as_of=date(2026, 2, 1)) for each in rules)
    yield made
    for each in made:
        each.close()


@pytest.fixture(scope="module")
def found(runs: tuple[FinishedRun, ...]) -> Comparison:
    """Compare the three."""
    return compare(runs)


def test_everybody_has_a_result_by_each(found: Comparison) -> None:
    """Each person's scores stand in the order of the definitions; without a score there is none."""
    told = {who: tuple(row and row.score for row in rows) for who, rows in found.results.items()}
    expected = {who: (Decimal(a), Decimal(b), Decimal(a + 2 * b)) for who, (a, b) in COUNTS.items()}
    assert told == expected | {"fay": (Decimal(3), Decimal(0), None)}


def test_agreement_is_by_pairs_of_people(found: Comparison) -> None:
    """Two definitions are compared over whom both score: pairs in one order, and in the opposite one."""
    by_first_two = found.pairs[0]
    pairs = list(combinations(COUNTS.values(), 2))
    same = sum((a[0] - b[0]) * (a[1] - b[1]) > 0 for a, b in pairs)
    opposite = sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in pairs)
    assert (by_first_two.both, by_first_two.order.concordant, by_first_two.order.discordant) == (6, same, opposite)
    assert [(each.first, each.second, each.both) for each in found.pairs] == [(0, 1, 6), (0, 2, 5), (1, 2, 5)]


def test_places_are_among_those_whom_all_score(found: Comparison) -> None:
    """Places count the others who have less and half of those level; whom one definition does not score has none."""
    by_hand = {who: counts for who, counts in COUNTS.items() if who != "fay"}
    assert {each.subject for each in found.places} == set(by_hand)
    for each in found.places:
        values = [(a, b, a + 2 * b) for a, b in by_hand.values()]
        own = (*by_hand[each.subject], by_hand[each.subject][0] + 2 * by_hand[each.subject][1])
        below = [sum(value[i] < own[i] for value in values) for i in range(3)]
        level = [sum(value[i] == own[i] for value in values) - 1 for i in range(3)]
        assert [(one.below, one.level) for one in each.standings] == list(zip(below, level, strict=True))
        places = [Fraction(2 * b + n, 8) for b, n in zip(below, level, strict=True)]
        assert each.apart == max(places) - min(places)
    assert [each.subject for each in found.places][:2] == ["ada", "bob"]
    assert [each.apart for each in found.places] == sorted((each.apart for each in found.places), reverse=True)


def test_the_middle_of_a_rule(found: Comparison) -> None:
    """Of five people the middle one has as many likes as the third."""
    assert found.middle[0]["liked"] == 5
    assert found.middle[1]["wrote"] == 5
