"""Takes a process that can be begun any number of times; gives it killed, each time at another moment."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator


def killed_at_any_moment(begin: Callable[[], subprocess.Popen[bytes]], seed: str) -> Iterator[None]:
    """Begin ten processes one after another, and end each by a signal that nothing catches, from its first moment to
    after its last; go on after each of them. What the first of all takes is measured, and less where a later one, which
    finds everything loaded and compiled, was done before its moment came."""
    chance = random.Random(seed)  # noqa: S311  the moments cannot be the same each time anyway
    started = time.monotonic()
    assert begin().wait() == 0
    lasted = time.monotonic() - started
    killed = 0
    for moment in range(10):
        process, started = begin(), time.monotonic()
        try:
            # Most moments lie where a folder is made and moved, which is in the last part of the time.
            assert process.wait(lasted * chance.uniform(0.05 if moment % 4 == 0 else 0.6, 1.05)) == 0
            lasted = min(lasted, time.monotonic() - started)
        except subprocess.TimeoutExpired:
            process.kill()
            assert process.wait() in (0, -signal.SIGKILL)
            killed += process.returncode != 0
        yield
    assert killed >= 3
