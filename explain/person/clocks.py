"""Takes a value as the ledger has it; gives its text, of a moment as the clocks of the rulebook's time zone show it, by
which its day is counted."""

from __future__ import annotations

from datetime import datetime, timezone

from tallystick.engine.calendar import on_clocks
from tallystick.engine.intake.reading import written
from tallystick.rules.rulebook import Field
from tallystick.rules.value import Scalar, TimeType


def by_clocks(field: Field, value: str | None, zone: str) -> str | None:
    """Return a value; of a moment the same one, in the time zone."""
    if value is None or zone == "UTC" or not isinstance(field.type, TimeType):
        return value
    return told(at_clocks(datetime.fromisoformat(value), zone))


def at_clocks(moment: datetime, zone: str) -> datetime:
    """Return a moment with what a zone's clocks are ahead of UTC then: of no zone, in which an hour can come twice,
    so that two moments are as far apart as they are."""
    shown = on_clocks(moment, zone)
    ahead = shown.utcoffset()
    return shown.astimezone(timezone(ahead)) if ahead else moment


def told(value: Scalar | None) -> str | None:
    """Return a value's text; of a moment with what it is ahead of UTC."""
    if not isinstance(value, datetime) or not value.utcoffset():
        return written(value)
    whole, places = value.replace(microsecond=0), f".{value:%f}".rstrip("0.")
    local = whole.replace(tzinfo=None).isoformat()
    return f"{local}{places}{whole.isoformat().removeprefix(local)}"
