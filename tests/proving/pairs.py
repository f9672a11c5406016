"""Takes a made-up case or a folder that keeps one; gives the pair of rulebook and records to be tried by both engines.

A pair is kept as two files: ``rulebook.tally``, and ``pair.json`` with the as-of day, the rows as cells of text, the
pauses and the corrections. Nothing in them depends on the generators, so a pair stays what it was when these change.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from generators.rows import Table
from generators.rulebooks import NOTHING, Case

from tallystick.engine.corrections import Correction
from tallystick.engine.intake.reading import Read, read_rows, record_fields, subject_fields
from tallystick.engine.pauses import Pause
from tallystick.rules import read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.value import Scalar

RULEBOOK, ROWS = "rulebook.tally", "pair.json"


@dataclass(frozen=True)
class Pair:
    """A valid rulebook's text, and all that is scored by it."""

    text: str
    as_of: date
    records: Table | None
    subjects: Table | None
    pauses: tuple[Pause, ...]
    corrections: tuple[Correction, ...]

    @cached_property
    def rulebook(self) -> Rulebook:
        """The checked rulebook."""
        rulebook, diagnostics = read(Source(RULEBOOK, self.text))
        if rulebook is None:
            raise ValueError(diagnostics)
        return rulebook

    @cached_property
    def read_records(self) -> Read:
        """The obvious reading of the records."""
        table = self.records
        return NOTHING if table is None else read_rows(record_fields(self.rulebook), table.names, table.rows, "id")

    @cached_property
    def read_subjects(self) -> Read:
        """The obvious reading of the subjects."""
        table = self.subjects
        return (
            NOTHING if table is None else read_rows(subject_fields(self.rulebook), table.names, table.rows, "subject")
        )


def pair_of(case: Case) -> Pair:
    """Return the pair that a case is."""
    return Pair(case.text, case.as_of, case.records, case.subjects, case.pauses, case.corrections)


def keep(pair: Pair, folder: Path, found: str) -> None:
    """Write a pair into a folder; ``found`` says what was found with it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RULEBOOK).write_text(pair.text, encoding="utf-8")
    document = {
        "found": found,
        "as of": pair.as_of.isoformat(),
        "records": _laid_out(pair.records),
        "subjects": _laid_out(pair.subjects),
        "pauses": [[p.subject, p.first.isoformat(), p.last and p.last.isoformat()] for p in pair.pauses],
        "corrections": [
            {
                "record": _cell(each.record),
                "action": each.action,
                "values": {name: _cell(value) for name, value in each.values},
            }
            for each in pair.corrections
        ],
    }
    (folder / ROWS).write_text(json.dumps(document, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")


def kept(folder: Path) -> Pair:
    """Return the pair that a folder keeps."""
    document = json.loads((folder / ROWS).read_text(encoding="utf-8"))
    return Pair(
        (folder / RULEBOOK).read_text(encoding="utf-8"),
        date.fromisoformat(document["as of"]),
        _table(document["records"]),
        _table(document["subjects"]),
        tuple(
            Pause(name, date.fromisoformat(first), None if last is None else date.fromisoformat(last))
            for name, first, last in document["pauses"]
        ),
        tuple(
            Correction(
                _needed(_value(each["record"])),
                each["action"],
                tuple((name, _value(cell)) for name, cell in each["values"].items()),
            )
            for each in document["corrections"]
        ),
    )


def _laid_out(table: Table | None) -> dict[str, object] | None:
    return None if table is None else {"columns": table.columns, "names": table.names, "rows": table.rows}


def _table(laid_out: dict[str, Any] | None) -> Table | None:
    if laid_out is None:
        return None
    return Table(tuple(laid_out["columns"]), tuple(laid_out["names"]), tuple(map(tuple, laid_out["rows"])))


def _cell(value: Scalar | None) -> list[str] | None:
    """Write a value with the name of its type."""
    match value:
        case None:
            return None
        case bool():
            return ["yes/no", "yes" if value else "no"]
        case datetime():
            return ["time", value.isoformat()]
        case date():
            return ["date", value.isoformat()]
        case Decimal():
            return ["number", str(value)]
        case _:
            return ["text", str(value)]


def _value(cell: list[str] | None) -> Scalar | None:
    if cell is None:
        return None
    kind, text = cell
    match kind:
        case "yes/no":
            return text == "yes"
        case "time":
            return datetime.fromisoformat(text)
        case "date":
            return date.fromisoformat(text)
        case "number":
            return Decimal(text)
        case _:
            return text


def _needed(value: Scalar | None) -> Scalar:
    assert value is not None
    return value
