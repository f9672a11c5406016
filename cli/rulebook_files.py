"""Takes the name of a rulebook as it was given: a path, ``-`` or ``FILE@REV``; gives its text, or it checked."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tallystick.cli.complaints import FaultyRulebook, Stop
from tallystick.cli.words import RULEBOOK_ENDING
from tallystick.rules.diagnostics import Diagnostic, Severity
from tallystick.rules.library import FolderLibrary, Unread
from tallystick.rules.limits import FILE_BYTES
from tallystick.rules.source import Source

if TYPE_CHECKING:
    from tallystick.engine.gathering.git import Working
    from tallystick.rules.rulebook import Rulebook
    from tallystick.rules.translation import Translation

STDIN = "-"
STDIN_NAME = "<stdin>"
_LISTED = 1_000
_IN_PART = "the repository was cloned in part, and nothing is fetched here: have git fetch it, as `git show` does"


def found_in(given: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """Read a file, or stdin when ``-`` is given; gives its text, or why it is no text."""
    from tallystick.rules.parse.parse import source_from_bytes

    source, diagnostics = source_from_bytes(STDIN_NAME if given == STDIN else given, _content(given))
    if source is None or given == STDIN:
        return source, diagnostics
    return replace(source, library=FolderLibrary(Path(given))), diagnostics


def read_source(given: str) -> Source:
    """Read a rulebook's text; raises ``FaultyRulebook`` where it is none."""
    return _certain(*found_in(given))


def read_version(given: str) -> Source:
    """Read a rulebook's text from a file, stdin, or from a revision of git when ``FILE@REV`` is given."""
    name, at, revision = given.rpartition("@")
    if given == STDIN or at == "" or name == "" or os.path.lexists(given):
        return read_source(given)
    from tallystick.rules.parse.parse import source_from_bytes

    source = _certain(*source_from_bytes(given, _from_git(Path(name), revision, given)))
    return replace(source, library=_GitLibrary(Path(name), revision))


def checked(given: str) -> Rulebook:
    """Read and check a rulebook that is to be used; raises ``FaultyRulebook`` if it cannot be."""
    return check_source(read_source(given))


def translated(given: str, rulebook: Rulebook) -> tuple[Translation, ...]:
    """Read what lies beside a rulebook's file in other languages; raises ``FaultyRulebook`` if one cannot be used."""
    if given == STDIN:
        return ()
    found, diagnostics = _beside(given, rulebook)
    mistakes = tuple(each for each in diagnostics if each.severity is Severity.ERROR)
    if mistakes:
        raise FaultyRulebook(mistakes)
    return found


def translation_mistakes(given: str, rulebook: Rulebook) -> tuple[Diagnostic, ...]:
    """Find whatever does not fit in the translations that lie beside a rulebook's file, and what they lack."""
    return _beside(given, rulebook)[1]


def _beside(given: str, rulebook: Rulebook) -> tuple[tuple[Translation, ...], tuple[Diagnostic, ...]]:
    from tallystick.rules.read_translation import translations_beside

    try:
        return translations_beside(given, rulebook)
    except OSError as error:
        message = f"`{error.filename}` cannot be read: {error.strerror}"
        raise Stop(message) from error


def check_source(source: Source) -> Rulebook:
    """Check a rulebook that is to be used; its warnings are left to ``tally check``."""
    from tallystick.rules.load import read

    rulebook, diagnostics = read(source)
    if rulebook is None:
        raise FaultyRulebook(diagnostics)
    return rulebook


def _certain(source: Source | None, diagnostics: tuple[Diagnostic, ...]) -> Source:
    if source is None:
        raise FaultyRulebook(diagnostics)
    return source


def _content(given: str) -> bytes:
    """Read the bytes; of a file that is too large, just enough to tell."""
    if given == STDIN:
        return sys.stdin.buffer.read(FILE_BYTES + 1)
    path = Path(given)
    if path.is_dir():
        message = f"`{given}` is a folder, not a rulebook"
        raise Stop(message, help="name the file in it that ends in `.tally`")
    if path.suffix != RULEBOOK_ENDING and path.exists():
        from tallystick.engine.intake.sources import is_named_as_records

        if is_named_as_records(path):
            message = f"`{given}` is a file of records by its name, not a rulebook"
            raise Stop(message, help="name a rulebook here, which ends in `.tally`; records stand behind `--records`")
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES + 1)
    except FileNotFoundError as error:
        message = f"there is no file `{given}`"
        raise Stop(message, help=_near(path)) from error
    except OSError as error:
        message = f"`{given}` cannot be read: {error.strerror}"
        raise Stop(message) from error


def _near(path: Path) -> str | None:
    """Say which rulebook of the folder is likely meant by a name that none has; None where nothing is like it."""
    from tallystick.rules.spelling import near

    with suppress(OSError):
        best = near(path.stem, (each.stem for each in path.parent.glob(f"*{RULEBOOK_ENDING}")))
        if best is not None:
            return f"`{path.with_name(best)}{RULEBOOK_ENDING}` is spelled almost the same"
    return None


class _GitLibrary(Struct, frozen=True):
    """The files beside a rulebook's file as they were at a revision."""

    file: Path
    revision: str

    @property
    def own(self) -> str:
        return self.file.name

    def name(self, path: tuple[str, ...]) -> str:
        return f"{self.file.parent.joinpath(*path)}@{self.revision}"

    def content(self, path: tuple[str, ...]) -> bytes | Unread:
        where = f"./{'/'.join(path)}"
        folder, name = self.file.parent, self.name(path)
        with _asked_of_git(folder, ("ls-tree", "--end-of-options", self.revision, where), name) as listed:
            mode = listed.content(_LISTED).split(b" ", 1)[0]
        if mode not in (b"100644", b"100755"):
            return Unread("a link" if mode == b"120000" else "no file" if mode else "absent")
        found, _ = _blob(folder, f"{self.revision}:{where}", name)
        return Unread("absent") if found is None else found


def _from_git(path: Path, revision: str, given: str) -> bytes:
    """Ask git for a file as it was; a revision is never taken for an option."""
    if revision == "" or revision.startswith("-"):
        message = f"`{revision}` is not a revision"
        raise Stop(message, help="write FILE@REV, such as `rules.tally@HEAD~1`")
    folder = path.parent
    if not folder.is_dir():
        message = f"there is no folder `{folder}`"
        raise Stop(message)
    found, why = _blob(folder, f"{revision}:./{path.name}", given)
    if found is None:
        message = f"git does not have `{given}`"
        partly = any("promisor" in each for each in why)
        raise Stop(message, notes=why, help=_IN_PART if partly else None)
    return found


def _blob(folder: Path, which: str, given: str) -> tuple[bytes | None, tuple[str, ...]]:
    """Return a file that git has, of one that is too large just enough to tell; None, and why, where it has none."""
    with _asked_of_git(folder, ("cat-file", "blob", which), given) as asked:
        found = asked.content(FILE_BYTES)
        there = len(found) > FILE_BYTES or asked.done()
        if asked.slow:
            message = f"git took too long to find `{given}`"
            raise Stop(message, notes=asked.said())
        return (found, ()) if there else (None, asked.said())


@contextmanager
def _asked_of_git(folder: Path, words: tuple[str, ...], given: str) -> Iterator[Working]:
    from tallystick.engine.gathering.git import git

    try:
        with git(folder, *words) as asked:
            yield asked
    except FileNotFoundError as error:
        message = f"`{given}` asks for a revision, and there is no `git` here"
        raise Stop(message, help="install git, or save the older rulebook as a file") from error
