"""Takes time zones; gives proof that the table of their clocks' changes says what Python's zones say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tallystick.engine.calendar import day_of
from tallystick.engine.query.zones import changes

ZONES = (
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Australia/Lord_Howe",
)


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(datetime(1980, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_every_moment_has_its_day(zone: str, moment: datetime) -> None:
    """The last change at or before a moment gives the day that the zone's calendar shows."""
    plain = moment.replace(tzinfo=None)
    last = [each for each in changes(zone, 1980, 2030) if each.moment <= plain][-1]
    assert (plain + timedelta(seconds=last.offset)).date() == day_of(moment, zone)


@given(
    zone=st.sampled_from(ZONES),
    years=st.sampled_from([(1780, 1830), (2090, 2140)]),
    days=st.integers(0, 50 * 365),
    seconds=st.integers(0, 86_399),
)
def test_so_has_each_before_and_after_its_history(zone: str, years: tuple[int, int], days: int, seconds: int) -> None:
    """Where changes are looked for in longer steps."""
    moment = datetime(years[0], 1, 1, tzinfo=UTC) + timedelta(days=days, seconds=seconds)
    plain = moment.replace(tzinfo=None)
    last = [each for each in changes(zone, *years) if each.moment <= plain][-1]
    assert (plain + timedelta(seconds=last.offset)).date() == day_of(moment, zone)
