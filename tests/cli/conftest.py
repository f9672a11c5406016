"""Takes nothing; gives the tests of the command a way to call it as a user does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tallystick.cli.main import app

ROOT = Path(__file__).parents[2]
Tally = Callable[..., Result]


@pytest.fixture
def tally() -> Tally:
    """Call ``tally`` with words, and with ``stdin`` where it reads it."""

    def call(*words: str | Path, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], input=stdin)

    return call


@pytest.fixture
def community() -> Path:
    """Return the folder of the example that the README shows."""
    return ROOT / "examples" / "community"


@pytest.fixture
def rulebook(tmp_path: Path) -> Path:
    """Write a small rulebook without subjects, whose points are easily counted."""
    path = tmp_path / "small.tally"
    path.write_text(SMALL, encoding="utf-8")
    return path


SMALL = """\
rulebook "Small" version 1.0.0
    owner "Somebody"

records
    subject text
    actor   text
    kind    one of post, share
    at      date

require enough "enough to judge"
    when posts >= 1
    otherwise insufficient data "You have not posted."

measure posts "post" / "posts"
    count post

measure shares "share" / "shares"
    count share

facet all "Everything"
    at most 10

    rule posting "You post"
        points posts
        because "Posts are what it is about."

    rule sharing "People share"
        points 2.5 * shares
        when shares >= 1
        because "Shares carry further."

score "Small"
    sum of all rules
    at least 0
    at most 100
    rounded to 1 place

bands
    from 0 low  "Low"
    from 5 high "High"

example "one post"
    as of 2026-01-31
    records
        at         subject actor kind
        2026-01-02 ada     ada   post
    expect ada
        score 1.0
"""
