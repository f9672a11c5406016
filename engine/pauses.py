"""Takes the pauses told of people; gives each person's stretches of absence up to a day, and how many days they hold.

A record made on day D fades, up to the as-of day A, on each of the days after D up to and with A. The days among them
that lie in a pause of the person whose measure it is are paused: on these it does not fade.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, TextType

PAUSE_FIELDS = (
    Field("subject", "subject", TextType(), optional=False, title="who was away"),
    Field("from", "from", DateType(), optional=False, title="the first day"),
    Field("to", "to", DateType(), optional=True, title="the last day; missing: still away"),
)
"""What a file of pauses has, whatever the rulebook."""
ENDS_BEFORE = "before its `from`"
"""Why a pause is rejected whose last day comes before its first."""


class Pause(Struct, frozen=True):
    """An absence as it was told, both ends taken in; ``last`` of None: up to the as-of day."""

    subject: str
    first: date
    last: date | None


class Stretch(Struct, frozen=True):
    """Days of absence without a gap, both ends taken in, none later than the as-of day."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def reads_pauses(rulebook: Rulebook) -> bool:
    """Say whether any measure of a rulebook says ``except pauses``."""
    return any(measure.except_pauses for measure in rulebook.measures)


def stretches(pauses: Iterable[Pause], as_of: date) -> Mapping[str, tuple[Stretch, ...]]:
    """Put each person's pauses together, the earliest first: those that overlap or touch are one."""
    told: dict[str, list[Stretch]] = {}
    for pause in pauses:
        last = as_of if pause.last is None else min(pause.last, as_of)
        if pause.first <= last:
            told.setdefault(pause.subject, []).append(Stretch(pause.first, last))
    return {subject: tuple(_joined(sorted(of_one, key=_by_first))) for subject, of_one in told.items()}


def paused_days(away: Iterable[Stretch], after: date, up_to: date) -> int:
    """Count the days after one and up to and with another that lie in stretches which do not overlap."""
    count = 0
    for stretch in away:
        first, last = max(stretch.first.toordinal(), after.toordinal() + 1), min(stretch.last, up_to).toordinal()
        count += max(0, last - first + 1)
    return count


def _joined(ordered: list[Stretch]) -> Iterator[Stretch]:
    """Give stretches ordered by their first day as such that leave a day at least between each two."""
    whole: Stretch | None = None
    for each in ordered:
        if whole is not None and each.first <= _day_after(whole.last):
            whole = Stretch(whole.first, max(whole.last, each.last))
            continue
        if whole is not None:
            yield whole
        whole = each
    if whole is not None:
        yield whole


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _by_first(stretch: Stretch) -> date:
    return stretch.first
