"""For a page a long table is not tried row by row, and the row that takes a value is the one that would be found so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tallystick.engine import reference_score
from tallystick.explain.calculator.calculator import Reckoner
from tallystick.rules import read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.value import Scalar

MANY = 2_000
BOOK = """rulebook "Rows" version 1.0.0

subjects
    {attribute}

rule rows "Rows"
    points by {by}
{rows}
    because "c"

score "Sum"
    sum of all rules
"""


def points(attribute: str, rows: list[str], values: list[Scalar | None]) -> list[Decimal | None]:
    """Work out the points of a table for each of some values of one attribute, as a page tells them."""
    by = attribute.partition(" ")[0]
    rows = [f"        {row}" for row in rows]
    book, found = read(Source("rows.tally", BOOK.format(attribute=attribute, by=by, rows="\n".join(rows))))
    assert isinstance(book, Rulebook), found
    reckoner = Reckoner.of_rule(book, book.rules[0], date(2026, 3, 1))
    return [reckoner.would_be(by, {by: value}).points[0] for value in values]


def test_a_long_table_is_not_tried_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page tells what each row of a table gives: with all rows tried for each it took a minute for 9,000."""
    tried = 0
    takes = reference_score._takes  # noqa: SLF001  what is counted is how often it is asked

    def counted(*asked: object) -> bool:
        nonlocal tried
        tried += 1
        return takes(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(reference_score, "_takes", counted)
    rows = ["under 1: 0", *(f"{each} to under {each + 1}: {each}" for each in range(1, MANY)), f"{MANY} or more: 5"]
    found = points("worth whole number 0 or more", rows, [Decimal(each) for each in range(MANY)])
    assert found == [Decimal(each) for each in range(MANY)]
    assert tried <= 3 * MANY


NUMBERS = ["over 7: 9", "under 1: 1", "3: 4", "1 to under 3: 2", "5: 6", "over 3 to under 5: 5", "over 5 to 7: 8"]


@pytest.mark.parametrize(
    ("attribute", "rows", "found"),
    [
        (
            "worth number optional",
            [*NUMBERS, "missing: 11"],
            {"-4": 1, "0.9": 1, "1": 2, "2.9": 2, "3": 4, "3.1": 5, "5": 6, "5.1": 8, "7": 8, "7.1": 9, None: 11},
        ),
        (
            "worth number",
            ["3: 4", "5 to 5: 6", "over 5 to 6: 7", "otherwise: 1"],
            {"3": 4, "4": 1, "5": 6, "6": 7, "7": 1},
        ),
        ("worth number", ["2 to 5: 3", "under 2: 1", "over 5: 4"], {"1": 1, "2": 3, "5": 3, "6": 4}),
        ("worth number", ["up to 5: 3", "over 5: 4"], {"5": 3, "5.5": 4}),
        (
            "worth whole number 0 to 20",
            [
                "over 5 to under 6: 2",
                "under 3: 0",
                "3 to 5: 1",
                "over 5 to 12: 3",
                "over 7 to under 8: 8",
                "over 12: 4",
            ],
            {"2": 0, "3": 1, "5": 1, "6": 3, "8": 3, "11": 3, "12": 3, "13": 4},
        ),
        (
            "worth number 0 or more",
            ["-9 to 3: 1", "-5 to -1: 2", "-4 to -2: 3", "over 3: 4"],
            {"0": 1, "2": 1, "3": 1, "3.1": 4},
        ),
    ],
)
def test_the_row_that_takes_a_number(attribute: str, rows: list[str], found: dict[str | None, int]) -> None:
    """Ends that belong to a row and ends that do not, rows out of order, rows of one number, and rows that no value
    reaches, which may lie within others."""
    values: list[Scalar | None] = [None if each is None else Decimal(each) for each in found]
    assert points(attribute, rows, values) == [Decimal(each) for each in found.values()]


def test_the_row_that_takes_a_day_or_a_text() -> None:
    """Days lie on a line as numbers do; a text is named."""
    rows = ["under 2026-01-01: 1", "2026-01-01 to 2026-01-31: 2", "over 2026-01-31: 3"]
    days: list[Scalar | None] = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert points("since date", rows, days) == [1, 2, 2, 3]
    texts: list[Scalar | None] = ["b", "a", "c", "d", "", None]
    assert points("town text optional", ['"a", "b": 1', '"c": 2', "missing: 3", "otherwise: 4"], texts) == [
        1,
        1,
        2,
        4,
        4,
        3,
    ]
    assert points("kept yes/no", ["yes: 1", "no: 2"], [True, False]) == [1, 2]
