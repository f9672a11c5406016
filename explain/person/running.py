"""Takes the records behind measures; gives them with the latest first, and what each and those before it added
together."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from msgspec.structs import replace

from tallystick.engine.arithmetic import add, text_of
from tallystick.engine.ledger import EvidenceRow
from tallystick.explain.tree.records import Evidence


def latest_first(rows: Iterable[EvidenceRow], at: int | None) -> Iterable[EvidenceRow]:
    """Give the records of each measure with the latest first; of the same moment they stay as they are in the ledger,
    which goes by day. ``at``: the place of the moment among the values."""
    for _, those in groupby(rows, key=lambda row: row.measure):
        if at is None:
            yield from those
        else:
            # Without the zone's letter a moment comes before a later one of the same second, as texts, too.
            yield from sorted(those, key=lambda row: (row.values[at] or "").removesuffix("Z"), reverse=True)


class RunningTotals:
    """Adds up measure by measure; what has no effect of its own has no total."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sums: dict[str, Decimal] = {}

    def after(self, measure: str, effect: Decimal | None) -> str | None:
        """Add a record, and return the total."""
        if effect is None:
            return None
        self._sums[measure] = add(self._sums.get(measure, Decimal(0)), effect)
        return text_of(self._sums[measure])


def added_up_again(records: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return the records with totals over these alone: what stood between them would else show in the difference."""
    totals = RunningTotals()
    return tuple(
        replace(each, so_far=totals.after(each.measure, None if each.effect is None else Decimal(each.effect)))
        for each in records
    )
