"""Takes a rulebook, one set of inputs and days; gives everybody's score as of each day, side by side in one connection.

Rows are taken in once. A day is a run like any other, of which only scores, points and how much is recorded are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.by_field.rows import only_value, rows_of_value
from tallystick.engine.change.trials import TrialInputs
from tallystick.engine.duckdb import Ledger, run_ledger
from tallystick.engine.intake.table import Progress
from tallystick.engine.intake.taking import Taken, find_inputs, take_in_given
from tallystick.engine.locked_folder import folder_for_a_while
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.workshop import Workshop, open_workshop, with_room
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TAKEN = "records taken once"


class Replay(Struct, frozen=True):
    """The days replayed so far. Views in ``connection`` are named by a label: ``scores of LABEL`` (``subject``,
    ``score``, ``band``), ``parts of LABEL`` (``subject``, ``kind``, ``name``, ``points``, which sum to the score) and
    ``known of LABEL`` (``subject``, ``records``: how many about the person are not later than the day) and
    ``acts of LABEL`` (``subject``, ``records``: how many of these the person did, ``others``: about others)."""

    rulebook: Rulebook
    workshop: Workshop
    taken: Taken
    connection: DuckDBPyConnection
    folder: Path
    value: str | None = None

    def run(self, label: str, day: date, *, without_file: int | None = None) -> None:
        """Score everybody as of a day; ``without_file``: as if the rows of one file of records were not there."""
        read = self.taken.rows(self.workshop.connection)
        select = None if read.records is None else f"SELECT * FROM {quote_name(_TAKEN)}"
        if select is not None and without_file is not None:
            rows = f'SELECT "#row" FROM {quote_name("records read")} WHERE "#file" = {without_file}'
            select += f' WHERE "#row" NOT IN ({rows})'
        read = replace(read, records=select)
        if self.value is not None:
            read = rows_of_value(self.rulebook, read, self.value)
        ledger = run_ledger(
            read.connection, self.rulebook, read.records, read.subjects, day, pauses=read.pauses, voided=read.voided
        )
        for name, query in _queries(ledger).items():
            path = self.folder / f"{name} {label}.parquet"
            file = quote_text(str(path))
            self.workshop.connection.execute(f"COPY ({query}) TO {file} (FORMAT parquet)")
            self.connection.execute(
                f"CREATE OR REPLACE TABLE {self.table(name, label)} AS SELECT * FROM read_parquet({file})"
            )
            path.unlink()

    def table(self, name: str, label: str) -> str:
        """Return the quoted name of a table."""
        return quote_name(f"{name} of {label}")

    def forget(self, label: str) -> None:
        """Drop a day's tables."""
        for name in ("scores", "parts", "known", "acts"):
            self.connection.execute(f"DROP TABLE {self.table(name, label)}")

    @property
    def files(self) -> tuple[tuple[str, int], ...]:
        """The files of records, with how many rows each has."""
        return () if self.taken.records is None else tuple((each.name, each.rows) for each in self.taken.records.files)


@contextmanager
def replay(rulebook: Rulebook, inputs: TrialInputs, progress: Progress) -> Iterator[Replay]:
    """Take the inputs in, ready to be scored as of any day; nothing of it is left afterwards."""
    only_value(rulebook, inputs.value)
    given = find_inputs(
        rulebook,
        inputs.records,
        inputs.subjects,
        inputs.mapping,
        pauses=inputs.pauses,
        corrections=inputs.corrections,
    )
    with with_room("replay"), folder_for_a_while() as folder:
        workshop, side = open_workshop(reads=given.parquet, out=folder), open_workshop(out=folder)
        try:
            taken = take_in_given(workshop, rulebook, given, inputs.max_rejected, progress)
            if taken.records is not None:
                select = taken.records.relation.select
                workshop.connection.execute(f"CREATE TABLE {quote_name(_TAKEN)} AS {select}")
            yield Replay(rulebook, workshop, taken, side.connection, folder, inputs.value)
        finally:
            workshop.close()
            side.close()


def _queries(ledger: Ledger) -> dict[str, str]:
    """Return the queries for what is kept of a day, by the names of the tables that keep it."""
    tables = ledger.tables
    nobody = "SELECT NULL AS actor, 0 AS records, 0 AS others WHERE false"
    return {
        "scores": f"SELECT subject, score, band FROM {tables.table('scores')}",
        "parts": (
            "SELECT subject, 'rule' AS kind, rule AS name, points "
            f"FROM {tables.table('lines')} WHERE points IS NOT NULL "
            f"UNION ALL SELECT subject, kind, name, amount FROM {tables.table('adjustments')}"
        ),
        "known": (
            "SELECT subject, CAST(sum(records) AS BIGINT) AS records "
            f"FROM {tables.table('accounts')} WHERE fate <> 'not yet' GROUP BY subject"
        ),
        "acts": f"SELECT CAST(actor AS VARCHAR) AS subject, records, others FROM ({ledger.acts_sql or nobody})",
    }
