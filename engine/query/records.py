"""Takes a plan and the query that gives the accepted records; gives the steps that all measures share, read once.

Each record comes out with its age in days, the first thing that leaves it out, and the answers to the conditions
that discounts and measures ask; the fields that only those conditions read stay behind.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property, reduce

from msgspec import Struct

from tallystick.engine.query.days import zoned
from tallystick.engine.query.expression import Names, Reach, Sql, never_missing, number_column, sql_of, unsigned
from tallystick.engine.query.native_ids import SHORT
from tallystick.engine.query.plan import Plan, RecordMeasure, is_day, late_discounts
from tallystick.engine.query.plan_reading import days_wanted, record_exprs
from tallystick.engine.query.returned import returned_before
from tallystick.engine.query.sql import indented, lined, listed, quote_name, quote_text
from tallystick.engine.query.steps import (
    AS_OF,
    DAYS_OLD,
    EARNED,
    EARNER,
    LEFT_IN,
    MOMENT,
    NOT_YET,
    RECORDS,
    ROW,
    UNLISTED,
    Step,
    gross,
    passes,
    texts,
)
from tallystick.engine.query.zones import Change
from tallystick.rules.decimals import PLACES
from tallystick.rules.expression import AttributeOf, EarnedOf, Expr, FieldOf, MeasureOf
from tallystick.rules.measure import Pick, SumByKind, SumOf
from tallystick.rules.rulebook import Exclude, Field
from tallystick.rules.value import NumberType, TextType, TimeType

PLACED = "records placed"
_TINY = 127


class RecordNames(Struct, frozen=True):
    """What the names in a record's expression stand for."""

    plan: Plan
    can_lack: bool = True

    def column(self, name: FieldOf | AttributeOf | MeasureOf | EarnedOf) -> Sql:
        """Return a field, an attribute of the record's subject or actor, or a measure of its actor."""
        rulebook = self.plan.rulebook
        match name:
            case FieldOf(name=field_name):
                if field_name == "kind" and rulebook.kinds:
                    return Sql("CAST(kind AS VARCHAR)")
                return _typed(quote_name(field_name), _declared(rulebook.records, field_name))
            case AttributeOf(name=attribute, whose=whose):
                return _typed(quote_name(f"{whose}: {attribute}"), _declared(rulebook.subjects, attribute))
            case EarnedOf(name=measure):
                of = next(each.type for each in self.plan.earned if each.name == measure)
                most = max(abs(of.low), abs(of.high))
                return Sql(quote_name(f"actor: {measure}"), Reach(most, PLACES), bound=True)
            case _:
                raise AssertionError(name)

    def day(self, name: FieldOf | AttributeOf) -> str:
        """Return the column of a moment's day."""
        return day_column(name)

    def returned(self, within: Decimal) -> str:
        """Return whether the record is returned: its subject had done the same not longer before.

        Where no kind asks so that the answer matters, nothing finds it out, and the answer is no.
        """
        if not self.plan.asks_returned:
            return "false"
        return f'coalesce("returned after" < {unsigned(within)}, false)'

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of record, which are kept as an ENUM."""
        return self.plan.rulebook.kinds

    @property
    def as_of(self) -> str:
        """SQL for the last day taken in."""
        return AS_OF

    @property
    def zone(self) -> str:
        """The rulebook's time zone."""
        return self.plan.rulebook.time_zone


def day_column(name: FieldOf | AttributeOf) -> str:
    """Return the column with the day of a moment."""
    of = name.name if isinstance(name, FieldOf) else f"{name.whose}: {name.name}"
    return quote_name(f"{of}: day")


def _declared(fields: tuple[Field, ...] | None, name: str) -> Field:
    found = next((field for field in fields or () if field.name == name), None)
    # The key of the subjects need not be declared.
    return found if found is not None else Field(name, name, TextType(), optional=False, title=None)


def _typed(column: str, field: Field) -> Sql:
    return number_column(column, field.type) if isinstance(field.type, NumberType) else Sql(column, bound=True)


class RecordSteps(Struct, frozen=True, dict=True):
    """The steps from the accepted records to ``records in play``.

    ``native``: the text fields that stay whole numbers, ``short`` those of them that fit 32 bits. ``whole``: every
    declared field and the row's number come along, for fates and evidence.
    """

    plan: Plan
    native: frozenset[str]
    changes: tuple[Change, ...]
    whole: bool = False
    short: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> RecordNames:
        """What the names in a record's expression stand for."""
        return RecordNames(self.plan)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields that are selected; no other column is read."""
        return (self.plan.rulebook.records or ()) if self.whole else self.plan.fields

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All of them, in order."""
        steps = [Step("records read", "only the fields that this rulebook reads", self._read())]
        steps += self._zoned(steps[-1].name)
        steps += self._attributed(steps[-1].name)
        steps.append(
            Step(
                PLACED,
                "each record's age in days; what is not yet, and kinds not listed, stay out",
                self._placed(steps[-1].name),
            )
        )
        if self.plan.asks_returned and (self.whole or not self.plan.returned_late):
            steps += returned_before(self.plan, steps[-1].name)
        steps += self._excluded(steps[-1].name)
        return tuple(steps)

    def in_play(self) -> str:
        """Return the query after the last step: what measures need of every record."""
        columns = [quote_name("subject")]
        if self.whole:
            columns = [ROW, *(quote_name(field.name) for field in self.fields)]
            if self.plan.asks_returned:
                columns.append('"returned after"')
        else:
            if self._has("kind"):
                columns.append("kind")
            columns += [quote_name(name) for name in self._carried]
        columns += [DAYS_OLD, '"left out"']
        if self.plan.moments:
            columns.append(MOMENT)
        for discount in self.plan.rulebook.discounts:
            late = self.plan.returned_late and discount in late_discounts(self.plan.rulebook)
            if not late and any(discount in each.discounts for each in self.plan.measures):
                applies = "true" if discount.when is None else self._holds(discount.when)
                columns.append(f"{applies} AS {quote_name(f'discount {discount.name}')}")
        for each in self.plan.measures:
            if each.measure.when is not None:
                condition = sql_of(each.measure.when, self.names).safe
                columns.append(f"{self._of_kinds(each, condition)} AS {passes(each)}")
            if each.values:
                columns.append(f"{self._worked_out(each)} AS {gross(each)}")
        return f"SELECT\n{listed(columns)}\nFROM {quote_name(self.steps[-1].name)}"

    # ---- the steps -----------------------------------------------------------------------------------------------

    def _read(self) -> str:
        columns = [ROW] if self.whole else []
        for field in self.fields:
            name = quote_name(field.name)
            is_text = isinstance(field.type, TextType) and field.name not in self.native
            if field.name == "kind" and self.plan.rulebook.kinds:
                columns.append(f"{self._kind} AS kind")
            elif field.name in self.short:
                columns.append(f"CAST({name} AS {SHORT}) AS {name}")
            else:
                columns.append(f"CAST({name} AS VARCHAR) AS {name}" if is_text else name)
        return f"SELECT\n{listed(columns)}\nFROM {quote_name(RECORDS)}"

    def _zoned(self, before: str) -> list[Step]:
        """Give moments their day where the rulebook's zone is not UTC: by the clock's last change before each."""
        days = days_wanted(record_exprs(self.plan.rulebook))
        fields = [name.op for name in days if isinstance(name.op, FieldOf)]
        names = list(dict.fromkeys(each.name for each in fields))
        if self._at_is_moment and "at" not in names:
            names.append("at")
        if not names:
            return []
        return list(zoned(before, [(name, f"{name}: day") for name in names], self.changes, "records"))

    def _attributed(self, before: str) -> list[Step]:
        joins = [("subject", self.plan.subject_attributes), ("actor", self.plan.actor_attributes)]
        steps: list[Step] = []
        for whose, attributes in joins:
            if not attributes:
                continue
            columns = ["this.*"]
            for attribute in attributes:
                columns.append(f"known.{quote_name(attribute)} AS {quote_name(f'{whose}: {attribute}')}")
                if isinstance(_declared(self.plan.rulebook.subjects, attribute).type, TimeType):
                    columns.append(
                        f"known.{quote_name(f'{attribute}: day')} AS {quote_name(f'{whose}: {attribute}: day')}"
                    )
            steps.append(
                Step(
                    f"records with their {whose}",
                    f"what is known about each record's {whose}",
                    f"SELECT {', '.join(columns)}\nFROM {quote_name(before if not steps else steps[-1].name)} AS this\n"
                    f'LEFT JOIN "people known" AS known ON known.subject = CAST(this.{whose} AS VARCHAR)',
                )
            )
        if self.plan.earned:
            columns = [
                "this.*",
                *(f"earned.{quote_name(m.name)} AS {quote_name(f'actor: {m.name}')}" for m in self.plan.earned),
            ]
            source = quote_name(before if not steps else steps[-1].name)
            body = (
                f"SELECT {', '.join(columns)}\nFROM {source} AS this\n"
                f"LEFT JOIN {quote_name(EARNED)} AS earned "
                f"ON earned.{quote_name(EARNER)} = CAST(this.actor AS VARCHAR)"
            )
            steps.append(Step("records with what their actor earned", "measures of each record's actor", body))
        return steps

    def _placed(self, before: str) -> str:
        day = '"at: day"' if self._at_is_moment else '"at"'
        columns = ["*", f"CAST({AS_OF} - {day} AS INTEGER) AS {DAYS_OLD}"]
        if self.plan.moments:
            columns.append(f'"at" AS {MOMENT}')
        return f"SELECT\n{listed(columns)}\nFROM {quote_name(before)}"

    @property
    def _at_is_moment(self) -> bool:
        return not is_day(self.plan.field("at"))

    def _excluded(self, before: str) -> list[Step]:
        cases = [f"WHEN {DAYS_OLD} < 0 THEN {NOT_YET}"]
        if self._has("kind") and self.plan.rulebook.kinds:
            cases.append(f"WHEN kind IS NULL THEN {UNLISTED}")
        steps: list[Step] = []
        column = ""
        for place, exclude in enumerate(self.plan.rulebook.excludes, start=1):
            if exclude.repeats is None:
                when = "true" if exclude.when is None else sql_of(exclude.when, self.names).safe
                cases.append(f"WHEN {when} THEN {place}")
                continue
            source = quote_name(steps[-1].name if steps else before)
            case = self._first_of(cases, column)
            steps.append(
                Step(
                    f"records before {exclude.name}",
                    f"what is left out so far, and what can be told to repeat: {exclude.title}",
                    f'SELECT *, {self._candidate(exclude)} AS "may repeat"\n'
                    f"FROM (\n    SELECT * {'REPLACE' if column else ','}\n{indented(self._as(case, column), 8)}\n"
                    f"    FROM {source}\n)",
                )
            )
            steps.append(self._repeats(place, exclude, steps[-1].name))
            cases, column = [], "left out"
        source = quote_name(steps[-1].name if steps else before)
        if cases:
            case = self._first_of(cases, column)
            body = f"SELECT * {'REPLACE' if column else ','}\n{indented(self._as(case, column))}\nFROM {source}"
            steps.append(
                Step("records judged", "the first thing that leaves a record out, by its place; 0: nothing", body)
            )
        return steps

    def _as(self, case: str, column: str) -> str:
        return f'({case} AS "left out")' if column else f'{case} AS "left out"'

    def _first_of(self, cases: list[str], column: str) -> str:
        if column:
            cases = [f'WHEN "left out" <> {LEFT_IN} THEN "left out"', *cases]
        return f"CAST(CASE\n{lined([*cases, f'ELSE {LEFT_IN}'])}\nEND AS {self._places})"

    @property
    def _places(self) -> str:
        """The type for the places of exclusions."""
        return "TINYINT" if len(self.plan.rulebook.excludes) < _TINY else "SMALLINT"

    def _candidate(self, exclude: Exclude) -> str:
        tests = [f'"left out" = {LEFT_IN}']
        tests += [f"{quote_name(name)} IS NOT NULL" for name in exclude.repeats or ()]
        if exclude.when is not None:
            tests.append(sql_of(exclude.when, self.names).safe)
        return never_missing(f"({' AND '.join(tests)})")

    def _repeats(self, place: int, exclude: Exclude, before: str) -> Step:
        repeats = exclude.repeats or ()
        agree = ", ".join(quote_name(name) for name in dict.fromkeys(("subject", *repeats)))
        order = [MOMENT]
        for field in self.plan.rulebook.records or ():
            if field.name not in {"subject", *repeats}:
                name = quote_name(field.name)
                as_text = field.name == "kind" or field.name in self.native
                order.append(f"{f'CAST({name} AS VARCHAR)' if as_text else name} NULLS LAST")
        if self.whole:
            # Of records that are the same in everything, evidence shows the first of the file as the one that counts.
            order.append(ROW)
        first = f"row_number() OVER (PARTITION BY {agree} ORDER BY {', '.join(order)}) = 1"
        return Step(
            f"records after {exclude.name}",
            f"all but the earliest of those that agree: {exclude.title}",
            f'SELECT * EXCLUDE ("may repeat") REPLACE (\n'
            f'    CAST(CASE WHEN {first} THEN {LEFT_IN} ELSE {place} END AS {self._places}) AS "left out"\n)\n'
            f'FROM {quote_name(before)} WHERE "may repeat"\n'
            f'UNION ALL BY NAME\nSELECT * EXCLUDE ("may repeat") FROM {quote_name(before)} WHERE NOT "may repeat"',
        )

    # ---- columns -------------------------------------------------------------------------------------------------

    def _has(self, name: str) -> bool:
        return self.plan.field(name) is not None

    @property
    def _kind(self) -> str:
        return f"TRY_CAST(kind AS ENUM ({texts(self.plan.rulebook.kinds)}))"

    @property
    def _carried(self) -> tuple[str, ...]:
        return tuple(name for name in self.plan.carried if name != "subject")

    def _holds(self, condition: Expr) -> str:
        return never_missing(sql_of(condition, self.names).safe)

    def _of_kinds(self, measure: RecordMeasure, text: str) -> str:
        return never_missing(f"(kind IN ({texts(measure.aggregate.kinds)}) AND {text})")

    def _worked_out(self, measure: RecordMeasure) -> str:
        """Return what a record adds to a measure, before every step; missing for records that it does not look at."""
        return gross_value(measure, self.names).safe


def gross_value(measure: RecordMeasure, names: Names) -> Sql:
    """Return what a record adds to a measure before every step, or the value picked from; missing if it has none."""
    when = f"kind IN ({texts(measure.aggregate.kinds)})"
    match measure.aggregate:
        case SumOf(value=value) | Pick(value=value):
            found = sql_of(value, names)
            return Sql(f"CASE WHEN {when} THEN {found.text} END", found.reach, found.risky)
        case SumByKind(values=values):
            each = [(kind, sql_of(value, names)) for kind, value in values]
            cases = " ".join(f"WHEN {quote_text(kind)} THEN {value.text}" for kind, value in each)
            reach = reduce(Reach.with_, (value.number for _, value in each))
            return Sql(f"CASE kind {cases} END", reach, any(value.risky for _, value in each))
        case _:
            return Sql("1.", Reach(Decimal(1), 0), bound=True)
