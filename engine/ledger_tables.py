"""Takes a connection in which the wide tables of a ledger can be asked; gives the ledger person by person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

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
from tallystick.engine.query.ledger_rows import Cell, Rows, ledger_views
from tallystick.engine.query.plan import plan
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.query.wide import NUMBER, WIDE, wide_name
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, Statement

TABLES = {
    "scores": ScoreRow,
    "lines": LineRow,
    "facets": FacetRow,
    "adjustments": AdjustmentRow,
    "measures": MeasureRow,
    "steps": StepRow,
    "inputs": InputRow,
    "accounts": AccountRow,
    "needs": NeedRow,
}
"""The tables of a ledger by name, with what a row of each is."""
_BATCH = 1_000
_Cells: TypeAlias = tuple[Any, ...]


@lru_cache(maxsize=1 << 13)
def _number(text: str | None) -> Decimal | None:
    """Return the number that a text says. Most come again for the next person. Of each there is one then, so that rows
    of two people that are looked for among others are found to be alike at a glance."""
    return None if text is None else Decimal(text)


class _Form(Struct, frozen=True):
    """How a row of the ledger is made: which cells it takes, in the order of its fields. ``where`` is the place of the
    cell that says whether somebody has such a row, which is not 0 then; None: everybody has."""

    taken: Callable[[_Cells], _Cells]
    where: int | None


class _WideTable(Struct, frozen=True):
    """A wide table: what is asked of it, and by ledger table the rows that are made of somebody's cells: first those
    that are the ``same`` for everybody, then those that come: the name, so many ``numbers`` as texts, and the others.

    Numbers come as texts because making them from these takes a fifth of the time that the database takes.
    """

    name: str
    asked: str
    same: _Cells
    numbers: int
    forms: tuple[tuple[str, tuple[_Form, ...]], ...]

    def rows_in(self, row: _Cells) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Give the rows of each ledger table that somebody's row holds."""
        end = 1 + self.numbers
        cells = (*self.same, row[0], *map(_number, row[1:end]), *row[end:])
        for table, forms in self.forms:
            made = TABLES[table]
            yield table, tuple([made(*each.taken(cells)) for each in forms if each.where is None or cells[each.where]])


class LedgerTables(Struct, frozen=True, dict=True):
    """A ledger whose wide tables are in a connection; rows may lie in any order."""

    connection: DuckDBPyConnection
    rulebook: Rulebook

    def subjects(self) -> Iterator[str]:
        """Give everyone with a row in ``scores``, in the order of code points."""
        query = f"SELECT subject FROM {quote_name(wide_name('scores'))} ORDER BY subject"
        return (str(row[0]) for row in self.fetched(query))

    def subject(self, name: str) -> SubjectLedger | None:
        """Return one person's ledger; None if nobody is called so."""
        with _refusing():
            rows = [self.connection.cursor().execute(query, [name]).fetchall() for query in self._of_one]
        return self._ledger(rows) if rows[0] else None

    def ledgers(self) -> Iterator[SubjectLedger]:
        """Give everyone's ledger, reading each table once."""
        tables = [_InTurn(self.fetched(f"{wide.asked} ORDER BY subject")) for wide in self._wide]
        for name in self.subjects():
            yield self._ledger([table.rows_of(name) for table in tables])

    def table(self, name: str) -> str:
        """Return one of ``TABLES`` as SQL that stands for it in a query, put together from a wide table.

        There is no view of it in the connection: to bind one, with each cell of each row, costs every run."""
        return f"({ledger_views(plan(self.rulebook)).queries[name]})"

    def fetched(self, query: str) -> Iterator[_Cells]:
        """Give the rows of a query over the tables; raises ``DataRefusal`` where they cannot be read."""
        with _refusing():
            result = self.connection.cursor().execute(query)
        while True:
            with _refusing():
                rows = result.fetchmany(_BATCH)
            if not rows:
                return
            yield from rows

    def _ledger(self, rows: list[list[_Cells]]) -> SubjectLedger:
        """Return the ledger that somebody's rows of the wide tables hold."""
        found: dict[str, tuple[Any, ...]] = dict.fromkeys(TABLES, ())
        for wide, those in zip(self._wide, rows, strict=True):
            if len(those) > 1 or (wide.name == "scores" and not those):
                message = f"the ledger's table `{wide.name}` has other than one row of somebody"
                raise DataRefusal(message, help="score again")
            for row in those:
                found.update(wide.rows_in(row))
        (score,) = found.pop("scores")
        return SubjectLedger(score, **found)

    @cached_property
    def _of_one(self) -> tuple[Statement, ...]:
        """What is asked of each wide table for one person: the database reads a query's text as slowly as it plans it,
        so that is done once."""
        texts = (f"{wide.asked} WHERE subject = ?" for wide in self._wide)
        return tuple(self.connection.extract_statements(text)[0] for text in texts)

    @cached_property
    def _wide(self) -> tuple[_WideTable, ...]:
        """The wide tables that hold something of this rulebook's ledger; ``scores`` is the first."""
        rows = ledger_views(plan(self.rulebook)).rows
        tables = {wide: [row for row in rows if row.wide == wide] for wide in WIDE}
        return tuple(_wide_table(wide, those) for wide, those in tables.items() if those)


def _wide_table(name: str, rows: Sequence[Rows]) -> _WideTable:
    """Return what is asked of a wide table for these rows of the ledger."""
    same = {text: value for row in rows for text, value in _same(row)}
    cells = [_asked(cell) for row in rows for cell in row.cells if cell.text not in same]
    numbers = dict.fromkeys(text for text, is_number in cells if is_number)
    others = dict.fromkeys(text for text, is_number in cells if not is_number)
    others |= dict.fromkeys(where for where in map(_where, rows) if where is not None and where not in numbers)
    asked = ("subject", *numbers, *others)
    places = {text: place for place, text in enumerate((*same, *asked))}
    forms: dict[str, list[_Form]] = {}
    for row in rows:
        # INVARIANT: a row's key and cells stand in the order of its type's fields.
        taken = ["subject", *(_literal(key) for _, key in row.key)]
        taken += [cell.text if cell.text in same else _asked(cell)[0] for cell in row.cells]
        where = _where(row)
        form = _Form(itemgetter(*[places[text] for text in taken]), None if where is None else places[where])
        forms.setdefault(row.table, []).append(form)
    query = f"SELECT {', '.join(asked)} FROM {quote_name(wide_name(name))}"
    by_table = tuple((table, tuple(those)) for table, those in forms.items())
    return _WideTable(name, query, tuple(same.values()), len(numbers), by_table)


def _asked(cell: Cell) -> tuple[str, bool]:
    """Return what is asked for a cell, and whether that is the text of a number."""
    text = f"CAST({cell.text} AS {cell.type})"
    return (f"CAST({text} AS VARCHAR)", True) if cell.type == NUMBER else (text, False)


def _where(row: Rows) -> str | None:
    """Return what is asked to know whether somebody has a row: one of its cells, where that need only not be 0."""
    for cell in row.cells:
        if row.where in (f"{cell.text} > 0", f"{cell.text} <> 0"):
            return _asked(cell)[0]
    return row.where


def _same(row: Rows) -> Iterator[tuple[str, object]]:
    """Give what is the same in everybody's row, by its SQL."""
    yield from ((_literal(key), key) for _, key in row.key)
    for cell in row.cells:
        if cell.text == "NULL":
            yield cell.text, None
        elif cell.text == "0" and cell.type == NUMBER:
            yield cell.text, Decimal("0E-9")
        elif cell.among and cell.text == _literal(cell.among[0]):
            yield cell.text, cell.among[0]


def _literal(key: str | int) -> str:
    return quote_text(key) if isinstance(key, str) else str(key)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn the database's complaint about a damaged file, or about a run that was closed, into a refusal."""
    import duckdb  # noqa: PLC0415

    try:
        yield
    except duckdb.ConnectionException as error:
        message = "the run is closed"
        raise UsageRefusal(message, help="ask before `close()`, or open its folder again with `open_run`") from error
    except duckdb.Error as error:
        message = f"the ledger cannot be read: {str(error).splitlines()[0]}"
        raise DataRefusal(message, help="score again") from error


class _InTurn:
    """Rows ordered by their first cell, a name, taken one name after another."""

    def __init__(self, rows: Iterator[_Cells]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def rows_of(self, name: str) -> list[_Cells]:
        """Return the rows of a name, which comes after all names asked for before."""
        found: list[_Cells] = []
        while self._next is not None and self._next[0] == name:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found
