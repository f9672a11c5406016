"""Takes nothing; gives the tests of arithmetic a connection that knows it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tallystick.engine.duckdb import ExactFunctions
from tallystick.engine.query.macros import MACROS


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection that knows every macro and exact function."""
    with duckdb.connect() as opened:
        ExactFunctions().register(opened)
        for macro in MACROS:
            opened.execute(f"CREATE MACRO {macro.head} AS {macro.body}")
        yield opened
