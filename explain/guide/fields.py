"""Takes a rulebook; gives what it reads of records and of people, and in which form."""

from __future__ import annotations

from typing import assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.explain.page import Block, Grid, Paragraph, Section
from tallystick.explain.plain import quoted, readable
from tallystick.explain.tongue import listed_or, number, phrase, say, say_as, say_n
from tallystick.rules.check.intervals import UNSAID
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, Type, YesNoType

_NUMBERS = {
    (True, False, False): phrase("a whole number"),
    (False, False, False): phrase("a number"),
    (True, True, False): phrase("a whole number, {low} or more"),
    (False, True, False): phrase("a number, {low} or more"),
    (True, False, True): phrase("a whole number, {high} or less"),
    (False, False, True): phrase("a number, {high} or less"),
    (True, True, True): phrase("a whole number from {low} to {high}"),
    (False, True, True): phrase("a number from {low} to {high}"),
}
"""By whether it is whole, has a lowest, has a highest."""


def what_is_read(rulebook: Rulebook) -> Section:
    """Return every field that is read, and that no other is."""
    blocks: list[Block] = []
    if rulebook.records is not None:
        blocks.append(Paragraph(say("Of each record, these fields are read and never any other:")))
        blocks.append(_fields(rulebook.records))
    if rulebook.subjects is not None:
        blocks.append(Paragraph(say("About each person, these are read and never anything else:")))
        blocks.append(_fields(rulebook.subjects))
    if rulebook.records is None:
        blocks.append(Paragraph(say("No records of what anybody did are read.")))
    if rulebook.subjects is None:
        blocks.append(Paragraph(say("Nothing else about a person is read.")))
    return Section(say("What is read"), tuple(blocks))


def _fields(fields: tuple[Field, ...]) -> Grid:
    """Return fields as a table."""
    rows = tuple(
        (
            readable(each.name),
            each.title or "",
            _form(each),
            "" if each.column == each.name else each.column,
        )
        for each in fields
    )
    heading = (say_as("heading", "name"), say_as("heading", "what it is"), say_as("heading", "form"))
    if any(row[3] for row in rows):
        return Grid((*heading, say_as("heading", "column in the data")), rows)
    return Grid(heading, tuple(row[:3] for row in rows))


def _form(field: Field) -> str:
    """Return a field's type, and whether it may be missing or is shown to others."""
    of = type_words(field.type)
    match field.optional, field.private:
        case True, True:
            return say("{type}, may be missing; read, never shown to others", type=of)
        case False, True:
            return say("{type}; read, never shown to others", type=of)
        case True, False:
            return say("{type}, may be missing", type=of)
        case _:
            return of


def type_words(of: Type) -> str:
    """Return a type in words."""
    match of:
        case TextType():
            return say("text")
        case YesNoType():
            return say("yes or no")
        case OneOfType(values):
            return say("one of {values}", values=listed_or([readable(each) for each in values]))
        case DateType():
            return say("a day")
        case TimeType(None):
            return say("a moment")
        case TimeType(zone):
            return say("a moment; without an offset, by the clocks of {zone}", zone=quoted(zone or ""))
        case NumberType():
            return _number(of)
        case DurationType():
            return say("a number of days")
        case _:
            assert_never(of)


def _number(of: NumberType) -> str:
    """Return a kind of number in words; the ends and the places that every number has go without saying."""
    whole, ends = of.places == 0, {"low": number(text_of(of.low)), "high": number(text_of(of.high))}
    words = say(_NUMBERS[whole, of.low > UNSAID.low, of.high < UNSAID.high], **ends)
    if whole or of.places >= UNSAID.places:
        return words
    return say_n("{number}, with at most {n} place", "{number}, with at most {n} places", of.places, number=words)
