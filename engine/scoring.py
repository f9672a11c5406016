"""Takes a checked rulebook and what it reads; gives a run: everybody's ledger, the receipt and the rows rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from tallystick import __version__
from tallystick.engine.acts import acts_of
from tallystick.engine.chain import seal_before
from tallystick.engine.digest import digest_query, digest_told
from tallystick.engine.duckdb import LET_GO, Beside, Ledger, run_ledger
from tallystick.engine.folder_writing import EXCLUSION, FATE, ledger_copies, write_run
from tallystick.engine.intake import TakenIn, commonest_reasons
from tallystick.engine.intake_table import Progress
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.mapping import Mapping
from tallystick.engine.pauses_taking import pause_notices, unknown_pauses
from tallystick.engine.receipt import (
    CountsReceipt,
    EngineReceipt,
    InputReceipt,
    MappingReceipt,
    Receipt,
    RulebookReceipt,
)
from tallystick.engine.record_digest import record_digest
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun, RunRows
from tallystick.engine.sources import Given
from tallystick.engine.sql import quote_name
from tallystick.engine.sql_wide import OF_PEOPLE
from tallystick.engine.staging import staging
from tallystick.engine.taking import Taken, find_inputs, take_in_given
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.translation import Translation

MAX_REJECTED = Decimal("0.01")
"""Unless said otherwise, a run ends when more than this share of an input's rows cannot be read."""


def score(  # noqa: PLR0913  one parameter for each thing that a run depends on
    rulebook: Rulebook,
    records: Given = None,
    subjects: Given = None,
    *,
    as_of: date,
    mapping: str | Path | Mapping | None = None,
    pauses: Given = None,
    corrections: Given = None,
    statements: Given = None,
    out: str | Path | None = None,
    keep_records: bool = True,
    max_rejected: Decimal = MAX_REJECTED,
    previous: str | Path | None = None,
    digest_records: bool = False,
    computed_at: datetime | None = None,
    translations: Sequence[Translation] = (),
    threads: int | None = None,
    memory: str | None = None,
    progress: Progress | None = None,
) -> FinishedRun:
    """Score everybody.

    ``records`` and ``subjects``: a path, a folder, ``-`` for stdin, an Arrow table, a pandas or polars frame, or a list
    of such. ``mapping``: the file that maps their names, or a ``Mapping``. ``pauses``: when people were away, likewise;
    only for a rulebook that says ``except pauses``. ``corrections``: which records are struck out or replaced, and why;
    ``statements``: what people say of their scores, which changes no number. ``out``: the folder to write the run into;
    ``keep_records``: with the rows read. ``previous``: the run before this one, whose seal the receipt then holds, so
    that runs chain. ``digest_records`` adds the digest of each day's records to the receipt.
    ``computed_at`` is now unless given, and stands in the receipt alone. ``translations`` are the rulebook's words in
    other languages, which the run keeps: no number depends on them. ``memory``: of the database, such as ``4GB``.
    Raises ``UsageRefusal`` where the arguments do not fit, ``DataRefusal`` where the data cannot be used.
    """
    import duckdb  # noqa: PLC0415

    told: Progress = progress if progress is not None else _silent
    earlier = None if previous is None else seal_before(Path(previous), None if out is None else Path(out))
    _refuse_before_effective(rulebook, as_of)
    rulebook = on_day(rulebook, as_of)
    given = find_inputs(
        rulebook, records, subjects, mapping, pauses=pauses, corrections=corrections, statements=statements
    )
    with nullcontext() if out is None else staging(Path(out)) as made:
        folder = None if made is None else made.folder
        workshop = open_workshop(reads=given.parquet, out=folder, threads=threads, memory=memory)
        try:
            taken = take_in_given(workshop, rulebook, given, max_rejected, told)
            told("scoring", 0)
            files = {} if folder is None else ledger_copies(folder)
            beside = Beside(
                early=tuple(copy for table, copy in files.items() if table in OF_PEOPLE),
                late=(
                    digest_query(rulebook),
                    *(copy for table, copy in files.items() if table not in OF_PEOPLE),
                    *(() if rulebook.records is None else (LET_GO,)),
                ),
            )
            ledger = run_ledger(
                workshop.connection,
                rulebook,
                _select(taken.records),
                _select(taken.subjects),
                as_of,
                pauses=_select(taken.pauses),
                voided=taken.voided,
                beside=beside,
                progress=told,
            )
            acts = acts_of(workshop, rulebook, taken)
            making = _Making(rulebook, as_of, mapping, given.mapping, taken, workshop, ledger)
            run = FinishedRun(
                rulebook=rulebook,
                as_of=as_of,
                receipt=making.receipt(computed_at or datetime.now(UTC), with_records=digest_records, previous=earlier),
                notices=(
                    *given.notices,
                    *taken.notices,
                    *_rejections(workshop, taken),
                    *pause_notices(workshop.connection, rulebook, taken.pauses),
                ),
                tables=LedgerTables(workshop.connection, rulebook),
                workshop=workshop,
                rejected=lambda: taken.rejected(workshop),
                evidence_of=ledger.evidence,
                evidence_of_many=ledger.evidence.of_many,
                rows=lambda: RunRows(
                    workshop.connection,
                    _select(taken.records),
                    _select(taken.subjects),
                    _select(taken.pauses),
                    taken.voided,
                ),
                pauses_of=ledger.evidence.pauses,
                corrections_of=acts.corrections,
                statements_of=acts.statements,
                translations_of=lambda: tuple(translations),
            )
            if made is not None:
                told("writing the run", 0)
                kept = (making.records_with_fates(), _select(taken.subjects)) if keep_records else (None, None)
                receipt = write_run(
                    made.folder, run, records=kept[0], subjects=kept[1], pauses=_select(taken.pauses), acts=acts.kept
                )
                run = replace(run, receipt=receipt)
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            workshop.close()
            message = f"the run needs more memory or more room on the disk: {str(error).splitlines()[0]}"
            raise DataRefusal(message) from error
        except BaseException:
            workshop.close()
            raise
    return run


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _silent(_doing: str, _rows: int) -> None:
    """Tell nobody."""


def _refuse_before_effective(rulebook: Rulebook, as_of: date) -> None:
    if rulebook.effective is not None and as_of < rulebook.effective:
        message = f"the rulebook is effective from {rulebook.effective}, and {as_of} is before that"
        raise UsageRefusal(message, help=f"score as of {rulebook.effective} or later, or by an earlier rulebook")


def _rejections(workshop: Workshop, taken: Taken) -> tuple[str, ...]:
    """Say why rows were rejected, of which there are fewer than would have ended the run."""
    return tuple(
        f"rejected {each.relation.role}: {reason}"
        for each in taken.all
        if each.rejected > 0
        for reason in commonest_reasons(workshop, each)
    )


def _select(taken: TakenIn | None) -> str | None:
    return None if taken is None else taken.relation.select


@dataclass(frozen=True, slots=True)
class _Making:
    """All that a run is made of, for its receipt and its folder."""

    rulebook: Rulebook
    as_of: date
    mapping_given: str | Path | Mapping | None
    mapping: Mapping
    taken: Taken
    workshop: Workshop
    ledger: Ledger

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

    def receipt(self, computed_at: datetime, *, with_records: bool, previous: str | None) -> Receipt:
        """Write the receipt."""
        import duckdb  # noqa: PLC0415

        book, records = self.rulebook, self.taken.records
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
            engine=EngineReceipt(name="tallystick", version=__version__, duckdb=duckdb.__version__),
            counts=self._counts(),
            ledger_digest=digest_told(self.workshop.connection, self.rulebook, self.ledger.told[0]),
            previous=previous,
            record_digest=record_digest(self.workshop.connection, self.taken.read or records.relation)
            if with_records and records is not None
            else None,
            computed_at=computed_at,
        )

    def _mapping(self) -> MappingReceipt | None:
        if self.mapping_given is None:
            return None
        name = "<mapping>" if isinstance(self.mapping_given, Mapping) else str(self.mapping_given)
        return MappingReceipt(name=name, sha256=self.mapping.sha256)

    def _counts(self) -> CountsReceipt:
        records, subjects, pauses = self.taken.records, self.taken.subjects, self.taken.pauses
        return CountsReceipt(
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
