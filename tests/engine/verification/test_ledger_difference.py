"""Two ledgers gone along side by side: whoever is in one alone is named, wherever in the order of people that is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from ledgers.forged import Made
from msgspec.structs import replace

from tallystick.engine.folder import open_run
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.verifying.ledger_difference import cell_text, first_difference, first_of_all
from tallystick.engine.verifying.verification import Difference


@pytest.fixture
def everybody(made: Made) -> list[SubjectLedger]:
    """Return everybody's ledger, in the order of people."""
    run = open_run(made.folder)
    found = list(run.ledgers())
    run.close()
    assert len(found) > 3
    return found


def test_the_same_people_with_the_same_numbers_have_no_difference(everybody: list[SubjectLedger]) -> None:
    """Nothing is told of anybody."""
    assert list(first_of_all(everybody, everybody)) == [None] * len(everybody)


@pytest.mark.parametrize("place", [0, 1, -1])
def test_whoever_is_in_one_of_two_ledgers_alone_is_named(everybody: list[SubjectLedger], place: int) -> None:
    """The first, one between and the last; and it ends there."""
    alone = everybody[place].score
    without = [each for each in everybody if each.score.subject != alone.subject]
    same: list[Difference | None] = [None] * everybody.index(everybody[place])
    too_few = Difference(table="scores", subject=alone.subject, expected=alone.outcome)
    too_many = Difference(table="scores", subject=alone.subject, found=alone.outcome)
    assert list(first_of_all(without, everybody)) == [*same, too_few]
    assert list(first_of_all(everybody, without)) == [*same, too_many]


def test_the_first_of_several_who_differ_ends_it(everybody: list[SubjectLedger]) -> None:
    """Whoever reads the finding looks at one place."""
    other = [replace(each, score=replace(each.score, band="another")) for each in everybody]
    place = {"table": "scores", "subject": everybody[0].score.subject, "column": "band"}
    found = list(first_of_all(other, everybody))
    assert found == [Difference(**place, found="another", expected=everybody[0].score.band)]


def test_a_row_too_many_too_few_and_twice_are_told(everybody: list[SubjectLedger]) -> None:
    """The row is named, with all that it says."""
    due = next(each for each in everybody if len(each.lines) > 1)
    first, second, *rest = due.lines
    there = first_difference(due, replace(due, lines=(first, *rest)))
    gone = first_difference(replace(due, lines=(first, *rest)), due)
    twice = first_difference(replace(due, lines=(*due.lines, second)), due)
    for found in (there, gone, twice):
        assert found is not None
        assert (found.table, found.subject, found.row) == ("lines", due.score.subject, second.rule)
    assert there is not None
    assert gone is not None
    assert (there.found, there.expected) == (gone.expected, gone.found)
    assert str(there.found).startswith(f"rule {second.rule}, ")
    assert gone.found is None


def test_a_cell_is_told_as_text() -> None:
    """An empty one is not told."""
    assert [cell_text(each) for each in (None, True, False, Decimal("1.50"), date(2026, 3, 31), 7, "x")] == [
        None,
        "yes",
        "no",
        "1.5",
        "2026-03-31",
        "7",
        "x",
    ]
