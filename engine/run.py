"""Takes a ledger and how it came about; gives a run: all that can be asked of it afterwards, wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tallystick.engine.ledger import EvidenceRow, RunCounts, SubjectLedger
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.receipt import Receipt
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Rulebook


class RejectedRow(NamedTuple):
    """A row that could not be read: its file, the line where it begins (of Parquet and frames, its number), the field
    (empty: the row as a whole), why, and how the value begins."""

    file: str
    line: int
    field: str
    reason: str
    value: str


@dataclass(frozen=True)
class FinishedRun:
    """A run, just made or opened from its folder; it is a ``ledger.Run``.

    ``notices`` are words for whoever started it: what was ignored, what is missing from every row. It holds a database
    connection and a folder for it until ``close`` or until nobody holds it any more.
    """

    rulebook: Rulebook
    as_of: date
    receipt: Receipt
    notices: tuple[str, ...]
    tables: LedgerTables
    workshop: Workshop
    rejected: Callable[[], Iterator[RejectedRow]]
    evidence_of: Callable[[str], Iterator[EvidenceRow]]

    @property
    def counts(self) -> RunCounts:
        """What became of the rows read."""
        return RunCounts(**self.receipt.counts.model_dump())

    def subjects(self) -> Iterator[str]:
        """Give everyone with a row in ``scores``, in the order of code points."""
        return self.tables.subjects()

    def subject(self, name: str) -> SubjectLedger | None:
        """Return one person's ledger; None if no input names the person."""
        return self.tables.subject(name)

    def ledgers(self) -> Iterator[SubjectLedger]:
        """Give everyone's ledger, in the order of ``subjects``."""
        return self.tables.ledgers()

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """Give the records behind one person's measures, measure by measure."""
        return self.evidence_of(name)

    def close(self) -> None:
        """Let go of the connection and its folder."""
        self.workshop.close()
