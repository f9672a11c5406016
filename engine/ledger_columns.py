"""Takes a connection with the wide tables of a run's folder; gives a refusal where they are not a ledger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick.engine.plan import plan
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.sql import quote_name
from tallystick.engine.sql_ledger import ledger_views
from tallystick.engine.sql_wide import wide_name
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def check_ledger(connection: DuckDBPyConnection, rulebook: Rulebook) -> None:
    """Raise ``DataRefusal`` when a wide table has other columns than the ledger's, as one from elsewhere may."""
    for table in ledger_views(plan(rulebook)).wide.tables.values():
        described = connection.execute(f"DESCRIBE {quote_name(wide_name(table.name))}").fetchall()
        if [column[0] for column in described] != ["subject", *(each.bare for each in table.columns)]:
            message = f"the ledger's table `{table.name}` has other columns than this version reads"
            raise DataRefusal(message, help="score again")
