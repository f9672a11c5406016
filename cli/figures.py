"""Takes decimals of a ledger; gives them as the explanation prints them."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from tallystick.engine.arithmetic import text_of
from tallystick.explain.figures import line_places
from tallystick.rules.rulebook import Rulebook


class Places(Struct, frozen=True):
    """How many decimal places are printed of a score and of a line; None: as few as say it exactly."""

    score: int | None
    line: int | None

    def of_score(self, value: Decimal | None) -> str | None:
        """Return a score as text; None without one."""
        return None if value is None else text_of(value, self.score)

    def of_line(self, value: Decimal | None) -> str | None:
        """Return a rule's points as text; None where it does not apply."""
        return None if value is None else text_of(value, self.line)

    def exactly(self, value: Decimal) -> str:
        """Return a subtotal or an adjustment as text."""
        return text_of(value, self.line)


def places_of(rulebook: Rulebook) -> Places:
    """Return the places that a rulebook's scores and lines are printed with."""
    return Places(rulebook.score.places, line_places(rulebook.score))
