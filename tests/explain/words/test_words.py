"""The words keep three things apart that scores usually mix up, and never judge."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tallystick.engine.reference import ReferenceRun
from tallystick.explain import Explainer, explain
from tallystick.explain.figures import about
from tallystick.explain.person.working import made, number
from tallystick.explain.plain import points, sentence
from tallystick.explain.tree.nodes import Operator
from tallystick.explain.words.working import steps

RunOf = Callable[..., ReferenceRun]

MEAN_SUBJECTS = """
subject level  started    waived fee
ann     second 2025-01-01 -      500
ben     first  -          -      -
"""
MEAN_RECORDS = """
subject actor kind   at         mark
ann     ann   essay  2026-01-01 -
ann     ann   essay  2026-01-02 -
ann     ben   review 2026-01-03 8
ann     cat   review 2026-01-03 -
ben     ann   visit  2026-02-20 -
"""


def test_zero_missing_and_not_applicable_are_three_things(run_of: RunOf) -> None:
    """Nothing found is a zero; no value is not known; a condition that is not met does not apply: each is said so."""
    text = " ".join(explain(run_of("mean", records=MEAN_RECORDS, subjects=MEAN_SUBJECTS), "ben").text().split())
    assert "Counted: 0 reviews. None were found." in text
    assert "there is no record from which to take the average. That is not the same as zero." in text
    assert "This rule does not apply to you. It asks for: at least 2 essays." in text
    assert "Fee: not known. That is not the same as zero or no." in text
    assert "Its weight of 50 is left out, so it moves the score neither up nor down." in text


def test_a_mean_names_what_applies(run_of: RunOf) -> None:
    """Under a mean, the column says by how much of the weights it was divided, and the weights that count are told."""
    found = explain(run_of("mean", records=MEAN_RECORDS, subjects=MEAN_SUBJECTS), "ann")
    applies = [Decimal(line.weight or 0) for line in found.lines if line.points is not None]
    assert Decimal(found.scale.weights_that_apply or 0) == sum(applies) == Decimal("100.3333")
    assert sum(Decimal(line.effective_weight or 0) for line in found.lines).quantize(Decimal("0.001")) == Decimal(100)
    assert "times 100 / 100.3333 (the weights that apply)" in " ".join(found.text().split())


def test_what_was_left_out_is_named(community: ReferenceRun) -> None:
    """Under a mean, the column says what the weights that apply are, and by how much that moved the score."""
    text = " ".join(explain(community, "ada").text().split())
    for each in (
        "Counted: 2 people who shared you, in 3 records.",
        "Not counted: 1 record (automated accounts) and 1 record (the same reaction given twice).",
        "1 record counted only 50% (endorsements returned), which takes off 0.5.",
        "1 record went over the limit of 3 per person per week, which takes off 1.",
        "losing half every 30 days",
        "Not counted: 1 record (too old).",
        "Each person who reported you takes 2 points away, at most 20.",
        "left out: your reactions to your own posts 1",
        "dated after 2026-03-01, so not counted yet 1",
        "Saying it twice does not make it more.",
        "A favour returned says less than one freely given.",
    ):
        assert each in text


def test_no_score_is_explained(community: ReferenceRun) -> None:
    """Without a score the author's words come first, then what is asked for, what there is, and whom to write to."""
    none = " ".join(explain(community, "bob").text().split())
    assert none.index("You have not agreed to be scored.") < none.index("Required: agreed to be scored.")
    assert "What there is: - Agreed to be scored: no." in none
    assert "not the same as a score of zero" in none
    assert "No record about you was counted for you." in none
    assert "write to community@acme.example" in none
    few = " ".join(explain(community, "cy").text().split())
    assert "Required: enough activity to judge: at least 3 posts." in few
    assert "Counted: 1 post in the last 90 days. - Not counted: 1 record (too old)." in few


def test_what_is_required_is_told_where_it_is_met(community: ReferenceRun) -> None:
    """With a score each requirement is named with what it asks for and the person's own figure."""
    text = " ".join(explain(community, "ada").text().split())
    assert "Agreed to be scored (met) - Agreed to be scored: yes." in text
    assert "Enough activity to judge: at least 3 posts (met) - Counted: 3 posts in the last 90 days." in text
    assert explain(community, "cy").met == ()


@pytest.mark.parametrize(
    ("operator", "values", "told"),
    [
        ("linear share of", (5, 10), ["5 / 10 = 0.5"]),
        ("linear share of", (-5, 10), ["-5 held to at least 0: 0", "0 / 10 = 0"]),
        ("square root share of", (25, 100), ["√(25 / 100) = 0.5"]),
        ("logarithmic share of", (1, 500), ["ln(1 + 1) / ln(1 + 500) = 0.111499292"]),
        (
            "logarithmic share of",
            (621, 500),
            ["621 held to at most 500: 500", "ln(1 + 500) / ln(1 + 500) = 1"],
        ),
        (
            "log-normal level of",
            (4, 9, 3),
            ["half of (1 + erf(c × ln(4 / 3) / ln(9 / 3))), where erf(c) is four fifths: 0.631408633"],
        ),
        ("log-normal level of", (0, 9, 3), ["0 stands at the end of the log-normal curve: 0"]),
        ("rounded to places", (Decimal("0.456"), 1), ["0.456 rounded to 1 place: 0.5"]),
        ("rounded to places", (Decimal("41.6"), 0), ["41.6 rounded to a whole number: 42"]),
    ],
)
def test_a_level_is_told_so_that_it_can_be_redone(
    operator: Operator, values: tuple[int | Decimal, ...], told: list[str]
) -> None:
    """A curve is told as its formula with the person's figures, held first where that changes anything."""
    assert steps(made(operator, "number", [number(Decimal(each)) for each in values])[0]) == told


def test_a_full_line_says_so(run_of: RunOf) -> None:
    """Whoever has all points of a line is told that more would not change it."""
    records = "subject actor kind at mark\n" + "\n".join(f"ann ann visit 2026-02-{day:02} -" for day in range(10, 20))
    text = " ".join(explain(run_of("mean", records=records, subjects=MEAN_SUBJECTS), "ann").text().split())
    assert "That is reached, so more would not change this line." in text


@pytest.mark.parametrize("name", ["community", "maintainers", "trust", "mean", "forms"])
def test_no_word_judges(name: str, run_of_seed: Callable[[str, int], ReferenceRun]) -> None:
    """No praise, no blame, no jargon, and never the empty reason that a score was not reached."""
    banned = ("fail", "congrat", "great job", "poor", "unfortunately", "null", "none type", "qualifying", "subtotal")
    for seed in range(5):
        run = run_of_seed(name, seed)
        explainer = Explainer(run)
        for ledger in run.ledgers():
            text = explainer.of(ledger).text().lower()
            assert not [word for word in banned if word in text]


@pytest.mark.parametrize(
    ("number", "short"),
    [("5", None), ("5.25", None), ("5.250000000", None), ("5.188025249", "5.19"), ("0.00412", "0.0041")],
)
def test_long_figures_are_read_short(number: str, short: str | None) -> None:
    """A figure of more than two places is read as "about" two places, or two digits where that would show nothing."""
    assert about(Decimal(number)) == short


@pytest.mark.parametrize(("number", "short"), [("-0.125", "-0.13"), ("0.000000001", None), ("123456.005", "123456.01")])
def test_rounding_to_read_is_half_away_from_zero(number: str, short: str | None) -> None:
    """Even the short figure is rounded as the language rounds; the smallest working value is told whole."""
    assert about(Decimal(number)) == short


@pytest.mark.parametrize(
    ("number", "short"),
    [("2.999", None), ("2.9991234", "2.999"), ("3.0004567", "3.0005"), ("2.999999999", None), ("-0.9996", None)],
)
def test_what_is_not_whole_is_not_read_as_whole(number: str, short: str | None) -> None:
    """Who lacks a hair of the 3 that are asked for is not told that there are about 3."""
    assert about(Decimal(number)) == short


def test_small_turns_of_phrase() -> None:
    """One point, 1.0 points, and a full stop only where none is."""
    assert (points("1"), points("1.0"), points("-2")) == ("1 point", "1.0 points", "-2 points")
    assert (sentence("Yes"), sentence("Yes!"), sentence("Yes. ")) == ("Yes.", "Yes!", "Yes.")
