"""Takes the text of a rulebook that has no mistake; gives the rulebook, or the file as it was written."""

from __future__ import annotations

from tallystick.rules import Rulebook, read
from tallystick.rules.parse.parse import parse
from tallystick.rules.source import Source
from tallystick.rules.syntax import SyntaxFile


def accepted(text: str) -> Rulebook:
    """Check a text, and tell what is wrong with it where a test has made it wrong."""
    rulebook, diagnostics = read(Source("test.tally", text))
    assert rulebook is not None, [each.message for each in diagnostics]
    return rulebook


def parsed(text: str) -> SyntaxFile:
    """Parse a text, and tell what is wrong with it where a test has made it wrong."""
    file, diagnostics = parse(Source("test.tally", text))
    assert file is not None, [each.message for each in diagnostics]
    assert diagnostics == ()
    return file
