"""Takes days at both ends of the calendar, clocks that skip or repeat hours, and numbers of a billionth; gives proof
that both engines come to what is worked out by hand there."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tallystick.engine.reference import ReferenceRun

Refer = Callable[..., ReferenceRun]
D = Decimal

PEOPLE = """
rulebook "Case" version 1.0.0
    owner     "Tests"
    time zone "{zone}"

subjects
    born date optional
    seen time optional
    x    number -1000000000000 to 1000000000000 with 9 places optional

rule line "Line"
    points {points}
    otherwise not applicable

score "Case"
    sum of all rules
"""
LAST = "9999-12-30T23:59:59.999999Z"
FIRST = "0001-01-02T00:00:00Z"


def points(run: Refer, expression: str, as_of: str = "2026-03-01", zone: str = "UTC", **ada: str) -> Decimal | None:
    """Work out a rule's points for ada, of whom this is known."""
    table = f"subject {' '.join(ada)}\nada {' '.join(ada.values())}"
    ledger = run(PEOPLE.format(zone=zone, points=expression), subjects=table, as_of=as_of).subject("ada")
    assert ledger is not None
    return ledger.lines[0].points


@pytest.mark.parametrize(
    ("expression", "born", "as_of", "expected"),
    [
        ("years since born", "0001-01-01", "9999-12-31", 9998),
        ("years since born", "0004-02-29", "9999-12-31", 9995),
        ("years since born", "9999-12-31", "9999-12-31", 0),
        ("years since born", "9999-12-31", "0001-01-01", None),
        ("years since born", "1996-02-29", "2100-02-28", 103),  # 2100 is no leap year: the birthday is 1 March
        ("years since born", "1996-02-29", "2100-03-01", 104),
        ("years since born", "2000-03-01", "2004-02-29", 3),
        ("days since born", "0001-01-01", "9999-12-31", 3652058),  # 9999 years: 9999 * 365 + 2424 leap days, less 1
        ("days since born", "1900-02-28", "1900-03-01", 1),
        ("days since born", "2000-02-28", "2000-03-01", 2),
        ("days from 9999-12-31 to born", "0001-01-01", "2026-03-01", -3652058),
    ],
)  # fmt: skip
def test_days_and_birthdays_at_the_ends_of_the_calendar(
    run: Refer, expression: str, born: str, as_of: str, expected: int | None
) -> None:
    """From year 1 to 9999, over leap years and years that look like ones."""
    assert points(run, expression, as_of, born=born) == expected


@pytest.mark.parametrize(
    ("zone", "expression", "seen", "as_of", "expected"),
    [
        # Two clocks are 14 hours ahead and 11 behind; so the last moment has the last day, the first one the first.
        ("Pacific/Kiritimati", "days since seen", LAST, "9999-12-31", 0),
        ("Pacific/Pago_Pago", "days since seen", LAST, "9999-12-31", 1),
        ("Pacific/Kiritimati", f"days from seen to {LAST[:19]}Z", LAST, "2026-03-01", 0),
        ("Asia/Manila", f"days from {FIRST} to seen", LAST, "2026-03-01", 3652058),  # to 1844 16 hours behind
        # Apia had no 30 December 2011: at 10:00 in UTC its 29th was over and its 31st began.
        ("Pacific/Apia", "days since seen", "2011-12-30T09:59:59.999999Z", "2011-12-31", 2),
        ("Pacific/Apia", "days since seen", "2011-12-30T09:59:59.999999Z", "2011-12-30", 1),
        ("Pacific/Apia", "days since seen", "2011-12-30T10:00:00Z", "2011-12-30", None),
        # 29 February begins in Berlin an hour before it does in UTC, and the birthday with it.
        ("Europe/Berlin", "years since seen", "2004-02-28T22:59:59.999999Z", "2005-02-28", 1),
        ("Europe/Berlin", "years since seen", "2004-02-28T23:00:00Z", "2005-02-28", 0),
        # An hour that clocks skip takes no time; leap seconds are in no calendar of ours.
        ("Europe/Berlin", "seconds from 2026-03-29T00:59:59Z to seen", "2026-03-29T01:00:00Z", "2026-03-01", 1),
        ("UTC", "seconds from 2016-12-31T23:59:59Z to seen", "2017-01-01T00:00:00Z", "2026-03-01", 1),
        ("UTC", f"seconds from {FIRST} to seen", LAST, "2026-03-01", D("315537724799.999999")),  # 3652057 days, less
    ],
)  # fmt: skip
def test_moments_have_the_day_of_their_zone_at_every_edge(
    run: Refer, zone: str, expression: str, seen: str, as_of: str, expected: Decimal | int | None
) -> None:
    """The first and last moment that can be read, a day that was skipped, midnight of a clock."""
    assert points(run, expression, as_of, zone, seen=seen) == expected


@pytest.mark.parametrize(
    ("expression", "x", "expected"),
    [
        ("(x or else 0) * (x or else 0)", "0.000022361", "0.000000001"),  # 5.00014…e-10
        ("(x or else 0) * (x or else 0)", "0.00002236", "0"),  # 4.99969…e-10
        ("(x or else 0) * (x or else 0)", "-1000000000000", "1000000000000000000000000"),
        ("(x or else 0) * 0.1 * -1", "0.000000004", "0"),  # 4e-10 is 0, which has no sign
        ("(x or else 0) * 0.1 * -1", "0.000000005", "-0.000000001"),
        ("(x or else 0) / 3", "0.000000001", "0"),
        ("(x or else 0) / 3", "-0.000000002", "-0.000000001"),
        ("1 / max(x or else 0, 0.000000001)", "0", "1000000000"),
        ("1 / max(x or else 0, 0.000000001)", "2000000000", "0.000000001"),  # 5e-10, a tie
        ("1 / max(x or else 0, 0.000000001)", "2000000000.000000001", "0"),
        ("sqrt(max(x or else 0, 0))", "0.000000001", "0.000031623"),  # 3.16227…e-5
        ("ln(max(x or else 0, 0.000000001))", "0", "-20.723265837"),  # -9 ln 10
        ("ln(max(x or else 0, 0.000000001))", "0.999999999", "-0.000000001"),
        ("log10(max(x or else 0, 0.000000001))", "1.000000001", "0"),  # 4.34e-10
        ("log10(max(x or else 0, 0.000000001))", "1.000000002", "0.000000001"),  # 8.69e-10
        ("exp(min(x or else 0, 20))", "-21.416413017", "0.000000001"),  # ln 5e-10 = -21.4164130175…
        ("exp(min(x or else 0, 20))", "-21.416413018", "0"),
        ("round(x or else 0)", "-0.499999999", "0"),
        ("floor(x or else 0)", "-0.000000001", "-1"),
        ("ceiling(x or else 0)", "-0.999999999", "0"),
        ("round(x or else 0)", "-999999999999.5", "-1000000000000"),
    ],
)
def test_numbers_of_a_billionth_round_once_and_away_from_zero(
    run: Refer, expression: str, x: str, expected: str
) -> None:
    """What lies about half of a billionth, and the largest product."""
    found = points(run, expression, x=x)
    assert (found, str(found).startswith("-")) == (D(expected), expected.startswith("-"))


@pytest.mark.parametrize(
    ("weighted", "x", "expected"),
    [
        ("1 0.000000003 linear", "0.000000002", "0.666666667"),
        ("1 0.000000003 logarithmic", "0.000000001", "0.333333334"),  # (1 - 5e-10) / (3 - 4.5e-9), over by 1e-9 of it
        ("1 0.000000003 square_root", "0.000000001", "0.577350269"),  # 1/√3
        ("1 999999999999999999999999.999999999 square_root", "250000", "0.000000001"),  # √2.5e-19 = 5.0…01e-10
        ("1 999999999999999999999999.999999999 square_root", "249999", "0"),
        ("1 999999999999999999999999 logarithmic", "1000000000000", "0.5"),  # (1e12 + 1)² is 1e24 and a little more
        ("0.000000001 1 linear", "0.5", "0.000000001"),  # weight times level is 5e-10, a tie
        ("0.000000001 1 linear", "0.499999999", "0"),
    ],
)
def test_levels_of_the_smallest_and_the_largest_scale(run: Refer, weighted: str, x: str, expected: str) -> None:
    """A level is rounded once, its product with the weight once more, where full is a billionth and where 10²⁴."""
    weight, full, shape = weighted.split()
    level = f"level x, {shape.replace('_', ' ')} to {full}"
    text = PEOPLE.replace("points {points}", f"weight {weight}\n    {level}")
    ledger = run(text.format(zone="UTC"), subjects=f"subject x\nada {x}").subject("ada")
    assert ledger is not None
    assert ledger.lines[0].points == D(expected)


def test_the_largest_number_of_a_rulebook_times_a_share(run: Refer) -> None:
    """24 digits before the point and 9 behind: 999999999999999999999999 times 0.999999999 is that less a billionth."""
    text = PEOPLE.replace("    x    number", "    part number 0 to 1 with 9 places\n    x    number")
    text = text.format(zone="UTC", points="999999999999999999999999 * part")
    ledger = run(text, subjects="subject part\nada 0.999999999").subject("ada")
    assert ledger is not None
    assert ledger.lines[0].points == D("999999998999999999999999.000000001")


def test_a_product_of_39_digits_is_exact(run: Refer) -> None:
    """10¹² times 10⁸ is 10²⁰, which with the 18 places of the two has a digit more than the database's numbers."""
    text = PEOPLE.replace("    x    number", "    part number 0 to 100000000 with 9 places\n    x    number")
    text = text.format(zone="UTC", points="(x or else 0) * part")
    ledgers = run(text, subjects="subject part x\nada 100000000 1000000000000\nbob 100000000 -1000000000000")
    assert [each.lines[0].points for each in ledgers.ledgers()] == [D(10) ** 20, -(D(10) ** 20)]


def test_what_is_too_large_behind_a_test_ends_nothing(run: Refer) -> None:
    """Behind a side that decides nothing is worked out: 10¹² to the power of three is no number of ours. 2³ is 8."""
    met = "1\n    when x is not missing and x <= 3 and x >= -3 and (if x > 1 then x * x * x else 5) > 7"
    ledgers = run(PEOPLE.format(zone="UTC", points=met), subjects="subject x\nada 2\nbob 1000000000000\ncyd -3")
    assert [each.lines[0].points for each in ledgers.ledgers()] == [1, None, None]


def test_rows_may_stand_below_otherwise(run: Refer) -> None:
    """`otherwise` takes what no other row takes, wherever it stands among them: 1 is its own row's, a missing value
    that of `missing`, and 2 is left."""
    text = PEOPLE.replace("points {points}", "points by x\n        otherwise: 10\n        1: 20\n        missing: 30")
    ledgers = run(text.format(zone="UTC"), subjects="subject x\nada 1\nbob -\ncyd 2")
    assert [each.lines[0].points for each in ledgers.ledgers()] == [20, 30, 10]


RECORDS = """
rulebook "Case" version 1.0.0
    owner     "Tests"
    time zone "{zone}"

records
    subject text
    actor   text
    kind    one of like
    at      {at}
    value   number -1000000000000 to 1000000000000 with 9 places

{half}
measure m "thing" / "things"
{clauses}

rule line "Line"
    when m is not missing
    points m

score "Case"
    sum of all rules
"""


def value_of(
    run: Refer, clauses: str, rows: str, as_of: str, *, zone: str = "UTC", at: str = "date", half: str = ""
) -> Decimal | None:
    """Take the measure of ada: bob gave her a record for each row, a day or moment and perhaps a value."""
    given = (row.split() for row in rows.split(", "))
    table = "".join(f"ada bob like {at} {value[0] if value else 1}\n" for at, *value in given)
    lines = "".join(f"    {line}\n" for line in clauses.split("; "))
    text = RECORDS.format(zone=zone, at=at, clauses=lines, half=half)
    ledger = run(text, f"subject actor kind at value\n{table}", as_of=as_of).subject("ada")
    assert ledger is not None
    return ledger.measures[0].value


ENDS = "0001-01-01, 0001-01-02, 0001-01-07, 0001-01-08, 9999-12-26, 9999-12-27, 9999-12-31"
"""A Monday, a Tuesday, a Sunday and the Monday after it; a Sunday, the Monday after it, and a Friday."""


@pytest.mark.parametrize(
    ("clauses", "as_of", "expected"),
    [
        ("count like; within 7 days", "0001-01-07", "3"),
        ("count like; within 6 days", "0001-01-07", "2"),
        ("count like; within 3652059 days", "9999-12-31", "7"),
        ("count like; within 3652058 days", "9999-12-31", "6"),
        ("count like; total at most 1 per week", "9999-12-31", "4"),
        ("count like; keep at most 1 per actor per week", "9999-12-31", "4"),
        ("count like; keep at most 1 per actor per month", "9999-12-31", "2"),
        ("count like; halving every 1 day", "9999-12-31", "1.09375"),  # 1 + 2^-4 + 2^-5
        ("count like; halving every 1 day", "0001-01-08", "1.5234375"),  # 1 + 2^-1 + 2^-6 + 2^-7
        ("count like; halving every 0.000000001 days", "9999-12-31", "1"),
        ("count like; halving every 100000 days", "9999-12-31", "2.999937617"),  # 0.999972274, 0.999965343: in year 1 0
    ],
)
def test_records_at_the_ends_of_the_calendar(run: Refer, clauses: str, as_of: str, expected: str) -> None:
    """Windows, weeks, months and fading of the first and the last days that there are."""
    assert value_of(run, clauses, ENDS, as_of) == D(expected)


TURN = (
    "2020-12-27T22:59:59.999999Z, 2020-12-27T23:00:00Z, 2020-12-31T23:00:00Z, "
    "2021-01-03T22:59:59.999999Z, 2021-01-03T23:00:00Z"
)
"""In Berlin: the last moment of week 52 of 2020, the first of week 53, the first of 2021, the last of week 53, and the
first of week 1."""
CHANGED = (
    "2026-03-28T23:00:00Z, 2026-03-29T21:59:59.999999Z, 2026-03-29T22:00:00Z, "
    "2026-10-24T22:00:00Z, 2026-10-25T22:59:59.999999Z, 2026-10-25T23:00:00Z"
)
"""In Berlin: the ends of a day of 23 hours, and the day after; the ends of a day of 25 hours, and the day after."""


@pytest.mark.parametrize(
    ("clauses", "rows", "expected"),
    [
        ("count like; total at most 1 per week", TURN, "3"),
        ("count like; keep at most 1 per actor per month", TURN, "2"),
        ("count like; total at most 1.5 per day", CHANGED, "5"),  # 1.5 + 1 + 1.5 + 1
        ("count like; diluted per actor per day", CHANGED, "4"),  # ½ + ½ + 1, twice
        ("count like; within 22 days", "2026-10-10T22:00:00Z, 2026-10-10T21:59:59.999999Z, 2026-11-01T22:59:59Z", "2"),
        ("count like; halving every 7 days", "2026-10-24T22:00:00Z, 2026-10-24T21:59:59.999999Z", "0.952861832"),
    ],
)  # fmt: skip
def test_days_and_weeks_are_those_of_the_rulebooks_clocks(run: Refer, clauses: str, rows: str, expected: str) -> None:
    """To a microsecond at the turn of days, weeks and years. On 1 November 25 October is 7 days old and 24 October
    8: 2^(-7/7) + 2^(-8/7) = 0.5 + 0.452861832."""
    assert value_of(run, clauses, rows, "2026-11-01", zone="Europe/Berlin", at="time") == D(expected)


HALVES = "".join(f'discount {name} "half"\n    to 50%\n    because "So."\n\n' for name in ("one", "two"))


@pytest.mark.parametrize(
    ("clauses", "rows", "half", "expected"),
    [
        ("sum value of like", "2026-03-01 0.000000001", HALVES, "0.000000001"),  # half of it is a tie, twice
        ("sum value of like", "2026-03-01 -0.000000003", HALVES, "-0.000000001"),  # 1.5, so 2; 1
        ("sum value of like", "2026-03-01 0.000000005", HALVES, "0.000000002"),  # 2.5, so 3; 1.5, so 2: not 1.25
        ("sum max(value, 0) of like; diluted per actor per day",
         "2026-03-01 0.000000001, 2026-03-01 0.000000001", "", "0.000000002"),
        ("sum max(value, 0) of like; diluted per actor per day",
         "2026-03-01 0.000000001, 2026-03-01 0.000000001, 2026-03-01 0.000000001", "", "0"),
        ("sum value of like; halving every 1 day",
         "2026-02-28 -0.000000001, 2026-02-27 -0.000000001", "", "-0.000000001"),
        # What is left of 1 after 30 half-lives is 0.93 of a billionth, rounded to one: then times the value.
        ("sum value of like; halving every 1 day", "2026-01-30 1000000000000, 2026-01-29 1000000000000", "", "1000"),
        ("average value of like", "2026-03-01 0.000000001, 2026-03-01 0", "", "0.000000001"),
        ("average value of like", "2026-03-01 -0.000000001, 2026-03-01 0", "", "-0.000000001"),
        ("average value of like",
         "2026-03-01 1000000000000, 2026-03-01 1000000000000, 2026-03-01 -0.000000001", "", "666666666666.666666666"),
        ("sum max(value, 0) of like; total at most 0.000000001 per day",
         "2026-03-01 0.000000001, 2026-03-01 1, 2026-02-28 1000000000000", "", "0.000000002"),
    ],
)  # fmt: skip
def test_each_step_rounds_a_value_of_a_billionth_by_itself(
    run: Refer, clauses: str, rows: str, half: str, expected: str
) -> None:
    """Discounts, dilution, fading, averages and limits, in billionths; half of one is one, below zero too."""
    assert value_of(run, clauses, rows, "2026-03-01", half=half) == D(expected)


@pytest.mark.parametrize(
    ("levels", "out_of", "expected"),
    [
        ("1 1 1", "100", "100"),
        ("1 0 0", "100", "33.333333222"),  # 0.1 of 0.300000001
        ("0 0 1", "100", "0.000000333"),
        ("0.333333333 0.666666667 0.5", "100", "55.555555481"),  # 0.033333333 + 0.133333333 + 0.000000001 of it
        ("1 1 1", "0.000000001", "0.000000001"),
        ("1 0 0", "0.000000001", "0"),  # a third of a billionth
        ("0 1 0", "0.000000001", "0.000000001"),  # two thirds
    ],
)
def test_means_by_weights_that_sum_to_an_odd_fraction(run: Refer, levels: str, out_of: str, expected: str) -> None:
    """Weights of 0.1, 0.2 and a billionth: lines times what it is out of, divided by 0.300000001, rounded once."""
    names = ("one", "two", "tre")
    text = 'rulebook "Case" version 1.0.0\n    owner "Tests"\n\nsubjects\n'
    text += "".join(f"    {name} number 0 to 1 with 9 places\n" for name in names)
    for name, weight in zip(names, ("0.1", "0.2", "0.000000001"), strict=True):
        text += f'\nrule of_{name} "Rule"\n    weight {weight}\n    level {name}, linear to 1\n'
    text += f'\nscore "Case"\n    mean of all rules by weight, out of {out_of}\n'
    ledger = run(text, subjects=f"subject {' '.join(names)}\nada {levels}").subject("ada")
    assert ledger is not None
    assert ledger.score.score == D(expected)
