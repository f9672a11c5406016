"""Takes a checked rulebook, records and a source of chance; gives pauses that overlap, touch, last or lie ahead."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from generators.expression_text import chance
from generators.rows import AGES, PEOPLE, Table

from tallystick.engine.pauses import Pause, reads_pauses
from tallystick.rules.rulebook import Rulebook

_NOBODY = "nobody knows me"
_LENGTHS = (1, 1, 2, 3, 7, 13, 14, 30, 31, 90, 400, 5000)


def pauses_of(rulebook: Rulebook, records: Table | None, as_of: date, rng: Random, size: int) -> tuple[Pause, ...]:
    """Make pauses, mostly of people whom the records name; none where no measure looks at them."""
    if not reads_pauses(rulebook) or records is None:
        return ()
    named = dict.fromkeys((*_named(records, "subject"), *_named(records, "actor")))
    people = [name for name in named if name in PEOPLE] or list(PEOPLE)
    made = [_pause(people, as_of, rng) for _ in range(rng.randint(0, 4 + 4 * size))]
    for each in tuple(made):
        if each.last is not None and chance(rng, 0.1):
            next_day = each.last + timedelta(days=1)
            made.append(Pause(each.subject, next_day, next_day + timedelta(days=rng.choice(_LENGTHS))))
    return tuple(made)


def pause_traits(rulebook: Rulebook, records: Table | None, pauses: tuple[Pause, ...], as_of: date) -> frozenset[str]:
    """Name what occurs in the pauses of a case."""
    if records is None:
        return frozenset()
    named = {who: _named(records, who) for who in ("subject", "actor")}
    given = any(measure.except_pauses and getattr(measure.aggregate, "given", False) for measure in rulebook.measures)
    begun = [each for each in pauses if each.first <= as_of]
    found = {
        "paused": any(each.subject in named["subject"] for each in begun),
        "paused-actor": given and any(each.subject in named["actor"] for each in begun),
        "pause-overlap": any(_begins_in(a, b, 0) for a in begun for b in begun if a is not b),
        "pause-touching": any(_begins_in(a, b, 1) for a in begun for b in begun if a is not b),
        "pause-open": any(each.last is None for each in begun),
        "pause-later": len(begun) < len(pauses),
        "pause-unknown": any(each.subject == _NOBODY for each in pauses),
    }
    return frozenset(trait for trait, there in found.items() if there)


def _named(records: Table, who: str) -> tuple[str, ...]:
    """Return whom a column of the records names."""
    if who not in records.names:
        return ()
    place = records.names.index(who)
    return tuple(dict.fromkeys(row[place] for row in records.rows if row[place]))


def _begins_in(later: Pause, earlier: Pause, after: int) -> bool:
    """Say whether a pause of a person begins within another, or so many days after its end."""
    if later.subject != earlier.subject or later.first < earlier.first:
        return False
    if after:
        return earlier.last is not None and (later.first - earlier.last).days == after
    return earlier.last is None or later.first <= earlier.last


def _pause(people: list[str], as_of: date, rng: Random) -> Pause:
    subject = _NOBODY if chance(rng, 0.05) else rng.choice(people)
    first = as_of - timedelta(days=-rng.choice([1, 2]) if chance(rng, 0.05) else rng.choice(AGES))
    if chance(rng, 0.15):
        return Pause(subject, first, None)
    return Pause(subject, first, first + timedelta(days=rng.choice(_LENGTHS) - 1))
