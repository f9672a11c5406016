"""Queries asked side by side: their rows in the order of the queries, and the first mistake told."""

from __future__ import annotations

from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING, cast

import duckdb
import pytest

from tallystick.engine.side_by_side import side_by_side

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("queries", [0, 1, 2, 7])
def test_the_rows_come_in_the_order_of_the_queries(threads: int, queries: int) -> None:
    """However many queries there are, and threads to ask them on."""
    with duckdb.connect(config={"threads": threads}) as connection:
        found = side_by_side(connection, (f"SELECT {place}" for place in range(queries)))
    assert found == [[(place,)] for place in range(queries)]


@pytest.mark.parametrize("wrong", range(3))
def test_a_query_that_fails_ends_all(wrong: int) -> None:
    """What is wrong with any of them is told, whichever thread asked it."""
    queries = [f"SELECT {place}" for place in range(3)]
    queries[wrong] = "SELECT error('no such number')"
    with duckdb.connect(config={"threads": 2}) as connection, pytest.raises(duckdb.Error, match="no such number"):
        side_by_side(connection, queries)


class _Stopped:
    """Stands for a connection of two threads: its own is stopped while it waits for an answer, and the other's answer
    comes when nobody wants it any more."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.other_asks, self.interrupted = Event(), Event()

    def cursor(self) -> _Stopped:
        return self

    def execute(self, query: str) -> _Stopped:
        if query == "SELECT current_setting('threads')":
            return self
        self.asked.append(query)
        if current_thread() is main_thread():
            assert self.other_asks.wait(60)
            raise KeyboardInterrupt
        self.other_asks.set()
        assert self.interrupted.wait(60)
        return self

    def fetchall(self) -> list[tuple[int]]:
        return [(2,)]

    def interrupt(self) -> None:
        self.interrupted.set()


def test_who_is_stopped_waits_for_no_more_answers() -> None:
    """What is being answered is interrupted, and nothing of what waits is asked."""
    connection = _Stopped()
    with pytest.raises(KeyboardInterrupt):
        side_by_side(cast("DuckDBPyConnection", connection), ["one", "two", "three", "four"])
    assert sorted(connection.asked) == ["one", "two"]
    assert connection.interrupted.is_set()
