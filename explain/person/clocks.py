"""Takes a record's values as the ledger has them; gives its moments as the clocks of the rulebook's time zone show
them, by which its day is counted."""

from __future__ import annotations

from datetime import datetime

from tallystick.engine.calendar import on_clocks
from tallystick.rules.rulebook import Field
from tallystick.rules.value import TimeType


def by_clocks(field: Field, value: str | None, zone: str) -> str | None:
    """Return a value; of a moment the same one, in the time zone."""
    if value is None or zone == "UTC" or not isinstance(field.type, TimeType):
        return value
    shown = on_clocks(datetime.fromisoformat(value), zone)
    whole, places = shown.replace(microsecond=0), f".{shown:%f}".rstrip("0.")
    local = whole.replace(tzinfo=None).isoformat()
    return f"{local}{places}{whole.isoformat().removeprefix(local)}"
