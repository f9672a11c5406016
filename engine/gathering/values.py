"""Takes a document as it came and where a value is found in it; gives the value as text."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from tallystick.engine.gathering.ways_of_writing import rewritten
from tallystick.engine.intake.json_rows import Json
from tallystick.engine.intake.reasons import LONGEST_TEXT

Document: TypeAlias = dict[str, Json]


class NestedError(Exception):
    """A list or an object stands where a single value is meant."""


class TooLongError(Exception):
    """What is joined is longer than any text of a record: each of its parts may be as long as a line."""


class At(Struct, frozen=True):
    """The text at the end of a dotted path; of it, what stands before or after the first of some characters.

    ``where``: a path at which something stands, or this gives nothing. ``written``: the way in which it is written, if
    not as records have it.
    """

    path: str
    before: str | None = None
    after: str | None = None
    where: str | None = None
    written: str | None = None


class Fixed(Struct, frozen=True):
    """The same text for every document in which something stands at ``where``."""

    text: str
    where: str | None = None


class Joined(Struct, frozen=True):
    """Several texts in one; nothing if any of them is missing."""

    parts: tuple[Source, ...]
    between: str


class FirstOf(Struct, frozen=True):
    """The first of several that gives something."""

    sources: tuple[Source, ...]


Source: TypeAlias = At | Fixed | Joined | FirstOf


def value(document: Document, source: Source) -> str | None:
    """Return the text that a source gives; None for nothing.

    Raises ``NestedError``, ``TooLongError`` and ``WrittenOtherwiseError``.
    """
    match source:
        case At():
            if source.where is not None and not present(document, source.where):
                return None
            text = _cut(single(document, source.path), source)
            return text if text is None or source.written is None else rewritten(text, source.written)
        case Fixed():
            return source.text if source.where is None or present(document, source.where) else None
        case Joined():
            return _joined(document, source)
        case FirstOf():
            return next((found for each in source.sources if (found := value(document, each)) is not None), None)


def _joined(document: Document, source: Joined) -> str | None:
    parts: list[str] = []
    length = 0
    for each in source.parts:
        part = value(document, each)
        if part is None:
            return None
        length += len(part) + len(source.between)
        if length > LONGEST_TEXT + len(source.between):
            raise TooLongError
        parts.append(part)
    return source.between.join(parts)


def found(document: Document, path: str) -> Json:
    """Return what stands under a key of that very name, else at the end of the dotted path; None for nothing."""
    if path in document:
        return document[path]
    at: Json = document
    for key in path.split("."):
        at = at.get(key) if isinstance(at, dict) else None
    return at


def present(document: Document, path: str) -> bool:
    """Say whether something stands at a path: not nothing, not an empty text, list or object."""
    return found(document, path) not in (None, "", [], {})


def single(document: Document, path: str) -> str | None:
    """Return the one value at a path as text; None for nothing. Raises ``NestedError``."""
    match found(document, path):
        case None | "":
            return None
        case bool(said):
            return "true" if said else "false"
        case str(text):
            return text
        case _:
            raise NestedError(path)


def each_of(document: Document, path: str) -> tuple[str, ...]:
    """Return the values at a path, those of a list one by one, as texts; what has no text of its own is passed over."""
    at = found(document, path)
    texts: list[str] = []
    for one in at if isinstance(at, list) else [at]:
        match one:
            case bool(said):
                texts.append("true" if said else "false")
            case str(text):
                texts.append(text)
            case _:
                pass
    return tuple(texts)


def _cut(text: str | None, source: At) -> str | None:
    """Return the part of a text that is meant; nothing if it does not hold the characters at which it is cut."""
    if text is not None and source.after is not None:
        _, cut, text = text.partition(source.after)
        text = text if cut else None
    if text is not None and source.before is not None:
        text, cut, _ = text.partition(source.before)
        text = text if cut else None
    return None if text == "" else text
