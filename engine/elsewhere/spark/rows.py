"""Takes a session of Spark and a view of rows in it; gives them as ``elsewhere.rows.Rows``: names are views, and tables
come and go by Parquet files that both can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tallystick.engine.elsewhere.cells import CellWords
from tallystick.engine.elsewhere.dialects.spark import quote_name
from tallystick.engine.elsewhere.rows import Column
from tallystick.engine.elsewhere.spark.cells import CELLS
from tallystick.engine.elsewhere.spark.session import SparkHere
from tallystick.engine.query.sql import quote_name as quote_here
from tallystick.engine.query.sql import quote_text
from tallystick.engine.query.steps import IN_PLAY
from tallystick.engine.refusals import Refusal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GIVEN = "records given"


class SparkRows(Struct, frozen=True):
    """The view ``GIVEN`` of a session, which has those columns; ``shown``: what it is called."""

    spark: SparkHere
    connection: DuckDBPyConnection
    shown: str
    columns: Mapping[str, Column]

    @property
    def title(self) -> str:
        """Spark and its version."""
        return f"Spark {self.spark.session.version}"

    @property
    def words(self) -> CellWords:
        """How cells are read there."""
        return CELLS

    @property
    def relation(self) -> str:
        """The view, quoted."""
        return quote_name(GIVEN)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query gives."""
        return self.spark.rows(query)

    def name(self, query: str, name: str) -> None:
        """Give a query a name; the records in play, which every measure reads, are kept once worked out."""
        self.spark.name(query, name)
        if name == IN_PLAY:
            self.spark.keep(name)

    def bring(self, query: str, _columns: Mapping[str, str]) -> str:
        """Return what to select from here for what a query gives there: never more is held in memory than either needs
        to read and write it."""
        return f"read_parquet({quote_text(str(self.spark.write(query) / '*.parquet'))})"

    def send(self, query: str, name: str) -> None:
        """Show what a query here gives, as a view."""
        path = self.spark.new_folder() / "sent.parquet"
        self.connection.execute(f"COPY ({query}) TO {quote_text(str(path))} (FORMAT parquet)")
        self.spark.show(path, name)

    @contextmanager
    def apart(self) -> Iterator[SparkRows]:
        """Let go in the end of what was kept; a name given again stands for the later."""
        try:
            yield self
        finally:
            with suppress(Refusal):  # it was not kept, or something else has gone wrong before
                self.spark.let_go(IN_PLAY)

    def fill(self, gives: tuple[str, ...]) -> None:
        """Fill tables here, one by one."""
        for name in gives:
            found = self.bring(f"SELECT * FROM {quote_name(name)}", {})
            self.connection.execute(f"INSERT INTO {quote_here(name)} BY NAME SELECT * FROM {found}")


def columns_of_view(fields: Iterable[Any], path: str = "", inside: str = "") -> Iterator[tuple[str, Column]]:
    """Give each column of a schema and each part of an object in one, by its dotted path; a column before a part that
    is called alike."""
    fields = tuple(fields)
    for field in fields:
        yield f"{path}{field.name}", Column(field.dataType.simpleString(), f"{inside}{quote_name(field.name)}")
    for field in fields:
        parts = getattr(field.dataType, "fields", ())
        yield from columns_of_view(parts, f"{path}{field.name}.", f"{inside}{quote_name(field.name)}.")
