"""Takes a connection in which the tables of a ledger can be asked; gives the ledger person by person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Protocol, TypeVar

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
from tallystick.engine.plan import plan
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.sql import quote_name
from tallystick.engine.sql_ledger import ledger_views, wide_of
from tallystick.engine.sql_wide import wide_name
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_Row = TypeVar("_Row", ScoreRow, LineRow, FacetRow, AdjustmentRow, MeasureRow, StepRow, InputRow, AccountRow, NeedRow)
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
_BATCH = 10_000
_KINDS = ("division", "cap", "floor", "rounding")
_STEPS = ("excluded", "window", "discount", "dilution", "keep", "total", "fading", "paused")
_FATES = ("voided", "not yet", "excluded", "taken in", "outside window", "unused")


@dataclass(frozen=True)
class LedgerTables:
    """The ledger's tables in a connection, under the names of ``TABLES``; rows may lie in any order."""

    connection: DuckDBPyConnection
    rulebook: Rulebook

    def subjects(self) -> Iterator[str]:
        """Give everyone with a row in ``scores``, in the order of code points."""
        return (str(row[0]) for row in self.fetched("SELECT subject FROM scores ORDER BY subject"))

    def subject(self, name: str) -> SubjectLedger | None:
        """Return one person's ledger; None if nobody is called so."""
        found = {table: self._rows(table, name) for table in TABLES}
        return self._ledger(found) if found["scores"] else None

    def ledgers(self) -> Iterator[SubjectLedger]:
        """Give everyone's ledger, reading each table once."""
        groups = {table: _Groups(self._all(table)) for table in TABLES}
        for name in self.subjects():
            yield self._ledger({table: group.take(name) for table, group in groups.items()})

    def _rows(self, table: str, name: str) -> list[tuple[object, ...]]:
        # The wide table's name stands for the person's row of it, so that it is looked up once, not for every line.
        wide = quote_name(wide_name(wide_of(table)))
        person = f"{wide} AS MATERIALIZED (SELECT * FROM main.{wide} WHERE subject = ?)"
        query = f"WITH {person} SELECT {_columns(table)} FROM ({self._queries[table]})"
        with _refusing():
            return self.connection.cursor().execute(query, [name]).fetchall()

    def _all(self, table: str) -> Iterator[tuple[object, ...]]:
        query = f"SELECT {_columns(table)} FROM {quote_name(table)} ORDER BY subject"
        return self.fetched(query)

    def fetched(self, query: str) -> Iterator[tuple[object, ...]]:
        """Give the rows of a query over the tables; raises ``DataRefusal`` where they cannot be read."""
        with _refusing():
            result = self.connection.cursor().execute(query)
        while True:
            with _refusing():
                rows = result.fetchmany(_BATCH)
            if not rows:
                return
            yield from rows

    def _ledger(self, found: dict[str, list[tuple[object, ...]]]) -> SubjectLedger:
        """Put a person's rows into the order of the rulebook."""
        order = self._order
        if len(found["scores"]) != 1:
            message = "the ledger's table `scores` has other than one row of somebody"
            raise DataRefusal(message, help="score again")
        (score,) = _made(ScoreRow, found["scores"])
        return SubjectLedger(
            score,
            tuple(sorted(_made(LineRow, found["lines"]), key=lambda row: order["rule"][row.rule])),
            tuple(sorted(_made(FacetRow, found["facets"]), key=lambda row: order["facet"][row.facet])),
            tuple(
                sorted(
                    _made(AdjustmentRow, found["adjustments"]),
                    key=lambda row: (row.place == "score", order["facet"].get(row.name, 0), _KINDS.index(row.kind)),
                )
            ),
            tuple(sorted(_made(MeasureRow, found["measures"]), key=lambda row: order["measure"][row.measure])),
            tuple(
                sorted(
                    _made(StepRow, found["steps"]),
                    key=lambda row: (
                        order["measure"][row.measure],
                        _STEPS.index(row.step),
                        order["discount" if row.step == "discount" else "exclude"].get(row.name, -1),
                    ),
                )
            ),
            tuple(sorted(_made(InputRow, found["inputs"]), key=lambda row: order["input"][row.attribute])),
            tuple(
                sorted(
                    _made(AccountRow, found["accounts"]),
                    key=lambda row: (_FATES.index(row.fate), order["exclude"].get(row.name, -1)),
                )
            ),
            tuple(sorted(_made(NeedRow, found["needs"]), key=lambda row: (order["band"][row.band], row.need))),
        )

    @cached_property
    def _queries(self) -> Mapping[str, str]:
        return ledger_views(plan(self.rulebook)).queries

    @cached_property
    def _order(self) -> dict[str, dict[str, int]]:
        """Where each declaration stands in the rulebook."""
        book = self.rulebook
        named: dict[str, Sequence[_Named]] = {
            "rule": book.rules,
            "facet": book.facets,
            "measure": book.measures,
            "discount": book.discounts,
            "exclude": book.excludes,
            "band": book.bands,
            "input": book.subjects or (),
        }
        return {sort: {each.name: place for place, each in enumerate(all_)} for sort, all_ in named.items()}


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn the database's complaint about a damaged file into a refusal."""
    import duckdb  # noqa: PLC0415

    try:
        yield
    except duckdb.Error as error:
        message = f"the ledger cannot be read: {str(error).splitlines()[0]}"
        raise DataRefusal(message, help="score again") from error


class _Named(Protocol):
    """A declaration."""

    @property
    def name(self) -> str:
        """Its name."""


class _Groups:
    """Rows ordered by their first column, taken one value of it after another."""

    def __init__(self, rows: Iterator[tuple[object, ...]]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next = next(self._groups, None)

    def take(self, name: str) -> list[tuple[object, ...]]:
        """Return the rows of a name, which comes after all names asked for before."""
        if self._next is None or self._next[0] != name:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _columns(table: str) -> str:
    return ", ".join(quote_name(each.name) for each in fields(TABLES[table]))


def _made(row: Callable[..., _Row], rows: list[tuple[object, ...]]) -> list[_Row]:
    return [row(*values) for values in rows]
