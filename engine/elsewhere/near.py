"""Takes records that lie in another database; brings those here that settle one person's ledger, as they are asked for.

What is asked for is what ``neighbourhood`` looks for among records that lie here, so that the same code finds it among
those brought. INVARIANT: each record comes once, though nothing there tells a record from another of the same values:
whatever is asked for leaves out what was asked for before.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tallystick.engine.corrections import id_field
from tallystick.engine.elsewhere.part import Agreeing, Elsewhere
from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.reading import as_scalar, record_fields
from tallystick.engine.query.corrections import stand_by_kept
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.voided import show_voided, voided_evidence
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import RunRows
from tallystick.engine.what_if.neighbourhood import MOST_ROWS, neighbourhood
from tallystick.rules.rulebook import Field, Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BROUGHT = "records brought"
"""The table of those that came, with ``#row`` and the declared fields, of the types declared."""


def bring_near(
    connection: DuckDBPyConnection,
    there: Elsewhere,
    rulebook: Rulebook,
    subject: str,
    as_of: date,
    *,
    corrections: str | None,
    subjects: str | None,
    pauses: str | None,
) -> RunRows:
    """Bring the records that settle a person's ledger and evidence, and return where they lie among the rows here.

    ``there`` knows of no corrections; ``corrections``: a query for those of the run. Raises ``DataRefusal`` where more
    than ``MOST_ROWS`` records have to do with the person.
    """
    fields, key = record_fields(rulebook), id_field(rulebook)
    near = _Near(connection, there, fields, subject)
    near.begin()
    records, voided = f"SELECT * FROM {quote_name(BROUGHT)}", None
    if corrections is not None and key is not None:
        records, voided = stand_by_kept(fields, key, records, corrections)
    rows = RunRows(connection, records, subjects, pauses, voided)
    # Evidence tells of the records struck out, too, and of what it would be to judge them.
    show_voided(connection, rulebook, voided)
    struck = connection.execute(voided_evidence(rulebook), {"name": subject}).fetchall()
    imagined = tuple(tuple(as_scalar(value) for value in row) for row in struck)
    neighbourhood(rows, rulebook, subject, as_of, imagined=imagined, fetch=near)
    return rows


class _Near(Struct, frozen=True):
    """The records of one person that were brought into a connection; it is a ``neighbourhood.Fetch``. ``asked``: what
    they agreed with, each with the keys that were known then."""

    connection: DuckDBPyConnection
    there: Elsewhere
    fields: tuple[Field, ...]
    subject: str
    asked: list[Agreeing] = field(default_factory=list)

    def begin(self) -> None:
        """Make the table, empty."""
        columns = ", ".join(f"{quote_name(each.name)} {sql_type(each)}" for each in self.fields)
        self.connection.execute(f'CREATE OR REPLACE TABLE {quote_name(BROUGHT)} ("#row" BIGINT, {columns})')

    def __call__(self, keys: str, same: str, where: str) -> None:
        """Bring the records ``a`` that agree with any of the ``keys`` ``k``, of those for which ``where`` holds."""
        table = f"keys {len(self.asked) + 1}"
        known = "".join(
            f" EXCEPT SELECT * FROM {quote_name(each.keys)}"
            for each in self.asked
            if (each.same, each.where) == (same, where)
        )
        self.connection.execute(f"CREATE OR REPLACE TABLE {quote_name(table)} AS SELECT * FROM ({keys}){known}")
        ((new,),) = self.connection.execute(f"SELECT count(*) FROM {quote_name(table)}").fetchall()
        if new == 0:
            return
        self.asked.append(Agreeing(table, same, where))
        self.there.bring_agreeing(self.connection, tuple(self.asked), BROUGHT, MOST_ROWS)
        ((there,),) = self.connection.execute(f"SELECT count(*) FROM {quote_name(BROUGHT)}").fetchall()
        if there > MOST_ROWS:
            message = f"more than {MOST_ROWS:,} records have to do with `{self.subject}`: too many to bring here"
            raise DataRefusal(message, help="score a copy of the records with `--engine duckdb`")
