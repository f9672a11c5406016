"""Takes two ledgers of one person, or of everybody; gives the first cell in which they differ.

The tables are looked at in the order in which numbers come from each other, so that what is named is where a difference
begins and not where it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from tallystick.engine.arithmetic import text_of
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.verifying.verification import Difference

_Row: TypeAlias = Any  # a row of any table
_TABLES: tuple[tuple[str, tuple[str, ...], Callable[[SubjectLedger], Sequence[_Row]]], ...] = (
    ("inputs", ("attribute",), lambda ledger: ledger.inputs),
    ("accounts", ("fate", "name"), lambda ledger: ledger.accounts),
    ("steps", ("measure", "step", "name"), lambda ledger: ledger.steps),
    ("measures", ("measure",), lambda ledger: ledger.measures),
    ("lines", ("rule",), lambda ledger: ledger.lines),
    ("facets", ("facet",), lambda ledger: ledger.facets),
    ("adjustments", ("place", "name", "kind"), lambda ledger: ledger.adjustments),
    ("needs", ("band", "need"), lambda ledger: ledger.needs),
    ("scores", (), lambda ledger: (ledger.score,)),
)
"""Each table, what tells its rows of one person apart, and where they are."""


def first_difference(found: SubjectLedger, expected: SubjectLedger) -> Difference | None:
    """Return where one person's ledger is not what it should be; None where it is."""
    if found == expected:
        return None
    for table, key, rows in _TABLES:
        difference = _in_table(table, key, rows(found), rows(expected))
        if difference is not None:
            return difference
    message = "two ledgers differ, and no table does"
    raise AssertionError(message)


def first_of_all(found: Iterable[SubjectLedger], expected: Iterable[SubjectLedger]) -> Iterator[Difference | None]:
    """Go along two ledgers of everybody, each in the order of people; give None for each person of the same numbers,
    and the difference at the first of others, which ends it."""
    there, due = iter(found), iter(expected)
    while True:
        one, other = next(there, None), next(due, None)
        if one is None and other is None:
            return
        difference = _of_one(one, other)
        yield difference
        if difference is not None:
            return


def _of_one(found: SubjectLedger | None, expected: SubjectLedger | None) -> Difference | None:
    """Compare the next person of each; the one who comes first in the order of people is missing from the other."""
    if found is not None and expected is not None and found.score.subject == expected.score.subject:
        return first_difference(found, expected)
    if expected is None or (found is not None and found.score.subject < expected.score.subject):
        assert found is not None  # noqa: S101  not both are at their end
        return Difference(table="scores", subject=found.score.subject, found=found.score.outcome)
    return Difference(table="scores", subject=expected.score.subject, expected=expected.score.outcome)


def _in_table(table: str, key: tuple[str, ...], found: Sequence[_Row], expected: Sequence[_Row]) -> Difference | None:
    if list(found) == list(expected):
        return None
    there = {_key(row, key): row for row in found}
    for due in expected:
        row = there.pop(_key(due, key), None)
        difference = _in_row(table, key, row, due)
        if difference is not None:
            return difference
    extra = next(iter(there.values()), found[-1])  # else one of them is there twice
    return Difference(table=table, subject=extra.subject, row=_name(extra, key), found=_told(extra))


def _in_row(table: str, key: tuple[str, ...], found: _Row | None, expected: _Row) -> Difference | None:
    if found == expected:
        return None
    place = {"table": table, "subject": expected.subject, "row": _name(expected, key)}
    if found is None:
        return Difference(**place, expected=_told(expected))
    column = next(name for name in expected.__struct_fields__ if getattr(found, name) != getattr(expected, name))
    return Difference(
        **place, column=column, found=cell_text(getattr(found, column)), expected=cell_text(getattr(expected, column))
    )


def _key(row: _Row, key: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in key)


def _name(row: _Row, key: tuple[str, ...]) -> str | None:
    """Name a row among those of its person: ``likes``, ``likes, window``."""
    return ", ".join(str(part) for part in _key(row, key) if part) or None


def _told(row: _Row) -> str:
    """Tell a whole row: the names of its columns that are not empty, with their values."""
    cells = ((name, cell_text(getattr(row, name))) for name in row.__struct_fields__ if name != "subject")
    return ", ".join(f"{name} {text}" for name, text in cells if text)


def cell_text(value: object) -> str | None:
    """Return a cell as text; None for an empty one."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return text_of(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
