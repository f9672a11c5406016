"""Takes nothing; names by how much one line, or one adjustment, of somebody's score moved."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from tallystick.engine.ledger import PlaceKind


class LineMove(Struct, frozen=True):
    """A rule's points by both versions, or the amount of an adjustment: then ``name`` is the facet's, or nothing for
    the score. Of a mean by weight, a rule's points are what they make of the score."""

    kind: PlaceKind
    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def points(self) -> Decimal:
        """What it moved."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))
