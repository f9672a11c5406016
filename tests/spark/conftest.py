"""Takes the Spark that is installed; gives one for all tests, since it takes long to start, which is a server of Spark
Connect, too."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from tallystick.engine.elsewhere.spark.session import SparkHere, open_spark

_SMALL = (
    "--conf spark.sql.shuffle.partitions=2 --conf spark.sql.adaptive.enabled=false"
    " --conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
    " --driver-memory 1g --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'"
)
"""What makes Spark quick with a few rows: it plans and compiles less, and works them out no otherwise."""
_SERVING = (
    "--conf spark.plugins=org.apache.spark.sql.connect.SparkConnectPlugin"
    " --conf spark.connect.grpc.binding.address=127.0.0.1 --conf spark.connect.grpc.binding.port={port}"
    " --conf spark.sql.warehouse.dir={tables} pyspark-shell"
)


@pytest.fixture(scope="session")
def port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def server(port: int) -> str:
    """The address of the server of Spark Connect that ``spark`` is."""
    return f"sc://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def spark(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkHere]:
    """A running Spark, small, on this machine alone; whoever scores by Spark meanwhile has it."""
    pytest.importorskip("pyspark")
    serving = _SERVING.format(port=port, tables=tmp_path_factory.mktemp("tables").as_uri())
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"{_SMALL} {serving}"
    started = open_spark("local[2]", tmp_path_factory.mktemp("spark"))
    yield started
    started.close()
