"""Takes days and moments; gives days in a zone, birthdays passed, weeks, months and moments of a local clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import assert_never
from zoneinfo import ZoneInfo

from tallystick.rules.measure import Period


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def in_utc(moment: datetime) -> datetime:
    """Return the moment with UTC as its zone; one without any is in UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day_of(moment_utc: datetime, zone: str) -> date:
    """Return the calendar day on which a moment falls in a time zone."""
    moment = in_utc(moment_utc)
    return moment.date() if zone == "UTC" else moment.astimezone(_zone(zone)).date()


def on_clocks(moment: datetime, zone: str) -> datetime:
    """Return the moment as a zone's clocks show it, with what they are ahead of UTC."""
    return in_utc(moment).astimezone(_zone(zone))


def moment_of(local: datetime, zone: str) -> datetime | None:
    """Return the moment (in UTC) at which a zone's clocks show ``local``: the first if twice, None if never."""
    first = local.replace(tzinfo=_zone(zone), fold=0).astimezone(UTC)
    shown = first.astimezone(_zone(zone)).replace(tzinfo=None)
    return first if shown == local else None


def days_between(start: date, end: date) -> int:
    """Return the number of days from one day to another; negative if reversed."""
    return (end - start).days


def days_before(day: date, days: int) -> date:
    """Return the day so many days earlier; the first of the calendar where that has none so early."""
    return day - timedelta(days=min(days, days_between(date.min, day)))


def years_between(start: date, end: date) -> int:
    """Return the birthdays passed from one day to a later one; that of 29 February is 1 March in other years."""
    birthday_to_come = (end.month, end.day) < (start.month, start.day)
    return end.year - start.year - (1 if birthday_to_come else 0)


def bucket(day: date, period: Period) -> tuple[int, ...]:
    """Return what names the day, the ISO week or the calendar month that a day lies in."""
    match period:
        case "day":
            return (day.year, day.month, day.day)
        case "week":
            week = day.isocalendar()
            return (week.year, week.week)
        case "month":
            return (day.year, day.month)
        case _:
            assert_never(period)
