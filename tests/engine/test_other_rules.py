"""Rows that a run read by one rulebook, read by another: values that it does not allow are left out and counted."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest
from generators.accepted import accepted
from ledgers.in_duckdb import typed

from tallystick.engine.change.other_rules import rows_for
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import RunRows
from tallystick.rules.rulebook import Rulebook

FIELDS = """\
    subject text
    kind    one of like, share
    at      time
    amount  number 0 to 100 with 2 places optional
    sort    text optional
"""
ROWS = (
    ("ada", "like", "1.5", "good"),
    ("ada", "share", "20", "bad"),
    ("ada", "like", "0.25", "odd"),
    ("ada", "like", None, None),
)


def _rulebook(fields: str) -> Rulebook:
    text = f"""\
rulebook "Rows" version 1.0.0
    owner "x"

records
{fields}
measure likes "like" / "likes"
    count like

rule liked "People like it"
    points likes
    because "x"

score "Rows"
    sum of all rules
"""
    return accepted(text)


def _read_by(fields: str) -> tuple[list[tuple[object, ...]], tuple[str, ...]]:
    """Return what is read by other fields, and the words about it."""
    old, new, connection = _rulebook(FIELDS), _rulebook(fields), duckdb.connect()
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    rows = [(who, kind, noon, None if amount is None else Decimal(amount), sort) for who, kind, amount, sort in ROWS]
    select = typed(connection, "rows", record_fields(old), rows)
    found = rows_for(RunRows(connection, select, None), old, new)
    return connection.execute(f"{found.rows.records} ORDER BY 1").fetchall(), found.notices


def test_a_narrower_range_leaves_rows_out_and_says_so() -> None:
    """A number above the range, or with more places, makes its row unread, as `tally score` would reject it."""
    rows, notices = _read_by(FIELDS.replace("0 to 100 with 2 places", "0 to 10 with 1 place"))
    assert [(row[0], row[4]) for row in rows] == [(0, Decimal("1.5")), (3, None)]
    assert notices == ("2 of the run's records hold a value that the other rulebook rejects: left out",)


def test_a_list_of_values_and_a_field_that_may_not_lack() -> None:
    """A text that is not among the values, or is missing where it may not be, makes its row unread."""
    rows, notices = _read_by(FIELDS.replace("sort    text optional", "sort    one of good, odd"))
    assert [(row[0], row[5]) for row in rows] == [(0, "good"), (2, "odd")]
    assert "2 of the run's records" in notices[0]


def test_a_kind_that_is_not_listed_stays() -> None:
    """A kind that the other rulebook does not list makes a record unused, not rejected."""
    rows, notices = _read_by(FIELDS.replace("like, share", "like"))
    assert ([row[2] for row in rows], notices) == (["like", "share", "like", "like"], ())


def test_a_field_that_the_run_did_not_read() -> None:
    """Where it may be missing it is, and that is said; where not, the question is refused."""
    rows, notices = _read_by(f"{FIELDS}    place   text optional\n")
    assert [row[6] for row in rows] == [None] * 4
    assert notices == ("the run did not read `place`: it is missing in every row",)
    with pytest.raises(DataRefusal, match="reads `place` of records, and the run did not"):
        _read_by(f"{FIELDS}    place   text\n")


def test_another_type_is_refused() -> None:
    """What the run read as a text cannot be read as a day: the cell as it stood in the file is gone."""
    with pytest.raises(DataRefusal, match="reads `sort` of records as something else"):
        _read_by(FIELDS.replace("sort    text optional", "sort    date optional"))
