"""Takes the files of pauses; gives their rows, those of nobody in the run counted, and what to say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tallystick.engine.intake.additional import reject_where, take_in_fixed
from tallystick.engine.intake.rows import TakenIn
from tallystick.engine.intake.sources import Inputs
from tallystick.engine.intake.table import Progress
from tallystick.engine.pauses import ENDS_BEFORE, PAUSE_FIELDS, reads_pauses
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.steps import PAUSES
from tallystick.engine.query.wide import wide_name
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Unknown(NamedTuple):
    """Pauses about people who are not in the run: how many, of how many people, and who is first by name."""

    rows: int
    people: int
    first: str | None


def take_in_pauses(workshop: Workshop, inputs: Inputs, progress: Progress) -> TakenIn:
    """Read the pauses; one that ends before it begins is rejected."""
    taken = take_in_fixed(workshop, "pauses", PAUSE_FIELDS, inputs, progress)
    return reject_where(workshop, taken, '"to" < "from"', PAUSE_FIELDS[-1], ENDS_BEFORE)


def unknown_pauses(connection: DuckDBPyConnection) -> Unknown:
    """Count the pauses about people whom no other input names; the ledger is in the connection."""
    found = connection.execute(
        f"SELECT count(*), count(DISTINCT subject), min(subject) FROM {quote_name(PAUSES)} "
        f"WHERE subject NOT IN (SELECT subject FROM {quote_name(wide_name('scores'))})"
    ).fetchall()
    return Unknown(*found[0])


def pause_notices(connection: DuckDBPyConnection, rulebook: Rulebook, taken: TakenIn | None) -> tuple[str, ...]:
    """Return words for whoever asked for the run."""
    if not reads_pauses(rulebook):
        return ()
    if taken is None:
        return ("no pauses were given, so nothing stops the fading that the rulebook calls `except pauses`",)
    unknown = unknown_pauses(connection)
    if unknown.rows == 0:
        return ()
    pauses = "1 pause is" if unknown.rows == 1 else f"{unknown.rows:,} pauses are"
    others = "" if unknown.people == 1 else f" and {unknown.people - 1:,} more"
    return (f"{pauses} about nobody in the run: `{unknown.first}`{others}",)
