"""Takes people with a score who are in no band; asks that no command calls them below the first, where bands have no
order of points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
RULES = """\
rulebook "Members" version 1.0.0
    owner "Us"

records
    subject text
    kind    one of post
    at      date

measure posts "post" / "posts"
    count post
    within 10 days

rule posting "You post"
    points posts
    because "It counts."

score "Members"
    sum of all rules

bands
    member "Member"
        needs posts >= 1 "You have posted."
"""
RECORDS = "subject,kind,at\nada,post,2026-01-05\nada,post,2026-01-25\nbob,post,2025-12-01\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Return a folder with two versions and records: on 31 January ada is a member and bob is in no band."""
    (tmp_path / "members.tally").write_text(RULES, encoding="utf-8")
    (tmp_path / "stricter.tally").write_text(RULES.replace("posts >= 1", "posts >= 2"), encoding="utf-8")
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    return tmp_path


def test_who_is_in_no_band_is_said_to_be(tally: Tally, here: Path) -> None:
    """In the summary of a run and on its page, where versions differ, and where somebody goes back and forth."""
    records = ("--records", here / "records.csv")
    scored = tally("score", here / "members.tally", *records, "--as-of", "2026-01-31", "--out", here / "run")
    assert "       1  in no band" in scored.stderr
    assert tally("publish", here / "run", "--out", here / "site").exit_code == 0
    assert any("in no band" in page.read_text(encoding="utf-8") for page in (here / "site" / "run").glob("*.html"))
    moved = tally("diff", here / "members.tally", here / "stricter.tally", *records, "--as-of", "2026-01-31").stdout
    assert [line.split() for line in moved.splitlines() if "no band" in line] == [["member", "no", "band", "1"]]
    days = ("--from", "2026-01-10", "--to", "2026-01-30", "--every", "10d")
    behaved = tally("audit", "stability", here / "members.tally", *records, *days).stdout
    assert [line.split() for line in behaved.splitlines() if "no band" in line] == [
        ["ada", "member", "no", "band", "1", "10"]
    ]
    assert not any("below the first" in each for each in (scored.stderr, moved, behaved))
