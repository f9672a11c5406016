"""Takes a connection with the wide tables of a run's folder; gives a refusal where they are not a ledger's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tallystick.engine.intake.cells import sql_type
from tallystick.engine.query.ledger_rows import ledger_views
from tallystick.engine.query.native_ids import INTEGERS
from tallystick.engine.query.plan import plan
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.wide import wide_name
from tallystick.engine.refusals import DataRefusal
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import TextType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def check_ledger(connection: DuckDBPyConnection, rulebook: Rulebook) -> None:
    """Raise ``DataRefusal`` when a wide table has other columns than the ledger's, as one from elsewhere may."""
    for table in ledger_views(plan(rulebook)).wide.tables.values():
        due = {"subject": "VARCHAR", **{each.bare: each.type for each in table.columns}}
        check_columns(connection, wide_name(table.name), due, f"the ledger's table `{table.name}`")


def check_columns(connection: DuckDBPyConnection, name: str, due: Mapping[str, str], words: str) -> None:
    """Raise ``DataRefusal`` when a table or view has other columns than those ``due``, or of another kind: a number
    may have any number of digits."""
    if not has_columns(connection, quote_name(name), due):
        message = f"{words} has other columns than this version reads"
        raise DataRefusal(message, help="score again")


def has_columns(connection: DuckDBPyConnection, source: str, due: Mapping[str, str]) -> bool:
    """Tell whether a table or view, quoted, has these columns, in this order and of these kinds."""
    # `DESCRIBE` gives more than 2,048 columns in no order.
    columns = connection.execute(f"SELECT * FROM {source} LIMIT 0").description
    shown = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {source}").fetchall()}
    kinds = [(column[0], _kind(shown[column[0]])) for column in columns]
    return kinds == [(column, _kind(type_)) for column, type_ in due.items()]


def columns_of(connection: DuckDBPyConnection, source: str, fields: Sequence[Field]) -> dict[str, str]:
    """Return the columns that a table or view, quoted, is to have for these fields: texts may lie as the whole numbers
    they are."""
    shown = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {source}").fetchall()}
    whole = {each.name for each in fields if isinstance(each.type, TextType) and shown.get(each.name) in INTEGERS}
    return {each.name: shown[each.name] if each.name in whole else sql_type(each) for each in fields}


def _kind(type_: str) -> str:
    """Return what a column of a type holds: of numbers that are exact, any."""
    bare = type_.partition("(")[0] if type_.endswith(")") else type_
    return "number" if bare in {"DECIMAL", *INTEGERS} else type_
