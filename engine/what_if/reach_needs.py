"""Takes a search and a person's next band by needs; gives how many actions meet each need of it that is not met.

INVARIANT: whatever is said here was run: so many actions meet the need, and one fewer does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Protocol

from tallystick.engine.evaluate import measures_in
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.query.plan_reading import formula_exprs
from tallystick.engine.what_if.actions import Action
from tallystick.engine.what_if.numbers_tried import first_day
from tallystick.engine.what_if.prospects import NeedReach, NeedUnmet
from tallystick.rules.measure import Formula
from tallystick.rules.rulebook import Band, Need, Rulebook


class Search(Protocol):
    """What tries actions; each ledger is worked out once."""

    day: date

    def with_nothing(self, day: date) -> SubjectLedger | None:
        """Return what there is on a day with nothing done."""

    def after(self, action: Action, times: int, day: date | None = None) -> SubjectLedger | None:
        """Return what there is after so many actions."""

    def fewest(self, action: Action, most: int, reaches: Callable[[SubjectLedger | None], bool]) -> int | None:
        """Return how often an action reaches something, where once less does not."""

    def scored_until(self) -> date | None:
        """Return the last day on which there is a score with nothing done; None: there is one on all days tried."""

    def held(self, action: Action, times: int, reaches: Callable[[SubjectLedger | None], bool]) -> date:
        """Return the last day found on which as many actions, done that day, are enough."""


def next_by_needs(rulebook: Rulebook, ledger: SubjectLedger | None) -> Band | None:
    """Return the band by needs that follows the person's; None where there is none, or no score."""
    if ledger is None or ledger.score.score is None or not any(each.needs for each in rulebook.bands):
        return None
    names = [None, *(each.name for each in rulebook.bands)]
    return next(iter(rulebook.bands[names.index(ledger.score.band) :]), None)


def unmet(band: Band, ledger: SubjectLedger) -> Iterator[tuple[int, Need]]:
    """Give the needs of a band that are not met, each with its place."""
    lacking = {row.need for row in ledger.needs if row.band == band.name and not row.met}
    yield from ((place, need) for place, need in enumerate(band.needs, start=1) if place in lacking)


def measures_of_needs(rulebook: Rulebook, band: Band) -> frozenset[str]:
    """Return the measures that a band's needs read, also through formulas."""
    return frozenset(name for need in band.needs for name in _measures_of(rulebook, need))


def _measures_of(rulebook: Rulebook, need: Need) -> frozenset[str]:
    measures = {each.name: each for each in rulebook.measures}
    waiting, found = [need.when], set[str]()
    while waiting:
        for name in set(measures_in(waiting.pop())) - found:
            found.add(name)
            waiting += formula_exprs(measures[name])
    return frozenset(found)


def meeting(
    search: Search, rulebook: Rulebook, options: list[Action], *, most: int, probe: int, patient: int
) -> Iterator[NeedReach | NeedUnmet]:
    """Give for each need of the next band that is not met what meets it. ``patient``: so many days ahead it is looked
    at what comes of nothing at all."""
    base = search.with_nothing(search.day)
    band = next_by_needs(rulebook, base)
    if base is None or band is None:
        return
    for place, need in unmet(band, base):
        meets = _meeting(band, place)
        read = _measures_of(rulebook, need)
        relevant = [each for each in options if _changed(base, search.after(each, probe)) & read]
        best: tuple[int, Action] | None = None
        for action in relevant:
            times = search.fewest(action, most if best is None else best[0] - 1, meets)
            if times is not None:
                best = (times, action)
        if best is None:
            of_records = any(
                each.name in read and not isinstance(each.aggregate, Formula) for each in rulebook.measures
            )
            met_on = _first_day(search, meets, patient)
            yield NeedUnmet(band, place, of_records, met_on, search.scored_until())
            continue
        times, action = best
        reached = search.after(action, times)
        assert reached is not None  # noqa: S101  it was reached
        yield NeedReach(band, place, action, times, reached, search.held(action, times, meets))


def _meeting(band: Band, place: int) -> Callable[[SubjectLedger | None], bool]:
    """Return what says whether a need is met."""

    def meets(ledger: SubjectLedger | None) -> bool:
        return ledger is not None and any(row.met for row in ledger.needs if (row.band, row.need) == (band.name, place))

    return meets


def _changed(base: SubjectLedger, ledger: SubjectLedger | None) -> frozenset[str]:
    """Return the measures whose value is another."""
    now = {row.measure: row.value for row in base.measures}
    return frozenset(
        row.measure for row in (() if ledger is None else ledger.measures) if now[row.measure] != row.value
    )


def _first_day(search: Search, meets: Callable[[SubjectLedger | None], bool], patient: int) -> date | None:
    """Return a day, of those tried, on which a need is met with nothing done, where on the day before it is not."""
    tried = [1]
    while tried[-1] < patient:
        tried.append(min(2 * tried[-1], patient))
    last = search.scored_until()
    if last is not None:
        tried = sorted({*tried, (last - search.day).days})
    above = first_day(lambda days: meets(search.with_nothing(search.day + timedelta(days=days))), tried)
    return None if above is None else search.day + timedelta(days=above)
