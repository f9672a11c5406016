"""Takes a column of amounts that add up; gives where each leads from and to, so that it can be drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from tallystick.explain.page import Column
from tallystick.rules.decimals import add

Stretch: TypeAlias = tuple[Decimal, Decimal]

_NONE = "-"
"""What stands in the place of an amount that there is not."""


def adding_up(column: Column) -> list[Stretch | None]:
    """Return a stretch for each amount: each part begins where the one before ended, a sum where its first part began,
    and the total at 0."""
    found: list[Stretch | None] = []
    reached = begun = Decimal(0)
    for row in column.rows:
        if row.kind == "heading":
            begun = reached
        if row.amount is None or row.amount == _NONE:
            found.append(None)
        elif row.kind == "part":
            before, reached = reached, add(reached, Decimal(row.amount))
            found.append((before, reached))
        else:
            found.append((begun if row.kind == "sum" else Decimal(0), reached))
    return found
