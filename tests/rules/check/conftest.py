"""Takes declarations with «marks» around what is wrong; gives what the checker tells of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tallystick.rules import Rulebook, read
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source

HEAD = """rulebook "Test" version 1.0.0
    owner "Somebody"

"""
READS = """records
    id      text
    subject text
    actor   text
    kind    one of post, like, reply
    at      time
    item    text optional
    amount  number 0 to 100 with 2 places
    rate    whole number -10 to 10
    sent    date optional

subjects
    consent yes/no
    joined  date optional
    born    date
    city    text
    rank    one of low, mid, high
    size    whole number 0 or more
    share   number 0 to 1 with 3 places optional

"""
RULE = """rule plain "Plain"
    points size
    because "It is."

"""
SCORE = """score "Score"
    sum of all rules
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What the checker says of a text: each diagnostic with the place that it underlines, and the place marked «so»."""

    text: str
    marked: tuple[int, int] | None
    rulebook: Rulebook | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def mistakes(self) -> list[tuple[str, int, int]]:
        """Return name and place of each, but for what is only never used."""
        return [(d.name, d.primary.span.start, d.primary.span.end) for d in self.diagnostics if d.name != "unused"]

    @property
    def underlined(self) -> list[tuple[str, str]]:
        """Return name and underlined text of each, but for what is only never used."""
        return [(name, self.text[start:end]) for name, start, end in self.mistakes]


@pytest.fixture
def tell() -> Callable[..., Told]:
    """Check declarations inside a whole rulebook; ``whole`` takes the text as it is."""

    def told(declarations: str, *, whole: bool = False, score: str = SCORE, rule: str = RULE) -> Told:
        text = declarations if whole else HEAD + READS + declarations.strip("\n") + "\n\n" + rule + score
        bare = text.replace("«", "").replace("»", "")
        marked = (text.index("«"), text.index("»") - 1) if "«" in text else None
        rulebook, diagnostics = read(Source("test.tally", bare))
        return Told(bare, marked, rulebook, diagnostics)

    return told


@pytest.fixture
def expect_mistake(tell: Callable[..., Told]) -> Callable[..., Told]:
    """Check a text that holds one mistake, marked «so», and assert its name and its exact place."""

    def expected(name: str, declarations: str, **parts: str | bool) -> Told:
        told = tell(declarations, **parts)
        assert told.marked is not None, "the case marks no place"
        assert told.mistakes == [(name, *told.marked)], [(d.name, d.message) for d in told.diagnostics]
        return told

    return expected


@pytest.fixture
def expect_nothing(tell: Callable[..., Told]) -> Callable[..., Rulebook]:
    """Check a text without a mistake and return the rulebook."""

    def expected(declarations: str, **parts: str | bool) -> Rulebook:
        told = tell(declarations, **parts)
        assert told.underlined == [], [(d.name, d.message) for d in told.diagnostics]
        assert told.rulebook is not None
        return told.rulebook

    return expected
