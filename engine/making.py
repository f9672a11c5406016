"""Takes all that a run is made of; gives its receipt, its counts, and its records with what became of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from tallystick import __version__
from tallystick.engine.by_field.scoring import ScoredParts
from tallystick.engine.digest import digest_told, ledger_digest
from tallystick.engine.duckdb import Ledger
from tallystick.engine.folder_writing import EXCLUSION, FATE
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.pauses import unknown_pauses
from tallystick.engine.intake.taking import Taken
from tallystick.engine.ledger import RunCounts
from tallystick.engine.query.sql import quote_name
from tallystick.engine.record_digest import record_digest, record_digest_there
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from tallystick.engine.receipt import DayDigest, MappingReceipt, Receipt, TakingReceipt


class Making(Struct, frozen=True):
    """All that a run is made of, for its receipt and its folder; ``written``: the digest of its ledger was worked out
    beside the writing."""

    rulebook: Rulebook
    as_of: date
    mapping_given: str | Path | Mapping | None
    mapping: Mapping
    taken: Taken
    workshop: Workshop
    ledger: Ledger
    parted: ScoredParts | None
    written: bool

    def records_with_fates(self) -> str | None:
        """Return a query for the records read, each with its fate."""
        if self.taken.records is None:
            return None
        row = quote_name("#row")
        return (
            f"SELECT records.*, fates.fate AS {quote_name(FATE)}, fates.name AS {quote_name(EXCLUSION)} "
            f"FROM ({self.taken.records.relation.select}) AS records "
            f"LEFT JOIN ({self.ledger.fates_sql}) AS fates USING ({row}){self._voided()} ORDER BY {row}"
        )

    def _voided(self) -> str:
        """Return the records struck out, with that as their fate, whoever they are about."""
        if self.taken.voided is None:
            return ""
        return f" UNION ALL SELECT *, 'voided', '' FROM ({self.taken.voided})"

    def when_asked(
        self, computed_at: datetime, *, with_records: bool, previous: str | None, takings: tuple[TakingReceipt, ...]
    ) -> Callable[[], Receipt]:
        """Return what writes the receipt once, when it is first asked for; now, if it reads the records again, which
        can fail."""
        written = cache(
            partial(self.receipt, computed_at, with_records=with_records, previous=previous, takings=takings)
        )
        if with_records:
            written()
        return written

    def receipt(
        self, computed_at: datetime, *, with_records: bool, previous: str | None, takings: tuple[TakingReceipt, ...]
    ) -> Receipt:
        """Write the receipt."""
        import duckdb  # noqa: PLC0415

        from tallystick.engine.receipt import (  # noqa: PLC0415  it loads pydantic
            CountsReceipt,
            EngineReceipt,
            InputReceipt,
            Receipt,
            RulebookReceipt,
        )

        book = self.rulebook
        return Receipt(
            rulebook=RulebookReceipt(name=book.name, version=book.version, text=book.text, sha256=sha256_of(book.text)),
            as_of=self.as_of,
            inputs=tuple(
                InputReceipt(
                    role=each.relation.role, name=file.name, sha256=file.sha256, size=file.size, rows=file.rows
                )
                for each in self.taken.all
                for file in each.files
            ),
            mapping=self._mapping(),
            engine=EngineReceipt(
                name="tallystick",
                version=__version__,
                duckdb=duckdb.__version__,
                elsewhere=None if self.taken.elsewhere is None else self.taken.elsewhere.title,
            ),
            counts=CountsReceipt(**asdict(self.counts())),
            ledger_digest=self._digest(),
            previous=previous,
            record_digest=self._record_digest() if with_records else None,
            computed_at=computed_at,
            takings=takings,
            by=None if self.parted is None else self.parted.told,
        )

    def _record_digest(self) -> tuple[DayDigest, ...] | None:
        """Digest the records as they were read, before any correction."""
        if self.taken.records is None:
            return None
        if self.taken.elsewhere is not None:
            return record_digest_there(self.taken.elsewhere)
        return record_digest(self.workshop.connection, self.taken.read or self.taken.records.relation)

    def _digest(self) -> str:
        if self.parted is not None:
            return self.parted.digest
        if self.written:
            return digest_told(self.workshop.connection, self.rulebook, self.ledger.told[0])
        return ledger_digest(self.workshop.connection, self.rulebook)

    def _mapping(self) -> MappingReceipt | None:
        from tallystick.engine.receipt import MappingReceipt  # noqa: PLC0415  it loads pydantic

        if self.mapping_given is None:
            return None
        name = "<mapping>" if isinstance(self.mapping_given, Mapping) else str(self.mapping_given)
        return MappingReceipt(name=name, sha256=self.mapping.sha256)

    def counts(self) -> RunCounts:
        """Count what became of the rows read."""
        records, subjects, pauses = self.taken.records, self.taken.subjects, self.taken.pauses
        return RunCounts(
            rows=0 if records is None else records.rows,
            rejected=0 if records is None else records.rejected,
            skipped=0 if records is None else records.skipped,
            copies=0 if records is None else records.copies,
            not_admitted=self.ledger.not_admitted,
            subject_rows=0 if subjects is None else subjects.rows,
            subject_rejected=0 if subjects is None else subjects.rejected,
            subject_copies=0 if subjects is None else subjects.copies,
            exact=self.ledger.exact,
            voided=0 if self.taken.standing is None else self.taken.standing.voids,
            replaced=0 if self.taken.standing is None else self.taken.standing.replaced,
            pause_rows=0 if pauses is None else pauses.rows,
            pause_rejected=0 if pauses is None else pauses.rejected,
            pause_unknown=0 if pauses is None else unknown_pauses(self.workshop.connection).rows,
        )


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()
