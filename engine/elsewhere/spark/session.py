"""Takes the address of a Spark; gives a session in which a query means what it means in DuckDB, or says why not."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tallystick.engine.elsewhere.dialects.spark import SETTINGS, quote_name
from tallystick.engine.elsewhere.spark import connect
from tallystick.engine.refusals import DataRefusal, UsageRefusal, not_installed

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
_OF_PANDAS = "PySpark does not yet fully support pandas"
"""Said of a version of pandas that is there, which nothing here asks anything."""
_LONGEST_SAID = 300
_TABLES = "spark-warehouse"
_LEAST_VERSION = 4
_COMPLAINT = re.compile(r'(?:\S+ \S+ ERROR \w+: |Exception in thread "\w+" |(?=[\w.]+(?:Exception|Error)\b))(.+)')
"""A line of Spark's log that says what went wrong: an error that it notes, or an exception's first line."""


class SparkHere(Struct, frozen=True):
    """A session of Spark. ``scratch``: a folder that this process and all of Spark's can read and write. ``started``:
    Spark was started for it, and goes with it. ``afar``: it is one of Spark Connect, which need not see that folder.
    ``made``: a folder for tables that Spark made when it was started, which goes if none was put there."""

    session: SparkSession
    scratch: Path
    started: bool
    afar: bool = False
    made: Path | None = None

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
            frame = self.session.sql(query)
            if self.afar:
                folder.mkdir()
                connect.bring(frame, folder / "brought.parquet")
            else:
                frame.write.parquet(folder.as_uri())
        return folder

    def show(self, path: Path, name: str) -> None:
        """Show Spark a Parquet file as a view; raises a refusal."""
        with told():
            frame = connect.send(self.session, path) if self.afar else self.session.read.parquet(path.as_uri())
            frame.createOrReplaceTempView(quote_name(name))

    def show_table(self, table: str, name: str) -> tuple[Any, ...]:
        """Show Spark a table of its catalog as a view; return the fields of its schema. Raises a refusal."""
        with told():
            frame = self.session.table(table)
            frame.createOrReplaceTempView(quote_name(name))
            return tuple(frame.schema.fields)

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
            if self.made is not None:
                with suppress(OSError):
                    self.made.rmdir()
        shutil.rmtree(self.scratch, ignore_errors=True)


def open_spark(master: str, scratch: Path) -> SparkHere:
    """Start Spark on this machine or find one that runs (``local[2]``, ``spark://host:7077``, ``yarn``, ``sc://host``…);
    where this process has a session of Spark already, that is where, unless a server of Spark Connect is named. Raises
    ``UsageRefusal``."""
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        what = "`--engine spark` needs PySpark"
        raise not_installed(what, "spark") from error
    warnings.filterwarnings("ignore", message=_OF_PANDAS, category=FutureWarning)
    for name in _CHATTER:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    log = scratch / "spark.log"
    tables = Path.cwd() / _TABLES
    made = None if tables.exists() else tables
    active = None if connect.is_connect(master) else SparkSession.getActiveSession()
    local = master.partition("[")[0] == "local"
    try:
        with _standard_error_to(log):
            if connect.is_connect(master):
                own = connect.connected(master)
            else:
                own = (_started(master, local=local) if active is None else active).newSession()
        try:
            _set(own, local=local)
        except BaseException:
            if active is None:
                own.stop()
            raise
    except (PySparkException, RuntimeError, OSError) as error:
        raise _not_started(master, str(error), log) from error
    except Exception as error:
        # SURPRISE: what fails in Java while it starts is told by an exception of the bridge to it, none of these.
        if type(error).__module__.partition(".")[0] != "py4j":
            raise
        raise _not_started(master, _why(error), log) from error
    return SparkHere(own, scratch, started=active is None, afar=connect.is_afar(own), made=made)


def _started(master: str, *, local: bool) -> SparkSession:
    """Start Spark for a process that has none."""
    from pyspark.sql import SparkSession  # noqa: PLC0415

    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        message = "Spark needs Java, and there is none"
        raise UsageRefusal(message, help="install Java 17 or later, or say in JAVA_HOME where it is")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    building = SparkSession.builder.master(master)
    for name, value in {**_OUTSIDE, **(_LOCAL if local else {}), **SETTINGS}.items():
        building = building.config(name, value)
    session = building.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def _set(session: SparkSession, *, local: bool) -> None:
    """Set what the meaning of queries rests on; raises ``UsageRefusal`` for a Spark that has no such settings."""
    if int(session.version.partition(".")[0]) < _LEAST_VERSION:
        message = f"the server is Spark {session.version}, which drops decimal places where it should not"
        raise UsageRefusal(message, help="Spark 4 or later can be asked")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is said of one that it may go, which is then as if it were set
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
    if local and session.conf.get(_PARTS) == _USUAL:
        session.conf.set(_PARTS, str(4 * (os.cpu_count() or 1)))


def _not_started(master: str, why: str, log: Path) -> UsageRefusal:
    message = f"Spark cannot be started at `{connect.shown(master)}`: {_said(log) or _first_line(why)}"
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
