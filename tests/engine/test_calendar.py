"""Takes days and moments; gives proof that days, weeks and birthdays are those of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tallystick.engine.calendar import bucket, day_of, days_before, moment_of, years_between


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-03-01T23:59:59", "UTC", "2026-03-01"),
        ("2026-03-01T23:59:59", "Europe/Berlin", "2026-03-02"),
        ("2026-03-02T04:59:59", "America/New_York", "2026-03-01"),
        ("2026-03-28T23:00:00", "Europe/Berlin", "2026-03-29"),  # still one hour ahead
        ("2026-03-29T22:00:00", "Europe/Berlin", "2026-03-30"),  # now two
        ("2026-10-25T22:59:59", "Europe/Berlin", "2026-10-25"),  # one again
    ],
)
def test_a_moment_has_the_day_of_its_zone(moment: str, zone: str, expected: str) -> None:
    """A day begins when the clocks of the rulebook's zone say so, before and after the change of the hour."""
    assert day_of(datetime.fromisoformat(moment).replace(tzinfo=UTC), zone) == date.fromisoformat(expected)


def test_an_hour_that_comes_twice_is_the_first() -> None:
    """On 25 October 2026 02:30 comes twice in Berlin: first at 00:30 UTC."""
    assert moment_of(datetime(2026, 10, 25, 2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # noqa: DTZ001


def test_an_hour_that_never_comes_is_no_moment() -> None:
    """On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00."""
    assert moment_of(datetime(2026, 3, 29, 2, 30), "Europe/Berlin") is None  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2026-03-01", 0, "2026-03-01"),
        ("2026-03-01", 30, "2026-01-30"),
        ("0001-01-05", 4, "0001-01-01"),
        ("0001-01-05", 5, "0001-01-01"),
        ("0001-01-05", 10**9, "0001-01-01"),
    ],
)
def test_so_many_days_earlier_is_a_day_of_the_calendar(day: str, days: int, expected: str) -> None:
    """Days are counted back as far as the calendar goes."""
    assert days_before(date.fromisoformat(day), days) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        ("2000-02-29", "2001-02-28", 0),
        ("2000-02-29", "2001-03-01", 1),
        ("2000-02-29", "2004-02-28", 3),
        ("2000-02-29", "2004-02-29", 4),
        ("2025-06-01", "2026-05-31", 0),
        ("2025-06-01", "2026-06-01", 1),
        ("2026-06-01", "2026-06-01", 0),
    ],
)
def test_years_are_birthdays_passed(born: str, today: str, years: int) -> None:
    """Who is born on 29 February has a birthday on 1 March in other years."""
    assert years_between(date.fromisoformat(born), date.fromisoformat(today)) == years


def test_weeks_are_iso_weeks() -> None:
    """28 December 2026 to 3 January 2027 is week 53 of 2026; 29 December 2025 lies in week 1 of 2026."""
    assert {bucket(date(2026, 12, day), "week") for day in (28, 31)} == {(2026, 53)}
    assert {bucket(date(2027, 1, day), "week") for day in (1, 3)} == {(2026, 53)}
    assert bucket(date(2027, 1, 4), "week") == (2027, 1)
    assert bucket(date(2025, 12, 29), "week") == (2026, 1)


def test_months_and_days_are_those_of_the_calendar() -> None:
    """31 January and 1 February share neither month nor day; two days of January share the month."""
    assert bucket(date(2026, 1, 31), "month") != bucket(date(2026, 2, 1), "month")
    assert bucket(date(2026, 1, 1), "month") == bucket(date(2026, 1, 31), "month")
    assert bucket(date(2026, 1, 1), "day") != bucket(date(2026, 1, 31), "day")
