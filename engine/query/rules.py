"""Takes a plan; gives the steps from the people who meet every requirement to the points of their rules, a row each.

Rules are worked out side by side in four steps: what each looks at, what it takes from that, its value, and its
points after bounds and rounding. Columns of a rule are called ``RULE: input`` and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import assert_never

from msgspec import Struct

from tallystick.engine.query.expression import SHORT_QUOTIENT, Names, Reach, Sql, literal, sql_of
from tallystick.engine.query.missing import absent
from tallystick.engine.query.people import PEOPLE, UNMET
from tallystick.engine.query.plan import Plan
from tallystick.engine.query.rounding import fits_64_bits, held, least_type, rounding
from tallystick.engine.query.sql import listed, quote_name, quote_number, quote_text, quote_value
from tallystick.engine.query.steps import Step
from tallystick.rules.decimals import PLACES, places_of
from tallystick.rules.expression import Constant, Expr
from tallystick.rules.rule import AnyOther, Missing, Points, Range, Rule, Shape, Table, Values, Weighted
from tallystick.rules.value import NumberType, TimeType


def rule_column(rule: Rule, part: str) -> str:
    """Return a column of a rule."""
    return quote_name(f"{rule.name}: {part}")


def looks_at(rule: Rule) -> Expr:
    """Return what a rule takes its points from."""
    match rule.body:
        case Weighted(value=value) | Points(value=value) | Table(by=value):
            return value
        case _:
            assert_never(rule.body)


def with_columns(steps: tuple[Step, ...], *more: tuple[str, str, Iterable[list[str]]]) -> tuple[Step, ...]:
    """Return the steps with more after them, each with its name, its words, and the columns that it adds, if any."""
    made = list(steps)
    for name, words, columns in more:
        added = [column for each in columns for column in each]
        if added:
            made.append(Step(name, words, f"SELECT *,\n{listed(added)}\nFROM {quote_name(made[-1].name)}"))
    return tuple(made)


class RuleSteps(Struct, frozen=True, dict=True):
    """The steps to the points of all rules; each takes all columns of the one before."""

    plan: Plan
    names: Names

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All of them, in order."""
        people = Step(
            "people to score",
            "everybody who meets every requirement",
            f"SELECT {', '.join(self._of_people)}\nFROM {quote_name(PEOPLE)} WHERE {UNMET} = 0",
        )
        rules = self.plan.rulebook.rules
        return with_columns(
            (people,),
            ("rules looking", "whether each rule applies, and what it looks at", map(self._looking, rules)),
            ("rules taking", "the level, or the row of the table, that it takes", map(self._taking, rules)),
            ("rules valued", "its value, or that of its otherwise", map(self._valued, rules)),
            ("rules pointed", "its points, after its bounds and rounding", map(self._points, rules)),
            ("rules told", "why a rule gives what it gives", map(self._told, rules)),
        )

    @property
    def _of_people(self) -> list[str]:
        """The columns that a rule can read; the others would be carried through every step."""
        attributes = [field for field in self.plan.rulebook.subjects or () if field.name != "subject"]
        columns = ["subject", *(quote_name(measure.name) for measure in self.plan.rulebook.measures)]
        columns += [quote_name(field.name) for field in attributes]
        return columns + [quote_name(f"{each.name}: day") for each in attributes if isinstance(each.type, TimeType)]

    def kept(self, rule: Rule) -> list[str]:
        """Return the columns of a rule that the ledger is made from."""
        parts = ["value", "points"]
        if self.can_fail(rule):
            parts += ["state", "missing"]
        if isinstance(rule.body, Weighted):
            parts += ["input", "level"]
        if isinstance(rule.body, Table):
            parts += ["row", "lacks"] if _row_can_lack(rule) else ["row"]
            if isinstance(rule.body.by.type, NumberType):
                parts.append("input")
        return [rule_column(rule, part) for part in parts]

    def can_fail(self, rule: Rule) -> bool:
        """Whether a rule can do anything but apply."""
        exprs = [looks_at(rule)]
        if isinstance(rule.body, Table):
            exprs += [row.points for row in rule.body.rows]
        return rule.when is not None or any(expr.optional for expr in exprs)

    def _looking(self, rule: Rule) -> list[str]:
        columns: list[str] = []
        found = sql_of(looks_at(rule), self.names)
        text = found.safe
        if rule.when is not None:
            met = sql_of(rule.when, self.names).safe
            columns.append(f"{met} AS {rule_column(rule, 'met')}")
            text = f"CASE WHEN {met} THEN {text} END"
        if found.reach is not None:
            text = f"CAST({text} AS {found.reach.type})"
        columns.append(f"{text} AS {rule_column(rule, 'input')}")
        return columns

    def _met(self, rule: Rule) -> str | None:
        return None if rule.when is None else rule_column(rule, "met")

    def _taking(self, rule: Rule) -> list[str]:
        column = rule_column(rule, "input")
        match rule.body:
            case Weighted(shape=shape):
                return [f"{self._level(column, shape)} AS {rule_column(rule, 'level')}"]
            case Table() as table:
                text = self._row_taken(table, column)
                met = self._met(rule)
                text = text if met is None else f"CASE WHEN {met} THEN {text} END"
                return [f"CAST({text} AS INTEGER) AS {rule_column(rule, 'row')}"]
            case Points():
                return []
            case _:
                assert_never(rule.body)

    def _level(self, column: str, shape: Shape | None) -> str:
        """Return the level of a value: held within 0 to 1, or by a shape."""
        if shape is None:
            return f"CASE WHEN {column} IS NOT NULL THEN CAST(greatest(0, least(1, {column})) AS DECIMAL(38, 9)) END"
        full = shape.full.value
        match shape.name:
            case "linear":
                macro = "linear_level" if full < SHORT_QUOTIENT else "long_linear_level"
            case "square root":
                macro = "root_level"
            case "logarithmic":
                macro = "logarithmic_level"
            case "log normal":
                assert shape.p10 is not None  # noqa: S101  the checker's promise
                return f"log_normal_level({column}, {quote_number(shape.p10.value)}, {quote_number(full)})"
            case _:
                assert_never(shape.name)
        return f"{macro}({column}, {quote_number(full)})"

    def _row_taken(self, table: Table, column: str) -> str:
        cases: list[str] = []
        other = missing = "NULL"
        for place, row in enumerate(table.rows):
            match row.takes:
                case Missing():
                    missing = str(place)
                case AnyOther():
                    other = str(place)
                case Values(values=values):
                    among = ", ".join(quote_value(value) for value in values)
                    cases.append(f"WHEN {column} IN ({among}) THEN {place}")
                case Range() as stretch:
                    cases.append(f"WHEN {_inside(stretch, column)} THEN {place}")
                case _:
                    assert_never(row.takes)
        if missing == "NULL":
            missing = other
        return f"CASE WHEN {column} IS NULL THEN {missing} {' '.join(cases)} ELSE {other} END"

    def _number(self, expr: Expr) -> Sql:
        return sql_of(expr, self.names)

    def input_reach(self, rule: Rule) -> Reach:
        """Return how far the number that a rule looks at can go, before its ``when`` is asked."""
        return self._number(looks_at(rule)).number

    def value_reach(self, rule: Rule) -> Reach:
        """Return how far a rule's value can go, and with how many places."""
        return self._value_reaches[rule.name]

    @cached_property
    def _value_reaches(self) -> dict[str, Reach]:
        return {rule.name: self._value_reach(rule) for rule in self.plan.rulebook.rules}

    def _value_reach(self, rule: Rule) -> Reach:
        low, high = self._value_range(rule)
        places = [PLACES] if isinstance(rule.body, Weighted) else []
        places += [self._number(each).number.places for each in _giving(rule)]
        return Reach(max(abs(low), abs(high)), max(places))

    def points_reach(self, rule: Rule) -> Reach:
        """Return how far a rule's points can go, after its bounds and rounding."""
        return Reach(self._bounded_reach(rule).most + 1, min(self._bounded_reach(rule).places, self._line_places))

    def _bounded_reach(self, rule: Rule) -> Reach:
        ends = list(self._value_range(rule))
        if rule.at_least is not None:
            ends = [max(end, rule.at_least.value) for end in ends]
        if rule.at_most is not None:
            ends = [min(end, rule.at_most.value) for end in ends]
        bounds = [places_of(each.value) for each in (rule.at_least, rule.at_most) if each is not None]
        return Reach(max(abs(end) for end in ends), max([self.value_reach(rule).places, *bounds]))

    def _value_range(self, rule: Rule) -> tuple[Decimal, Decimal]:
        """Return the least and the greatest value that a rule can have."""
        ends: list[Decimal] = []
        for each in _giving(rule):
            assert isinstance(each.type, NumberType)  # noqa: S101  the checker's promise
            ends += [each.type.low, each.type.high]
        if isinstance(rule.body, Weighted):
            ends += [Decimal(0), rule.body.weight.value]
        return min(ends), max(ends)

    @property
    def _line_places(self) -> int:
        return self.plan.rulebook.score.line_places

    def missing_names(self, rule: Rule) -> tuple[str, ...]:
        """Return the names that a rule can lack, once each."""
        return tuple(dict.fromkeys(name for _, name in self._missing_names(rule)))

    def _valued(self, rule: Rule) -> list[str]:
        column, met = rule_column(rule, "input"), self._met(rule)
        more: list[str] = []
        otherwise = "NULL"
        if rule.otherwise is not None and rule.otherwise.points is not None:
            otherwise = self._number(rule.otherwise.points).safe
        match rule.body:
            case Weighted(weight=weight):
                level = rule_column(rule, "level")
                there = f"{level} IS NOT NULL"
                value = self._weight_times(weight, level)
            case Points():
                there, value = f"{column} IS NOT NULL", column
            case Table(rows=rows):
                row = rule_column(rule, "row")
                there = f"{row} IS NOT NULL"
                cases = " ".join(
                    f"WHEN {place} THEN {self._number(each.points).safe}" for place, each in enumerate(rows)
                )
                value = f"CASE {row} {cases} END"
                if _row_can_lack(rule):
                    more.append(f"{there} AND ({value}) IS NULL AS {rule_column(rule, 'lacks')}")
                    value = f"coalesce({value}, {otherwise})"
            case _:
                assert_never(rule.body)
        met_and_there = there if met is None else f"{met} AND {there}"
        text = f"CASE WHEN {met_and_there} THEN {value} ELSE {otherwise} END"
        return [f"CAST({text} AS {least_type(self.value_reach(rule))}) AS {rule_column(rule, 'value')}", *more]

    def _weight_times(self, weight: Constant, level: str) -> str:
        product = Reach(abs(weight.value), places_of(weight.value) + PLACES)
        if product.fits:
            return f"{quote_number(weight.value)} * {level}"
        return f"long_product({quote_number(weight.value)}, {level})"

    def _points(self, rule: Rule) -> list[str]:
        value = rule_column(rule, "value")
        reach, type_ = self._bounded_reach(rule), least_type(self.points_reach(rule))
        text = held(value, rule.at_least, rule.at_most)
        if self._line_places < reach.places:
            text = f"CAST({text} AS {least_type(reach)})"
            text = rounding(text, self._line_places, is_wide=not fits_64_bits(least_type(reach)))
        return [f"CAST({text} AS {type_}) AS {rule_column(rule, 'points')}"]

    def _told(self, rule: Rule) -> list[str]:
        """Return the state of a rule that need not apply, and the first name that it misses."""
        if not self.can_fail(rule):
            return []
        column, met = rule_column(rule, "input"), self._met(rule)
        cases = [] if met is None else [f"WHEN {met} IS NULL THEN 'missing'", f"WHEN NOT {met} THEN 'not applicable'"]
        cases.append(f"WHEN {column} IS NULL THEN 'missing'")
        names = self._missing_names(rule)
        if _row_can_lack(rule):
            cases.append(f"WHEN {rule_column(rule, 'lacks')} THEN 'missing'")
        state = f"CASE {' '.join(cases)} ELSE 'applies' END"
        found = " ".join(f"WHEN {test} THEN {quote_text(name)}" for test, name in names)
        missing = f"CASE WHEN {state} = 'missing' THEN CASE {found} END END" if found else "CAST(NULL AS VARCHAR)"
        return [f"{state} AS {rule_column(rule, 'state')}", f"{missing} AS {rule_column(rule, 'missing')}"]

    def _missing_names(self, rule: Rule) -> list[tuple[str, str]]:
        """Return tests for what is missing, each with its name, in the order of the text."""
        exprs = [looks_at(rule)] if rule.when is None else [rule.when, looks_at(rule)]
        found = [each for expr in exprs for each in absent(expr, self.names)]
        if isinstance(rule.body, Table) and _row_can_lack(rule):
            row, lacks = rule_column(rule, "row"), rule_column(rule, "lacks")
            for place, each in enumerate(rule.body.rows):
                found += [
                    (f"{row} = {place} AND {lacks} AND {test}", name) for test, name in absent(each.points, self.names)
                ]
        return found


def row_taken(rule: Rule) -> str:
    """Return the row of its table whose points a rule gives; none where it lacks them."""
    row = rule_column(rule, "row")
    return f"CASE WHEN NOT {rule_column(rule, 'lacks')} THEN {row} END" if _row_can_lack(rule) else row


def _row_can_lack(rule: Rule) -> bool:
    """Whether the points of a row of a rule's table can be missing; `otherwise` serves then."""
    return isinstance(rule.body, Table) and any(row.points.optional for row in rule.body.rows)


def _giving(rule: Rule) -> tuple[Expr, ...]:
    """Return the expressions whose values are a rule's; of a weighted rule only that of its ``otherwise``."""
    otherwise = None if rule.otherwise is None else rule.otherwise.points
    exprs = () if otherwise is None else (otherwise,)
    match rule.body:
        case Weighted():
            return exprs
        case Points(value=value):
            return (*exprs, value)
        case Table(rows=rows):
            return (*exprs, *(row.points for row in rows))
        case _:
            assert_never(rule.body)


def _inside(stretch: Range, column: str) -> str:
    tests: list[str] = []
    if stretch.low is not None:
        tests.append(f"{column} {'>' if stretch.low_open else '>='} {_end(stretch.low)}")
    if stretch.high is not None:
        tests.append(f"{column} {'<' if stretch.high_open else '<='} {_end(stretch.high)}")
    return " AND ".join(tests) or "true"


def _end(end: Decimal | date) -> str:
    return literal(end).text
