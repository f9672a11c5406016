"""Takes a rulebook; gives the whole query that scores by it as one script, to be read, and run by hand in any
DuckDB; and the part of it that belongs to one rule, to be read."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.engine.pauses import PAUSE_FIELDS, reads_pauses
from tallystick.engine.query.compile import Statement, compile_rulebook, ledger_statements
from tallystick.engine.query.macros import STAND_INS
from tallystick.engine.query.plan_reading import measures_read
from tallystick.engine.query.sql import listed, quote_comment, quote_name, quote_value
from tallystick.engine.query.steps import PAUSES, RECORDS, SUBJECTS, VOIDED
from tallystick.engine.query.zones import changes
from tallystick.rules.epochs import on_day
from tallystick.rules.rule import Rule
from tallystick.rules.rulebook import Field, Rulebook

YEARS = 1970, 2037
SOME_DAY = date(2026, 1, 1)
_HOW_TO_RUN = """\
-- It runs in DuckDB 1.4 or later, from the top. Fill the empty tables below before you go on: each row that could be
-- read, once (no copies of an id), "#row" any number that no other row has, times in UTC, kinds as the rulebook names
-- them. Set the as-of day to the one that you want. At the end, SELECT * FROM scores shows the scores.
"""

_DATED = """\
-- Values of this rulebook change on days that it names. Those below are in force on the day above: for another day
-- ask for the query again, with --as-of.
"""


_CLOCKS = f"""\
-- Days begin by clocks that stand below for the years {YEARS[0]} to {YEARS[1]}: a moment of another year gets its
-- day by the first or the last of them. A run has the clocks of all years that its records are of.
"""


def readable_sql(rulebook: Rulebook, as_of: date | None = None) -> str:
    """Return the script. It ends with the ledger's tables as views; ``SELECT * FROM scores`` shows the scores.

    ``as_of``: the day that it begins with, and whose values it has where parameters have dated values.
    """
    first_day = as_of or rulebook.effective or SOME_DAY
    rulebook = on_day(rulebook, first_day)
    clock = () if rulebook.time_zone == "UTC" else changes(rulebook.time_zone, *YEARS)
    query = compile_rulebook(rulebook, {}, clock)
    called = "\n".join(each.text for each in query.statements)
    stand_ins = [
        f"CREATE OR REPLACE MACRO {head} AS {body};" for head, body in STAND_INS if head.partition("(")[0] in called
    ]
    parts = [
        quote_comment(f"{rulebook.name} {rulebook.version}: the query that gives its scores."),
        _HOW_TO_RUN,
        f"SET VARIABLE as_of = {quote_value(first_day)};  -- the last day that is taken in\n",
    ]
    if rulebook.epochs:
        parts.append(_DATED)
    if clock:
        parts.append(_CLOCKS)
    if rulebook.score.by is not None:
        one = f"It gives the scores of one value of {rulebook.score.by}: fill in the records of that value alone."
        parts.append(f"{quote_comment(one)}\n")
    if rulebook.records is not None:
        parts.append(_empty(RECORDS, record_fields(rulebook)))
        parts.append(_empty(VOIDED, record_fields(rulebook)))
    if rulebook.subjects is not None:
        parts.append(_empty(SUBJECTS, subject_fields(rulebook)))
    if reads_pauses(rulebook):
        parts.append(_empty(PAUSES, PAUSE_FIELDS))
    if stand_ins:
        parts += [
            "-- The engine asks for decimals where binary arithmetic leaves a doubt; by hand, these stand in for them.",
            *stand_ins,
            "",
        ]
    parts += [
        *(_shown(each) for each in (*query.macros, *query.tables)),
        "-- the ledger: every number that is shown to anybody",
        *(_shown(each) for each in (*query.wide, *ledger_statements(query.plan))),
    ]
    return "\n".join(parts)


def rule_sql(rulebook: Rulebook, rule: Rule) -> str:
    """Return the part of the query that gives one rule's line: what is run for a rulebook with this rule alone.

    It is to be read; the whole script is what can be run.
    """
    alone = alone_with(rulebook, rule)
    clock = () if alone.time_zone == "UTC" else changes(alone.time_zone, *YEARS)
    query = compile_rulebook(alone, {}, clock)
    return "\n".join(_shown(each) for each in (*query.macros, *query.tables))


def alone_with(rulebook: Rulebook, rule: Rule) -> Rulebook:
    """Return a rulebook with one of its rules and what that reads, and nothing that is for others."""
    alone = replace(
        rulebook,
        rules=(rule,),
        facets=tuple(each for each in rulebook.facets if each.name == rule.facet),
        requires=(),
        bands=(),
        promises=(),
        examples=(),
    )
    read = measures_read(alone)
    return replace(alone, measures=tuple(each for each in rulebook.measures if each.name in read))


def _empty(relation: str, fields: tuple[Field, ...]) -> str:
    columns = ['"#row" BIGINT', *(f"{quote_name(field.name)} {sql_type(field)}" for field in fields)]
    return f"CREATE TABLE IF NOT EXISTS {quote_name(relation)} (\n{listed(columns)}\n);\n"


def _shown(statement: Statement) -> str:
    comment = f"{quote_comment(statement.words)}\n" if statement.words else ""
    return f"{comment}{statement.text};\n"
