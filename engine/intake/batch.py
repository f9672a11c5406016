"""Takes columns of values; puts their rows in a table of the database, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tallystick.engine.query.sql import quote_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Column = tuple[str, Sequence[object]]
"""A column's NumPy type and its values."""


def insert_batch(
    connection: DuckDBPyConnection, table: str, columns: Mapping[str, Column], select: Sequence[str] = ("*",)
) -> None:
    """Add rows to a table, given column by column; ``select``: the table's columns, in SQL over those given."""
    import numpy as np  # noqa: PLC0415  it takes a tenth of a second, and Parquet files need none of it

    connection.register("batch", {name: np.array(values, dtype=kind) for name, (kind, values) in columns.items()})
    connection.execute(f"INSERT INTO {quote_name(table)} SELECT {', '.join(select)} FROM batch")
    connection.unregister("batch")
