"""Takes nothing; names the types that a value can have, and the ends that it stays within."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

Scalar = Decimal | str | bool | date | datetime
"""A value of a field, an attribute or an expression; a duration is its number of days. Missing is ``None``."""

LIMIT = Decimal(10) ** 24
"""No working value leaves ±10²⁴."""
MOST_RECORDS = 10**12
"""No run takes in more records than this, so no count exceeds it."""


class TextType(Struct, frozen=True):
    """Any text, compared by code points."""


class YesNoType(Struct, frozen=True):
    """``True`` or ``False``; also the type of every condition."""


class OneOfType(Struct, frozen=True):
    """One of the named values."""

    values: tuple[str, ...]


class DateType(Struct, frozen=True):
    """A calendar day."""


class TimeType(Struct, frozen=True):
    """A moment, to the microsecond, in UTC. ``zone`` is for times that come without an offset; else they are
    rejected."""

    zone: str | None = None


class NumberType(Struct, frozen=True):
    """A decimal within ``low`` to ``high`` (both taken in) with at most ``places`` decimal places (0 to 9)."""

    low: Decimal
    high: Decimal
    places: int


class DurationType(Struct, frozen=True):
    """A number of days, always constant."""


Type = TextType | YesNoType | OneOfType | DateType | TimeType | NumberType | DurationType
