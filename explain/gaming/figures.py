"""Takes a rulebook; gives scores and differences of scores as its pages print them."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from tallystick.engine.arithmetic import text_of


class Figures(Struct, frozen=True):
    """How many places a score is printed with; None: as few as say it exactly."""

    places: int | None

    def score(self, value: Decimal) -> str:
        """Write a score, or the difference of two."""
        return text_of(value, self.places)
