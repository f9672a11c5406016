"""Takes a day as people write it elsewhere; gives what help says of how it is written here."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(?P<word>(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_NUMBERS: Final = re.compile(
    r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
    r"|(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})"
)
_UNSURE: Final = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2,4}")
"""Day and month, whichever comes first."""
WITH_A_WORD: Final = re.compile(
    rf"(?P<d>[0-9]{{1,2}})(?:\.|st|nd|rd|th)? ?{_MONTH},? (?P<y>[0-9]{{4}})(?!\w)"
    rf"|{_MONTH.replace('word', 'month_first')} (?P<after>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<last>[0-9]{{4}})(?!\w)"
)
"""A day whose month is named."""


def how_written(written: str, moment: str = "") -> str | None:
    """Say how to write a day that stands in quotes, or otherwise than days are; None if it is no day.

    ``moment`` is what follows a day where a moment is wanted.
    """
    text = written.strip('"')
    quotes = ", without quotes" if text != written else ""
    if (found := WITH_A_WORD.fullmatch(text)) is not None:
        word = found["word"] or found["month_first"]
        parts = found["y"] or found["last"], str(_MONTHS.index(word[:3].lower()) + 1), found["d"] or found["after"]
    elif (found := _NUMBERS.fullmatch(text)) is not None:
        parts = found["year"] or found["y"], found["month"] or found["m"], found["day"] or found["d"]
    elif _UNSURE.fullmatch(text) is not None:
        return f"write the year first, then month and day{quotes}, as in `2026-01-31{moment}`"
    else:
        return None
    meant = "{}-{:0>2}-{:0>2}".format(*parts)
    try:
        date.fromisoformat(meant)
    except ValueError:
        return f"write a day of the calendar{quotes}, as in `2026-01-31{moment}`"
    digits = ", with two digits for month and day" if re.match("[0-9]{4}-", text) and meant != text else ""
    return f"write `{meant}{moment}`{quotes}{digits}"
