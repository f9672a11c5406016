"""Takes a ledger, from whichever engine; gives its digest, which no order of rows, number of threads, engine or layout
of files changes.

A text weighs the lowest 48 bits of its MD5, read as a little-endian number. A row of the ledger is called by its table
and the names that tell it from the person's other rows, with a blank between them (``steps likes excluded own``). It
counts what its name weighs and, for each other cell, what the row's name and the column weigh together, times the
number in the cell; or what they weigh together with the text in it, or with ``~`` for what is missing. All rows of a
person in one wide table are added up, exactly. Of each wide table the digest knows for how many people that is not 0,
and the sums of the two 64-bit halves of the MD5 of person, blank and sum with 9 places; and is the SHA-256 of those.
It finds accidents; against intent stand the digests of the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, cast

from tallystick.engine.ledger import (
    AccountRow,
    AdjustmentRow,
    FacetRow,
    InputRow,
    LineRow,
    MeasureRow,
    ScoreRow,
    StepRow,
    SubjectLedger,
)
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.plan import plan
from tallystick.engine.side_by_side import side_by_side
from tallystick.engine.sql import added, quote_name, quote_text
from tallystick.engine.sql_ledger import TABLES, Cell, Rows, ledger_views, wide_of
from tallystick.engine.sql_wide import NUMBER, WIDE, wide_name
from tallystick.rules.decimals import EXACT, PLACES
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_Row: TypeAlias = ScoreRow | LineRow | FacetRow | AdjustmentRow | MeasureRow | StepRow | InputRow | AccountRow
_MISSING = "~"
_LIGHTER = (1 << 48) - 1
_BITS = 64
_LOWER = (1 << _BITS) - 1
_UNITS: int = 10**PLACES
_KEYS: dict[str, tuple[str, ...]] = {
    "scores": (),
    "lines": ("rule",),
    "facets": ("facet",),
    "adjustments": ("place", "name"),
    "measures": ("measure",),
    "steps": ("measure", "step", "name"),
    "inputs": ("attribute",),
    "accounts": ("fate", "name"),
}
"""What tells a row of a table from the person's others."""
_IN_WIDE = {wide: tuple(table for table in TABLES if wide_of(table) == wide) for wide in WIDE}
"""The tables of the ledger whose rows each wide table holds."""


@lru_cache(maxsize=1 << 16)
def weight(text: str) -> int:
    """Return what a text weighs."""
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest(), "little") & _LIGHTER


def ledger_digest(connection: DuckDBPyConnection, rulebook: Rulebook) -> str:
    """Return the digest of the ledger whose wide tables a connection holds."""
    views = ledger_views(plan(rulebook))
    tables = LedgerTables(connection, rulebook)
    sums = dict.fromkeys(_IN_WIDE, (0, 0, 0))
    queries = {wide: _asked(wide, rows) for wide in _IN_WIDE if (rows := [x for x in views.rows if x.wide == wide])}
    for wide, (found,) in zip(queries, side_by_side(connection, queries.values()), strict=True):
        people, one, other, long = cast("tuple[int, int, int, list[str] | None]", found)
        for subject in long or ():
            ledger = tables.subject(subject)
            assert ledger is not None  # noqa: S101  the wide table names the person
            more = _of_person(subject, _sum_of(ledger, wide))
            people, one, other = people + more[0], one + more[1], other + more[2]
        sums[wide] = (people, one, other)
    return _digest(sums)


def digest_of(ledgers: Iterable[SubjectLedger]) -> str:
    """Return the digest of a ledger from its rows, person by person."""
    sums = dict.fromkeys(_IN_WIDE, (0, 0, 0))
    for ledger in ledgers:
        for wide, before in sums.items():
            more = _of_person(ledger.score.subject, _sum_of(ledger, wide))
            sums[wide] = (before[0] + more[0], before[1] + more[1], before[2] + more[2])
    return _digest(sums)


def _digest(sums: dict[str, tuple[int, int, int]]) -> str:
    lines = [f"{wide} {' '.join(str(part) for part in sums[wide])}\n" for wide in _IN_WIDE]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


# ---- from rows -------------------------------------------------------------------------------------------------------


def _of_person(subject: str, units: int) -> tuple[int, int, int]:
    """Return what a person adds to a table's part of the digest. ``units``: the person's sum, in billionths."""
    if units == 0:
        return 0, 0, 0
    whole, rest = divmod(abs(units), _UNITS)
    text = f"{subject} {'-' if units < 0 else ''}{whole}.{rest:0{PLACES}d}"
    number = int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest(), "little")
    return 1, number >> _BITS, number & _LOWER


def _sum_of(ledger: SubjectLedger, wide: str) -> int:
    return sum(_counted(table, row) for table in _IN_WIDE[wide] for row in _rows(ledger, table))


def _rows(ledger: SubjectLedger, table: str) -> Sequence[_Row]:
    rows: dict[str, Sequence[_Row]] = {
        "scores": (ledger.score,),
        "lines": ledger.lines,
        "facets": ledger.facets,
        "adjustments": ledger.adjustments,
        "measures": ledger.measures,
        "steps": ledger.steps,
        "inputs": ledger.inputs,
        "accounts": ledger.accounts,
    }
    return rows[table]


def _counted(table: str, row: _Row) -> int:
    keys = _KEYS[table]
    name = " ".join([table, *(str(getattr(row, key)) for key in keys)])
    units = weight(name) * _UNITS
    for each in fields(row):
        if each.name == "subject" or each.name in keys:
            continue
        match getattr(row, each.name):
            case None:
                units += weight(f"{name} {each.name} {_MISSING}") * _UNITS
            case str() as text:
                units += weight(f"{name} {each.name} {text}") * _UNITS
            case Decimal() | int() as number:
                units += weight(f"{name} {each.name}") * int(EXACT.scaleb(Decimal(number), PLACES))
            case other:
                raise AssertionError(other)
    return units


# ---- from wide tables ------------------------------------------------------------------------------------------------


def _asked(wide: str, rows: list[Rows]) -> str:
    """Return the query for a wide table's part of the digest, but for the people whose sums are longer than the
    database's numbers, who are named."""
    return (
        f"SELECT count(hash), CAST(coalesce(sum(CAST(hash >> {_BITS} AS UBIGINT)), 0) AS HUGEINT), "
        f"CAST(coalesce(sum(CAST(hash & {_LOWER} AS UBIGINT)), 0) AS HUGEINT), list(subject) FILTER (units IS NULL) "
        f"FROM (SELECT subject, units, CASE WHEN units <> 0 THEN md5_number(subject || ' ' || units) END AS hash "
        f"FROM (SELECT subject, TRY({_sum_sql(rows)}) AS units FROM {quote_name(wide_name(wide))}))"
    )


def _sum_sql(rows: list[Rows]) -> str:
    """Return SQL for a person's sum; what a row counts whatever its cells say is added up here."""
    conditions = list(dict.fromkeys(each.where for each in rows))
    parts: list[str] = []
    for where in conditions:
        always, terms = 0, []
        for each in rows:
            if each.where != where:
                continue
            name = " ".join([each.table, *(text for _, text in each.key)])
            always += weight(name)
            for cell in each.cells:
                here = f"{name} {cell.column}"
                if cell.text == "NULL":
                    always += weight(f"{here} {_MISSING}")
                elif cell.among is not None and cell.text == quote_text(cell.among[0] if cell.among else ""):
                    always += weight(f"{here} {cell.among[0]}")
                elif cell.text != "0":
                    terms.append(_cell_sql(here, cell))
        found = added([f"CAST({always}. AS {NUMBER})", *terms])
        parts.append(found if where is None else f"CASE WHEN {where} THEN {found} ELSE 0 END")
    return added(parts)


def _cell_sql(name: str, cell: Cell) -> str:
    missing = f"{weight(f'{name} {_MISSING}')}."
    if cell.type != "VARCHAR":
        found = f"CAST({cell.text} AS {NUMBER}) * {weight(name)}."
        return f"coalesce({found}, {missing})" if cell.can_lack else found
    if cell.among is None:
        found = f"CAST(md5_number({quote_text(f'{name} ')} || {cell.text}) & {_LIGHTER} AS {NUMBER})"
        return f"CASE WHEN {cell.text} IS NULL THEN {missing} ELSE {found} END"
    texts = " ".join(f"WHEN {quote_text(text)} THEN {weight(f'{name} {text}')}." for text in cell.among)
    known = f" ELSE CASE {cell.text} {texts} END" if texts else ""
    return f"CAST(CASE WHEN {cell.text} IS NULL THEN {missing}{known} END AS {NUMBER})"
