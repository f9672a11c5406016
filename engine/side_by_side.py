"""Takes queries that do not depend on each other; gives their rows, asked side by side on as many threads as the
connection may use."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def side_by_side(connection: DuckDBPyConnection, queries: Iterable[str]) -> list[list[tuple[object, ...]]]:
    """Ask all of them, and return their rows in the order of the queries.

    The database takes a table of few people through a query on one thread, however many there are.
    """
    asked = [(connection.cursor(), query) for query in queries]
    if len(asked) <= 1:
        return [cursor.execute(query).fetchall() for cursor, query in asked]
    ((threads,),) = connection.execute("SELECT current_setting('threads')").fetchall()
    with ThreadPoolExecutor(max(1, min(int(threads), len(asked)))) as pool:
        return list(pool.map(lambda each: each[0].execute(each[1]).fetchall(), asked))
