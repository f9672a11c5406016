"""Takes a document, or a page of it; gives every value that the document holds, and the numbers in either."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from tallystick.explain.harmless import harmless

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def leaves(tree: object) -> Iterator[str]:
    """Yield every name and value in a tree as text."""
    match tree:
        case dict():
            for name, value in tree.items():
                yield str(name)
                yield from leaves(value)
        case list() | tuple():
            for value in tree:
                yield from leaves(value)
        case _:
            yield str(tree)


def numbers(text: str) -> set[str]:
    """Return the numbers that stand in a text, without their signs."""
    return set(_NUMBER.findall(text))


def text_of(document: BaseModel) -> str:
    """Return all that a document holds, as a page would show its texts."""
    return " ".join(map(harmless, leaves(document.model_dump(mode="json"))))


def numbers_of(document: BaseModel) -> set[str]:
    """Return the numbers that stand in a document."""
    return numbers(text_of(document))
