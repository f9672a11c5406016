"""Takes a rulebook; gives the most points that somebody was found to have of whom there is no record."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from tallystick.engine.gaming.newcomer import attributes_of_newcomer
from tallystick.engine.gaming.worlds import PERSON, World, day_of_worlds, profiles
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.rulebook import Rulebook


class WithoutRecords(Struct, frozen=True):
    """The highest score among imagined people without a record, and the rules that gave points to that person."""

    score: Decimal
    points: tuple[tuple[str, Decimal], ...]


def without_records(rulebook: Rulebook) -> WithoutRecords | None:
    """Score imagined people of whom there is nothing but attributes; None where none of them has a score."""
    if rulebook.subjects is None:
        return None
    as_of = day_of_worlds(rulebook)
    try:
        attributes = attributes_of_newcomer(rulebook, as_of)
    except UsageRefusal:
        return None
    first = World(rulebook, as_of, (), (attributes,))
    best: WithoutRecords | None = None
    for world in (first, *profiles(first, 0)):
        ledger = world.run().subject(PERSON)
        if ledger is None or ledger.score.score is None:
            continue
        if best is None or ledger.score.score > best.score:
            given = tuple((line.rule, line.points) for line in ledger.lines if line.points)
            best = WithoutRecords(ledger.score.score, given)
    return best
