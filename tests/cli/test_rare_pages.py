"""Takes scores as few people have them: tied, on the edge of a band, without points, without records; reads what their
pages say."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
TIED = """\
rulebook "Tied" version 1.0.0
    owner "Us"

records
    subject text
    kind    one of plus, other
    at      date

subjects
    joined  date optional "when you joined"

measure plus "plus" / "pluses"
    count plus

measure other "other" / "others"
    count other

rule good "Good"
    points plus
    because "It counts."

rule fine "Fine"
    points other
    because "It counts."

rule tenure "Years"
    points by years since joined
        under 1:   0
        1 or more: 3
        missing:   0
    because "It counts."

score "Sum"
    sum of all rules
    rounded to 1 place

bands
    from 0 low "Low"
    from 2 top "Top"
"""
LEVELS = """\
rulebook "Levels" version 1.0.0
    owner "Us"

records
    subject text
    kind    one of plus
    at      date

measure plus "plus" / "pluses"
    count plus

score "Level"
    sum of all rules

bands
    one "One"
        needs plus >= 1 "You have one."
"""
CARD = """\
rulebook "Card" version 1.0.0
    owner "Us"

subjects
    age whole number 0 to 150 optional

rule age "Age"
    points by age
        up to 18: -3
        over 18:  18
        missing:  0
    because "So."

score "Card"
    sum of all rules
"""
MANY = 20


def page_of(site: Path, subject: str) -> str:
    """Return the page of a person."""
    with site.with_name(f"{site.name}.addresses.csv").open(encoding="utf-8", newline="") as file:
        (page,) = (row["page"] for row in csv.DictReader(file) if row["subject"] == subject)
    return (site / page).read_text(encoding="utf-8").replace("&#34;", '"')


@pytest.fixture
def publish(tally: Tally, tmp_path: Path) -> Callable[..., Path]:
    """Return what scores by a rulebook and publishes."""

    def published(rules: str, *options: str, records: str = "", subjects: str = "") -> Path:
        (tmp_path / "rules.tally").write_text(rules, encoding="utf-8")
        given: list[object] = []
        for option, rows in (("records", records), ("subjects", subjects)):
            if rows:
                (tmp_path / f"{option}.csv").write_text(rows, encoding="utf-8")
                given += [f"--{option}", tmp_path / f"{option}.csv"]
        run, site = tmp_path / "run", tmp_path / "site"
        if not run.exists():
            scored = tally("score", tmp_path / "rules.tally", *given, "--as-of", "2026-01-31", "--out", run)
            assert scored.exit_code == 0, scored.stderr
        assert tally("publish", run, "--out", site, *options).exit_code == 0
        return site

    return published


def records_of(kinds: tuple[str, ...]) -> str:
    """Return one record of each kind for each of many people."""
    rows = [f"p{person},{kind},2026-01-05" for person in range(MANY) for kind in kinds]
    return "\n".join(("subject,kind,at", *rows)) + "\n"


def test_who_is_level_with_all_others_reads_what_is_so(publish: Callable[..., Path]) -> None:
    """Two rules gave most, not one; the score is where its band begins; and all in the middle have the same."""
    people = "subject,joined\n" + "".join(f"p{person},\n" for person in range(MANY))
    given = {"records": records_of(("plus", "other")), "subjects": people}
    page = page_of(publish(TIED, **given), "p3")
    assert '"Good" and "Fine" gave you most: 1.0 points each.' in page
    assert 'The band below, "Low", ends where this one begins: at this very score.' in page
    assert "0.0 points further" not in page
    assert f"{MANY} people have a score as of 2026-01-31. The middle half of them all have 2.0. That is no mark" in page
    german = page_of(publish(TIED, "--language", "de", **given), "p3")
    assert "gaben Ihnen am meisten: je 1,0 Punkte." in german
    assert "endet, wo diese beginnt: genau bei dieser Punktzahl." in german
    assert f"{MANY} Personen haben am 31.01.2026 eine Punktzahl. Die mittlere Hälfte liegt genau bei 2,0." in german


def test_where_bands_are_the_result_no_scores_are_compared(publish: Callable[..., Path]) -> None:
    """Without rules every score is 0, so neither a page nor that of the run tells where scores lie."""
    site = publish(LEVELS, records=records_of(("plus",)))
    assert "Where others are" not in page_of(site, "p3")
    (run,) = (site / "run").glob("[0-9a-f]*.html")
    assert "How the scores lie" not in run.read_text(encoding="utf-8")


def test_a_page_says_how_to_put_right_what_it_reads(publish: Callable[..., Path]) -> None:
    """Records where there are records, and what is known about the person where that is read."""
    card = page_of(publish(CARD, subjects="subject,age\nann,\n"), "ann")
    assert "Of what is known about you, this is read: age. If something of it is wrong or missing, say what" in card
    assert "If a record is wrong" not in card


def test_records_alone_are_put_right_alone(publish: Callable[..., Path]) -> None:
    """Where nothing is known about people but records, nothing else is named."""
    page = page_of(publish(LEVELS, records="subject,kind,at\nann,plus,2026-01-05\n"), "ann")
    assert "If a record is wrong" in page
    assert "Of what is known about you" not in page


def test_a_table_says_what_comes_behind_the_last_turn(publish: Callable[..., Path]) -> None:
    """Where a row begins over a number, that number is not yet in it: the table goes one further."""
    card = page_of(publish(CARD, subjects="subject,age\nann,\n"), "ann")
    cells = re.findall(r"<tr><td>([^<]*)</td><td>([^<]*)</td>", card)
    assert [each for each in cells if each[0] in ("10", "18", "20", "50")] == [("10", "-3"), ("18", "-3"), ("20", "18")]
