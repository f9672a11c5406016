"""Takes a run and a person; gives what more actions, or none, would do to the score, each thing found by scoring it.

INVARIANT: whatever is said here was run: so many actions reach the target, and one fewer does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.arithmetic import add
from tallystick.engine.ledger import LineRow, SubjectLedger
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.what_if.actions import Action, Stage, kinds_read
from tallystick.engine.what_if.numbers_tried import fewest, first_day, halving, highest
from tallystick.engine.what_if.options import MOST_PROBES, PROBE, Options, measures_of
from tallystick.engine.what_if.prospects import Prospect, Reach, Silence, Still, Target, Unmoved, Unreached
from tallystick.engine.what_if.question import RunWithRows
from tallystick.engine.what_if.reach_needs import meeting
from tallystick.engine.what_if.reached import (
    has_score,
    is_full,
    is_higher,
    is_reached,
    line_in,
    reaching,
    score_in,
)
from tallystick.engine.what_if.trials import Trials, trials_of
from tallystick.rules.measure import Formula
from tallystick.rules.rulebook import Band, Rulebook

MOST_ACTIONS = 1_000
"""No more actions than this are tried."""
MOST_NEAR = 20_000
"""Among more records than this nothing is searched: each trial looks at all of them."""
SILENT_DAYS = (30, 60, 90)
HELD_DAYS = 365
"""So far ahead it is looked for until when as many actions are enough."""
PATIENT_DAYS = (30, 60, 90, 365, 1_095)
"""So far ahead it is looked for when a line rises by itself."""
_LAST_YEAR = 9990
_ZERO = Decimal(0)


def prospect(run: RunWithRows, subject: str, day: date | None = None) -> Prospect:
    """Look for what could change a person's score on a day: the as-of day of the run, unless it is a later one.

    Records later than the as-of day are left out: nobody knows yet what will be. Raises ``DataRefusal`` where more than
    ``MOST_NEAR`` records have to do with the person, and ``UsageRefusal`` for a day at the end of the calendar.
    """
    on = day or run.as_of
    if on.year > _LAST_YEAR:
        message = f"{on} is too late a day to look beyond"
        raise UsageRefusal(message)
    trials = trials_of(run, subject)
    if len(trials.stage.near.records) > MOST_NEAR:
        message = f"more than {MOST_NEAR:,} records have to do with `{subject}`: too many to try what could change"
        raise DataRefusal(message, help="ask single questions with `tally whatif`")
    return _Search(trials, run.as_of, on).prospect()


class _Search(Struct):
    """The search."""

    trials: Trials
    today: date
    day: date
    _lasts: tuple[int, ...] | None = None

    @property
    def stage(self) -> Stage:
        return self.trials.stage

    @property
    def rulebook(self) -> Rulebook:
        return self.stage.near.rulebook

    @property
    def options(self) -> Options:
        return Options(self.trials, self.day, MOST_ACTIONS)

    def prospect(self) -> Prospect:
        base = self.with_nothing(self.day)
        options = [found for kind in kinds_read(self.rulebook) for found in self.options.of(kind)]
        found = tuple(
            self._first_score(options) if base is None or base.score.score is None else self._lines(base, options)
        )
        return Prospect(
            day=self.day,
            near=self.stage.near,
            base=base,
            reached=tuple(each for each in found if isinstance(each, Reach)),
            unreached=tuple(each for each in found if isinstance(each, Unreached)),
            unmoved=tuple(each for each in found if isinstance(each, Unmoved)),
            needs=tuple(
                meeting(
                    self,
                    self.rulebook,
                    options,
                    most=MOST_ACTIONS,
                    probe=PROBE,
                    patient=PATIENT_DAYS[-1],
                )
            ),
            silence=tuple(Silence(on, self.with_nothing(on)) for on in self._silent_days()),
            tried=MOST_ACTIONS if options else PROBE,
        )

    def with_nothing(self, day: date) -> SubjectLedger | None:
        return self.trials.with_nothing(day)

    def after(self, action: Action, times: int, day: date | None = None) -> SubjectLedger | None:
        return self.trials.after(action, times, self.day if day is None else day)

    # ---- how many reach what -----------------------------------------------------------------------------------------

    def _lines(self, base: SubjectLedger, options: list[Action]) -> Iterator[Reach | Unreached | Unmoved]:
        """Give what is found for each line in turn."""
        for line in base.lines:
            relevant = self.options.for_rule(line.rule, options)
            raising = [each for each in relevant if self.options.raises_line(line, each)]
            if not raising:
                yield self._unmoved(line, relevant)
                continue
            for target in self._targets(base):
                best = self._best(line.rule, target, raising, reaching(target, line))
                found = self._between(line, target, raising, base) if best is None else best
                if found is None:
                    continue
                if isinstance(found, Unreached) or not is_reached(found.target, found.fewer):
                    yield found
                elif target.form == "one step":
                    yield self._for_the_line(found, line)

    def _for_the_line(self, found: Reach, line: LineRow) -> Reach:
        """Say of what one action fewer does for the score, but not for the line, that it is for the line."""

        def higher(ledger: SubjectLedger | None) -> bool:
            return is_higher(ledger, line)

        held = self.held(found.action, found.times, higher)
        return replace(found, target=Target("this line", None), held=held)

    def _between(
        self, line: LineRow, target: Target, raising: list[Action], base: SubjectLedger
    ) -> Reach | Unreached | None:
        """Return what brings the highest score: the most actions, unless fewer bring a higher one, as where more of
        them go against another rule. A target that lies between the numbers that ``fewest`` tries may be reached by it.
        What brings no more than there is brings nothing. None: other lines bring the score there."""

        def score_after(tried: tuple[Action, int]) -> tuple[Decimal, bool]:
            return score_in(self.after(*tried)), tried[1] == MOST_ACTIONS

        best = max(((action, self._highest(action)) for action in raising), key=score_after)
        if score_after(best) <= (score_in(base), False):
            best = max(((action, MOST_ACTIONS) for action in raising), key=score_after)
        action, times = best
        ledger, reaches = self.after(action, times), reaching(target, line)
        assert ledger is not None  # noqa: S101  who has a result has one with more records
        if not is_reached(target, ledger):
            return Unreached(line.rule, target, action, times, MOST_ACTIONS, ledger)
        if not reaches(ledger):
            # Other lines bring it there, and of these it is told, unless this one is higher after the fewest.
            reaches = partial(is_reached, target)
        least = self.fewest(action, times, reaches)
        assert least is not None  # noqa: S101  so many reach it
        if is_higher(self.after(action, least), line):
            return self._reach(line.rule, target, action, least, reaches)
        return self._raising(line, target, raising) if target.form == "one step" else None

    def _raising(self, line: LineRow, target: Target, raising: list[Action]) -> Reach | None:
        """Return what raises a line, where that is not what raises the score."""
        found = self._best(line.rule, target, raising, lambda ledger: is_higher(ledger, line))
        return None if found is None else self._for_the_line(found, line)

    def _targets(self, base: SubjectLedger) -> tuple[Target, ...]:
        score = base.score.score
        assert score is not None  # noqa: S101  asked only of who has one
        places = 9 if self.rulebook.score.places is None else self.rulebook.score.places
        step = Target("one step", add(score, Decimal(1).scaleb(-places)))
        names = [None, *(each.name for each in self.rulebook.bands)]
        higher = self.rulebook.bands[names.index(base.score.band) :]
        # A band by needs is not reached by a line: what meets its needs is told need by need.
        next_one = [each for each in higher[:1] if each.start is not None]
        bands = tuple(Target("the next band", each.start, each, _names(higher)) for each in next_one)
        return (step, *bands)

    def _first_score(self, options: list[Action]) -> Iterator[Reach]:
        best = self._best(None, Target("a score", None), options, has_score)
        if best is not None:
            yield best

    def _best(
        self,
        rule: str | None,
        target: Target,
        actions: list[Action],
        reaches: Callable[[SubjectLedger | None], bool],
    ) -> Reach | None:
        """Return the action that reaches a target the fewest times; of equal ones the first."""
        best: tuple[int, Action] | None = None
        for action in actions:
            most = MOST_ACTIONS if best is None else best[0] - 1
            times = self.fewest(action, most, reaches)
            if times is not None:
                best = (times, action)
        if best is None:
            return None
        times, action = best
        return self._reach(rule, target, action, times, reaches)

    def _reach(  # what was found, and by whom
        self,
        rule: str | None,
        target: Target,
        action: Action,
        times: int,
        reaches: Callable[[SubjectLedger | None], bool],
    ) -> Reach:
        reached, fewer = self.after(action, times), self.after(action, times - 1)
        assert reached is not None  # noqa: S101  it was reached
        assert fewer is not None  # noqa: S101  who has a result with records imagined has one in the run
        # What is said of later days is said of the score: the line itself may be back where it was.
        held = self.held(action, times, reaches if rule is None else lambda ledger: is_reached(target, ledger))
        return Reach(rule, target, action, times, reached, fewer, held)

    def fewest(self, action: Action, most: int, reaches: Callable[[SubjectLedger | None], bool]) -> int | None:
        """Return how often an action reaches something, where once less does not; None where even the most does not."""
        return fewest(lambda times: reaches(self.after(action, times)), most)

    def _highest(self, action: Action) -> int:
        """Return after how many actions the score is highest, of the numbers tried."""
        return highest(
            lambda times: score_in(self.after(action, times)),
            MOST_ACTIONS,
            lambda: len(self.trials.found) <= MOST_PROBES,
        )

    def held(self, action: Action, times: int, reaches: Callable[[SubjectLedger | None], bool]) -> date:
        """Return the last day on which as many actions, done that day, are enough, if they are not the day after."""

        def fails(days: int) -> bool:
            return not reaches(self.after(action, times, self.day + timedelta(days=days)))

        last = halving(fails, 0, HELD_DAYS) - 1 if fails(HELD_DAYS) else HELD_DAYS
        return self.day + timedelta(days=last)

    # ---- what nothing raises -----------------------------------------------------------------------------------------

    def _unmoved(self, line: LineRow, relevant: list[Action]) -> Unmoved:
        lowering = tuple(
            (action, row)
            for action in relevant
            for row in [line_in(self.after(action, 1), line.rule)]
            if row is not None and (row.points or _ZERO) < (line.points or _ZERO)
        )
        why = self._why(line, relevant, lowering)
        return Unmoved(line.rule, why, lowering, self._rises(line), self.scored_until())

    def _why(self, line: LineRow, relevant: list[Action], lowering: tuple[object, ...]) -> Still:
        measures = {each.name: each for each in self.rulebook.measures}
        of_records = [name for name in measures_of(self.rulebook, line.rule) if not _is_formula(measures[name])]
        if not of_records:
            return "no records"
        if not lowering and is_full(line):
            return "at its most"
        return "only lowered" if lowering and len(lowering) == len(relevant) else "not raised"

    def _rises(self, line: LineRow) -> tuple[date, LineRow] | None:
        """Return the first day, of those tried, on which a line is higher with nothing done."""

        def higher(days: int) -> bool:
            return is_higher(self.with_nothing(self.day + timedelta(days=days)), line)

        above = first_day(higher, sorted({*PATIENT_DAYS, *self._last_scored()}))
        if above is None:
            return None
        on = self.day + timedelta(days=above)
        row = line_in(self.with_nothing(on), line.rule)
        assert row is not None  # noqa: S101  it is higher
        return on, row

    def scored_until(self) -> date | None:
        """Return the last day on which there is a score with nothing done; None: there is one on all days tried."""
        return next((self.day + timedelta(days=days) for days in self._last_scored()), None)

    def _last_scored(self) -> tuple[int, ...]:
        """Return after how many days there is a score for the last time, if there is none on one of the days tried."""
        if self._lasts is None:
            gone = first_day(
                lambda days: not has_score(self.with_nothing(self.day + timedelta(days=days))), PATIENT_DAYS
            )
            self._lasts = () if gone is None else (gone - 1,)
        return self._lasts

    def _silent_days(self) -> tuple[date, ...]:
        return tuple(self.today + timedelta(days=days) for days in SILENT_DAYS)


def _names(bands: tuple[Band, ...]) -> frozenset[str]:
    return frozenset(each.name for each in bands)


def _is_formula(measure: object) -> bool:
    return isinstance(getattr(measure, "aggregate", None), Formula)
