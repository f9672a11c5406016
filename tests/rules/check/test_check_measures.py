"""Takes measures, exclusions and discounts whose parts do not go together; holds what the checker tells of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tallystick.rules.rulebook import Rulebook

M = 'measure m "m"\n    '
D = 'discount half "h"\n    to 50%\n    when kind = like\n'
BARE = """rulebook "Test" version 1.0.0
    owner "Somebody"

records
    subject text
    {fields}at time

measure m "m"
    {measure}

rule r "R"
    points m
    because "x"

score "Score"
    sum of all rules
"""

DATED = 'parameter p = 1 "p"\n    from 2026-02-01 = 2 because "q"\n'
OWN = 'exclude x "x"\n    when actor = subject\n'
CASES = {
    "keep on distinct": ("clause-refused", M + "distinct actor of like\n    «keep at most 3 per actor»"),
    "diluted on distinct": ("clause-refused", M + "distinct actor of like\n    «diluted per actor per day»"),
    "total on distinct": ("clause-refused", M + "distinct actor of like\n    «total at most 3 per day»"),
    "halving on an average": ("clause-refused", M + "average amount of like\n    «halving every 3 days»"),
    "keep on the highest": ("clause-refused", M + "highest amount of like\n    «keep at most 3 per actor»"),
    "total on days": ("clause-refused", M + "days of like\n    «total at most 3 per day»"),
    "halving on an h index": ("clause-refused", M + "h index of like by actor\n    «halving every 3 days»"),
    "within on a formula": ("clause-refused", M + "= size * 2\n    «within 3 days»"),
    "halving on a formula": ("clause-refused", M + "= size * 2\n    «halving every 3 days»"),
    "keep of what can be negative": ("needs-not-negative", M + "sum «rate» of like\n    keep at most 3 per actor"),
    "total of what can be negative": ("needs-not-negative", M + "sum «rate» of like\n    total at most 3 per day"),
    "keep of kinds that take away": (
        "needs-not-negative",
        M + "sum by kind\n        post: 10\n        like: «-2»\n    keep at most 3 per actor",
    ),
    "keep of none": ("limit-range", M + "count post\n    keep at most «0» per actor"),
    "keep of a part": ("limit-range", M + "count post\n    keep at most «1.5» per actor"),
    "a total below 0": ("limit-range", M + "count post\n    total at most «-1» per day"),
    "a discount above all": ("limit-range", 'discount d "d"\n    to «150%»\n    when kind = like'),
    "a discount below nothing": ("limit-range", 'discount d "d"\n    to «-0.5»\n    when kind = like'),
    "a window of part of a day": ("duration-range", M + "count post\n    within «1.5 days»"),
    "when twice": ("said-twice", M + "count post\n    when amount > 1\n    «when amount > 2»"),
    "within twice": ("said-twice", M + "count post\n    within 3 days\n    «within 2 days»"),
    "a discount that an average ignores": ("discount-ignored", D + 'measure «m» "m"\n    average amount of like'),
    "a discount to nothing that days ignore": (
        "discount-ignored",
        D.replace("50%", "0%") + 'measure «m» "m"\n    days of post, like',
    ),
    "a discount that days ignore": ("discount-ignored", D + 'measure «m» "m"\n    days of post, like'),
    "a kind that an exclusion takes": (
        "kind-never",
        'exclude x "x"\n    when kind in (post, reply)\nmeasure «m» "m"\n    count post, like',
    ),
    "two kinds that an exclusion takes, whatever the day": (
        "kind-never",
        f'{DATED}exclude x "x"\n    when kind in (post, like)\nmeasure «m» "m"\n    count post, like',
    ),
    "a kind that two exclusions take": (
        "kind-never",
        f'{OWN}exclude y "y"\n    when actor != subject\nmeasure «m» "m"\n    distinct amount of post',
    ),
    "a kind that a discount takes to nothing": (
        "kind-never",
        'discount x "x"\n    to 0%\n    when kind in (post, reply)\nmeasure «m» "m"\n    count post, like',
    ),
    "a kind that an exclusion and a discount take": (
        "kind-never",
        f'{OWN}discount y "y"\n    to 0%\n    when kind = post\nmeasure «m» "m"\n    distinct amount of post',
    ),
    "an exclusion without a test": ("clause-missing", 'exclude «x» "x"\n    because "x"'),
    "a discount without a share": ("clause-missing", 'discount «d» "d"\n    when kind = like'),
    "pauses of no time": ("duration-range", M + "count post\n    halving every «0 days» except pauses"),
    "pauses where nothing fades": ("clause-refused", M + "days of post\n    «halving every 3 days except pauses»"),
}


@pytest.mark.parametrize(("name", "text"), CASES.values(), ids=CASES.keys())
def test_tells_of_a_measure(name: str, text: str, expect_mistake: Callable[..., object]) -> None:
    """One wrong clause gets one diagnostic, at that clause."""
    expect_mistake(name, text)


WITHOUT = {
    "no kind": ("role-missing", "", "count «post»"),
    "kinds that are not listed": ("role-type", "«kind» text\n    ", "count post"),
    "no actor for given": ("role-missing", "kind one of post\n    ", "count «post» given"),
    "no actor to dilute": ("role-missing", "kind one of post\n    ", "count post\n    «diluted per actor per day»"),
    "no actor for returned": (
        "role-missing",
        "kind one of post\n    ",
        "count post\n    when «returned within 3 days»",
    ),
    "an actor who may be missing": (
        "may-be-missing",
        "actor text optional\n    kind one of post\n    ",
        "count post\n    «diluted per actor per day»",
    ),
}


@pytest.mark.parametrize(("name", "fields", "measure"), WITHOUT.values(), ids=WITHOUT.keys())
def test_tells_of_a_role_that_is_needed(
    name: str, fields: str, measure: str, expect_mistake: Callable[..., object]
) -> None:
    """What a measure needs and records do not have is told once."""
    expect_mistake(name, BARE.format(fields=fields, measure=measure), whole=True)


GOOD = {
    "all clauses of a count": (
        M + "count post, like\n    when amount > 1\n    within 90 days\n    diluted per actor per day\n"
        "    keep at most 3 per actor, kind per week\n    total at most 5.5 per month\n    halving every 10 days"
    ),
    "a net of a day": M + "sum by kind\n        post: 10\n        like: -2\n    total at most 200 per day",
    "a narrowed value": M + "sum rate of like\n    when rate >= 0\n    keep at most 3 per actor",
    "a discount that distinct takes": D + M + "distinct actor of like",
    "a discount to nothing of some records of a kind": (
        'discount half "h"\n    to 0%\n    when kind = like and amount < 1\n' + M + "count like"
    ),
    "a discount to nothing up to a day": (
        'parameter p = 0% "p"\n    from 2026-02-01 = 50% because "q"\n' + D.replace("50%", "p") + M + "count like"
    ),
    "a discount of another kind": D + M + "average amount of post",
    "an h index": M + "h index of like by item\n    when item is not missing",
    "a half-life that pauses stop": M + "count post\n    halving every 10 days except pauses",
    "a distinct that pauses stop": M + "distinct actor of like given\n    halving every 10 days except pauses",
    "given": M + "count like given\n    within 30 days",
    "formulas in any order": 'measure a "a"\n    = b + 1\nmeasure b "b"\n    = c * 2\nmeasure c "c"\n    count post',
    "what a record is worth": M + "sum (if kind = post then amount else 0 - rate) of post, like",
    "the kind of its row": M
    + "sum by kind\n        post: if kind = post then 1 else amount\n        like: 1".replace(
        "if kind = post then 1 else amount", "amount * 2"
    ),
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_lets_a_measure_pass(text: str, expect_nothing: Callable[..., object]) -> None:
    """What the language allows is allowed, without a word."""
    expect_nothing(text)


INTERVALS = {
    "count post": ("0", "1000000000000", 0),
    "count post\n    halving every 3 days": ("0", "1000000000000", 9),
    "count post\n    diluted per actor per day": ("0", "1000000000000", 9),
    "sum amount of post": ("0", "100000000000000", 2),
    "sum rate of post": ("-10000000000000", "10000000000000", 0),
    "sum by kind\n        post: 10\n        like: -2": ("-2000000000000", "10000000000000", 0),
    "average amount of post": ("0", "100", 9),
    "highest rate of post": ("-10", "10", 0),
    "latest amount - rate of post": ("-10", "110", 2),
    "days of post": ("0", "3652059", 0),
    "days of post\n    within 90 days": ("0", "90", 0),
    "h index of post by actor": ("0", "1000000", 0),
    "= size / 3": ("0", "333333333333.333333333", 9),
    "= min(size, 10) * 0.25 - 1": ("-1", "1.5", 2),
    "= sqrt(max(size, 4))": ("2", "1000000", 9),
    "= ln(size + 1)": ("0", "27.631021116", 9),
    "= round(min(size, 9) / 2)": ("0", "5", 0),
    "= abs(3 - min(size, 10))": ("0", "7", 0),
    "= size\n    when size > 3 and size <= 7": ("4", "7", 0),
    "= if size > 5 then 1 else 0 - size": ("-5", "1", 0),
}


@pytest.mark.parametrize(("text", "interval"), INTERVALS.items(), ids=INTERVALS.keys())
def test_knows_what_a_measure_can_be(
    text: str, interval: tuple[str, str, int], expect_nothing: Callable[..., Rulebook]
) -> None:
    """A measure's type is the interval and the places that follow from what it reads, and from its tests."""
    low, high, places = interval
    found = expect_nothing(M + text).measures[0].type
    assert (found.low, found.high, found.places) == (Decimal(low), Decimal(high), places)
