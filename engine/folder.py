"""Takes the folder of a run; gives the run, with all that it can be asked."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from msgspec.structs import replace

from tallystick.engine.acts import ACTS, KINDS, acts_in, are_acts
from tallystick.engine.arguments import refuse_no_places
from tallystick.engine.by_field.parts import LedgerParts, in_parts
from tallystick.engine.by_field.rows import RecordsByValue
from tallystick.engine.folder_rows import FolderRows, check_file, kept_pauses, show_kept
from tallystick.engine.folder_writing import PAUSES, REJECTED, RULEBOOK, content_of, language_of, opened, read_receipt
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.sources import Given
from tallystick.engine.ledger import RunCounts
from tallystick.engine.ledger_columns import check_ledger
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.pauses import show_pauses, stretches_in
from tallystick.engine.query.wide import WIDE, wide_name
from tallystick.engine.receipt import Receipt
from tallystick.engine.refusals import DataRefusal, Refusal
from tallystick.engine.run import FinishedRun, RejectedRow
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.epochs import in_each, on_day
from tallystick.rules.load import read
from tallystick.rules.read_translation import read_translation
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.translation import Translation


def open_run(
    path: str | Path,
    *,
    records: Given = None,
    subjects: Given = None,
    mapping: str | Path | Mapping | None = None,
    master: str | None = None,
) -> FinishedRun:
    """Open a run's folder; raises a refusal when it is none, or damaged.

    What is asked of single records needs them: a run that was written without takes ``records`` (with the ``subjects``
    and the ``mapping`` that it was made with) from here, and refuses them if they are not the same files. Of a table,
    the records that have to do with one person come here, and are refused if they do not give that person's ledger;
    ``master``: where Spark runs, if it is to read them.
    """
    import duckdb  # noqa: PLC0415

    refuse_no_places({"path": path, "mapping": mapping})
    folder = Path(path)
    receipt = read_receipt(folder)
    rulebook = on_day(_rulebook(folder, receipt), receipt.as_of)
    kept = [*(f"{table}.parquet" for table in WIDE), PAUSES, *ACTS.values()]
    workshop = open_workshop(reads=[folder / name for name in kept])
    try:
        check_file(folder, receipt, REJECTED)
        for table in WIDE:
            check_file(folder, receipt, f"{table}.parquet")
        if rulebook.score.by is None:
            for table in WIDE:
                show_kept(workshop, folder, wide_name(table), f"{table}.parquet")
            check_ledger(workshop.connection, rulebook)
        tables = LedgerTables(workshop.connection, rulebook)
        show_pauses(workshop.connection, kept_pauses(workshop, folder, receipt))
        acts = acts_in(workshop.connection, rulebook, _kept_acts(workshop, folder, rulebook, receipt))
    except (duckdb.Error, OSError) as error:
        workshop.close()
        message = f"the run `{folder}` is damaged: {str(error).splitlines()[0]}"
        raise DataRefusal(message) from error
    except Refusal:
        workshop.close()
        raise
    asking = FolderRows(folder, rulebook, receipt, records, subjects, mapping, master)
    run = FinishedRun(
        rulebook=rulebook,
        as_of=receipt.as_of,
        receipt_of=lambda: receipt,
        counts_of=lambda: RunCounts(**receipt.counts.model_dump()),
        notices=(),
        tables=tables,
        workshop=workshop,
        rejected=lambda: _rejected(folder, receipt),
        evidence_of=asking.evidence,
        evidence_of_many=asking.evidence_of_many,
        rows=asking.rows,
        near=asking.near,
        pauses_of=lambda name: stretches_in(workshop.connection, name, receipt.as_of),
        attributes_of=asking.attributes,
        corrections_of=acts.corrections,
        statements_of=acts.statements,
        translations_of=lambda: _translations(folder, rulebook, receipt),
    )
    if rulebook.score.by is not None:
        near = asking.near if asking.elsewhere else None
        of_values = RecordsByValue(rulebook, receipt.as_of, asking.rows, near)
        run = in_parts(run, LedgerParts(rulebook, folder, of_values))
    if asking.elsewhere:
        asking.run = run
    return run


def _rulebook(folder: Path, receipt: Receipt) -> Rulebook:
    path = folder / RULEBOOK
    try:
        text = content_of(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        message = f"`{path}` cannot be read"
        raise DataRefusal(message) from error
    if hashlib.sha256(text.encode()).hexdigest() != receipt.rulebook.sha256:
        message = f"`{path}` is not the rulebook that the run was made with"
        raise DataRefusal(message, help="fetch the run's folder again, or score again")
    rulebook, _ = read(Source(str(path), text))
    if rulebook is None:
        message = f"`{path}` is not read as a rulebook by this version"
        raise DataRefusal(message, help="score again, or open the run with the version that made it")
    return in_each(rulebook, lambda each: replace(each, text=text))  # another version may write it otherwise


def _translations(folder: Path, rulebook: Rulebook, receipt: Receipt) -> tuple[Translation, ...]:
    """Return the rulebook's words in every other language that the run has kept them in."""
    found: list[Translation] = []
    for file in receipt.files:
        language = language_of(file.name)
        if language is None:
            continue
        check_file(folder, receipt, file.name)
        path = folder / file.name
        translation, mistakes = read_translation(str(path), content_of(path), language, rulebook)
        if translation is None:
            message = f"`{path}` does not fit the rulebook of its run: {mistakes[0].message}"
            raise DataRefusal(message, help="score again, or open the run with the version that made it")
        found.append(translation)
    return tuple(found)


def _kept_acts(workshop: Workshop, folder: Path, rulebook: Rulebook, receipt: Receipt) -> set[str]:
    """Show the corrections and statements that a run has kept under the names of their tables; return those names."""
    there = {table for table, file in ACTS.items() if any(each.name == file for each in receipt.files)}
    for table in sorted(there):
        check_file(folder, receipt, ACTS[table])
        show_kept(workshop, folder, table, ACTS[table], KINDS[table])
        if not are_acts(workshop.connection, rulebook, table):
            message = f"`{folder / ACTS[table]}` holds what is not one of the {table.split()[0]} of this rulebook"
            raise DataRefusal(message, help="score again")
    return there


def _rejected(folder: Path, receipt: Receipt) -> Iterator[RejectedRow]:
    """Give the rows of a run's list of rejected rows."""
    check_file(folder, receipt, REJECTED)
    path = folder / REJECTED
    try:
        with TextIOWrapper(opened(path), encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows, None)
            for name, line, field, reason, value in rows:
                yield RejectedRow(name, int(line), field, reason, value)
    except (OSError, ValueError, csv.Error) as error:
        message = f"`{path}` is damaged"
        raise DataRefusal(message) from error
