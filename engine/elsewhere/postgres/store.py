"""Takes the address of a table in PostgreSQL; gives the store in which its rows are taken in and stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from tallystick.engine.elsewhere.intake import take_in_rows
from tallystick.engine.elsewhere.postgres.rows import PostgresRows
from tallystick.engine.elsewhere.postgres.session import Session, open_session
from tallystick.engine.elsewhere.rows import AcceptedThere
from tallystick.engine.intake.rows import TakenIn
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.sources import Inputs, TableInput
from tallystick.engine.intake.table import FileRead, Progress, Wanted
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.workshop import Workshop


class PostgresStore(Struct, frozen=True):
    """A table that a session reads; it is an ``elsewhere.Store``."""

    session: Session

    def take_in(
        self, workshop: Workshop, wanted: tuple[Wanted, ...], skipping: Skipping, progress: Progress
    ) -> tuple[TakenIn, AcceptedThere]:
        """Look at all records where they lie."""
        name = self.session.address.shown
        progress(f"checking {name}", 0)
        rows = PostgresRows(self.session, workshop.connection)
        accepted = AcceptedThere(rows, take_in_rows(rows, workshop.connection, wanted, skipping))
        file = FileRead(name, accepted.taken.rows, None, None, accepted.taken.absent)
        return accepted.told(workshop, (file,)), accepted


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
