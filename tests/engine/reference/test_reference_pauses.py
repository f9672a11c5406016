"""Takes small tables of records and pauses; gives proof that fading stops on the days that are worked by hand.

The record in most cases is a like of 2026-02-19, ten days before the as-of day, 2026-03-01: it fades on the ten days
from 20 February to 1 March. The half-life is 10 days.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tallystick.engine.ledger import AccountRow, StepRow, SubjectLedger
from tallystick.engine.pauses import Stretch
from tallystick.engine.reference import ReferenceRun

Refer = Callable[..., ReferenceRun]
D = Decimal

HEAD = """
rulebook "Case" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text
    kind    one of like, dislike
    at      date
    item    text optional

discount bulk "bulk"
    to 50%
    when item is not missing and item = "bulk"
    because "Cheap."

"""
TAIL = """
rule line "Line"
    points m

score "Case"
    sum of all rules
"""
LIKE = "subject actor kind at item\nada bob like 2026-02-19 -\n"


def ledger(run: Refer, text: str, records: str, pauses: str) -> SubjectLedger:
    """Take the measure `m` of ada."""
    found = run(f'{HEAD}measure m "thing" / "things"\n    {text}\n{TAIL}', records, pauses=pauses).subject("ada")
    assert found is not None
    return found


def value(found: SubjectLedger) -> Decimal | None:
    """Return the measure."""
    return found.measures[0].value


def steps(found: SubjectLedger) -> list[tuple[str, int, Decimal | None]]:
    """Return what the steps of the measure took and gave back."""
    return [(row.step, row.records, row.value) for row in found.steps]


FADING = "count like\n    halving every 10 days except pauses"


@pytest.mark.parametrize(
    ("pauses", "days", "left"),
    [
        pytest.param("", 10, "0.5", id="none"),
        pytest.param("ada 2026-02-20 2026-02-22", 7, "0.615572207", id="three days"),
        pytest.param("ada 2026-02-20 2026-02-20", 9, "0.535886731", id="the first day after the record's"),
        pytest.param("ada 2026-02-19 2026-02-19", 10, "0.5", id="the record's own day"),
        pytest.param("ada 2026-03-01 2026-03-01", 9, "0.535886731", id="the as-of day"),
        pytest.param("ada 2026-02-15 2026-02-24", 5, "0.707106781", id="about the record's day"),
        pytest.param("ada 2026-02-25 -", 5, "0.707106781", id="not over yet"),
        pytest.param("ada 2026-02-28 2026-03-05", 8, "0.574349177", id="over after the as-of day"),
        pytest.param("ada 2026-03-02 -", 10, "0.5", id="later"),
        pytest.param("ada 2020-01-01 2026-02-18", 10, "0.5", id="before the record"),
        pytest.param("ada 0001-01-01 9999-12-31", 0, "1", id="always"),
        pytest.param(
            "ada 2026-02-20 2026-02-22\nada 2026-02-21 2026-02-24\n"
            "ada 2026-02-25 2026-02-25\nada 2026-02-20 2026-02-22",
            4,
            "0.757858283",
            id="overlapping, touching and told twice",
        ),
        pytest.param("ada 2026-02-20 2026-02-21\nada 2026-02-25 2026-02-26", 6, "0.659753955", id="apart"),
        pytest.param("bob 2026-02-20 2026-02-22\ndan 2026-02-20 -", 10, "0.5", id="of others"),
    ],
)
def test_the_days_paused(run: Refer, pauses: str, days: int, left: str) -> None:
    """A record fades by its age less the days paused, 2^(-days/10); what they gave back is told apart."""
    found = ledger(run, FADING, LIKE, pauses)
    assert value(found) == D(left)
    given_back = [] if days == 10 else [("paused", 1, D("0.5") - D(left))]
    assert steps(found) == [("fading", 1, D("0.5")), *given_back]


def test_each_record_has_its_own_days(run: Refer) -> None:
    """One pause of 20 to 24 February: all of it for the like of the 19th (5 of 10 days), two days for that of the 22nd
    (5 of 7), none for those of the 24th and of today. 2^-0.5 twice, 2^-0.5 of the 24th, and 1."""
    records = LIKE + "ada bob like 2026-02-22 -\n" + "ada bob like 2026-02-24 -\n" + "ada bob like 2026-03-01 -\n"
    found = ledger(run, FADING, records, "ada 2026-02-20 2026-02-24")
    assert value(found) == D("0.707106781") * 3 + 1
    # In full: 0.5, 2^-0.7 = 0.615572207 and 2^-0.5; so 1.177321012 was taken, and 0.298641355 came back.
    assert steps(found) == [("fading", 3, D("1.177321012")), ("paused", 2, D("-0.298641355"))]


def test_the_pauses_are_the_person_s_whose_measure_it_is(run: Refer) -> None:
    """Under `given` that is the actor: ada's absence slows what ada gave, bob's does not."""
    records = "subject actor kind at item\nbob ada like 2026-02-19 -\nada bob like 2026-02-19 -\n"
    text = "count like given\n    halving every 10 days except pauses"
    assert value(ledger(run, text, records, "bob 2026-02-20 2026-02-24")) == D("0.5")
    assert value(ledger(run, text, records, "ada 2026-02-20 2026-02-24")) == D("0.707106781")


def test_a_measure_without_the_words_fades_through_pauses(run: Refer) -> None:
    """Only who says `except pauses` looks at them."""
    text = f'count like\n    halving every 10 days\n\nmeasure n "n"\n    {FADING}'
    found = ledger(run, text, LIKE, "ada 2026-02-20 2026-02-24")
    assert [row.value for row in found.measures] == [D("0.5"), D("0.707106781")]


def test_windows_limits_and_fates_do_not_change(run: Refer) -> None:
    """Ten days old is outside of ten days, whoever was away; three likes of a day count at most two."""
    text = "count like\n    within 10 days\n    total at most 2 per day\n    halving every 10 days except pauses"
    records = LIKE + "ada bob like 2026-02-24 -\n" * 3
    found = ledger(run, text, records, "ada 2026-02-20 -")
    assert value(found) == D(2)
    # Five days in full: 2^-0.5 twice is 1.414213562.
    assert steps(found) == [
        ("window", 1, D(1)),
        ("total", 1, D(1)),
        ("fading", 2, D("0.585786438")),
        ("paused", 2, D("-0.585786438")),
    ]
    assert found.accounts == (AccountRow("ada", "taken in", "", 3), AccountRow("ada", "outside window", "", 1))


def test_the_record_that_is_cut_fades_as_slowly(run: Refer) -> None:
    """Two likes of a day, at most 1.5: 1 and 0.5. After five of ten days 0.707106781 and 0.353553391 are left; after
    all ten it would have been 0.5 and 0.25."""
    text = "count like\n    total at most 1.5 per day\n    halving every 10 days except pauses"
    found = ledger(run, text, LIKE + "ada bob like 2026-02-19 -\n", "ada 2026-02-20 2026-02-24")
    assert value(found) == D("1.060660172")
    assert steps(found) == [("total", 1, D("0.5")), ("fading", 2, D("0.75")), ("paused", 2, D("-0.310660172"))]


def test_a_pause_keeps_what_takes_away_as_well(run: Refer) -> None:
    """A dislike worth -2 would have faded to -1; after five of the ten days it is -1.414213562, and so the pause took
    0.414213562."""
    text = "sum by kind\n        like:    1\n        dislike: -2\n    halving every 10 days except pauses"
    records = "subject actor kind at item\nada bob dislike 2026-02-19 -\n"
    found = ledger(run, text, records, "ada 2026-02-20 2026-02-24")
    assert value(found) == D("-1.414213562")
    assert steps(found) == [("fading", 1, D(-1)), ("paused", 1, D("0.414213562"))]


def test_distinct_goes_by_the_slowed_factor(run: Refer) -> None:
    """bob liked 20 days ago, and 10 days ago in bulk (half). In full both come to 0.25, and the later would count.

    Ten days of pause up to the second like slow only the first: 0.5, so it counts, at the full value of 1: fading would
    have taken 0.75, and 0.25 came back.
    """
    text = "distinct actor of like\n    halving every 10 days except pauses"
    records = "subject actor kind at item\nada bob like 2026-02-09 -\nada bob like 2026-02-19 bulk\n"
    found = ledger(run, text, records, "ada 2026-02-10 2026-02-19")
    assert value(found) == D("0.5")
    assert found.steps == (
        StepRow("ada", "m", "fading", "", 1, D("0.75")),
        StepRow("ada", "m", "paused", "", 1, D("-0.25")),
    )


def test_evidence_has_the_slowed_effect(run: Refer) -> None:
    """A record's effect is what it added in the end."""
    rules = f'{HEAD}measure m "thing" / "things"\n    {FADING}\n{TAIL}'
    evidence = list(run(rules, LIKE, pauses="ada 2026-02-20 2026-02-24").evidence("ada"))
    assert [(row.fate, row.effect) for row in evidence] == [("counted", D("0.707106781"))]


def test_pauses_are_told_in_stretches(run: Refer) -> None:
    """What overlaps or touches is one stretch; nothing of it is later than the as-of day; who has none has none."""
    rules = f'{HEAD}measure m "thing" / "things"\n    {FADING}\n{TAIL}'
    told = """
        ada 2026-02-25 -
        ada 2026-02-10 2026-02-12
        ada 2026-02-11 2026-02-11
        ada 2026-02-13 2026-02-13
        ada 2026-03-05 2026-03-06
        bob 2026-03-02 -
    """
    scored = run(rules, LIKE, pauses=told)
    assert scored.pauses("ada") == (
        Stretch(date(2026, 2, 10), date(2026, 2, 13)),
        Stretch(date(2026, 2, 25), date(2026, 3, 1)),
    )
    assert [each.days for each in scored.pauses("ada")] == [4, 5]
    assert scored.pauses("bob") == scored.pauses("nobody") == ()
