"""Takes the source of the explanations; gives every sentence in it that is said to people, to be translated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOM = Path(__file__).parents[2] / "explain"
_SAYING = {"say": (None, 0), "phrase": (None, 0), "say_as": (0, 1), "say_n": (None, 0)}
_KEPT = {"say"}
"""These say what ``phrase`` has marked in another place, too."""


class Sentence(NamedTuple):
    """A sentence in English, with its context, its form for several where it has one, and where it stands."""

    context: str | None
    english: str
    many: str | None
    place: str


class NotLiteral(Exception):  # noqa: N818  (named for what is wrong)
    """A sentence that is put together, so that nobody can translate it."""


@cache
def sentences() -> tuple[Sentence, ...]:
    """Return every sentence, in the order of files and lines."""
    return tuple(
        sentence
        for path in sorted(ROOM.rglob("*.py"))
        for sentence in _sentences_in(path.relative_to(ROOM).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
    )


def _sentences_in(name: str, tree: ast.AST) -> Iterator[Sentence]:
    if name == "tongue.py":
        return
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAYING):
            continue
        said, place = node.func.id, f"{name}:{node.lineno}"
        context, at = _SAYING[said]
        english = _literal(node.args[at])
        if english is None:
            if said not in _KEPT or isinstance(node.args[at], ast.JoinedStr | ast.BinOp):
                raise NotLiteral(place)
            continue
        yield Sentence(
            None if context is None else _literal(node.args[context]),
            english,
            _literal(node.args[1]) if said == "say_n" else None,
            place,
        )


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
