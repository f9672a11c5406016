"""Takes a plan; gives the steps from the people who meet every requirement to their lines, facets and scores, a row
each.

Rules are worked out side by side in four steps: what each looks at, what it takes from that, its value, and its
points after bounds and rounding. Columns of a rule are called ``RULE: input`` and so on.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import assert_never

from msgspec import Struct

from tallystick.engine.query.expression import SHORT_QUOTIENT, Names, Reach, Sql, literal, never_missing, sql_of
from tallystick.engine.query.missing import absent
from tallystick.engine.query.people import PEOPLE, UNMET
from tallystick.engine.query.plan import Plan
from tallystick.engine.query.sql import added, listed, quote_name, quote_number, quote_text, quote_value
from tallystick.engine.query.steps import Step
from tallystick.rules.decimals import EXACT, PLACES, places_of
from tallystick.rules.rulebook import (
    LIMIT,
    AnyOther,
    Band,
    Constant,
    Expr,
    Facet,
    Missing,
    NumberType,
    Points,
    Range,
    Rule,
    Shape,
    Table,
    TimeType,
    Values,
    Weighted,
)

RESULTS = "results"
_LONG = Decimal(10) ** 29
_SHORT, _SHORT_DIGITS = "DECIMAL(18", 18
"""Numbers of so many digits fit 64 bits."""
_MOST_ADDED = 200
"""So many numbers are added one after another."""


def rule_column(rule: Rule, part: str) -> str:
    """Return a column of a rule."""
    return quote_name(f"{rule.name}: {part}")


def facet_column(facet: Facet, part: str) -> str:
    """Return a column of a facet."""
    return quote_name(f"facet {facet.name}: {part}")


def need_column(band: Band, place: int) -> str:
    """Return the column that says whether a need of a band is met; ``place`` counts from 1."""
    return quote_name(f"band {band.name}: need {place}")


def looks_at(rule: Rule) -> Expr:
    """Return what a rule takes its points from."""
    match rule.body:
        case Weighted(value=value) | Points(value=value) | Table(by=value):
            return value
        case _:
            assert_never(rule.body)


class RuleSteps(Struct, frozen=True, dict=True):
    """The steps to ``results``; the query after them takes all columns of the last."""

    plan: Plan
    names: Names

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All of them, in order."""
        rulebook = self.plan.rulebook
        steps = [
            Step(
                "people to score",
                "everybody who meets every requirement",
                f"SELECT {', '.join(self._of_people)}\nFROM {quote_name(PEOPLE)} WHERE {UNMET} = 0",
            )
        ]

        def add(name: str, words: str, columns: list[str]) -> None:
            if columns:
                body = f"SELECT *,\n{listed(columns)}\nFROM {quote_name(steps[-1].name)}"
                steps.append(Step(name, words, body))

        rules = rulebook.rules
        add(
            "rules looking",
            "whether each rule applies, and what it looks at",
            [c for rule in rules for c in self._looking(rule)],
        )
        add(
            "rules taking",
            "the level, or the row of the table, that it takes",
            [c for rule in rules for c in self._taking(rule)],
        )
        add("rules valued", "its value, or that of its otherwise", [c for rule in rules for c in self._valued(rule)])
        add("rules pointed", "its points, after its bounds and rounding", [self._points(rule) for rule in rules])
        add("rules told", "why a rule gives what it gives", [c for rule in rules for c in self._told(rule)])
        add("facets added", "the sum of each facet's lines", [self._facet_lines(facet) for facet in rulebook.facets])
        add(
            "facets bounded",
            "each facet's sum held within its bounds",
            [self._subtotal(facet) for facet in rulebook.facets],
        )
        add("scores added", "the sum of everything", [self._total()])
        add("scores divided", "as a mean by weight", self._mean())
        add("scores bounded", "held within the bounds of the score", [self._bounded()])
        add("scores rounded", "rounded last of all", [self._rounded()])
        add("bands asked", "what each band needs", self._needs())
        return tuple(steps)

    @property
    def _of_people(self) -> list[str]:
        """The columns that a rule can read; the others would be carried through every step."""
        attributes = [field for field in self.plan.rulebook.subjects or () if field.name != "subject"]
        columns = ["subject", *(quote_name(measure.name) for measure in self.plan.rulebook.measures)]
        columns += [quote_name(field.name) for field in attributes]
        return columns + [quote_name(f"{each.name}: day") for each in attributes if isinstance(each.type, TimeType)]

    def results(self) -> str:
        """Return the query after the steps."""
        columns = ["subject"]
        for rule in self.plan.rulebook.rules:
            columns += self.kept(rule)
        for facet in self.plan.rulebook.facets:
            columns += [facet_column(facet, "lines"), facet_column(facet, "subtotal")]
        columns += ['"the sum"', '"the mean"'] if self._is_mean else ['"the sum"']
        columns += [need_column(band, place) for band, place, _ in self._all_needs]
        columns += ['"the bounded"', '"the score"', f'{self._band()} AS "the band"']
        return f"SELECT\n{listed(columns)}\nFROM {quote_name(self.steps[-1].name)}"

    def kept(self, rule: Rule) -> list[str]:
        """Return the columns of a rule that the ledger is made from."""
        parts = ["value", "points"]
        if self.can_fail(rule):
            parts += ["state", "missing"]
        if isinstance(rule.body, Weighted):
            parts += ["input", "level"]
        if isinstance(rule.body, Table):
            parts.append("row")
            if isinstance(rule.body.by.type, NumberType):
                parts.append("input")
        return [rule_column(rule, part) for part in parts]

    def can_fail(self, rule: Rule) -> bool:
        """Whether a rule can do anything but apply."""
        exprs = [looks_at(rule)]
        if isinstance(rule.body, Table):
            exprs += [row.points for row in rule.body.rows]
        return rule.when is not None or any(expr.optional for expr in exprs)

    # ---- rules ---------------------------------------------------------------------------------------------------

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
            case _:
                assert_never(rule.body)
        met_and_there = there if met is None else f"{met} AND {there}"
        text = f"CASE WHEN {met_and_there} THEN {value} ELSE {otherwise} END"
        return [f"CAST({text} AS {least_type(self.value_reach(rule))}) AS {rule_column(rule, 'value')}"]

    def _weight_times(self, weight: Constant, level: str) -> str:
        product = Reach(abs(weight.value), places_of(weight.value) + PLACES)
        if product.fits:
            return f"{quote_number(weight.value)} * {level}"
        return f"long_product({quote_number(weight.value)}, {level})"

    def _points(self, rule: Rule) -> str:
        value = rule_column(rule, "value")
        reach, type_ = self._bounded_reach(rule), least_type(self.points_reach(rule))
        text = held(value, rule.at_least, rule.at_most)
        if self._line_places < reach.places:
            text = f"CAST({text} AS {least_type(reach)})"
            text = rounding(text, self._line_places, is_wide=not least_type(reach).startswith(_SHORT))
        return f"CAST({text} AS {type_}) AS {rule_column(rule, 'points')}"

    def _told(self, rule: Rule) -> list[str]:
        """Return the state of a rule that need not apply, and the first name that it misses."""
        if not self.can_fail(rule):
            return []
        column, value, met = rule_column(rule, "input"), rule_column(rule, "value"), self._met(rule)
        cases = [] if met is None else [f"WHEN {met} IS NULL THEN 'missing'", f"WHEN NOT {met} THEN 'not applicable'"]
        cases.append(f"WHEN {column} IS NULL THEN 'missing'")
        names = self._missing_names(rule)
        if isinstance(rule.body, Table):
            cases.append(f"WHEN {rule_column(rule, 'row')} IS NOT NULL AND {value} IS NULL THEN 'missing'")
        state = f"CASE {' '.join(cases)} ELSE 'applies' END"
        found = " ".join(f"WHEN {test} THEN {quote_text(name)}" for test, name in names)
        missing = f"CASE WHEN {state} = 'missing' THEN CASE {found} END END" if found else "CAST(NULL AS VARCHAR)"
        return [f"{state} AS {rule_column(rule, 'state')}", f"{missing} AS {rule_column(rule, 'missing')}"]

    def _missing_names(self, rule: Rule) -> list[tuple[str, str]]:
        """Return tests for what is missing, each with its name, in the order of the text."""
        exprs = [looks_at(rule)] if rule.when is None else [rule.when, looks_at(rule)]
        found = [each for expr in exprs for each in absent(expr, self.names)]
        if isinstance(rule.body, Table):
            row, value = rule_column(rule, "row"), rule_column(rule, "value")
            for place, each in enumerate(rule.body.rows):
                found += [
                    (f"{row} = {place} AND {value} IS NULL AND {test}", name)
                    for test, name in absent(each.points, self.names)
                ]
        return found

    # ---- facets and the score ------------------------------------------------------------------------------------

    @property
    def _is_mean(self) -> bool:
        return self.plan.rulebook.score.out_of is not None

    def _facet_lines(self, facet: Facet) -> str:
        rules = [rule for rule in self.plan.rulebook.rules if rule.facet == facet.name]
        return f"CAST({self._points_of(rules)} AS DECIMAL(38, 9)) AS {facet_column(facet, 'lines')}"

    def _points_of(self, rules: list[Rule]) -> str:
        """Return SQL for the sum of the points of some rules."""
        reaches = [self.points_reach(rule) for rule in rules]
        most = sum((each.most for each in reaches), Decimal(1))
        return _sum(
            [rule_column(rule, "points") for rule in rules],
            Reach(most, max((each.places for each in reaches), default=0)),
        )

    def _subtotal(self, facet: Facet) -> str:
        lines = facet_column(facet, "lines")
        return (
            f"CAST({held(lines, facet.at_least, facet.at_most)} AS DECIMAL(38, 9)) AS {facet_column(facet, 'subtotal')}"
        )

    def _total(self) -> str:
        subtotals = [facet_column(facet, "subtotal") for facet in self.plan.rulebook.facets]
        alone = [rule for rule in self.plan.rulebook.rules if rule.facet is None]
        if not subtotals:
            return f'CAST({self._points_of(alone)} AS DECIMAL(38, 9)) AS "the sum"'
        parts = [*subtotals, *(rule_column(rule, "points") for rule in alone)]
        return f'CAST({_sum(parts)} AS DECIMAL(38, 9)) AS "the sum"'

    def _mean(self) -> list[str]:
        """Divide by the weights that apply: one quotient of the exact ``sum * out of`` and their sum."""
        out_of = self.plan.rulebook.score.out_of
        if out_of is None:
            return []
        weights: list[tuple[str, Decimal]] = [
            (rule_column(rule, "points"), rule.body.weight.value)
            for rule in self.plan.rulebook.rules
            if isinstance(rule.body, Weighted)
        ]
        places = places_of(out_of.value)
        whole = EXACT.scaleb(out_of.value, places)
        scale = EXACT.scaleb(Decimal(1), places)
        all_weights = sum((weight for _, weight in weights), Decimal(1))
        apply = _sum(
            [f"CASE WHEN {points} IS NOT NULL THEN {quote_number(weight)} END" for points, weight in weights],
            Reach(EXACT.multiply(all_weights, scale), max(places_of(weight) for _, weight in weights)),
        )
        most = max(EXACT.multiply(self._most_points, abs(whole)), EXACT.multiply(all_weights, scale))
        if most < _LONG:
            macro = "quotient" if most < SHORT_QUOTIENT else "long_quotient"
            mean = f'{macro}("the sum" * {quote_number(whole)}, ({apply}) * {quote_number(scale)})'
        else:
            mean = f'"exactly mean"("the sum", {quote_number(out_of.value)}, {apply})'
        return [f'CASE WHEN {apply} <> 0 THEN {mean} END AS "the mean"']

    @property
    def _most_points(self) -> Decimal:
        """No sum of all lines and facet bounds is further from 0."""
        most = Decimal(1)
        for rule in self.plan.rulebook.rules:
            ways = [rule.body.weight.value] if isinstance(rule.body, Weighted) else []
            ways += [abs(bound.value) for bound in (rule.at_least, rule.at_most) if bound is not None]
            if rule.otherwise is not None and rule.otherwise.points is not None:
                ways.append(self._number(rule.otherwise.points).number.most)
            most = EXACT.add(most, max(ways, default=LIMIT))
        for facet in self.plan.rulebook.facets:
            bounds = [abs(bound.value) for bound in (facet.at_least, facet.at_most) if bound is not None]
            most = EXACT.add(most, max(bounds, default=Decimal(0)))
        return most

    @property
    def _unbounded(self) -> str:
        return '"the mean"' if self._is_mean else '"the sum"'

    def _bounded(self) -> str:
        score = self.plan.rulebook.score
        return f'CAST({held(self._unbounded, score.at_least, score.at_most)} AS DECIMAL(38, 9)) AS "the bounded"'

    def _rounded(self) -> str:
        places = self.plan.rulebook.score.places
        return f'{rounded(chr(34) + "the bounded" + chr(34), PLACES if places is None else places)} AS "the score"'

    def _band(self) -> str:
        bands = self.plan.rulebook.bands
        if not bands:
            return "CAST(NULL AS VARCHAR)"
        cases = " ".join(f"WHEN {self._reached(band)} THEN {quote_text(band.name)}" for band in reversed(bands))
        return f"CASE {cases} END"

    def _reached(self, band: Band) -> str:
        if band.start is not None:
            return f'"the score" >= {quote_number(band.start)}'
        return " AND ".join(
            ['"the score" IS NOT NULL', *(need_column(band, place) for place in range(1, len(band.needs) + 1))]
        )

    @property
    def _all_needs(self) -> list[tuple[Band, int, Expr]]:
        return [
            (band, place, need.when)
            for band in self.plan.rulebook.bands
            for place, need in enumerate(band.needs, start=1)
        ]

    def _needs(self) -> list[str]:
        return [
            f"{never_missing(sql_of(when, self.names).safe)} AS {need_column(band, place)}"
            for band, place, when in self._all_needs
        ]


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


def held(column: str, low: Constant | None, high: Constant | None) -> str:
    """Return SQL for a column held within bounds; missing stays missing."""
    text = column
    if low is not None:
        text = f"greatest({text}, {quote_number(low.value)})"
    if high is not None:
        text = f"least({text}, {quote_number(high.value)})"
    return text if text == column else f"CASE WHEN {column} IS NOT NULL THEN {text} END"


def rounded(text: str, places: int) -> str:
    """Return SQL for a number rounded to so many places, half away from zero, kept with 9."""
    if places >= PLACES:
        return f"CAST({text} AS DECIMAL(38, 9))"
    return f"CAST({rounding(text, places, is_wide=True)} AS DECIMAL(38, 9))"


def rounding(text: str, places: int, *, is_wide: bool) -> str:
    """Return SQL for a number rounded, with only the places left. ``is_wide``: it has 9 and takes 128 bits."""
    if not is_wide:
        return f"round({text}, {places})"
    # What fits 64 bits is rounded thirty times as fast.
    return f"coalesce(round(TRY_CAST({text} AS DECIMAL(18, 9)), {places}), round({text}, {places}))"


def least_type(reach: Reach) -> str:
    """Return the type in which numbers take the least room."""
    digits = len(f"{reach.most:f}".partition(".")[0])
    return f"{_SHORT}, {reach.places})" if digits + reach.places <= _SHORT_DIGITS else reach.type


def _sum(columns: list[str], reach: Reach | None = None) -> str:
    """Return SQL for a sum of columns, of which the first is wide already, or the sum is within ``reach``: numbers of
    18 digits are added in 64 bits, which fails where the sum has more."""
    terms = [f"coalesce({column}, 0)" for column in columns]
    is_long = len(terms) > _MOST_ADDED
    if terms and (is_long or (reach is not None and least_type(reach) == reach.type)):
        for first in range(0, len(terms), _MOST_ADDED):
            terms[first] = f"CAST({terms[first]} AS DECIMAL(38, 9))"
    # A sum of sums, where one after another would be nested deeper than the database takes.
    sums = [" + ".join(terms[first : first + _MOST_ADDED]) for first in range(0, len(terms), _MOST_ADDED)]
    return added([f"({each})" for each in sums]) if is_long else "".join(sums) or "0"


def _inside(stretch: Range, column: str) -> str:
    tests: list[str] = []
    if stretch.low is not None:
        tests.append(f"{column} {'>' if stretch.low_open else '>='} {_end(stretch.low)}")
    if stretch.high is not None:
        tests.append(f"{column} {'<' if stretch.high_open else '<='} {_end(stretch.high)}")
    return " AND ".join(tests) or "true"


def _end(end: Decimal | date) -> str:
    return literal(end).text
