"""Takes the part of a query over records that lie in another database; makes ready what is needed of it here.

An engine other than the embedded one works out that part alone. What each of its last steps gives is put into a table
here, after which the query goes on as if it had been worked out in this connection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from tallystick.engine.intake.rows import TakenIn
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.table import Progress, TextTable, Wanted
from tallystick.engine.ledger import EvidenceRow, InputRow
from tallystick.engine.pauses import Stretch, reads_pauses
from tallystick.engine.query.corrections import Standing
from tallystick.engine.query.pauses import stretches_in
from tallystick.engine.query.records_part import RecordsPart
from tallystick.engine.query.sql import quote_name, quote_value
from tallystick.engine.query.steps import AS_OF
from tallystick.engine.refusals import RowsNotKept
from tallystick.engine.run import RunRows
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Field, Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Agreeing(Struct, frozen=True):
    """Which records are asked for: those, called ``a``, that agree with any row, called ``k``, of a small table here,
    of those for which ``where`` holds. Both conditions are in DuckDB's words."""

    keys: str
    same: str
    where: str


def agreeing(relation: str, names: Sequence[str], asked: Sequence[Agreeing]) -> str:
    """Return the query, in DuckDB's words, for the records of a relation that agree with the last that is asked for,
    and with none before."""
    *before, last = asked
    joins = "".join(
        f"\n{how} JOIN {quote_name(each.keys)} AS k ON {each.same} AND {each.where}"
        for how, each in (("SEMI", last), *(("ANTI", each) for each in before))
    )
    columns = ", ".join(f"a.{quote_name(name)}" for name in names)
    return f"SELECT {columns}\nFROM {quote_name(relation)} AS a{joins}"


class Elsewhere(Protocol):
    """Accepted records in another database."""

    @property
    def title(self) -> str:
        """The database and its version, for the receipt."""

    @property
    def types(self) -> Mapping[str, str]:
        """DuckDB's type of each declared field as it comes out there; a text that lies there as a whole number may
        stay one."""

    @property
    def accepted(self) -> int:
        """How many there are."""

    def years(self, field: Field) -> tuple[int, int] | None:
        """Return the years of the first and the last moment in a field; None where there is none."""

    def named(self, connection: DuckDBPyConnection, key: Field, ids: str, table: str) -> str:
        """Bring the records whose ids a query gives into a table here; return a query that gives them with a ``#row``
        of their own."""

    def corrected(self, connection: DuckDBPyConnection, key: Field, made: Standing) -> Elsewhere:
        """Return the records that stand, by corrections that were made of those ``named``."""

    def by_day(self) -> Sequence[tuple[date, int, tuple[int, ...]]]:
        """Return of each day, in order, how many records were read, before any correction, and the sums of the parts of
        their digests."""

    def by_value(self, field: str) -> Mapping[str, int]:
        """Return how many records have each value of a field."""

    def of_value(self, field: str, value: str, accepted: int) -> Elsewhere:
        """Return the records with a value in a field, of which there are so many; those asked for before go."""

    def bring_agreeing(
        self, connection: DuckDBPyConnection, asked: tuple[Agreeing, ...], table: str, most: int
    ) -> None:
        """Add to a table here the records that agree with the last that is asked for, and with none before; if there
        are more than ``most``, one more than those. Of corrections they know nothing."""

    def work_out(self, connection: DuckDBPyConnection, part: RecordsPart, as_of: date) -> None:
        """Work out a part that is ``laid_out`` in the connection, and fill each table that it ``gives``."""


def laid_out(connection: DuckDBPyConnection, part: RecordsPart, as_of: date) -> None:
    """Make the small tables, and the others empty: those that the part gives are to be filled.

    The accepted records that the connection sees must be none, of the types that they have elsewhere; those struck out
    may be some. The tables are the connection's own, beside which others may be called alike.
    """
    for step in (*part.small, *part.steps):
        body = step.body.replace(AS_OF, quote_value(as_of))
        empty = "" if step in part.small else " WITH NO DATA"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {quote_name(step.name)} AS {body}{empty}")
    for step in part.steps:
        if step.name not in part.gives:
            connection.execute(f"DROP TABLE {quote_name(step.name)}")


def columns_of(connection: DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Return the columns in order, and their types, of a relation as it stands in a query."""
    found = connection.execute(f"DESCRIBE FROM {relation}").fetchall()
    return {str(row[0]): str(row[1]) for row in found}


class Store(Protocol):
    """A database in which records are taken in, and stay."""

    def take_in(
        self, workshop: Workshop, wanted: tuple[Wanted, ...], skipping: Skipping, progress: Progress
    ) -> tuple[TakenIn, Elsewhere]:
        """Look at all records; return what became of them, and where those accepted lie. The table ``records rejected``
        is made here, in the workshop's connection; of the accepted ones nothing comes here."""


class RejectedCells(Struct, frozen=True):
    """Rows rejected for one reason and value: the field, why, how the value begins, and how many they are."""

    field: str
    reason: str
    value: str
    rows: int


def note_rejected(workshop: Workshop, role: str, cells: Sequence[RejectedCells]) -> int:
    """Make the table of rejected rows from why they were; return how many they all are. A row of a table has no number,
    and stands on line 0."""
    connection = workshop.connection
    texts = TextTable(connection, f"{role} texts", f"{role} rejected")
    texts.create(0)
    connection.execute(
        f"INSERT INTO {quote_name(texts.rejected)} SELECT row_number() OVER (), 0, 0, field, reason, value FROM ("
        "SELECT field, reason, value, unnest(range(CAST(rows AS BIGINT))) FROM ("
        "SELECT unnest($fields) AS field, unnest($reasons) AS reason, unnest($values) AS value, "
        "unnest($counts) AS rows))",
        {
            "fields": [each.field for each in cells],
            "reasons": [each.reason for each in cells],
            "values": [each.value for each in cells],
            "counts": [each.rows for each in cells],
        },
    )
    return sum(each.rows for each in cells)


class NoEvidence(Struct, frozen=True):
    """Evidence where the records lie elsewhere: none, for the numbers alone came here; absences are known here."""

    connection: DuckDBPyConnection
    rulebook: Rulebook
    as_of: date

    def __call__(self, _name: str) -> Iterator[EvidenceRow]:
        """Refuse."""
        raise _not_here()

    def of_many(self, _names: Sequence[str]) -> Iterator[tuple[str, tuple[EvidenceRow, ...]]]:
        """Refuse."""
        raise _not_here()

    def pauses(self, name: str) -> tuple[Stretch, ...]:
        """Give one person's absences up to the as-of day, put together."""
        return stretches_in(self.connection, name, self.as_of) if reads_pauses(self.rulebook) else ()

    def attributes(self, _name: str) -> tuple[InputRow, ...]:
        """Give nothing: of who was not admitted, what was read stayed there."""
        return ()


def rows_not_here() -> RunRows:
    """Refuse to say where the rows lie here."""
    raise _not_here()


def _not_here() -> RowsNotKept:
    message = "the records behind this run lie in another database, and were not copied"
    return RowsNotKept(message, help="leave them out, or score a copy of them with `--engine duckdb`")
