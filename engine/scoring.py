"""Takes a checked rulebook and what it reads; gives a run: everybody's ledger, the receipt and the rows rejected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from shutil import copytree

from msgspec.structs import replace

from tallystick.engine.acts import acts_of
from tallystick.engine.arguments import refuse_unfit
from tallystick.engine.by_field.parts import LedgerParts, in_parts
from tallystick.engine.by_field.rows import RecordsByValue
from tallystick.engine.by_field.scoring import ScoredParts, score_parts
from tallystick.engine.digest import digest_of_people, digest_query
from tallystick.engine.duckdb import Beside, run_ledger
from tallystick.engine.elsewhere.engines import EngineName, store_of
from tallystick.engine.elsewhere.part import rows_not_here
from tallystick.engine.folder_writing import ledger_copies, write_run
from tallystick.engine.intake.earlier import is_damage
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.native import damaged_later
from tallystick.engine.intake.pauses import pause_notices
from tallystick.engine.intake.rows import commonest_reasons
from tallystick.engine.intake.sources import Given
from tallystick.engine.intake.table import Progress
from tallystick.engine.intake.taking import GivenInputs, Taken, find_inputs, take_in_given
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.making import Making
from tallystick.engine.memory import checked_limit
from tallystick.engine.query.wide import OF_PEOPLE
from tallystick.engine.refusals import DataRefusal, Refusal
from tallystick.engine.run import FinishedRun, RunRows
from tallystick.engine.staging import staging
from tallystick.engine.state.folder import AsItWas, Place, cannot_go_on, has_records, open_state, place_of, refused
from tallystick.engine.state.measures import KeptMeasures
from tallystick.engine.unwritten import unwritten, why_told
from tallystick.engine.verifying.chain import seal_before
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.translation import Translation

_STAYED = "the records stay where they lie: the run's folder holds none"
_BUT_CORRECTED = f"{_STAYED} but those that were corrected"
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
    refuse_unfit(
        rulebook,
        as_of,
        (max_rejected, threads, engine),
        (computed_at, translations, progress),
        {"out": out, "previous": previous, "mapping": mapping, "state": state},
    )
    told: Progress = progress if progress is not None else _silent
    memory = None if memory_limit is None else checked_limit(memory_limit)
    earlier = None if previous is None else seal_before(Path(previous), None if out is None else Path(out))
    rulebook = on_day(rulebook, as_of)
    given = find_inputs(
        rulebook,
        records,
        subjects,
        mapping,
        pauses=pauses,
        corrections=corrections,
        statements=statements,
        kept=has_records(state, needed=records is None and rulebook.records is not None),
    )
    now = datetime.now(UTC) if computed_at is None else computed_at
    with (
        store_of(engine, rulebook, given, state=state is not None, master=master) as store,
        nullcontext() if out is None else staging(Path(out)) as made,
        nullcontext() if state is None else place_of(state, out) as place,
    ):
        folder = None if made is None else made.folder
        workshop = open_workshop(
            reads=given.parquet,
            out=folder,
            state=None if place is None else place.folder,
            threads=threads,
            memory=memory,
            beside=None if made is None or memory is None else made.final,
        )
        measures: KeptMeasures | None = None
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
                early=(
                    *(() if folder is None else (digest_of_people(rulebook),)),
                    *(copy for table, copy in files.items() if table in OF_PEOPLE),
                ),
                late=(
                    *(() if folder is None else (digest_query(rulebook),)),
                    *(copy for table, copy in files.items() if table not in OF_PEOPLE),
                ),
            )
            rows = taken.rows(workshop.connection)
            rows_of: Callable[[], RunRows] = (lambda: rows) if there is None else rows_not_here
            parted = (
                None
                if rulebook.score.by is None
                else score_parts(workshop, rulebook, rows, as_of, told, elsewhere=there)
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
                    progress=told,
                )
            acts = acts_of(workshop, rulebook, taken)
            making = Making(
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
                near=lambda _name: rows_of(),
                pauses_of=ledger.evidence.pauses,
                attributes_of=ledger.evidence.attributes,
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
                kept = (making.records_with_fates(), rows.subjects) if keeps else (None, None)
                receipt = write_run(
                    made.folder, run, records=kept[0], subjects=kept[1], pauses=rows.pauses, acts=acts.kept
                )
                run = replace(run, receipt_of=lambda: receipt)
            if before is not None:
                before.keep(taken, takings, measures)
        except BaseException as error:
            with closing(workshop):
                refusal = _refusal(
                    error,
                    given,
                    place,
                    memory,
                    anew=partial(_anew, measures, rows, as_of) if measures is not None and measures.added else None,
                    folder=folder,
                )
            if refusal is None:
                raise
            raise refusal from error
    return run


def _anew(measures: KeptMeasures, rows: RunRows, as_of: date) -> None:
    """Work a ledger out again, without what a state has kept of its last work."""
    measures.leave()
    run_ledger(
        rows.connection,
        measures.plan.rulebook,
        rows.records,
        rows.subjects,
        as_of,
        pauses=rows.pauses,
        voided=rows.voided,
    )


def _refusal(
    error: BaseException,
    given: GivenInputs,
    place: Place | None,
    memory: str | None,
    *,
    anew: Callable[[], None] | None,
    folder: Path | None,
) -> Refusal | OSError | None:
    """Return the refusal for what the database cannot go on with; None where that is another's to tell, or a mistake
    of ours. ``anew``: works everything out without what a state has kept, where the run went on from that; ``folder``:
    where the run is being made, of which whoever keeps it says that it takes no more."""
    import duckdb  # noqa: PLC0415

    if isinstance(error, duckdb.InterruptException):
        return None
    if isinstance(error, duckdb.Error) and not isinstance(error, duckdb.OutOfMemoryException):
        later = damaged_later(error, given.parquet_inputs)
        if later is not None:
            return later
    if isinstance(error, duckdb.Error) and place is not None and is_damage(error):
        return refused(place.given, error)
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
        cause = unwritten(error)
        if cause is not None and folder is not None and Path(cause.filename).is_relative_to(folder):
            return cause
        why = why_told(error)
        if memory is None:
            return DataRefusal(f"the run needs more memory or more room on the disk: {why}")
        message = f"{memory} of memory, and the room on the disk, are too little for this run: {why}"
        return DataRefusal(message, help="allow it more, or make room where the run is written")
    if place is not None and anew is not None and isinstance(error, duckdb.Error | LookupError):
        try:
            anew()
        except (duckdb.Error, LookupError) as again:
            if type(again) is type(error):
                return None  # it goes wrong without what was kept, too
        return cannot_go_on(place.given, error)
    return None


def _silent(_doing: str, _rows: int) -> None:
    """Tell nobody."""


def _rejections(workshop: Workshop, taken: Taken) -> tuple[str, ...]:
    """Say why rows were rejected, of which there are fewer than would have ended the run."""
    return tuple(
        f"rejected {each.relation.role}: {reason}"
        for each in taken.all
        if each.rejected > 0
        for reason in commonest_reasons(workshop, each)
    )


def _in_parts(run: FinishedRun, parted: ScoredParts | None, rows: Callable[[], RunRows]) -> FinishedRun:
    """Return a run that can be asked for each value, where its score is by a field."""
    if parted is None:
        return run
    records = RecordsByValue(run.rulebook, run.as_of, rows)
    return in_parts(run, LedgerParts(run.rulebook, parted.folder, records))
