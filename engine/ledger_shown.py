"""Takes a connection that can be asked for the wide tables of a run's folder; gives it the tables of the ledger, as
views of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick.engine.compile import ledger_statements
from tallystick.engine.plan import plan
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.sql import quote_name
from tallystick.engine.sql_ledger import ledger_views
from tallystick.engine.sql_wide import wide_name
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def show_ledger(connection: DuckDBPyConnection, rulebook: Rulebook) -> None:
    """Make the views; raises ``DataRefusal`` when a wide table has other columns than the ledger's, as one from
    elsewhere may."""
    views = ledger_views(plan(rulebook))
    for table in views.wide.tables.values():
        described = connection.execute(f"DESCRIBE {quote_name(wide_name(table.name))}").fetchall()
        if [column[0] for column in described] != ["subject", *(each.bare for each in table.columns)]:
            message = f"the ledger's table `{table.name}` has other columns than this version reads"
            raise DataRefusal(message, help="score again")
    for statement in ledger_statements(views):
        connection.execute(statement.text)
