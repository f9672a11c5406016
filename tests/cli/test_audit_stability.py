"""Takes a rulebook, records and a stretch of days; checks what `tally audit stability` says, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
PERIOD = ("--from", "2026-01-02", "--to", "2026-01-20")
RECORDS = """\
at,subject,actor,kind
2026-01-01,ada,ada,post
2026-01-08,ada,bob,share
2026-01-16,ada,bob,share
2026-01-02,cem,cem,post
"""


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Write the records: ada has 1.0, then 3.5, then 6.0; cem 1.0 throughout."""
    path = tmp_path / "records.csv"
    path.write_text(RECORDS, encoding="utf-8")
    return path


def test_the_text_says_who_moved_and_by_which_line(tally: Tally, rulebook: Path, records: Path) -> None:
    """Each step has its row, the last day whatever the step; the furthest move is told line by line."""
    result = tally("audit", "stability", rulebook, "--records", records, *PERIOD, "--every", "7d")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["2026-01-09", "2", "1", "0", "+2.5", "-", "0", "0", "0"] in lines
    assert ["2026-01-16", "2", "1", "0", "+2.5", "-", "0", "0", "0"] in lines
    assert ["2026-01-20", "2", "0", "0", "-", "-", "0", "0", "0"] in lines
    words = " ".join(result.stdout.split())
    assert "ada: 1.0 to 3.5 (+2.5), 2026-01-02 to 2026-01-09, 1 record about them - People share: +2.5" in words
    assert "Nobody came back into a band that they had left." in words


def test_the_document_adds_up(tally: Tally, rulebook: Path, records: Path, tmp_path: Path) -> None:
    """The lines of each move sum to it, the shares to 1; the document is as its schema says."""
    other = tmp_path / "other.csv"
    other.write_text("at,subject,actor,kind\n2026-01-05,cem,bob,share\n", encoding="utf-8")
    words = ("audit", "stability", rulebook, "--records", records, other, *PERIOD, "--every", "1w", "--format", "json")
    document = json.loads(tally(*words).stdout)
    assert document["schema"] == "tallystick.stability/1"
    assert {*document, "by"} == set(json.loads(tally("schema", "stability").stdout)["properties"])
    assert document["days"] == ["2026-01-02", "2026-01-09", "2026-01-16", "2026-01-20"]
    for move in document["furthest"]:
        assert sum(Decimal(line["points"]) for line in move["lines"]) == Decimal(move["points"])
    assert sum(Fraction(each["share"]["exact"]) for each in document["shares"]) == 1
    assert [each["rows"] for each in document["files"]] == [4, 1]
    assert document["files"][1]["points"] == "2.5"


def test_every_format_can_be_drawn(tally: Tally, rulebook: Path, records: Path) -> None:
    """Markdown and HTML say the same; a name that is markup or a terminal's command is text there."""
    records.write_text(RECORDS.replace("ada", "<b>ada\x1b</b>"), encoding="utf-8")
    for output in ("text", "markdown", "html"):
        result = tally("audit", "stability", rulebook, "--records", records, *PERIOD, "--format", output)
        assert result.exit_code == 0, result.stderr
        assert "+2.5" in result.stdout
        assert "\x1b" not in result.stdout
        assert output == "text" or "<b>ada" not in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2026-01-02", "--to", "2026-01-02"), "is not after"),
        ((*PERIOD, "--every", "soon"), "not a step"),
        ((*PERIOD, "--every", "0d"), "not a step"),
        (("--from", "2020-01-01", "--to", "2026-01-01", "--every", "1d"), "these are 2,193 days"),
        (("--from", "02.01.2026", "--to", "2026-01-20"), "not a day for --from\n  = help: write `2026-01-02`\n"),
        (("--from", "2026-01-02", "--to", "yesterday"), "not a day for --to\n  = help: write it as YYYY-MM-DD"),
    ],
)
def test_days_that_cannot_be_are_refused(
    tally: Tally, rulebook: Path, records: Path, words: tuple[str, ...], said: str
) -> None:
    """Days that go nowhere, a step that is none or too many runs are wrong usage, said before anything is read."""
    result = tally("audit", "stability", rulebook, "--records", records, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_records_that_cannot_be_read_are_a_finding(tally: Tally, rulebook: Path, records: Path) -> None:
    """Too many rows that cannot be read end it with 1 and their reasons, as with `tally score`."""
    records.write_text(RECORDS + "yesterday,cem,cem,post\n", encoding="utf-8")
    result = tally("audit", "stability", rulebook, "--records", records, *PERIOD)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not a date" in result.stderr


def test_who_moved_without_a_record_is_told_by_all_that_could_have_moved_them(tally: Tally, tmp_path: Path) -> None:
    """Where rules read what actors earned and a parameter got another value on the way, both are named, in sentences
    that stand by themselves."""
    rules, records = tmp_path / "earned.tally", tmp_path / "records.csv"
    rules.write_text(
        'rulebook "Earned" version 1.0.0\n\nrecords\n    subject text\n    actor   text\n'
        "    kind    one of gift, visit\n    at      date\n\n"
        'parameter most = 3 "the most that counts"\n    from 2026-01-10 = 2 because "It was too much."\n\n'
        'measure visits "visit" / "visits"\n    count visit\n\n'
        'measure known "gift by somebody known" / "gifts by people known"\n    sum min(actor.visits, most) of gift\n\n'
        'rule known "Known"\n    points known\n    because "So."\n\nscore "Earned"\n    sum of all rules\n',
        encoding="utf-8",
    )
    records.write_text(
        "subject,actor,kind,at\nada,bob,gift,2026-01-01\n" + "bob,cyd,visit,2026-01-01\n" * 4, encoding="utf-8"
    )
    span = ("--from", "2026-01-05", "--to", "2026-01-12")
    shown = tally("audit", "stability", rules, "--records", records, *span)
    assert shown.exit_code == 0, shown.stderr
    words = " ".join(shown.stdout.split())
    assert (
        "1 time in all. That is the work of time, by fading, windows and ages, and of records about whoever did"
        in words
    )
    assert "earned. The values that the rules got on the days named above move people, too." in words
