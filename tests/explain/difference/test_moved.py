"""Takes who is moved between two versions; asks how it reads, and whether the page says nothing but the document."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted
from markdown_it import MarkdownIt
from syrupy.assertion import SnapshotAssertion

from tallystick.engine.change.moves import moves
from tallystick.engine.change.trials import TrialInputs
from tallystick.explain.difference.difference import RulebookDifference, difference
from tallystick.explain.difference.moved import moved_people
from tallystick.explain.difference.moved_pages import beyond_sentence
from tallystick.explain.difference.pages import difference_html, difference_markdown, difference_text
from tallystick.explain.difference.spread import spread_of
from tallystick.rules.load import load

COMMUNITY = Path(__file__).parents[3] / "examples" / "community"
EDITS = (
    ("version 2.1.0", "version 3.0.0"),
    ("conversation", "answers"),
    ("fade = 30 days", "fade = 45 days"),
    ("posts >= 3", "posts >= 9"),
    ("weight 60", "weight 50"),
    ("from 20 regular", "from 25 regular"),
)
NONE = (("-1.5", "-1.0", 0), ("-1.0", "-0.5", 0))
EVIL = "<script>alert(1)</script> `<img src=x>` ` a | b [x](javascript:y) {old} {0}"


def found(*edits: tuple[str, str], limit: str | None = None) -> RulebookDifference:
    """Compare the community rulebook with an edited version over the community's records."""
    old = load(COMMUNITY / "community.tally")
    text = old.source.text
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after)
    new = accepted(text)
    inputs = TrialInputs(as_of_march(), str(COMMUNITY / "records.csv"), str(COMMUNITY / "subjects.csv"))
    moved = moved_people(moves(old, new, inputs), inputs.as_of, None if limit is None else Decimal(limit))
    return difference(old, new, moved)


def as_of_march() -> date:
    """Return the day of the example."""
    return date(2026, 3, 31)


@pytest.fixture(scope="module")
def edited() -> RulebookDifference:
    """Compare with six edits, two of them of words."""
    return found(*EDITS, limit="5")


def test_text(edited: RulebookDifference, snapshot: SnapshotAssertion) -> None:
    """What changed and who is moved, as text of 78 columns."""
    text = difference_text(edited)
    assert text == snapshot
    assert max(map(len, text.split("\n"))) <= 78


def test_markdown(edited: RulebookDifference, snapshot: SnapshotAssertion) -> None:
    """The same as Markdown for a pull request: what is short first, what is long folded."""
    markdown = difference_markdown(edited)
    assert markdown == snapshot
    assert markdown.index("people have a score by both versions") < markdown.index("## ")
    assert markdown.count("<details>") == markdown.count("</details>") == 4


def test_html_is_one_file_that_loads_nothing(edited: RulebookDifference) -> None:
    """The page has its style in it, lets nothing run, names every section, and has a table beside each chart."""
    page = difference_html(edited)
    assert "default-src 'none'" in page
    assert re.findall(r"<(?:script|iframe|object|embed|form)\b|\son\w+=|https?://", page) == []
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)
    assert any("How far people are moved" in each for each in headings)
    assert any("What each edit did" in each for each in headings)
    assert page.count("<details") == 4
    assert "<svg" in page


def test_every_figure_of_the_page_is_in_the_document(edited: RulebookDifference) -> None:
    """I7: the words add no number: each amount of the page stands in the document, with its sign or without."""
    document = edited.model_dump_json(by_alias=True)
    known = set(re.findall(r"-?\d+(?:\.\d+)?", document))
    moved = edited.moved
    assert moved is not None
    assert moved.beyond is not None
    known |= {str(moved.up + moved.down), str(len(moved.beyond.people)), str(len(edited.changes))}
    known |= {str(sum(each.people for each in some)) for some in (moved.lost, moved.came, moved.bands)}
    known |= {str(moved.ranks.tied_before + moved.ranks.tied_after + moved.ranks.tied_both), "4", "2", "0", "1"}
    known |= {str(sum(each.points is not None for each in moved.beyond.people))}
    known |= {"03", "31"}  # of the day
    shown = set(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]\d)", difference_text(edited)))
    assert {each for each in shown if each not in known and each.lstrip("-") not in known} == set()


def test_the_document_is_read_back_as_it_was(edited: RulebookDifference) -> None:
    """The JSON names its schema, keeps decimals as text, and holds the totals that sum to the whole."""
    written = json.loads(edited.model_dump_json(by_alias=True))
    assert RulebookDifference.model_validate(written) == edited
    moved = written["moved"]
    assert isinstance(moved["total"], str)
    assert sum(Decimal(each["effect"]["total"]) for each in moved["edits"]) == Decimal(moved["total"])
    assert sum(bar["people"] for bar in moved["spread"]["bars"]) == moved["up"] + moved["down"]
    assert moved["spread"]["unmoved"] + moved["up"] + moved["down"] == moved["both"]


def test_without_records_nobody_is_said_to_be_moved() -> None:
    """Where nothing was scored, the document says null and the page nothing about people."""
    old = load(COMMUNITY / "community.tally")
    compared = difference(old, accepted(old.source.text.replace("weight 60", "weight 50")))
    assert compared.moved is None
    assert "moved" not in difference_text(compared)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (1, 1, "Left out: 1 row of records, which neither version can read."),
        (0, 1, "The new version cannot read 1 row of records; the old one, 0."),
        (1, 2000, "The new version cannot read 2,000 rows of records; the old one, 1."),
    ],
)
def test_rows_that_a_version_cannot_read_are_counted(
    edited: RulebookDifference, before: int, after: int, said: str
) -> None:
    """How many rows each version cannot read is said, of one row as of many."""
    assert edited.moved is not None
    versions = (
        edited.moved.before.model_copy(update={"rejected": before}),
        edited.moved.after.model_copy(update={"rejected": after}),
    )
    moved = edited.moved.model_copy(update={"before": versions[0], "after": versions[1]})
    text = difference_text(edited.model_copy(update={"moved": moved}))
    assert said in " ".join(text.split())


def test_what_deserves_a_version_is_named_as_the_page_names_it() -> None:
    """A score by a field is another whole score, on the scale as before: nothing says that the scale changed."""
    text = load(COMMUNITY / "community.tally").source.text.partition("\nexample")[0]
    text = text.replace("\nrecords\n", "\nrecords\n    channel one of web, app\n", 1)
    new = text.replace('score "Influence"', 'score "Influence" by channel')
    page = " ".join(difference_text(difference(accepted(text), accepted(new))).split())
    assert "The scale: as before." in page
    assert "(a major change: the whole score)" in page


def test_of_a_mean_it_is_said_what_points_of_a_rule_are(edited: RulebookDifference) -> None:
    """Whoever holds them against an explanation, which has them before they are divided, reads why they are others."""
    said = "points are told as what they make of the score"
    assert said not in " ".join(difference_text(edited).split())
    pages = COMMUNITY.parent / "gallery" / "lighthouse"
    old = load(pages / "lighthouse_desktop.tally")
    new = accepted(old.source.text.replace("weight 25", "weight 15", 1))
    inputs = TrialInputs(as_of_march(), None, str(pages / "pages.csv"))
    moved = moved_people(moves(old, new, inputs), inputs.as_of, None)
    assert (moved.before.out_of, moved.after.out_of) == ("1", "1")
    assert said in " ".join(difference_text(difference(old, new, moved)).split())


def test_nobody_moved_is_said() -> None:
    """Where the rules differ and nobody's score does, the page says so."""
    text = " ".join(difference_text(found(("posts >= 3", "posts >= 2"), limit="1")).split())
    assert "Nobody's score is another." in text
    assert "Nobody is moved by more than 1 point, and nobody lost a score." in text


def test_what_an_author_wrote_does_nothing_on_the_page() -> None:
    """No title of a requirement or text of an example becomes markup, a link or a place in a sentence."""
    compared = found(
        ("posts >= 3", "posts >= 40"), ("enough activity to judge", EVIL), ("one share by a stranger", EVIL)
    )
    page, markdown = difference_html(compared), difference_markdown(compared)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "{old} {0}" in page
    tokens = [
        each for token in MarkdownIt().enable("table").parse(markdown) for each in (token, *(token.children or ()))
    ]
    ours = {"<details>", "</details>"}
    html = {line for each in tokens if each.type.startswith("html") for line in each.content.strip().split("\n")}
    assert {each for each in html if not re.fullmatch(r"<summary>[A-Z][a-z ]+</summary>", each)} == ours
    assert {each.type for each in tokens} & {"link_open", "image"} == set()
    assert (
        sum("<script>alert(1)</script>" in each.content for each in tokens if each.type in {"text", "code_inline"}) > 1
    )


@pytest.mark.parametrize(
    ("steps", "places", "width", "bars"),
    [
        ([("0.3", 2), ("0", 7)], 1, "0.1", [("0.0", "0.1", 0), ("0.1", "0.2", 0), ("0.2", "0.3", 2)]),
        ([("-2", 1), ("-0.5", 2)], 1, "0.5", [("-2.0", "-1.5", 1), *NONE, ("-0.5", "0.0", 2)]),
        ([("17", 1), ("8", 1)], 0, "5", [("0", "5", 0), ("5", "10", 1), ("10", "15", 0), ("15", "20", 1)]),
        ([("0", 7)], 1, None, []),
    ],
)  # fmt: skip
def test_bars_have_a_width_that_can_be_read_out(
    steps: list[tuple[str, int]], places: int, width: str | None, bars: list[tuple[str, str, int]]
) -> None:
    """A bar takes its outer end in; its width is 1, 2 or 5, perhaps with zeros, and never finer than a score."""
    spread = spread_of([(Decimal(points), people) for points, people in steps], places)
    assert (spread.width, [(each.least, each.most, each.people) for each in spread.bars]) == (width, bars)


def test_who_is_beyond_a_limit_is_named(edited: RulebookDifference) -> None:
    """The sentence counts those moved too far and those who lost a score, and names them."""
    assert edited.moved is not None
    assert edited.moved.beyond is not None
    sentence = beyond_sentence(edited.moved.beyond)
    for person in edited.moved.beyond.people[:10]:
        assert f"`{person.subject}`" in sentence
    assert all(each.points is None or abs(Decimal(each.points)) > 5 for each in edited.moved.beyond.people)
    assert any(each.points is None for each in edited.moved.beyond.people)
