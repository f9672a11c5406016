"""Takes a ledger, from whichever engine; gives its digest, which no order of rows, number of threads or engine
changes.

A row is a line of text: the table's name, then its cells, with one blank between them: numbers with 9 places, texts
of people with their length in bytes before them (``3:ada``), ``~`` for what is missing. Of each table the digest
knows the number of rows and the sums of the two 64-bit halves of every row's MD5 (its bytes read as one little-endian
number), and is the SHA-256 of those. It finds accidents; against intent stand the digests of the files.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING

from tallystick.engine.arithmetic import text_of
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.ledger_tables import TABLES
from tallystick.engine.sql import quote_name, quote_text
from tallystick.rules.decimals import PLACES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MISSING = "~"
_BITS = 64
_LOWER = (1 << _BITS) - 1
_SHORT = "DECIMAL(18, 9)"
"""Numbers that fit are written from half as many bytes, which takes half the time."""
_FREE_TEXTS = frozenset({("inputs", "value"), *((table, "subject") for table in TABLES)})
"""Cells that can hold anything; the other texts are names from the rulebook or words of ours."""


def ledger_digest(connection: DuckDBPyConnection) -> str:
    """Return the digest of the ledger whose tables a connection holds."""
    sums: dict[str, tuple[int, int, int]] = {}
    for table in TABLES:
        upper, lower = f"hash >> {_BITS}", f"hash & {_LOWER}"
        query = (
            f"SELECT count(*), CAST(coalesce(sum(CAST({upper} AS UBIGINT)), 0) AS HUGEINT), "
            f"CAST(coalesce(sum(CAST({lower} AS UBIGINT)), 0) AS HUGEINT) "
            f"FROM (SELECT md5_number({_line_sql(table)}) AS hash FROM {quote_name(table)})"
        )
        ((rows, one, other),) = connection.cursor().execute(query).fetchall()
        sums[table] = (rows, one, other)
    return _digest(sums)


def digest_of(ledgers: Iterable[SubjectLedger]) -> str:
    """Return the digest of a ledger from its rows, person by person."""
    sums: dict[str, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for ledger in ledgers:
        for table, rows in _rows(ledger).items():
            for row in rows:
                digest = hashlib.md5(_line(table, row).encode(), usedforsecurity=False).digest()
                hash_ = int.from_bytes(digest, "little")
                count, upper, lower = sums[table]
                sums[table] = (count + 1, upper + (hash_ >> _BITS), lower + (hash_ & _LOWER))
    return _digest(sums)


def _digest(sums: dict[str, tuple[int, int, int]]) -> str:
    lines = [f"{table} {' '.join(str(part) for part in sums.get(table, (0, 0, 0)))}\n" for table in TABLES]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _rows(ledger: SubjectLedger) -> dict[str, tuple[object, ...]]:
    return {
        "scores": (ledger.score,),
        "lines": ledger.lines,
        "facets": ledger.facets,
        "adjustments": ledger.adjustments,
        "measures": ledger.measures,
        "steps": ledger.steps,
        "inputs": ledger.inputs,
        "accounts": ledger.accounts,
    }


def _line(table: str, row: object) -> str:
    return " ".join([table, *(_cell(table, each.name, getattr(row, each.name)) for each in fields(TABLES[table]))])


def _cell(table: str, column: str, value: object) -> str:
    match value:
        case None:
            return _MISSING
        case Decimal():
            return text_of(value, PLACES)
        case str() if (table, column) in _FREE_TEXTS:
            return f"{len(value.encode())}:{value}"
        case _:
            return str(value)


def _line_sql(table: str) -> str:
    cells = [quote_text(table)]
    for each in fields(TABLES[table]):
        column = quote_name(each.name)
        text = f"CAST({column} AS VARCHAR)"
        if "Decimal" in str(each.type):
            text = f"coalesce(CAST(TRY_CAST({column} AS {_SHORT}) AS VARCHAR), CAST({column} AS VARCHAR))"
        if (table, each.name) in _FREE_TEXTS:
            text = f"strlen({column}) || ':' || {column}"
        cells.append(f"coalesce({text}, '{_MISSING}')" if "None" in str(each.type) else text)
    return f"concat_ws(' ', {', '.join(cells)})"
