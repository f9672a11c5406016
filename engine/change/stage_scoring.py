"""Takes the rows of two runs; gives the results of one stage after another, each written down.

The stages share a connection, so that one that measures everybody as the one before it did has only its rules to work
out. It holds one stage at a time.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from tallystick.engine.change.rows import ROLES, BothRows, Fate, Role
from tallystick.engine.change.tables import Results, results_written
from tallystick.engine.duckdb import Ledger, run_ledger
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.rulebook import Rulebook

ALL: tuple[Fate, ...] = ("held", "kept", "own", "other")


class StageScoring(Struct):
    """The stages scored so far: only the ``last`` ledger stands in the workshop."""

    both: BothRows
    workshop: Workshop
    last: Ledger | None = None

    def results(
        self, rulebook: Rulebook, as_of: date, fates: tuple[Fate, ...] | None, label: str, *, points: bool = True
    ) -> Results:
        """Score the earlier run's rows, or those with these ``fates``, and write down what came: ``points``: also of
        what it is made."""
        selects: dict[Role, str | None] = {
            role: self.both.then(role) if fates is None else self.both.seen(role, rulebook, _of_role(role, fates))
            for role in ROLES
        }
        self.last = run_ledger(
            self.workshop.connection,
            rulebook,
            selects["records"],
            selects["subjects"],
            as_of,
            pauses=self.both.pauses(rulebook, then=fates is None),
            earlier=self.last,
        )
        return results_written(self.last.tables, self.both.workshop.scratch, label, points=points)

    def close(self) -> None:
        """Let go of the connection."""
        self.workshop.close()


def stage_scoring(both: BothRows) -> StageScoring:
    """Open a connection in which stages between two runs are scored."""
    return StageScoring(both, open_workshop(reads=both.files, out=both.workshop.scratch))


def _of_role(role: Role, fates: tuple[Fate, ...]) -> tuple[Fate, ...]:
    """What is known about people is the later run's from the corrections on."""
    return fates if role == "records" else ALL
