"""Takes the PostgreSQL that is installed; gives a server of the tests' own, which goes when they do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ledgers.in_postgres import Server
from ledgers.postgres_server import program, running_server, who


@pytest.fixture(scope="session")
def programs() -> tuple[str, str]:
    """What makes a server's folder, and the server."""
    initdb, postgres = program("initdb"), program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("PostgreSQL is not installed")
    try:
        who()
    except LookupError:
        pytest.skip("there is no user to run PostgreSQL as")
    return initdb, postgres


@pytest.fixture(scope="session")
def server(programs: tuple[str, str]) -> Iterator[Server]:
    """A running server; its data are gone after the tests."""
    with running_server(*programs) as address:
        yield Server(address)
