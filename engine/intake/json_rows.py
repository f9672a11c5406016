"""Takes the lines of a JSON Lines file and the columns wanted; gives each row's cells, or why it cannot be used."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn, TypeAlias

import msgspec

from tallystick.engine.intake.csv_rows import Cells, Columns, Damaged
from tallystick.engine.intake.lines import Block, Line, Lines, shown
from tallystick.engine.refusals import DataRefusal
from tallystick.rules.nesting import MOST_LEVELS, is_too_deep

NOT_JSON = "not JSON"
NOT_AN_OBJECT = "not a JSON object"
TWICE = "a JSON object that names a key twice"
TOO_DEEP = "JSON that is nested too deeply"
UNKNOWN_KEY = "a JSON object with a key that means nothing here"
NESTED = "a list or an object where a single value is meant"
NOT_TEXT = "text that is not valid Unicode"

Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"
"""What a document holds; a number is its text as written."""
_Object: TypeAlias = Mapping[str, object]
_PLAIN_KINDS = frozenset({str, int, bool, type(None)})
_APART = re.compile(r'"[ \t\r]+:')
"""A key that does not stand at its colon."""
_SIGNED_NOTHING = re.compile(r"[:,\[\s]-0")


class UnreadableJsonError(ValueError):
    """A text is no JSON that can be used; its one argument says why."""


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableJsonError(TWICE)
    return found


def _constant(_: str) -> NoReturn:
    """Refuse ``NaN`` and ``Infinity``, which are not JSON."""
    raise ValueError


_QUICK = msgspec.json.Decoder(dict[str, object], float_hook=str)
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_constant, strict=True
)


def decoded(text: str) -> Json:
    """Return the document that a text is; raises ``UnreadableJsonError``."""
    try:
        document: Json = _DECODER.decode(text)
    except UnreadableJsonError:
        raise
    except RecursionError as error:
        raise UnreadableJsonError(TOO_DEEP) from error
    except ValueError as error:
        raise UnreadableJsonError(NOT_JSON) from error
    if is_too_deep(document):
        raise UnreadableJsonError(TOO_DEEP)
    return document


def json_rows(lines: Lines, columns: tuple[str, ...], *, closed: bool = False) -> Iterator[Columns | Cells | Damaged]:
    """Give each line's cells in the order of ``columns``; what is absent, null or empty is ``""``.

    A column is a key, or a dotted path through objects. Lines with nothing on them are no rows. ``closed``: an object
    has no other keys.
    """
    reader = _Reader(columns, closed=closed)
    first = True
    while True:
        block = None if first else lines.block()
        if block is not None:
            yield from reader.block(block)
            continue
        line = lines.next()
        if line is None:
            return
        if not line.text or line.text.isspace():
            continue
        if first:
            refuse_a_list(lines.name, line)
        first = False
        yield reader.row(line)


def refuse_a_list(name: str, first: Line) -> None:
    """Raise ``DataRefusal`` where the first line with anything on it begins a list of all rows."""
    if first.text.lstrip().startswith("["):
        message = f"`{name}` is one JSON list, not JSON Lines"
        raise DataRefusal(message, help="write one object per line, or let `tally read` do so")


class _Reader:
    """Reads objects, of each the cells of some columns."""

    def __init__(self, columns: tuple[str, ...], *, closed: bool) -> None:
        self._allowed = frozenset(columns) if closed else None
        self._paths = tuple((column, tuple(column.split("."))) for column in columns)

    def block(self, block: Block) -> Iterator[Columns | Cells | Damaged]:
        """Give the rows of a block, all in one go where each of its lines is plainly a row."""
        texts = block.text.split("\n")
        apart = _APART.search(block.text) is not None
        keys = len if block.text.count("{") == len(texts) and "[" not in block.text else _keys
        documents = [None if apart and _APART.search(text) else _quickly(text, keys) for text in texts]
        found = [each for each in documents if each is not None]
        together = self._together(texts, found) if len(found) == len(texts) else None
        if together is not None:
            yield Columns(block.first, block.lines, together)
            return
        for number, (ended, document) in enumerate(zip(texts, documents, strict=True), block.first):
            text = ended.removesuffix("\r")
            if text and not text.isspace():
                yield self._row(Line(number, text, "", ""), document)

    def row(self, line: Line) -> Cells | Damaged:
        """Return a line's row."""
        return self._row(line, None if line.damage or _APART.search(line.text) else _quickly(line.text, _keys))

    def _together(self, texts: list[str], documents: list[_Object]) -> tuple[list[str], ...] | None:
        """Return the cells of all objects, column by column; None if one of them is no row, or must be looked at."""
        allowed = self._allowed
        if allowed is not None and not all(map(allowed.issuperset, documents)):
            return None
        cells: list[list[str]] = []
        for column, path in self._paths:
            if len(path) == 1:
                values = [each.get(column) for each in documents]
            else:
                values = [_at(each, column, path) for each in documents]
            kinds = set(map(type, values))
            if not kinds <= _PLAIN_KINDS or (int in kinds and any(map(_is_signed, values, texts))):
                return None
            cells.append(list(map(str if kinds == {int} else _cell, values)))
        return tuple(cells)

    def _row(self, line: Line, document: _Object | None) -> Cells | Damaged:
        """Return the row of a line, which is this object, or None where that is to be found out."""
        if line.damage:
            return Damaged(line.number, line.damage, shown(line.text))
        if document is None:
            try:
                read = decoded(line.text)
            except UnreadableJsonError as error:
                return Damaged(line.number, str(error), shown(line.text))
            if not isinstance(read, dict):
                return Damaged(line.number, NOT_AN_OBJECT, shown(line.text))
            document = read
        allowed = self._allowed
        if allowed is not None and not allowed.issuperset(document):
            return Damaged(line.number, UNKNOWN_KEY, shown(next(key for key in document if key not in allowed)))
        values = [_at(document, column, path) for column, path in self._paths]
        if any(_is_signed(value, line.text) for value in values):
            return self._row(line, None)
        if not _PLAIN_KINDS.issuperset(map(type, values)):
            return Damaged(line.number, NESTED, shown(line.text))
        cells = list(map(_cell, values))
        # Half of a surrogate pair can be written as an escape, but it is no character.
        if "\\u" in line.text and not is_unicode(cells):
            return Damaged(line.number, NOT_TEXT, shown(line.text))
        return Cells(line.number, cells)


def _quickly(text: str, keys: Callable[[_Object], int]) -> _Object | None:
    """Return the object that a text is, its whole numbers as numbers, ten times as fast as ``decoded``; None where that
    must look closer. No key stands apart from its colon in it, and ``keys`` counts the keys of an object.

    Of a key that is named twice this takes the last. Each ends before a ``":``; where there are as many of these as
    keys that were found, none was named twice.
    """
    try:
        document = _QUICK.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    if text.count("{") + text.count("[") > MOST_LEVELS and is_too_deep(document):
        return None
    return document if text.count('":') == keys(document) else None


def _is_signed(value: object, text: str) -> bool:
    """Whether a whole number from a text may be a 0 that is written with a sign, which it has lost."""
    return value == 0 and type(value) is int and _SIGNED_NOTHING.search(text) is not None


def _keys(document: _Object) -> int:
    """Return how many keys there are in an object, at any depth."""
    found = len(document)
    inner = [each for each in document.values() if isinstance(each, dict | list)]
    while inner:
        each = inner.pop()
        if isinstance(each, dict):
            found += len(each)
        within = each.values() if isinstance(each, dict) else each
        inner += [deeper for deeper in within if isinstance(deeper, dict | list)]
    return found


def _cell(value: object) -> str:
    """Return a plain value as the text that a cell holds."""
    if type(value) is str:
        return value
    return "" if value is None else "true" if value is True else "false" if value is False else str(value)


def _at(document: _Object, column: str, path: tuple[str, ...]) -> object:
    """Return what a key of that very name holds, else what stands at the end of the path, None for nothing."""
    if len(path) == 1 or column in document:
        return document.get(column)
    value: object = document
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def is_unicode(cells: list[str]) -> bool:
    """Say whether all of it is valid Unicode; half of a pair of code units is not."""
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True
