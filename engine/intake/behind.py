"""Takes what is to be done in a database; does it beside the work of whoever asks, who goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Behind:
    """Does as much at once as the database has threads; who asks for more waits until one thing is done.

    What fails is raised by a later ``do``, or in the end.
    """

    def __init__(self, connection: DuckDBPyConnection) -> None:
        """Work in the database of a connection, in cursors of its own."""
        self._connection = connection
        ((threads,),) = connection.execute("SELECT current_setting('threads')").fetchall()
        self._most = int(threads)
        self._pool = ThreadPoolExecutor(self._most)
        self._begun: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def do(self, work: Callable[[DuckDBPyConnection], None]) -> None:
        """Have something done, with a cursor that nobody else uses."""
        if len(self._begun) == self._most:
            self._begun.popleft().result()
        self._begun.append(self._pool.submit(self._done, work))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wait until all is done; after an error, until what is begun is done."""
        self._pool.shutdown(cancel_futures=error is not None)
        if error is None:
            for each in self._begun:
                each.result()

    def _done(self, work: Callable[[DuckDBPyConnection], None]) -> None:
        with self._connection.cursor() as cursor:
            work(cursor)
