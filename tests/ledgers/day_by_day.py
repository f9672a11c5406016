"""Takes a made-up case and a chance; gives its records and corrections as files, in days, to be taken in one after
another or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from generators.rulebooks import Case
from ledgers.from_files import new_value, write_rows

from tallystick.engine import score
from tallystick.engine.corrections import value_columns
from tallystick.engine.intake.reading import written
from tallystick.engine.run import FinishedRun

ANYTHING = Decimal(1)
"""No number of rows that cannot be read ends a run."""


@dataclass(frozen=True)
class Day:
    """What is taken in at one time, and the day that is scored then."""

    records: tuple[Path, ...]
    corrections: Path | None
    as_of: date


@dataclass(frozen=True)
class Days:
    """A case in days. ``subjects`` and ``pauses`` are given each time."""

    case: Case
    days: tuple[Day, ...]
    subjects: Path | None
    pauses: Path | None

    def scored(self, day: Day, state: Path, out: Path | None = None) -> FinishedRun:
        """Take a day in, and score all that was taken in so far."""
        return self._score(day.records or None, day.corrections, day.as_of, out, state)

    def at_once(self, until: int) -> FinishedRun:
        """Score all that was taken in up to a day as if it were one."""
        given = self.days[: until + 1]
        corrections = [each.corrections for each in given if each.corrections is not None]
        records = [path for each in given for path in each.records]
        return self._score(records, corrections or None, given[-1].as_of, None, None)

    def _score(
        self,
        records: Sequence[Path] | None,
        corrections: object,
        as_of: date,
        out: Path | None,
        state: Path | None,
    ) -> FinishedRun:
        return score(
            self.case.rulebook,
            records,
            self.subjects,
            as_of=as_of,
            pauses=self.pauses,
            corrections=corrections,
            max_rejected=ANYTHING,
            out=out,
            state=state,
        )


def in_days(case: Case, here: Path, chance: Random, *, steady: bool) -> Days:
    """Put a case's records into days in any order, whatever their own days are; a correction comes when its record is
    there, or later.

    ``steady``: no corrections, and days to score in order, none of them before a record: what a state goes on from.
    """
    table = case.records
    assert table is not None
    rows = list(table.rows)
    chance.shuffle(rows)
    number = chance.randint(2, 3)
    of_day: list[list[Sequence[str | None]]] = [[] for _ in range(number)]
    for row in rows:
        of_day[chance.randrange(number)].append(row)
    key = table.names.index("id") if "id" in table.names else None
    fixes: list[list[Sequence[str | None]]] = [[] for _ in range(number)]
    columns = value_columns(case.rulebook)
    head = ("record", "action", "reason", "who", "when", *(name for name, _ in columns))
    for each in () if steady else case.corrections:
        assert key is not None
        there = next(day for day in range(number) if any(_is(row[key], each.record) for row in of_day[day]))
        values = dict(each.values)
        cells = [new_value(written(values[f.name])) if f.name in values else "" for _, f in columns]
        what = (written(each.record), each.action, "because", "somebody", "2026-01-01", *cells)
        fixes[chance.randrange(there, number)].append(what)
    days: list[Day] = []
    for day in range(number):
        path, other = here / f"records {day}.csv", here / f"corrections {day}.csv"
        # A column that nobody reads keeps two days with the same rows from being one file taken in twice.
        marked = [(*row, f"day {day}") for row in of_day[day]]
        write_rows(path, [(*table.columns, "which file is this"), *marked])
        if fixes[day]:
            write_rows(other, [head, *fixes[day]])
        as_of = case.as_of if day == number - 1 else case.as_of + timedelta(chance.randint(-40, 40))
        if steady:
            before = days[-1].as_of if days else _last_day(case)
            as_of = before + timedelta(chance.choice((0, 0, 1, 1, 7, 30, 90)))
        days.append(Day((path,), other if fixes[day] else None, as_of))
    if chance.random() < 0.5:  # nothing new, as of an earlier day than the last
        days.append(Day((), None, case.as_of - timedelta(chance.randint(1, 30))))
    subjects = here / "subjects.csv"
    if case.subjects is not None:
        write_rows(subjects, [case.subjects.columns, *case.subjects.rows])
    pauses = here / "pauses.csv"
    write_rows(
        pauses, [("subject", "from", "to"), *((p.subject, str(p.first), str(p.last or "")) for p in case.pauses)]
    )
    return Days(case, tuple(days), subjects if case.subjects is not None else None, pauses if case.pauses else None)


def _last_day(case: Case) -> date:
    """Return the first day as of which every record of a case is there, by any clock."""
    moments = [cell for row in case.read_records.rows for cell in row if isinstance(cell, date)]
    days = [each.date() + timedelta(1) if isinstance(each, datetime) else each for each in moments]
    return min(max([case.as_of, *days]), date(9990, 1, 1))


def _is(cell: str | None, record: object) -> bool:
    """Whether a cell is a record's id: a number can be written in many ways."""
    if isinstance(record, Decimal):
        try:
            return cell is not None and Decimal(cell.strip()) == record
        except ArithmeticError:
            return False
    return cell == record
