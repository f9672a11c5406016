"""Takes the lines of a JSON Lines file and the columns wanted; gives each row's cells, or why it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NoReturn, TypeAlias

from tallystick.engine.intake.csv_rows import Cells, Damaged
from tallystick.engine.intake.lines import Line, Lines, shown
from tallystick.engine.refusals import DataRefusal

NOT_JSON = "not JSON"
NOT_AN_OBJECT = "not a JSON object"
TWICE = "a JSON object that names a key twice"
TOO_DEEP = "JSON that is nested too deeply"
UNKNOWN_KEY = "a JSON object with a key that means nothing here"
NESTED = "a list or an object where a single value is meant"
NOT_TEXT = "text that is not valid Unicode"

Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"
"""What a document holds; a number is its text as written."""


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
    return document


def json_rows(lines: Lines, columns: tuple[str, ...], *, closed: bool = False) -> Iterator[Cells | Damaged]:
    """Give each line's cells in the order of ``columns``; what is absent, null or empty is ``""``.

    A column is a key, or a dotted path through objects. Lines with nothing on them are no rows. ``closed``: an object
    has no other keys.
    """
    allowed = frozenset(columns) if closed else None
    paths = tuple((column, tuple(column.split("."))) for column in columns)
    first = True
    while (line := lines.next()) is not None:
        if not line.text or line.text.isspace():
            continue
        if first and line.text.lstrip().startswith("["):
            message = f"`{lines.name}` is one JSON list, not JSON Lines"
            raise DataRefusal(message, help="write one object per line")
        first = False
        yield _row(line, paths, allowed)


def _row(line: Line, paths: tuple[tuple[str, tuple[str, ...]], ...], allowed: frozenset[str] | None) -> Cells | Damaged:
    if line.damage:
        return Damaged(line.number, line.damage, shown(line.text))
    try:
        document = decoded(line.text)
    except UnreadableJsonError as error:
        return Damaged(line.number, str(error), shown(line.text))
    if not isinstance(document, dict):
        return Damaged(line.number, NOT_AN_OBJECT, shown(line.text))
    if allowed is not None and not allowed.issuperset(document):
        return Damaged(line.number, UNKNOWN_KEY, shown(next(key for key in document if key not in allowed)))
    cells: list[str] = []
    for column, path in paths:
        match _at(document, column, path):
            case None:
                cells.append("")
            case bool(value):
                cells.append("true" if value else "false")
            case str(value):
                cells.append(value)
            case _:
                return Damaged(line.number, NESTED, shown(line.text))
    # Half of a surrogate pair can be written as an escape, but it is no character.
    if "\\u" in line.text and not _is_unicode(cells):
        return Damaged(line.number, NOT_TEXT, shown(line.text))
    return Cells(line.number, cells)


def _at(document: dict[str, Json], column: str, path: tuple[str, ...]) -> Json:
    """Return what a key of that very name holds, else what stands at the end of the path, None for nothing."""
    if column in document:
        return document[column]
    value: Json = document
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _is_unicode(cells: list[str]) -> bool:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True
