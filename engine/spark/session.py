"""Takes the address of a Spark; gives a session in which a query means what it means in DuckDB, or says why not."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from tallystick.engine.dialects.spark import SETTINGS, quote_name
from tallystick.engine.refusals import DataRefusal, UsageRefusal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_OUTSIDE = {
    "spark.app.name": "tallystick",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
"""Settings of a Spark that runs on this machine alone, so that nobody else can reach it."""
_PARTS, _USUAL = "spark.sql.shuffle.partitions", "200"
"""Into how many parts rows are divided between steps, and how many Spark takes unless somebody says."""
_CHATTER = ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "py4j")
_LONGEST_SAID = 300
_COMPLAINT = re.compile(r'(?:\S+ \S+ ERROR \w+: |Exception in thread "\w+" |(?=[\w.]+(?:Exception|Error)\b))(.+)')
"""A line of Spark's log that says what went wrong: an error that it notes, or an exception's first line."""


@dataclass(frozen=True)
class SparkHere:
    """A session of Spark. ``scratch``: a folder that this process and all of Spark's can read and write. ``started``:
    Spark was started for it, and goes with it."""

    session: SparkSession
    scratch: Path
    started: bool

    def name(self, query: str, name: str) -> None:
        """Give a query a name by which others read it; it is worked out with them. Raises a refusal."""
        # Not by `CREATE VIEW`: of a view Spark keeps the text, and each reader understands it anew with all in it.
        with told():
            self.session.sql(query).createOrReplaceTempView(quote_name(name))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the few rows that a query gives; raises a refusal."""
        with told():
            return [tuple(row) for row in self.session.sql(query).collect()]

    def new_folder(self) -> Path:
        """Return a new folder that both can read."""
        return Path(mkdtemp(dir=self.scratch))

    def write(self, query: str) -> Path:
        """Write what a query gives as Parquet files into a new folder, and return it; raises a refusal."""
        folder = self.new_folder() / "brought"
        with told():
            self.session.sql(query).write.parquet(folder.as_uri())
        return folder

    def show(self, path: Path, name: str) -> None:
        """Show Spark a Parquet file, or a folder of such, as a view; raises a refusal."""
        with told():
            self.session.read.parquet(path.as_uri()).createOrReplaceTempView(quote_name(name))

    def show_files(self, paths: Sequence[Path], name: str) -> tuple[Any, ...]:
        """Show Spark the rows of Parquet files, the columns of all of them, as a view; return the fields of its schema.
        Raises a refusal."""
        with told():
            frame = self.session.read.option("mergeSchema", "true").parquet(
                *(each.resolve().as_uri() for each in paths)
            )
            frame.createOrReplaceTempView(quote_name(name))
            return tuple(frame.schema.fields)

    def keep(self, name: str) -> None:
        """Keep what a view gives once it was worked out: in memory, and on the disks where that is too small."""
        with told():
            self.session.catalog.cacheTable(quote_name(name))

    def let_go(self, name: str) -> None:
        """Give back what was kept."""
        with told():
            self.session.catalog.uncacheTable(quote_name(name))

    def close(self) -> None:
        """Stop Spark where it was started for this, and remove what was left."""
        if self.started:
            self.session.stop()
        shutil.rmtree(self.scratch, ignore_errors=True)


def open_spark(master: str, scratch: Path) -> SparkHere:
    """Start Spark on this machine or find one that runs (``local[2]``, ``spark://host:7077``, ``yarn``…); where this
    process has a session of Spark already, that is where. Raises ``UsageRefusal``."""
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        message = "Spark is not installed"
        raise UsageRefusal(message, help="pip install 'tallystick[spark]'") from error
    for name in _CHATTER:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    started = SparkSession.getActiveSession() is None
    local = master.partition("[")[0] == "local"
    if started and shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        message = "Spark needs Java, and there is none"
        raise UsageRefusal(message, help="install Java 17 or later, or say in JAVA_HOME where it is")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    building = SparkSession.builder.master(master)
    for name, value in {**_OUTSIDE, **(_LOCAL if local else {}), **SETTINGS}.items():
        building = building.config(name, value)
    log = scratch / "spark.log"
    try:
        with _standard_error_to(log):
            session = building.getOrCreate()
        if started:
            session.sparkContext.setLogLevel("OFF")
        own = session.newSession()
        for name, value in SETTINGS.items():
            own.conf.set(name, value)
        if local and own.conf.get(_PARTS) == _USUAL:
            own.conf.set(_PARTS, str(4 * (os.cpu_count() or 1)))
    except (PySparkException, RuntimeError, OSError) as error:
        raise _not_started(master, str(error), log) from error
    except Exception as error:
        # SURPRISE: what fails in Java while it starts is told by an exception of the bridge to it, none of these.
        if type(error).__module__.partition(".")[0] != "py4j":
            raise
        raise _not_started(master, _why(error), log) from error
    return SparkHere(own, scratch, started)


def _not_started(master: str, why: str, log: Path) -> UsageRefusal:
    message = f"Spark cannot be started at `{master}`: {_said(log) or _first_line(why)}"
    return UsageRefusal(message, help="see that `--master` is right, and that Java is 17 or later")


@contextmanager
def told() -> Iterator[None]:
    """Turn what goes wrong in Spark into a refusal that says what it was."""
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except PySparkException as error:
        why = _first_line(str(error))
        if "OutOfMemory" in str(error) or "No space left" in str(error):
            message = f"Spark has not enough memory or room on its disks: {why}"
            raise DataRefusal(
                message, help="give it more: `spark.driver.memory` in its `spark-defaults.conf`"
            ) from error
        message = f"Spark could not work it out: {why}"
        raise DataRefusal(message) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "py4j":
            raise
        message = f"Spark stopped while it worked: {_why(error)}"
        raise DataRefusal(message, help="see that it runs and has memory enough, and score again") from error


@contextmanager
def _standard_error_to(log: Path) -> Iterator[None]:
    """Let what is started meanwhile write its errors into a file: Java tells much that nobody asked for."""
    sys.stderr.flush()
    kept = os.dup(2)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.dup2(target, 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
        os.close(target)


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "it does not say why")[:_LONGEST_SAID]


def _why(error: Exception) -> str:
    found = getattr(error, "java_exception", None)
    return _first_line(str(error) if found is None else str(found.toString()))


def _said(log: Path) -> str | None:
    """Return the last thing that Java complained of, without where in its program that was."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return None
    found = [each[1] for line in lines if (each := _COMPLAINT.match(line)) is not None]
    return found[-1][:_LONGEST_SAID] if found else None
