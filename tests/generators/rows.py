"""Takes a checked rulebook, an as-of day and a source of chance; gives rows of text cells, hostile ones among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeAlias

from generators.expression_text import chance

from tallystick.engine.intake.reading import record_fields, subject_fields
from tallystick.rules.rulebook import Field, Rulebook
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, YesNoType

Cells: TypeAlias = tuple[str | None, ...]

PEOPLE = (
    "ada", "bob", "cyd", "Zoë", "Zoe\u0308", "ада", "x[bot]", "o'hara", "a b", "null", "😀", "ADA", '"q"', "ada ",
    " ada", "7", "007", "-0", "\u3000", "\u0130",
)  # fmt: skip
ITEMS = (
    "p1", "p2", "p3", "P1", "é", "e\u0301", "[bot]", "a", "it's", "\u2028", "-", "p1 ", "7", "007", "+7", "1e3", "\t",
    "a\nb", "ß", "SS", "\U0001d400",
)  # fmt: skip
AGES = (
    0, 0, 1, 1, 2, 3, 3, 6, 7, 8, 10, 13, 14, 20, 29, 30, 31, 45, 60, 89, 90, 91, 200, 364, 365, 366, 1500, 5556, 20600,
    22000,
)  # fmt: skip
CLOCKS = (
    "00:00:00Z", "00:00:00Z", "09:00:00Z", "09:00:00Z", "23:59:59.999999Z", "23:30:00Z", "22:30:00Z", "01:30:00Z",
    "00:30:00+02:00", "02:30:00+01:00", "23:15:00-05:00", "12:00:00.5Z", "12:00Z", "18:45:00+05:30",
    "23:59:59.000001Z", "00:00:00.000001Z", "12:00:00.123456-03:30", "10:00:00Z", "03:29:59.999999Z", "03:30:00Z",
)  # fmt: skip
LOCAL_CLOCKS = ("02:30:00", "00:00:00", "23:59:59", "12:00:00", "02:00:00.999999")
CHANGES = (
    "2010-11-07T02:30:30Z", "2010-11-07T02:31:30Z", "2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z",
    "2026-04-04T14:59:59.5Z", "2026-04-04T15:00:00Z", "2018-11-04T02:59:59Z", "2018-11-04T03:00:00Z",
    "1969-12-31T23:59:59.999999Z", "1893-03-31T23:06:31Z", "1893-03-31T23:06:32Z",
    "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z",
)  # fmt: skip
"""Moments about the change of the hour in Berlin, and of other clocks; some long ago."""
DAYS = (
    "2020-02-29", "2024-02-29", "2025-12-31", "2026-03-01", "2025-03-01", "1999-06-15", "2030-01-01", "1969-12-31",
    "0001-01-02", "9999-12-30",
)  # fmt: skip
BAD = ("?", "1e", "2026-02-30", "2026-13-01T00:00:00Z", "9" * 40, "0.1234567891", "NaN", "a\0b", "-1e99", "2026-01-01")

LARGE_TYPES = ("0 to 99999999 with 2 places", "0 to 90000 with 9 places", "-9000000 to 9000000 with 6 places")
"""Numbers that fit 64 bits, while what is made of them does not; any of them is as likely as any other."""
_LARGE = frozenset(Decimal(each.split(" ")[2]) for each in LARGE_TYPES)


@dataclass(frozen=True)
class Table:
    """Rows of cells as a file has them; None is an absent cell.

    ``columns`` are the names in a file (``from``), ``names`` those of the fields; both in the order of the cells.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[Cells, ...]


def record_table(rulebook: Rulebook, as_of: date, rng: Random, size: int) -> Table | None:
    """Make records; None where the rulebook reads none."""
    fields = record_fields(rulebook)
    if not fields:
        return None
    people = rng.sample(PEOPLE, rng.randint(2, 2 + size))
    bad = rng.choice([0, 0, 0.01, 0.03])
    rows = [
        tuple(_record_cell(field, number, people, as_of, rng, bad) for field in fields)
        for number in range(1, rng.randint(4, 6 + 9 * size) + 1)
    ]
    return _table(fields, _doubled(rows, fields, "id", rng))


def subject_table(rulebook: Rulebook, records: Table | None, rng: Random, size: int) -> Table | None:
    """Make rows of subjects, mostly of people whom the records name; None where none are declared."""
    if rulebook.subjects is None:
        return None
    fields = subject_fields(rulebook)
    named = [] if records is None else [row[records.names.index("subject")] for row in records.rows]
    known = [name for name in dict.fromkeys(named) if name and name in PEOPLE and chance(rng, 0.9)]
    more = [name for name in rng.sample(PEOPLE, rng.randint(0 if known else 2, 1 + size)) if name not in known]
    bad = rng.choice([0, 0, 0, 0.03])
    rows = [
        tuple(name if field.name == "subject" else _cell(field, rng, bad) for field in fields)
        for name in (*known, *more)
    ]
    return _table(fields, _doubled(rows, fields, "subject", rng))


def _table(fields: tuple[Field, ...], rows: list[Cells]) -> Table:
    return Table(tuple(field.column for field in fields), tuple(field.name for field in fields), tuple(rows))


def _doubled(rows: list[Cells], fields: tuple[Field, ...], key: str, rng: Random) -> list[Cells]:
    """Add copies of rows, and rows that share a key with another and perhaps differ."""
    names = [field.name for field in fields]
    more = [rng.choice(rows) for _ in range(rng.choice([0, 0, 1, 2]))] if rows else []
    if rows and key in names and chance(rng, 0.15):
        first, second = rng.choice(rows), rng.choice(rows)
        more.append(tuple(a if name == key else b for name, a, b in zip(names, first, second, strict=True)))
    together = [*rows, *more]
    rng.shuffle(together)
    return together


# ---- cells -------------------------------------------------------------------------------------------------------


def _record_cell(field: Field, number: int, people: list[str], as_of: date, rng: Random, bad: float) -> str | None:
    if field.name not in ("id", "subject", "actor", "kind", "at"):
        return _cell(field, rng, bad)
    if chance(rng, bad / 3):
        return rng.choice(BAD)
    match field.name:
        case "id":
            return str(number)
        case "subject":
            return rng.choice(people[: max(1, len(people) - 1)])
        case "actor":
            return _missing(rng) if field.optional and chance(rng, 0.15) else rng.choice(people)
        case "kind":
            assert isinstance(field.type, OneOfType)
            return "follow" if chance(rng, 0.04) else rng.choice(field.type.values)
        case _:
            return _at(field, as_of, rng)


def _at(field: Field, as_of: date, rng: Random) -> str:
    age = -rng.choice([1, 2, 30]) if chance(rng, 0.05) else rng.choice(AGES)
    day = as_of - timedelta(days=age)
    if isinstance(field.type, DateType):
        return day.isoformat()
    return _moment(field.type, day, rng)


def _moment(type_: object, day: date, rng: Random) -> str:
    if chance(rng, 0.06):
        return rng.choice(CHANGES)
    if isinstance(type_, TimeType) and type_.zone is not None and chance(rng, 0.6):
        return f"{day.isoformat()}T{rng.choice(LOCAL_CLOCKS)}"
    return f"{day.isoformat()}{rng.choice(['T', 'T', ' '])}{rng.choice(CLOCKS)}"


def _cell(field: Field, rng: Random, bad: float) -> str | None:
    if field.optional and chance(rng, 0.25):
        return _missing(rng)
    if chance(rng, bad):
        return rng.choice([*BAD, None, ""])
    match field.type:
        case TextType():
            return rng.choice(ITEMS)
        case YesNoType():
            return rng.choice(["yes", "no", "true", "FALSE", "yes", "no"])
        case OneOfType(values=values):
            return rng.choice(values)
        case DateType():
            return rng.choice(DAYS)
        case TimeType():
            return _moment(field.type, date(2026, 3, 1) - timedelta(days=rng.choice([*AGES, -3])), rng)
        case NumberType() as type_:
            return _number(type_, rng)
        case DurationType():
            raise AssertionError(field)


def _missing(rng: Random) -> str | None:
    return rng.choice([None, ""])


def _number(type_: NumberType, rng: Random) -> str:
    """Write a number: mostly a small one, at times the least, the greatest or the tiniest there is."""
    step = Decimal(1).scaleb(-type_.places)
    if chance(rng, 0.12):
        value = rng.choice([type_.low, type_.high, step, -step, Decimal(0)])
    else:
        top = type_.high if type_.high in _LARGE else min(type_.high, Decimal(20))
        value = Decimal(rng.randint(int(max(type_.low, Decimal(-20))), int(top)))
        if type_.places and chance(rng, 0.6):
            value += step * rng.randint(0, 10 ** min(type_.places, 3) - 1)
    value = min(max(value, type_.low), type_.high)
    text = f"{value:f}"
    if chance(rng, 0.05):
        return f"{value:e}"
    if chance(rng, 0.04):
        return f"{'+' if value >= 0 else ''}{value:f}"
    if value == 0 and chance(rng, 0.3):
        return "-0"
    return f"{text}.0" if "." not in text and chance(rng, 0.05) else text
