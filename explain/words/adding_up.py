"""Takes a column of amounts that add up; gives it with where each leads from and to, so that it can be drawn."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from tallystick.explain.page import Amount, Column
from tallystick.rules.decimals import add

_NONE = "-"
"""What stands in the place of an amount that there is not."""


def adding_up(column: Column) -> Column:
    """Return the column with a stretch for each amount: each part begins where the one before ended, a sum where its
    first part began, and the total at 0."""
    rows: list[Amount] = []
    reached = begun = Decimal(0)
    for row in column.rows:
        if row.kind == "heading":
            begun = reached
        if row.amount is None or row.amount == _NONE:
            rows.append(row)
        elif row.kind == "part":
            before, reached = reached, add(reached, Decimal(row.amount))
            rows.append(replace(row, stretch=(before, reached)))
        else:
            rows.append(replace(row, stretch=(begun if row.kind == "sum" else Decimal(0), reached)))
    return replace(column, rows=tuple(rows))
