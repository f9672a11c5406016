"""Takes accepted records in Spark; works out there what grows with them, and brings back one row for each person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tallystick.engine.dialects.script import Script
from tallystick.engine.dialects.spark import Spark, quote_name
from tallystick.engine.elsewhere import columns_of
from tallystick.engine.records_part import RecordsPart
from tallystick.engine.spark.exchange import brought, send
from tallystick.engine.spark.session import SparkHere
from tallystick.engine.sql import quote_name as quote_here
from tallystick.engine.sql_steps import IN_PLAY, RECORDS
from tallystick.rules.rulebook import Field

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class SparkRecords:
    """Accepted records: a view in Spark called ``records accepted``; it is an ``elsewhere.Elsewhere``."""

    spark: SparkHere
    title: str
    types: Mapping[str, str]
    accepted: int

    def years(self, field: Field) -> tuple[int, int] | None:
        """Return the years of the first and the last moment in a field; None where there is none."""
        name = quote_name(field.name)
        ((first, last),) = self.spark.rows(f"SELECT year(min({name})), year(max({name})) FROM {quote_name(RECORDS)}")
        return None if first is None else (int(first), int(last))

    def work_out(self, connection: DuckDBPyConnection, part: RecordsPart, as_of: date) -> None:
        """Work out a part that is laid out in the connection, and fill each table that it gives."""
        script = Script(Spark(), as_of)
        script.relations[RECORDS] = tuple(self.types)
        for name in part.reads:
            if name != RECORDS:
                send(self.spark, connection, f"SELECT * FROM {quote_here(name)}", name)
                script.relations[name] = tuple(columns_of(connection, name))
        for step in part.steps:
            written = script.step(step)
            self.spark.name(written.text, step.name)
            if step.name == IN_PLAY:
                self.spark.keep(step.name)
        for name in part.gives:
            found = brought(self.spark, f"SELECT * FROM {quote_name(name)}")
            connection.execute(f"INSERT INTO {quote_here(name)} BY NAME SELECT * FROM {found}")
        self.spark.let_go(IN_PLAY)
