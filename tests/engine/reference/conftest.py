"""Takes a rulebook's text and records as a table; gives the ledger of them, by the reference and by the fast engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from generators.cells import cells_of
from ledgers.in_duckdb import DuckRun, in_duckdb

from tallystick.engine.corrections import Correction
from tallystick.engine.intake.reading import read_rows, record_fields, subject_fields
from tallystick.engine.pauses import Pause
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.rules import read
from tallystick.rules.diagnostics import has_errors
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source

Refer = Callable[..., ReferenceRun | DuckRun]


def rulebook_of(text: str) -> Rulebook:
    """Check a rulebook that has no mistakes."""
    rulebook, diagnostics = read(Source("case.tally", text))
    assert not has_errors(diagnostics), [(d.name, d.message, d.source.place(d.primary.span.start)) for d in diagnostics]
    assert rulebook is not None
    return rulebook


def pause_of(line: str) -> Pause:
    """Take a line apart: who was away, from when, until when; `-`: still."""
    subject, first, last = line.split()
    return Pause(subject, date.fromisoformat(first), None if last == "-" else date.fromisoformat(last))


@pytest.fixture
def check() -> Callable[[str], Rulebook]:
    """Give what checks a rulebook without mistakes."""
    return rulebook_of


@pytest.fixture(params=["reference", "duckdb"])
def run(request: pytest.FixtureRequest) -> Iterator[Refer]:
    """Give what scores a table of records, all of whose rows can be read, by a rulebook's text."""
    done: list[DuckRun] = []

    def score(
        text: str,
        records: str = "",
        subjects: str = "",
        as_of: str = "2026-03-01",
        pauses: str = "",
        corrections: tuple[Correction, ...] = (),
    ) -> ReferenceRun | DuckRun:
        rulebook = rulebook_of(text)
        tables = []
        for table, fields, key in (
            (records, record_fields(rulebook), "id"),
            (subjects, subject_fields(rulebook), "subject"),
        ):
            heading, rows = cells_of(table) if table else ([], [])
            found = read_rows(fields, heading, rows, key)  # type: ignore[arg-type]
            assert not found.rejected, found.rejected
            tables.append(found.rows)
        day = date.fromisoformat(as_of)
        away = tuple(map(pause_of, pauses.strip().splitlines()))
        if request.param == "reference":
            return refer(rulebook, tables[0], tables[1], day, away, corrections)
        done.append(in_duckdb(rulebook, tables[0], tables[1], day, away, corrections))
        return done[-1]

    yield score
    for each in done:
        each.close()
