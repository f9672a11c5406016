"""Takes a plan; gives the steps from counts and measures to one row for each person who is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from tallystick.engine.query.added_up import GATHERED, gathered_of
from tallystick.engine.query.counted import (
    PERSONS,
    account_source,
    columns_left_out,
    counted_by,
    counted_steps,
    left_out_by,
    left_out_joins,
    looked_at,
    tallies_name,
    told_by_steps,
)
from tallystick.engine.query.days import zoned
from tallystick.engine.query.expression import Reach, Sql, never_missing, number_column, sql_of
from tallystick.engine.query.fates import account_column, accounts_of
from tallystick.engine.query.measures import MeasureSteps
from tallystick.engine.query.members import COUNT, Members
from tallystick.engine.query.plan import Plan, RecordMeasure
from tallystick.engine.query.sql import listed, quote_name
from tallystick.engine.query.steps import (
    AS_OF,
    LEFT_IN,
    NOT_YET,
    RECORDS,
    SUBJECTS,
    VOIDED,
    Step,
    records_column,
    step_columns,
    steps_left_out,
    steps_taken,
    value_column,
    values_left_out,
)
from tallystick.engine.query.zones import Change
from tallystick.rules.decimals import PLACES
from tallystick.rules.expression import AttributeOf, EarnedOf, Expr, FieldOf, MeasureOf
from tallystick.rules.measure import Formula, Measure, Pick
from tallystick.rules.rulebook import Require
from tallystick.rules.value import NumberType, TimeType

KNOWN = "people known"
_STRUCK_OUT = "struck out"
NAMED = "people named"
PEOPLE, ASKED = "people", "people asked"
_FEW_JOINED, _MOST_JOINED = 36, 12
"""So many measures are joined with everybody all at once; where there are more, so many."""
KEY, BEFORE, ADMITTED, UNMET = '"known as"', '"unmet before"', '"is admitted"', '"first unmet"'


class PersonNames(Struct, frozen=True):
    """What the names in a person's expression stand for."""

    plan: Plan
    places: dict[str, int]
    can_lack: bool = False

    def column(self, name: FieldOf | AttributeOf | MeasureOf | EarnedOf) -> Sql:
        """Return an attribute or a measure of the person."""
        rulebook = self.plan.rulebook
        column = quote_name(name.name)
        match name:
            case MeasureOf():
                measure = next(each for each in rulebook.measures if each.name == name.name)
                most = max(abs(measure.type.low), abs(measure.type.high))
                return Sql(column, Reach(most, self.places[name.name]), bound=True)
            case AttributeOf():
                field = next((each for each in rulebook.subjects or () if each.name == name.name), None)
                if field is not None and isinstance(field.type, NumberType):
                    return number_column(column, field.type)
                return Sql(column, bound=True)
            case _:
                raise AssertionError(name)

    def day(self, name: FieldOf | AttributeOf) -> str:
        """Return the column of a moment's day."""
        return quote_name(f"{name.name}: day")

    def returned(self, within: Decimal) -> str:
        """Refuse: only records are returned."""
        raise AssertionError(within)

    @property
    def kinds(self) -> tuple[str, ...]:
        """None: a person has no kind."""
        return ()

    @property
    def as_of(self) -> str:
        """SQL for the last day taken in."""
        return AS_OF

    @property
    def zone(self) -> str:
        """The rulebook's time zone."""
        return self.plan.rulebook.time_zone


class PeopleSteps(Struct, frozen=True, dict=True):
    """The steps from tallies and measures to ``people``, one row for each person who is asked about.

    ``is admitted``: met every requirement that reads no measure. ``first unmet``: the place of the first requirement
    that is not met, from 1; 0 if all are. ``known as``: the person as the records name them. ``voids``: corrections may
    have struck records out. ``actors``: where no subjects are declared, it is all actors who are asked about.
    ``together``: all that adds up lies in one table. ``apart``: each step is worked out by itself.
    """

    plan: Plan
    native: frozenset[str]
    voids: bool = True
    actors: bool = False
    together: bool = False
    apart: bool = False

    @cached_property
    def measure_steps(self) -> tuple[MeasureSteps, ...]:
        """The steps of every measure that is more than a count."""
        return tuple(MeasureSteps(Members(self.plan, each)) for each in self.plan.measures if not each.counted)

    @cached_property
    def names(self) -> PersonNames:
        """What the names in a person's expressions stand for."""
        places = {measure.name: PLACES for measure in self.plan.rulebook.measures}
        for each in self.plan.measures:
            places[each.name] = MeasureSteps(Members(self.plan, each)).places
        return PersonNames(self.plan, places)

    @cached_property
    def _told(self) -> tuple[RecordMeasure, ...]:
        """The measures that are left to tell of their own records, where to read them twice costs nothing."""
        return () if self.apart or self.actors or self.batches else told_by_steps(self.plan)

    @cached_property
    def gathering(self) -> tuple[Step, ...]:
        """The steps over records, in order: measures and counts, and who is named where no subjects are declared."""
        steps = [step for each in self.measure_steps for step in each.steps]
        steps += [step for person in PERSONS for step in counted_steps(self.plan, person, self._told)]
        if self._asks_named:
            steps.append(Step(NAMED, "everybody whom a record names who is asked about", self._named()))
        return tuple(steps)

    @property
    def gathered(self) -> tuple[str, ...]:
        """The names of those of them that give one row for each person, which is all that ``steps`` read."""
        names = [each.result for each in self.measure_steps]
        names += [step.name for person in PERSONS for step in counted_steps(self.plan, person)]
        return (*names, *([NAMED] if self._asks_named else []))

    @property
    def _asks_named(self) -> bool:
        """Whether only those are asked about whom a record names: where no subjects are declared, and by a field."""
        return self.plan.rulebook.subjects is None or (self.plan.rulebook.score.by is not None and not self.actors)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Those after ``gathering``, in order; the query after them takes all columns of the last."""
        steps: list[Step] = []
        if self._counts_voided:
            count = f"count(*) AS {account_column('voided', '')}"
            body = f"SELECT CAST(subject AS VARCHAR) AS person, {count}\nFROM {quote_name(VOIDED)}\nGROUP BY ALL"
            steps.append(Step(_STRUCK_OUT, "how many of each person's records corrections struck out", body))
        steps.append(
            Step(
                ASKED,
                "who is asked about, and the first requirement not met that reads no measure",
                self._asked(),
            )
        )
        steps += self.batches
        steps.append(Step("people measured", "everybody's measures of records", self._measured()))
        for place, layer in enumerate(self.plan.formulas, start=1):
            body = f"SELECT *,\n{listed(self._formulas(layer))}\nFROM {quote_name(steps[-1].name)}"
            steps.append(
                Step(f"people worked out {place}", f"measures made of others: {', '.join(m.name for m in layer)}", body)
            )
        return tuple(steps)

    def people(self) -> str:
        """Return the query after the steps: everybody, with the first requirement that is not met."""
        cases = self._cases(reads_measures=True)
        unmet = f"CASE WHEN {BEFORE} <> 0 THEN {BEFORE}{cases}\n    ELSE 0 END" if cases else BEFORE
        return (
            f"SELECT * EXCLUDE ({BEFORE}), {BEFORE} = 0 AS {ADMITTED}, CAST({unmet} AS SMALLINT) AS {UNMET}\n"
            f"FROM {quote_name(self.steps[-1].name)}"
        )

    def _cases(self, *, reads_measures: bool) -> str:
        text = ""
        for place, require in enumerate(self.plan.rulebook.requires, start=1):
            if require.reads_measures is reads_measures:
                text += f"\n    WHEN NOT {self._met(require)} THEN {place}"
        return text

    def _met(self, require: Require) -> str:
        return never_missing(sql_of(require.when, self.names).safe)

    def _asked(self) -> str:
        cases = self._cases(reads_measures=False)
        asked = f"CASE{cases}\n    ELSE 0 END AS {BEFORE}" if cases else f"0 AS {BEFORE}"
        if self.plan.rulebook.subjects is not None:
            key = f"subject AS {KEY}"
            named = f"SELECT CAST(person AS VARCHAR) FROM {quote_name(NAMED)}"
            where = f"\nWHERE subject IN ({named})" if self._asks_named else ""
            return f"SELECT *, {key}, {asked}\nFROM {quote_name(KNOWN)}{where}"
        return f"SELECT CAST(person AS VARCHAR) AS subject, person AS {KEY}, {asked}\nFROM {quote_name(NAMED)}"

    def _named(self) -> str:
        if self.actors:
            each = "SELECT CAST(actor AS VARCHAR) AS person FROM {0} WHERE actor IS NOT NULL"
            return " UNION ".join(each.format(quote_name(name)) for name in (RECORDS, VOIDED))
        left_in = [counted_by("subject"), *(each.result for each in self.measure_steps if each.measure in self._told)]
        named = [f"SELECT person FROM {quote_name(each)} WHERE person IS NOT NULL UNION\n" for each in left_in]
        return "".join(named) + (
            f"SELECT person FROM {quote_name(tallies_name('subject'))} "
            f'WHERE "left out" NOT IN ({NOT_YET}, {LEFT_IN}) AND person IS NOT NULL'
        )

    @cached_property
    def _kept_together(self) -> tuple[str, ...]:
        """The steps whose columns lie in one table already."""
        return gathered_of(self.plan, self.gathered) if self.together else ()

    @cached_property
    def _joined_apart(self) -> tuple[MeasureSteps, ...]:
        """The measures that each are joined with everybody asked about."""
        return tuple(each for each in self.measure_steps if each.result not in self._kept_together)

    @property
    def batches(self) -> tuple[Step, ...]:
        """The steps that join some of many measures each."""
        return self._joined_some[0]

    @cached_property
    def _joined_some(self) -> tuple[tuple[Step, ...], tuple[str, ...]]:
        """The ``batches``, and what is to be joined with everybody asked about after them. Each of many joins in a row
        would have room for all columns of those before it."""
        steps: list[Step] = []
        joins = [
            (self._join(each.result, each.measure.person), f"{_alias(each.result)}.* EXCLUDE (person)")
            for each in self._joined_apart
        ]
        is_many = len(joins) > _FEW_JOINED
        while is_many and len(joins) > _MOST_JOINED:
            of_some, joins = [joins[at : at + _MOST_JOINED] for at in range(0, len(joins), _MOST_JOINED)], []
            for some in of_some:
                name = f"people measured, part {len(steps) + 1}"
                columns = listed([f"asked.{KEY}", *(told for _, told in some)])
                body = f"SELECT\n{columns}\nFROM {quote_name(ASKED)} AS asked" + "".join(
                    f"\n{join}" for join, _ in some
                )
                steps.append(Step(name, "some of everybody's measures of records", body))
                joins.append((f"JOIN {quote_name(name)} USING ({KEY})", f"{quote_name(name)}.* EXCLUDE ({KEY})"))
        return tuple(steps), tuple(join for join, _ in joins)

    def _measured(self) -> str:
        columns = ["asked.*"]
        one = self._kept_together
        joins = [self._join(GATHERED, "subject")] if one else []
        for person in PERSONS:
            if counted_by(person) in {step.name for step in counted_steps(self.plan, person)} - {*one}:
                joins.append(self._join(counted_by(person), person))
            for alias, query in left_out_joins(self.plan, person).items():
                if left_out_by(person) not in one:
                    joins.append(self._joined(query, alias, person))
        joins += self._joined_some[1]
        for each in self.plan.measures:
            columns += _value_and_records(each)
            for step, name in (*steps_left_out(each), *steps_taken(each)):
                records, taken = step_columns(each, step, name)
                found = columns_left_out(self.plan, each, name) if step == "excluded" else (records, taken)
                columns.append(f"CAST(coalesce({found[0]}, 0) AS BIGINT) AS {records}")
                if (step, name) in steps_taken(each) or values_left_out(each):
                    columns.append(f"CAST(coalesce({found[1]}, 0) AS DECIMAL(38, 9)) AS {taken}")
        for fate in accounts_of(self.plan):
            told = "0" if fate[0] == "voided" and not self.voids else account_source(self.plan, *fate, self._told)
            columns.append(f"CAST({told} AS BIGINT) AS {account_column(*fate)}")
        if self._counts_voided:
            joins.append(f"LEFT JOIN {quote_name(_STRUCK_OUT)} AS struck ON struck.person = asked.subject")
        told = listed(columns)
        for name in one:
            told = told.replace(f"{_alias(name)}.", f"{_alias(GATHERED)}.")
        return f"SELECT\n{told}\nFROM {quote_name(ASKED)} AS asked" + "".join(f"\n{join}" for join in joins)

    @property
    def _counts_voided(self) -> bool:
        return self.voids and self.plan.rulebook.records is not None

    def _join(self, name: str, person: str) -> str:
        return self._joined(quote_name(name), _alias(name), person)

    def _joined(self, source: str, alias: str, person: str) -> str:
        key = f"{alias}.person"
        if (self.actors or self.plan.rulebook.subjects is not None) and person in self.native:
            key = f"CAST({key} AS VARCHAR)"
        return f"LEFT JOIN {source} AS {alias} ON {key} = asked.{KEY}"

    def _formulas(self, layer: tuple[Measure, ...]) -> list[str]:
        return [self._formula(each) for each in layer]

    def _formula(self, measure: Measure) -> str:
        assert isinstance(measure.aggregate, Formula)  # noqa: S101  layers are made of them
        value = f"CAST({self._safe(measure.aggregate.value)} AS DECIMAL(38, 9))"
        if measure.when is None:
            return f"{value} AS {quote_name(measure.name)}"
        met = never_missing(sql_of(measure.when, self.names).safe)
        return (
            f"CASE WHEN {met} THEN {value} END AS {quote_name(measure.name)},\n"
            f"{met} AS {quote_name(f'{measure.name}: when')}"
        )

    def _safe(self, expr: Expr) -> str:
        return sql_of(expr, self.names).safe


def _value_and_records(measure: RecordMeasure) -> Iterator[str]:
    """Give a measure's value and how many records it has, over all that is joined."""
    value, count = value_column(measure), f"coalesce({records_column(measure)}, 0)"
    if measure.as_many_as is not None:
        count = looked_at(measure.as_many_as)
        value = f"CAST({count} AS {COUNT})"
    elif not isinstance(measure.aggregate, Pick):
        value = f"coalesce({value}, 0)"
    yield f"{value} AS {quote_name(measure.name)}"
    yield f"{count} AS {records_column(measure)}"


def _alias(name: str) -> str:
    """Return what a table is called where it is joined."""
    return quote_name(f"of {name}")


class KnownSteps(Struct, frozen=True, dict=True):
    """The steps to what is known about people: their attributes, and the days of those that are moments."""

    plan: Plan
    changes: tuple[Change, ...]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All of them, in order; the query after them takes all columns of the last."""
        fields = [field for field in self.plan.rulebook.subjects or () if field.name != "subject"]
        columns = ["CAST(subject AS VARCHAR) AS subject", *(quote_name(field.name) for field in fields)]
        read = Step("people read", "one row for each person", f"SELECT\n{listed(columns)}\nFROM {quote_name(SUBJECTS)}")
        moments = [(each.name, f"{each.name}: day") for each in fields if isinstance(each.type, TimeType)]
        return (read, *(zoned(read.name, moments, self.changes, "people") if moments else ()))

    def known(self) -> str:
        """Return the query after the steps."""
        return f"SELECT * FROM {quote_name(self.steps[-1].name)}"
