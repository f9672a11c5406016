"""Takes runs of several rulebooks over the same records; gives how far they agree, and on whom they do not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from tallystick.engine.change.rank_correlation import RankCorrelation, rank_correlation
from tallystick.engine.ledger import ScoreRow
from tallystick.engine.run import FinishedRun


class Pair(Struct, frozen=True):
    """Two definitions by their places: how many people both score, and how far they put these in one order."""

    first: int
    second: int
    both: int
    order: RankCorrelation


class Standing(Struct, frozen=True):
    """Where a person stands by one definition: how many of the people whom all definitions score have less, and how
    many have just as much (without the person)."""

    below: int
    level: int


class Places(Struct, frozen=True):
    """A person whom every definition scores, where they stand by each, and how far apart these places are at most.

    A place is the share of the others who have less, of those level with the person the half: from 0 to 1.
    """

    subject: str
    standings: tuple[Standing, ...]
    apart: Fraction


class Comparison(Struct, frozen=True):
    """Definitions compared over the same people. ``results`` gives for each person one result by each definition, None
    where a definition does not know the person; ``places`` are of those whom all score, the furthest apart first.
    ``middle`` gives for each definition the points of each rule that half of these have at most (0 where it does not
    apply)."""

    results: dict[str, tuple[ScoreRow | None, ...]]
    pairs: tuple[Pair, ...]
    places: tuple[Places, ...]
    middle: tuple[dict[str, Decimal], ...]


def compare(runs: Sequence[FinishedRun]) -> Comparison:
    """Compare runs over the same records."""
    results: dict[str, list[ScoreRow | None]] = {}
    lines: list[dict[str, tuple[Decimal, ...]]] = [{} for _ in runs]
    for place, run in enumerate(runs):
        for ledger in run.ledgers():
            subject = ledger.score.subject
            results.setdefault(subject, [None] * len(runs))[place] = ledger.score
            if ledger.score.score is not None:
                lines[place][subject] = tuple(row.points or Decimal(0) for row in ledger.lines)
    ordered = {subject: tuple(results[subject]) for subject in sorted(results)}
    pairs = tuple(_pair(ordered, first, second) for first in range(len(runs)) for second in range(first + 1, len(runs)))
    scores = {
        subject: tuple(row.score for row in rows if row is not None and row.score is not None)
        for subject, rows in ordered.items()
    }
    by_all = {subject: each for subject, each in scores.items() if len(each) == len(runs)}
    middle = tuple(_middle(run, [own[subject] for subject in by_all]) for run, own in zip(runs, lines, strict=True))
    return Comparison(ordered, pairs, _places(by_all), middle)


def _middle(run: FinishedRun, lines: list[tuple[Decimal, ...]]) -> dict[str, Decimal]:
    """Return the points of each rule that half of the people have at most: the lower of two in the middle."""
    columns = [sorted(column) for column in zip(*lines, strict=True)]
    return {
        rule.name: column[(len(column) - 1) // 2] for rule, column in zip(run.rulebook.rules, columns, strict=False)
    }


def _pair(results: dict[str, tuple[ScoreRow | None, ...]], first: int, second: int) -> Pair:
    found: Counter[tuple[Decimal, Decimal]] = Counter()
    for rows in results.values():
        one, other = rows[first], rows[second]
        if one is not None and other is not None and one.score is not None and other.score is not None:
            found[one.score, other.score] += 1
    order = rank_correlation([(one, other, people) for (one, other), people in found.items()])
    return Pair(first, second, found.total(), order)


def _places(scores: dict[str, tuple[Decimal, ...]]) -> tuple[Places, ...]:
    """Return where people stand, those first whose places are furthest apart, of equal ones by name."""
    columns = [sorted(column) for column in zip(*scores.values(), strict=True)]
    found: list[Places] = []
    for subject, own in scores.items():
        standings = tuple(
            Standing(bisect_left(column, score), bisect_right(column, score) - bisect_left(column, score) - 1)
            for column, score in zip(columns, own, strict=True)
        )
        places = [Fraction(2 * each.below + each.level, max(2 * (len(scores) - 1), 1)) for each in standings]
        found.append(Places(subject, standings, max(places) - min(places)))
    return tuple(sorted(found, key=lambda each: (-each.apart, each.subject)))
