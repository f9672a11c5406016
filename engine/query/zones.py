"""Takes a time zone and two years; gives the moments at which its clocks change, as a literal table for SQL.

The database's own notion of zones is never asked: Python's is the one that the reference uses.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

_STEP = timedelta(hours=12)
"""No zone changes its clocks twice within so many hours."""
_LONG_STEP = timedelta(days=7)
"""Nor within so many days before any had a history, or when it has only a rule left, which is the same each year."""
_WITH_A_HISTORY = range(1800, 2101)
_SECOND = timedelta(seconds=1)
FIRST_YEAR, LAST_YEAR = 1, 9999


class Change(Struct, frozen=True):
    """From ``moment`` (UTC, without a zone) on, the clocks show UTC plus ``offset`` seconds."""

    moment: datetime
    offset: int


@cache
def changes(zone: str, first_year: int, last_year: int) -> tuple[Change, ...]:
    """Return the changes of a zone's clocks over some years; the first one stands for all time before it."""
    info = ZoneInfo(zone)
    first = max(first_year, FIRST_YEAR + 1)
    last = min(last_year, LAST_YEAR - 1)
    moment = datetime(first, 1, 1, tzinfo=UTC)
    end = datetime(last + 1, 1, 1, tzinfo=UTC)
    found = [Change(datetime(1, 1, 1), _offset(info, moment))]  # noqa: DTZ001  moments for SQL have no zone
    while moment < end:
        later = min(moment + (_STEP if moment.year in _WITH_A_HISTORY else _LONG_STEP), end)
        if _offset(info, later) != found[-1].offset:
            changed = _when(info, moment, later)
            found.append(Change(changed.replace(tzinfo=None), _offset(info, changed)))
        moment = later
    return tuple(found)


def _offset(info: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(info).utcoffset()
    assert offset is not None  # noqa: S101  a zone's moments have an offset
    return int(offset.total_seconds())


def _when(info: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second that has another offset than ``before``."""
    old = _offset(info, before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0) if (middle - before) >= _SECOND else before + _SECOND
        if _offset(info, middle) == old:
            before = middle
        else:
            after = middle
    return after
