"""Takes a rulebook and a dialect; gives the part of its query over records as a script, to be read, and run by hand in
that database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tallystick.engine.elsewhere.dialects.postgres import POSTGRES
from tallystick.engine.elsewhere.dialects.script import Dialect, Script, Written
from tallystick.engine.elsewhere.dialects.spark import SETTINGS, SPARK
from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.pauses import PAUSE_FIELDS
from tallystick.engine.query.compile import compile_rulebook
from tallystick.engine.query.people import KNOWN
from tallystick.engine.query.plan import Plan
from tallystick.engine.query.readable import SOME_DAY, YEARS
from tallystick.engine.query.records_part import RecordsPart
from tallystick.engine.query.sql import listed, quote_comment, quote_name
from tallystick.engine.query.steps import DAYS_OLD, EARNED, EARNER, PAUSES, RECORDS, VOIDED, Step
from tallystick.engine.query.zones import changes
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import TimeType

DialectName = Literal["postgres", "spark"]


class _Words(Struct, frozen=True):
    """How a script is written in a dialect: types that have other names, the beginning of a table and of a step, and a
    table of what is left of 1 at the ages from 0 on. ``table`` of None: an empty table is a step without rows.
    ``settings``: those that the session must have."""

    dialect: Dialect
    types: dict[str, str]
    table: str | None
    step: str
    weights: Callable[[list[Decimal]], str]
    how_to_run: str
    settings: tuple[tuple[str, str], ...] = ()


def _postgres_weights(left: list[Decimal]) -> str:
    numbered = f'unnest(ARRAY[\n{_in_lines(left)}\n]) WITH ORDINALITY AS ages ("what is left", place)'
    return f'SELECT CAST(place - 1 AS integer) AS "days old", "what is left"\nFROM {numbered}'


def _spark_weights(left: list[Decimal]) -> str:
    ages = f"posexplode(array(\n{_in_lines(left)}\n)) AS (`days old`, `what is left`)"
    return f"SELECT `days old`, CAST(`what is left` AS DECIMAL(10, 9)) AS `what is left` FROM (SELECT {ages})"


def _in_lines(left: list[Decimal]) -> str:
    """Return numbers, ten to a line."""
    lines = (left[start : start + 10] for start in range(0, len(left), 10))
    return listed([", ".join(f"{each:f}" for each in line) for line in lines])


_DIALECTS = {
    "postgres": _Words(
        POSTGRES,
        {"VARCHAR": 'text COLLATE "C"', "TIMESTAMP": "timestamp"},
        "CREATE TEMP TABLE",
        "CREATE TEMP TABLE",
        _postgres_weights,
        "It runs in PostgreSQL 14 or later, in one session, from the top.",
    ),
    "spark": _Words(
        SPARK,
        {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"},
        None,
        "CREATE OR REPLACE TEMPORARY VIEW",
        _spark_weights,
        "It runs in Spark 4, from the top; quotients and the like are functions that the engine brings along.",
        tuple(SETTINGS.items()),
    ),
}
_WHAT_IT_GIVES = """\
-- Fill the empty tables below before you go on: each row that could be read, once (no copies of an id), times in UTC,
-- kinds as the rulebook names them. At the end stand the results of everybody. What `tally sql` prints without a
-- dialect works out the rest from them: there they are steps of the same names.
"""


def readable_elsewhere(rulebook: Rulebook, dialect: DialectName, as_of: date | None = None) -> str:
    """Return the script. ``as_of``: the last day taken in, which stands in it. Raises ``UsageRefusal`` where the
    rulebook reads no records, or the dialect has no words for it."""
    if rulebook.records is None:
        message = "this rulebook reads no records"
        raise UsageRefusal(message, help="leave `--dialect` out")
    day = as_of or rulebook.effective or SOME_DAY
    rulebook = on_day(rulebook, day)
    clock = () if rulebook.time_zone == "UTC" else changes(rulebook.time_zone, *YEARS)
    query = compile_rulebook(rulebook, {}, clock, voids=False, elsewhere=True)
    part = next(each.part for each in reversed(query.tables) if each.part is not None)
    words = _DIALECTS[dialect]
    script = Script(words.dialect, day)
    head = f"{rulebook.name} {rulebook.version}, as of {day}: what is worked out where the records lie."
    parts = [quote_comment(head), f"-- {words.how_to_run}\n{_WHAT_IT_GIVES}"]
    if words.settings:
        parts.append("-- Without these, decimal places would be dropped, and texts be read otherwise, in silence.")
        parts.append("".join(f"SET {name}={value};\n" for name, value in words.settings))
    for name, columns in _tables(query.plan, part).items():
        script.relations[name] = tuple(columns)
        parts.append(_empty(words, name, columns))
    for step in part.small:
        if step.body.partition("FROM ")[2].startswith("range("):
            script.add(
                step.name, step.words, Written(words.weights(_left(step)), (DAYS_OLD.strip('"'), "what is left"))
            )
        else:
            script.step(step)
    for step in part.steps:
        script.step(step)
    quoted = words.dialect.name
    parts += [f"{quote_comment(said)}\n{words.step} {quoted(of)} AS\n{text};\n" for of, said, text in script.parts]
    return "\n".join([*parts, *(f"SELECT * FROM {quoted(each)};" for each in part.gives), ""])


def _tables(made: Plan, part: RecordsPart) -> dict[str, dict[str, str]]:
    """Return the tables that are to be filled, and the types of their columns."""
    read = {*part.reads, *(PAUSES for step in part.small if quote_name(PAUSES) in step.body)}
    attributes = {*made.subject_attributes, *made.actor_attributes}
    known = {"subject": "VARCHAR"}
    for field in made.rulebook.subjects or ():
        if field.name in attributes:
            known[field.name] = sql_type(field)
            if isinstance(field.type, TimeType):
                known[f"{field.name}: day"] = "DATE"
    found = {
        RECORDS: _types(record_fields(made.rulebook)),
        VOIDED: _types(record_fields(made.rulebook)),
        KNOWN: known,
        EARNED: {EARNER: "VARCHAR", **{each.name: "DECIMAL(38, 9)" for each in made.earned}},
        PAUSES: _types(PAUSE_FIELDS),
    }
    return {name: columns for name, columns in found.items() if name in read}


def _types(fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.name: sql_type(field) for field in fields}


def _empty(words: _Words, name: str, columns: dict[str, str]) -> str:
    if words.table is None:
        of_type = {column: words.types.get(kind, kind) for column, kind in columns.items()}
        cells = [f"CAST(NULL AS {kind}) AS {words.dialect.name(column)}" for column, kind in of_type.items()]
        return f"{words.step} {words.dialect.name(name)} AS\nSELECT\n{listed(cells)}\nWHERE false;\n"
    shown = [f"{words.dialect.name(column)} {words.types.get(kind, kind)}" for column, kind in columns.items()]
    return f"{words.table} {words.dialect.name(name)} (\n{listed(shown)}\n);\n"


def _left(step: Step) -> list[Decimal]:
    """Return what is left of 1 at each age, as the embedded engine works it out."""
    import duckdb  # noqa: PLC0415

    with duckdb.connect() as connection:
        found = connection.execute(f'SELECT "what is left" FROM ({step.body}) ORDER BY {DAYS_OLD}').fetchall()
    return [left for (left,) in found]
