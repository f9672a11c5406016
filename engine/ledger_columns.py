"""Takes a connection with the wide tables of a run's folder; gives a refusal where they are not a ledger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick.engine.query.ledger_rows import ledger_views
from tallystick.engine.query.plan import plan
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.wide import wide_name
from tallystick.engine.refusals import DataRefusal
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def check_ledger(connection: DuckDBPyConnection, rulebook: Rulebook) -> None:
    """Raise ``DataRefusal`` when a wide table has other columns than the ledger's, as one from elsewhere may."""
    for table in ledger_views(plan(rulebook)).wide.tables.values():
        # `DESCRIBE` gives more than 2,048 columns in no order.
        shown = connection.execute(f"SELECT * FROM {quote_name(wide_name(table.name))} LIMIT 0").description
        if [column[0] for column in shown] != ["subject", *(each.bare for each in table.columns)]:
            message = f"the ledger's table `{table.name}` has other columns than this version reads"
            raise DataRefusal(message, help="score again")
