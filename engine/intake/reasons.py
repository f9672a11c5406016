"""Takes nothing; names the reasons for which a row is rejected, as a person reads them in ``rejected.csv``."""

from __future__ import annotations

from tallystick.engine.arithmetic import text_of
from tallystick.engine.intake.csv_rows import OPEN_QUOTE, STRAY_QUOTE
from tallystick.rules.value import NumberType, OneOfType

LONGEST_TEXT = 10_000
"""A text of more code points makes its row rejected."""

MISSING = "missing"
TOO_LONG = f"longer than {LONGEST_TEXT} characters"
HOLDS_NUL = "holds a NUL character"
NOT_YES_NO = "not yes or no"
NOT_A_NUMBER = "not a number"
NOT_A_DATE = "not a date (YYYY-MM-DD)"
NOT_A_TIME = "not a time (YYYY-MM-DDThh:mm:ssZ)"
NO_OFFSET = "a time without an offset"
TOO_FINE = "more than 6 places of a second"
OUT_OF_TIME = "before 0001-01-02 or after 9999-12-30"
"""A moment on the first or last day that can be written might fall outside the calendar in some time zone."""
BEYOND = "a moment beyond the calendar"
BEYOND_TEXT = "(beyond the calendar)\0"
"""The text of a cell that holds such a moment, which nobody can write: no text that is read may have a NUL in it."""
ID_SHARED = "shares its id with a row that differs"
SUBJECT_SHARED = "shares its subject with a row that differs"

_QUOTES = "a cell that begins with a quote ends with one, and each quote in it is doubled"
REMEDIES = {
    NOT_A_NUMBER: "a number is written 1234.5: with a point, and nothing between thousands",
    NO_OFFSET: 'if all are times of one zone, declare the field as `time in "Europe/Berlin"` or whichever it is',
    MISSING: "if it may be missing, declare it `optional`",
    OPEN_QUOTE: _QUOTES,
    STRAY_QUOTE: _QUOTES,
}
"""What its author can do about a reason that does not say so itself, where the rulebook declares the field."""
OTHERWISE_WRITTEN = frozenset({NOT_A_NUMBER, NOT_A_DATE, NOT_A_TIME})
READ_FIRST = '`tally read` takes days and numbers in other ways, such as `written = "31.01.2026"` in its mapping'
"""What its author can do about records in which everything is so written."""
ALWAYS_THERE = frozenset({"id", "subject", "kind", "at"})
"""The fields that no rulebook can declare ``optional``."""


def not_one_of(type_: OneOfType) -> str:
    """Say that a value is not among those declared."""
    return f"not one of {', '.join(type_.values)}"


def outside(type_: NumberType) -> str:
    """Say that a number lies outside its declared range."""
    return f"not from {text_of(type_.low)} to {text_of(type_.high)}"


def too_many_places(type_: NumberType) -> str:
    """Say that a number has more decimal places than declared."""
    if type_.places == 0:
        return "not a whole number"
    return f"more than {type_.places} decimal place{'' if type_.places == 1 else 's'}"


def never_comes(zone: str) -> str:
    """Say that the clocks of a zone jump over a time."""
    return f"a time that never comes in {zone}"
