"""Takes a plan; gives the wide tables of the ledger, which are also the files of a run: a row for each person, in
columns all that the person's rows of the ledger hold.

A column is called by what it is of, then by what it holds: ``likes: records``. What is the same for everybody has no
column. A table made from a connection's ``people`` and ``results`` and one read back from its file are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from tallystick.engine.query.expression import Reach
from tallystick.engine.query.fates import account_column, accounts_of
from tallystick.engine.query.people import (
    ADMITTED,
    PEOPLE,
    UNMET,
    PersonNames,
)
from tallystick.engine.query.plan import Plan
from tallystick.engine.query.rounding import held, least_type
from tallystick.engine.query.rules import RuleSteps, row_taken, rule_column
from tallystick.engine.query.scores import RESULTS, facet_column, need_column
from tallystick.engine.query.sql import listed, quote_name, quote_text
from tallystick.engine.query.steps import (
    records_column,
    step_columns,
    steps_left_out,
    steps_taken,
    values_left_out,
)
from tallystick.rules.decimals import PLACES
from tallystick.rules.expression import MeasureOf
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.rule import Facet, Rule, Table, Weighted
from tallystick.rules.rulebook import Field
from tallystick.rules.value import DateType, NumberType, TimeType, YesNoType

WIDE = ("scores", "lines", "adjustments", "measures", "inputs", "accounts")
"""The wide tables; each is a file of a run."""
OF_PEOPLE = ("measures", "inputs", "accounts")
"""Those that are there before rules are worked out."""
NUMBER = "DECIMAL(38, 9)"
COUNTED = "BIGINT"
_SCORED = '"the score" IS NOT NULL'


def wide_name(table: str) -> str:
    """Return what a wide table is called in a connection."""
    return f"{table} by person"


def facet_amount(facet: Facet) -> str:
    """Return the column with what a facet's bounds gave or took."""
    return quote_name(f"facet {facet.name}: bounds")


class WideColumn(Struct, frozen=True):
    """A column: its name, quoted, the SQL that works it out, and its type."""

    name: str
    text: str
    type: str

    @property
    def bare(self) -> str:
        """Its name as people write it."""
        return self.name.strip('"')

    @property
    def selected(self) -> str:
        """The column as a query selects it."""
        return f"CAST({self.text} AS {self.type}) AS {self.name}"


class WideTable(Struct, frozen=True):
    """A wide table: its columns beside ``subject``, what they are selected from, and its ``subject`` there."""

    name: str
    columns: tuple[WideColumn, ...]
    source: str
    subject: str = "subject"

    @property
    def query(self) -> str:
        """The query that makes it."""
        return f"SELECT\n{listed([self.subject, *(each.selected for each in self.columns)])}\nFROM {self.source}"


class WideTables(Struct, frozen=True):
    """The wide tables of a plan's ledger."""

    plan: Plan
    rules: RuleSteps

    @property
    def tables(self) -> Mapping[str, WideTable]:
        """Each by its name, which is that of its file."""
        people, results = f"{quote_name(PEOPLE)} WHERE {ADMITTED}", f"{quote_name(RESULTS)} WHERE {_SCORED}"
        both = f"{quote_name(PEOPLE)} AS people\nLEFT JOIN {quote_name(RESULTS)} AS results USING (subject)"
        made = (
            WideTable("scores", (*self._scores(), *self._facets(), *self._needs()), both, "people.subject"),
            WideTable("lines", tuple(self._lines()), results),
            WideTable("adjustments", tuple(self._adjustments()), results),
            WideTable("measures", tuple(self._measures()), people),
            WideTable("inputs", tuple(self._inputs()), people),
            WideTable("accounts", tuple(self._accounts()), people),
        )
        return {each.name: each for each in made}

    # ---- scores, lines, adjustments ------------------------------------------------------------------------------

    def _scores(self) -> Iterable[WideColumn]:
        requires = list(enumerate(self.plan.rulebook.requires, start=1))
        unscored = 'WHEN "the score" IS NULL THEN {}'
        outcome = f"CASE {unscored.format(quote_text('insufficient data'))} ELSE 'scored' END"
        requirement = f"CASE {unscored.format(quote_text('score'))} END"
        if requires:
            outcomes = " ".join(f"WHEN {place} THEN {quote_text(each.outcome)}" for place, each in requires)
            names = " ".join(f"WHEN {place} THEN {quote_text(each.name)}" for place, each in requires)
            outcome = f"CASE WHEN {UNMET} <> 0 THEN CASE {UNMET} {outcomes} END ELSE {outcome} END"
            requirement = f"CASE WHEN {UNMET} <> 0 THEN CASE {UNMET} {names} END ELSE {requirement} END"
        yield WideColumn(quote_name("outcome"), outcome, "VARCHAR")
        yield WideColumn(quote_name("score"), '"the score"', self._bounded_type)
        yield WideColumn(quote_name("band"), '"the band"', "VARCHAR")
        yield WideColumn(quote_name("requirement"), requirement, "VARCHAR")

    @property
    def _bounded_type(self) -> str:
        score = self.plan.rulebook.score
        if score.at_least is None or score.at_most is None:
            return NUMBER
        most = max(abs(score.at_least.value), abs(score.at_most.value))
        return least_type(Reach(most, PLACES))

    def _facets(self) -> Iterable[WideColumn]:
        for facet in self.plan.rulebook.facets:
            for part in ("lines", "subtotal"):
                column = facet_column(facet, part)
                yield WideColumn(column, column, NUMBER)

    def _needs(self) -> Iterable[WideColumn]:
        for band in self.plan.rulebook.bands:
            for place in range(1, len(band.needs) + 1):
                column = need_column(band, place)
                yield WideColumn(column, column, "BOOLEAN")

    def _lines(self) -> Iterable[WideColumn]:
        for rule in self.plan.rulebook.rules:
            yield from self._line(rule)

    def _line(self, rule: Rule) -> Iterable[WideColumn]:
        value, points = rule_column(rule, "value"), rule_column(rule, "points")
        can_fail = self.rules.can_fail(rule)
        if can_fail:
            state, missing = rule_column(rule, "state"), rule_column(rule, "missing")
            yield WideColumn(state, state, "VARCHAR")
            yield WideColumn(missing, missing, "VARCHAR")
        body = rule.body
        if isinstance(body, Weighted):
            yield WideColumn(
                rule_column(rule, "input"), rule_column(rule, "input"), least_type(self.rules.input_reach(rule))
            )
            yield WideColumn(rule_column(rule, "level"), rule_column(rule, "level"), "DECIMAL(10, 9)")
        if isinstance(body, Table):
            yield WideColumn(rule_column(rule, "row"), row_taken(rule), "INTEGER")
            if isinstance(body.by.type, NumberType):
                entry = rule_column(rule, "input")
                text = f"CASE WHEN {rule_column(rule, 'state')} = 'applies' THEN {entry} END" if can_fail else entry
                yield WideColumn(entry, text, least_type(self.rules.input_reach(rule)))
        yield WideColumn(value, value, least_type(self.rules.value_reach(rule)))
        raised, lowered = held(value, rule.at_least, None), held(value, rule.at_least, rule.at_most)
        if self._bounds_far(rule):
            raised = f"CAST({raised} AS {NUMBER})"
        if rule.at_least is not None:
            yield WideColumn(rule_column(rule, "given"), f"{raised} - {value}", NUMBER)
        if rule.at_most is not None:
            yield WideColumn(rule_column(rule, "taken"), f"{raised} - {lowered}", NUMBER)
        if self.plan.rulebook.score.line_places < PLACES:
            yield WideColumn(rule_column(rule, "rounding"), f"{points} - {lowered}", "DECIMAL(10, 9)")
        yield WideColumn(points, points, least_type(self.rules.points_reach(rule)))

    def _bounds_far(self, rule: Rule) -> bool:
        """Whether what bounds take or give can have more than 18 digits, though each number has fewer: their difference
        would be tried in 64 bits, and fail."""
        value = self.rules.value_reach(rule)
        bounds = [abs(bound.value) for bound in (rule.at_least, rule.at_most) if bound is not None]
        reach = Reach(2 * max([value.most, *bounds]), value.places)
        return least_type(reach) == reach.type

    def _adjustments(self) -> Iterable[WideColumn]:
        rulebook = self.plan.rulebook
        score = rulebook.score
        for facet in rulebook.facets:
            if facet.at_least is not None or facet.at_most is not None:
                amount = f"{facet_column(facet, 'subtotal')} - {facet_column(facet, 'lines')}"
                yield WideColumn(facet_amount(facet), amount, NUMBER)
        unbounded = '"the sum"'
        if score.out_of is not None:
            yield WideColumn('"division"', '"the mean" - "the sum"', NUMBER)
            unbounded = '"the mean"'
        if score.at_least is not None or score.at_most is not None:
            yield WideColumn('"bounds"', f'"the bounded" - {unbounded}', NUMBER)
        if score.places is not None:
            yield WideColumn('"rounding"', '"the score" - "the bounded"', "DECIMAL(10, 9)")

    # ---- measures, inputs, accounts ------------------------------------------------------------------------------

    def _measures(self) -> Iterable[WideColumn]:
        of_records = {each.name: each for each in self.plan.measures}
        for measure in self.plan.rulebook.measures:
            value = quote_name(f"{measure.name}: value")
            if isinstance(measure.aggregate, Formula) and measure.when is not None:
                met = quote_name(f"{measure.name}: when")
                yield WideColumn(met, met, "BOOLEAN")
            yield WideColumn(value, quote_name(measure.name), least_type(self._measure_reach(measure)))
            each = of_records.get(measure.name)
            if each is None:
                continue
            yield WideColumn(records_column(each), records_column(each), COUNTED)
            for step, name in (*steps_left_out(each), *steps_taken(each)):
                records, amount = step_columns(each, step, name)
                yield WideColumn(records, records, COUNTED)
                if (step, name) in steps_taken(each) or values_left_out(each):
                    yield WideColumn(amount, amount, NUMBER)

    def _measure_reach(self, measure: Measure) -> Reach:
        names = self.rules.names
        assert isinstance(names, PersonNames)  # noqa: S101  they are those of people
        return names.column(MeasureOf(measure.name)).number

    def _inputs(self) -> Iterable[WideColumn]:
        for field in self.plan.rulebook.subjects or ():
            yield WideColumn(quote_name(f"{field.name}: value"), written(field, quote_name(field.name)), "VARCHAR")

    def _accounts(self) -> Iterable[WideColumn]:
        for fate, name in accounts_of(self.plan):
            column = account_column(fate, name)
            yield WideColumn(quote_name(f"{fate} {name}".rstrip()), column, COUNTED)


def written(field: Field, column: str) -> str:
    """Return SQL for a value's canonical text."""
    match field.type:
        case YesNoType():
            return f"CASE {column} WHEN true THEN 'yes' WHEN false THEN 'no' END"
        case NumberType():
            text = f"CAST({column} AS VARCHAR)"
            return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
        case DateType():
            return f"strftime({column}, '%Y-%m-%d')"
        case TimeType():
            seconds = f"strftime({column}, '%Y-%m-%dT%H:%M:%S')"
            digits = f"rtrim(strftime({column}, '.%f'), '0')"
            fraction = f"CASE WHEN date_part('microsecond', {column}) % 1000000 <> 0 THEN {digits} ELSE '' END"
            return f"{seconds} || {fraction} || 'Z'"
        case _:
            return f"CAST({column} AS VARCHAR)"
