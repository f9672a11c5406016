"""Takes a folder that several tests share; gives proof at the end that each of them left it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def left_alone(folder: Path) -> Iterator[Path]:
    """Give a folder to read from; fails where a file of it is other, more or gone afterwards."""
    before = _content(folder)
    yield folder
    assert _content(folder) == before


def _content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
