"""Takes a plan and the tables of a run; gives the tables of the ledger as views of them, with the columns of
``ledger``'s rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tallystick.engine.plan import Plan, RecordMeasure
from tallystick.engine.sql import indented, quote_name, quote_number, quote_text
from tallystick.engine.sql_people import (
    ADMITTED,
    KEY,
    PEOPLE,
    UNMET,
    counting,
    looked_at,
    tallies_of,
    window_of,
    within_column,
)
from tallystick.engine.sql_rules import RESULTS, RuleSteps, facet_column, held, rule_column
from tallystick.engine.sql_steps import LEFT_IN, NOT_YET, UNLISTED, gross, records_column, step_columns, steps_taken
from tallystick.rules.rulebook import (
    Count,
    DateType,
    Field,
    Formula,
    Measure,
    NumberType,
    Rule,
    SumByKind,
    SumOf,
    Table,
    TimeType,
    Weighted,
    YesNoType,
)

TABLES = ("scores", "lines", "facets", "adjustments", "measures", "steps", "inputs", "accounts")
_NUMBER = "DECIMAL(38, 9)"


@dataclass(frozen=True)
class LedgerViews:
    """The queries of the ledger's tables over the tables ``tallies``, ``people`` and ``results``."""

    plan: Plan
    rules: RuleSteps
    has_records: bool

    @property
    def queries(self) -> Mapping[str, str]:
        """The query of each table of the ledger, by its name."""
        return {
            "scores": self._scores(),
            "lines": self._lines(),
            "facets": self._facets(),
            "adjustments": self._adjustments(),
            "measures": self._measures(),
            "steps": self._steps(),
            "inputs": self._inputs(),
            "accounts": self._accounts(),
        }

    # ---- scores, lines, facets, adjustments ----------------------------------------------------------------------

    def _scores(self) -> str:
        requires = list(enumerate(self.plan.rulebook.requires, start=1))
        outcomes = " ".join(f"WHEN {place} THEN {quote_text(each.outcome)}" for place, each in requires)
        names = " ".join(f"WHEN {place} THEN {quote_text(each.name)}" for place, each in requires)
        unscored = 'WHEN "the score" IS NULL THEN {}'
        unmet = f"WHEN {UNMET} <> 0 THEN CASE {UNMET}"
        outcome = f"CASE {unmet} {outcomes} END {unscored.format(quote_text('insufficient data'))} ELSE 'scored' END"
        requirement = f"CASE WHEN {UNMET} <> 0 THEN CASE {UNMET} {names} END {unscored.format(quote_text('score'))} END"
        if not requires:
            outcome = f"CASE {unscored.format(quote_text('insufficient data'))} ELSE 'scored' END"
            requirement = f"CASE {unscored.format(quote_text('score'))} END"
        return (
            f'SELECT people.subject, {outcome} AS outcome, "the score" AS score, "the band" AS band,\n'
            f"    CAST({requirement} AS VARCHAR) AS requirement\n"
            f"FROM {quote_name(PEOPLE)} AS people\n"
            f"LEFT JOIN {quote_name(RESULTS)} AS results ON results.subject = people.subject"
        )

    def _lines(self) -> str:
        texts, amounts = ("subject", "rule", "state", "missing"), ("value", "taken", "given", "rounding", "points")
        return _union(self._line(rule) for rule in self.plan.rulebook.rules) or _nothing(
            [
                *((name, "VARCHAR") for name in texts),
                *((name, _NUMBER) for name in ("input", "level", "weight")),
                ("row", "INTEGER"),
                *((name, _NUMBER) for name in amounts),
            ]
        )

    def _line(self, rule: Rule) -> str:
        value, points = rule_column(rule, "value"), rule_column(rule, "points")
        can_fail = self.rules.can_fail(rule)
        raised, lowered = held(value, rule.at_least, None), held(value, rule.at_least, rule.at_most)
        weight = level = entry = row = "NULL"
        if isinstance(rule.body, Weighted):
            level, entry = rule_column(rule, "level"), rule_column(rule, "input")
            weight = quote_number(rule.body.weight.value)
            if can_fail:
                weight = f"CASE WHEN {level} IS NOT NULL THEN {weight} END"
        if isinstance(rule.body, Table):
            row = rule_column(rule, "row")
            if can_fail:
                row = f"CASE WHEN {value} IS NOT NULL THEN {row} END"
            if isinstance(rule.body.by.type, NumberType):
                entry = rule_column(rule, "input")
                if can_fail:
                    entry = f"CASE WHEN {rule_column(rule, 'state')} = 'applies' THEN {entry} END"
        state = rule_column(rule, "state") if can_fail else "'applies'"
        missing = rule_column(rule, "missing") if can_fail else "NULL"
        return _select(
            [
                ("subject", "subject", None),
                ("rule", quote_text(rule.name), None),
                ("state", state, None),
                ("missing", missing, "VARCHAR"),
                ("input", entry, _NUMBER),
                ("level", level, _NUMBER),
                ("weight", weight, _NUMBER),
                ("row", row, "INTEGER"),
                ("value", value, None),
                ("taken", f"{raised} - {lowered}", _NUMBER),
                ("given", f"{raised} - {value}", _NUMBER),
                ("rounding", f"{points} - {lowered}", _NUMBER),
                ("points", points, None),
            ],
            f'{quote_name(RESULTS)} WHERE "the score" IS NOT NULL',
        )

    def _facets(self) -> str:
        return _union(
            _select(
                [
                    ("subject", "subject", None),
                    ("facet", quote_text(facet.name), None),
                    ("lines", facet_column(facet, "lines"), None),
                    ("subtotal", facet_column(facet, "subtotal"), None),
                ],
                f'{quote_name(RESULTS)} WHERE "the score" IS NOT NULL',
            )
            for facet in self.plan.rulebook.facets
        ) or _nothing([("subject", "VARCHAR"), ("facet", "VARCHAR"), ("lines", _NUMBER), ("subtotal", _NUMBER)])

    def _adjustments(self) -> str:
        rulebook = self.plan.rulebook
        parts: list[str] = []
        for facet in rulebook.facets:
            if facet.at_least is not None or facet.at_most is not None:
                lines, subtotal = facet_column(facet, "lines"), facet_column(facet, "subtotal")
                parts.append(self._adjustment("facet", facet.name, f"{subtotal} - {lines}", None))
        unbounded = '"the sum"'
        if rulebook.score.out_of is not None:
            parts.append(self._adjustment("score", "", '"the mean" - "the sum"', "division"))
            unbounded = '"the mean"'
        if rulebook.score.at_least is not None or rulebook.score.at_most is not None:
            parts.append(self._adjustment("score", "", f'"the bounded" - {unbounded}', None))
        if rulebook.score.places is not None:
            parts.append(self._adjustment("score", "", '"the score" - "the bounded"', "rounding"))
        columns = [
            ("subject", "VARCHAR"),
            ("place", "VARCHAR"),
            ("name", "VARCHAR"),
            ("kind", "VARCHAR"),
            ("amount", _NUMBER),
        ]
        return _union(parts) or _nothing(columns)

    def _adjustment(self, place: str, name: str, amount: str, kind: str | None) -> str:
        what = quote_text(kind) if kind is not None else f"CASE WHEN {amount} < 0 THEN 'cap' ELSE 'floor' END"
        return _select(
            [
                ("subject", "subject", None),
                ("place", quote_text(place), None),
                ("name", quote_text(name), None),
                ("kind", what, None),
                ("amount", amount, _NUMBER),
            ],
            f'{quote_name(RESULTS)} WHERE "the score" IS NOT NULL AND {amount} <> 0',
        )

    # ---- measures, steps, inputs ---------------------------------------------------------------------------------

    def _measures(self) -> str:
        by_name = {each.name: each for each in self.plan.measures}
        columns = [
            ("subject", "VARCHAR"),
            ("measure", "VARCHAR"),
            ("state", "VARCHAR"),
            ("value", _NUMBER),
            ("records", "BIGINT"),
        ]
        return _union(self._measure(each, by_name.get(each.name)) for each in self.plan.rulebook.measures) or _nothing(
            columns
        )

    def _measure(self, measure: Measure, of_records: RecordMeasure | None) -> str:
        value = quote_name(measure.name)
        state = f"CASE WHEN {value} IS NULL THEN 'missing' ELSE 'value' END"
        if isinstance(measure.aggregate, Formula) and measure.when is not None:
            met = quote_name(f"{measure.name}: when")
            state = f"CASE WHEN NOT {met} THEN 'not applicable' WHEN {value} IS NULL THEN 'missing' ELSE 'value' END"
        return _select(
            [
                ("subject", "subject", None),
                ("measure", quote_text(measure.name), None),
                ("state", state, None),
                ("value", value, _NUMBER),
                ("records", "NULL" if of_records is None else records_column(of_records), "BIGINT"),
            ],
            f"{quote_name(PEOPLE)} WHERE {ADMITTED}",
        )

    def _steps(self) -> str:
        counted: list[str] = []
        taken: list[str] = []
        for each in self.plan.measures:
            counted += self._left_out(each)
            for step, name in steps_taken(each):
                records, value = step_columns(each, step, name)
                taken.append(
                    _select(
                        [
                            ("subject", "subject", None),
                            ("measure", quote_text(each.name), None),
                            ("step", quote_text(step), None),
                            ("name", quote_text(name), None),
                            ("records", records, None),
                            ("value", value, _NUMBER),
                        ],
                        f"{quote_name(PEOPLE)} WHERE {ADMITTED} AND {records} > 0",
                    )
                )
        if counted:
            taken.insert(
                0,
                "SELECT people.subject, measure, step, name, records, value\n"
                f"FROM (\n{indented(_union(counted))}\n) AS counted\n"
                f"JOIN {quote_name(PEOPLE)} AS people ON {self._same_person}\n"
                f"WHERE {ADMITTED}",
            )
        columns = [
            ("subject", "VARCHAR"),
            ("measure", "VARCHAR"),
            ("step", "VARCHAR"),
            ("name", "VARCHAR"),
            ("records", "BIGINT"),
            ("value", _NUMBER),
        ]
        return _union(taken) or _nothing(columns)

    @property
    def _same_person(self) -> str:
        declared = self.plan.rulebook.subjects is not None
        return f"{'CAST(counted.person AS VARCHAR)' if declared else 'counted.person'} = people.{KEY}"

    def _left_out(self, measure: RecordMeasure) -> list[str]:
        """Count what exclusions took inside a measure's window, and what lies outside it."""
        window = window_of(measure)
        inside = "" if window is None else f" AND {within_column(window)}"
        parts: list[str] = []
        excludes = self.plan.rulebook.excludes
        if excludes:
            names = " ".join(
                f"WHEN {place} THEN {quote_text(each.name)}" for place, each in enumerate(excludes, start=1)
            )
            parts.append(
                self._left(
                    "excluded",
                    f'CASE "left out" {names} END',
                    measure,
                    f'{looked_at(measure)} AND "left out" > {LEFT_IN}{inside}',
                    ', "left out"',
                )
            )
        if window is not None:
            where = f'{looked_at(measure)} AND "left out" = {LEFT_IN} AND NOT {within_column(window)}'
            parts.append(self._left("window", "''", measure, where, ""))
        return parts

    def _left(self, step: str, name: str, measure: RecordMeasure, where: str, group: str) -> str:
        match measure.aggregate:
            case Count():
                value = "sum(records)"
            case SumOf() | SumByKind():
                value = f"sum({gross(measure)})"
            case _:
                value = "NULL"
        return (
            f"SELECT person, {quote_text(measure.name)} AS measure, {quote_text(step)} AS step, {name} AS name,\n"
            f"    CAST(sum(records) AS BIGINT) AS records, CAST({value} AS {_NUMBER}) AS value\n"
            f"FROM {quote_name(tallies_of(measure))} WHERE {where}\nGROUP BY person{group}"
        )

    def _inputs(self) -> str:
        columns = [("subject", "VARCHAR"), ("attribute", "VARCHAR"), ("value", "VARCHAR")]
        return _union(
            _select(
                [
                    ("subject", "subject", None),
                    ("attribute", quote_text(field.name), None),
                    ("value", written(field, quote_name(field.name)), None),
                ],
                f"{quote_name(PEOPLE)} WHERE {ADMITTED}",
            )
            for field in self.plan.rulebook.subjects or ()
        ) or _nothing(columns)

    # ---- accounts ------------------------------------------------------------------------------------------------

    def _accounts(self) -> str:
        if not self.has_records:
            return _nothing([("subject", "VARCHAR"), ("fate", "VARCHAR"), ("name", "VARCHAR"), ("records", "BIGINT")])
        return (
            f"SELECT people.subject, fate, name, records\n"
            f"FROM (\n"
            f"    SELECT person, {self.fate} AS fate,\n        {self.fate_name} AS name,\n"
            "        CAST(sum(records) AS BIGINT) AS records\n"
            f"    FROM tallies GROUP BY ALL\n"
            f") AS counted JOIN {quote_name(PEOPLE)} AS people ON {self._same_person}\n"
            f"WHERE {ADMITTED}"
        )

    @property
    def fate(self) -> str:
        """SQL for the fate of a tally, or of a record with the same columns."""
        reading = [each for each in self.plan.measures if each.read]
        inside = " OR ".join(f"({counting(each)})" for each in reading)
        outside = " OR ".join(f"({looked_at(each)})" for each in reading)
        cases = f"WHEN \"left out\" = {NOT_YET} THEN 'not yet' WHEN \"left out\" = {UNLISTED} THEN 'unused' "
        cases += f"WHEN \"left out\" > {LEFT_IN} THEN 'excluded' "
        if reading:
            cases += f"WHEN {inside} THEN 'taken in' WHEN {outside} THEN 'outside window' "
        return f"CASE {cases}ELSE 'unused' END"

    @property
    def fate_name(self) -> str:
        """SQL for the name of the exclusion that took a tally or record; else empty."""
        names = " ".join(
            f"WHEN {place} THEN {quote_text(each.name)}"
            for place, each in enumerate(self.plan.rulebook.excludes, start=1)
        )
        return f"CASE \"left out\" {names} ELSE '' END" if names else "''"


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


def _select(columns: list[tuple[str, str, str | None]], source: str) -> str:
    select = [
        text
        if text == quote_name(name) or text == name
        else f"{text if kind is None else f'CAST({text} AS {kind})'} AS {quote_name(name)}"
        for name, text, kind in columns
    ]
    return f"SELECT {', '.join(select)}\nFROM {source}"


def _union(parts: Iterable[str]) -> str:
    return "\nUNION ALL\n".join(parts)


def _nothing(columns: list[tuple[str, str]]) -> str:
    return f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {quote_name(name)}' for name, kind in columns)} WHERE false"
