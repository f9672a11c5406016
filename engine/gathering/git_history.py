"""Takes a folder that holds a git repository; gives the credit in its history: commits and their trailers.

Nothing of the repository is run, no other place is asked, and its working files are not looked at but for the mailmap.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct, field

from tallystick.engine.gathering.documents import Placed
from tallystick.engine.gathering.git import Working, git
from tallystick.engine.gathering.values import Document
from tallystick.engine.refusals import DataRefusal, UsageRefusal

_FORMAT = "%H%x00%P%x00%aN%x00%aE%x00%aI%x00%(trailers:only,unfold,separator=%x00)%x00"
_CHUNK = 5_000
"""So many commits are looked at before their people are looked up in the mailmap."""
_CHARACTERS = 10_000_000
"""Nor more of their trailers than so many characters, however long those are."""
MOST_TRAILERS = 100_000
"""Of one commit, which are held at once."""
_LONGEST_TRAILER = 10_000
_LONGEST_TEXT = 1 << 18
"""What is longer names nobody: no field of a record has so many characters."""
_BETWEEN = re.compile(r"\s*(?:[,;&+/]|and\b)+\s*")
"""What stands between two people whom one trailer names."""
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
    if os.pathsep in str(folder.resolve().parent):  # there git cannot be told to look no higher
        message = f"`{folder}` lies below a folder with `{os.pathsep}` in its name"
        raise UsageRefusal(message, help="move it, or give the folder another name")
    words = ("log", "-z", "--use-mailmap", "--encoding=UTF-8", f"--format={_FORMAT}", "HEAD", "--")
    try:
        with git(folder, *words, here=True) as log:
            yield from _credits(folder, log)
    except FileNotFoundError as error:
        message = "the history of a repository is asked for, and there is no `git` here"
        raise UsageRefusal(message, help="install git, or give the records as a file") from error


def _credits(folder: Path, log: Working) -> Iterator[Placed]:
    """Give the documents of a log that is being written."""
    mailmap = _Mailmap(folder)
    commits = _commits(log)
    while chunk := list(_some(commits)):
        mailmap.look_up(value for each in chunk for _, value in each.trailers)
        for commit in chunk:
            yield from _documents(folder, commit, mailmap)
    if not log.done():
        message = f"git cannot read the history in `{folder}`"
        raise DataRefusal(message, notes=log.said())


def _some(commits: Iterator[_Commit]) -> Iterator[_Commit]:
    """Give the next commits, as many as are held at once."""
    characters = 0
    for commit in islice(commits, _CHUNK):
        yield commit
        characters += sum(len(value) for _, value in commit.trailers)
        if characters > _CHARACTERS:
            return


def _commits(log: Working) -> Iterator[_Commit]:
    """Give the commits of a log: five texts, the trailers (one empty text if there are none), and an empty text.

    One that is cut off, since git was stopped, is none.
    """
    texts = _texts(log)
    for number, sha in enumerate(texts, 1):
        head = tuple(islice(texts, 4))
        trailers: list[tuple[str, str]] = []
        text = next(texts, None)
        if text == "":
            text = next(texts, None)
        while text:
            told = _TRAILER.match(text[:_LONGEST_TRAILER])
            if told is not None:
                whole = len(text) <= _LONGEST_TRAILER
                trailers.append((told["key"].capitalize(), told["value"].strip() if whole else ""))
                if len(trailers) > MOST_TRAILERS:
                    message = (
                        f"the commit {sha} has more than {MOST_TRAILERS:,} trailers, as none that people write has"
                    )
                    raise DataRefusal(message, help="look at what it is, and read a copy of the history without it")
            text = next(texts, None)
        if text is not None:
            parents, name, email, at = head
            yield _Commit(number, sha, " " in parents, Person(name, email), at, tuple(trailers))


def _texts(log: Working) -> Iterator[str]:
    """Give the texts between zero bytes, of one that is too long its beginning; what is not UTF-8 shows as such."""
    left = bytearray()
    while data := log.read(1 << 16):
        first, *others = data.split(b"\0")
        left += first[: _LONGEST_TEXT - len(left)]
        for each in others:
            yield left.decode("utf-8", "replace")
            left = bytearray(each)


def _documents(folder: Path, commit: _Commit, mailmap: _Mailmap) -> Iterator[Placed]:
    """Give the documents of a commit, numbered from 0 under it: one for each whom a trailer names, at least one."""
    about: Document = {"commit": commit.hash, "at": commit.at, "author": commit.author.document()}
    own: Document = {"place": "0", "kind": "merge" if commit.merge else "commit", "credited": commit.author.document()}
    yield Placed(str(folder), commit.number, {**about, **own})
    for place, (key, value) in enumerate(commit.trailers, 1):
        for among, person in enumerate(mailmap.people.get(value, (None,)), 1):
            credited = None if person is None else person.document()
            numbered = str(place) if among == 1 else f"{place}.{among}"
            yield Placed(
                str(folder),
                commit.number,
                {**about, "place": numbered, "kind": key, "credited": credited, "value": value},
            )


def _contact(text: str, start: int = 0) -> tuple[Person | None, int]:
    """Return who is named from a place in a text on, ``NAME <ADDRESS>``, None for no one, and the place behind. No
    pattern: of a line of blanks, one that tries where a name ends takes minutes."""
    opened = text.find("<", start)
    closed = text.find(">", start)
    name, email = text[start:opened].strip(), text[opened + 1 : closed].strip()
    if not start <= opened < closed or email == "" or "<" in email:
        return None, start
    return Person(name, email), closed + 1


def _contacts(text: str) -> Iterator[Person | None]:
    """Give whom a text names, one or several; None where it names no one, and for a rest that may hold an address, so
    that it is counted as what cannot be read."""
    person, end = _contact(text)
    yield person
    if person is None:
        return
    while between := _BETWEEN.match(text, end):
        person, behind = _contact(text, between.end())
        if person is None or "@" not in person.email:
            break
        yield person
        end = behind
    if text.find("@", end) >= 0:
        yield None


class _Mailmap(Struct):
    """The people named in trailers, as the repository's mailmap names them."""

    folder: Path
    people: dict[str, tuple[Person | None, ...]] = field(default_factory=dict)

    def look_up(self, values: Iterator[str]) -> None:
        """Ask git for the people of trailers that name some and were not seen before."""
        named = {each: tuple(_contacts(each)) for each in values if each not in self.people and each.isprintable()}
        named = {value: people for value, people in named.items() if people[0] is not None}
        asked = [each for people in named.values() for each in people if each is not None]
        if not asked:
            return
        given = "".join(f"{each.name} <{each.email}>\n" for each in asked).encode()
        with git(self.folder, "check-mailmap", "--stdin", given=given, here=True) as found:
            mapped = b"".join(iter(lambda: found.read(1 << 16), b"")).decode("utf-8", "replace").split("\n")[:-1]
            if not found.done() or len(mapped) != len(asked):
                message = f"git cannot read the mailmap in `{self.folder}`"
                raise DataRefusal(message, notes=found.said())
        lines = iter(mapped)
        for value, people in named.items():
            self.people[value] = tuple(None if each is None else _contact(next(lines))[0] for each in people)
