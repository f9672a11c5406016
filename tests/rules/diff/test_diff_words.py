"""Takes differences between rulebooks; asks how they read, and whether what the author wrote can do any harm there."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.explain.difference.difference import SCOPES, RulebookDifference, difference
from tallystick.explain.difference.pages import difference_markdown, difference_text

COMMUNITY = (Path(__file__).parents[3] / "examples" / "community" / "community.tally").read_text(encoding="utf-8")


def found(*replacements: tuple[str, str]) -> RulebookDifference:
    """Compare the community rulebook with an edited version."""
    text = COMMUNITY
    for before, after in replacements:
        assert before in text, before
        text = text.replace(before, after)
    return difference(accepted(COMMUNITY), accepted(text))


def test_weight_rename_and_order_say_just_that() -> None:
    """A re-ordered file with a renamed rule and a changed weight reads as just these three."""
    text = COMMUNITY.replace("weight 60", "weight 50").replace("conversation", "answers")
    start, middle, end = (text.index(word) for word in ("facet reaction", "facet standing", 'score "Inf'))
    text = text[:start] + text[middle:end] + text[start:middle] + text[end:]
    assert difference_text(difference(accepted(COMMUNITY), accepted(text))) == (
        "Community influence: 2.1.0 and 2.1.0\n"
        "====================================\n"
        "\n"
        "1 change in meaning (rules), and 2 changes of words or examples.\n"
        "\n"
        "- What counts: as before.\n"
        "- How much it counts: rule `amplification`.\n"
        "- The scale: as before.\n"
        "\n"
        "This deserves version `2.2.0` at least (a minor change: points or names on the\n"
        "same scale), and the version is still `2.1.0`.\n"
        "\n"
        "All rules together can give -20 to 100 points; before, -20 to 110 points.\n"
        "\n"
        "RULES\n"
        "\n"
        "- Rule `amplification` weighs 50 instead of 60. It can give 0 to 50 points;\n"
        "  before, 0 to 60 points. By this alone, and before rounding, everybody's line\n"
        "  is 5/6 of what it was. (line 90)\n"
        "\n"
        "WORDS ONLY\n"
        "\n"
        "- The rules stand in another order: no score is another; lines, columns and\n"
        "  reasons of equal points stand in this order. Before: amplification, answers,\n"
        "  approval, tenure, reports. Now: tenure, reports, amplification, answers,\n"
        "  approval. (line 75)\n"
        "- Rule `conversation` is now called `answers`. (line 95)\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("fade = 30 days", "fade = 60 days", "Parameter `fade` is `60 days` instead of `30 days`."),
        ("posts >= 3", "posts >= 2", "Requirement `enough` asks for `posts >= 2` instead of `posts >= 3`."),
        ("    to 50%", "    to 40%", "Discount `favours` counts records `40%` instead of `50%`."),
        ("within 90 days\n\n", "within 80 days\n\n", "Measure `posts` looks back `80 days` instead of `90 days`."),
        ("    within 365 days\n", "", "Measure `reported` looks back over all time; before, only `365 days`."),
        ("at least -20", "at least -30", "Rule `reports` gives at least -30 instead of -20."),
        ("linear to 200", "square root to 200", "Rule `approval` turns its value into a level `square root to 200`"),
        ("from 50 leading", "from 60 leading", "Band `leading` begins at 60 instead of 50."),
        ("    at most 100\n", "    at most 90\n", "The score gives at most 90 instead of 100."),
        ("effective 2026-01-01", "effective 2026-02-01", "The rulebook takes effect on `2026-02-01` instead of"),
        ("item    text optional", "item    text", "Field `item` may not be missing any more."),
        ("per actor per week", "per actor per month", "Measure `approval` keeps `at most 3 per actor per month`"),
        ("within 90 days\n    because", "within 30 days\n    because", "Discount `favours` applies to records with"),
        (
            "share\n    halving every fade",
            "share\n    halving every fade except pauses",
            "Measure `sharers` does not fade during pauses any more; before, it faded then, too.",
        ),
        (
            "    effective 2026-01-01\n",
            "    effective 2026-01-01\n    noise     0.5\n",
            "The rulebook calls a change of the score by less than 0.5 no meaningful change.",
        ),
        ("3 or more:    10", "3 or more:    9", "Rule `tenure` gives 9 points instead of 10 in row `3 or more`."),
        ("Choose speakers", r"Choose\n\tspeakers", r'The rulebook has another `purpose`: "Choose\n\tspeakers for'),
    ],
)
def test_a_change_is_one_sentence(before: str, after: str, sentence: str) -> None:
    """A change reads as a sentence with the old and the new side by side."""
    sentences = [each.sentence for each in found((before, after)).changes]
    assert any(each.startswith(sentence) for each in sentences), sentences


CARD = """\
rulebook "Card" version 1.0.0

subjects
    region one of north, south
    joined date optional
    club   yes/no
    rank   whole number 0 to 20

facet home "Home"

    rule place "Region"
        points by region
            "north": 3
            "south": 1
        because "Where it is."

    rule known "Known for"
        points by years since joined
            under 1:   2
            1 or more: 4
        otherwise not applicable
        because "How long it is known."

rule member "Member"
    points rank + 5
    when club
    because "Who is in."

score "Card"
    sum of all rules
"""


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('"south": 1', '"south": 2', "All rules together can give 2 to 32 points; before, 1 to 32 points."),
        ("    when club\n", "", "All rules together can give 6 to 32 points; before, 1 to 32 points."),
        ("otherwise not applicable", 'otherwise 2 "Not known."', "can give 3 to 32 points; before, 1 to 32 points."),
    ],
)
def test_what_all_rules_give_counts_what_each_gives_to_everybody(before: str, after: str, sentence: str) -> None:
    """The least of all rules together has the least of those that always give points, and nothing of the others."""
    text = difference_text(difference(accepted(CARD), accepted(CARD.replace(before, after))))
    assert sentence in " ".join(text.split())


MEAN = """
rulebook "Mean" version 1.0.0

subjects
    rank whole number 0 to 20
    held yes/no

rule rank "Rank"
    weight 3
    level  rank, linear to 20
    because "c"

rule held "Held"
    weight 1
    level  if held then 1 else 0.25
    at most 0.5
    because "c"

score "Mean"
    mean of all rules by weight, out of 10
"""


def test_of_a_mean_all_rules_give_what_it_is_out_of() -> None:
    """With weights of 3 and 1 the mean is 0 to 10 of 10, and not 0 to 4: so it is with 6 and 1, where nothing is said.
    As a sum the rules give 3 and 0.5 at most."""
    told = "All rules together can give"
    assert told not in difference_text(difference(accepted(MEAN), accepted(MEAN.replace("weight 3", "weight 6"))))
    for before, after, said in (
        ("out of 10", "out of 20", "0 to 20 points; before, 0 to 10 points"),
        ("mean of all rules by weight, out of 10", "sum of all rules", "0 to 3.5 points; before, 0 to 10 points"),
    ):
        text = difference_text(difference(accepted(MEAN), accepted(MEAN.replace(before, after))))
        assert f"{told} {said}." in " ".join(text.split())


def test_what_is_removed_stands_where_it_stood() -> None:
    """What was removed is told after what it followed, be that the score."""
    score = (
        'subjects\n    size number 0 to 9\n\nrule size "Size"\n    points size\n\nscore "Size"\n    sum of all rules\n'
    )
    old = f'rulebook "A" version 1.0.0\n\n{score}\nbands\n    from 0 all "All"\n'
    new = f'rulebook "A" version 1.0.0\n\n{score}    at most 5\n'
    told = [(each.kind, each.form) for each in difference(accepted(old), accepted(new)).changes]
    assert told == [("score", "changed"), ("band", "removed")]


def test_a_share_is_what_a_weight_does_alone() -> None:
    """Where what a rule looks at is another, too, everybody's line is not so many times what it was: it is by that."""
    text = " ".join(difference_text(found(("weight 60", "weight 50"), ("fade = 30 days", "fade = 9 days"))).split())
    assert "By this alone, and before rounding, everybody's line is 5/6 of what it was." in text


def test_nothing_different_says_so() -> None:
    """Where nothing is different, the page says that and nothing else."""
    same = difference(accepted(COMMUNITY), accepted(COMMUNITY))
    assert same.same
    title = "Community influence: 2.1.0 and 2.1.0"
    assert difference_text(same) == f"{title}\n{'=' * len(title)}\n\nNothing is different in meaning.\n"
    assert "Nothing is different in meaning." in difference_markdown(same)


def test_scopes_stand_in_their_order() -> None:
    """What reaches everybody is told first, words and examples last."""
    text = difference_text(
        found(
            ("    at most 100\n", "    at most 90\n"), ("weight 30", "weight 35"), ("A like is cheap", "A like is dear")
        )
    )
    headings = {"the whole score": "THE WHOLE SCORE", "rule": "RULES", "words only": "WORDS ONLY"}
    places = [text.index(f"\n{headings[scope]}\n") for scope in SCOPES if scope in headings]
    assert len(places) == 3
    assert all(first < second for first, second in pairwise(places))


def test_markdown_shows_old_and_new_side_by_side() -> None:
    """Markdown has a table with what was and what is."""
    assert "| rule amplification weight | `60` | `50` |" in difference_markdown(found(("weight 60", "weight 50")))


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "`<img src=x>`", "a | b", "[x](javascript:y)"])
def test_what_an_author_wrote_is_not_read_as_markup(evil: str) -> None:
    """No title, reason or text of a rulebook becomes HTML, a link or a cell of a table."""
    page = difference_markdown(found(("A like is cheap", f"A like is {evil}"), ("one share by a stranger", evil)))
    outside = "".join(page.split("`")[::2])
    assert page.count("`") % 2 == 0
    assert "<script" not in outside.replace("\\<", "")
    assert "<img" not in outside.replace("\\<", "")
    assert re.search(r"(?<!\\)\[x", outside) is None
    for row in (line for line in page.split("\n") if line.startswith("|")):
        assert row.replace("\\|", "").count("|") == 4


def test_the_document_is_json_with_a_schema() -> None:
    """The document names its schema, keeps numbers as text, and reads back as it was."""
    written = found(("weight 60", "weight 50"))
    document = json.loads(written.model_dump_json(by_alias=True))
    assert document["schema"] == "tallystick.diff/1"
    assert document["same"] is False
    (weight,) = [each for each in document["changes"] if each["part"] == "weight"]
    assert (weight["old"], weight["new"], weight["new_line"]) == ("60", "50", 75)
    assert weight["effect"]["share"] == [5, 6]
    assert RulebookDifference.model_validate(document) == written


def test_every_part_reads_as_a_sentence() -> None:
    """No sentence has an empty place or a doubled blank, whatever came or went."""
    changes = [
        *found(("    within 365 days\n", ""), ("    at most 100\n", ""), ("    rounded to 1 place\n", "")).changes,
        *found(("distinct actor of report\n", "distinct actor of report\n    when item is not missing\n")).changes,
        *found(("count post\n", "count post\n    halving every 30 days\n    total at most 5 per day\n")).changes,
    ]
    assert len(changes) > 6
    for change in changes:
        assert change.sentence.endswith(".")
        assert "  " not in change.sentence
        assert "``" not in change.sentence
