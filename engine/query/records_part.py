"""Takes the steps of a query over records; gives them as one part, for a database in which the records lie.

Its work grows with the records, and what comes out has a row for each person, so that all that follows (requirements,
formulas, rules, the ledger) is worked out here, by the same statements as ever.
"""

from __future__ import annotations

from msgspec import Struct

from tallystick.engine.query.people import KNOWN
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.steps import EARNED, RECORDS, VOIDED, Step


class RecordsPart(Struct, frozen=True):
    """The part over records, in DuckDB's words: ``steps`` in order, each a query that reads those before it.

    ``small`` are the steps to tables of a row for each day or pause, which are worked out here. ``reads`` are the
    relations that ``steps`` read and do not make: ``records accepted``, and small or one row for each person.
    ``gives``: the steps of one row for each person, each of which must lie here as a table under its name before the
    statement after it runs.
    """

    small: tuple[Step, ...]
    steps: tuple[Step, ...]
    gives: tuple[str, ...]

    @property
    def reads(self) -> tuple[str, ...]:
        """The relations that must be there."""
        text = "\n".join(each.body for each in self.steps)
        made_here = (each.name for each in self.small)
        return tuple(name for name in (RECORDS, VOIDED, KNOWN, EARNED, *made_here) if quote_name(name) in text)
