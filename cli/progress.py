"""Takes word of what a long run is doing; gives one line on a terminal that says so, and nothing anywhere else."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from tallystick.cli.streams import is_terminal
from tallystick.explain.harmless import harmless

SECONDS_BETWEEN = 0.1
CLEAR = "\r\x1b[K"
WIDEST = 78


class Progress:
    """A line on stderr that is written over itself; gone when the work is done."""

    def __init__(self) -> None:
        """Find out whether anybody looks."""
        self._shown = is_terminal(sys.stderr)
        self._last = 0.0
        self._dirty = False

    def __call__(self, doing: str, rows: int) -> None:
        """Say what is being done and how many rows are done."""
        now = time.monotonic()
        if not self._shown or now - self._last < SECONDS_BETWEEN:
            return
        self._last = now
        self._dirty = True
        line = harmless(f"{doing}: {rows:,} rows" if rows > 0 else doing)
        sys.stderr.write(f"{CLEAR}{line[:WIDEST]}")
        sys.stderr.flush()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing of the line behind."""
        if self._dirty:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
