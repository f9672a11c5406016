"""Takes rulebooks with promises; checks what `tally test` and `tally audit bounds` print, write and end with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
RULEBOOK = """\
rulebook "Promises" version 1.0.0
    owner "Tests"

records
    id      text
    subject text
    actor   text
    kind    one of like, post
    at      date

measure likes "like" / "likes"
    count like

rule r "R"
    points min(likes, 5) + max(0, 5 - likes)
    because "…"

rule s "S"
    points min(likes, 50)
    because "…"

score "S"
    sum of all rules

promise "Holds."
    score never falls with post

promise "Is false."
    own actions give at most 2

promise "Nobody knows."
    score never falls with like
"""


@pytest.fixture
def promising(tmp_path: Path) -> Path:
    """Write a rulebook with a promise of each outcome."""
    path = tmp_path / "promising.tally"
    path.write_text(RULEBOOK, encoding="utf-8")
    return path


def test_each_outcome_is_told_with_what_it_rests_on(tally: Tally, promising: Path, tmp_path: Path) -> None:
    """A derivation, records as an example writes them, or what stood in the way; the written files score alike."""
    folder = tmp_path / "refuted"
    result = tally("test", promising, "--format", "json", "--out", folder)
    assert result.exit_code == 1
    assert "3 promises: 1 proved, 1 refuted, 1 not settled" in result.stderr
    document = json.loads(result.stdout)
    assert document["schema"] == "tallystick.test/1"
    assert set(document) == set(json.loads(tally("schema", "test").stdout)["properties"])
    holds, false, unknown = (promise["claims"][0] for promise in document["rulebooks"][0]["promises"])
    assert (holds["verdict"], holds["derivations"][0]["least"], holds["tries"]) == ("proved", "0", None)
    assert (unknown["verdict"], unknown["refuted_by"]) == ("not settled", None)
    assert unknown["tries"] > 0
    shown = false["refuted_by"]
    assert (false["verdict"], false["farthest"], shown["actor"]) == ("refuted", "3", shown["person"])
    scores = []
    for name, day in (("1-before", shown["as_of_before"]), ("1-after", shown["as_of_after"])):
        scored = tally(
            "score", promising, "--records", folder / name / "records.csv", "--as-of", day, "--format", "csv"
        )
        scores.append(next(line for line in scored.stdout.splitlines() if line.startswith(shown["person"])))
    assert [f",{shown['before']}," in scores[0], f",{shown['after']}," in scores[1]] == [True, True]


def test_an_open_promise_is_a_failure_only_where_asked(tally: Tally, promising: Path) -> None:
    """What is not settled, here because no imagined newcomer has so many posts, ends with 0 and a note, and with 1
    under --strict."""
    posts = 'measure n "n"\n    count post\n\n'
    many = posts + 'require many "many"\n    when n > 200\n    otherwise no score "Few."\n\nrule r '
    text = RULEBOOK.replace("rule r ", many, 1).replace("give at most 2", "give at most 60")
    promising.write_text(text, encoding="utf-8")
    lenient, strict = tally("test", promising), tally("test", promising, "--strict")
    assert (lenient.exit_code, strict.exit_code) == (0, 1)
    assert "note: what is not settled may be false" in lenient.stderr
    lines = lenient.stdout.splitlines()
    assert any(line.startswith("proved") and line.endswith("Holds.") for line in lines)
    assert any("not settled: nothing could be tried; the derivation allows a fall of 1" in line for line in lines)


def test_bounds_are_told_in_every_format(tally: Tally, promising: Path) -> None:
    """Text, Markdown and HTML draw; the document is as its schema says."""
    document = json.loads(tally("audit", "bounds", promising, "--format", "json").stdout)
    assert set(document) == set(json.loads(tally("schema", "bounds").stdout)["properties"])
    assert [(rule["name"], rule["least"], rule["most"]) for rule in document["rules"]] == [
        ("r", "0", "10"),
        ("s", "0", "50"),
    ]
    for output, sign in (("text", "WHAT TO LOOK AT"), ("markdown", "## What to look at"), ("html", "<!doctype html>")):
        result = tally("audit", "bounds", promising, "--format", output)
        assert (result.exit_code, sign.lower() in result.stdout.lower()) == (0, True)


@pytest.mark.parametrize("points", ["min(likes, 50)", "likes"])
def test_a_word_of_a_table_is_explained_where_it_stands(tally: Tally, promising: Path, points: str) -> None:
    """What “any” means is said where nothing bounds a figure, and not where all have an end."""
    promising.write_text(RULEBOOK.replace("points min(likes, 50)", f"points {points}"), encoding="utf-8")
    said = tally("audit", "bounds", promising).stdout
    tables, method = said.split("HOW THIS IS KNOWN") if "HOW THIS IS KNOWN" in said else said.split("How this is known")
    assert ("any" in tables.split(), "“any”" in method) == ((points == "likes",) * 2)
