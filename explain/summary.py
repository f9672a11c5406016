"""Takes a run; gives what is told after it: how many have a score, in which band, who has none, each rule's part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from tallystick.engine.arithmetic import add, divide, multiply, round_to, text_of
from tallystick.engine.ledger import Run, RunCounts, SubjectLedger
from tallystick.explain.document import Digits, Part
from tallystick.explain.harmless import harmless
from tallystick.explain.plain import counted, quoted
from tallystick.rules.rulebook import Rulebook

_HUNDRED = Decimal(100)
_NO_RULE = "No rule applies."


class BandCount(Part):
    """How many are in a band; ``name`` is None below the first."""

    name: str | None
    title: str | None
    people: int


class WithoutScore(Part):
    """How many have no score for want of one requirement."""

    outcome: Literal["no score", "insufficient data"]
    requirement: str
    words: str
    people: int


class RuleShare(Part):
    """A rule's points over everyone, and their part of all points given or taken, by size."""

    rule: str
    title: str
    points: Digits
    percent: Digits | None


class Summary(Part):
    """What a run came to."""

    people: int
    scored: int
    bands: tuple[BandCount, ...]
    without: tuple[WithoutScore, ...]
    rows: int
    rejected: int
    skipped: int
    copies: int
    not_admitted: int
    not_yet: int
    unused: int
    voided: int
    replaced: int
    subject_rows: int
    subject_rejected: int
    rules: tuple[RuleShare, ...]

    def text(self) -> str:
        """Return the summary as lines for a terminal."""
        return "\n".join(_lines(self)) + "\n"


def summarise(run: Run, ledgers: Iterable[SubjectLedger] | None = None) -> Summary:
    """Return what a run came to, holding one person at a time; ``ledgers`` where the caller streams them already."""
    bands: Counter[str | None] = Counter()
    without: Counter[str] = Counter()
    points: dict[str, Decimal] = {each.name: Decimal(0) for each in run.rulebook.rules}
    sizes: dict[str, Decimal] = dict(points)
    fates: Counter[str] = Counter()
    people = scored = 0
    for ledger in run.ledgers() if ledgers is None else ledgers:
        people += 1
        for account in ledger.accounts:
            fates[account.fate] += account.records
        if ledger.score.outcome != "scored":
            without[ledger.score.requirement or ""] += 1
            continue
        scored += 1
        bands[ledger.score.band] += 1
        for line in ledger.lines:
            if line.points is not None:
                points[line.rule] = add(points[line.rule], line.points)
                sizes[line.rule] = add(sizes[line.rule], abs(line.points))
    return Summary(
        people=people,
        scored=scored,
        bands=_bands(run.rulebook, bands),
        without=_without(run.rulebook, without),
        rules=_shares(run.rulebook, points, sizes),
        not_yet=fates["not yet"],
        unused=fates["unused"],
        **_rows(run.counts),
    )


def _rows(counts: RunCounts) -> dict[str, int]:
    """Return what became of the rows."""
    return {
        "rows": counts.rows,
        "rejected": counts.rejected,
        "skipped": counts.skipped,
        "copies": counts.copies,
        "not_admitted": counts.not_admitted,
        "voided": counts.voided,
        "replaced": counts.replaced,
        "subject_rows": counts.subject_rows,
        "subject_rejected": counts.subject_rejected,
    }


def _bands(rulebook: Rulebook, found: Counter[str | None]) -> tuple[BandCount, ...]:
    """Return every band with its number of people, lowest first; below the first only if anyone is."""
    if not rulebook.bands:
        return ()
    below = [BandCount(name=None, title=None, people=found[None])] if found[None] else []
    return (
        *below,
        *(BandCount(name=each.name, title=each.title, people=found[each.name]) for each in rulebook.bands),
    )


def _without(rulebook: Rulebook, found: Counter[str]) -> tuple[WithoutScore, ...]:
    """Return every requirement that somebody did not meet, in the order of the rulebook."""
    rows = [
        WithoutScore(outcome=each.outcome, requirement=each.name, words=each.words, people=found[each.name])
        for each in rulebook.requires
        if found[each.name]
    ]
    known = {each.name for each in rulebook.requires}
    rows += [
        WithoutScore(outcome="insufficient data", requirement=name, words=_NO_RULE, people=people)
        for name, people in found.items()
        if name not in known
    ]
    return tuple(rows)


def _shares(rulebook: Rulebook, points: dict[str, Decimal], sizes: dict[str, Decimal]) -> tuple[RuleShare, ...]:
    """Return each rule's part of all points, in percent with one place."""
    total = Decimal(0)
    for size in sizes.values():
        total = add(total, size)
    return tuple(
        RuleShare(
            rule=each.name,
            title=each.title,
            points=text_of(points[each.name]),
            percent=None
            if total == 0
            else text_of(round_to(multiply(divide(sizes[each.name], total), _HUNDRED), 1), 1),
        )
        for each in rulebook.rules
    )


def _lines(found: Summary) -> Iterable[str]:
    """Yield the summary's lines."""
    yield f"{counted(str(found.people), 'person', 'people')}: {found.scored} scored"
    for band in found.bands:
        name = "below the first band" if band.title is None else harmless(band.title)
        yield f"  {band.people:>8}  {name}"
    for each in found.without:
        yield f"  {each.people:>8}  {each.outcome}: {harmless(each.words)}"
    yield f"{counted(str(found.rows), 'row', 'rows')} of records read, {found.rejected} rejected"
    for number, what in (
        (found.copies, "copies of another row"),
        (found.skipped, "skipped by the mapping"),
        (found.voided, "struck out by a correction"),
        (found.replaced, "replaced by a correction"),
        (found.not_admitted, "about people who were not admitted"),
        (found.not_yet, "later than the day of the score"),
        (found.unused, "of no use to any rule, such as those of a kind that the rulebook does not list"),
    ):
        if number:
            yield f"  {number:>8}  {what}"
    if found.subject_rejected:
        yield f"{found.subject_rejected} of {found.subject_rows} rows of subjects rejected"
    if any(each.percent is not None for each in found.rules):
        yield "Each rule's part of all points given or taken:"
        for share in found.rules:
            yield f"  {share.percent or '-':>7}%  {harmless(share.title)} ({quoted(share.rule)})"


def summary(run: Run) -> str:
    """Return the summary of a run as lines for a terminal."""
    return summarise(run).text()
