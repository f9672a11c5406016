"""Takes nothing; gives what the steps of the query call themselves, their tables and their columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from tallystick.engine.query.plan import RecordMeasure
from tallystick.engine.query.sql import quote_name, quote_text, quote_value
from tallystick.rules.measure import SumByKind, SumOf

AS_OF = "getvariable('as_of')"
RECORDS, SUBJECTS, PAUSES = "records accepted", "subjects accepted", "pauses accepted"
"""The relations that the query reads: views over what was taken in."""
VOIDED = "records struck out"
"""The view over the records that corrections struck out, empty where there are none; only their count is read."""
EARNED, EARNER = "what actors earned", "earned by"
"""The measures of everybody whom a record names as its actor, where records read them: ``person`` and a column each."""
IN_PLAY = "records in play"
ANSWERED, RETURNED = "records answered", "records returned"
NOT_YET, UNLISTED, LEFT_IN = -2, -1, 0
"""What stands in ``left out``; an exclusion is its place in the rulebook, from 1."""
NOT_ASKED = 'SELECT *, CAST(NULL AS INTEGER) AS "returned after"'
ROW = '"#row"'
DAYS_OLD, MOMENT = '"days old"', '"the moment"'
"""Columns of ours beside those of a rulebook have a blank in their names, as no name in a rulebook has."""


def dated(text: str, as_of: date) -> str:
    """Return a query with the as-of day in it, so that it can be asked from any cursor: the variable for the day is
    known to one connection alone."""
    return text.replace(AS_OF, quote_value(as_of))


class Step(Struct, frozen=True):
    """One named step of the query: a common table expression with a comment."""

    name: str
    words: str
    body: str


def passes(measure: RecordMeasure) -> str:
    """Return the column that says whether a record passes a measure's ``when``."""
    return quote_name(f"{measure.name}: when")


def gross(measure: RecordMeasure) -> str:
    """Return the column with what a record adds to a measure before every step."""
    return quote_name(f"{measure.name}: gross")


def value_column(measure: RecordMeasure) -> str:
    """Return the column with a measure's value, beside the ``person`` whose it is."""
    return quote_name(f"{measure.name}: value")


def records_column(measure: RecordMeasure) -> str:
    """Return the column with how many records count."""
    return quote_name(f"{measure.name}: records")


def step_columns(measure: RecordMeasure, step: str, name: str = "") -> tuple[str, str]:
    """Return the columns with how many records a step changed, and what it took from them."""
    label = f"{measure.name}: {step} {name}".rstrip()
    return quote_name(f"{label}: records"), quote_name(f"{label}: value")


def steps_taken(measure: RecordMeasure) -> tuple[tuple[str, str], ...]:
    """Return the steps (and discounts by name) that can take something from a measure's values, in order."""
    found = [("discount", each.name) for each in measure.discounts]
    if measure.measure.diluted:
        found.append(("dilution", ""))
    if measure.measure.keep is not None:
        found.append(("keep", ""))
    if measure.measure.total is not None:
        found.append(("total", ""))
    if measure.measure.halving is not None:
        found.append(("fading", ""))
    if measure.measure.except_pauses:
        found.append(("paused", ""))
    return tuple(found)


def steps_left_out(measure: RecordMeasure) -> tuple[tuple[str, str], ...]:
    """Return the steps (and exclusions by name) that can keep records from a measure before they count, in order."""
    found = [("excluded", each.name) for each in measure.excludes]
    if measure.measure.within is not None:
        found.append(("window", ""))
    return tuple(found)


def values_left_out(measure: RecordMeasure) -> bool:
    """Whether the records that those steps leave out have values of their own; those of a count have 1 each."""
    return isinstance(measure.aggregate, SumOf | SumByKind)


def texts(values: tuple[str, ...] | list[str]) -> str:
    """Return texts as a list of SQL literals."""
    return ", ".join(quote_text(value) for value in values)


def all_group(steps: Sequence[Step]) -> bool:
    """Whether every step that reads the records in play groups them at once, or is read by such alone. Then they are
    handed on as they are read and never kept; else a table of them is read faster. Either way gives the same."""
    return all(_groups(step, steps) for step in steps if quote_name(IN_PLAY) in step.body)


def _groups(step: Step, steps: Sequence[Step]) -> bool:
    if "GROUP BY" in step.body:
        return not any(word in step.body for word in (" JOIN ", " OVER ("))
    readers = [each for each in steps if quote_name(step.name) in each.body]
    return bool(readers) and all("GROUP BY" in each.body and _groups(each, ()) for each in readers)


def window_of(measure: RecordMeasure) -> int | None:
    """Return the days of a measure's window."""
    return None if measure.measure.within is None else int(measure.measure.within.value)


def within_column(days: int) -> str:
    """Return the column that says whether a record is younger than so many days."""
    return quote_name(f"within {days} days")
