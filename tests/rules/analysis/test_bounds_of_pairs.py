"""Takes small rulebooks; holds what is derived of them to bounds that were worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from generators.accepted import accepted

from tallystick.rules import limits
from tallystick.rules.analysis import lines
from tallystick.rules.analysis.lines import Bound
from tallystick.rules.analysis.shifts import Pair
from tallystick.rules.rulebook import Rulebook

ANOTHER, OWN = Pair("another's records"), Pair("own records")
HEAD = """\
rulebook "Pairs" version 1.0.0
    owner "Tests"

records
    id      text
    subject text
    actor   text
    kind    one of like, share, post
    at      date
    item    text
    level   number 0 to 10 with 1 places

subjects
    joined date optional

"""


def rulebook_of(declarations: str, rule: str, rounded: str = "rounded to 1 place") -> Rulebook:
    """Return a rulebook with one rule."""
    first, *others = (line.strip() for line in rule.split("|"))
    rows = "    " if first.startswith("points by") else ""
    body = "".join(f"    {'' if line == 'otherwise not applicable' else rows}{line}\n" for line in others)
    body = f"    {first}\n{body}"
    text = f'{HEAD}{declarations}rule r "R"\n{body}    because "…"\n\nscore "S"\n    sum of all rules\n    {rounded}\n'
    return accepted(text)


def bound_of(declarations: str, rule: str, pair: Pair) -> Bound:
    """Bound a pair of results."""
    return lines.bound_of(lines.lines_of(rulebook_of(declarations, rule), pair))


def measure(*lines: str) -> str:
    """Write the measure `m`."""
    return 'measure m "m"\n' + "".join(f"    {line}\n" for line in lines) + "\n"


@dataclass(frozen=True)
class By:
    """A measure and a rule, and between what one other actor can move the score; why that is so."""

    measure: str
    rule: str
    low: str
    high: str
    why: str


FAMILIES = [
    By(measure("distinct actor of like"), "weight 100 | level m, linear to 50", "0", "2", "100 * 1/50"),
    By(measure("distinct actor of like"), "weight 30 | level m, square root to 100", "0", "3", "30 * sqrt(1/100)"),
    By(measure("distinct actor of like"), "weight 10 | level m, logarithmic to 99", "0", "1.6", "10 * ln 2 / ln 100"),
    By(measure("distinct actor of like"), "weight 20 | level m, logarithmic to 3", "0", "10", "20 * ln 2 / ln 4: half"),
    By(measure("distinct actor of like", "halving every 30 days"), "points 4 * m", "0", "4", "the highest factor is 1"),
    By(measure("distinct actor of like"), "points -2 * m | at least -20", "-2", "0", "it takes away"),
    By(measure("distinct actor, kind of like, share"), "points m", "0", "2", "two kinds"),
    By(measure("count like", "keep at most 3 per actor"), "weight 10 | level m, linear to 30", "0", "1", "3/30"),
    By(measure("count like", "within 14 days", "keep at most 2 per actor per week"), "points m", "0", "6", "3 weeks"),
    By(measure("count like", "within 90 days", "keep at most 1 per actor per week"), "points m", "0", "14", "14 weeks"),
    By(measure("count like, share", "keep at most 2 per actor, kind"), "points m", "0", "4", "2 kinds"),
    By(measure("count like", "within 7 days", "total at most 5 per week"), "points m", "0", "10", "2 weeks"),
    By(measure("count like", "within 30 days", "keep at most 1 per actor per month"), "points m", "0", "3", "3 months"),
    By(measure("count like", "within 1 day", "keep at most 1 per actor per month"), "points m", "0", "1", "a month"),
    By(measure("distinct level of like"), "points min(m, 200)", "0", "101", "0.0 to 10.0 in steps of 0.1"),
    By(
        measure("count like", "keep at most 1 per actor per month", "halving every 28 days"),
        "points m",
        "0",
        "3.0",
        "1 + c / (1 - 1/2) = 2.951 with c = 2^(-1/28), as a month has 28 days at least",
    ),
    By(
        measure("count like", "keep at most 1 per actor per month", "halving every 28 days except pauses"),
        "points min(m, 9)",
        "0",
        "9",
        "what does not fade in a pause can be from any number of months",
    ),
    By(measure("count like", "within 7 days", "diluted per actor per day"), "points m", "0", "7.1", "1 a day"),
    By(measure("sum level of like", "keep at most 2 per actor"), "points m", "0", "20", "twice the most"),
    By(
        measure("count like", "keep at most 1 per actor per day", "halving every 1 day"),
        "points m",
        "0",
        "2.1",
        "1 + 1/2 + 1/4 + …, and what rounding adds",
    ),
    By(
        measure("count like", "keep at most 3 per actor per week", "halving every 30 days"),
        "weight 10 | level m, linear to 200",
        "0",
        "1.2",
        "3 * (1 + c / (1 - c^7)) = 22.63 with c = 2^(-1/30), as the as-of day may be a Monday",
    ),
    By(measure("distinct actor of like"), "weight 10 | level m, log normal 20 to 10", "0", "10", "more is better"),
    By(measure("distinct actor of like"), "weight 10 | level m, log normal 10 to 20", "-10", "0", "less is better"),
    By(measure("distinct actor of like"), "points abs(m - 5)", "-1", "1", "which way depends on how many there are"),
    By(measure("distinct actor of like"), "points by m | under 5: 0 | 5 or more: 8", "0", "8", "the fifth"),
    By(measure("distinct actor of like"), "points by m | under 5: 0 | 5: 3 | over 5: 8", "0", "5", "one row at a time"),
    By(measure("count like given"), "points min(m, 9)", "0", "0", "what somebody else gives is not the person's"),
    By(measure("count like", "when actor = subject"), "points min(m, 9)", "0", "0", "none of another's count"),
]


@pytest.mark.parametrize("case", FAMILIES, ids=lambda case: case.why)
def test_one_actor_moves_a_score_by_no_more_than_worked_out_by_hand(case: By) -> None:
    """Concave shapes of counts, distinct counts and sums with `keep`, `total` and fading are bounded, and sharply."""
    found = bound_of(case.measure, case.rule, ANOTHER)
    assert (found.low, found.high) == (Decimal(case.low), Decimal(case.high))


def test_what_one_does_oneself_is_bounded_by_whom_it_is_done_to() -> None:
    """A person's own likes of others are of as many people as there are; of others' likes, the person's own are of one
    actor."""
    given = measure("distinct subject of like given")
    found = bound_of(given, "points min(m, 9)", OWN)
    assert (found.low, found.high) == (0, 9)
    assert [(way.name, way.why) for way in found.up] == [("m", "no limit")]
    assert bound_of(given, "points min(m, 9)", ANOTHER).high == 0
    about_others = 'exclude own "o"\n    when actor = subject\n\n' + given
    assert bound_of(about_others, "points min(m, 9)", OWN).high == 9
    assert bound_of(measure("distinct actor of like"), "points min(m, 9)", OWN).high == 1


def test_points_that_come_with_a_value_are_a_move() -> None:
    """Who has no like yet has no line; the first brings the points of its row, though both rows give the same. A like
    that turns to a branch, or to a row, of which the value is not known takes the line away."""
    average = measure("average level of like")
    rows = "points by m | under 5: 7 | 5 or more: 7 | otherwise not applicable"
    found = bound_of(average, rows, ANOTHER)
    assert (found.low, found.high) == (0, 7)
    told = bound_of(average, rows.replace("| otherwise not applicable", "| missing: 7"), ANOTHER)
    assert (told.low, told.high) == (0, 0)
    branch = "points 7 + 0 * (if m > 0 then years since joined else 3) | otherwise not applicable"
    turned = bound_of(measure("count like"), branch, ANOTHER)
    assert (turned.low, turned.high) == (-7, 0)
    row = "points by m | under 1: 7 | 1 or more: 7 + 0 * years since joined | otherwise not applicable"
    other = bound_of(measure("count like"), row, ANOTHER)
    assert (other.low, other.high) == (-7, 0)


def test_what_nothing_limits_is_named() -> None:
    """A count without a limit can be moved through the whole scale, and the measure is named for it."""
    found = bound_of(measure("count like"), "weight 10 | level m, linear to 30", ANOTHER)
    assert (found.low, found.high) == (0, 10)
    assert [(way.name, way.why) for way in found.up] == [("m", "no limit")]


@pytest.mark.parametrize(
    ("declaration", "name"),
    [
        ('exclude twice "twice"\n    repeats of item\n\n', "twice"),
        ('exclude early "early"\n    when kind = like and returned within 9 days\n\n', "early"),
    ],
    ids=["repeats", "returned"],
)
def test_records_that_touch_others_are_named(declaration: str, name: str) -> None:
    """Where one actor's records settle whether another's count, nothing is derived but the scale; the exclusion is
    named."""
    pair = ANOTHER if name == "twice" else OWN
    found = bound_of(declaration + measure("distinct actor of like"), "weight 10 | level m, linear to 30", pair)
    assert (found.low, found.high) == (-10, 10)
    assert [way.name for way in found.up] == [name]


def test_a_favour_returned_takes_its_discount_and_no_more() -> None:
    """What a person does can halve the favours that they get: half of a linear level, and one like of one's own more;
    where the discount is of what is *not* returned, nothing is derived."""
    discount = 'discount early "early"\n    to 50%\n    when kind = like and {} within 9 days\n\n'
    likers, rule = measure("distinct actor of like"), "weight 10 | level m, linear to 30"
    found = bound_of(discount.format("returned") + likers, rule, OWN)
    # 10 * 1/2 with what the rounding of a million records can take, and 10 * 1/30 for one liker more.
    assert (found.low, found.high) == (Decimal("-5.1"), Decimal("0.4"))
    other = bound_of(discount.format("not returned") + likers, rule, OWN)
    assert (other.low, other.high) == (-10, 10)


def test_a_discount_stands_in_the_way_of_no_measure_that_takes_records_in_full() -> None:
    """No returned favour changes on how many days there are likes, nor the highest level among them: one's own records
    about others move neither, and no discount is named."""
    discount = 'discount favours "favours"\n    to 50%\n    when kind = like and returned within 9 days\n\n'
    none = 'exclude own "own"\n    when actor = subject\n\n'
    for declared, rule in (
        (measure("days of like"), "points min(m, 10)"),
        (measure("highest level of like"), "points m or else 0"),
    ):
        found = bound_of(none + discount + declared, rule, OWN)
        assert (found.low, found.high, found.up, found.down) == (0, 0, (), ())
    counted = bound_of(none + discount + measure("count like"), "points min(m, 10)", OWN)
    assert counted.low < 0


def test_days_take_what_fades_and_what_leaves_a_window() -> None:
    """A half-life takes half of a linear level and 1 - sqrt(1/2) of a root; a window can take all."""
    week = Pair("silence", days=7)
    halving = measure("distinct actor of like", "halving every 7 days")
    linear = bound_of(halving, "weight 10 | level m, linear to 1000", week)
    root = bound_of(halving, "weight 10 | level m, square root to 1000", week)
    window = bound_of(measure("count like", "within 30 days"), "weight 10 | level m, linear to 1000", week)
    ageless = bound_of(measure("count like"), "weight 10 | level m, linear to 1000", week)
    # 10 * (1 - 1/2), 10 * (1 - 0.7071...), with what the rounding of a million records can take.
    assert (linear.low, linear.high, linear.counted) == (Decimal("-5.1"), 0, True)
    assert (root.low, root.high) == (Decimal("-3.0"), 0)
    assert (window.low, ageless.low) == (-10, 0)


def test_years_only_pass() -> None:
    """Silence can bring a birthday and take none: years since a day rise, and a day to come may have come."""
    table = "points by years since joined | under 1: 0 | 1 or more: 5 | missing: 1"
    found = bound_of("", table, Pair("silence", days=14))
    # From under 1 to 1 or more: +5; from missing (the day was still to come) to under 1: -1.
    assert (found.low, found.high) == (-1, 5)


def test_one_more_record_can_only_do_what_its_kind_does() -> None:
    """One more like raises a count by 1, may lower an average, and leaves alone what does not read likes."""
    more = Pair("one more record", kind="like")
    assert bound_of(measure("count like", "halving every 9 days"), "points m", more).high == 1
    assert bound_of(measure("count share"), "points m", more) == bound_of(measure("count post"), "points m", more)
    average = bound_of(measure("average level of like"), 'points m | otherwise 0 "None."', more)
    assert (average.low, average.high) == (-10, 10)


def test_a_mean_is_bounded_by_its_weights() -> None:
    """Where every rule always applies, a line's move counts by all weights."""
    text = (
        HEAD
        + measure("distinct actor of like")
        + 'rule a "A"\n    weight 3\n    level m, linear to 10\n    because "…"\n\n'
        + 'rule b "B"\n    weight 1\n    level 1, linear to 10\n    because "…"\n\n'
        + 'score "S"\n    mean of all rules by weight, out of 100\n    rounded to 1 place\n'
    )
    checked = accepted(text)
    # One of ten people is a tenth of the level: 3 * 0.1 * 100 / (3 + 1).
    bound = lines.bound_of(lines.lines_of(checked, ANOTHER))
    assert (bound.low, bound.high) == (0, Decimal("7.5"))


def test_a_rule_that_comes_to_apply_can_lower_a_mean() -> None:
    """One like brings a rule that may give nothing beside one that gives all, which then weighs half: nothing is
    derived but the scale, and the rule is named."""
    text = (
        HEAD
        + measure("average level of like")
        + 'rule a "A"\n    weight 1\n    level m, linear to 10\n    otherwise not applicable\n    because "…"\n\n'
        + 'rule b "B"\n    weight 1\n    level 1, linear to 1\n    because "…"\n\n'
        + 'score "S"\n    mean of all rules by weight, out of 100\n    rounded to 1 place\n'
    )
    checked = accepted(text)
    bound = lines.bound_of(lines.lines_of(checked, Pair("one more record", kind="like")))
    assert (bound.low, bound.high) == (-100, 100)
    assert [(way.kind, way.name, way.why) for way in bound.down] == [("rule", "a", "weights")]


def test_a_long_chain_of_formulas_is_worked_out() -> None:
    """As many formulas as there may be, each of the one before, are bounded as one is."""
    chain = "".join(f'measure m{n} "m"\n    = min(m{n - 1}, 5)\n\n' for n in range(1, limits.FORMULAS + 1))
    first = 'measure m0 "m"\n    distinct actor of like\n\n'
    assert bound_of(first + chain, f"points m{limits.FORMULAS}", ANOTHER).high == 1


def test_what_others_earned_stays_where_nothing_that_it_is_made_of_comes() -> None:
    """One more share leaves a measure of likes as it is, for everybody, and so what is earned by it; one more like does
    not. Days that pass leave what has neither window nor half-life; nothing does where an actor's records go."""
    earned = 'measure own "o"\n    count like\n\nmeasure twice "t"\n    = 2 * own\n\n'
    read_of = measure("sum min(actor.twice or else 0, 3) of post")
    like, share = (Pair("one more record", kind=kind) for kind in ("like", "share"))
    rule = "points min(m, 10)"
    assert (bound_of(earned + read_of, rule, share).low, bound_of(earned + read_of, rule, share).high) == (0, 0)
    assert bound_of(earned + read_of, rule, like).low == -10
    assert bound_of(earned + read_of, rule, Pair("silence", days=14)).low == 0
    fading = earned.replace("count like", "count like\n    within 30 days")
    assert bound_of(fading + read_of, rule, Pair("silence", days=14)).low == -10
    halving = earned.replace("count like", "count like\n    halving every 30 days")
    assert bound_of(halving + read_of, rule, Pair("silence", days=14)).low == -10
    assert bound_of(earned + read_of, rule, ANOTHER).low == -10
    # A like that is the first of those that agree takes a share away, so it can be another all the same.
    repeats = 'exclude twin "t"\n    repeats of item\n    because "…"\n\n'
    shares = earned.replace("count like", "count share")
    assert bound_of(repeats + shares + read_of, rule, like).low == -10
