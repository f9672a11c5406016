"""Takes a run, a person and what somebody supposes; gives the person's ledger as it is and as it would be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.change.other_rules import OtherRows, rows_for
from tallystick.engine.change.subtraction import PartRow, parts_of
from tallystick.engine.intake.reading import Row, record_fields, subject_fields, written
from tallystick.engine.ledger import AccountRow, SubjectLedger
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import RunRows
from tallystick.engine.what_if.imagined import refuse_taken_ids
from tallystick.engine.what_if.neighbourhood import NearRecord, Neighbourhood, neighbourhood
from tallystick.rules.diff.renames import Names, find_renames
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import Scalar


class RunWithRows(Protocol):
    """A run that still has the rows that it was made from."""

    @property
    def rulebook(self) -> Rulebook:
        """The rules that were run."""

    @property
    def as_of(self) -> date:
        """The last day taken in."""

    @property
    def rows(self) -> Callable[[], RunRows]:
        """Find the rows; raises a refusal where they are not there."""

    def subject(self, name: str) -> SubjectLedger | None:
        """One person's ledger; None if no input names the person."""


class Question(Struct, frozen=True):
    """What is supposed. ``added``: records, read by the rulebook supposed; ``without``: records left out, each called
    by its id, or ``MEASURE:NUMBER`` as the evidence counts those behind a measure. None: as in the run. ``made_up``:
    the places, from 0, of the records added to which nobody gave an id."""

    added: tuple[Row, ...] = ()
    without: tuple[str, ...] = ()
    as_of: date | None = None
    rulebook: Rulebook | None = None
    attributes: tuple[tuple[str, Scalar | None], ...] = ()
    made_up: frozenset[int] = frozenset()


class Answer(Struct, frozen=True):
    """A person's ledger as it is and as it would be; None where the person is nobody whom the rows name.

    ``here`` and ``there`` are the rows that settle the one and the other; ``left_out`` stand in ``here`` alone.
    ``names``: what the rulebook supposed calls by another name.
    """

    before: SubjectLedger | None
    after: SubjectLedger | None
    here: Neighbourhood
    there: Neighbourhood
    left_out: tuple[NearRecord, ...]
    notices: tuple[str, ...]
    names: Names

    @property
    def before_renamed(self) -> SubjectLedger | None:
        """The ledger as it is, in the names of the rulebook supposed."""
        if self.before is None:
            return None
        return replace(
            self.before,
            lines=tuple(replace(row, rule=self.names.rules.get(row.rule, row.rule)) for row in self.before.lines),
            adjustments=tuple(
                replace(row, name=self.names.facets.get(row.name, row.name)) if row.place == "facet" else row
                for row in self.before.adjustments
            ),
            measures=tuple(
                replace(row, measure=self.names.values.get(row.measure, row.measure)) for row in self.before.measures
            ),
        )

    @property
    def parts(self) -> tuple[PartRow, ...]:
        """What leads from the one score to the other; nothing unless both are scores."""
        return parts_of([self.before_renamed, self.after])


def standing(run: RunWithRows, subject: str) -> Neighbourhood:
    """Return the rows that settle a person's ledger in a run.

    INVARIANT: they do, or nothing is answered from them.
    """
    near = neighbourhood(run.rows(), run.rulebook, subject, run.as_of)
    _stands(run, near)
    return near


def _stands(run: RunWithRows, near: Neighbourhood) -> SubjectLedger | None:
    """Return the person's ledger from these rows, after comparing it with the run's."""
    again, ledger = near.ledger(), run.subject(near.subject)
    if _numbers(again) != _numbers(ledger):
        message = f"the records near {near.subject!r} do not give the ledger of the run"
        raise AssertionError(message)
    return again


def ask(run: RunWithRows, subject: str, question: Question) -> Answer:
    """Answer a question about one person.

    Raises ``UsageRefusal`` for a record or an attribute that is not there, ``DataRefusal`` where the run's rows cannot
    be read by the rulebook supposed, or an imagined record has an id that another has.
    """
    rulebook, as_of = question.rulebook or run.rulebook, question.as_of or run.as_of
    there = None
    if question.rulebook is None:
        # What is near the person and the imagined records is near the person without these: one search for both.
        there = neighbourhood(run.rows(), rulebook, subject, as_of, imagined=question.added)
        here = there.without_records(each.number for each in there.records if each.number < 0).at(run.as_of)
    else:
        here = neighbourhood(run.rows(), run.rulebook, subject, run.as_of)
    before = _stands(run, here)
    left_out = tuple(called(here, name) for name in question.without)
    other = OtherRows(run.rows(), ())
    if question.rulebook is not None and _reads(question.rulebook) != _reads(run.rulebook):
        other = rows_for(run.rows(), run.rulebook, rulebook)
    if rulebook.records is None and question.added:
        message = "the rulebook reads no records, so none can be imagined"
        raise UsageRefusal(message)
    refuse_taken_ids(other.rows, rulebook, question.added)
    if there is None:
        there = neighbourhood(other.rows, rulebook, subject, as_of, imagined=question.added)
    there = there.without_records(each.number for each in left_out)
    if question.attributes:
        there = _with_attributes(there, question.attributes)
    names = find_renames(run.rulebook, rulebook)
    return Answer(before, there.ledger(), here, there, left_out, other.notices, names)


def called(near: Neighbourhood, name: str) -> NearRecord:
    """Find a record that has to do with a person, by its id or by its place in the evidence."""
    place = next((place for place, field in enumerate(record_fields(near.rulebook)) if field.name == "id"), None)
    if place is not None:
        found = next((each for each in near.records if written(each.row[place]) == name), None)
        if found is not None:
            return found
    measure, _, number = name.rpartition(":")
    if measure in {each.name for each in near.rulebook.measures} and number.isdecimal():
        for row in near.run().evidence(near.subject):
            if row.measure == measure and row.order == int(number):
                return next(each for each in near.records if _texts(each.row) == row.values)
    message = f"no record called `{name}` has to do with the score of `{near.subject}`"
    how = "write its id, or its place behind a measure in `--evidence`, such as `MEASURE:3`"
    raise UsageRefusal(message, help=how if place is not None else how.removeprefix("write its id, or "))


def _with_attributes(near: Neighbourhood, attributes: tuple[tuple[str, Scalar | None], ...]) -> Neighbourhood:
    place = [field.name for field in subject_fields(near.rulebook)].index("subject")
    if not any(row[place] == near.subject for row in near.subjects):
        message = f"the data about people has no row of `{near.subject}` whose attributes could be others"
        raise DataRefusal(message)
    return near.with_attributes(dict(attributes))


def _texts(row: Row) -> tuple[str | None, ...]:
    return tuple(written(value) for value in row)


def _reads(rulebook: Rulebook) -> tuple[object, object]:
    """Return what tells whether two rulebooks read rows alike."""
    return tuple(map(_sort, record_fields(rulebook))), None if rulebook.subjects is None else tuple(
        map(_sort, subject_fields(rulebook))
    )


def _sort(field: object) -> tuple[object, ...]:
    return tuple(getattr(field, name) for name in ("name", "type", "optional"))


def _numbers(ledger: SubjectLedger | None) -> SubjectLedger | None:
    """Return a ledger without the records struck out, which stand in the accounts and settle nothing."""
    if ledger is None:
        return None
    return replace(ledger, accounts=tuple(_standing(ledger)))


def _standing(ledger: SubjectLedger) -> Iterable[AccountRow]:
    return (row for row in ledger.accounts if row.fate != "voided")
