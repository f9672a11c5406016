"""Takes queries that do not depend on each other; gives their rows, asked side by side on as many threads as the
connection may use."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def side_by_side(connection: DuckDBPyConnection, queries: Iterable[str]) -> list[list[tuple[object, ...]]]:
    """Ask all of them, and return their rows in the order of the queries.

    The database takes a table of few people through a query on one thread, however many there are.
    """
    waiting = deque(enumerate(queries))
    found: list[list[tuple[object, ...]]] = [[] for _ in waiting]
    cursors: list[DuckDBPyConnection] = []

    def ask() -> None:
        cursor = connection.cursor()
        cursors.append(cursor)
        while waiting:
            try:
                place, query = waiting.popleft()
            except IndexError:  # another was quicker
                return
            found[place] = cursor.execute(query).fetchall()

    if len(found) <= 1:
        ask()
        return found
    ((threads,),) = connection.execute("SELECT current_setting('threads')").fetchall()
    # This thread asks, too: each new one takes memory of its own, and what others gave back is lost to it.
    others = min(int(threads), len(found)) - 1
    with ThreadPoolExecutor(max(1, others)) as pool:
        try:
            asking = [pool.submit(ask) for _ in range(others)]
            ask()
            for each in asking:
                each.result()
        except BaseException:  # whoever is stopped does not wait for answers that nobody wants any more
            waiting.clear()
            for cursor in cursors:
                cursor.interrupt()
            raise
    return found
