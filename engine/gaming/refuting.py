"""Takes a rulebook and a claim that no derivation proves; gives records that show it false, as few as were found, or
how many were tried.

A search that found nothing shows nothing, and is never called a proof. What is found is shown by the reference, record
by record made smaller, and then by the fast engine (``engine.promises``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.engine.gaming.worlds import (
    FRIEND,
    PERSON,
    Crowd,
    Spread,
    Who,
    World,
    beginnings,
    counts_of,
    fillings_of,
    kinds_of,
    whose,
    windows,
)
from tallystick.rules.analysis.promises import amount_on
from tallystick.rules.rulebook import Claim, Rulebook
from tallystick.rules.value import Scalar

TRIES = 600
"""So many pairs of results are tried for a claim."""
WORK = 120_000
"""So many records are scored for a claim while it is looked for, some seconds' work, and half as many while what was
found is made smaller."""
_SEED = 20_260_301
_BEST = 3
_HALF, _MOSTLY, _SELDOM = 0.5, 0.8, 0.3
_SPREADS: tuple[Spread, ...] = ("that day", "daily", "weekly")
Filling: TypeAlias = tuple[tuple[str, Scalar | None], ...]
Difference: TypeAlias = Literal["without an actor", "days later", "one more record"]


class Shown(Struct, frozen=True):
    """A pair of results: the world of each, and the scores; ``actor``: without whose records it is before."""

    before: World
    after: World
    actor: str | None
    scores: tuple[Decimal, Decimal]

    @property
    def moved(self) -> Decimal:
        """By how much the score is another."""
        return self.scores[1] - self.scores[0]


class Search(Struct, frozen=True):
    """What a search came to: how many pairs had a score on both sides, the farthest that one went in the direction of
    the claim (None: no pair had scores), and that pair where it goes too far."""

    tries: int
    farthest: Decimal | None
    shown: Shown | None


class _Trial(Struct, frozen=True):
    """A world, the crowds that are put into it, and what is then done to it: somebody's records are taken away, days
    pass, or one more record comes. Nothing is built before it is looked at."""

    begun: World
    crowds: tuple[Crowd, ...]
    difference: Difference
    actor: str | None = None
    days: int = 0
    more: Crowd | None = None

    @property
    def size(self) -> int:
        """How many records it takes."""
        return len(self.begun.records) + sum(crowd.times for crowd in self.crowds)

    def built(self) -> World:
        """Return the world with its crowds; each has names of its own but for what several may be about."""
        world = self.begun
        for number, crowd in enumerate(self.crowds):
            world = world.plus(replace(crowd, ids=f"{crowd.name}{chr(97 + number)}").rows(world))
        return world

    def pair(self) -> tuple[World, World]:
        """Return the worlds of the two results."""
        world = self.built()
        match self.difference:
            case "without an actor":
                return world.without(self.actor or ""), world
            case "days later":
                return world, world.later(self.days)
            case "one more record":
                assert self.more is not None  # noqa: S101  this difference is made of it
                return world, world.plus(replace(self.more, ids="more").rows(world))
            case _:
                assert_never(self.difference)


def search(rulebook: Rulebook, claim: Claim, tries: int = TRIES) -> Search:
    """Look for a pair of results that goes farther than the claim allows: all over, then on from the best that was
    found, then with other records beside the best."""
    hunt = _Hunt(rulebook, claim, tries)
    drawing = _drawing(rulebook, claim)
    if drawing is not None:
        while hunt.found is None and hunt.tries < tries * 3 // 5 and hunt.work < WORK // 2:
            hunt.take(drawing.one())
        _climb(hunt, drawing)
        for trial in drawing.beside(hunt.best[0][1]) if hunt.best else ():
            if hunt.open:
                hunt.take(trial)
        _climb(hunt, drawing)
    if hunt.found is None:
        return Search(hunt.scored, hunt.farthest, None)
    fewest = _fewest(hunt.found, lambda trial: _goes_too_far(rulebook, claim, trial))
    shown = _show(fewest)
    assert shown is not None  # noqa: S101  what is made fewer still goes too far
    return Search(hunt.scored, _far(claim, shown), shown)


class _Hunt(Struct):
    """What was tried so far: the best trials, and one that goes too far."""

    rulebook: Rulebook
    claim: Claim
    most: int
    tries: int = 0
    work: int = 0
    scored: int = 0
    farthest: Decimal | None = None
    found: _Trial | None = None
    best: list[tuple[Decimal, _Trial]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether nothing was found, and more can be tried."""
        return self.found is None and self.tries < self.most and self.work < WORK

    def take(self, trial: _Trial) -> Decimal | None:
        """Try one; returns how far it goes, where both sides have a score."""
        self.tries += 1
        self.work += trial.size
        shown = _show(trial)
        if shown is None:
            return None
        self.scored += 1
        far = _far(self.claim, shown)
        self.farthest = far if self.farthest is None else max(far, self.farthest)
        self.best = sorted([*self.best, (far, trial)], key=lambda each: (-each[0], each[1].size))[:_BEST]
        if far > _promised(self.rulebook, self.claim, trial):
            self.found = trial
        return far


def _climb(hunt: _Hunt, drawing: _Drawing) -> None:
    """Go on from the best trials: with one thing otherwise at a time, as long as that goes farther."""
    for far, trial in list(hunt.best):
        highest, at = far, trial
        better = True
        while better:
            better = False
            for near in drawing.near(at):
                if not hunt.open:
                    return
                found = hunt.take(near)
                if found is not None and found > highest:
                    highest, at, better = found, near, True


def _goes_too_far(rulebook: Rulebook, claim: Claim, trial: _Trial) -> bool:
    shown = _show(trial)
    return shown is not None and _far(claim, shown) > _promised(rulebook, claim, trial)


def _promised(rulebook: Rulebook, claim: Claim, trial: _Trial) -> Decimal:
    """Return what is promised on the days of a pair: the greater, where it is another on the second."""
    first = trial.begun.as_of
    return max(amount_on(rulebook, claim, day) for day in (first, first + timedelta(days=trial.days)))


def _show(trial: _Trial) -> Shown | None:
    """Score both sides of a pair; None where either has no score."""
    before, after = trial.pair()
    second = after.score()
    first = None if second is None else before.score()
    return None if first is None or second is None else Shown(before, after, trial.actor, (first, second))


def _far(claim: Claim, shown: Shown) -> Decimal:
    """Return how far a pair goes in the direction of a claim."""
    match claim.form:
        case "one actor moves":
            return abs(shown.moved)
        case "own actions give":
            return shown.moved
        case "silence costs" | "never falls with":
            return -shown.moved
        case _:
            assert_never(claim.form)


# ---- trials ----------------------------------------------------------------------------------------------------------


def _drawing(rulebook: Rulebook, claim: Claim) -> _Drawing | None:
    """Return what trials of a claim are drawn from; None where nobody could be imagined who has a score."""
    worlds = beginnings(rulebook, claim.days or 0)
    if not worlds:
        return None
    kinds = kinds_of(rulebook)
    fillings = {kind: fillings_of(worlds[0], kind) for kind in {*kinds, *claim.kinds}}
    return _Drawing(rulebook, claim, worlds, kinds, fillings, Random(_SEED))  # noqa: S311  nothing is secret


class _Drawing(Struct, dict=True):
    """What trials are made of, and a pointer that goes the same way each time."""

    rulebook: Rulebook
    claim: Claim
    worlds: tuple[World, ...]
    kinds: tuple[str | None, ...]
    fillings: dict[str | None, tuple[Filling, ...]]
    random: Random

    def __post_init__(self) -> None:
        """Read from the rulebook what is drawn from again and again."""
        self.counts = counts_of(self.rulebook)
        self.who = whose(self.rulebook)
        days, inside = self.claim.days or 0, windows(self.rulebook)
        self.agos = tuple(sorted({0, 1, 30, *inside, *(max(0, each - days + 1) for each in inside)}))

    def one(self) -> _Trial:
        """Draw a trial."""
        world = self.worlds[0] if self.random.random() < _HALF else self.random.choice(self.worlds)
        match self.claim.form:
            case "one actor moves" | "own actions give":
                return self._by_actor(world)
            case "silence costs":
                crowds = tuple(self._crowd(self.random.choice(self.who)) for _ in self._few())
                return _Trial(world, crowds, "days later", days=self.claim.days or 0)
            case "never falls with":
                return self._one_more(world)
            case _:
                assert_never(self.claim.form)

    def near(self, trial: _Trial) -> Iterator[_Trial]:
        """Give trials with one thing otherwise."""
        for place, crowd in enumerate(trial.crowds):
            before, after = trial.crowds[:place], trial.crowds[place + 1 :]
            yield replace(trial, crowds=(*before, *after))
            others = [replace(crowd, times=times) for times in (*self.counts[-3:], 1)]
            others += [replace(crowd, spread=spread) for spread in _SPREADS]
            others += [replace(crowd, same=not crowd.same), replace(crowd, ago=0)]
            others += [replace(crowd, values=values) for values in self.fillings[crowd.kind]]
            yield from (replace(trial, crowds=(*before, each, *after)) for each in others if each != crowd)
        for kind in self.kinds:
            like = trial.crowds[-1] if trial.crowds else self._crowd(self.who[0])
            more = replace(like, kind=kind, values=self.fillings[kind][0])
            yield replace(trial, crowds=(*trial.crowds, more))
        yield from (replace(trial, begun=world) for world in self.worlds if world != trial.begun)

    def beside(self, trial: _Trial) -> Iterator[_Trial]:
        """Give a trial that goes far with more records than it takes, and with others of today beside: it goes as far
        with some that take away, and farther where these stay and the rest goes."""
        crowds = tuple(replace(crowd, times=max(crowd.times, self.counts[-1])) for crowd in trial.crowds)
        for kind in self.kinds if crowds else ():
            for values, times in product(self.fillings[kind], self.counts[-3:]):
                today = replace(crowds[-1], kind=kind, times=times, ago=0, values=values)
                yield replace(trial, crowds=(*crowds, today))

    def _by_actor(self, world: World) -> _Trial:
        friend = self.claim.form == "one actor moves" and self.random.random() < _HALF
        who: tuple[Who, ...] = ("friend", "friend to others") if friend else ("person", "person to others")
        acting = [self._crowd(who[0] if self.random.random() < _MOSTLY else who[1]) for _ in self._few()]
        around = [replace(self._crowd("others"), ago=1)] if self.kinds and self.random.random() < _HALF else []
        return _Trial(world, (*around, *acting), "without an actor", FRIEND if friend else PERSON)

    def _one_more(self, world: World) -> _Trial:
        kind = self.random.choice(self.claim.kinds)
        who: tuple[Who, ...] = (*self.who, "friend to others") if "friend" in self.who else self.who
        name, values = self.random.choice(("b", "c")), self.random.choice(self.fillings[kind])
        more = Crowd(kind, self.random.choice(who), 1, values=values, name=name, same=True)
        around = [self._crowd(self.random.choice(self.who)) for _ in self._few()]
        like = [replace(each, kind=kind, values=self.random.choice(self.fillings[kind])) for each in around[:1]]
        return _Trial(world, (*like, *around[1:]), "one more record", more=more)

    def _few(self) -> range:
        """Draw how many crowds there are; none where nothing reads a record."""
        return range(self.random.choice((1, 1, 1, 2, 3)) if self.kinds else 0)

    def _crowd(self, who: Who) -> Crowd:
        kind = self.random.choice(self.kinds)
        return Crowd(
            kind,
            who,
            self.random.choice(self.counts),
            self.random.choice(self.agos) if self.claim.form != "one actor moves" else 0,
            self.random.choice(_SPREADS),
            self.random.choice(self.fillings[kind]),
            "b",
            self.random.random() < _SELDOM,
        )


# ---- fewer records ---------------------------------------------------------------------------------------------------


def _fewest(trial: _Trial, goes_too_far: Callable[[_Trial], bool]) -> _Trial:
    """Leave out records, many at once and then one by one, as long as the pair still goes too far."""
    trial = replace(trial, begun=trial.built(), crowds=())
    left, step = WORK // 2, max(1, len(trial.begun.records) // 2)
    while left > 0:
        place, fewer = 0, False
        while place < len(trial.begun.records) and left > 0:
            rows = trial.begun.records
            tried = replace(trial, begun=replace(trial.begun, records=(*rows[:place], *rows[place + step :])))
            left -= 1 + len(rows)
            if goes_too_far(tried):
                trial, fewer = tried, True
            else:
                place += step
        if step == 1 and not fewer:
            break
        step = max(1, step // 2)
    return _fewest_people(trial, goes_too_far)


def _fewest_people(trial: _Trial, goes_too_far: Callable[[_Trial], bool]) -> _Trial:
    """Leave out the rows of people who do not matter."""
    for row in trial.begun.subjects[1:]:
        people = tuple(each for each in trial.begun.subjects if each is not row)
        tried = replace(trial, begun=replace(trial.begun, subjects=people))
        if goes_too_far(tried):
            trial = tried
    return trial
