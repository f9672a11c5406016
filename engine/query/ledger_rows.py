"""Takes a plan; gives the rows of the ledger as they are read from its wide tables: for each rule, measure, step and
fate the query for everybody's row, with the columns of ``ledger``'s rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct

from tallystick.engine.query.fates import accounts_of
from tallystick.engine.query.people import PeopleSteps
from tallystick.engine.query.plan import Plan, RecordMeasure
from tallystick.engine.query.rules import RuleSteps, rule_column
from tallystick.engine.query.scores import facet_column, need_column
from tallystick.engine.query.sql import indented, listed, quote_name, quote_number, quote_text
from tallystick.engine.query.steps import records_column, step_columns, steps_left_out, steps_taken, values_left_out
from tallystick.engine.query.wide import COUNTED, NUMBER, WideTables, facet_amount, wide_name
from tallystick.rules.decimals import PLACES
from tallystick.rules.measure import Count, Formula, Measure, Pick
from tallystick.rules.rule import Rule, Table, Weighted
from tallystick.rules.value import NumberType

TABLES = ("scores", "lines", "facets", "adjustments", "measures", "steps", "inputs", "accounts", "needs")
_ELSEWHERE = {"facets": "scores", "needs": "scores", "steps": "measures"}
"""The wide tables that hold the rows of tables that have none of their own."""
_TEXT, _ROW = "VARCHAR", "INTEGER"
_EMPTY = {
    "lines": (
        *(("rule", _TEXT), ("state", _TEXT), ("missing", _TEXT), ("input", NUMBER), ("level", NUMBER)),
        *(("weight", NUMBER), ("row", _ROW), ("value", NUMBER), ("taken", NUMBER), ("given", NUMBER)),
        *(("rounding", NUMBER), ("points", NUMBER)),
    ),
    "facets": (("facet", _TEXT), ("lines", NUMBER), ("subtotal", NUMBER)),
    "adjustments": (("place", _TEXT), ("name", _TEXT), ("kind", _TEXT), ("amount", NUMBER)),
    "measures": (("measure", _TEXT), ("state", _TEXT), ("value", NUMBER), ("records", COUNTED)),
    "steps": (("measure", _TEXT), ("step", _TEXT), ("name", _TEXT), ("records", COUNTED), ("value", NUMBER)),
    "inputs": (("attribute", _TEXT), ("value", _TEXT)),
    "accounts": (("fate", _TEXT), ("name", _TEXT), ("records", COUNTED)),
    "needs": (("band", _TEXT), ("need", _ROW), ("met", "BOOLEAN")),
}
"""The columns beside ``subject`` of tables that can be without any row."""


class Cell(Struct, frozen=True):
    """A cell of a row: its column, SQL for it over the wide table, and its type.

    ``among``: the texts that can stand in it, None where any can; of one text alone, the SQL is that text.
    ``can_lack``: whether it can be missing; to say so of one that cannot costs time.
    """

    column: str
    text: str
    type: str
    among: tuple[str, ...] | None = None
    can_lack: bool = True


class Rows(Struct, frozen=True):
    """A row that everybody has, or everybody for whom ``where`` holds: its table, the wide table that it is read
    from, the cells that tell it from a person's other rows, and its other cells."""

    table: str
    wide: str
    key: tuple[tuple[str, str | int], ...]
    cells: tuple[Cell, ...]
    where: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns beside ``subject``."""
        return (*(name for name, _ in self.key), *(each.column for each in self.cells))

    @property
    def packed(self) -> str:
        """SQL for somebody's row, its cells together; missing for whom there is none."""
        keys = ((name, quote_text(key) if isinstance(key, str) else str(key)) for name, key in self.key)
        cells = [f"{quote_text(name)}: {key}" for name, key in keys]
        cells += [f"{quote_text(each.column)}: CAST({each.text} AS {each.type})" for each in self.cells]
        row = "{" + ", ".join(cells) + "}"
        return row if self.where is None else f"CASE WHEN {self.where} THEN {row} END"


class LedgerViews(Struct, frozen=True, dict=True):
    """The rows of the ledger, and the queries that put each table together from them."""

    plan: Plan
    rules: RuleSteps

    @property
    def wide(self) -> WideTables:
        """The wide tables that the rows are read from."""
        return WideTables(self.plan, self.rules)

    @property
    def queries(self) -> Mapping[str, str]:
        """The query of each table of the ledger, by its name."""
        # One look at a wide table for all rows of a person: a look for each row is bound anew to all columns each time.
        queries: dict[str, str] = {}
        for table in TABLES:
            rows = [each for each in self.rows if each.table == table]
            if not rows:
                queries[table] = _nothing(table)
                continue
            columns = ", ".join(f"row.{quote_name(name)}" for name in rows[0].columns)
            packed = f"unnest([\n{indented(listed([each.packed for each in rows]))}\n    ]) AS row"
            wide = quote_name(wide_name(wide_of(table)))
            queries[table] = (
                f"SELECT subject, {columns}\n"
                f"FROM (\n    SELECT subject, {packed}\n    FROM {wide}\n) WHERE row IS NOT NULL"
            )
        return queries

    @cached_property
    def rows(self) -> tuple[Rows, ...]:
        """All rows, table by table."""
        of_records = {each.name: each for each in self.plan.measures}
        measures = self.plan.rulebook.measures
        return (
            self._scores(),
            *(self._line(rule) for rule in self.plan.rulebook.rules),
            *self._facets(),
            *self._adjustments(),
            *(self._measure(each, of_records.get(each.name)) for each in measures),
            *(row for each in self.plan.measures for row in self._steps(each)),
            *self._inputs(),
            *self._accounts(),
            *self._needs(),
        )

    # ---- scores, lines, facets, adjustments ----------------------------------------------------------------------

    def _scores(self) -> Rows:
        book = self.plan.rulebook
        outcomes = dict.fromkeys(["scored", "insufficient data", *(each.outcome for each in book.requires)])
        cells = (
            Cell("outcome", "outcome", _TEXT, tuple(outcomes)),
            Cell("score", "score", NUMBER),
            Cell("band", "band", _TEXT, tuple(each.name for each in book.bands)),
            Cell("requirement", "requirement", _TEXT, ("score", *(each.name for each in book.requires))),
        )
        return Rows("scores", "scores", (), cells)

    def _line(self, rule: Rule) -> Rows:
        value = rule_column(rule, "value")
        can_fail = self.rules.can_fail(rule)
        weight = level = entry = row = "NULL"
        if isinstance(rule.body, Weighted):
            level, entry = rule_column(rule, "level"), rule_column(rule, "input")
            weight = quote_number(rule.body.weight.value)
            if can_fail:
                weight = f"CASE WHEN {level} IS NOT NULL THEN {weight} END"
        if isinstance(rule.body, Table):
            row = rule_column(rule, "row")
            if isinstance(rule.body.by.type, NumberType):
                entry = rule_column(rule, "input")
        nothing = f"{value} - {value}" if can_fail else "0"
        cells = (
            Cell("state", rule_column(rule, "state"), _TEXT, ("applies", "not applicable", "missing"))
            if can_fail
            else Cell("state", "'applies'", _TEXT, ("applies",)),
            Cell("missing", rule_column(rule, "missing"), _TEXT, self.rules.missing_names(rule))
            if can_fail
            else Cell("missing", "NULL", _TEXT),
            Cell("input", entry, NUMBER, can_lack=can_fail),
            Cell("level", level, NUMBER, can_lack=can_fail),
            Cell("weight", weight, NUMBER, can_lack=can_fail),
            Cell("row", row, _ROW, can_lack=can_fail),
            Cell("value", value, NUMBER, can_lack=can_fail),
            Cell("taken", nothing if rule.at_most is None else rule_column(rule, "taken"), NUMBER, can_lack=can_fail),
            Cell("given", nothing if rule.at_least is None else rule_column(rule, "given"), NUMBER, can_lack=can_fail),
            Cell("rounding", rule_column(rule, "rounding") if self._rounds else nothing, NUMBER, can_lack=can_fail),
            Cell("points", rule_column(rule, "points"), NUMBER, can_lack=can_fail),
        )
        return Rows("lines", "lines", (("rule", rule.name),), cells)

    @property
    def _rounds(self) -> bool:
        return self.plan.rulebook.score.line_places < PLACES

    def _facets(self) -> Iterable[Rows]:
        for facet in self.plan.rulebook.facets:
            cells = tuple(
                Cell(part, facet_column(facet, part), NUMBER, can_lack=False) for part in ("lines", "subtotal")
            )
            yield Rows("facets", "scores", (("facet", facet.name),), cells, "outcome = 'scored'")

    def _needs(self) -> Iterable[Rows]:
        for band in self.plan.rulebook.bands:
            for place in range(1, len(band.needs) + 1):
                cells = (Cell("met", need_column(band, place), "BOOLEAN", can_lack=False),)
                yield Rows("needs", "scores", (("band", band.name), ("need", place)), cells, "outcome = 'scored'")

    def _adjustments(self) -> Iterable[Rows]:
        rulebook = self.plan.rulebook
        for facet in rulebook.facets:
            if facet.at_least is not None or facet.at_most is not None:
                yield self._adjustment("facet", facet.name, facet_amount(facet), None)
        if rulebook.score.out_of is not None:
            yield self._adjustment("score", "", '"division"', "division")
        if rulebook.score.at_least is not None or rulebook.score.at_most is not None:
            yield self._adjustment("score", "", '"bounds"', None)
        if rulebook.score.places is not None:
            yield self._adjustment("score", "", '"rounding"', "rounding")

    def _adjustment(self, place: str, name: str, amount: str, kind: str | None) -> Rows:
        bound = f"CASE WHEN {amount} < 0 THEN 'cap' ELSE 'floor' END"
        what = Cell("kind", quote_text(kind), _TEXT, (kind,)) if kind else Cell("kind", bound, _TEXT, ("cap", "floor"))
        key = (("place", place), ("name", name))
        return Rows(
            "adjustments", "adjustments", key, (what, Cell("amount", amount, NUMBER, can_lack=False)), f"{amount} <> 0"
        )

    # ---- measures, steps, inputs, accounts -----------------------------------------------------------------------

    def _measure(self, measure: Measure, of_records: RecordMeasure | None) -> Rows:
        value = quote_name(f"{measure.name}: value")
        cases, states = f"WHEN {value} IS NULL THEN 'missing' ", ["value", "missing"]
        if isinstance(measure.aggregate, Formula) and measure.when is not None:
            cases = f"WHEN NOT {quote_name(f'{measure.name}: when')} THEN 'not applicable' {cases}"
            states.append("not applicable")
        can_lack = isinstance(measure.aggregate, Formula | Pick)
        state = Cell("state", f"CASE {cases}ELSE 'value' END", _TEXT, tuple(states))
        cells = (
            state if can_lack else Cell("state", "'value'", _TEXT, ("value",)),
            Cell("value", value, NUMBER, can_lack=can_lack),
            Cell("records", "NULL" if of_records is None else records_column(of_records), COUNTED, can_lack=False),
        )
        return Rows("measures", "measures", (("measure", measure.name),), cells)

    def _steps(self, measure: RecordMeasure) -> Iterable[Rows]:
        for step, name in (*steps_left_out(measure), *steps_taken(measure)):
            records, value = step_columns(measure, step, name)
            if (step, name) in steps_left_out(measure) and not values_left_out(measure):
                value = records if isinstance(measure.aggregate, Count) else "NULL"
            key = (("measure", measure.name), ("step", step), ("name", name))
            cells = (Cell("records", records, COUNTED, can_lack=False), Cell("value", value, NUMBER, can_lack=False))
            yield Rows("steps", "measures", key, cells, f"{records} > 0")

    def _inputs(self) -> Iterable[Rows]:
        for field in self.plan.rulebook.subjects or ():
            cells = (Cell("value", quote_name(f"{field.name}: value"), _TEXT),)
            yield Rows("inputs", "inputs", (("attribute", field.name),), cells)

    def _accounts(self) -> Iterable[Rows]:
        for fate, name in accounts_of(self.plan):
            records = quote_name(f"{fate} {name}".rstrip())
            cells = (Cell("records", records, COUNTED, can_lack=False),)
            yield Rows("accounts", "accounts", (("fate", fate), ("name", name)), cells, f"{records} > 0")


def wide_of(table: str) -> str:
    """Return the wide table that the rows of a table of the ledger are read from."""
    return _ELSEWHERE.get(table, table)


def ledger_views(plan: Plan) -> LedgerViews:
    """Return the rows of a plan's ledger, wherever its wide tables come from."""
    return LedgerViews(plan, RuleSteps(plan, PeopleSteps(plan, frozenset()).names))


def _nothing(table: str) -> str:
    columns = (("subject", _TEXT), *_EMPTY[table])
    return f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {quote_name(name)}' for name, kind in columns)} WHERE false"
