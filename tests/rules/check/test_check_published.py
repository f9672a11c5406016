"""Takes published scoring systems written in the language; holds that they check without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.rules import read
from tallystick.rules.source import Source

BOOKS = sorted((Path(__file__).parent / "published").glob("*.tally"))


def test_there_are_published_systems() -> None:
    """There are at least eight published systems, so that what follows checks something."""
    assert len(BOOKS) >= 8


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_published_system_checks_clean(path: Path) -> None:
    """A published system can be said in the language, and the checker has nothing to say about it."""
    rulebook, diagnostics = read(Source(path.name, path.read_text(encoding="utf-8")))
    assert [(each.name, each.message) for each in diagnostics] == []
    assert rulebook is not None
