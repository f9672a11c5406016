"""Takes what was found to change a score; gives the parts of the document that say it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from tallystick.engine.arithmetic import subtract, text_of
from tallystick.engine.ledger import LineRow, SubjectLedger
from tallystick.engine.what_if.prospects import NeedReach, NeedUnmet, Prospect, Reach, Target, Unmoved
from tallystick.engine.what_if.question import RunWithRows
from tallystick.engine.what_if.reach import HELD_DAYS, PATIENT_DAYS, prospect
from tallystick.explain.errors import AbsentSubject
from tallystick.explain.figures import line_places
from tallystick.explain.person.bands import band_alone
from tallystick.explain.person.plans import most_of
from tallystick.explain.tongue import say
from tallystick.explain.what_if.could_change_document import (
    CouldChange,
    EnoughActions,
    EnoughForNeed,
    FullFacet,
    Goal,
    Lowering,
    NoActionMeets,
    NoActionRaises,
    NoActionScores,
    NothingDone,
    TooFewActions,
)
from tallystick.explain.what_if.told_actions import ToldActions
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Rulebook


def could_change(run: RunWithRows, subject: str, *, by: date | None = None) -> tuple[CouldChange, ...]:
    """Return what could change a person's score: rule by rule, then what there is when nothing is done.

    ``by``: the day on which actions are imagined, if it is another than the run's. Raises ``AbsentSubject`` when no
    input of the run names the person.
    """
    if run.subject(subject) is None:
        raise AbsentSubject(subject)
    found = prospect(run, subject, by)
    return tuple(_Telling(run.rulebook, found).parts(run.subject(subject), run.as_of))


class _Telling:
    """Turns what was found into parts, in the order of the rulebook."""

    def __init__(self, rulebook: Rulebook, found: Prospect) -> None:
        self.rulebook = rulebook
        self.found = found
        self.titles = {rule.name: rule.title for rule in rulebook.rules}
        self.actions = ToldActions(rulebook, found.near, found.day)
        self.alone = band_alone(rulebook)

    def parts(self, now: SubjectLedger | None, today: date) -> Iterator[CouldChange]:
        yield from (self._enough(each) for each in self.found.reached if each.rule is None)
        if now is not None and now.score.score is None and not self.found.reached:
            yield self._no_score(now)
        for rule in self.rulebook.rules:
            yield from (self._enough(each) for each in self.found.reached if each.rule == rule.name)
            for under in self.found.unreached:
                if under.rule == rule.name:
                    yield TooFewActions(
                        rule=rule.name,
                        title=rule.title,
                        goal=self._goal(under.target),
                        actions=under.times,
                        tried=under.most,
                        action=self.actions.told(under.action),
                        score=self._score(under.reached),
                        full=self._full(rule.facet, under.reached),
                    )
            yield from (self._unmoved(each) for each in self.found.unmoved if each.rule == rule.name)
        yield from (self._of_need(each) for each in self.found.needs)
        then = {each.on: each.ledger for each in self.found.silence}
        if self.found.day != today:
            then[self.found.day] = self.found.base
        yield from (self._nothing((on - today).days, on, then[on], now) for on in sorted(then))

    def _enough(self, reach: Reach) -> EnoughActions:
        score = self._score(reach.reached)
        assert score is not None  # noqa: S101  what was reached is a score
        return EnoughActions(
            rule=reach.rule,
            title=None if reach.rule is None else self.titles[reach.rule],
            goal=self._goal(reach.target),
            actions=reach.times,
            action=self.actions.told(reach.action),
            score=score,
            one_fewer=self._score(reach.fewer),
            points_now=self._line(self.found.base, reach.rule),
            points_then=self._line(reach.reached, reach.rule),
            still_on=reach.held,
            tried_until=self.found.day + timedelta(days=HELD_DAYS),
            band_alone=self.alone,
            band_then=self._band(reach.reached) if self.alone else None,
        )

    def _full(self, name: str | None, ledger: SubjectLedger) -> FullFacet | None:
        """Return a rule's facet where more of its lines would add nothing."""
        held = {row.name for row in ledger.adjustments if row.place == "facet" and row.kind == "cap"}
        for facet in on_day(self.rulebook, self.found.day).facets:
            if facet.name == name and name in held and facet.at_most is not None:
                return FullFacet(title=facet.title, limit=text_of(facet.at_most.value))
        return None

    def _unmoved(self, still: Unmoved) -> NoActionRaises:
        return NoActionRaises(
            rule=still.rule,
            title=self.titles[still.rule],
            why=still.why,
            full=self._is_full(still.rule),
            points_now=self._line(self.found.base, still.rule),
            next_adds="0" if still.why == "at its most" else None,
            lowered_by=tuple(
                Lowering(action=self.actions.told(action), points=self._points(row)) for action, row in still.lowering
            ),
            rises_on=None if still.rises is None else still.rises[0],
            rises_to=None if still.rises is None else self._points(still.rises[1]),
            scored_until=still.scored_until,
            tried_until=self.found.day + timedelta(days=PATIENT_DAYS[-1]),
        )

    def _of_need(self, found: NeedReach | NeedUnmet) -> EnoughForNeed | NoActionMeets:
        band, words = found.band, found.band.needs[found.need - 1].words
        match found:
            case NeedReach():
                return EnoughForNeed(
                    band=band.name,
                    title=band.title,
                    words=words,
                    actions=found.times,
                    action=self.actions.told(found.action),
                    one_fewer=found.times - 1,
                    band_then=self._band(found.reached),
                    still_on=found.held,
                    tried_until=self.found.day + timedelta(days=HELD_DAYS),
                )
            case NeedUnmet():
                return NoActionMeets(
                    band=band.name,
                    title=band.title,
                    words=words,
                    of_records=found.of_records,
                    met_on=found.met_on,
                    scored_until=found.scored_until,
                    tried_until=self.found.day + timedelta(days=PATIENT_DAYS[-1]),
                )
            case _:
                assert_never(found)

    def _band(self, ledger: SubjectLedger | None) -> str | None:
        """Return the title of a band by needs, or of any where the band is the result."""
        return next(
            (
                each.title
                for each in self.rulebook.bands
                if ledger is not None and (each.needs or self.alone) and each.name == ledger.score.band
            ),
            None,
        )

    def _no_score(self, now: SubjectLedger) -> NoActionScores:
        failed = next((each for each in self.rulebook.requires if each.name == now.score.requirement), None)
        return NoActionScores(
            requirement=now.score.requirement,
            words=_words(self.rulebook, now),
            of_records=self.rulebook.records is not None and (failed is None or failed.reads_measures),
            actions=self.found.tried,
        )

    def _nothing(self, days: int, on: date, then: SubjectLedger | None, now: SubjectLedger | None) -> NothingDone:
        return NothingDone(
            days=days,
            on=on,
            outcome=None if then is None else then.score.outcome,
            score=self._score(then),
            points=self._moved(then, now),
            words=None if then is None else _words(self.rulebook, then),
            band=self._band(then),
            band_alone=self.alone,
        )

    def _moved(self, then: SubjectLedger | None, now: SubjectLedger | None) -> str | None:
        if then is None or now is None or then.score.score is None or now.score.score is None:
            return None
        return text_of(subtract(then.score.score, now.score.score), self.rulebook.score.places)

    def _goal(self, target: Target) -> Goal:
        band, places = target.band, self.rulebook.score.places
        score = None if target.form == "one step" and places is None else target.score
        return Goal(
            form=target.form,
            at_least=None if score is None else text_of(score, places),
            band=None if band is None else band.name,
            band_title=None if band is None else band.title,
        )

    def _score(self, ledger: SubjectLedger | None) -> str | None:
        if ledger is None or ledger.score.score is None:
            return None
        return text_of(ledger.score.score, self.rulebook.score.places)

    def _is_full(self, name: str) -> bool:
        """Say whether a rule gives the most points that it can on the day on which actions are imagined."""
        rulebook, points = on_day(self.rulebook, self.found.day), self._line(self.found.base, name)
        most = next(most_of(rulebook, each) for each in rulebook.rules if each.name == name)
        return points is not None and most is not None and Decimal(points) >= most

    def _line(self, ledger: SubjectLedger | None, rule: str | None) -> str | None:
        row = None if ledger is None else next((each for each in ledger.lines if each.rule == rule), None)
        return None if row is None else self._points(row)

    def _points(self, row: LineRow) -> str | None:
        points: Decimal | None = row.points
        return None if points is None else text_of(points, line_places(self.rulebook.score))


def _words(rulebook: Rulebook, ledger: SubjectLedger) -> str | None:
    """Return the words of the requirement that is not met."""
    if ledger.score.requirement is None:
        return None
    words = next((each.words for each in rulebook.requires if each.name == ledger.score.requirement), None)
    return words or say("No rule applies to you.")
