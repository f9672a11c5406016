"""Takes a run; gives what is told after it: how many have a score, in which band, who has none, each rule's part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec import Struct, field

from tallystick.engine.arithmetic import add, divide, multiply, round_to, text_of
from tallystick.engine.ledger import Run, RunCounts, SubjectLedger
from tallystick.engine.run import FinishedRun
from tallystick.engine.scores_told import totals
from tallystick.explain.harmless import harmless
from tallystick.explain.plain import counted, quoted
from tallystick.rules.by import values_of
from tallystick.rules.rulebook import Rulebook

_HUNDRED = Decimal(100)
_NO_RULE = "No rule applies."


class BandSize(Struct, frozen=True, kw_only=True):
    """How many are in a band; ``name`` is None below the first."""

    name: str | None
    title: str | None
    people: int


class Unscored(Struct, frozen=True, kw_only=True):
    """How many have no score for want of one requirement."""

    outcome: Literal["no score", "insufficient data"]
    requirement: str
    words: str
    people: int


class RuleWeight(Struct, frozen=True, kw_only=True):
    """A rule's points over everyone, and their part of all points given or taken, by size."""

    rule: str
    title: str
    points: str
    percent: str | None


class ValueSummary(Struct, frozen=True, kw_only=True):
    """How many have a result for one value of the field that the score is by, and which."""

    value: str
    people: int
    scored: int
    bands: tuple[BandSize, ...]
    without: tuple[Unscored, ...]


class RunSummary(Struct, frozen=True, kw_only=True):
    """What a run came to.

    Where the score is by a field (``by``), ``people`` are those with a result for any value, ``scored`` the scores, of
    which somebody can have several, ``values`` tell of bands and of what is lacking, and ``without_records`` are people
    who are known and have no result, since no record is about them.
    """

    people: int
    scored: int
    by: str | None = None
    values: tuple[ValueSummary, ...] = ()
    without_records: int = 0
    bands: tuple[BandSize, ...]
    without: tuple[Unscored, ...]
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
    rules: tuple[RuleWeight, ...]

    @property
    def results(self) -> int:
        """How many results there are: one for each person, or by a field, for each person and value."""
        return sum(each.people for each in self.values) if self.by is not None else self.people

    def text(self) -> str:
        """Return the summary as lines for a terminal."""
        return "\n".join(_lines(self)) + "\n"


def summarise(run: Run, results: Iterable[tuple[str | None, SubjectLedger]] | None = None) -> RunSummary:
    """Return what a run came to, holding one person at a time; ``results`` where the caller streams them already, each
    with its value of the field that the score is by."""
    if results is None and isinstance(run, FinishedRun):
        found = _added_up(run)
    else:
        found = _counted(run, ((None, each) for each in run.ledgers()) if results is None else results)
    tallies, whole = found.tallies, found.tallies[None]
    # A run that is not written has no receipt until somebody asks, and of what is not by a field nobody need.
    by = run.receipt.by if run.rulebook.score.by is not None and isinstance(run, FinishedRun) else None
    return RunSummary(
        people=whole.people if by is None else by.people,
        scored=sum(each.scored for each in tallies.values()),
        by=None if by is None else by.field,
        values=tuple(_value(run.rulebook, each, tallies[each]) for each in (values_of(run.rulebook) if by else ())),
        without_records=0 if by is None else _without_records(run, by.people),
        bands=_bands(run.rulebook, whole.bands) if by is None else (),
        without=_without(run.rulebook, whole.without),
        rules=_shares(run.rulebook, found.points, found.sizes),
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


def _value(rulebook: Rulebook, value: str, tally: _Tally) -> ValueSummary:
    return ValueSummary(
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
    }


def _bands(rulebook: Rulebook, found: Counter[str | None]) -> tuple[BandSize, ...]:
    """Return every band with its number of people, lowest first; below the first only if anyone is."""
    if not rulebook.bands:
        return ()
    below = [BandSize(name=None, title=None, people=found[None])] if found[None] else []
    return (
        *below,
        *(BandSize(name=each.name, title=each.title, people=found[each.name]) for each in rulebook.bands),
    )


def _without(rulebook: Rulebook, found: Counter[str]) -> tuple[Unscored, ...]:
    """Return every requirement that somebody did not meet, in the order of the rulebook."""
    rows = [
        Unscored(outcome=each.outcome, requirement=each.name, words=each.words, people=found[each.name])
        for each in rulebook.requires
        if found[each.name]
    ]
    known = {each.name for each in rulebook.requires}
    rows += [
        Unscored(outcome="insufficient data", requirement=name, words=_NO_RULE, people=people)
        for name, people in found.items()
        if name not in known
    ]
    return tuple(rows)


def _shares(rulebook: Rulebook, points: dict[str, Decimal], sizes: dict[str, Decimal]) -> tuple[RuleWeight, ...]:
    """Return each rule's part of all points, in percent with one place."""
    total = Decimal(0)
    for size in sizes.values():
        total = add(total, size)
    return tuple(
        RuleWeight(
            rule=each.name,
            title=each.title,
            points=text_of(points[each.name]),
            percent=None
            if total == 0
            else text_of(round_to(multiply(divide(sizes[each.name], total), _HUNDRED), 1), 1),
        )
        for each in rulebook.rules
    )


def _lines(found: RunSummary) -> Iterable[str]:
    """Yield the summary's lines."""
    people = counted(str(found.people), "person", "people")
    if found.by is None:
        yield f"{people}: {found.scored} scored"
        yield from _counts(found.bands, found.without)
    else:
        results = counted(str(found.results), "result", "results")
        yield f"{people}, {results} by {quoted(found.by)}: {found.scored} scored"
        for each in found.values:
            yield f"{quoted(each.value)}: {counted(str(each.people), 'person', 'people')}, {each.scored} scored"
            yield from _counts(each.bands, each.without)
        if found.without_records:
            yield f"  {found.without_records:>8}  without a record of any value, and so without a result"
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


def _counts(bands: tuple[BandSize, ...], without: tuple[Unscored, ...]) -> Iterable[str]:
    for band in bands:
        name = "below the first band" if band.title is None else harmless(band.title)
        yield f"  {band.people:>8}  {name}"
    for each in without:
        yield f"  {each.people:>8}  {each.outcome}: {harmless(each.words)}"


def summary(run: Run) -> str:
    """Return the summary of a run as lines for a terminal."""
    return summarise(run).text()
