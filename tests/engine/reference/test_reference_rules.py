"""Takes people's attributes; gives proof that rules, facets, the score and bands are what is worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tallystick.engine.ledger import AdjustmentRow, FacetRow, LineRow, ScoreRow, SubjectLedger
from tallystick.engine.reference import ReferenceRun

Refer = Callable[..., ReferenceRun]
D = Decimal

HEAD = """
rulebook "Case" version 1.0.0
    owner "Tests"

subjects
    x      number -1000000 to 1000000 with 9 places optional
    y      number 0 to 1000 with 6 places optional
    joined date optional
    member yes/no optional
    colour one of red, green, blue optional
    name   text optional
    seen   time optional

"""
SUM = '\nscore "Case"\n    sum of all rules\n'


def ledger_of(run: Refer, text: str, as_of: str = "2026-03-01", **attributes: str) -> SubjectLedger:
    """Score ada, who has these attributes and no others."""
    heading = " ".join(("subject", *attributes))
    values = " ".join(("ada", *attributes.values()))
    ledger = run(HEAD + text, subjects=f"{heading}\n{values}", as_of=as_of).subject("ada")
    assert ledger is not None
    return ledger


def rule(*lines: str, name: str = "r") -> str:
    """Write a rule."""
    return f'rule {name} "Rule"\n' + "".join(f"    {line}\n" for line in lines) + "\n"


def line_of(run: Refer, *lines: str, score: str = SUM, as_of: str = "2026-03-01", **attributes: str) -> LineRow:
    """Work out one rule for ada."""
    return ledger_of(run, rule(*lines) + score, as_of=as_of, **attributes).lines[0]


def points(run: Refer, *lines: str, as_of: str = "2026-03-01", **attributes: str) -> Decimal | None:
    """Return the points that one rule gives ada."""
    return line_of(run, *lines, as_of=as_of, **attributes).points


# ---- weighted rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "x", "expected_level", "expected"),
    [
        ("x or else 0, linear to 200", "50", "0.25", "10"),  # 40 * 50/200
        ("x or else 0, linear to 200", "250", "1", "40"),  # held at 200
        ("x or else 0, linear to 200", "-50", "0", "0"),  # held at 0
        ("x or else 0, linear to 3", "1", "0.333333333", "13.33333332"),  # 40 * 0.333333333
        ("x or else 0, square root to 100", "25", "0.5", "20"),
        ("x or else 0, logarithmic to 3", "1", "0.5", "20"),  # ln 2 / ln 4
        ("x or else 0, logarithmic to 500", "0.812252396", "0.095642297", "3.82569188"),
        ("x or else 0", "0.3", "0.3", "12"),  # alone: held within 0 to 1
        ("x or else 0", "7", "1", "40"),
        ("x or else 0", "-7", "0", "0"),
    ],
)
def test_weight_times_level(run: Refer, level: str, x: str, expected_level: str, expected: str) -> None:
    """Points are the weight, 40, times the level."""
    line = line_of(run, "weight 40", f"level {level}", x=x)
    assert (line.state, line.input, line.level, line.weight) == ("applies", D(x), D(expected_level), D(40))
    assert (line.value, line.points) == (D(expected), D(expected))


# ---- points and expressions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "x", "expected"),
    [
        ("-2 * (x or else 0)", "3", "-6"),
        ("(x or else 0) / 3", "2", "0.666666667"),  # 0.6666666666…
        ("(x or else 0) / 3", "-2", "-0.666666667"),
        ("(x or else 0) / 3 * 3", "2", "2.000000001"),  # the quotient is rounded as it is made
        ("(x or else 0) * 0.5", "0.000000001", "0.000000001"),  # 0.0000000005 rounds away from zero
        ("min(x or else 0, 2, 9)", "3", "2"),
        ("max(x or else 0, 2, 9)", "3", "9"),
        ("abs(x or else 0)", "-3.5", "3.5"),
        ("round(x or else 0)", "-3.5", "-4"),
        ("round(x or else 0)", "3.49", "3"),
        ("floor(x or else 0)", "-3.5", "-4"),
        ("ceiling(x or else 0)", "-3.5", "-3"),
        ("floor(x or else 0)", "3.5", "3"),
        ("ceiling(x or else 0)", "3.1", "4"),
        ("sqrt(max(x or else 0, 0))", "2", "1.414213562"),  # 1.41421356237…
        ("ln(max(x or else 0, 1))", "10", "2.302585093"),
        ("log10(max(x or else 0, 1))", "1000", "3"),
        ("exp(min(x or else 0, 20))", "1", "2.718281828"),
        ("exp(min(x or else 0, 20))", "20", "485165195.409790278"),
        ("if (x or else 0) > 2 then 10 else 20", "3", "10"),
        ("if (x or else 0) > 2 then 10 else 20", "2", "20"),
        ("if (x or else 0) in (1, 2, 3) then 1 else 0", "2", "1"),
        ("if (x or else 0) not in (1, 2, 3) then 1 else 0", "2", "0"),
        ("if x is missing then 1 else 2", "2", "2"),
        ("if x is not missing then x else 2", "7", "7"),
        ("25% * (x or else 0)", "8", "2"),
    ],
)
def test_expressions(run: Refer, expression: str, x: str, expected: str) -> None:
    """Every operation and function of numbers, by hand."""
    assert points(run, f"points {expression}", x=x) == D(expected)


@pytest.mark.parametrize(
    ("condition", "attributes", "holds"),
    [
        ('name starts with "Ad"', {"name": "Ada"}, True),
        ('name starts with "ad"', {"name": "Ada"}, False),
        ('name starts with "aD" ignoring case', {"name": "AdA"}, True),
        ('name ends with "DA" ignoring case', {"name": "Ada"}, True),
        ('name contains "d"', {"name": "Ada"}, True),
        ('name contains "É" ignoring case', {"name": "Zoé"}, False),  # only A to Z are folded
        ('name < "a"', {"name": "Z"}, True),  # by code points
        ('name = "\u00e9"', {"name": "e\u0301"}, False),  # not the same code points
        ("colour = red", {"colour": "red"}, True),
        ("colour in (red, blue)", {"colour": "green"}, False),
        ("member", {"member": "yes"}, True),
        ("not member", {"member": "yes"}, False),
        ("member = no", {"member": "no"}, True),
        ("joined < 2026-01-01", {"joined": "2025-12-31"}, True),
        ("joined >= 2026-01-01", {"joined": "2025-12-31"}, False),
        ("seen = 2026-01-01T00:00:00Z", {"seen": "2026-01-01T01:00:00+01:00"}, True),
        ("member and x > 1", {"member": "no"}, False),  # x is missing, but `no` decides
        ("member or x > 1", {"member": "yes"}, True),
        ("member and x > 1", {"member": "yes"}, None),
        ("not (member or x > 1)", {"member": "no"}, None),
        ("x > 1", {}, None),
        ("not x > 1", {}, None),
        ("x != 1", {}, None),
        ("x in (1, y)", {"x": "1"}, True),  # y is missing, but x is 1
        ("x not in (y, 1)", {"x": "1"}, False),
        ("x in (2, y)", {"x": "1"}, None),
        ("x not in (2, y)", {"x": "1"}, None),
        ("(if x > 1 then 1 else 2) > 0", {}, None),  # nobody can tell which of the two
    ],
)
def test_conditions(run: Refer, condition: str, attributes: dict[str, str], holds: bool | None) -> None:  # noqa: FBT001
    """A condition holds, does not, or is not known because something that decides it is missing."""
    line = line_of(run, f"when {condition}", "points 1", "otherwise not applicable", **attributes)
    assert line.state == {True: "applies", False: "not applicable", None: "missing"}[holds]
    assert line.points == (1 if holds else None)


@pytest.mark.parametrize(
    ("expression", "attributes", "expected"),
    [
        ("days since joined", {"joined": "2026-02-01"}, "28"),
        ("days since joined", {"joined": "2026-03-01"}, "0"),
        ("years since joined", {"joined": "2024-02-29"}, "2"),  # on 1 March 2026, the second birthday
        ("years since joined", {"joined": "2024-03-02"}, "1"),
        ("days from joined to 2026-02-01", {"joined": "2026-02-11"}, "-10"),
        ("days since seen", {"seen": "2026-02-28T23:59:59Z"}, "1"),
        ("seconds from 2026-01-01T00:00:00Z to seen", {"seen": "2026-01-01T00:01:00.25Z"}, "60.25"),
        ("seconds from seen to 2026-01-01T00:00:00Z", {"seen": "2026-01-01T00:01:00.000001Z"}, "-60.000001"),
    ],
)
def test_days_years_and_seconds(run: Refer, expression: str, attributes: dict[str, str], expected: str) -> None:
    """Days and birthdays up to 1 March 2026, and the days or seconds between two, which may be reversed."""
    assert points(run, f"points {expression}", "otherwise not applicable", **attributes) == D(expected)


def test_a_day_that_is_still_to_come_is_no_time_ago(run: Refer) -> None:
    """`days since` 2 March is missing on 1 March, and the line names what it asked for."""
    line = line_of(run, "points days since joined", "otherwise not applicable", joined="2026-03-02")
    assert (line.state, line.missing, line.points) == ("missing", "joined", None)


# ---- tables ------------------------------------------------------------------------------------------------------

STRETCHES = (
    "points by x",
    "    under 1: 10",
    "    1 to under 2: 20",
    "    2 to 3: 30",
    "    over 3 to under 4: 40",
    "    4 to 4: 50",
    "    over 4 to 5: 60",
    "    over 5: 70",
    '    missing: 80 "Unknown."',
)


@pytest.mark.parametrize(
    ("x", "row"),
    [
        ("-7", 0), ("0.999999999", 0), ("1", 1), ("1.999999999", 1), ("2", 2), ("3", 2), ("3.000000001", 3),
        ("3.999999999", 3), ("4", 4), ("4.000000001", 5), ("5", 5), ("5.000000001", 6), ("-", 7),
    ],
)  # fmt: skip
def test_each_value_has_its_row(run: Refer, x: str, row: int) -> None:
    """Every form of row takes what it says, to the last place, with and without its ends."""
    line = line_of(run, *STRETCHES, x=x)
    assert (line.row, line.points) == (row, D(10 * row + 10))
    assert line.state == ("missing" if x == "-" else "applies")
    assert line.input == (None if x == "-" else D(x))
    assert line.missing == ("x" if x == "-" else None)


@pytest.mark.parametrize(("x", "expected"), [("1", "10"), ("1.000000001", "20"), ("3", "20"), ("4", "30")])
def test_rows_up_to_and_or_more(run: Refer, x: str, expected: str) -> None:
    """`up to 1` takes 1; `over 1 to under 4` starts after it; `4 or more` takes 4."""
    rows = ("points by x or else 0", "    up to 1: 10", "    over 1 to under 4: 20", "    4 or more: 30")
    assert points(run, *rows, x=x) == D(expected)


@pytest.mark.parametrize(
    ("attributes", "row", "state"),
    [
        ({"colour": "red"}, 0, "applies"),
        ({"colour": "green"}, 0, "applies"),
        ({"colour": "blue"}, 1, "applies"),
        ({}, 1, "missing"),
    ],
)
def test_rows_of_values_and_otherwise(run: Refer, attributes: dict[str, str], row: int, state: str) -> None:
    """`otherwise` takes every other value, and the missing one where there is no row for it."""
    line = line_of(run, "points by colour", "    red, green: 1", "    otherwise: 2", **attributes)
    assert (line.row, line.points, line.state, line.input) == (row, row + 1, state, None)
    assert line.missing == (None if attributes else "colour")


def test_rows_of_texts_and_of_dates(run: Refer) -> None:
    """Texts are taken as they are; a date from 2020 to the end of 2024 takes both ends."""
    texts = ("points by name", '    "Ada", "Eve": 1', "    otherwise: 2")
    assert [points(run, *texts, name=name) for name in ("Ada", "Eve", "ada")] == [1, 1, 2]
    dates = (
        "points by joined",
        "    under 2020-01-01: 1",
        "    2020-01-01 to 2024-12-31: 2",
        "    over 2024-12-31: 3",
        "    missing: 4",
    )
    got = [points(run, *dates, joined=day) for day in ("2019-12-31", "2020-01-01", "2024-12-31", "2025-01-01", "-")]
    assert got == [1, 2, 2, 3, 4]


def test_a_table_falls_back_on_the_rules_otherwise(run: Refer) -> None:
    """Without a row for it, what is missing is the business of `otherwise`: 7 points, state `missing`, no row."""
    rows = ("points by x", "    under 1: 10", "    1 or more: 20", 'otherwise 7 "Unknown."')
    line = line_of(run, *rows, x="-")
    assert (line.state, line.missing, line.row, line.value, line.points) == ("missing", "x", None, D(7), D(7))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"x": "1", "y": "3"}, ("applies", None, D(1), 1, D(3))),
        ({"x": "1"}, ("missing", "y", None, None, D(5))),
        ({"x": "-1"}, ("applies", None, D(-1), 0, D(2))),
        ({"y": "3"}, ("missing", "x", None, 2, D(7))),
        ({}, ("missing", "x", None, 2, D(7))),
        ({"x": "1", "member": "no"}, ("not applicable", None, None, None, D(5))),
    ],
)
def test_a_row_whose_points_are_missing_falls_back_on_the_rules_otherwise(
    run: Refer, attributes: dict[str, str], expected: tuple[str, str | None, Decimal | None, int | None, Decimal]
) -> None:
    """Row 1 gives y. Who has an x of 1 and no y lacks a value that the rule needs: `otherwise`, 5, and no row. Only a
    missing x is the business of the row `missing`."""
    rows = ("points by x", "    under 0: 2", "    0 or more: y", "    missing: 7")
    line = line_of(run, *rows, "when member", 'otherwise 5 "Unknown."', **{"member": "yes", **attributes})
    assert (line.state, line.missing, line.input, line.row, line.points) == expected


@pytest.mark.parametrize(("attributes", "points_given"), [({"y": "3"}, D(3)), ({}, D(5)), ({"x": "2"}, D(2))])
def test_a_row_missing_or_otherwise_can_lack_its_points_too(
    run: Refer, attributes: dict[str, str], points_given: Decimal
) -> None:
    """A row `missing`, or `otherwise`, whose own points are missing leaves it to the rule, as any other row does."""
    for row in ("missing: y", "otherwise: y"):
        rows = ("points by x", "    2: 2", f"    {row}", *([] if "otherwise" in row else ["    otherwise: 1"]))
        line = line_of(run, *rows, 'otherwise 5 "Unknown."', **attributes)
        assert line.points == points_given
        assert line.missing == (None if "x" in attributes else "x")


# ---- when and otherwise ------------------------------------------------------------------------------------------


def test_a_rule_that_does_not_apply_gives_no_points(run: Refer) -> None:
    """Without `otherwise`, or with `otherwise not applicable`, the line has no points, which is not 0; the sum is 0."""
    for more in ((), ("otherwise not applicable",)):
        ledger = ledger_of(run, rule("when member or else no", "points 5", *more) + SUM, member="no")
        line = ledger.lines[0]
        assert (line.state, line.missing, line.value, line.points, line.rounding) == (
            "not applicable", None, None, None, None,
        )  # fmt: skip
        assert ledger.score == ScoreRow("ada", "scored", D(0), None, None)


def test_otherwise_gives_its_points(run: Refer) -> None:
    """`otherwise 3` serves when the condition is not met and when something is missing, and says which it was."""
    lines = ("when member and x > 1", "points 5", 'otherwise 3 "Not a member."')
    unmet, unknown = line_of(run, *lines, member="no", x="2"), line_of(run, *lines, x="2")
    assert (unmet.state, unmet.missing, unmet.points) == ("not applicable", None, D(3))
    assert (unknown.state, unknown.missing, unknown.points) == ("missing", "member", D(3))


def test_the_first_name_in_the_text_that_is_missing_is_named(run: Refer) -> None:
    """In `when`, then in the value: y is missing before x; member is there."""
    line = line_of(run, "when member", "points y + x", "otherwise not applicable", member="yes")
    assert (line.state, line.missing) == ("missing", "y")
    line = line_of(run, "when member", "points y + x", "otherwise not applicable", member="yes", y="1")
    assert (line.state, line.missing) == ("missing", "x")


# ---- bounds and rounding -----------------------------------------------------------------------------------------


def test_a_rules_bounds_act_before_the_lines_rounding(run: Refer) -> None:
    """-20.06 is raised to -10 (given 10.06); 20.06 is lowered to 10 (taken 10.06); 5.06 stays and rounds to 5.1
    (0.04)."""
    score = SUM + "    rounded to 1 place\n"
    lines = ("points x or else 0", "at most 10", "at least -10")
    low, high, between = (line_of(run, *lines, score=score, x=x) for x in ("-20.06", "20.06", "5.06"))
    assert (low.value, low.given, low.taken, low.rounding, low.points) == (D("-20.06"), D("10.06"), 0, 0, D(-10))
    assert (high.value, high.given, high.taken, high.rounding, high.points) == (D("20.06"), 0, D("10.06"), 0, D(10))
    assert (between.value, between.given, between.taken) == (D("5.06"), 0, 0)
    assert (between.rounding, between.points) == (D("0.04"), D("5.1"))


def test_under_a_sum_each_line_is_rounded_and_so_the_score(run: Refer) -> None:
    """0.05 + 0.05: each rounds to 0.1, so the score is 0.2 (and not 0.1); -0.05 rounds to -0.1."""
    text = (
        rule("points x or else 0", name="a") + rule("points x or else 0", name="b") + SUM + "    rounded to 1 place\n"
    )
    assert ledger_of(run, text, x="0.05").score.score == D("0.2")
    assert ledger_of(run, text, x="-0.05").score.score == D("-0.2")
    assert ledger_of(run, text, x="0.05").adjustments == ()


def test_lines_may_keep_more_places_than_the_score(run: Refer) -> None:
    """Lines to 2 places: 0.044 -> 0.04 each, 0.08 in all, shown as 0.1: the last rounding is 0.02."""
    text = rule("points x or else 0", name="a") + rule("points x or else 0", name="b") + SUM
    ledger = ledger_of(run, text + "    rounded to 1 place, lines to 2\n", x="0.044")
    assert [line.points for line in ledger.lines] == [D("0.04"), D("0.04")]
    assert ledger.adjustments == (AdjustmentRow("ada", "score", "", "rounding", D("0.02")),)
    assert ledger.score.score == D("0.1")


def test_a_facet_holds_its_subtotal(run: Refer) -> None:
    """Of 8 + 7 = 15 the facet holds 10: a cap of -5. With -8 - 7 = -15 it holds -3: a floor of 12. The rule beside
    it adds 1."""
    x = "(x or else 0)"
    text = (
        'facet f "Facet"\n    at most 10\n    at least -3\n\n'
        f'    rule a "Rule"\n        points 8 * {x}\n\n    rule b "Rule"\n        points 7 * {x}\n\n'
        'rule c "Rule"\n    points 1\n' + SUM
    )
    up = ledger_of(run, text, x="1")
    assert up.facets == (FacetRow("ada", "f", D(15), D(10)),)
    assert up.adjustments == (AdjustmentRow("ada", "facet", "f", "cap", D(-5)),)
    assert up.score.score == 11
    down = ledger_of(run, text, x="-1")
    assert down.facets == (FacetRow("ada", "f", D(-15), D(-3)),)
    assert down.adjustments == (AdjustmentRow("ada", "facet", "f", "floor", D(12)),)
    assert down.score.score == -2


def test_the_score_is_held_within_its_bounds(run: Refer) -> None:
    """120 is held at 100, a cap of -20; -7 at 0, a floor of 7; 50 needs nothing."""
    text = rule("points x or else 0") + SUM + "    at least 0\n    at most 100\n"
    capped, floored, free = (ledger_of(run, text, x=x) for x in ("120", "-7", "50"))
    assert capped.adjustments == (AdjustmentRow("ada", "score", "", "cap", D(-20)),)
    assert floored.adjustments == (AdjustmentRow("ada", "score", "", "floor", D(7)),)
    assert free.adjustments == ()
    assert [each.score.score for each in (capped, floored, free)] == [100, 0, 50]


# ---- the mean ----------------------------------------------------------------------------------------------------


def mean(out_of: int, rules: list[tuple[str, str]], more: str = "") -> str:
    """Write rules of a weight and a level each, and their mean."""
    text = "".join(
        rule(f"weight {weight}", f"level {level}", "otherwise not applicable", name=f"r{place}")
        for place, (weight, level) in enumerate(rules)
    )
    return text + f'\nscore "Case"\n    mean of all rules by weight, out of {out_of}\n{more}'


def test_the_published_mean_of_lighthouse(run: Refer) -> None:
    """Weights 10, 25, 30, 25, 10 and levels .02, 0, .25, .9, .19: .2 + 0 + 7.5 + 22.5 + 1.9 = 32.1 of 100, by 100:
    32.1."""
    levels = [("10", ".02"), ("25", "0"), ("30", ".25"), ("25", ".9"), ("10", ".19")]
    text = mean(100, [(weight, f"0{level} * (y or else 1)" if level[0] == "." else level) for weight, level in levels])
    ledger = ledger_of(run, text)
    assert [line.points for line in ledger.lines] == [D(".2"), D(0), D("7.5"), D("22.5"), D("1.9")]
    assert ledger.score.score == D("32.1")
    assert ledger.adjustments == ()


def test_a_mean_is_one_quotient(run: Refer) -> None:
    """Weights 40 and 37.5, levels 0.7 and 0.36: lines 28 and 13.5, 41.5 * 10 / 77.5 = 415/77.5 = 5.354838709677….

    The quotient is 5.35483871; the division takes 5.35483871 - 41.5 = -36.14516129; two places show 5.35, -0.00483871.
    """
    text = mean(10, [("40", "y * 0.7"), ("37.5", "y * 0.36")], "    rounded to 2 places\n")
    ledger = ledger_of(run, text, y="1")
    assert ledger.adjustments == (
        AdjustmentRow("ada", "score", "", "division", D("-36.14516129")),
        AdjustmentRow("ada", "score", "", "rounding", D("-0.00483871")),
    )
    assert ledger.score.score == D("5.35")


def test_the_published_aggregate_of_scorecard(run: Refer) -> None:
    """OpenSSF Scorecard: sum of weight times score 415 over weights 77.5 is 5.3548 when it is not rounded to places."""
    ledger = ledger_of(run, mean(10, [("40", "y * 0.7"), ("37.5", "y * 0.36")]), y="1")
    assert ledger.score.score == D("5.35483871")


def test_a_rule_that_does_not_apply_drops_out_of_a_mean(run: Refer) -> None:
    """Weights 1 and 3, levels 0.5 and unknown: 0.5 * 10 / 1 = 5. Were it taken for 0, it would be 1.25."""
    ledger = ledger_of(run, mean(10, [("1", "0.5 * y"), ("3", "x")]), y="1")
    assert [line.points for line in ledger.lines] == [D("0.5"), None]
    assert ledger.score.score == 5


def test_a_mean_in_which_no_rule_applies_is_insufficient_data(run: Refer) -> None:
    """Without any weight that applies there is nothing to divide by: no score, no lines, and `score` is to blame."""
    ledger = ledger_of(run, mean(10, [("1", "y"), ("3", "x")]))
    assert ledger.score == ScoreRow("ada", "insufficient data", None, None, "score")
    assert (ledger.lines, ledger.facets, ledger.adjustments) == ((), (), ())


# ---- bands -------------------------------------------------------------------------------------------------------

BANDS = '\nbands\n    from 0 low "Low"\n    from 20 middle "Middle"\n    from 50 high "High"\n'


@pytest.mark.parametrize(
    ("x", "band"), [("-1", None), ("0", "low"), ("19.94", "low"), ("19.95", "middle"), ("50", "high"), ("999", "high")]
)
def test_the_printed_score_decides_the_band(run: Refer, x: str, band: str | None) -> None:
    """19.95 is printed as 20.0, which is in the middle band; below the first there is none."""
    text = rule("points x or else 0") + SUM + "    rounded to 1 place\n" + BANDS
    assert ledger_of(run, text, x=x).score.band == band
