"""Takes the rulebooks beside it and in examples/; gives runs of the reference over made-up people and records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import assert_never

import pytest
from generators.cells import cells_of

from tallystick.engine.intake.reading import read_rows, record_fields, subject_fields
from tallystick.engine.reference import ReferenceRun, refer
from tallystick.rules import load
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, Scalar, TextType, TimeType, YesNoType

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
AS_OF = date(2026, 3, 1)
RULEBOOKS = {
    "community": ROOT / "examples/community/community.tally",
    "maintainers": ROOT / "examples/maintainers/maintainers.tally",
    "trust": ROOT / "examples/trust/trust.tally",
    "mean": HERE / "rulebooks/mean.tally",
    "forms": HERE / "rulebooks/forms.tally",
}
PEOPLE = ("ann", "ben", "cat", "<b>x</b>", "\x1b[31mred\u202e")
ACTORS = (*PEOPLE, "dan", "eve", "spam[bot]", "|pipe|")
TEXTS = ("Chess", "Go", "p1", "p2", "Banned", "zoë", "[x](http://a.example)", "two\nlines")
_AGES = (-2, 0, 0, 1, 2, 3, 6, 7, 8, 13, 20, 27, 28, 59, 60, 89, 90, 365, 400)

Table = str
RunOf = Callable[..., ReferenceRun]


def _cell(field: Field, rng: Random) -> Scalar | None:
    """Make up a value of a field; a quarter of what may be missing is."""
    if field.optional and rng.random() < 0.25:
        return None
    match field.type:
        case TextType():
            return rng.choice({"subject": PEOPLE, "actor": ACTORS}.get(field.name, TEXTS))
        case YesNoType():
            return rng.random() < 0.7
        case OneOfType(values):
            return rng.choice(values)
        case DateType():
            return AS_OF - timedelta(days=rng.choice((*_AGES, 9_000, 30_000)))
        case TimeType():
            noon = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC)
            return noon - timedelta(days=rng.choice(_AGES), minutes=rng.randrange(-700, 700))
        case NumberType(low, high, places):
            low, high = max(low, Decimal(-1000)), min(high, Decimal(1000))
            between = low + (high - low) * Decimal(rng.randrange(1001)) / 1000
            return rng.choice((low, high, between.quantize(Decimal(1).scaleb(-places)), Decimal(1)))
        case DurationType():
            message = "no field is a duration"
            raise AssertionError(message)
        case _:
            assert_never(field.type)


def made_up(rulebook: Rulebook, seed: int) -> ReferenceRun:
    """Run a rulebook over made-up people and records, hostile names among them; the same for the same seed."""
    rng = Random(seed)  # noqa: S311  (made-up data)
    records = subjects = None
    if rulebook.records is not None:
        fields = [Field(f.name, f.column, f.type, f.optional, f.title) for f in rulebook.records]
        rows = [tuple(_cell(field, rng) for field in fields) for _ in range(rng.choice((0, 4, 30, 90)))]
        place = next((index for index, field in enumerate(fields) if field.name == "id"), None)
        if place is not None:
            rows = [(*row[:place], f"r{number}", *row[place + 1 :]) for number, row in enumerate(rows)]
        records = tuple(rows)
    if rulebook.subjects is not None:
        fields = list(subject_fields(rulebook))
        subjects = tuple(
            tuple(name if field.name == "subject" else _cell(field, rng) for field in fields) for name in PEOPLE
        )
    return refer(rulebook, records, subjects, AS_OF)


@pytest.fixture(scope="session")
def rulebooks() -> dict[str, Rulebook]:
    """Give the rulebooks, read once."""
    return {name: load(path) for name, path in RULEBOOKS.items()}


@pytest.fixture(scope="session")
def run_of_seed(rulebooks: dict[str, Rulebook]) -> Callable[[str, int], ReferenceRun]:
    """Give what runs a rulebook over made-up data."""
    return lambda name, seed: made_up(rulebooks[name], seed)


@pytest.fixture(scope="session")
def run_of(rulebooks: dict[str, Rulebook]) -> RunOf:
    """Give what runs a rulebook over records and subjects written as tables."""

    def run(name: str, *, records: Table | None = None, subjects: Table | None = None) -> ReferenceRun:
        rulebook = rulebooks[name]
        rows = people = None
        if records is not None:
            rows = read_rows(record_fields(rulebook), *cells_of(records), "id").rows
        if subjects is not None:
            people = read_rows(subject_fields(rulebook), *cells_of(subjects), "subject").rows
        return refer(rulebook, rows, people, AS_OF)

    return run


SUBJECTS = """
subject consent joined
ada     yes     2024-06-01
bob     no      2020-01-01
cy      yes     -
"""
RECORDS = """
id at                   subject actor     kind    item
1  2026-02-20T09:00:00Z ada     ada       post    p1
2  2026-02-10T09:00:00Z ada     ada       post    p2
3  2026-01-11T09:00:00Z ada     ada       post    p3
4  2025-08-12T09:00:00Z ada     ada       post    p0
5  2026-02-21T10:00:00Z ada     dee       share   p1
6  2026-02-22T10:00:00Z ada     dee       share   p1
7  2026-02-25T10:00:00Z ada     dee       share   p2
8  2026-01-30T10:00:00Z ada     eli       share   p3
9  2026-02-23T10:00:00Z ada     spam[bot] share   p1
10 2026-02-23T11:00:00Z ada     ada       like    p1
11 2026-02-24T11:00:00Z ada     fay       reply   p1
12 2026-02-26T11:00:00Z ada     gus       reply   p2
13 2026-02-23T12:00:00Z ada     fay       like    p1
14 2026-02-23T13:00:00Z ada     fay       like    p2
15 2026-02-24T14:00:00Z ada     fay       like    p3
16 2026-02-25T15:00:00Z ada     fay       like    p0
17 2026-02-27T15:00:00Z ada     gus       endorse p1
18 2026-02-26T15:00:00Z gus     ada       endorse q1
19 2026-02-15T15:00:00Z ada     hal       report  p2
20 2024-02-15T15:00:00Z ada     hal       report  p2
21 2026-03-02T15:00:00Z ada     hal       share   p2
22 2026-02-20T09:00:00Z cy      cy        post    c1
23 2025-02-20T09:00:00Z cy      cy        post    c2
24 2026-02-21T09:00:00Z cy      ada       share   c1
25 2026-02-21T09:00:00Z bob     ada       share   b1
"""


@pytest.fixture(scope="session")
def community(run_of: RunOf) -> ReferenceRun:
    """Give the community example over a few records that show every step: ada is scored, bob and cy are not."""
    return run_of("community", records=RECORDS, subjects=SUBJECTS)
