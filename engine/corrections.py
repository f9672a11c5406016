"""Takes nothing; names what a correction of a record is: struck out, or struck out with another in its place."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, OneOfType, Scalar, TextType

Action: TypeAlias = Literal["void", "replace"]

RECORD, ACTION, REASON, WHO, WHEN = "record", "action", "reason", "who", "when"
FIXED = (RECORD, ACTION, REASON, WHO, WHEN)
"""The columns that every file of corrections has."""
NOW_MISSING = "-"
"""A cell that says that a field is missing now, as in the tables of an example; a dash itself stands in quotes."""
QUOTED_DASH = '"-"'


class Correction(Struct, frozen=True):
    """A correction, read and fitting: the record's id, and the fields that it gives another value (None: missing).

    A void has no ``values``. INVARIANT: nothing is edited in place; a replaced record is struck out, and another one
    with its id takes its place.
    """

    record: Scalar
    action: Action
    values: tuple[tuple[str, Scalar | None], ...] = ()


class Change(Struct, frozen=True):
    """A field of a replaced record: what it was and what it is, as canonical text (None: missing)."""

    field: str
    before: str | None
    after: str | None


class CorrectionRow(Struct, frozen=True):
    """A correction as a run keeps it. ``instead`` is the ``#row`` of the record in the place of the one struck out
    (None of a void). ``values`` are the struck-out record's, in the order of the declared fields, as canonical
    text; ``changes`` what a replacement says otherwise (none of a void)."""

    instead: int | None
    record: str
    action: Action
    reason: str
    who: str
    when: date
    values: tuple[str | None, ...]
    changes: tuple[Change, ...]


def id_field(rulebook: Rulebook) -> Field | None:
    """Return the field by which records are named; None where they have no name."""
    return next((field for field in rulebook.records or () if field.name == "id"), None)


def value_columns(rulebook: Rulebook) -> tuple[tuple[str, Field], ...]:
    """Return the column of a correction for each field of a record: the field's name, with ``new`` before it where
    the corrections have a column of their own of that name."""
    return tuple(
        (f"new {field.name}" if field.name in FIXED else field.name, field) for field in rulebook.records or ()
    )


def correction_fields(rulebook: Rulebook, key: Field) -> tuple[Field, ...]:
    """Return the fields of a file of corrections: the five that say what is done, and one text for each new value."""
    actions = OneOfType(("void", "replace"))
    return (
        Field(RECORD, RECORD, key.type, optional=False, title=None),
        Field(ACTION, ACTION, actions, optional=False, title=None),
        Field(REASON, REASON, TextType(), optional=False, title=None),
        Field(WHO, WHO, TextType(), optional=False, title=None),
        Field(WHEN, WHEN, DateType(), optional=False, title=None),
        *(
            Field(column, column, TextType(), optional=True, title=field.title)
            for column, field in value_columns(rulebook)
        ),
    )
