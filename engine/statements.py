"""Takes nothing; names what a statement is: what a person says of their score, a line of it or a record behind it."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from tallystick.rules.rulebook import Field
from tallystick.rules.value import DateType, OneOfType, TextType, Type

StatementKind: TypeAlias = Literal["statement", "contest"]

ANSWER_BY = ("answer by", "answer_by")
"""The column for the day by which a contest is to be answered may be called either way."""


class StatementRow(Struct, frozen=True):
    """What a person says, or contests until it is answered: about a rule, about a record, or (neither) the whole score.

    It changes no number. ``answer_by``: the day by which a contest is to be answered, where one is named.
    """

    subject: str
    rule: str | None
    record: str | None
    kind: StatementKind
    text: str
    since: date
    answer_by: date | None


def statement_fields(record: Type) -> tuple[Field, ...]:
    """Return the fields of a file of statements; ``record`` is the type of a record's id."""
    return (
        Field("subject", "subject", TextType(), optional=False, title=None),
        Field("rule", "rule", TextType(), optional=True, title=None),
        Field("record", "record", record, optional=True, title=None),
        Field("text", "text", TextType(), optional=False, title=None),
        Field("since", "since", DateType(), optional=False, title=None),
        *(Field(name, name, DateType(), optional=True, title=None) for name in ANSWER_BY),
        Field("kind", "kind", OneOfType(("statement", "contest")), optional=True, title=None),
    )
