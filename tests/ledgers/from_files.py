"""Takes a made-up case; writes its records, subjects, pauses and corrections as files, and scores those."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from generators.rulebooks import Case

from tallystick.engine import score
from tallystick.engine.corrections import value_columns
from tallystick.engine.intake.reading import written
from tallystick.engine.run import FinishedRun


def scored_from_files(case: Case, here: Path, out: Path | None = None) -> FinishedRun:
    """Score a case and its corrections by way of CSV files in a folder; no number of rejected rows ends the run."""
    for name, table in (("records", case.records), ("subjects", case.subjects)):
        if table is not None:
            write_rows(here / f"{name}.csv", [table.columns, *table.rows])
    pauses = [("subject", "from", "to"), *((p.subject, str(p.first), str(p.last or "")) for p in case.pauses)]
    write_rows(here / "pauses.csv", pauses)
    return score(
        case.rulebook,
        None if case.records is None else here / "records.csv",
        None if case.subjects is None else here / "subjects.csv",
        as_of=case.as_of,
        out=out,
        pauses=here / "pauses.csv" if case.pauses else None,
        max_rejected=Decimal(1),
        corrections=corrections_file(here, case),
    )


def corrections_file(folder: Path, case: Case) -> Path | None:
    """Write a case's corrections; None where there are none."""
    columns = value_columns(case.rulebook)
    rows: list[Sequence[str | None]] = [("record", "action", "reason", "who", "when", *(name for name, _ in columns))]
    for each in case.corrections:
        values = dict(each.values)
        cells = [new_value(written(values[f.name])) if f.name in values else "" for _, f in columns]
        rows.append((written(each.record), each.action, "because", "somebody", "2026-01-01", *cells))
    write_rows(folder / "corrections.csv", rows)
    return folder / "corrections.csv" if case.corrections else None


def write_rows(path: Path, rows: Sequence[Sequence[str | None]]) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def new_value(text: str | None) -> str:
    """Write a new value: `-` says that a field is missing now, so that a dash itself stands in quotes."""
    return "-" if text is None else '"-"' if text == "-" else text
