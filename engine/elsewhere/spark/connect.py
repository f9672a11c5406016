"""Takes the address of a Spark Connect server; gives a new session there, and tables that go and come as Arrow."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from tallystick.engine.refusals import UsageRefusal, not_installed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SCHEME, _PORT = "sc://", 15002
_SECONDS = 10


def is_connect(master: str) -> bool:
    """Whether an address is that of a Spark Connect server."""
    return master.startswith(_SCHEME)


def shown(master: str) -> str:
    """Return an address as anybody may read it: what follows the host can be a token."""
    return master.partition(";")[0].rstrip("/") if is_connect(master) else master


def connected(master: str) -> SparkSession:
    """Begin a session; raises ``UsageRefusal`` where nobody listens, and what PySpark raises."""
    try:
        from pyspark.sql.connect.session import SparkSession as Connected  # noqa: PLC0415
    except ImportError as error:
        what = "`--master sc://…` needs Spark Connect"
        raise not_installed(what, "spark") from error
    try:
        address = urlsplit(master)
        socket.create_connection((address.hostname or "", address.port or _PORT), _SECONDS).close()
    except (OSError, ValueError) as error:
        # Asked first, for PySpark asks a server that is not there for ten minutes.
        message = f"Spark Connect cannot be reached at `{shown(master)}`"
        raise UsageRefusal(message, help="see that the address is right, and that a server runs there") from error
    return cast("SparkSession", Connected.builder.remote(master).create())


def is_afar(session: SparkSession) -> bool:
    """Whether a session is one of Spark Connect."""
    return type(session).__module__.startswith("pyspark.sql.connect.")


def bring(frame: DataFrame, to: Path) -> None:
    """Write what a frame gives into a Parquet file here."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    pq.write_table(frame.toArrow(), to)


def send(session: SparkSession, path: Path) -> DataFrame:
    """Return the rows of a Parquet file here as a frame there."""
    import pyarrow.parquet as pq  # noqa: PLC0415
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415

    rows = pq.read_table(path)
    return session.createDataFrame(rows, schema=from_arrow_schema(rows.schema, prefer_timestamp_ntz=True))
