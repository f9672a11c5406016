"""Takes the records that corrections struck out; gives the queries that count and show them, the only ones that do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick.engine.intake.cells import sql_type
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.steps import VOIDED
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import OneOfType, TextType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def show_voided(connection: DuckDBPyConnection, rulebook: Rulebook, select: str | None) -> None:
    """Make the view, from a query that gives ``#row`` and the declared fields."""
    fields = record_fields(rulebook)
    if select is None:
        columns = [f"CAST(NULL AS {sql_type(field)}) AS {quote_name(field.name)}" for field in fields]
        select = f"SELECT {', '.join(['CAST(NULL AS BIGINT) AS ' + quote_name('#row'), *columns])} WHERE false"
    connection.execute(f"CREATE OR REPLACE VIEW {quote_name(VOIDED)} AS {select}")


def voided_evidence(rulebook: Rulebook) -> str:
    """Return the query for the records struck out that touch the person ``$name``: their declared fields."""
    fields = record_fields(rulebook)
    touches = "CAST(subject AS VARCHAR) = $name"
    if any(field.name == "actor" for field in fields):
        touches += " OR CAST(actor AS VARCHAR) = $name"
    columns = ", ".join(as_read(field) for field in fields)
    return f'SELECT {columns} FROM {quote_name(VOIDED)} WHERE {touches} ORDER BY "#row"'


def as_read(field: Field) -> str:
    """Return a field of the accepted records with its declared type: a text may lie there as the number it is."""
    name = quote_name(field.name)
    return f"CAST({name} AS VARCHAR) AS {name}" if isinstance(field.type, TextType | OneOfType) else name
