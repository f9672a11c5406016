"""Takes nothing; gives the tests of the command a way to call it as a user does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_rulebook import SMALL
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
    path.write_text(SMALL + EXAMPLE, encoding="utf-8")
    return path


EXAMPLE = """\

example "one post"
    as of 2026-01-31
    records
        at         subject actor kind
        2026-01-02 ada     ada   post
    expect ada
        score 1.0
"""
