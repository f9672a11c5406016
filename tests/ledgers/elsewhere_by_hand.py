"""Takes nothing; gives records with pauses, a private field and corrections, their scores worked out by hand, and what
an explanation says of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tallystick.engine.folder import open_run
from tallystick.engine.query.sql import quote_text
from tallystick.engine.refusals import DataRefusal, RowsNotKept
from tallystick.explain import explain
from tallystick.explain.document import Explanation

DAY = date(2026, 3, 31)
RULES = """rulebook "Rated" version 1.0.0
    owner "Us"
records
    id      text
    subject text
    actor   text
    kind    one of rating
    at      date
    stars   whole number 1 to 5 private
measure praise "star" / "stars"
    sum stars of rating
    halving every 30 days except pauses
rule praise "Stars"
    points praise
    because "They count."
score "Rated"
    sum of all rules
"""
COLUMNS = {"id": "integer", "subject": "text", "actor": "text", "kind": "text", "at": "date", "stars": "integer"}
ROWS = (
    (1, "ada", "cy", "rating", "2026-01-30", 4),
    (2, "ada", "dee", "rating", "2026-03-31", 5),
    (3, "ada", "bo", "rating", "2026-03-31", 3),
    (4, "bo", "cy", "rating", "2026-01-30", 4),
    (5, "bo", "dee", "rating", "2026-03-31", 1),
)
PAUSES = "subject,from,to\nada,2026-02-01,2026-03-02\n"
CORRECTIONS = """record,action,reason,who,when,subject,stars
4,replace,Two were meant.,the team,2026-03-31,,2
5,replace,It was of Ada.,the team,2026-03-30,ada,
2,void,Never given.,the team,2026-03-30,,
1,replace,Two were meant.,the team,2026-03-31,,2
"""
SCORES = {"ada": Decimal(5), "bo": Decimal("0.5")}
"""Ada's rating 1 of 2 stars is 60 days old, of which she was away for 30: 1. Rating 3 of this day: 3. Rating 5, which
was Bo's: 1. Bo's rating 4 of 2 stars is 60 days old, and he was never away: 0.5."""
UNCORRECTED = {"ada": "10", "bo": "2"}
"""Ada's rating 1 was of 4 stars: 2; rating 2: 5; rating 3: 3. Bo's rating 4 was of 4 stars: 1; rating 5: 1."""


def records_file(to: Path) -> Path:
    """Write the records, as CSV or Parquet."""
    typed = ", ".join(f"CAST(c{place} AS {kind}) AS {name}" for place, (name, kind) in enumerate(COLUMNS.items()))
    rows, names = ", ".join(map(str, ROWS)), ", ".join(f"c{place}" for place in range(len(COLUMNS)))
    duckdb.sql(f"COPY (SELECT {typed} FROM (VALUES {rows}) AS r ({names})) TO {quote_text(str(to))}")  # noqa: S608  ours
    return to


def files(here: Path) -> tuple[Path, Path, Path]:
    """Write the rulebook, the pauses and the corrections."""
    made = here / "rated.tally", here / "pauses.csv", here / "corrections.csv"
    for path, text in zip(made, (RULES, PAUSES, CORRECTIONS), strict=True):
        path.write_text(text, encoding="utf-8")
    return made


def explained(folder: Path, name: str, records: str | None = None, master: str | None = None) -> Explanation:
    """Explain a person's score with evidence; ``records``: where they lie, if not in the run's folder."""
    run = open_run(folder, records=records, master=master)
    try:
        return explain(run, name, evidence=True, computed_at=datetime(2026, 4, 1, tzinfo=UTC))
    finally:
        run.close()


def told_alike(here: Path, there: Path, table: str, master: str | None = None) -> None:
    """Hold what is told of records in a table against what is told of them in a file, and both against the hand."""
    for name, score in SCORES.items():
        kept, brought = explained(here, name), explained(there, name, table, master)
        assert kept.score == brought.score == str(score)
        assert kept.uncorrected is not None
        assert kept.uncorrected == brought.uncorrected
        assert kept.uncorrected.score == UNCORRECTED[name]
        assert kept.records == brought.records
        assert kept.records
        # What was read is called otherwise, and a table has no digest; nothing else is told otherwise.
        same = kept.model_copy(update={"data": brought.data, "receipt": brought.receipt})
        assert same == brought
        assert same.text() == brought.text()
    with pytest.raises(RowsNotKept, match="has not kept its records"):
        explained(there, "ada")


def changed(there: Path, table: str, master: str | None = None) -> None:
    """Ask for Bo's evidence where there is a record of his that there was not: it is not told."""
    with pytest.raises(DataRefusal, match="do not give the score of the run"):
        explained(there, "bo", table, master)
