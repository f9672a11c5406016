"""Takes small tables of records; gives proof that each aggregate and clause of a measure is what is worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tallystick.engine.ledger import MeasureRow, StepRow
from tallystick.engine.reference import ReferenceRun

Refer = Callable[..., ReferenceRun]
D = Decimal

HEAD = """
rulebook "Case" version 1.0.0
    owner "Tests"

records
    subject text
    actor   text optional
    kind    one of like, share, post, report
    at      date
    item    text optional
    value   number 0 to 100 with 2 places optional
    change  number -10 to 10 with 0 places optional

"""
TAIL = """
rule line "Line"
    when m is not missing
    points m

score "Case"
    sum of all rules
"""


def measure(run: Refer, text: str, records: str, **more: str) -> MeasureRow:
    """Take the measure `m` of ada."""
    ledger = run(HEAD + text + TAIL, records, **more).subject("ada")
    assert ledger is not None
    return next(row for row in ledger.measures if row.measure == "m")


def steps(run: Refer, text: str, records: str) -> list[tuple[str, str, int, Decimal | None]]:
    """Return what the steps of the measure `m` of ada left out."""
    ledger = run(HEAD + text + TAIL, records).subject("ada")
    assert ledger is not None
    return [(row.step, row.name, row.records, row.value) for row in ledger.steps if row.measure == "m"]


def m(*lines: str) -> str:
    """Write the measure `m`."""
    return 'measure m "thing" / "things"\n' + "".join(f"    {line}\n" for line in lines)


# ---- aggregates --------------------------------------------------------------------------------------------------


def test_count(run: Refer) -> None:
    """Two likes and one share of ada are 3; the post, and the like of bob, are none of them."""
    row = measure(
        run,
        m("count like, share"),
        """
        subject actor kind  at
        ada     bob   like  2026-02-20
        ada     -     like  2026-02-21
        ada     cyd   share 2026-02-22
        ada     ada   post  2026-02-22
        bob     ada   like  2026-02-22
        """,
    )
    assert row == MeasureRow("ada", "m", "value", D(3), 3)


def test_nothing_counted_is_zero_and_nothing_averaged_is_missing(run: Refer) -> None:
    """count, sum, distinct, days and h index of no records are 0; average, highest, lowest and latest are missing."""
    records = """
        subject actor kind at
        ada     bob   post 2026-02-20
    """
    for aggregate in (
        "count like",
        "sum value of like",
        "distinct actor of like",
        "days of like",
        "h index of like by item",
        "sum by kind",
    ):
        lines = [aggregate, "    like: 1"] if aggregate == "sum by kind" else [aggregate]
        needs = {"sum value of like": "value", "distinct actor of like": "actor", "h index of like by item": "item"}
        if aggregate in needs:
            lines.append(f"when {needs[aggregate]} is not missing")
        assert measure(run, m(*lines), records) == MeasureRow("ada", "m", "value", D(0), 0)
    for how in ("average", "highest", "lowest", "latest"):
        row = measure(run, m(f"{how} value of like", "when value is not missing"), records)
        assert row == MeasureRow("ada", "m", "missing", None, 0)


def test_distinct_of_one_field(run: Refer) -> None:
    """bob, cyd and Bob are three: text is compared by code points; bob's second like adds nothing."""
    row = measure(
        run,
        m("distinct actor of like", "when actor is not missing"),
        """
        subject actor kind at
        ada     bob   like 2026-02-20
        ada     bob   like 2026-02-21
        ada     cyd   like 2026-02-20
        ada     Bob   like 2026-02-20
        ada     -     like 2026-02-20
        """,
    )
    assert row == MeasureRow("ada", "m", "value", D(3), 4)


def test_distinct_of_two_fields(run: Refer) -> None:
    """(bob, p1), (bob, p2) and (cyd, p1) are three pairs from four likes."""
    row = measure(
        run,
        m("distinct actor, item of like", "when actor is not missing and item is not missing"),
        """
        subject actor kind at         item
        ada     bob   like 2026-02-20 p1
        ada     bob   like 2026-02-21 p1
        ada     bob   like 2026-02-20 p2
        ada     cyd   like 2026-02-20 p1
        """,
    )
    assert (row.value, row.records) == (D(3), 4)


def test_sum(run: Refer) -> None:
    """1.25 + 2.5 = 3.75; and 2 * value + 1 gives 3.5 + 6 = 9.5."""
    records = """
        subject actor kind at         value
        ada     bob   like 2026-02-20 1.25
        ada     bob   like 2026-02-21 2.5
        ada     bob   like 2026-02-21 -
    """
    when = "when value is not missing"
    assert measure(run, m("sum value of like", when), records).value == D("3.75")
    assert measure(run, m("sum 2 * value + 1 of like", when), records).value == D("9.5")
    # Without the `when`, a missing value can stand for 4: 1.25 + 2.5 + 4 = 7.75.
    assert measure(run, m("sum value or else 4 of like"), records).value == D("7.75")
    # `if` and a comparison: 1.25 is under 2 and counts 1, the other 10, so 11.
    assert measure(run, m("sum if value < 2 then 1 else 10 of like", when), records).value == D(11)


def test_sum_by_kind(run: Refer) -> None:
    """Two likes at 10, a report at -2 and a share at 0.5: 20 - 2 + 0.5 = 18.5 of 4 records."""
    row = measure(
        run,
        m("sum by kind", "    like: 10", "    report: -2", "    share: 0.5"),
        """
        subject actor kind   at
        ada     bob   like   2026-02-20
        ada     cyd   like   2026-02-20
        ada     cyd   report 2026-02-21
        ada     cyd   share  2026-02-21
        ada     cyd   post   2026-02-21
        """,
    )
    assert (row.value, row.records) == (D("18.5"), 4)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("average", "3.666666667"),  # (5 + 4 + 2) / 3 = 3.666…, rounded to 9 places
        ("highest", "5"),
        ("lowest", "2"),
        ("latest", "4"),  # two on the latest day: the greater
    ],
)
def test_average_highest_lowest_latest(run: Refer, how: str, expected: str) -> None:
    """Of 5 on one day, then 2 and 4 on a later one."""
    row = measure(
        run,
        m(f"{how} value of like", "when value is not missing"),
        """
        subject actor kind at         value
        ada     bob   like 2026-02-20 5
        ada     bob   like 2026-02-21 2
        ada     bob   like 2026-02-21 4
        ada     bob   like 2026-02-28 -
        """,
    )
    assert (row.value, row.records) == (D(expected), 3)


def test_an_average_of_negative_values_rounds_away_from_zero(run: Refer) -> None:
    """(-1 - 1 + 0) / 3 = -0.666…, so -0.666666667."""
    records = """
        subject actor kind at         change
        ada     bob   like 2026-02-20 -1
        ada     bob   like 2026-02-21 -1
        ada     bob   like 2026-02-22 0
    """
    row = measure(run, m("average change of like", "when change is not missing"), records)
    assert row.value == D("-0.666666667")


def test_days(run: Refer) -> None:
    """Four posts on two days are 2."""
    row = measure(
        run,
        m("days of post"),
        """
        subject actor kind at
        ada     ada   post 2026-02-20
        ada     ada   post 2026-02-20
        ada     ada   post 2026-02-22
        ada     ada   post 2026-02-22
        """,
    )
    assert (row.value, row.records) == (D(2), 4)


@pytest.mark.parametrize(
    ("cited", "h"), [([10, 8, 5, 4, 3], 4), ([0, 1, 3, 5, 6], 3), ([15, 23, 0, 0, 7, 4, 1, 0, 0, 0], 4), ([1], 1)]
)
def test_h_index_as_published(run: Refer, cited: list[int], h: int) -> None:
    """Published: citations 10, 8, 5, 4, 3 give 4; 0, 1, 3, 5, 6 give 3; the third, by Scribd's page, 4."""
    rows = [f"ada bob like 2026-02-20 p{place}" for place, times in enumerate(cited) for _ in range(times)]
    records = "\n".join(["subject actor kind at item", *rows])
    assert measure(run, m("h index of like by item", "when item is not missing"), records).value == D(h)


def test_a_formula(run: Refer) -> None:
    """Likes for each post: 3 / 2 = 1.5; a formula has no records of its own."""
    text = """
measure likes "like" / "likes"
    count like

measure posts "post" / "posts"
    count post

measure m "like for each post" / "likes for each post"
    = likes / posts
    when posts >= 2
"""
    likes = "ada bob like 2026-02-20\n" * 3
    row = measure(run, text, "subject actor kind at\n" + likes + "ada ada post 2026-02-20\n" * 2)
    assert row == MeasureRow("ada", "m", "value", D("1.5"), None)
    # With one post the condition is not met: not applicable, which is missing and not 0.
    row = measure(run, text, "subject actor kind at\n" + likes + "ada ada post 2026-02-20\n")
    assert row == MeasureRow("ada", "m", "not applicable", None, None)


def test_a_formula_of_what_may_be_missing(run: Refer) -> None:
    """The highest of no likes is missing: `or else 7` gives 7; where it must be there, the formula is not
    applicable."""
    text = """
measure best "best" / "bests"
    highest value of like
    when value is not missing

measure m "twice the best" / "twice the bests"
    = {}
"""
    records = "subject actor kind at\nada ada post 2026-02-20"
    assert measure(run, text.format("2 * (best or else 7)"), records).value == D(14)
    guarded = text.format("2 * best\n    when best is not missing")
    assert measure(run, guarded, records) == MeasureRow("ada", "m", "not applicable", None, None)


# ---- given -------------------------------------------------------------------------------------------------------


def test_given_takes_the_records_whose_actor_is_the_person(run: Refer) -> None:
    """ada gave likes to bob and to herself: 2; the one that bob gave her is none of hers."""
    records = """
        subject actor kind at
        bob     ada   like 2026-02-20
        ada     ada   like 2026-02-20
        ada     bob   like 2026-02-20
        bob     -     like 2026-02-20
    """
    assert measure(run, m("count like given"), records).value == D(2)


# ---- when and within ---------------------------------------------------------------------------------------------


def test_when_is_asked_of_the_record(run: Refer) -> None:
    """Of values 1, 5 and none, one is above 2 and one is not; one is missing; `or else 9` makes two above 2."""
    records = """
        subject actor kind at         value
        ada     bob   like 2026-02-20 1
        ada     bob   like 2026-02-20 5
        ada     bob   like 2026-02-20 -
    """
    assert measure(run, m("count like", "when value is not missing and value > 2"), records).value == D(1)
    assert measure(run, m("count like", "when value is not missing and not value > 2"), records).value == D(1)
    assert measure(run, m("count like", "when value is missing"), records).value == D(1)
    assert measure(run, m("count like", "when (value or else 9) > 2"), records).value == D(2)


def test_within_takes_ages_from_0_to_one_less(run: Refer) -> None:
    """Within 10 days of 1 March: 20 February has age 9 and counts, 19 February has age 10 and is outside the window."""
    records = """
        subject actor kind at
        ada     bob   like 2026-03-01
        ada     bob   like 2026-02-20
        ada     bob   like 2026-02-19
        ada     bob   like 2026-02-18
        ada     bob   like 2026-03-02
    """
    text = m("count like", "within 10 days")
    assert measure(run, text, records) == MeasureRow("ada", "m", "value", D(2), 2)
    # Gross 4 (what is not yet is not looked at) - 2 outside = 2.
    assert steps(run, text, records) == [("window", "", 2, D(2))]


def test_weeks_are_seven_days(run: Refer) -> None:
    """Within 1 week of 1 March: age 6 (23 February) is in, age 7 is out."""
    records = "subject actor kind at\nada bob like 2026-02-23\nada bob like 2026-02-22"
    assert measure(run, m("count like", "within 1 week"), records).value == D(1)


# ---- discounts ---------------------------------------------------------------------------------------------------

DISCOUNTS = """
discount bulk "bulk"
    to 50%
    when (item or else "-") = "bulk"
    because "Cheap."

discount old_friend "old friends"
    to 30%
    when (actor or else "-") = "bob"
    because "Biased."

"""


def test_two_discounts_multiply_and_each_is_charged(run: Refer) -> None:
    """bob's bulk like: 1 * 0.5 = 0.5, bulk took 0.5; 0.5 * 0.3 = 0.15, the friend took 0.35.

    bob's other like: 0.3, the friend took 0.7. cyd's: 1. In all 0.15 + 0.3 + 1 = 1.45 = 3 - 0.5 - 1.05.
    """
    records = """
        subject actor kind at         item
        ada     bob   like 2026-02-20 bulk
        ada     bob   like 2026-02-20 p
        ada     cyd   like 2026-02-20 p
    """
    text = DISCOUNTS + m("count like")
    assert measure(run, text, records) == MeasureRow("ada", "m", "value", D("1.45"), 3)
    assert steps(run, text, records) == [
        ("discount", "bulk", 1, D("0.5")),
        ("discount", "old_friend", 2, D("1.05")),
    ]


def test_a_discounted_value_is_rounded_to_9_places(run: Refer) -> None:
    """0.01 * 0.333333333 = 0.00333333333, so 0.003333333."""
    text = 'discount third "third"\n    to 33.3333333%\n    because "Less."\n' + m("sum value or else 0 of like")
    records = "subject actor kind at value\nada bob like 2026-02-20 0.01"
    assert measure(run, text, records).value == D("0.003333333")


def test_a_discounted_record_counts_in_full_where_it_has_no_value(run: Refer) -> None:
    """Discounts take nothing from days, highest or an h index."""
    records = "subject actor kind at item value\nada bob like 2026-02-20 bulk 8"
    assert measure(run, DISCOUNTS + m("days of like"), records).value == D(1)
    row = measure(run, DISCOUNTS + m("highest value of like", "when value is not missing"), records)
    assert row.value == D(8)
    assert steps(run, DISCOUNTS + m("days of like"), records) == []


def test_distinct_counts_each_value_by_its_highest_factor(run: Refer) -> None:
    """bob gave one like in bulk (0.5 * 0.3 = 0.15) and one not (0.3): he counts 0.3. cyd in bulk counts 0.5. 0.8 = 2
    - 0.5 - 0.7.

    bulk is charged 0.5 for cyd alone, since bob counts through the like that was not in bulk.
    """
    records = """
        subject actor kind at         item
        ada     bob   like 2026-02-20 bulk
        ada     bob   like 2026-02-20 p
        ada     cyd   like 2026-02-20 bulk
    """
    text = DISCOUNTS + m("distinct actor of like", "when actor is not missing")
    assert measure(run, text, records) == MeasureRow("ada", "m", "value", D("0.8"), 3)
    assert steps(run, text, records) == [
        ("discount", "bulk", 1, D("0.5")),
        ("discount", "old_friend", 1, D("0.7")),
    ]


# ---- dilution ----------------------------------------------------------------------------------------------------


def test_dilution_shares_a_day_among_all_that_the_actor_gave(run: Refer) -> None:
    """bob liked three times on the 20th, twice ada and once eve: each counts 1/3 = 0.333333333, two of them
    0.666666666.

    On the 21st he liked once: 1. cyd's like is hers alone: 1. In all 2.666666666; dilution took 2 - 0.666666666 =
    1.333333334 from two records. A post of bob's on the 20th is no like; nobody's likes do not pass `when`.
    """
    records = """
        subject actor kind at
        ada     bob   like 2026-02-20
        ada     bob   like 2026-02-20
        eve     bob   like 2026-02-20
        ada     bob   like 2026-02-21
        ada     cyd   like 2026-02-20
        ada     -     like 2026-02-20
        ada     -     like 2026-02-20
        bob     bob   post 2026-02-20
    """
    text = m("count like", "when actor is not missing", "diluted per actor per day")
    assert measure(run, text, records).value == D("2.666666666")
    assert steps(run, text, records) == [("dilution", "", 2, D("1.333333334"))]


def test_dilution_does_not_see_what_is_excluded_or_fails_when(run: Refer) -> None:
    """bob liked four times that day: one is excluded and one has no item, so two are left and each counts 1/2."""
    text = 'exclude spam "spam"\n    when (item or else "-") = "spam"\n    because "Noise."\n\n' + m(
        "count like", "when actor is not missing and item is not missing", "diluted per actor per day"
    )
    records = """
        subject actor kind at         item
        ada     bob   like 2026-02-20 p
        eve     bob   like 2026-02-20 p
        eve     bob   like 2026-02-20 spam
        eve     bob   like 2026-02-20 -
    """
    assert measure(run, text, records).value == D("0.5")


# ---- keep --------------------------------------------------------------------------------------------------------


def test_keep_for_all_time(run: Refer) -> None:
    """At most 2 per actor: bob's three likes count 2, cyd's one 1; one like worth 1 is left out."""
    records = """
        subject actor kind at
        ada     bob   like 2026-02-20
        ada     bob   like 2026-02-10
        ada     bob   like 2026-01-01
        ada     cyd   like 2026-02-20
    """
    text = m("count like", "when actor is not missing", "keep at most 2 per actor")
    assert measure(run, text, records) == MeasureRow("ada", "m", "value", D(3), 3)
    assert steps(run, text, records) == [("keep", "", 1, D(1))]


def test_keep_holds_the_highest_values_and_of_equal_ones_the_latest_day(run: Refer) -> None:
    """bob gave 5 on the 1st, 3 on the 2nd and 3 on the 20th: 5 and the later 3 are kept, as the evidence says."""
    text = m("sum value or else 0 of like", "when actor is not missing", "keep at most 2 per actor")
    records = """
        subject actor kind at         value
        ada     bob   like 2026-02-01 5
        ada     bob   like 2026-02-02 3
        ada     bob   like 2026-02-20 3
    """
    assert measure(run, text, records).value == D(8)
    evidence = list(run(HEAD + text + TAIL, records).evidence("ada"))
    assert [(row.values[3], row.fate, row.effect) for row in evidence] == [
        ("2026-02-20", "counted", D(3)),
        ("2026-02-02", "keep", D(0)),
        ("2026-02-01", "counted", D(5)),
    ]


def test_keep_per_two_fields_and_week(run: Refer) -> None:
    """At most 1 per actor and item a week: bob's two on p1 in one ISO week count 1; p2 and the next week count
    again."""
    records = """
        subject actor kind at         item
        ada     bob   like 2026-02-16 p1
        ada     bob   like 2026-02-22 p1
        ada     bob   like 2026-02-22 p2
        ada     bob   like 2026-02-23 p1
    """
    text = m(
        "count like", "when actor is not missing and item is not missing", "keep at most 1 per actor, item per week"
    )
    assert measure(run, text, records).value == D(3)


def test_week_53_is_one_week(run: Refer) -> None:
    """31 December 2026 and 3 January 2027 lie in ISO week 53 of 2026, 4 January in the next: 1 + 1 = 2 kept of 3."""
    records = """
        subject actor kind at
        ada     bob   like 2026-12-31
        ada     bob   like 2027-01-03
        ada     bob   like 2027-01-04
    """
    text = m("count like", "when actor is not missing", "keep at most 1 per actor per week")
    assert measure(run, text, records, as_of="2027-02-01").value == D(2)
    month = m("count like", "when actor is not missing", "keep at most 1 per actor per month")
    assert measure(run, month, records, as_of="2027-02-01").value == D(2)
    day = m("count like", "when actor is not missing", "keep at most 1 per actor per day")
    assert measure(run, day, records, as_of="2027-02-01").value == D(3)


def test_keep_looks_at_values_after_discounts(run: Refer) -> None:
    """Of bob's like in bulk (0.15) and his like not in bulk (0.3), the one that counts more is kept."""
    records = """
        subject actor kind at         item
        ada     bob   like 2026-02-28 bulk
        ada     bob   like 2026-02-01 p
    """
    text = DISCOUNTS + m("count like", "when actor is not missing", "keep at most 1 per actor")
    assert measure(run, text, records).value == D("0.3")
    # 2 - 0.5 (bulk) - 0.35 - 0.7 (friend) - 0.15 (left out) = 0.3
    assert steps(run, text, records) == [
        ("discount", "bulk", 1, D("0.5")),
        ("discount", "old_friend", 2, D("1.05")),
        ("keep", "", 1, D("0.15")),
    ]


# ---- total -------------------------------------------------------------------------------------------------------


def test_a_total_cuts_the_record_that_crosses_it(run: Refer) -> None:
    """5 + 4 + 3 in a day of at most 7: 5 counts, 4 is cut to 2, 3 to nothing; 1 of the next day counts.

    12 + 1 - 5 = 8; two records were cut, one of them left out, so 3 records count.
    """
    records = """
        subject actor kind at         value
        ada     bob   like 2026-02-20 3
        ada     bob   like 2026-02-20 5
        ada     cyd   like 2026-02-20 4
        ada     cyd   like 2026-02-21 1
    """
    text = m("sum value or else 0 of like", "total at most 7 per day")
    assert measure(run, text, records) == MeasureRow("ada", "m", "value", D(8), 3)
    assert steps(run, text, records) == [("total", "", 2, D(5))]
    evidence = list(run(HEAD + text + TAIL, records).evidence("ada"))
    assert [(row.values[5], row.fate, row.effect) for row in evidence] == [
        ("1", "counted", D(1)),
        ("3", "total", D(0)),
        ("5", "counted", D(5)),
        ("4", "counted", D(2)),
    ]


def test_the_cap_of_stack_exchange(run: Refer) -> None:
    """25 upvotes at 10 in a day of at most 200: 250 - 50 = 200. 19 upvotes and a downvote at -2: 190 - 2 = 188."""
    text = m("sum by kind", "    like: 10", "    report: -2", "total at most 200 per day")
    ups = "ada bob like 2026-02-20\n"
    down = "ada bob report 2026-02-20\n"
    row = measure(run, text, "subject actor kind at\n" + ups * 25)
    assert (row.value, row.records) == (D(200), 20)
    assert steps(run, text, "subject actor kind at\n" + ups * 25) == [("total", "", 5, D(50))]
    assert measure(run, text, "subject actor kind at\n" + ups * 19 + down).value == D(188)


def test_a_total_limits_the_net_of_the_period(run: Refer) -> None:
    """25 upvotes and 3 downvotes: -6, so upvotes may come to 206: twenty whole ones, one cut to 6; the net is 200."""
    text = m("sum by kind", "    like: 10", "    report: -2", "total at most 200 per day")
    records = "subject actor kind at\n" + "ada bob like 2026-02-20\n" * 25 + "ada bob report 2026-02-20\n" * 3
    assert measure(run, text, records) == MeasureRow("ada", "m", "value", D(200), 24)
    # 250 - 6 - 200 = 44 was taken from 5 records: one cut by 4, four left out.
    assert steps(run, text, records) == [("total", "", 5, D(44))]


def test_totals_by_week_and_month(run: Refer) -> None:
    """Sunday 22 and Monday 23 February are two weeks of one month: at most 2 each week is 4, each month 2."""
    records = "subject actor kind at\n" + "ada bob like 2026-02-22\n" * 3 + "ada bob like 2026-02-23\n" * 3
    assert measure(run, m("count like", "total at most 2 per week"), records).value == D(4)
    assert measure(run, m("count like", "total at most 2 per month"), records).value == D(2)


# ---- halving -----------------------------------------------------------------------------------------------------


def test_halving(run: Refer) -> None:
    """Half-life 30 days: of today 1, of 30 days ago 0.5, of 9 days ago 2^-0.3 = 0.812252396. Fading took
    0.687747604."""
    records = """
        subject actor kind at
        ada     bob   like 2026-03-01
        ada     bob   like 2026-01-30
        ada     bob   like 2026-02-20
    """
    text = m("count like", "halving every 30 days")
    assert measure(run, text, records) == MeasureRow("ada", "m", "value", D("2.312252396"), 3)
    assert steps(run, text, records) == [("fading", "", 2, D("0.687747604"))]


def test_limits_come_before_fading(run: Refer) -> None:
    """Four likes 30 days ago, at most 2 a day: 2 are left, and each fades to 0.5, so 1 and not 2."""
    records = "subject actor kind at\n" + "ada bob like 2026-01-30\n" * 4
    text = m("count like", "total at most 2 per day", "halving every 30 days")
    assert measure(run, text, records).value == D(1)
    # 4 - 2 (total) - 1 (fading) = 1
    assert steps(run, text, records) == [("total", "", 2, D(2)), ("fading", "", 2, D(1))]


def test_a_parameter_may_be_a_half_life(run: Refer) -> None:
    """`halving every fade` with fade = 2 weeks: 14 days ago counts 0.5."""
    text = 'parameter fade = 2 weeks "half-life"\n    because "Short."\n\n' + m("count like", "halving every fade")
    assert measure(run, text, "subject actor kind at\nada bob like 2026-02-15").value == D("0.5")


def test_distinct_fades_by_its_highest_factor(run: Refer) -> None:
    """bob liked 30 and 60 days ago: he counts 0.5 through the later; cyd of today 1. 1.5 = 2 - 0.5."""
    records = """
        subject actor kind at
        ada     bob   like 2026-01-30
        ada     bob   like 2025-12-31
        ada     cyd   like 2026-03-01
    """
    text = m("distinct actor of like", "when actor is not missing", "halving every 30 days")
    assert measure(run, text, records).value == D("1.5")
    assert steps(run, text, records) == [("fading", "", 1, D("0.5"))]
    evidence = list(run(HEAD + text + TAIL, records).evidence("ada"))
    assert [(row.values[3], row.fate, row.effect) for row in evidence] == [
        ("2026-03-01", "counted", D(1)),
        ("2026-01-30", "counted", D("0.5")),
        ("2025-12-31", "repeated", D(0)),
    ]


def test_gross_less_all_steps_is_the_measure(run: Refer) -> None:
    """Every step at once on likes worth 4 each; what each took adds up.

    Looked at: bob's four of the 20th, one of them excluded, and one of 2025. Gross 20.
    Excluded 4, window 4 (2025). Left three of 4: bulk halves one to 2 (took 2). bob gave 3 that day, so 4/3 =
    1.333333333,
    1.333333333 and 2/3 = 0.666666667: took 10 - 3.333333333 = 6.666666667. Keep 2: left out 0.666666667, left
    2.666666666.
    At most 2 a day: the second is cut to 0.666666667, took 0.666666666, left 2. Age 9, half-life 9: 0.666666667 and
    0.333333334
    (1.333333333 / 2 = 0.6666666665 rounds up; 0.666666667 / 2 = 0.3333333335 rounds up), took 0.999999999, left
    1.000000001.
    """
    text = (
        'exclude spam "spam"\n    when (item or else "-") = "spam"\n    because "Noise."\n\n'
        'discount bulk "bulk"\n    to 50%\n    when (item or else "-") = "bulk"\n    because "Cheap."\n\n'
        + m(
            "sum 4 * 1 of like",
            "when actor is not missing",
            "within 90 days",
            "diluted per actor per day",
            "keep at most 2 per actor",
            "total at most 2 per day",
            "halving every 9 days",
        )
    )
    records = """
        subject actor kind at         item
        ada     bob   like 2026-02-20 a
        ada     bob   like 2026-02-20 b
        ada     bob   like 2026-02-20 bulk
        ada     bob   like 2026-02-20 spam
        ada     bob   like 2025-02-20 a
        ada     bob   like 2025-02-20 spam
    """
    row = measure(run, text, records)
    assert row == MeasureRow("ada", "m", "value", D("1.000000001"), 2)
    assert steps(run, text, records) == [
        ("excluded", "spam", 1, D(4)),
        ("window", "", 1, D(4)),
        ("discount", "bulk", 1, D(2)),
        ("dilution", "", 3, D("6.666666667")),
        ("keep", "", 1, D("0.666666667")),
        ("total", "", 1, D("0.666666666")),
        ("fading", "", 2, D("0.999999999")),
    ]
    assert sum(step[3] or 0 for step in steps(run, text, records)) == 20 - D("1.000000001")


def test_steps_of_measures_without_values_have_none(run: Refer) -> None:
    """What days leaves out is counted, and has no value; what counts has no effect of its own in the evidence."""
    text = 'exclude spam "spam"\n    when (item or else "-") = "spam"\n    because "Noise."\n\n' + m(
        "days of like", "within 90 days"
    )
    records = """
        subject actor kind at         item
        ada     bob   like 2026-02-20 a
        ada     bob   like 2026-02-21 spam
        ada     bob   like 2025-02-20 a
    """
    ledger = run(HEAD + text + TAIL, records).subject("ada")
    assert ledger is not None
    assert ledger.steps == (
        StepRow("ada", "m", "excluded", "spam", 1, None),
        StepRow("ada", "m", "window", "", 1, None),
    )
    evidence = list(run(HEAD + text + TAIL, records).evidence("ada"))
    assert [(row.order, row.fate, row.name, row.effect) for row in evidence] == [
        (1, "excluded", "spam", None),
        (2, "counted", "", None),
        (3, "window", "", None),
    ]
