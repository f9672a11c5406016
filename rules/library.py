"""Takes the folder of a rulebook; gives the bytes of other rulebooks in it, by their path, and never anything else."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from tallystick.rules.limits import FILE_BYTES

Why = Literal["absent", "other spelling", "a link", "no file", "cannot be read"]


class Unread(Struct, frozen=True):
    """Why a file was not read; ``instead``: how it is spelt there, or what the system said."""

    why: Why
    instead: str | None = None


class Library(Protocol):
    """Where the other files of a rulebook are. A path is its parts, from the rulebook's folder down."""

    @property
    def own(self) -> str:
        """The rulebook's own file name."""

    def name(self, path: tuple[str, ...]) -> str:
        """Return what diagnostics call a file."""

    def content(self, path: tuple[str, ...]) -> bytes | Unread:
        """Return a file's bytes, of one that is too large just enough to tell."""


class FolderLibrary(Struct, frozen=True):
    """The files beside a rulebook's file.

    INVARIANT: what is read is a regular file below the folder, spelt as it is there, and no link leads to it.
    """

    file: Path

    @property
    def own(self) -> str:
        """The rulebook's own file name."""
        return self.file.name

    def name(self, path: tuple[str, ...]) -> str:
        """Return the path as the rulebook's own was given."""
        return str(self.file.parent.joinpath(*path))

    def content(self, path: tuple[str, ...]) -> bytes | Unread:
        """Read a file, looking at each folder on the way."""
        folder = self.file.parent
        try:
            for place, part in enumerate(path, start=1):
                names = [each.name for each in folder.iterdir()]
                if part not in names:
                    alike = next((each for each in names if each.casefold() == part.casefold()), None)
                    return Unread("absent") if alike is None else Unread("other spelling", alike)
                folder = folder / part
                if place < len(path):
                    kind = os.lstat(folder).st_mode
                    if stat.S_ISLNK(kind):
                        return Unread("a link")
                    if not stat.S_ISDIR(kind):
                        return Unread("no file")
            return regular_content(folder)
        except OSError as error:
            return Unread("cannot be read", error.strerror)


def regular_content(path: Path) -> bytes | Unread:
    """Read a regular file, of one that is too large just enough to tell; raises ``OSError``."""
    found = regular_file(path)
    if isinstance(found, Unread):
        return found
    with found as file:
        return file.read(FILE_BYTES + 1)


def regular_file(path: Path) -> BufferedReader | Unread:
    """Open a regular file; raises ``OSError``.

    A link or a pipe that has taken its place meanwhile is not followed or waited for.
    """
    kind = os.lstat(path).st_mode
    if not stat.S_ISREG(kind):
        return Unread("a link" if stat.S_ISLNK(kind) else "no file")
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        return Unread("no file")
    return os.fdopen(opened, "rb")
