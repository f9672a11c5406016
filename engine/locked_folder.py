"""Takes a place where something is made; gives a hidden folder beside it, locked by this process for as long as that
lives or holds it. It goes with whoever holds it, at the latest with the process."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import finalize

from tallystick.engine.undisturbed import undisturbed

PARTIAL = ".partial"
"""How the name ends of what is in the making; what a killed process has left is told by it."""


class PassingFolder:
    """A folder that is there for a while, and its lock, if it has one."""

    def __init__(self, path: Path, lock: int | None) -> None:
        """Hold it; when nobody holds this any more, it goes."""
        self.path = path
        self._clearing = finalize(self, _clear_away, path, lock)

    def clear(self) -> None:
        """Remove the folder, if it is there still, and give its lock back."""
        self._clearing()


def _clear_away(path: Path, lock: int | None) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if lock is not None:
        os.close(lock)


@undisturbed
def locked_beside(final: Path, suffix: str) -> PassingFolder:
    """Make a hidden folder beside a place, and lock it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=suffix, dir=final.parent))
        lock = lock_of(folder, wait=True)
        if folder.is_dir():
            return PassingFolder(folder, lock)
        # Somebody took it for a leftover in the moment before it was locked.
        if lock is not None:
            os.close(lock)


@undisturbed
def temporary_folder() -> PassingFolder:
    """Make a folder where temporary files stand."""
    return PassingFolder(Path(tempfile.mkdtemp(prefix="tally-")).resolve(), None)


@contextmanager
def folder_for_a_while() -> Iterator[Path]:
    """Make a folder where temporary files stand; remove it in the end."""
    made = temporary_folder()
    try:
        yield made.path
    finally:
        made.clear()


def lock_of(folder: Path, *, wait: bool) -> int | None:
    """Return a descriptor that holds a folder's lock until it is closed; None where another holds it."""
    try:
        import fcntl  # noqa: PLC0415  a system without it cannot tell leftovers, and leaves them
    except ImportError:
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def has_locks() -> bool:
    """Whether this system can tell what a living process holds."""
    return importlib.util.find_spec("fcntl") is not None
