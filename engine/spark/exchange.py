"""Takes queries of Spark and of a connection here; gives what they say to the other of the two, by Parquet files that
both can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick.engine.spark.session import SparkHere
from tallystick.engine.sql import quote_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def send(spark: SparkHere, connection: DuckDBPyConnection, query: str, name: str) -> None:
    """Show Spark what a query here gives, as a view."""
    path = spark.new_folder() / "sent.parquet"
    connection.execute(f"COPY ({query}) TO {quote_text(str(path))} (FORMAT parquet)")
    spark.show(path, name)


def brought(spark: SparkHere, query: str) -> str:
    """Return what to select from here for what a query of Spark gives: never more is held in memory than either needs
    to read and write it."""
    return f"read_parquet({quote_text(str(spark.write(query) / '*.parquet'))})"
