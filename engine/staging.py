"""Takes the place where a run, or such a folder, shall stand; gives one in the making beside it, which gets there whole
or not.

A folder in the making is locked by its process for as long as that lives. So whoever next writes to the same place can
tell what a killed process has left behind, and clears it away.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from tallystick.engine.folder_writing import is_run, run_around
from tallystick.engine.locked_folder import PARTIAL, has_locks, lock_of, locked_beside
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.undisturbed import undisturbed
from tallystick.engine.unwritten import FULL

_OLD = ".old"
_EARLIER = "run"
"""What the earlier one is called in the folder where it waits for the new one to take its place."""


class Kind(Struct, frozen=True):
    """A kind of folder: what it is called, and how one is told, so that nothing else is ever replaced."""

    name: str
    is_one: Callable[[Path], bool]
    replaces: bool = True
    """Whether a new one takes the place of one that stands there; else one process at a time begins it."""


RUN = Kind("run", is_run)


class Staging(Struct, frozen=True):
    """A folder in the making, beside the place where it will stand."""

    final: Path
    folder: Path
    replaces: bool = True

    @undisturbed
    def publish(self) -> None:
        """Put the folder in its place; an earlier one that stands there goes."""
        if not self.replaces and self.final.exists():
            self.final.rmdir()  # only where it is empty
        if not self.final.exists():
            self.folder.rename(self.final)
            return
        with _beside(self.final, _OLD) as old:
            self.final.rename(old / _EARLIER)
            try:
                self.folder.rename(self.final)
            except OSError:
                (old / _EARLIER).rename(self.final)
                raise


@contextmanager
def staging(out: Path, kind: Kind = RUN) -> Iterator[Staging]:
    """Make a folder beside ``out``; publish it if all goes well, else remove it.

    Raises ``UsageRefusal`` where something else than a folder of this kind stands at ``out`` or none can be written,
    ``DataRefusal`` where there is too little room.
    """
    # Its own name is kept as it is: a link that stands there is not followed.
    final = out.absolute().parent.resolve() / out.name
    _refuse_other(final, out, kind)
    cannot = f"the {kind.name} cannot be written to `{out}`"
    try:
        clear_leftovers(final, kind)
        with _beside(final, PARTIAL) as folder:
            if not kind.replaces:
                _refuse_another(final, folder, out, kind)
            made = Staging(final, folder, kind.replaces)
            yield made
            folder.chmod(0o755)
            made.publish()
    except OSError as error:
        message = f"{cannot}: {error.strerror}"
        if error.errno in FULL:
            raise DataRefusal(message, help="make room there and run the command again") from error
        raise UsageRefusal(message) from error


def clear_leftovers(final: Path, kind: Kind = RUN) -> None:
    """Remove what processes that are no more have left beside a folder's place; raises ``OSError``.

    One that was killed between taking an earlier one away and putting the new one there has left the earlier: it is put
    back.
    """
    for left in sorted(_left_beside(final)):
        lock = lock_of(left, wait=False)
        if lock is None:
            continue
        try:
            earlier = left / _EARLIER
            if left.suffix == _OLD and kind.is_one(earlier) and not final.exists():
                earlier.rename(final)
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(lock)


@contextmanager
def _beside(final: Path, suffix: str) -> Iterator[Path]:
    """Make a hidden folder beside a place and hold its lock; remove it, if it is there still, in the end."""
    made = locked_beside(final, suffix)
    try:
        yield made.path
    finally:
        made.clear()


def _left_beside(final: Path) -> Iterator[Path]:
    made = re.compile(rf"\.{re.escape(final.name)}\.[a-z0-9_]{{8}}({re.escape(PARTIAL)}|{re.escape(_OLD)})")
    for entry in final.parent.iterdir():
        if made.fullmatch(entry.name) and entry.is_dir() and not entry.is_symlink():
            yield entry


def _refuse_another(final: Path, mine: Path, out: Path, kind: Kind) -> None:
    """Refuse to begin what another process begins there, or has begun since it was looked for: what that took in would
    be lost. Two that begin at one moment may both be refused."""
    if not kind.is_one(final) and not any(_is_held(each) for each in _left_beside(final) if each != mine):
        return
    message = f"the {kind.name} `{out}` is in use by another run"
    raise UsageRefusal(message, help="wait until that has ended, and run the command again")


def _is_held(folder: Path) -> bool:
    """Tell a folder that a living process has locked; where a system has no locks, none is."""
    lock = lock_of(folder, wait=False)
    if lock is not None:
        os.close(lock)
        return False
    return has_locks() and folder.is_dir()


def _refuse_other(final: Path, out: Path, kind: Kind) -> None:
    """Refuse a place where something else stands, so that nothing else is ever replaced."""
    if final.is_symlink() or (final.exists() and not final.is_dir()):
        message = f"`{out}` is there already and is not a {kind.name}"
    elif final.is_dir() and any(final.iterdir()) and not kind.is_one(final):
        message = f"`{out}` is a folder with other things in it, not a {kind.name}"
    elif not final.parent.is_dir():
        message = f"there is no folder `{out.parent}` to write the {kind.name} into"
    elif (run := run_around(final)) is not None:
        message = f"`{out}` lies in the run `{run}`, and a run holds nothing else"
    else:
        return
    raise UsageRefusal(message, help="name a new folder")
