"""Takes rulebooks over one file; asks whether ``tally compare`` says how far they agree, and on whom they do not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import Result

from tallystick.explain import markdown, text
from tallystick.explain.comparison.document import ComparedDefinitions
from tallystick.explain.comparison.pages import comparison_page
from tallystick.explain.html import html

Tally = Callable[..., Result]


@pytest.fixture
def two(community: Path, tmp_path: Path) -> tuple[str | Path, ...]:
    """Return the words that compare the example with one in which a like weighs most."""
    text = (community / "community.tally").read_text(encoding="utf-8")
    start = text.index("\nexample ")
    other = tmp_path / "likes.tally"
    likes = text[:start].replace("weight 60", "weight 7").replace("weight 10", "weight 60")
    other.write_text(likes.replace("weight 7", "weight 10").replace("Community influence", "Likes"), encoding="utf-8")
    where = ("--records", community / "records.csv", "--subjects", community / "subjects.csv", "--as-of", "2026-03-31")
    return ("compare", community / "community.tally", other, *where)


def test_the_document_is_what_two_runs_say(tally: Tally, two: tuple[str | Path, ...]) -> None:
    """Scores are those of ``tally score`` by each, and every person's lines sum to the score."""
    done = tally(*two, "--subject", "ada", "--format", "json")
    assert done.exit_code == 0, done.stderr
    told = ComparedDefinitions.model_validate(json.loads(done.stdout))
    for place, rules in enumerate(two[1:3]):
        rows = tally("score", rules, *two[3:], "--format", "csv").stdout.splitlines()[1:]
        assert [(each.subject, each.results[place].score or "") for each in told.people if each.results[place]] == [
            tuple(row.split(",")[i] for i in (0, 2)) for row in rows
        ]
    for person in (*told.furthest, told.person):
        assert person is not None
        for under in person.under:
            assert under is not None
            assert sum(Decimal(each.points or 0) for each in under.lines) == Decimal(under.result.score or 0)
    assert told.scored_by_all == 19
    for page in (html(comparison_page(told)), markdown.draw(comparison_page(told))):
        assert [each.subject for each in told.people if each.subject not in page] == []


def test_the_ends_of_a_mean_are_those_of_its_scale(tally: Tally, community: Path) -> None:
    """Where no bound says so, a mean out of 1 is from 0 to 1, as an explanation has it."""
    pages = community.parent / "gallery" / "lighthouse"
    rules = (pages / "lighthouse_mobile.tally", pages / "lighthouse_desktop.tally")
    done = tally("compare", *rules, "--subjects", pages / "pages.csv", "--as-of", "2026-03-31", "--format", "json")
    told = ComparedDefinitions.model_validate(json.loads(done.stdout))
    assert [(each.low, each.high) for each in told.definitions] == [("0", "1"), ("0", "1")]


def test_the_page_names_definitions_people_and_rules(tally: Tally, two: tuple[str | Path, ...]) -> None:
    """The text has the order, the people on whom they disagree most with the rules behind that, and everybody."""
    shown = tally(*two).stdout
    for words in ("Community influence", "Likes", "tau-b", "ON WHOM THEY DISAGREE MOST", "ahead by", "EVERYBODY"):
        assert words in shown


def test_a_place_is_told_by_how_many_have_less_and_as_much(tally: Tally, two: tuple[str | Path, ...]) -> None:
    """Of the others whom both definitions score, so many have less by each, and so many have the same."""
    scores = []
    for rules in two[1:3]:
        rows = (row.split(",") for row in tally("score", rules, *two[3:], "--format", "csv").stdout.splitlines()[1:])
        scores.append({row[0]: Decimal(row[2]) for row in rows if row[1] == "scored"})
    both = scores[0].keys() & scores[1].keys()
    for name in ("chen", "tess"):
        shown = " ".join(tally(*two, "--subject", name).stdout.split())
        for each in scores:
            below = sum(each[other] < each[name] for other in both)
            level = sum(each[other] == each[name] for other in both) - 1
            place = f"above {below} of {len(both) - 1}{f', level with {level}' if level else ''}[;.]"
            assert re.search(rf": {each[name]} \w+, {place}", shown)


def test_a_person_put_side_by_side_is_named_as_the_data_name_them(tally: Tally, two: tuple[str | Path, ...]) -> None:
    """Headings are in capitals; a name is not, since another person may be called so."""
    shown = tally(*two, "--subject", "ada").stdout
    assert "ONE PERSON BY EACH DEFINITION\n\nWhat each gives ada, line by line.\n" in shown
    assert "ADA" not in shown


def test_definitions_of_one_name_are_told_apart(tally: Tally, two: tuple[str | Path, ...]) -> None:
    """Two versions of one rulebook are called by their versions wherever they are named, and drafts of one version by
    their place besides."""
    told = ComparedDefinitions.model_validate(json.loads(tally(*two, "--subject", "ada", "--format", "json").stdout))
    first, second = (each.model_copy(update={"rulebook": "Trust"}) for each in told.definitions)
    later = told.model_copy(update={"definitions": (first, second.model_copy(update={"version": "2.2.0"}))})
    shown = text.draw(comparison_page(later))
    for words in ('- "Trust 2.1.0":', '- "Trust 2.2.0":', "\nTrust 2.2.0  "):
        assert words in shown
    assert shown.count("Trust") == shown.count("Trust 2.")
    drafts = text.draw(comparison_page(told.model_copy(update={"definitions": (first, second)})))
    assert '- "Trust 2.1.0 (1)":' in drafts
    assert '- "Trust 2.1.0 (2)":' in drafts


def test_names_are_for_the_auditor(tally: Tally, two: tuple[str | Path, ...]) -> None:
    """Another audience sees how far the definitions agree, and no person."""
    shown = tally(*two, "--audience", "public").stdout
    assert "tau-b" in shown
    assert "jun" not in shown
    assert "24 people and their scores are not shown" in shown
    assert tally(*two, "--audience", "public", "--subject", "jun").exit_code == 2


def test_what_cannot_be_compared_is_refused(tally: Tally, two: tuple[str | Path, ...]) -> None:
    """One rulebook, stdin, or somebody whom nobody knows: each has its words."""
    assert "one rulebook agrees with itself" in tally("compare", two[1], *two[3:]).stderr
    assert "stdin can be read once only" in tally("compare", "-", *two[2:]).stderr
    absent = tally(*two, "--subject", "nobody")
    assert (absent.exit_code, "nobody" in absent.stderr) == (1, True)
