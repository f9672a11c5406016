"""Takes a rulebook; gives the field that its score is by, and for which values of it everybody is scored."""

from __future__ import annotations

from msgspec.structs import replace

from tallystick.rules.epochs import in_each
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import OneOfType


def field_by(rulebook: Rulebook) -> Field | None:
    """Return the field for each of whose values there is a score; None where each person has one score."""
    name = rulebook.score.by
    return None if name is None else next(field for field in rulebook.records or () if field.name == name)


def values_of(rulebook: Rulebook) -> tuple[str, ...]:
    """Return its values in the order in which they are declared; none where the score is by no field."""
    field = field_by(rulebook)
    if field is None:
        return ()
    assert isinstance(field.type, OneOfType)  # noqa: S101  the checker has seen to it
    return field.type.values


def of_one_value(rulebook: Rulebook, value: str) -> Rulebook:
    """Return a rulebook of whose field that its score is by there is but one value. Over records of that value it gives
    what the rulebook gives, and whatever is imagined by it is of that value."""
    field = field_by(rulebook)
    if field is None:
        return rulebook
    only = replace(field, type=OneOfType((value,)))
    records = tuple(only if each is field else each for each in rulebook.records or ())
    return in_each(rulebook, lambda each: replace(each, records=records))


def by_none(rulebook: Rulebook) -> Rulebook:
    """Return a rulebook that gives each person one score of all records, those without any record among them."""
    if rulebook.score.by is None:
        return rulebook
    return in_each(rulebook, lambda each: replace(each, score=replace(each.score, by=None)))
