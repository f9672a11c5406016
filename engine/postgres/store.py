"""Takes the address of a table in PostgreSQL; gives the store in which its rows are taken in and stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tallystick.engine.elsewhere import note_rejected
from tallystick.engine.intake import Relation, TakenIn
from tallystick.engine.intake_shape import Skipping
from tallystick.engine.intake_table import FileRead, Progress, Wanted
from tallystick.engine.postgres.intake import take_in_table
from tallystick.engine.postgres.records import PostgresRecords
from tallystick.engine.postgres.session import Session, open_session
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.sources import Inputs, TableInput
from tallystick.engine.workshop import Workshop


@dataclass(frozen=True)
class PostgresStore:
    """A table that a session reads; it is an ``elsewhere.Store``."""

    session: Session

    def take_in(
        self, workshop: Workshop, wanted: tuple[Wanted, ...], skipping: Skipping, progress: Progress
    ) -> tuple[TakenIn, PostgresRecords]:
        """Look at all records where they lie."""
        name = self.session.address.shown
        progress(f"checking {name}", 0)
        taken = take_in_table(self.session, wanted, skipping)
        rejected = note_rejected(
            workshop, "records", [(each.field, each.reason, each.value, each.rows) for each in taken.rejected]
        )
        relation = Relation("records", "", taken.fields)
        file = FileRead(name, taken.rows, None, None, taken.absent)
        found = TakenIn(relation, (file,), taken.rows, rejected, taken.skipped, taken.copies)
        return found, PostgresRecords(self.session, taken)


@contextmanager
def postgres_store(records: Inputs | None) -> Iterator[PostgresStore]:
    """Open the one table that was given, and let go of it in the end; raises ``UsageRefusal``."""
    inputs = () if records is None else records.inputs
    match inputs:
        case (TableInput(address=address),):
            session = open_session(address)
            try:
                yield PostgresStore(session)
            finally:
                session.close()
        case _:
            message = "`--engine postgres` reads records from one table"
            raise UsageRefusal(message, help="give `--records postgresql://USER@HOST/DATABASE?table=SCHEMA.TABLE`")
