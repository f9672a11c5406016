"""Takes a day, a moment or a number as another program writes it, and the way in which; gives it as records have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

_CLOCK: Final = r"(?:(?:T|,? +)([0-9]{1,2})(:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?) *(Z|[+-][0-9]{2}:[0-9]{2})?)?"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _day(pattern: re.Pattern[str], text: str) -> str | None:
    """Return a day, with the clock behind it if there is one; None if it is not so written, or there is no such day."""
    found = pattern.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict()
    try:
        day = date(int(parts["year"]), int(parts["month"]), int(parts["day"])).isoformat()
    except ValueError:
        return None
    hour, clock, offset = found.groups()[-3:]
    return day if hour is None else f"{day}T{hour:0>2}{clock}{offset or ''}"


def _number(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.fullmatch(text)
    if found is None:
        return None
    sign, whole, places = found.groups()
    digits = re.sub(r"[^0-9]", "", whole)
    return f"{sign}{digits}" if places is None else f"{sign}{digits}.{places}"


def _since_1970(unit: timedelta, text: str) -> str | None:
    if re.fullmatch(r"-?[0-9]{1,18}", text) is None:
        return None
    try:
        moment = _EPOCH + int(text) * unit
    except OverflowError:
        return None
    return f"{moment.replace(tzinfo=None).isoformat()}Z"


def _of_day(first: str, between: str, second: str) -> Callable[[str], str | None]:
    parts = between.join(rf"(?P<{each}>[0-9]{{1,2}})" for each in (first, second))
    return partial(_day, re.compile(rf"{parts}{between}(?P<year>[0-9]{{4}}){_CLOCK}"))


def _of_number(thousands: str, decimal: str) -> Callable[[str], str | None]:
    whole = f"[0-9]+|[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+"
    return partial(_number, re.compile(rf"([+-]?)({whole})(?:{decimal}([0-9]+))?"))


WAYS: Final[Mapping[str, Callable[[str], str | None]]] = {
    "31.01.2026": _of_day("day", r"\.", "month"),
    "31/01/2026": _of_day("day", "/", "month"),
    "01/31/2026": _of_day("month", "/", "day"),
    "1.234,5": _of_number(r"\.", ","),
    "1 234,5": _of_number("[ \u00a0\u202f]", ","),
    "1,234.5": _of_number(",", r"\."),
    "1'234.5": _of_number("['\u2019]", r"\."),
    "seconds since 1970": partial(_since_1970, timedelta(seconds=1)),
    "milliseconds since 1970": partial(_since_1970, timedelta(milliseconds=1)),
}
"""Each way by its example, with what reads a text that is written so, and gives None for any other. They overlap, so
none is ever guessed."""


class WrittenOtherwiseError(Exception):
    """A text is not written in the way in which it should be."""

    def __init__(self, way: str, text: str) -> None:
        """Keep the text, and say in which way it is not written."""
        super().__init__(f"not written like {way}" if way[0].isdigit() else f"not {way}")
        self.text = text


def rewritten(text: str, way: str) -> str:
    """Return a text as records have it; raises ``WrittenOtherwiseError``."""
    found = WAYS[way](text)
    if found is None:
        raise WrittenOtherwiseError(way, text)
    return found
