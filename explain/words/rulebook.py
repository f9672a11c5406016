"""Takes what a rulebook says of itself; gives that in sentences: what it is for, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.plain import sentence
from tallystick.explain.tongue import say
from tallystick.explain.tree.origins import RulebookFacts


def told_of_itself(facts: RulebookFacts) -> Iterator[str]:
    """Yield what a score measures, what it is and is not for, and who answers for it, as far as it is said."""
    if facts.measures is not None:
        yield say("What it measures: {what}", what=sentence(facts.measures))
    if facts.purpose is not None:
        yield say("What it is for: {what}", what=sentence(facts.purpose))
    if facts.not_for is not None:
        yield say("What it must not be used for: {what}", what=sentence(facts.not_for))
    if facts.owner is not None:
        yield say("Who answers for it: {who}", who=sentence(facts.owner))
    if facts.contact is not None:
        yield say("Questions, corrections, objections: {contact}", contact=facts.contact)


def origin(source: str) -> str:
    """Return where the data or the rules come from."""
    return say("Where the data or the rules come from: {source}", source=sentence(source))
