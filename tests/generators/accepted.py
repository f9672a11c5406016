"""Takes the text of a rulebook that has no mistake; gives the rulebook."""

from __future__ import annotations

from tallystick.rules import Rulebook, read
from tallystick.rules.source import Source


def accepted(text: str) -> Rulebook:
    """Check a text, and tell what is wrong with it where a test has made it wrong."""
    rulebook, diagnostics = read(Source("test.tally", text))
    assert rulebook is not None, [each.message for each in diagnostics]
    return rulebook
