"""Takes a plan; gives the steps that count records by person: those that nothing leaves out, and those left out.

Tallies count records that are alike for every measure, so that what each exclusion left out of each measure is had
from one pass over the records left out. Records that nothing leaves out are counted as they are, where there are few
things to count, and else by tallies too; those of a measure whose own steps group them are counted there, and where
no other looks at them, they are not counted here at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from tallystick.engine.query.fates import account_column, is_outside, is_unused
from tallystick.engine.query.members import COUNT
from tallystick.engine.query.plan import Plan, RecordMeasure
from tallystick.engine.query.sql import listed, quote_name
from tallystick.engine.query.steps import (
    DAYS_OLD,
    IN_PLAY,
    LEFT_IN,
    NOT_YET,
    UNLISTED,
    Step,
    gross,
    passes,
    records_column,
    step_columns,
    steps_taken,
    texts,
    value_column,
    values_left_out,
    window_of,
    within_column,
)
from tallystick.rules.measure import Pick, SumByKind, SumOf

PERSONS = ("subject", "actor")
"""Those by whom records are counted: whom they are about, and who did them, for measures of what somebody gave."""
_FEW = 12
"""So many counts at once take less time than tallies; each more takes as long as a twentieth of them."""
_FEW_PAIRS = 24
"""So many pairs of an exclusion and a measure take less room and planning than a join for each exclusion."""
_MANY_EXCLUSIONS = 50
"""More joins than these take longer to plan than to make, and a thousand are more than the database can plan."""


class _Counting(Struct, frozen=True):
    """How records are counted: ``one_by_one`` or by tallies; and whether so ``many`` things are that a condition stands
    in what is put together. In a ``FILTER`` it is quicker alone, but copies what all others put together, too."""

    one_by_one: bool = False
    many: bool = False

    def count(self, where: str) -> str:
        """Return SQL for how many records there are that pass a condition."""
        return f"count(*) FILTER (WHERE {where})" if self.one_by_one else self.gathered("sum", "records", where)

    def gathered(self, how: str, what: str, where: str) -> str:
        """Return SQL for what is put together of those that pass it."""
        if self.many:
            return f"{how}(CASE WHEN {where} THEN {what} END)"
        return f"{how}({what}) FILTER (WHERE {where})"

    @property
    def all(self) -> str:
        """SQL for how many there are."""
        return "count(*)" if self.one_by_one else "sum(records)"


def tallies_name(person: str) -> str:
    """Return the table in which records are counted that are alike, by person."""
    return "tallies" if person == "subject" else "tallies given"


def counted_by(person: str) -> str:
    """Return the step that counts the records that nothing leaves out."""
    return f"counted by {person}"


def left_out_by(person: str) -> str:
    """Return the step that counts those that something does."""
    return f"left out by {person}"


# ---- tallies ---------------------------------------------------------------------------------------------------------


def counts_one_by_one(plan: Plan, person: str) -> bool:
    """Whether records that nothing leaves out are counted as they are, so that tallies are of the others alone."""
    counts: set[str] = {"unused", "outside window"} if person == "subject" else set()
    for each in plan.measures:
        if each.person == person:
            if _is_counted_here(each):
                counts |= {_inside_of(each), *([gross(each)] if each.values else [])}
            if each.measure.within is not None:
                counts |= {f"{_inside_of(each)}: window", *([f"{gross(each)}: window"] if each.values else [])}
    return len(counts) <= _FEW


def tallies(plan: Plan, person: str) -> str:
    """Return the query that counts the records that are alike for the measures, by person.

    Those about a person are told apart for the fates, too, to which measures of what others gave belong.
    """
    measures = [each for each in plan.measures if each.person == person or (person == "subject" and each.read)]
    columns = [f"{quote_name(person)} AS person", *(["kind"] if measures or plan.rulebook.kinds else []), '"left out"']
    for days, kinds in sorted(_windows(measures).items()):
        columns.append(
            f"CASE WHEN kind IN ({texts(sorted(kinds))}) THEN {DAYS_OLD} < {days} END AS {within_column(days)}"
        )
    columns += [passes(each) for each in measures if each.measure.when is not None]
    columns.append("count(*) AS records")
    for each in measures:
        if each.values and each.person == person:
            columns.append(f"{_how(each)}({gross(each)}) AS {gross(each)}")
    tests = _of_person(plan, person)
    if counts_one_by_one(plan, person):
        tests.append(f'"left out" <> {LEFT_IN}')
    where = f"\nWHERE {' AND '.join(tests)}" if tests else ""
    return f"SELECT\n{listed(columns)}\nFROM {quote_name(IN_PLAY)}{where}\nGROUP BY ALL"


def _windows(measures: Iterable[RecordMeasure]) -> dict[int, set[str]]:
    """Return the kinds of which it is asked whether they are within so many days."""
    windows: dict[int, set[str]] = {}
    for each in measures:
        days = window_of(each)
        if days is not None:
            windows.setdefault(days, set()).update(each.aggregate.kinds)
    return windows


def _of_person(plan: Plan, person: str) -> list[str]:
    if person == "subject":
        return []
    kinds = {kind for each in plan.measures if each.person == person for kind in each.aggregate.kinds}
    return ["actor IS NOT NULL", f"kind IN ({texts(sorted(kinds))})"]


def _how(measure: RecordMeasure) -> str:
    """Return what puts the values of records together: to their sum, or to the one that is picked."""
    how = measure.aggregate.how if isinstance(measure.aggregate, Pick) else "average"
    return {"highest": "max", "lowest": "min"}.get(how, "sum")


# ---- counts ----------------------------------------------------------------------------------------------------------


def told_by_steps(plan: Plan) -> tuple[RecordMeasure, ...]:
    """Return the measures whose own steps tell of every record of their kinds within their window that nothing leaves
    out, all of which are taken in: whatever looks at those kinds looks at the very same, and none is counted here."""
    if plan.field("kind") is None or not plan.rulebook.kinds or not counts_one_by_one(plan, "subject"):
        return ()
    found: dict[object, RecordMeasure] = {}
    for each in plan.measures:
        beside = [other for other in plan.measures if set(other.aggregate.kinds) & set(each.aggregate.kinds)]
        same = all(other.looks_at == each.looks_at and not _is_counted_here(other) for other in beside)
        tells = each.counts_itself and not each.cuts and each.measure.when is None and each.person == "subject"
        if tells and same and any(other.read for other in beside):
            found.setdefault(each.looks_at, each)
    return tuple(found.values())


def looked_at(measure: RecordMeasure) -> str:
    """Return SQL for how many records a measure looks at whose steps count them, over all that is joined: those that
    count, and those that its limits take."""
    limits = [step for step in steps_taken(measure) if step[0] in {"keep", "total"}]
    columns = [records_column(measure), *(step_columns(measure, *step)[0] for step in limits)]
    return f"CAST({' + '.join(f'coalesce({each}, 0)' for each in columns)} AS BIGINT)"


def counted_steps(plan: Plan, person: str, told: tuple[RecordMeasure, ...] = ()) -> tuple[Step, ...]:
    """Return the step for the records that nothing leaves out, and that for those that something does; ``told``: the
    measures that tell of their own records, which are left to them."""
    steps: list[Step] = []
    one_by_one = counts_one_by_one(plan, person)
    left_in = _left_in(plan, person, _Counting(one_by_one, many=not one_by_one))
    if left_in:
        source = f'{quote_name(tallies_name(person))} WHERE "left out" = {LEFT_IN}'
        if one_by_one:
            windows = [f"{DAYS_OLD} < {days} AS {within_column(days)}" for days in sorted(_windows(plan.measures))]
            tests = [f'"left out" = {LEFT_IN}', *_of_person(plan, person), *_not_told(told)]
            # By name, for a field may be called `person`.
            kept = ["kind"] if plan.measures or plan.rulebook.kinds else []
            kept += [passes(each) for each in plan.measures if each.measure.when is not None]
            kept += [gross(each) for each in plan.measures if each.values]
            columns = ", ".join([f"{quote_name(person)} AS person", *kept, *windows])
            source = f"(\n    SELECT {columns} FROM {quote_name(IN_PLAY)}\n    WHERE {' AND '.join(tests)}\n)"
        body = f"SELECT\n{listed(['person', *left_in])}\nFROM {source}\nGROUP BY person"
        steps.append(Step(counted_by(person), "plain counts and sums of what nothing leaves out", body))
    left_out, keys = _left_out(plan, person), ["person", '"left out"']
    if left_out:
        if by_person_alone(plan, person):
            keys = ["person"]
            left_out = [each for place in _places(plan, person) for each in _left_out(plan, person, place)]
        source = f'{quote_name(tallies_name(person))} WHERE "left out" <> {LEFT_IN}'
        body = f"SELECT\n{listed([*keys, *left_out])}\nFROM {source}\nGROUP BY {', '.join(keys)}"
        steps.append(Step(left_out_by(person), "what each thing leaves out, and of which measure", body))
    return tuple(steps)


def _not_told(told: tuple[RecordMeasure, ...]) -> list[str]:
    """Return the conditions that a record is none of those of which measures tell."""
    always = [kind for each in told if window_of(each) is None for kind in each.aggregate.kinds]
    tests = [f"kind NOT IN ({texts(always)})"] if always else []
    for each in told:
        days = window_of(each)
        if days is not None:
            tests.append(f"NOT (kind IN ({texts(each.aggregate.kinds)}) AND {DAYS_OLD} < {days})")
    return tests


def _is_counted_here(measure: RecordMeasure) -> bool:
    """Whether a measure's records are counted with those of others, and not where its own steps group them, nor where
    those of another measure group the same."""
    return not measure.counts_itself and measure.as_many_as is None


def _left_in(plan: Plan, person: str, counting: _Counting) -> list[str]:
    columns: list[str] = []
    for each in plan.measures:
        if each.person != person:
            continue
        where = _inside_of(each)
        if _is_counted_here(each):
            if each.counted:
                columns.append(f"{_value(each, where, counting)} AS {value_column(each)}")
            columns.append(_records(counting, where, records_column(each)))
        if each.measure.within is not None:
            columns += _outside_window(each, counting)
    if person == "subject" and plan.rulebook.records is not None:
        unused, outside = (f"coalesce({counting.count(test)}, 0)" for test in (is_unused(plan), is_outside(plan)))
        taken = f"{counting.all} - {outside} - {unused}"
        found = (("taken in", taken), ("outside window", outside), ("unused", unused))
        columns += [f"CAST({text} AS BIGINT) AS {account_column(fate, '')}" for fate, text in found]
    return columns


def _left_out(plan: Plan, person: str, place: int | None = None) -> list[str]:
    """Return what is counted of the records left out; ``place``: of those alone that this leaves out."""
    columns: list[str] = []
    by_it = "" if place is None else f'"left out" = {place} AND '
    counting = _Counting(many=max(_pairs(plan, person), len(plan.rulebook.excludes)) > _FEW_PAIRS)
    for each in plan.measures:
        if each.person == person and _can_take(plan, each, place):
            columns += _left(each, *_left_out_columns(each, place), f"{by_it}{_inside_of(each)}", counting)
    if person == "subject" and plan.rulebook.records is not None:
        those = counting.all if place is None else counting.count(f'"left out" = {place}')
        columns.append(f"CAST({those} AS BIGINT) AS {_all_left_out(place)}")
    return columns


def _can_take(plan: Plan, measure: RecordMeasure, place: int | None) -> bool:
    """Whether an exclusion, or any where there is no ``place``, can take a measure's records."""
    excludes = plan.rulebook.excludes
    return bool(measure.excludes) if place is None else place > 0 and excludes[place - 1] in measure.excludes


def _left_out_columns(measure: RecordMeasure, place: int | None) -> tuple[str, str]:
    label = f"{measure.name}: left out{'' if place is None else f' {place}'}"
    return quote_name(f"{label}: records"), quote_name(f"{label}: value")


def _all_left_out(place: int | None) -> str:
    return quote_name(f"records left out{'' if place is None else f' {place}'}")


def _places(plan: Plan, person: str) -> list[int]:
    """Return the places of all that can leave out records of a person."""
    not_excluded = [NOT_YET, UNLISTED] if person == "subject" else []
    return [*not_excluded, *range(1, len(plan.rulebook.excludes) + 1)]


def by_person_alone(plan: Plan, person: str) -> bool:
    """Whether each pair of an exclusion and a measure has a column of its own, and nothing needs to be joined for each
    exclusion: where there are few pairs, for more take too much room, and where there are too many to be joined."""
    return _pairs(plan, person) <= _FEW_PAIRS or len(plan.rulebook.excludes) > _MANY_EXCLUSIONS


def _pairs(plan: Plan, person: str) -> int:
    """Return how many pairs there are of an exclusion and a measure of a person's records."""
    return sum(len(each.excludes) for each in plan.measures if each.person == person)


def left_out_joins(plan: Plan, person: str) -> dict[str, str]:
    """Return what to join with everybody asked about, by its alias, for what leaves records out."""
    if not _left_out(plan, person):
        return {}
    source = quote_name(left_out_by(person))
    if by_person_alone(plan, person):
        return {_alias(plan, person, 0): source}
    return {
        _alias(plan, person, place): f'(SELECT * FROM {source} WHERE "left out" = {place})'
        for place in _places(plan, person)
    }


def _alias(plan: Plan, person: str, place: int) -> str:
    """Return what such a join is called."""
    return quote_name(f"of left out by {person}" if by_person_alone(plan, person) else f"left out {place} by {person}")


def columns_left_out(plan: Plan, measure: RecordMeasure, name: str) -> tuple[str, str]:
    """Return the joined columns with how many of a measure's records an exclusion took, and with their value."""
    place = next(place for place, each in enumerate(plan.rulebook.excludes, start=1) if each.name == name)
    records, value = _left_out_columns(measure, place if by_person_alone(plan, measure.person) else None)
    alias = _alias(plan, measure.person, place)
    return f"{alias}.{records}", f"{alias}.{value}"


def account_source(plan: Plan, fate: str, name: str, told: tuple[RecordMeasure, ...] = ()) -> str:
    """Return SQL for how many of a person's records met a fate, over all that is joined; ``told`` as above."""
    excluded = {each.name: place for place, each in enumerate(plan.rulebook.excludes, start=1)}
    column = account_column(fate, name)
    match fate:
        case "not yet":
            column = _fate_left_out(plan, NOT_YET)
        case "excluded":
            column = _fate_left_out(plan, excluded[name])
        case "unused":
            return f"coalesce({column}, 0) + coalesce({_fate_left_out(plan, UNLISTED)}, 0)"
        case "taken in":
            return " + ".join([f"coalesce({column}, 0)", *map(looked_at, told)])
        case _:
            pass
    return f"coalesce({column}, 0)"


def _fate_left_out(plan: Plan, place: int) -> str:
    alias = _alias(plan, "subject", place)
    return f"{alias}.{_all_left_out(place if by_person_alone(plan, 'subject') else None)}"


def _left(measure: RecordMeasure, records: str, value: str, where: str, counting: _Counting) -> Iterable[str]:
    """Count what exclusions took inside a measure's window, or what lies outside it."""
    yield _records(counting, where, records)
    if values_left_out(measure):
        yield f"CAST({counting.gathered('sum', gross(measure), where)} AS DECIMAL(38, 9)) AS {value}"


def _outside_window(measure: RecordMeasure, counting: _Counting) -> Iterable[str]:
    """Count what a measure looks at that lies outside its window: where much is counted, as what is left of all by what
    lies inside, which mostly is counted, too."""
    records, value = step_columns(measure, "window")
    every, inside = _kinds_and_when(measure), _inside_of(measure)
    if not counting.many:
        days = measure.measure.within
        assert days is not None  # noqa: S101  who asks has a window
        yield from _left(measure, records, value, f"{every} AND NOT {within_column(int(days.value))}", counting)
        return
    yield f"CAST({counting.count(every)} - coalesce({counting.count(inside)}, 0) AS BIGINT) AS {records}"
    if values_left_out(measure):
        everything, taken = (counting.gathered("sum", gross(measure), where) for where in (every, inside))
        yield f"CAST({everything} - coalesce({taken}, 0) AS DECIMAL(38, 9)) AS {value}"


def _records(counting: _Counting, where: str, column: str) -> str:
    return f"CAST({counting.count(where)} AS BIGINT) AS {column}"


def _value(measure: RecordMeasure, where: str, counting: _Counting) -> str:
    if isinstance(measure.aggregate, SumOf | SumByKind | Pick):
        found = f"CAST({counting.gathered(_how(measure), gross(measure), where)} AS DECIMAL(38, 9))"
        if isinstance(measure.aggregate, Pick) and measure.aggregate.how == "average":
            return f"long_quotient({found}, CAST({counting.count(where)} AS {COUNT}))"
        return found
    return f"CAST({counting.count(where)} AS {COUNT})"


def _kinds_and_when(measure: RecordMeasure) -> str:
    """Return the condition that a record is of a measure's kinds and passes its ``when``."""
    tests = [f"kind IN ({texts(measure.aggregate.kinds)})"]
    if measure.measure.when is not None:
        tests.append(passes(measure))
    return " AND ".join(tests)


def _inside_of(measure: RecordMeasure) -> str:
    """Return the condition that it lies in the measure's window, too."""
    days = window_of(measure)
    return _kinds_and_when(measure) + ("" if days is None else f" AND {within_column(days)}")
