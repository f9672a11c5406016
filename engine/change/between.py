"""Takes two runs; gives the stages that lead from the one to the other, and for everybody what each stage did.

In order: time passed, so that what the earlier run counted fades or leaves a window; parameters got the values that
the earlier rulebook has for the later day; records were corrected or went, attributes and pauses became others;
records arrived (those that were not yet for the earlier run among them) that people made themselves; other records
arrived; then each edit of the rules. The first and the last stage are the runs' own ledgers. The others are scored as
any run is, from the rows that the runs kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.change.alone import in_turn
from tallystick.engine.change.asked import measures_asked
from tallystick.engine.change.rows import (
    ROLES,
    BothRows,
    Fate,
    NetBecause,
    NotComparableError,
    Role,
    Table,
    Until,
    both_rows,
    rows_written,
)
from tallystick.engine.change.stage_scoring import ALL, StageScoring, stage_scoring
from tallystick.engine.change.subtraction import PartRow
from tallystick.engine.change.tables import (
    ALONE_QUERY,
    PARTS_QUERY,
    PEOPLE_QUERY,
    TURNING_QUERY,
    Results,
    Subtraction,
    results_written,
)
from tallystick.engine.change.totals import Totals, totals_of
from tallystick.engine.ledger import MeasureRow, Outcome, ScoreRow
from tallystick.engine.refusals import RowsNotKept, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.workshop import Workshop, open_workshop, with_room
from tallystick.rules.diff.edits import Edit, Edits, follow
from tallystick.rules.epochs import held, on_day
from tallystick.rules.rulebook import Rulebook

Step = Literal["time passed", "dated values", "corrections", "own records", "other records", "edit", "everything"]
"""``everything``: the two runs at once, where what lies between them cannot be told apart."""
Progress = Callable[[str], None]
_BATCH = 10_000
_HELD: tuple[Fate, ...] = ("held", "kept")
_OWN: tuple[Fate, ...] = (*_HELD, "own")


class Stage(Struct, frozen=True):
    """What was done to come here from the stage before: by which rules and up to which day it is scored.

    ``edit`` is set where ``step`` is one. ``unread``: rows that these rules cannot read, and that the later run could.
    """

    step: Step
    rulebook: Rulebook
    as_of: date
    edit: Edit | None = None
    unread: int = 0


class Turn(NamedTuple):
    """At a stage, somebody's outcome or the requirement not met became another; an outcome of None: not in the data."""

    stage: int
    outcome: Outcome | None
    requirement: str | None


class Move(Struct, frozen=True):
    """One person in both runs: the result before and after (None: not in that run), and what lies between.

    ``parts`` sum to the difference where both have a score; else there are none and ``turns`` tell what came or went.
    ``alone``: what each edit (by its stage) does without the others; these do not sum. ``there_before`` and
    ``there_after``: the measures that the requirement looks at which is not met, the former by their later names.
    """

    subject: str
    before: ScoreRow | None
    after: ScoreRow | None
    parts: tuple[PartRow, ...]
    alone: tuple[tuple[int, Decimal], ...]
    turns: tuple[Turn, ...]
    there_before: tuple[MeasureRow, ...] = ()
    there_after: tuple[MeasureRow, ...] = ()


class Between(Struct, frozen=True):
    """Two runs and the stages between them; the first stage that is done is number 1, number 0 is the earlier run.

    ``net_because``: why only the net is known, if so. ``connection`` holds the tables of ``tables``.
    """

    before: FinishedRun
    after: FinishedRun
    edits: Edits
    stages: tuple[Stage, ...]
    net_because: NetBecause | None
    workshop: Workshop

    @property
    def last(self) -> int:
        """The number of the later run's stage."""
        return len(self.stages)

    def move(self, subject: str) -> Move | None:
        """Return one person's move; None for somebody in neither run."""
        return next(self._moves(subject), None)

    def moves(self) -> Iterator[Move]:
        """Give everybody's move, in the order of code points."""
        return self._moves(None)

    def unbalanced(self) -> tuple[str, ...]:
        """Name people whose parts do not sum to the difference of their scores. INVARIANT: there are none."""
        return Subtraction(self.workshop.connection).unbalanced(self.last)

    def totals(self) -> Totals:
        """Sum over everybody."""
        return totals_of(self.workshop.connection, self.last, self.after.rulebook.noise)

    def _moves(self, subject: str | None) -> Iterator[Move]:
        parts = _by_person(self._ask(PARTS_QUERY, subject))
        alone = _by_person(self._ask(ALONE_QUERY, subject))
        turning = _by_person(self._ask(TURNING_QUERY, subject))
        there = [_by_person(measures_asked(run, subject)) for run in (self.before, self.after)]
        names = self.edits.names.of("measure")
        for name, *row in self._ask(PEOPLE_QUERY, subject):
            first = None if row[0] is None else ScoreRow(name, *row[:4])
            last = None if row[4] is None else ScoreRow(name, *row[4:])
            yield Move(
                name,
                first,
                last,
                tuple(PartRow(*each) for each in parts(name)),
                tuple((stage, points) for _, stage, points in alone(name)),
                tuple(self._turns(turning(name))),
                tuple(replace(row, measure=names.get(row.measure, row.measure)) for _, row in there[0](name)),
                tuple(row for _, row in there[1](name)),
            )

    def _ask(self, query: str, subject: str | None) -> Iterator[tuple[Any, ...]]:
        only = "true" if subject is None else "subject = $name"
        given = {"last": self.last, **({} if subject is None else {"name": subject})}
        asked = {name: value for name, value in given.items() if f"${name}" in query or name == "name"}
        result = self.workshop.connection.cursor().execute(query.format(only=only), asked)
        while rows := result.fetchmany(_BATCH):
            yield from rows

    def _turns(self, rows: list[tuple[Any, ...]]) -> Iterator[Turn]:
        if not rows:
            return
        told = {stage: (outcome, requirement) for _, stage, outcome, requirement in rows}
        for stage in range(1, self.last + 1):
            now = told.get(stage, (None, None))
            if now != told.get(stage - 1, (None, None)):
                yield Turn(stage, *now)

    def close(self) -> None:
        """Let go of the connection and its folder."""
        self.workshop.close()


def _by_person(rows: Iterator[tuple[Any, ...]]) -> Callable[[str], list[tuple[Any, ...]]]:
    """Give the rows of one person after another, in the order in which they come."""
    groups = groupby(rows, key=lambda row: row[0])
    waiting = next(groups, None)

    def take(name: str) -> list[tuple[Any, ...]]:
        nonlocal waiting
        if waiting is None or waiting[0] != name:
            return []
        found = list(waiting[1])
        waiting = next(groups, None)
        return found

    return take


def between(
    before: FinishedRun,
    after: FinishedRun,
    *,
    alone: bool = True,
    again: bool = False,
    progress: Progress | None = None,
) -> Between:
    """Score every stage between two runs. ``alone``: also each edit without the others. ``again``: also the first
    and the last stage, which are the runs themselves, to see that they come out the same.

    Raises ``DataRefusal`` where the runs disagree though nothing lies between them, or these stages come out other,
    and ``UsageRefusal`` where their scores are by different fields, or of different values.
    """
    if before.rulebook.score.by != after.rulebook.score.by or before.value != after.value:
        message = "the scores of the two runs are by different fields, or of different values"
        raise UsageRefusal(message, help="compare the same part of both: `run.part(value)`")
    with with_room("comparison"):
        return _Series(before, after, progress or _silent).made(alone=alone, again=again)


def _silent(_doing: str) -> None:
    """Tell nobody."""


class _Setting(Struct, frozen=True):
    """A stage and what it is scored from: the earlier run's rows, or those with these fates."""

    stage: Stage
    fates: tuple[Fate, ...] | None

    def scored(self, scoring: StageScoring, label: str) -> Results:
        """Score it, and write down what came."""
        return scoring.results(self.stage.rulebook, self.stage.as_of, self.fates, label)


class _Series:
    """The work on two runs."""

    def __init__(self, before: FinishedRun, after: FinishedRun, progress: Progress) -> None:
        """Find the edits of the rules."""
        self._before, self._after, self._progress = before, after, progress
        # What was written is followed: the rulebook of one value is put together, and no text says it.
        self._edits = follow(before.declared, after.declared)

    def made(self, *, alone: bool, again: bool) -> Between:
        """Score every stage, and hold each against the one before."""
        self._progress("reading both runs")
        first = results_written(self._before.tables, self._before.workshop.scratch, "before")
        last = results_written(self._after.tables, self._after.workshop.scratch, "after")
        rows, because = self._rows()
        files = [path for of_run in rows for path in of_run.values()]
        workshop = open_workshop(reads=[first.scores, first.points, last.scores, last.points, *files])
        try:
            both, because = (None, because) if because is not None else self._both(workshop, *rows)
            with nullcontext() if both is None else closing(stage_scoring(both)) as scoring:
                stages = self._stages(scoring, first, last, workshop, alone=alone, again=again)
        except BaseException:
            workshop.close()
            raise
        return Between(self._before, self._after, self._edits, stages, because, workshop)

    def _rows(self) -> tuple[tuple[dict[Table, Path], dict[Table, Path]], NetBecause | None]:
        """Write the rows of both runs into files; or say why there are none."""
        zone, day = self._edits.former.time_zone, self._before.as_of
        latest = Until(max(day, self._after.as_of), (zone, self._after.rulebook.time_zone))
        try:
            then = rows_written(self._before, self._edits.names.values, "then", Until(day, (zone,)))
        except RowsNotKept:
            return ({}, {}), NetBecause("not kept", "earlier")
        try:
            return (then, rows_written(self._after, {}, "now", latest)), None
        except RowsNotKept:
            return ({}, {}), NetBecause("not kept", "later")

    def _both(
        self, workshop: Workshop, then: dict[Table, Path], now: dict[Table, Path]
    ) -> tuple[BothRows | None, NetBecause | None]:
        same = frozenset(role for role in ROLES if self._same_files(role))
        try:
            return both_rows(workshop, self._edits.former, self._after.declared, then, now, same), None
        except NotComparableError as error:
            return None, error.because

    def _same_files(self, role: Role) -> bool:
        """Say whether both runs read the same bytes in the same order."""
        files = [
            [each.sha256 for each in run.receipt.inputs if each.role == role] for run in (self._before, self._after)
        ]
        return files[0] == files[1] and None not in files[0]

    def _stages(
        self,
        scoring: StageScoring | None,
        first: Results,
        last: Results,
        workshop: Workshop,
        *,
        alone: bool,
        again: bool,
    ) -> tuple[Stage, ...]:
        names = self._edits.names
        subtraction = Subtraction(workshop.connection)
        subtraction.begin(
            first, {"rule": names.rules, "facet": names.facets, "band": names.bands, "require": names.requires}
        )
        settings = self._settings(None if scoring is None else scoring.both)
        if again and scoring is not None:
            subtraction.refuse_other(scoring.results(self._edits.former, self._before.as_of, None, "again"))
        for number, setting in enumerate(settings, start=1):
            self._progress(f"stage {number} of {len(settings)}")
            if scoring is None or number == len(settings):
                subtraction.take(number, last)
            else:
                subtraction.take(number, setting.scored(scoring, f"stage {number}"))
        if not settings:
            subtraction.refuse_other(last)
        if again and settings and scoring is not None:
            subtraction.refuse_other(settings[-1].scored(scoring, "again"), last)
        if alone and scoring is not None:
            self._alone(scoring, subtraction, settings)
        subtraction.end(len(settings))
        return tuple(setting.stage for setting in settings)

    def _settings(self, both: BothRows | None) -> tuple[_Setting, ...]:
        """List the stages in which anything can be different."""
        former, new, day = self._edits.former, self._after.declared, self._after.as_of
        if both is None:
            return (_Setting(Stage("everything", new, day), None),)
        made: list[_Setting] = []

        def add(
            step: Step, fates: tuple[Fate, ...] | None, rulebook: Rulebook = former, edit: Edit | None = None
        ) -> None:
            unread = 0 if fates is None else sum(both.unread(role, rulebook, fates) for role in ROLES)
            made.append(_Setting(Stage(step, rulebook, day, edit, unread), fates))

        then, now = on_day(former, self._before.as_of), on_day(former, day)
        if self._before.as_of != day:
            # With the values of the earlier day: what time does is told apart from what the rules do on a date.
            add("time passed", None, held(then))
        if then.parameters != now.parameters:
            add("dated values", None)
        if both.corrected():
            add("corrections", _HELD)
        if both.arrived("own"):
            add("own records", _OWN)
        if both.arrived("other"):
            add("other records", ALL)
        for edit in self._edits.each:
            add("edit", ALL, edit.rulebook, edit)
        return tuple(made)

    def _alone(self, scoring: StageScoring, subtraction: Subtraction, settings: tuple[_Setting, ...]) -> None:
        """Score each of several edits without the others."""
        edits = self._edits.each
        base = len(settings) - len(edits)
        for place in in_turn(edits) if len(edits) > 1 else ():
            alone = edits[place].alone
            if alone is None:
                continue
            self._progress(f"edit {place + 1} of {len(edits)} alone")
            results = scoring.results(alone, self._after.as_of, ALL, "alone", points=False)
            subtraction.take_alone(base + place + 1, base, results)
