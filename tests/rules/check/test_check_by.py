"""Takes scores by a field, and examples of them; holds what the checker tells of those that cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

BOOK = """rulebook "Test" version 1.0.0
    owner "o"

records
    subject text
    kind    one of like, share
    at      date
    {field}

measure likes "like" / "likes"
    count like

rule liked "Liked"
    points likes
    because "It is."

score "Score" by {by}
    sum of all rules

example "one"
    as of 2026-03-01
    records
        subject kind at         topic
        ada     like 2026-02-01 tea
        bob     like 2026-02-01 jazz
    expect {person}
        score 1
"""
PARTS = {"field": "topic one of tea, jazz", "by": "topic", "person": "ada in tea"}
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "a field that can be missing": ("by-unfit", {"field": "topic one of tea, jazz optional", "by": "«topic»"}),
    "a private field": ("by-unfit", {"field": "topic one of tea, jazz private", "by": "«topic»"}),
    "a text": ("by-unfit", {"field": "topic text", "by": "«topic»"}),
    "an example of no value": ("expect-in", {"person": "«ada»"}),
    "an example of a value that there is not": ("name-unknown", {"person": "ada in «chess»"}),
    "an example of a pair that no record names": ("person-unnamed", {"person": "«ada» in jazz"}),
    "an example above a pair that no record names": ("person-unnamed", {"person": "ada in tea above «bob»"}),
    "an example of a pair twice": (
        "said-twice",
        {"person": "ada in tea\n        score 1\n    expect «ada» in tea"},
    ),
}


@pytest.mark.parametrize(("name", "parts"), CASES.values(), ids=CASES.keys())
def test_tells_what_cannot_be_by_a_field(
    name: str, parts: dict[str, str], expect_mistake: Callable[..., object]
) -> None:
    """One diagnostic at the place, and none of what would follow from it."""
    expect_mistake(name, BOOK.format(**{**PARTS, **parts}), whole=True)


def test_a_value_is_for_scores_by_a_field_alone(expect_mistake: Callable[..., object]) -> None:
    """Where each person has one score, `in` is told where it stands."""
    text = BOOK.format(**{**PARTS, "person": "ada in «tea»"}).replace(" by topic", "")
    expect_mistake("expect-in", text, whole=True)


def test_a_score_that_does_not_parse_is_told_alone(tell: Callable[..., object]) -> None:
    """Nobody knows what the score is by then, so nothing is told of what examples say of it."""
    told = tell(BOOK.format(**{**PARTS, "by": "topic, kind"}), whole=True)
    assert [name for name, _ in getattr(told, "underlined")] == ["word-unexpected"]  # noqa: B009  as below


def test_a_person_can_be_expected_once_for_each_value(expect_nothing: Callable[..., object]) -> None:
    """The same name for another value is another expectation; a field that only the score is by is used."""
    more = "ada in tea\n        score 1\n    expect bob in jazz"
    checked = expect_nothing(BOOK.format(**{**PARTS, "person": more}), whole=True)
    assert getattr(checked, "score").by == "topic"  # noqa: B009  the fixture says only that it is a rulebook
