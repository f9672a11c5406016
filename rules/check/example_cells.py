"""Takes a cell of an example and the field that it stands for; gives why it would be rejected, or None."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import assert_never

from tallystick.rules import decimals
from tallystick.rules.parse.slips import without_commas
from tallystick.rules.rulebook import Field
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, YesNoType
from tallystick.rules.written_days import how_written

_NUMBER = re.compile(r"[+-]?(?=[0-9.])[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]{1,4})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.([0-9]{1,6}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_YES_NO = frozenset({"yes", "no", "true", "false"})


def unfit(field: Field, cell: str | None) -> str | None:
    """Say what is wrong with a cell: ``is missing``, ``is not a date``."""
    if cell is None or cell == "":
        return None if field.optional else "is missing"
    match field.type:
        case TextType():
            return None
        case YesNoType():
            return None if cell.lower() in _YES_NO else "is not yes or no"
        case OneOfType(values=values):
            # A kind that is not listed is no mistake: its record is unused.
            return None if cell in values or field.name == "kind" else f"is not one of {', '.join(values)}"
        case DateType():
            return None if _is_date(cell) else "is not a date such as 2026-01-31"
        case TimeType(zone=zone):
            return _time(cell, zone)
        case NumberType() as kind:
            return _number(cell, kind)
        case DurationType():
            message = "a field has no duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def meant(field: Field, cell: str | None) -> str | None:
    """Say what to write in place of a cell that is wrong, where that can be told."""
    if cell is None:
        return None
    match field.type:
        case DateType():
            return how_written(cell)
        case TimeType() if _is_date(cell):
            return f"write a moment: `{cell}T00:00:00Z`"
        case TimeType() if _TIME.fullmatch(cell):
            return f"write `{cell}Z` for a time in UTC"
        case TimeType():
            return how_written(cell, "T00:00:00Z")
        case NumberType() if re.fullmatch(r"[0-9]+(,[0-9]+)+(\.[0-9]+)?", cell):
            return without_commas(cell)[0]
        case _:
            return None


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _time(text: str, zone: str | None) -> str | None:
    found = _TIME.fullmatch(text)
    wrong = "is not a time such as 2026-01-31T09:00:00Z"
    if found is None:
        return wrong
    day, clock, _, offset = found.groups()
    try:
        datetime.fromisoformat(f"{day}T{clock}{'+00:00' if offset in (None, 'Z') else offset}")
    except ValueError:
        return wrong
    return "has no offset such as `Z`" if offset is None and zone is None else None


def _number(text: str, kind: NumberType) -> str | None:
    if not _NUMBER.fullmatch(text) or not any(char.isdigit() for char in re.split("[eE]", text)[0]):
        return "is not a number"
    value = decimals.EXACT.create_decimal(text)
    if decimals.places_of(value) > kind.places:
        return "is not a whole number" if kind.places == 0 else f"has more than {kind.places} decimal places"
    if not kind.low <= value <= kind.high:
        return f"is not from {decimals.plainly(kind.low)} to {decimals.plainly(kind.high)}"
    return None
