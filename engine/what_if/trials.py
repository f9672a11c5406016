"""Takes a run and a person; gives the ledger after imagined actions on a day. What nothing imagined can bear on is
worked out once for each day, and not for each trial.

INVARIANT: each ledger is what the reference gives over all of the rows, the imagined ones among them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace

from tallystick.engine.intake.reading import Row, record_fields
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.query.sql import quote_name
from tallystick.engine.reference import ReferenceRun, Settled
from tallystick.engine.reference_records import Records
from tallystick.engine.what_if.actions import Action, Stage, actions_of, kinds_read
from tallystick.engine.what_if.neighbourhood import Neighbourhood, neighbourhood
from tallystick.engine.what_if.question import RunWithRows, standing
from tallystick.rules.measure import Formula
from tallystick.rules.questions.earned import levels, opened, reads_earned

Nearer = Callable[[frozenset[str]], Neighbourhood]
"""Finds the person's rows again, with what settles the measures of these actors alone."""
_DAYS_KEPT = 4


class Trials:
    """What was tried; each ledger is worked out once."""

    def __init__(self, stage: Stage, nearer: Nearer) -> None:
        """Know where actions are imagined, and how fewer rows are found."""
        self.stage = stage
        self.found: dict[tuple[Action | None, int, date], SubjectLedger | None] = {}
        self._nearer = nearer
        self._settling = reads_earned(stage.near.rulebook)
        self._runs: dict[date, ReferenceRun] = {}
        self._stages: dict[frozenset[str], tuple[Stage, frozenset[str]]] = {}

    def with_nothing(self, day: date) -> SubjectLedger | None:
        """Return what there is on a day with nothing done."""
        if (None, 0, day) not in self.found:
            self.found[None, 0, day] = self._run(day).subject(self.stage.near.subject)
        return self.found[None, 0, day]

    def after(self, action: Action, times: int, day: date) -> SubjectLedger | None:
        """Return what there is after so many actions, done on a day."""
        if times == 0:
            return self.with_nothing(day)
        if (action, times, day) not in self.found:
            self.found[action, times, day] = self._after(action, times, day)
        return self.found[action, times, day]

    def _after(self, action: Action, times: int, day: date) -> SubjectLedger | None:
        if not self._settling:
            return self.stage.after(action, times, day).ledger()
        known = frozenset(name for name in (self.stage.near.subject, action.actor) if name is not None)
        if known not in self._stages:
            moved = borne_on(self.stage.near, known)
            self._stages[known] = replace(self.stage, near=self._nearer(moved)), moved
        stage, moved = self._stages[known]
        near = stage.after(action, times, day)
        return near.ledger(Settled(self._run(day), moved | _imagined(near)))

    def _run(self, day: date) -> ReferenceRun:
        """Return the run of a day on which nothing is done; it works out what is asked of it."""
        if day not in self._runs:
            if len(self._runs) >= _DAYS_KEPT:
                # The first is the day on which most is tried.
                del self._runs[list(self._runs)[1]]
            self._runs[day] = self.stage.near.at(day).run()
        return self._runs[day]


def borne_on(near: Neighbourhood, named: frozenset[str]) -> frozenset[str]:
    """Return of whom measures may come out otherwise, as records read them of their actors, when there are more records
    that name these people: rather too many than too few.

    These people themselves; where a measure is of what somebody gave, or shares it out, those of whose records a
    repetition may now be another; whoever was acted on by such a person, where what is given is shared out, and again
    for each time that what actors earned is made of what their actors earned.
    """
    rulebook = near.rulebook
    in_turn = levels(rulebook.measures)
    taken = opened(rulebook.measures, [name for names in in_turn for name in names])
    given = any(each.aggregate.given for each in taken if not isinstance(each.aggregate, Formula))
    diluted = any(each.diluted for each in taken)
    pairs = _pairs(near)
    found = set(named)
    if (given or diluted) and any(each.repeats is not None for each in rulebook.excludes):
        found |= {actor for subject, actor in pairs if subject in named}
    for _ in range(len(in_turn) - 1 + diluted):
        found |= {subject for subject, actor in pairs if actor in found}
    return frozenset(found)


def _imagined(near: Neighbourhood) -> frozenset[str]:
    """Return whom the imagined records name."""
    imagined = replace(near, records=tuple(each for each in near.records if each.number < 0))
    return frozenset(name for pair in _pairs(imagined) for name in pair)


def _pairs(near: Neighbourhood) -> frozenset[tuple[str, str]]:
    """Return who, by these records, is their subject and who their actor, where they have both."""
    names = [field.name for field in record_fields(near.rulebook)]
    subject, actor = names.index("subject"), names.index("actor")
    both = {(each.row[subject], each.row[actor]) for each in near.records}
    return frozenset((str(about), str(by)) for about, by in both if about is not None and by is not None)


# ---- where they begin ---------------------------------------------------------------------------------------------


def trials_of(run: RunWithRows, subject: str) -> Trials:
    """Return the trials over a person's rows, with those that bear on what somebody whom the run knows may do on its
    last day."""
    near, stranger = known_by_now(standing(run, subject)), unknown_name(run, "imagined person")
    known: list[Row] = []
    if run.rulebook.records is not None:
        known = [
            row.row
            for kind in kinds_read(run.rulebook)
            for ways in actions_of(near, kind)
            if ways[0].who in {"another", "you", "you to others"}
            for row in Stage(near, stranger).after(ways[0], 1, run.as_of).records[-1:]
        ]
        near = neighbourhood(run.rows(), run.rulebook, subject, run.as_of, imagined=tuple(known))

    def nearer(earning: frozenset[str]) -> Neighbourhood:
        found = neighbourhood(run.rows(), run.rulebook, subject, run.as_of, imagined=tuple(known), earning=earning)
        return known_by_now(found)

    return Trials(Stage(known_by_now(near), stranger, _own_kinds(run)), nearer)


def _own_kinds(run: RunWithRows) -> frozenset[str | None]:
    """Return the kinds of which most records tell what people do on their own account."""
    rows, names = run.rows(), {each.name for each in record_fields(run.rulebook)}
    if rows.records is None or "actor" not in names:
        return frozenset()
    kind = "kind" if "kind" in names else "NULL"
    found = rows.connection.execute(
        f"SELECT {kind} FROM ({rows.records}) GROUP BY ALL HAVING 2 * count(*) FILTER (actor = subject) > count(*)"
    ).fetchall()
    return frozenset(each for (each,) in found)


def unknown_name(run: RunWithRows, name: str) -> str:
    """Return a name, the one given if it can be, that begins no name in the run."""
    rows = run.rows()
    fields = [each.name for each in record_fields(run.rulebook) if each.name in {"subject", "actor"}]
    if rows.records is not None and fields:
        begins = " OR ".join(f"starts_with(CAST({quote_name(each)} AS VARCHAR), $name)" for each in fields)
        query = f"SELECT count(*) FROM ({rows.records}) WHERE {begins}"
        while rows.connection.execute(query, {"name": name}).fetchall() != [(0,)]:
            name += "'"
    return name


def known_by_now(near: Neighbourhood) -> Neighbourhood:
    """Leave out the records of days to come, and those that were imagined to find the others."""
    records = Records(near.rulebook, tuple(each.row for each in near.records), near.subjects, near.as_of)
    gone = [each.number for each, record in zip(near.records, records.all, strict=True) if records.not_yet(record)]
    return near.without_records([*gone, *(each.number for each in near.records if each.number < 0)])
