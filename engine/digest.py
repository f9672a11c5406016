"""Takes a ledger, from whichever engine; gives its digest, which no order of rows, number of threads, engine or layout
of files changes.

A text weighs the lowest 48 bits of its MD5, read as a little-endian number. A row of the ledger is called by its table
and the names that tell it from the person's other rows, with a blank between them (``steps likes excluded own``). It
counts what its name weighs and, for each other cell, what the row's name and the column weigh together, times the
number in the cell; or what they weigh together with the text in it, or with ``~`` for what is missing. All rows of a
person are added up, exactly. The digest knows for how many people that is not 0, and the sums of the two 64-bit halves
of the MD5 of person, blank and sum with 9 places; and is the SHA-256 of those.
It finds accidents; against intent stand the digests of the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
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
    NeedRow,
    ScoreRow,
    StepRow,
    SubjectLedger,
)
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.ledger_rows import TABLES, Cell, Rows, ledger_views
from tallystick.engine.query.plan import plan
from tallystick.engine.query.sql import added, quote_name, quote_text
from tallystick.engine.query.wide import NUMBER, OF_PEOPLE, WIDE, wide_name
from tallystick.rules.decimals import EXACT, PLACES
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_Row: TypeAlias = ScoreRow | LineRow | FacetRow | AdjustmentRow | MeasureRow | StepRow | InputRow | AccountRow | NeedRow
_MISSING = "~"
_OF_PEOPLE = "people digested"
_LIGHTER = (1 << 48) - 1
_BITS = 64
_LOWER = (1 << _BITS) - 1
_UNITS: int = 10**PLACES
_ALL_AT_ONCE = 50
"""To ask for one person takes the time in which so many are read one after another."""
_KEYS: dict[str, tuple[str, ...]] = {
    "scores": (),
    "lines": ("rule",),
    "facets": ("facet",),
    "adjustments": ("place", "name"),
    "measures": ("measure",),
    "steps": ("measure", "step", "name"),
    "inputs": ("attribute",),
    "accounts": ("fate", "name"),
    "needs": ("band", "need"),
}
"""What tells a row of a table from the person's others."""


@lru_cache(maxsize=1 << 16)
def weight(text: str) -> int:
    """Return what a text weighs."""
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest(), "little") & _LIGHTER


def ledger_digest(connection: DuckDBPyConnection, rulebook: Rulebook) -> str:
    """Return the digest of the ledger whose wide tables a connection holds."""
    connection.execute(digest_of_people(rulebook))
    return digest_told(connection, rulebook, connection.execute(digest_query(rulebook)).fetchall())


def digest_of_people(rulebook: Rulebook) -> str:
    """Return the statement that keeps what everybody's wide tables add that are there before rules are worked out."""
    rows = ledger_views(plan(rulebook)).rows
    return f"CREATE OR REPLACE TABLE {quote_name(_OF_PEOPLE)} AS {_units_sql(rows, OF_PEOPLE)}"


def digest_query(rulebook: Rulebook) -> str:
    """Return what is asked of that and the other wide tables for the digest; ``digest_told`` takes the answer."""
    return _asked(ledger_views(plan(rulebook)).rows)


def digest_told(connection: DuckDBPyConnection, rulebook: Rulebook, answer: Sequence[tuple[object, ...]]) -> str:
    """Return the digest, the people added whose sums are too long for the database; what was kept for it goes."""
    connection.execute(f"DROP TABLE IF EXISTS {quote_name(_OF_PEOPLE)}")
    (found,) = answer
    people, one, other, long = cast("tuple[int, int, int, list[str] | None]", found)
    for ledger in _ledgers(LedgerTables(connection, rulebook), long or (), people):
        more = _of_person(ledger)
        people, one, other = people + more[0], one + more[1], other + more[2]
    return _digest(people, one, other)


def _ledgers(tables: LedgerTables, names: Sequence[str], others: int) -> Iterator[SubjectLedger]:
    """Give the ledgers of some people among others: one by one where they are few, else while reading all."""
    if len(names) * _ALL_AT_ONCE < others:
        for name in names:
            ledger = tables.subject(name)
            assert ledger is not None  # noqa: S101  the wide table names the person
            yield ledger
        return
    wanted = frozenset(names)
    if wanted:
        yield from (each for each in tables.ledgers() if each.score.subject in wanted)


def digest_of(ledgers: Iterable[SubjectLedger]) -> str:
    """Return the digest of a ledger from its rows, person by person."""
    people = one = other = 0
    for ledger in ledgers:
        more = _of_person(ledger)
        people, one, other = people + more[0], one + more[1], other + more[2]
    return _digest(people, one, other)


def digest_of_values(digests: Iterable[tuple[str, str]]) -> str:
    """Return the digest of a ledger by a field: the SHA-256 of a line for each value in the order of the rulebook, with
    the value, a blank and the digest of its part."""
    return hashlib.sha256("".join(f"{value} {digest}\n" for value, digest in digests).encode()).hexdigest()


def _digest(people: int, one: int, other: int) -> str:
    return hashlib.sha256(f"{people} {one} {other}\n".encode()).hexdigest()


# ---- from rows -------------------------------------------------------------------------------------------------------


def _of_person(ledger: SubjectLedger) -> tuple[int, int, int]:
    """Return what a person adds to the digest."""
    units = sum(_counted(table, row) for table in TABLES for row in _rows(ledger, table))
    if units == 0:
        return 0, 0, 0
    whole, rest = divmod(abs(units), _UNITS)
    text = f"{ledger.score.subject} {'-' if units < 0 else ''}{whole}.{rest:0{PLACES}d}"
    number = int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest(), "little")
    return 1, number >> _BITS, number & _LOWER


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
        "needs": ledger.needs,
    }
    return rows[table]


def _counted(table: str, row: _Row) -> int:
    keys = _KEYS[table]
    name = " ".join([table, *(str(getattr(row, key)) for key in keys)])
    units = weight(name) * _UNITS
    for column in row.__struct_fields__:
        if column == "subject" or column in keys:
            continue
        match getattr(row, column):
            case None:
                units += weight(f"{name} {column} {_MISSING}") * _UNITS
            case str() as text:
                units += weight(f"{name} {column} {text}") * _UNITS
            case Decimal() | int() as number:
                units += weight(f"{name} {column}") * int(EXACT.scaleb(Decimal(number), PLACES))
            case other:
                raise AssertionError(other)
    return units


# ---- from wide tables ------------------------------------------------------------------------------------------------


def _asked(rows: tuple[Rows, ...]) -> str:
    """Return the query for the digest, but for the people whose sums are longer than the database's numbers, who are
    named."""
    of_rules = _units_sql(rows, [each for each in WIDE if each not in OF_PEOPLE])
    # Everybody has a row of scores, and whoever is not scored none of what is there before.
    of_people = "CASE WHEN people.subject IS NULL THEN 0 ELSE people.units END"
    return (
        f"SELECT count(hash), CAST(coalesce(sum(CAST(hash >> {_BITS} AS UBIGINT)), 0) AS HUGEINT), "
        f"CAST(coalesce(sum(CAST(hash & {_LOWER} AS UBIGINT)), 0) AS HUGEINT), list(subject) FILTER (units IS NULL) "
        f"FROM (SELECT subject, units, CASE WHEN units <> 0 THEN md5_number(subject || ' ' || units) END AS hash "
        f"FROM (SELECT rules.subject, TRY(rules.units + {of_people}) AS units FROM ({of_rules}) AS rules "
        f"LEFT JOIN {quote_name(_OF_PEOPLE)} AS people ON people.subject = rules.subject))"
    )


def _units_sql(rows: tuple[Rows, ...], tables: Sequence[str]) -> str:
    """Return the query for what each person of the first of some wide tables adds in all of them; missing where a sum
    is longer than the database's numbers. Who has no row of another adds nothing there."""
    sums: list[str] = []
    joins = ""
    for wide in tables:
        of_wide = [each for each in rows if each.wide == wide]
        name = quote_name(wide)
        units = f"TRY({_sum_sql(of_wide)})" if of_wide else "0"
        if of_wide or not joins:
            source = f"(SELECT subject, {units} AS units FROM {quote_name(wide_name(wide))}) AS {name}"
            sums.append(f"CASE WHEN {name}.subject IS NULL THEN 0 ELSE {name}.units END" if joins else f"{name}.units")
            joins += f" LEFT JOIN {source} ON {name}.subject = {quote_name(tables[0])}.subject" if joins else source
    return f"SELECT {quote_name(tables[0])}.subject, TRY({added(sums)}) AS units FROM {joins}"


def _sum_sql(rows: list[Rows]) -> str:
    """Return SQL for a person's sum over a wide table; what a row counts whatever its cells say is added up here."""
    conditions = list(dict.fromkeys(each.where for each in rows))
    parts: list[str] = []
    for where in conditions:
        always, terms = 0, []
        numbers: dict[str, int] = {}  # what each column of numbers weighs, in however many cells it stands
        for each in rows:
            if each.where != where:
                continue
            name = " ".join([each.table, *(str(key) for _, key in each.key)])
            always += weight(name)
            for cell in each.cells:
                here = f"{name} {cell.column}"
                if cell.text == "NULL":
                    always += weight(f"{here} {_MISSING}")
                elif cell.among is not None and cell.text == quote_text(cell.among[0] if cell.among else ""):
                    always += weight(f"{here} {cell.among[0]}")
                elif cell.type != "VARCHAR" and not cell.can_lack:
                    numbers[cell.text] = numbers.get(cell.text, 0) + (0 if cell.text == "0" else weight(here))
                elif cell.text != "0":
                    terms.append(_cell_sql(here, cell))
        terms += [_number_sql(text, weighs) for text, weighs in numbers.items() if weighs != 0]
        found = added([f"CAST({always}. AS {NUMBER})", *terms])
        parts.append(found if where is None else f"CASE WHEN {where} THEN {found} ELSE 0 END")
    return added(parts)


def _cell_sql(name: str, cell: Cell) -> str:
    missing = f"{weight(f'{name} {_MISSING}')}."
    if cell.type != "VARCHAR":
        found = _number_sql(cell.text, weight(name))
        return f"coalesce({found}, {missing})" if cell.can_lack else found
    if cell.among is None:
        found = f"CAST(md5_number({quote_text(f'{name} ')} || {cell.text}) & {_LIGHTER} AS {NUMBER})"
        return f"CASE WHEN {cell.text} IS NULL THEN {missing} ELSE {found} END"
    texts = " ".join(f"WHEN {quote_text(text)} THEN {weight(f'{name} {text}')}." for text in cell.among)
    known = f" ELSE CASE {cell.text} {texts} END" if texts else ""
    return f"CAST(CASE WHEN {cell.text} IS NULL THEN {missing}{known} END AS {NUMBER})"


def _number_sql(text: str, weighs: int) -> str:
    return f"CAST({text} AS {NUMBER}) * {weighs}."
