"""Takes the corrections and statements that a run holds, and a person; gives those that touch the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallystick.engine.corrections import Change, CorrectionRow
from tallystick.engine.intake.corrections import COLUMNS, CORRECTIONS
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.query.sql import quote_name
from tallystick.engine.what_if.neighbourhood import asks_returned
from tallystick.rules.questions.earned import reads_earned
from tallystick.rules.questions.given import takes_given
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def corrections_of(connection: DuckDBPyConnection, rulebook: Rulebook, name: str) -> tuple[CorrectionRow, ...]:
    """Return the corrections of records about a person, before or after, the earliest first; those of what the person
    did, too, where the rulebook can tell by it."""
    fields = [field.name for field in record_fields(rulebook)]
    whose = ["subject", *(["actor"] if "actor" in fields and _tells_by_actions(rulebook) else [])]
    places = [fields.index(each) + 1 for each in whose]
    touches = " OR ".join(f"{side}[{place}] = $name" for side in ("before", "after") for place in places)
    found = connection.cursor().execute(
        f'SELECT {COLUMNS} FROM {quote_name(CORRECTIONS)} WHERE {touches} ORDER BY "when", record', {"name": name}
    )
    return tuple(
        CorrectionRow(instead, record, action, reason, who, when, tuple(before), _changes(fields, before, after))
        for _, instead, record, action, reason, who, when, before, after in found.fetchall()
    )


def _changes(fields: list[str], before: list[str | None], after: list[str | None] | None) -> tuple[Change, ...]:
    if after is None:
        return ()
    return tuple(Change(f, old, new) for f, old, new in zip(fields, before, after, strict=True) if old != new)


def _tells_by_actions(rulebook: Rulebook) -> bool:
    """Say whether what a person does can matter to the person's own score."""
    return takes_given(rulebook) or asks_returned(rulebook) or reads_earned(rulebook)
