"""Takes a document and a recipe; gives the record that it is, or why it is none."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from tallystick.engine.gathering.recipe import Leaving, Recipe
from tallystick.engine.gathering.values import Document, NestedError, TooLongError, each_of, value
from tallystick.engine.gathering.ways_of_writing import WrittenOtherwiseError
from tallystick.engine.intake.json_rows import NESTED, NOT_TEXT
from tallystick.engine.intake.reasons import LONGEST_TEXT, MISSING, TOO_LONG

_NEEDED = ("subject", "kind", "at")


class Skipped(Struct, frozen=True):
    """A document of a kind that is skipped."""

    kind: str


class LeftOut(Struct, frozen=True):
    """A document that is never read, and why."""

    because: str


class Unreadable(Struct, frozen=True):
    """A document that should be a record and cannot: the field at fault (empty: all of it), why, and what is there."""

    field: str
    reason: str
    value: str


Record: TypeAlias = tuple[str | None, ...]
"""The values of the recipe's fields, in its order."""


def record_of(document: Document, recipe: Recipe) -> Record | Skipped | LeftOut | Unreadable:
    """Return what a document is. It is left out before anything else of it is looked at."""
    for leaving in recipe.leaving:
        if _left_out(document, leaving):
            return LeftOut(leaving.because)
    try:
        field = "kind"
        called = value(document, recipe.fields["kind"])
        if called is not None and len(called) > LONGEST_TEXT:
            return Unreadable(field, TOO_LONG, "")
        if called is not None and (called in recipe.skip or (recipe.only_listed and called not in recipe.kinds)):
            return Skipped(called)
        others = recipe.fields_of.get(called or "", {})
        found: list[str | None] = []
        for field, source in recipe.fields.items():
            text = value(document, others.get(field, source)) if field != "kind" else called
            if text is None and field in _NEEDED:
                return Unreadable(field, MISSING, "")
            found.append(recipe.kinds.get(text, text) if field == "kind" and text is not None else text)
    except NestedError as nested:
        return Unreadable(field, NESTED, str(nested))
    except TooLongError:
        return Unreadable(field, TOO_LONG, "")
    except WrittenOtherwiseError as otherwise:
        return Unreadable(field, str(otherwise), otherwise.text)
    try:
        "".join(each or "" for each in found).encode()
    except UnicodeEncodeError:
        return Unreadable("", NOT_TEXT, "")
    return tuple(found)


def _left_out(document: Document, leaving: Leaving) -> bool:
    """Say whether a condition leaves the document out."""
    if any(not wanted.isdisjoint(each_of(document, path)) for path, wanted in leaving.when.items()):
        return True
    asked = leaving.unless
    return bool(asked) and all(wanted.isdisjoint(each_of(document, path)) for path, wanted in asked.items())
