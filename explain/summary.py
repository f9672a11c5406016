"""Takes a run; gives what is told after it: how many have a score, in which band, who has none, each rule's part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct, field

from tallystick.engine.arithmetic import add, divide, round_to, text_of
from tallystick.engine.ledger import Run, RunCounts, SubjectLedger
from tallystick.engine.run import FinishedRun
from tallystick.engine.scores_told import totals
from tallystick.explain.figures import in_percent
from tallystick.explain.summary_document import BandCount, RuleShare, Summary, ValueCount, WithoutScore
from tallystick.rules.questions.by import values_of
from tallystick.rules.rulebook import Rulebook

_NO_RULE = "No rule applies."


def summarise(run: Run, results: Iterable[tuple[str | None, SubjectLedger]] | None = None) -> Summary:
    """Return what a run came to, holding one person at a time; ``results`` where the caller streams them already, each
    with its value of the field that the score is by."""
    if results is None and isinstance(run, FinishedRun):
        found = _added_up(run)
    else:
        found = _counted(run, ((None, each) for each in run.ledgers()) if results is None else results)
    tallies, whole = found.tallies, found.tallies[None]
    # A run that is not written has no receipt until somebody asks, and of what is not by a field nobody need.
    by = run.receipt.by if run.rulebook.score.by is not None and isinstance(run, FinishedRun) else None
    return Summary(
        people=whole.people if by is None else by.people,
        scored=sum(each.scored for each in tallies.values()),
        by=None if by is None else by.field,
        values=tuple(_value(run.rulebook, each, tallies[each]) for each in (values_of(run.rulebook) if by else ())),
        without_records=0 if by is None else _without_records(run, by.people),
        bands=_bands(run.rulebook, whole.bands) if by is None else (),
        without=_without(run.rulebook, whole.without),
        rules=_shares(run.rulebook, found.points, found.sizes),
        attributes_alone=run.rulebook.records is None,
        not_yet=found.fates["not yet"],
        unused=found.fates["unused"],
        **_rows(run.counts),
    )


class _Tally(Struct):
    """What has been counted so far."""

    people: int = 0
    scored: int = 0
    bands: Counter[str | None] = field(default_factory=Counter)
    without: Counter[str] = field(default_factory=Counter)


class _Found(NamedTuple):
    """What was counted, by value of the field that the score is by (None: by none), and added up by rule and fate."""

    tallies: defaultdict[str | None, _Tally]
    points: dict[str, Decimal]
    sizes: dict[str, Decimal]
    fates: Counter[str]


def _nothing(rulebook: Rulebook) -> _Found:
    points = {each.name: Decimal(0) for each in rulebook.rules}
    return _Found(defaultdict(_Tally), points, dict(points), Counter())


def _counted(run: Run, results: Iterable[tuple[str | None, SubjectLedger]]) -> _Found:
    """Count everybody's ledger."""
    found = _nothing(run.rulebook)
    for value, ledger in results:
        tally = found.tallies[value]
        tally.people += 1
        for account in ledger.accounts:
            found.fates[account.fate] += account.records
        if ledger.score.outcome != "scored":
            tally.without[ledger.score.requirement or ""] += 1
            continue
        tally.scored += 1
        tally.bands[ledger.score.band] += 1
        for line in ledger.lines:
            if line.points is not None:
                found.points[line.rule] = add(found.points[line.rule], line.points)
                found.sizes[line.rule] = add(found.sizes[line.rule], abs(line.points))
    return found


def _added_up(run: FinishedRun) -> _Found:
    """Take what the tables of the ledger add up to: the same as counting everybody's."""
    found = _nothing(run.rulebook)
    for part in run.parts():
        all_ = totals(part.tables)
        tally = found.tallies[part.value]
        for (outcome, requirement, band), people in all_.people.items():
            tally.people += people
            if outcome == "scored":
                tally.scored += people
                tally.bands[band] += people
            else:
                tally.without[requirement or ""] += people
        for rule, points in all_.points.items():
            found.points[rule] = add(found.points[rule], points)
            found.sizes[rule] = add(found.sizes[rule], all_.sizes[rule])
        found.fates.update(all_.fates)
    return found


def _value(rulebook: Rulebook, value: str, tally: _Tally) -> ValueCount:
    return ValueCount(
        value=value,
        people=tally.people,
        scored=tally.scored,
        bands=_bands(rulebook, tally.bands),
        without=_without(rulebook, tally.without),
    )


def _without_records(run: Run, people: int) -> int:
    """Return how many people are known of whom no record tells."""
    if run.rulebook.subjects is None:
        return 0
    counts = run.counts
    return counts.subject_rows - counts.subject_rejected - counts.subject_copies - people


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
        "pause_rows": counts.pause_rows,
        "pause_rejected": counts.pause_rejected,
    }


def _bands(rulebook: Rulebook, found: Counter[str | None]) -> tuple[BandCount, ...]:
    """Return every band with its number of people, lowest first; in none only if anyone is."""
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
            percent=None if total == 0 else text_of(round_to(in_percent(divide(sizes[each.name], total)), 1), 1),
        )
        for each in rulebook.rules
    )
