"""Takes two or more ledgers of one person, in order; gives every point by which they differ, line by line.

It subtracts what the ledgers hold and works nothing out anew. ``tables`` does the same for everybody at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tallystick.engine.arithmetic import add
from tallystick.engine.ledger import SubjectLedger

Place = Literal["rule", "facet", "score"]
Key = tuple[Place, str, str]
"""Where points stand: a rule; or a facet or the score, with the kind of adjustment."""


class PartRow(Struct, frozen=True):
    """By how much one place differs between two stages; never zero.

    ``stage`` is the later of the two, counted from 0 for the first ledger; ``since`` the one that it is held against:
    the last before it in which the person had a score. ``name``: the rule or the facet; ``kind``: of an adjustment,
    else empty. ``was`` and ``now``: the points there; None where there were none.
    """

    subject: str
    stage: int
    since: int
    place: Place
    name: str
    kind: str
    was: Decimal | None
    now: Decimal | None
    points: Decimal


def points_of(ledger: SubjectLedger) -> dict[Key, Decimal]:
    """Return everything that adds up to a score."""
    found: dict[Key, Decimal] = {}
    for line in ledger.lines:
        if line.points is not None:
            found["rule", line.rule, ""] = line.points
    for each in ledger.adjustments:
        found[each.place, each.name, each.kind] = each.amount
    return found


def parts_of(ledgers: Sequence[SubjectLedger | None]) -> tuple[PartRow, ...]:
    """Return the parts that lead from the first ledger to the last; none unless both have a score.

    A ledger in between that has no score, or is none, is passed over: the next one with a score is held against the
    last that had one.
    """
    first, last = ledgers[0], ledgers[-1]
    if first is None or last is None or first.score.score is None or last.score.score is None:
        return ()
    return tuple(_steps(ledgers))


def _steps(ledgers: Sequence[SubjectLedger | None]) -> Iterator[PartRow]:
    since = 0
    standing: dict[Key, Decimal] = {}
    for stage, ledger in enumerate(ledgers):
        if ledger is None or ledger.score.score is None:
            continue
        points = points_of(ledger)
        if stage > 0:
            for key in dict.fromkeys((*standing, *points)):
                was, now = standing.get(key), points.get(key)
                moved = add(now or Decimal(0), -(was or Decimal(0)))
                if moved != 0:
                    yield PartRow(ledger.score.subject, stage, since, *key, was, now, moved)
        standing, since = points, stage
