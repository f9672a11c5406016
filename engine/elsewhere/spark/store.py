"""Takes Parquet files and the address of a Spark; gives the store in which their rows are taken in and stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct, field

from tallystick.engine.elsewhere.intake import take_in_rows
from tallystick.engine.elsewhere.rows import AcceptedThere, RowsTaken
from tallystick.engine.elsewhere.spark.connect import shown
from tallystick.engine.elsewhere.spark.functions import register
from tallystick.engine.elsewhere.spark.rows import GIVEN, SparkRows, columns_of_view
from tallystick.engine.elsewhere.spark.session import SparkHere, open_spark
from tallystick.engine.intake.native import digest_beside, unreadable
from tallystick.engine.intake.rows import TakenIn
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.sources import CatalogInput, Input, Inputs, ParquetInput
from tallystick.engine.intake.table import FileRead, Progress, Wanted
from tallystick.engine.query.sql import quote_text
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.workshop import Workshop

HERE = "local[*]"
"""The Spark of this machine alone, with all its processors."""


class SparkStore(Struct):
    """Files that a Spark reads, or a table that it knows; it is an ``elsewhere.Store``. Spark is started when they
    are read."""

    given: tuple[ParquetInput, ...] | CatalogInput
    master: str
    started: list[SparkHere] = field(default_factory=list)

    def take_in(
        self, workshop: Workshop, wanted: tuple[Wanted, ...], skipping: Skipping, progress: Progress
    ) -> tuple[TakenIn, AcceptedThere]:
        """Look at all records in Spark."""
        progress(f"starting Spark at {shown(self.master)}", 0)
        scratch = workshop.scratch / "spark"
        scratch.mkdir()
        spark = open_spark(self.master, scratch)
        self.started.append(spark)
        register(spark.session)
        progress("checking records", 0)
        match self.given:
            case CatalogInput(name=name, table=table):
                fields = spark.show_table(table, GIVEN)
            case files:
                fields = spark.show_files([each.path for each in files], GIVEN)
                name = files[0].name if len(files) == 1 else "the records"
        rows = SparkRows(spark, workshop.connection, name, dict(columns_of_view(fields)))
        accepted = AcceptedThere(rows, take_in_rows(rows, workshop.connection, wanted, skipping))
        return accepted.told(workshop, self._read(workshop, accepted.taken)), accepted

    def _read(self, workshop: Workshop, taken: RowsTaken) -> tuple[FileRead, ...]:
        if isinstance(self.given, CatalogInput):
            return (FileRead(self.given.name, taken.rows, None, None, taken.absent),)
        return tuple(
            _file_read(workshop, each, number, taken.absent if number == 0 else ())
            for number, each in enumerate(self.given)
        )

    def close(self) -> None:
        """Let go of Spark."""
        for spark in self.started:
            spark.close()


def _file_read(workshop: Workshop, file: ParquetInput, number: int, absent: tuple[str, ...]) -> FileRead:
    import duckdb  # noqa: PLC0415

    try:
        linked = workshop.show(file.path, f"records-{number}.parquet")
        ((rows,),) = workshop.connection.execute(
            f"SELECT count(*) FROM read_parquet({quote_text(str(linked))})"
        ).fetchall()
    except duckdb.Error as error:
        raise unreadable(file.name, error) from error
    return FileRead(file.name, int(rows), digest_beside(file.path), linked.stat().st_size, absent)


@contextmanager
def spark_store(records: Inputs | None, master: str | None) -> Iterator[SparkStore]:
    """Find what Spark is to read, and let go of it in the end; raises ``UsageRefusal``."""
    store = SparkStore(_given(() if records is None else records.inputs), HERE if master is None else master)
    try:
        yield store
    finally:
        store.close()


def _given(inputs: tuple[Input, ...]) -> tuple[ParquetInput, ...] | CatalogInput:
    match inputs:
        case (CatalogInput() as table,):
            return table
        case _:
            files = tuple(each for each in inputs if isinstance(each, ParquetInput))
    other = next((each for each in inputs if not isinstance(each, ParquetInput)), None)
    if isinstance(other, CatalogInput):
        message = f"`{other.name}` is given with other records, and one table is read at a time"
        raise UsageRefusal(message, help="give it alone, or a view of all that Spark knows by a name")
    if other is not None:
        message = f"`--engine spark` reads records from Parquet files, and `{other.name}` is none"
        raise UsageRefusal(message, help="write the records as Parquet, or score them with `--engine duckdb`")
    return files
