"""Takes a place where something is made; gives a hidden folder beside it, locked by this process for as long as that
lives or holds it."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from pathlib import Path

PARTIAL = ".partial"
"""How the name ends of what is in the making; what a killed process has left is told by it."""


def locked_beside(final: Path, suffix: str) -> tuple[Path, int | None]:
    """Make a hidden folder beside a place; return it and what holds its lock until it is closed."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=suffix, dir=final.parent))
        lock = lock_of(folder, wait=True)
        if folder.is_dir():
            return folder, lock
        # Somebody took it for a leftover in the moment before it was locked.
        if lock is not None:
            os.close(lock)


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
