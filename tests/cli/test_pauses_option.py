"""Takes a small rulebook that says `except pauses`; checks what `--pauses` does for `score` and `explain`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
AS_OF = ("--as-of", "2026-03-01")
RULEBOOK = """\
rulebook "Likes" version 1.0.0
    owner "Somebody"
    noise 0.5

records
    subject text
    actor   text
    kind    one of like, dislike
    at      date

measure likes "like" / "likes"
    count like
    halving every 10 days except pauses

measure balance "point" / "points"
    sum by kind
        like:    1
        dislike: -2
    within 10 days
    halving every 10 days except pauses

rule liked "People like it"
    points likes + balance
    because "A like is a like."

score "Likes"
    sum of all rules
    rounded to 3 places
"""
RECORDS = "subject,actor,kind,at\nada,bob,like,2026-02-19\nada,bob,dislike,2026-02-24\nbob,ada,like,2026-02-19\n"
PAUSES = "subject,from,to\nada,2026-02-20,2026-02-22\nada,2026-02-28,\nzoe\x1b,2026-01-01,\n"


@pytest.fixture
def words(tmp_path: Path) -> tuple[str, ...]:
    """Write rulebook, records and pauses; return the words that name them."""
    for name, text in (("likes.tally", RULEBOOK), ("records.csv", RECORDS), ("pauses.csv", PAUSES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = ("--records", str(tmp_path / "records.csv"), "--pauses", str(tmp_path / "pauses.csv"))
    return (str(tmp_path / "likes.tally"), *files, *AS_OF)


def test_score_takes_pauses_and_tells_of_strangers(tally: Tally, words: tuple[str, ...]) -> None:
    """Five of ada's ten days are paused, two of the five since the dislike; a pause of nobody is told, harmlessly.

    likes 2^-0.5 = 0.707106781, balance -2 × 2^-0.3 = -1.624504792 (the like is out of the ten days); bob 0.5.
    """
    result = tally("score", *words, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "subject,outcome,score,band,liked\nada,scored,-0.917,,-0.917\nbob,scored,0.500,,0.500\n"
    assert "note: 1 pause is about nobody in the run: `zoe<U+001B>`" in result.stderr


def test_explain_says_how_much_absences_helped(tally: Tally, words: tuple[str, ...], tmp_path: Path) -> None:
    """The days away, and what they gave back of the fading, stand in the text, from a file as from a run."""
    out = tmp_path / "run"
    assert tally("score", *words, "--out", out).exit_code == 0
    text = tally("explain", *words, "--subject", "ada").stdout
    again = tally("explain", out, "--subject", "ada").stdout
    assert [line for line in again.splitlines() if "This page" not in line] == [
        line for line in text.splitlines() if "This page" not in line
    ]
    flat = " ".join(text.split())
    assert (
        "Counted: 1 like. - What is older counts less, losing half every 10 days. Without your absences, that would "
        "take off 0.5. - Your absences from 2026-02-20 to 2026-02-22 and from 2026-02-28 to 2026-03-01 stopped the "
        "fading for that time, which gives back about 0.21. - That leaves about 0.71 likes."
    ) in flat
    # What takes away fades less, too: -2 × (2^-0.5 - 2^-0.3) = 0.210291230.
    assert (
        "Without your absences, that would add about 0.59. - Your absences from 2026-02-20 to 2026-02-22 and from "
        "2026-02-28 to 2026-03-01 stopped the fading for that time, which takes back about 0.21."
    ) in flat
    assert "WHEN YOU WERE AWAY" in text
    assert "2026-02-28 2026-03-01 2" in flat


def test_the_document_has_absences_and_sums(tally: Tally, words: tuple[str, ...]) -> None:
    """In JSON, `pauses` are from, to and days; `before` less all steps is the measure; who was not away has none."""
    document = json.loads(tally("explain", *words, "--subject", "ada", "--format", "json").stdout)
    assert document["pauses"] == [
        {"from": "2026-02-20", "to": "2026-02-22", "days": 3},
        {"from": "2026-02-28", "to": "2026-03-01", "days": 2},
    ]
    (likes, _) = document["lines"][0]["measures"]
    assert [(each["step"], each["value"], each["absences"]) for each in likes["steps"]] == [
        ("fading", "0.5", []),
        ("paused", "-0.207106781", document["pauses"]),
    ]
    assert (likes["before"], likes["value"]) == ("1", "0.707106781")
    assert [each["role"] for each in document["receipt"]["inputs"]] == ["records", "pauses"]
    other = json.loads(tally("explain", *words, "--subject", "bob", "--format", "json").stdout)
    assert other["pauses"] == []


def test_a_pause_that_cannot_be_read_is_told(tally: Tally, words: tuple[str, ...], tmp_path: Path) -> None:
    """Where rows of pauses were rejected, every explanation, the summary and the auditors' page say how many; without
    any, none speaks of them."""
    rows = "".join(f"ada,2026-01-{day:02},2026-01-{day:02}\n" for day in range(1, 11))
    (tmp_path / "pauses.csv").write_text(f"subject,from,to\n{rows}bob,2026-02-22,2026-02-20\n", encoding="utf-8")
    out, site = tmp_path / "run", tmp_path / "site"
    scored = tally("score", *words, "--max-rejected", "10%", "--out", out)
    assert scored.exit_code == 0, scored.stderr
    assert "1 of 11 rows of pauses rejected" in scored.stderr
    for text in (tally("explain", out, "--subject", name).stdout for name in ("ada", "bob")):
        assert (
            "Could not be read, in all people's data: 1 of 11 rows of absences. They are kept, with reasons, and count "
            "for nobody."
        ) in " ".join(text.split())
    german = tally("explain", out, "--subject", "bob", "--language", "de").stdout
    assert "1 von 11 Zeilen mit Abwesenheiten" in " ".join(german.split())
    data = json.loads(tally("explain", out, "--subject", "bob", "--format", "json").stdout)["data"]
    assert (data["run_pause_rows"], data["run_pause_rejected"]) == (11, 1)
    assert tally("publish", out, "--out", site).exit_code == 0
    pages = "".join(page.read_text(encoding="utf-8") for page in (site / "run").glob("*.html"))
    assert "Rows of pauses: 11, of which 1 could not be read." in pages
    (tmp_path / "pauses.csv").write_text(f"subject,from,to\n{rows}", encoding="utf-8")
    assert "of pauses rejected" not in tally("score", *words).stderr
    assert "Could not be read" not in tally("explain", *words, "--subject", "bob").stdout


def test_a_file_that_nothing_asks_for_is_wrong_usage(tally: Tally, words: tuple[str, ...], tmp_path: Path) -> None:
    """Where no measure says `except pauses`, and where a run has its own, `--pauses` ends with 2 and a remedy."""
    path = tmp_path / "likes.tally"
    out = tmp_path / "run"
    assert tally("score", *words, "--out", out).exit_code == 0
    refused = tally("explain", out, "--subject", "ada", "--pauses", str(tmp_path / "pauses.csv"))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "has its own pauses" in refused.stderr
    path.write_text(RULEBOOK.replace(" except pauses", ""), encoding="utf-8")
    refused = tally("score", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no measure of the rulebook says `except pauses`" in refused.stderr
    assert "leave `--pauses` out" in refused.stderr


def test_the_guide_tells_of_pauses_and_noise(tally: Tally, words: tuple[str, ...]) -> None:
    """Whoever reads the rules is told that absences stop the fading, and which change means nothing."""
    guide = tally("guide", words[0]).stdout
    assert "While the person is away, as told to whoever keeps the score, nothing fades." in guide
    assert "A change of the score by less than 0.5 points is called no meaningful change." in guide


def test_the_rulebook_is_written_as_it_was(tally: Tally, words: tuple[str, ...]) -> None:
    """Both words are in the canonical layout as they stand."""
    assert tally("fmt", "--check", words[0]).exit_code == 0
