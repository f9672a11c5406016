"""Takes a folder that holds a git repository; gives the credit in its history: commits and their trailers.

Nothing of the repository is run, no other place is asked, and its working files are not looked at but for the mailmap.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from tallystick.engine.gathering.documents import Placed
from tallystick.engine.gathering.values import Document
from tallystick.engine.refusals import DataRefusal, UsageRefusal

# What a repository's own settings could make git run, ask or read is switched off.
_GIT = (
    "git",
    "--no-pager",
    "-c",
    "log.showSignature=false",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "protocol.allow=never",
    "-c",
    "mailmap.file=",
)
_FORMAT = "%H%x00%P%x00%aN%x00%aE%x00%aI%x00%(trailers:only,unfold,separator=%x00)%x00"
_CHUNK = 5_000
"""So many commits are looked at before their people are looked up in the mailmap."""
_LONGEST_TRAILER = 10_000
_CONTACT = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<email>[^<>]+)>")
_TRAILER = re.compile(r"(?P<key>[A-Za-z0-9-]+)\s*:\s*(?P<value>.*)", re.DOTALL)


class Person(Struct, frozen=True):
    """Somebody as the mailmap names them; a robot, whose name ends with ``[bot]``, is told by its name."""

    name: str
    email: str

    @property
    def robot(self) -> bool:
        """Whether it is an automated account, by the ending that hosts of code give those."""
        return self.name.endswith("[bot]") or self.email.partition("@")[0].endswith("[bot]")

    @property
    def id(self) -> str:
        """What tells people apart: the address, since two may have one name; of a robot the name."""
        return self.name if self.robot and self.name.endswith("[bot]") else self.email.lower()

    def document(self) -> Document:
        """Return what a mapping can ask for."""
        return {"id": self.id, "name": self.name, "email": self.email.lower(), "robot": "yes" if self.robot else "no"}


class _Commit(Struct, frozen=True):
    number: int
    hash: str
    merge: bool
    author: Person
    at: str
    trailers: tuple[tuple[str, str], ...]


def is_repository(path: Path) -> bool:
    """Say whether a folder holds a git repository."""
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())


def history(folder: Path) -> Iterator[Placed]:
    """Give a document for each commit (kind ``commit``, or ``merge``) and for each trailer under it (kind: its key).

    Raises ``UsageRefusal`` where there is no git, and ``DataRefusal`` where the history cannot be read.
    """
    command = (*_GIT, "-C", str(folder), "log", "-z", "--use-mailmap", f"--format={_FORMAT}", "HEAD")
    mailmap = _Mailmap(folder)
    with _start(command) as process:
        try:
            yield from _credits(folder, process, mailmap)
        finally:
            process.kill()


def _credits(folder: Path, process: subprocess.Popen[bytes], mailmap: _Mailmap) -> Iterator[Placed]:
    """Give the documents of a log that is being written."""
    if process.stdout is not None and process.stderr is not None:
        commits = _commits(process.stdout)
        while chunk := list(islice(commits, _CHUNK)):
            mailmap.look_up(value for each in chunk for _, value in each.trailers)
            for commit in chunk:
                yield from _documents(folder, commit, mailmap)
        said = process.stderr.read().decode("utf-8", "replace").strip().removeprefix("fatal: ")
        if process.wait() != 0:
            message = f"git cannot read the history in `{folder}`"
            raise DataRefusal(message, notes=(said,) if said else ())


def _start(command: tuple[str, ...], stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603
    except FileNotFoundError as error:
        message = "the history of a repository is asked for, and there is no `git` here"
        raise UsageRefusal(message, help="install git, or give the records as a file") from error


def _commits(stream: IO[bytes]) -> Iterator[_Commit]:
    """Give the commits of a log: five texts, the trailers (one empty text if there are none), and an empty text."""
    texts = _texts(stream)
    for number, sha in enumerate(texts, 1):
        parents, name, email, at = islice(texts, 4)
        trailers: list[tuple[str, str]] = []
        text = next(texts)
        if text == "":
            next(texts)
        while text != "":
            told = _TRAILER.match(text[:_LONGEST_TRAILER])
            if told is not None:
                trailers.append((told["key"].capitalize(), told["value"].strip()))
            text = next(texts)
        yield _Commit(number, sha, " " in parents, Person(name, email), at, tuple(trailers))


def _texts(stream: IO[bytes]) -> Iterator[str]:
    """Give the texts between zero bytes; what is not UTF-8 shows as such."""
    left = b""
    while data := stream.read(1 << 16):
        *whole, left = (left + data).split(b"\0")
        for each in whole:
            yield each.decode("utf-8", "replace")


def _documents(folder: Path, commit: _Commit, mailmap: _Mailmap) -> Iterator[Placed]:
    """Give the documents of a commit, numbered from 0 under it."""
    about: Document = {"commit": commit.hash, "at": commit.at, "author": commit.author.document()}
    own: Document = {"place": "0", "kind": "merge" if commit.merge else "commit", "credited": commit.author.document()}
    yield Placed(str(folder), commit.number, {**about, **own})
    for place, (key, value) in enumerate(commit.trailers, 1):
        person = mailmap.people.get(value)
        credited = None if person is None else person.document()
        yield Placed(
            str(folder),
            commit.number,
            {**about, "place": str(place), "kind": key, "credited": credited, "value": value},
        )


class _Mailmap(Struct):
    """The people named in trailers, as the repository's mailmap names them."""

    folder: Path
    people: dict[str, Person] = field(default_factory=dict)

    def look_up(self, values: Iterator[str]) -> None:
        """Ask git for the people of trailers that name one and were not seen before."""
        contacts: dict[str, str] = {}
        for value in values:
            told = _CONTACT.match(value)
            if value not in self.people and told is not None and value.isprintable():
                contacts[value] = f"{told['name']} <{told['email'].strip()}>"
        if not contacts:
            return
        command = (*_GIT, "-C", str(self.folder), "check-mailmap", "--stdin")
        process = _start(command, subprocess.PIPE)
        given, said = process.communicate("".join(f"{each}\n" for each in contacts.values()).encode())
        mapped = given.decode("utf-8", "replace").splitlines()
        if process.returncode != 0 or len(mapped) != len(contacts):
            message = f"git cannot read the mailmap in `{self.folder}`"
            raise DataRefusal(message, notes=(said.decode("utf-8", "replace").strip(),))
        for value, line in zip(contacts, mapped, strict=True):
            told = _CONTACT.match(line)
            if told is not None:
                self.people[value] = Person(told["name"], told["email"].strip())
