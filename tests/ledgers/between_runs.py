"""Takes cases and rulebooks; gives runs of them as a user would have them, for tests that compare two."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from generators.rows import Table
from generators.rulebooks import Case

from tallystick.engine.run import FinishedRun
from tallystick.engine.scoring import score
from tallystick.rules.rulebook import Rulebook

RULES = """
rulebook "Small" version 1.0.0
    owner "Us"

records
    id      text
    subject text
    actor   text optional
    kind    one of post, like
    at      date
    worth   whole number 0 to 9 optional

subjects
    level whole number 0 to 100

require enough "a post"
    when posts >= 1
    otherwise insufficient data "No post."

exclude own "your own likes"
    when actor is not missing and actor = subject and kind = like

measure posts "post" / "posts"
    count post

measure fresh "fresh post" / "fresh posts"
    count post
    within 10 days

measure likes "like" / "likes"
    count like

rule writing "You write"
    points 10 * fresh
    at most 25
    because "Writing counts."

rule liked "You are liked"
    points likes
    because "Being liked counts."

rule levels "Your level"
    points level
    because "Levels count."

score "Small"
    sum of all rules
    at most 100
    rounded to 0 places
"""
FIRST = """
id subject actor kind at         worth
1  ada     ada   post 2026-03-01 -
2  ada     bob   like 2026-03-01 -
3  ada     cem   like 2026-03-01 -
"""
PEOPLE = """
subject level
ada     5
"""


def run_of_case(case: Case, folder: Path, label: str) -> FinishedRun:
    """Score a case from files."""
    pauses: Path | None = None
    if case.pauses:
        pauses = folder / f"{label} pauses.jsonl"
        pauses.write_text(
            "".join(
                json.dumps({"subject": each.subject, "from": str(each.first), "to": each.last and str(each.last)})
                + "\n"
                for each in case.pauses
            )
        )
    return score(
        case.rulebook,
        None if case.records is None else _written(case.records, folder / f"{label} records.jsonl"),
        None if case.subjects is None else _written(case.subjects, folder / f"{label} subjects.jsonl"),
        as_of=case.as_of,
        pauses=pauses,
        max_rejected=Decimal(1),
    )


def run_of_texts(
    rulebook: Rulebook,
    folder: Path,
    as_of: str,
    records: str,
    subjects: str | None = None,
    corrections: str | None = None,
) -> FinishedRun:
    """Score rows as they are written: a heading, then lines, with blanks between the cells and ``-`` for a missing
    one."""
    label = len(list(folder.iterdir()))
    return score(
        rulebook,
        _csv(records, folder / f"{label} records.csv"),
        None if subjects is None else _csv(subjects, folder / f"{label} subjects.csv"),
        as_of=date.fromisoformat(as_of),
        corrections=None if corrections is None else _csv(corrections, folder / f"{label} corrections.csv"),
    )


def _csv(rows: str, path: Path) -> Path:
    lines = [",".join("" if cell == "-" else cell for cell in line.split()) for line in rows.strip().splitlines()]
    path.write_text("\n".join(lines) + "\n")
    return path


def _written(table: Table, path: Path) -> Path:
    rows = (
        {name: cell for name, cell in zip(table.columns, row, strict=True) if cell is not None} for row in table.rows
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
