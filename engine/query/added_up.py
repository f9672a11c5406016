"""Takes a plan and the name of a step that gives one row for each person; tells what of it adds up, so that a day can
be added to what earlier days gave."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.engine.query.counted import PERSONS, by_person_alone, counted_by, left_out_by
from tallystick.engine.query.plan import Plan, RecordMeasure
from tallystick.rules.measure import Count, Pick

GATHERED = "people gathered"
"""The table of all that adds up, with one row for each person, where a state keeps it: one join in place of many."""


def faded(plan: Plan, name: str) -> bool:
    """Whether a step gives a plain count that fades after a limit: it adds up how many stay of each day, and as time
    passes only what is left of a day changes. How many stay is kept, as rows of a day that add up."""
    measure = measure_of(plan, name)
    if measure is None or not isinstance(measure.aggregate, Count) or measure.discounts:
        return False
    said = measure.measure
    return bool(said.halving and said.keep) and not (said.total or said.except_pauses or said.diluted)


def of_all(plan: Plan, name: str) -> bool:
    """Whether what a step gives is worked out from all records each time, so that none of it is kept."""
    measure = measure_of(plan, name)
    if faded(plan, name):
        return False
    if measure is not None:
        # What was picked can be missing again, which no number can be taken away to.
        goes = isinstance(measure.aggregate, Pick) and measure.measure.within is not None
        return measure.measure.halving is not None or measure.measure.diluted or goes
    picks = (each.person for each in plan.measures if isinstance(each.aggregate, Pick))
    return any(name == counted_by(person) for person in picks)


def gathered_of(plan: Plan, names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some steps whose columns lie together in one table, one row for each person."""
    counts = [counted_by(person) for person in PERSONS]
    counts += [left_out_by(person) for person in PERSONS if by_person_alone(plan, person)]
    return tuple(
        name
        for name in names
        if (measure_of(plan, name) is not None or name in counts) and not (faded(plan, name) or of_all(plan, name))
    )


def measure_of(plan: Plan, name: str) -> RecordMeasure | None:
    """Return the measure that a step of that name gives."""
    return next((each for each in plan.measures if name == f"measure {each.name}"), None)
