"""Takes a rule and the value that its table looks at; gives the rule with the few rows that can take the value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules.once import once
from tallystick.rules.rule import Range, Rule, Table, Values
from tallystick.rules.value import Scalar

_NO_END = Decimal("Infinity")


class _SortedRows(Struct, frozen=True):
    """The places of a table's rows: those with a beginning in its order (``starts``), those that name values by each,
    and all others. ``ends``: how far those that begin up to each reach."""

    starts: tuple[Decimal, ...]
    ends: tuple[Decimal, ...]
    begin: tuple[int, ...]
    named: dict[Scalar, int]
    besides: tuple[int, ...]

    def near(self, value: Scalar | None) -> Iterator[int]:
        """Give the places of the rows that can take a value. They are few, but for rows that nothing reaches, which may
        lie within others: those with a beginning are given from the last that begins up to the value back, as long as
        one of the rest reaches it."""
        if value is not None and value in self.named:
            yield self.named[value]
        if isinstance(value, Decimal | date):
            along = _along(value)
            at = bisect_right(self.starts, along) - 1
            while at >= 0 and self.ends[at] >= along:
                yield self.begin[at]
                at -= 1
        yield from self.besides


def with_rows_near(rule: Rule, table: Table, value: Scalar | None) -> Rule:
    """Return a rule that gives the same points where its table looks at a value, with no row that cannot take it: so
    that a long table, of which each row is told, is not tried row by row for each."""
    return replace(
        rule, body=replace(table, rows=tuple(table.rows[at] for at in sorted(_sorted_rows(table).near(value))))
    )


@once(1 << 12)
def _sorted_rows(table: Table) -> _SortedRows:
    begin: list[tuple[Decimal, Decimal, int]] = []
    named: dict[Scalar, int] = {}
    besides: list[int] = []
    for place, row in enumerate(table.rows):
        match row.takes:
            case Range(low=low, high=high) if low is not None:
                begin.append((_along(low), _NO_END if high is None else _along(high), place))
            case Values(values=values):
                named |= dict.fromkeys(values, place)
            case _:
                besides.append(place)
    begin.sort()
    starts, highs, places = zip(*begin, strict=True) if begin else ((), (), ())
    return _SortedRows(starts, tuple(accumulate(highs, max)), places, named, tuple(besides))


def _along(value: Decimal | date) -> Decimal:
    """Return where on its line a number or a day lies."""
    return value if isinstance(value, Decimal) else Decimal(value.toordinal())
