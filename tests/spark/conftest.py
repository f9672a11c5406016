"""Takes the Spark that is installed; gives one for all tests, since it takes long to start."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tallystick.engine.spark.session import SparkHere, open_spark

_SMALL = (
    "--conf spark.sql.shuffle.partitions=2 --conf spark.sql.adaptive.enabled=false"
    " --conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
    " --driver-memory 1g --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"
)
"""What makes Spark quick with a few rows: it plans and compiles less, and works them out no otherwise."""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkHere]:
    """A running Spark, small, on this machine alone; whoever scores by Spark meanwhile has it."""
    pytest.importorskip("pyspark")
    os.environ["PYSPARK_SUBMIT_ARGS"] = _SMALL
    started = open_spark("local[2]", tmp_path_factory.mktemp("spark"))
    yield started
    started.close()
