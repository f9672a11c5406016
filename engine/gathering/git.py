"""Takes a folder and words for git; gives git at work there: nothing of a repository is run, and no other place asked.

A repository comes from strangers, with settings of its own.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO

SECONDS = 60
"""So long git may take for a piece of what it gives before it is stopped: it waits for what never comes, such as the
end of a pipe."""
_SAID = 500
_LARGEST = 256 << 20
"""Of a commit, which git holds in memory whole, and of all else that it asks memory for in one go."""

# What a repository's own settings could make git run, ask or read is switched off.
_GIT = (
    "git",
    "--no-pager",
    "--no-replace-objects",  # or another commit would stand under the same hash
    "-c",
    "log.showSignature=false",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "mailmap.file=",
    "-c",
    "core.commitGraph=false",  # it could tell of other parents than the commits do
    "-c",
    "advice.graftFileDeprecated=false",
)
AROUND = {
    "GIT_ALLOW_PROTOCOL": "",  # a setting could allow one again, and what is missing be fetched by any program
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_ALLOC_LIMIT": str(_LARGEST),
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_OF_ANOTHER = frozenset(
    f"GIT_{name}"
    for name in (
        "DIR",
        "WORK_TREE",
        "INDEX_FILE",
        "COMMON_DIR",
        "OBJECT_DIRECTORY",
        "ALTERNATE_OBJECT_DIRECTORIES",
        "NAMESPACE",
        "PREFIX",
        "SHALLOW_FILE",
        "EXTERNAL_DIFF",
    )
)
"""What git tells the programs that it starts, of the repository in which it does."""


class Working:
    """Git at work; ``slow``: it was stopped, since it gave nothing for long."""

    def __init__(self, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
        """Take it as it was started, and where its words on errors go: into a pipe, many would stop it."""
        self._process = process
        self._said = said
        self.slow = False

    def read(self, size: int) -> bytes:
        """Return so much of what it gives, less at the end alone."""
        assert self._process.stdout is not None  # noqa: S101  it was started with a pipe
        timer = Timer(SECONDS, self._stop)
        timer.start()
        try:
            return self._process.stdout.read(size)
        finally:
            timer.cancel()

    def content(self, most: int) -> bytes:
        """Return all that it gives, of more than that just enough to tell."""
        return self.read(most + 1)

    def done(self) -> bool:
        """Wait until it ends, and say whether it did what was asked."""
        return self._process.wait() == 0

    def said(self) -> tuple[str, ...]:
        """Return what it says went wrong, each line, not too many."""
        self._said.seek(0)
        lines = self._said.read(_SAID).decode("utf-8", "replace").strip().removeprefix("fatal: ").split("\n")
        stopped = (f"it took more than {SECONDS} seconds for a piece of it, and was stopped",) if self.slow else ()
        return (*stopped, *(each.strip() for each in lines if each.strip()))

    def _stop(self) -> None:
        self.slow = True
        self._process.kill()


@contextmanager
def git(folder: Path, *words: str, given: bytes = b"", here: bool = False) -> Iterator[Working]:
    """Start git in a folder, with what is ``given`` on its stdin; it ends with the context.

    ``here``: the folder itself is the repository, and not one above it. Raises ``FileNotFoundError`` where there is no
    git.
    """
    around = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER} | AROUND
    index = None if here else _index_of(folder, around)
    if index is not None:
        around["GIT_INDEX_FILE"] = str(index)
    if here:
        around["GIT_CEILING_DIRECTORIES"] = str(folder.resolve().parent)
    command = (*_GIT, "-C", str(folder), *words)
    with TemporaryFile() as said, TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        with subprocess.Popen(  # noqa: S603  no shell, and no word that is given can be an option
            command, stdin=stdin, stdout=subprocess.PIPE, stderr=said, env=around
        ) as process:
            try:
                yield Working(process, said)
            finally:
                process.kill()


def _index_of(folder: Path, around: Mapping[str, str]) -> Path | None:
    """Return what a hook of this very repository is to take for its index: what is about to be committed."""
    given = os.environ.get("GIT_INDEX_FILE")
    if given is None:
        return None
    command = (*_GIT, "-C", str(folder), "rev-parse", "--absolute-git-dir")
    found = subprocess.run(command, capture_output=True, check=False, env=around, timeout=SECONDS)  # noqa: S603  as above
    index = Path(given).absolute()
    own = os.fsencode(index.parent.resolve()) == found.stdout.removesuffix(b"\n")
    return index if own else None
