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
from tallystick.engine.query.plan_reading import measures_behind, rule_exprs
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.what_if.actions import Action, Stage, actions_of, kinds_read
from tallystick.engine.what_if.numbers_tried import fewest, first_day, halving, highest
from tallystick.engine.what_if.prospects import Prospect, Reach, Silence, Still, Target, Unmoved, Unreached
from tallystick.engine.what_if.question import RunWithRows
from tallystick.engine.what_if.reach_needs import measures_of_needs, meeting, next_by_needs
from tallystick.engine.what_if.reached import (
    has_score,
    is_higher,
    is_reached,
    line_in,
    lines_raised,
    measures_moved,
    reaching,
    score_in,
    values_in,
)
from tallystick.engine.what_if.trials import Trials, trials_of
from tallystick.rules.measure import Formula
from tallystick.rules.rulebook import Band, Rulebook

MOST_ACTIONS = 1_000
"""No more actions than this are tried."""
MOST_NEAR = 20_000
"""Among more records than this nothing is searched: each trial looks at all of them."""
MOST_PROBES = 500
"""After so many trials only the likeliest way to fill in a kind's fields is tried."""
SILENT_DAYS = (30, 60, 90)
HELD_DAYS = 365
"""So far ahead it is looked for until when as many actions are enough."""
PATIENT_DAYS = (30, 60, 90, 365, 1_095)
"""So far ahead it is looked for when a line rises by itself."""
_PROBE = 4
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

    def prospect(self) -> Prospect:
        base = self.with_nothing(self.day)
        options = [found for kind in kinds_read(self.rulebook) for found in self._options(kind)]
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
                    probe=_PROBE,
                    patient=PATIENT_DAYS[-1],
                )
            ),
            silence=tuple(Silence(days, on, self.with_nothing(on)) for days, on in self._silent_days()),
            tried=MOST_ACTIONS if options else _PROBE,
            runs=len(self.trials.found),
        )

    def with_nothing(self, day: date) -> SubjectLedger | None:
        return self.trials.with_nothing(day)

    def after(self, action: Action, times: int, day: date | None = None) -> SubjectLedger | None:
        return self.trials.after(action, times, self.day if day is None else day)

    # ---- which actions do anything -----------------------------------------------------------------------------------

    def _options(self, kind: str | None) -> Iterator[Action]:
        """Give, for each who can act, the ways to fill in the fields that are the first to raise some line; where these
        raise no score, the first that does; where none raises a line, the first that changes a measure. Likewise the
        first to change what the next band needs."""
        base = self.with_nothing(self.day)
        reading, wanted = self._rules_reading(kind), self._wanted(kind)
        everybody = tuple(actions_of(self.stage.near.at(self.day), kind, own=kind in self.stage.own))
        given: list[Action] = []
        for ways in everybody:
            changing: Action | None = None
            raised: frozenset[str] = frozenset()
            moved: frozenset[str] = frozenset()
            rises = False
            for action in ways:
                ledger = self.after(action, _PROBE)
                more, other = lines_raised(base, ledger) - raised, wanted & measures_moved(base, ledger) - moved
                higher = not rises and has_score(base) and score_in(ledger) > score_in(base)
                if more or other or higher:
                    given.append(action)
                raised, moved, rises = raised | more, moved | other, rises or higher
                if changing is None and values_in(base) != values_in(ledger):
                    changing = action
                enough = raised >= reading and moved >= wanted and changing is not None and (rises or not raised)
                if enough or len(self.trials.found) > MOST_PROBES:
                    break
            if not raised and not moved and changing is not None:
                given.append(changing)
        yield from given
        yield from self._raising_in_number(everybody[0], given, reading)

    def _raising_in_number(
        self, ways: tuple[Action, ...], given: list[Action], reading: frozenset[str]
    ) -> Iterator[Action]:
        """Give those ways of the likeliest to act that raise a line only when done often, which none ``given`` raises:
        a few records of another value seldom move an average."""
        base = self.with_nothing(self.day)
        if base is None or base.score.score is None:
            return
        lines = (line for line in base.lines if line.rule in reading and not _is_full(line))
        open_ = {line.rule for line in lines if not any(self._raises_line(line, each) for each in given)}
        for action in ways:
            if not open_ or len(self.trials.found) > MOST_PROBES:
                return
            more = open_ & lines_raised(base, self.after(action, MOST_ACTIONS))
            if more:
                yield action
            open_ -= more

    def _rules_reading(self, kind: str | None) -> frozenset[str]:
        """Return the rules that a record of a kind can bear on."""
        of_kind = self._of_kind(kind)
        return frozenset(
            rule.name for rule in self.rulebook.rules if of_kind.intersection(_measures_of(self.rulebook, rule.name))
        )

    def _of_kind(self, kind: str | None) -> frozenset[str]:
        """Return the measures of records of a kind."""
        return frozenset(
            each.name
            for each in self.rulebook.measures
            if not isinstance(each.aggregate, Formula) and (kind is None or kind in each.aggregate.kinds)
        )

    def _wanted(self, kind: str | None) -> frozenset[str]:
        """Return the measures of records of a kind that the needs of the next band read."""
        band = next_by_needs(self.rulebook, self.with_nothing(self.day))
        return frozenset() if band is None else self._of_kind(kind) & measures_of_needs(self.rulebook, band)

    def _for_rule(self, rule: str, options: list[Action]) -> list[Action]:
        """Return the actions that change a measure which a rule reads."""
        read, base = _measures_of(self.rulebook, rule), values_in(self.with_nothing(self.day))
        return [
            action
            for action in options
            if any(values_in(self.after(action, _PROBE)).get(name) != base.get(name) for name in read)
        ]

    # ---- how many reach what -----------------------------------------------------------------------------------------

    def _lines(self, base: SubjectLedger, options: list[Action]) -> Iterator[Reach | Unreached | Unmoved]:
        """Give what is found for each line in turn."""
        for line in base.lines:
            relevant = self._for_rule(line.rule, options)
            raising = [each for each in relevant if self._raises_line(line, each)]
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

    def _raises_line(self, line: LineRow, action: Action) -> bool:
        return any(is_higher(self.after(action, times), line) for times in (1, _PROBE, MOST_ACTIONS))

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
        of_records = [name for name in _measures_of(self.rulebook, line.rule) if not _is_formula(measures[name])]
        if not of_records:
            return "no records"
        if not lowering and _is_full(line):
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

    def _silent_days(self) -> tuple[tuple[int, date], ...]:
        return tuple((days, self.today + timedelta(days=days)) for days in SILENT_DAYS)


def _is_full(line: LineRow) -> bool:
    """Say whether a line's level is full, or its bound holds it."""
    return (line.level == 1 and (line.weight or _ZERO) > 0) or (line.taken or _ZERO) > 0


def _names(bands: tuple[Band, ...]) -> frozenset[str]:
    return frozenset(each.name for each in bands)


def _measures_of(rulebook: Rulebook, rule: str) -> tuple[str, ...]:
    """Return the measures that a rule reads, also through formulas."""
    of_rule = (expr for each in rulebook.rules if each.name == rule for expr in rule_exprs(each))
    return measures_behind(rulebook, of_rule)


def _is_formula(measure: object) -> bool:
    return isinstance(getattr(measure, "aggregate", None), Formula)
