"""Takes a checked rulebook and what it reads; gives a run: everybody's ledger, the receipt and the rows rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict, replace

from tallystick import __version__
from tallystick.engine.acts import acts_of
from tallystick.engine.by_field.parts import LedgerParts, in_parts
from tallystick.engine.by_field.rows import RecordsByValue
from tallystick.engine.by_field.scoring import ScoredParts, score_parts
from tallystick.engine.digest import digest_query, digest_told, ledger_digest
from tallystick.engine.duckdb import Beside, Ledger, run_ledger
from tallystick.engine.elsewhere.engines import EngineName, store_of
from tallystick.engine.elsewhere.part import rows_not_here
from tallystick.engine.folder_writing import EXCLUSION, FATE, ledger_copies, write_run
from tallystick.engine.intake.earlier import is_damage
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.pauses import pause_notices, unknown_pauses
from tallystick.engine.intake.rows import TakenIn, commonest_reasons
from tallystick.engine.intake.sources import Given
from tallystick.engine.intake.table import Progress
from tallystick.engine.intake.taking import Taken, find_inputs, take_in_given
from tallystick.engine.ledger import RunCounts
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.memory import checked_limit
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.wide import OF_PEOPLE
from tallystick.engine.record_digest import record_digest
from tallystick.engine.refusals import DataRefusal, Refusal, UsageRefusal
from tallystick.engine.run import FinishedRun, RunRows
from tallystick.engine.staging import staging
from tallystick.engine.state.folder import AsItWas, Place, has_records, open_state, place_of, refused
from tallystick.engine.verifying.chain import seal_before
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.translation import Translation

if TYPE_CHECKING:
    from tallystick.engine.receipt import MappingReceipt, Receipt, TakingReceipt

_STAYED = "the records stay where they lie: the run's folder holds none"
_BUT_CORRECTED = f"{_STAYED} but those that were corrected"
_MANY = 5_000_000
"""A table of more records takes more than 130 MB, and no less time than handing them on."""
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
    state: str | Path | AsItWas | None = None,
    engine: EngineName = "duckdb",
    master: str | None = None,
    threads: int | None = None,
    memory_limit: str | None = None,
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
    other languages, which the run keeps: no number depends on them. ``state``: the folder that keeps records and
    corrections between runs; those given now are added to it, and the run is that of all. ``engine``: what reads the
    records; all but ``duckdb`` leave them where they lie. ``master``: where Spark runs, unless on this machine.
    ``memory_limit``: of the database, such as ``4GB``; what is more waits on the disk, beside ``out`` if that is given.
    Raises ``UsageRefusal`` where the arguments do not fit, ``DataRefusal`` where the data cannot be used.
    """
    told: Progress = progress if progress is not None else _silent
    memory = None if memory_limit is None else checked_limit(memory_limit)
    earlier = None if previous is None else seal_before(Path(previous), None if out is None else Path(out))
    _refuse_before_effective(rulebook, as_of)
    rulebook = on_day(rulebook, as_of)
    given = find_inputs(
        rulebook,
        records,
        subjects,
        mapping,
        pauses=pauses,
        corrections=corrections,
        statements=statements,
        kept=has_records(state),
    )
    now = computed_at or datetime.now(UTC)
    with (
        store_of(
            engine, rulebook, given, digest_records=digest_records, state=state is not None, master=master
        ) as store,
        nullcontext() if out is None else staging(Path(out)) as made,
        nullcontext() if state is None else place_of(state, out) as place,
    ):
        folder = None if made is None else made.folder
        kept_in = None if place is None else place.folder
        workshop = open_workshop(
            reads=given.parquet,
            out=folder,
            state=kept_in,
            threads=threads,
            memory=memory,
            beside=None if made is None or memory is None else made.final,
        )
        try:
            before = None if place is None else open_state(workshop.connection, place, rulebook, given.mapping)
            if before is not None:
                given = before.unseen(given)
            taken = take_in_given(
                workshop, rulebook, given, max_rejected, told, None if before is None else before.rows, store
            )
            there = taken.elsewhere
            takings = () if before is None else before.takings_with(taken, now, max_rejected)
            told("scoring", 0)
            # By a field, each value is scored from all of its records: nothing of it is kept from the day before.
            measures = None if before is None or rulebook.score.by is not None else before.measures(rulebook, taken)
            files = {} if folder is None else ledger_copies(folder)
            beside = Beside(
                early=tuple(copy for table, copy in files.items() if table in OF_PEOPLE),
                late=(
                    *(() if folder is None else (digest_query(rulebook),)),
                    *(copy for table, copy in files.items() if table not in OF_PEOPLE),
                ),
            )
            rows = _rows(workshop, taken)
            rows_of = (lambda: rows) if there is None else rows_not_here
            parted = (
                None
                if rulebook.score.by is None
                else score_parts(
                    workshop, rulebook, rows, as_of, told, elsewhere=there, sparing=_is_sparing(memory, taken)
                )
            )
            if parted is not None:
                ledger = parted.ledger
            else:
                ledger = run_ledger(
                    workshop.connection,
                    rulebook,
                    rows.records,
                    rows.subjects,
                    as_of,
                    pauses=rows.pauses,
                    voided=rows.voided,
                    beside=beside,
                    keeping=measures,
                    elsewhere=there,
                    sparing=_is_sparing(memory, taken),
                    progress=told,
                )
            acts = acts_of(workshop, rulebook, taken)
            making = _Making(
                rulebook, as_of, mapping, given.mapping, taken, workshop, ledger, parted, written=made is not None
            )
            run = FinishedRun(
                rulebook=rulebook,
                as_of=as_of,
                receipt_of=making.when_asked(now, with_records=digest_records, previous=earlier, takings=takings),
                counts_of=making.counts,
                notices=(
                    *given.notices,
                    *taken.notices,
                    *_rejections(workshop, taken),
                    *(
                        ()
                        if there is None or out is None
                        else (_STAYED if taken.corrections is None else _BUT_CORRECTED,)
                    ),
                    *pause_notices(workshop.connection, rulebook, taken.pauses),
                ),
                tables=LedgerTables(workshop.connection, rulebook),
                workshop=workshop,
                rejected=lambda: taken.rejected(workshop),
                evidence_of=ledger.evidence,
                evidence_of_many=ledger.evidence.of_many,
                rows=rows_of,
                pauses_of=ledger.evidence.pauses,
                corrections_of=acts.corrections,
                statements_of=acts.statements,
                translations_of=lambda: tuple(translations),
            )
            run = _in_parts(run, parted, rows_of)
            if made is not None:
                told("writing the run", 0)
                if parted is not None:
                    copytree(parted.folder, made.folder, dirs_exist_ok=True)
                keeps = keep_records and there is None
                kept = (making.records_with_fates(), _select(taken.subjects)) if keeps else (None, None)
                receipt = write_run(
                    made.folder, run, records=kept[0], subjects=kept[1], pauses=_select(taken.pauses), acts=acts.kept
                )
                run = replace(run, receipt_of=lambda: receipt)
            if before is not None:
                before.keep(taken, takings, measures)
        except BaseException as error:
            workshop.close()
            refusal = _refusal(error, place, memory)
            if refusal is None:
                raise
            raise refusal from error
    return run


def _refusal(error: BaseException, place: Place | None, memory: str | None) -> Refusal | None:
    """Return the refusal for what the database cannot go on with; None where that is another's to tell, or a mistake
    of ours."""
    import duckdb  # noqa: PLC0415

    if isinstance(error, duckdb.Error) and place is not None and is_damage(error):
        return refused(place.given, error)
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        why = str(error).splitlines()[0]
        if memory is None:
            return DataRefusal(f"the run needs more memory or more room on the disk: {why}")
        message = f"{memory} of memory, and the room on the disk, are too little for this run: {why}"
        return DataRefusal(message, help="allow it more, or make room where the run is written")
    return None


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_sparing(memory: str | None, taken: Taken) -> bool:
    """Whether a run does without a table of its records, as far as the measures allow it."""
    return memory is not None or (taken.records is not None and taken.records.rows > _MANY)


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


def _in_parts(run: FinishedRun, parted: ScoredParts | None, rows: Callable[[], RunRows]) -> FinishedRun:
    """Return a run that can be asked for each value, where its score is by a field."""
    if parted is None:
        return run
    records = RecordsByValue(run.rulebook, run.as_of, rows)
    return in_parts(run, LedgerParts(run.rulebook, parted.folder, records))


def _rows(workshop: Workshop, taken: Taken) -> RunRows:
    """Return where the rows taken in lie; records that lie elsewhere are not among them."""
    of_records = taken.records if taken.elsewhere is None else None
    records, subjects, pauses = map(_select, (of_records, taken.subjects, taken.pauses))
    return RunRows(workshop.connection, records, subjects, pauses, taken.voided)


class _Making(Struct, frozen=True):
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
            engine=EngineReceipt(
                name="tallystick",
                version=__version__,
                duckdb=duckdb.__version__,
                elsewhere=None if self.taken.elsewhere is None else self.taken.elsewhere.title,
            ),
            counts=CountsReceipt(**asdict(self.counts())),
            ledger_digest=self._digest(),
            previous=previous,
            record_digest=record_digest(self.workshop.connection, self.taken.read or records.relation)
            if with_records and records is not None
            else None,
            computed_at=computed_at,
            takings=takings,
            by=None if self.parted is None else self.parted.told,
        )

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
