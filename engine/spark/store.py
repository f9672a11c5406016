"""Takes Parquet files and the address of a Spark; gives the store in which their rows are taken in and stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tallystick.engine.elsewhere import note_rejected
from tallystick.engine.intake import Relation, TakenIn
from tallystick.engine.intake_native import damaged, digest_beside
from tallystick.engine.intake_shape import Skipping
from tallystick.engine.intake_table import FileRead, Progress, Wanted, absent_columns
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.sources import Inputs, ParquetInput
from tallystick.engine.spark.functions import register
from tallystick.engine.spark.intake import GIVEN, columns_of_view, take_in_view
from tallystick.engine.spark.records import SparkRecords
from tallystick.engine.spark.session import SparkHere, open_spark
from tallystick.engine.sql import quote_text
from tallystick.engine.workshop import Workshop

HERE = "local[*]"
"""The Spark of this machine alone, with all its processors."""


@dataclass
class SparkStore:
    """Files that a Spark reads; it is an ``elsewhere.Store``. Spark is started when they are."""

    files: tuple[ParquetInput, ...]
    master: str
    started: list[SparkHere] = field(default_factory=list)

    def take_in(
        self, workshop: Workshop, wanted: tuple[Wanted, ...], skipping: Skipping, progress: Progress
    ) -> tuple[TakenIn, SparkRecords]:
        """Look at all records in Spark."""
        progress(f"starting Spark at {self.master}", 0)
        scratch = workshop.scratch / "spark"
        scratch.mkdir()
        spark = open_spark(self.master, scratch)
        self.started.append(spark)
        register(spark.session)
        progress("checking records", 0)
        columns = dict(columns_of_view(spark.show_files([each.path for each in self.files], GIVEN)))
        shown = self.files[0].name if len(self.files) == 1 else "the records"
        absent = absent_columns(shown, wanted, tuple(columns))
        taken = take_in_view(spark, workshop.connection, wanted, skipping, columns)
        rejected = note_rejected(workshop, "records", taken.rejected)
        fields = tuple(each.field for each in wanted)
        read = tuple(
            self._read(workshop, each, number, absent if number == 0 else ()) for number, each in enumerate(self.files)
        )
        relation = Relation("records", "", fields)
        found = TakenIn(relation, read, taken.rows, rejected, taken.skipped, taken.copies)
        return found, SparkRecords(spark, f"Spark {spark.session.version}", taken.types, taken.accepted)

    def _read(self, workshop: Workshop, file: ParquetInput, number: int, absent: tuple[str, ...]) -> FileRead:
        import duckdb  # noqa: PLC0415

        try:
            linked = workshop.show(file.path, f"records-{number}.parquet")
            ((rows,),) = workshop.connection.execute(
                f"SELECT count(*) FROM read_parquet({quote_text(str(linked))})"
            ).fetchall()
        except duckdb.Error as error:
            raise damaged(file.name, error) from error
        return FileRead(file.name, int(rows), digest_beside(file.path), linked.stat().st_size, absent)

    def close(self) -> None:
        """Let go of Spark."""
        for spark in self.started:
            spark.close()


@contextmanager
def spark_store(records: Inputs | None, master: str | None) -> Iterator[SparkStore]:
    """Find the files for Spark, and let go of it in the end; raises ``UsageRefusal``."""
    inputs = () if records is None else records.inputs
    files = tuple(each for each in inputs if isinstance(each, ParquetInput))
    other = next((each for each in inputs if not isinstance(each, ParquetInput)), None)
    if other is not None:
        message = f"`--engine spark` reads records from Parquet files, and `{other.name}` is none"
        raise UsageRefusal(message, help="write the records as Parquet, or score them with `--engine duckdb`")
    store = SparkStore(files, HERE if master is None else master)
    try:
        yield store
    finally:
        store.close()
