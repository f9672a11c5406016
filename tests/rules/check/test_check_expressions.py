"""Takes expressions whose types do not fit or that may have no value; holds what the checker tells of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

N = 'measure posts "p"\n    count post\nmeasure likes "l"\n    count like\n'
M = 'measure m "m"\n    '
X = 'exclude x "x"\n    when '
R = 'rule r "R"\n    because "x"\n    '

CASES = {
    "what is known where one of two holds": (
        "may-be-missing",
        R + "points «share»\n    when share is not missing or size > 3",
    ),
    # types
    "a date where a number is needed": ("type-mismatch", R + "points «born»"),
    "a yes/no where a number is needed": ("type-mismatch", R + "points «consent» * 2"),
    "a number where a condition is needed": ("type-mismatch", X + "«amount»"),
    "a number beside a text": ("type-mismatch", X + "«actor = 3»"),
    "a text beside a value": ("type-mismatch", X + "«actor = kind»"),
    "a time beside a date": ("type-mismatch", X + "«at >= 2026-01-01»"),
    "two branches of different types": ("type-mismatch", R + 'points if consent then 1 else «"a"»'),
    "two types around or else": (
        "type-mismatch",
        X + '«(item or else 3)» = "a"'.replace("«(item or else 3)»", "(item or else «3»)"),
    ),
    "a number where a date is needed": ("type-mismatch", R + "points days since «size»\n    otherwise not applicable"),
    "seconds between dates": ("type-mismatch", M + "average seconds from «born» to at of post"),
    "a number that starts with": ("type-mismatch", X + '«amount» starts with "a"'),
    "a value that starts with": ("type-mismatch", X + '«kind» starts with "a"'),
    "a text parameter": ("type-mismatch", 'parameter p = «"a"» "p"'),
    "a number in a list of texts": ("type-mismatch", X + 'actor in ("a", «3»)'),
    "no order between values": ("no-order", X + "«kind < post»"),
    "no order between yes and no": ("no-order", R + "points if «consent >= yes» then 1 else 0"),
    # units
    "days beside a number": ("unit-mismatch", R + "points if «(days since born or else 0) > 90 days» then 1 else 0"),
    "a duration in arithmetic": ("unit-mismatch", R + "points «size * 2 days»"),
    "a number as a window": ("unit-mismatch", M + "count post\n    within «90»"),
    "a duration as a limit": ("unit-mismatch", M + "count post\n    keep at most «3 days» per actor"),
    # no value
    "a divisor that can be 0": ("may-be-zero", N + M + "= likes / «posts»"),
    "a divisor that can be 0 among others": (
        "may-be-zero",
        N + M + "= likes / «(posts - likes)»".replace("«(posts - likes)»", "(«posts - likes»)"),
    ),
    "a divisor that is 0": ("may-be-zero", 'parameter p = 3 / «0» "p"'),
    "a logarithm of 0": ("may-be-zero", N + M + "= ln(«posts»)"),
    "a logarithm of what is negative": ("may-be-negative", N + M + "= log10(«posts - likes»)"),
    "a root of what is negative": ("may-be-negative", N + M + "= sqrt(«posts - likes»)"),
    "exp of much": ("exp-too-large", N + M + "= exp(«posts»)"),
    "a product that is too large": ("too-large", N + M + "= «posts * likes * posts»"),
    "a sum that is too large": (
        "too-large",
        'measure m "m"\n    sum «amount * 10000000000000» of post',
    ),
    "a literal that is too large": ("too-large", R + "points size + «10000000000000000000000000»"),
    "too many places": ("too-many-places", R + "points size * «0.0000000001»"),
    "too many arguments": ("argument-count", R + "points «abs(size, 1)»"),
    "too few arguments": ("argument-count", R + "points «max(size)»"),
    # missing
    "an optional field": ("may-be-missing", X + '«item» = "a"'),
    "an optional attribute": ("may-be-missing", X + "«joined» > 2026-01-01"),
    "the actor's attribute": ("may-be-missing", X + "«actor.consent»"),
    "an optional attribute of the receiver of a given record": (
        "may-be-missing",
        'measure m "m"\n    count like given\n    when «consent»',
    ),
    "days since what may be later": ("may-be-missing", N + 'measure m "m"\n    = «days since born»'),
    "an average of nothing": ("may-be-missing", 'measure a "a"\n    average amount of post\n' + M + "= «a» * 2"),
    "a measure that may not apply": (
        "may-be-missing",
        N + 'measure a "a"\n    = posts\n    when likes > 1\n' + R + "points «a»",
    ),
    "a requirement that reads what is missing": (
        "may-be-missing",
        'require q "q"\n    when «joined» > 2026-01-01\n    otherwise no score "x"',
    ),
    "a rule without an otherwise": ("may-be-missing", R + "points «share» * 100"),
    "a table without a missing row": (
        "may-be-missing",
        R + "points by «years since joined»\n        under 1: 0\n        1 or more: 2",
    ),
    "a row's points": ("may-be-missing", R + "points by size\n        under 1: «share»\n        1 or more: 2"),
    "an otherwise that is missing": ("may-be-missing", R + 'points size\n    when size > 1\n    otherwise «share» "x"'),
    "a field that distinct needs": ("may-be-missing", M + "distinct «item» of post"),
    "a field that keep needs": ("may-be-missing", M + "count post\n    keep at most 2 per «item»"),
    "a field that an h index needs": ("may-be-missing", M + "h index of like by «item»"),
    # decided
    "a comparison that always holds": ("always-true", R + "points if «size >= 0» then 1 else 0"),
    "a comparison that never holds": ("always-false", R + "points if «size < 0» then 1 else 0"),
    "a fraction of a whole number": ("always-false", R + "points if «size = 0.5» then 1 else 0"),
    "a kind that a measure does not take": ("always-false", M + "count post\n    when «kind = like»"),
    "a kind that it takes alone": ("always-true", M + "count post\n    when «kind in (post, like)»"),
    "missing, and never is": ("always-false", X + "«actor is missing»"),
    "not missing, and never is": ("always-true", X + "«actor is not missing»"),
    "or else, and never is missing": ("never-missing", R + "points «size» or else 3"),
    "what a requirement has shown": (
        "always-true",
        N
        + 'require q "q"\n    when posts >= 3\n    otherwise no score "x"\n'
        + R
        + "points if «posts > 2» then 1 else 0",
    ),
    # where they stand
    "division in a record's value": ("record-value", M + "sum «amount / 2» of post"),
    "a function in a record's value": ("record-value", M + "average «sqrt»(amount) of post"),
    "a function in a kind's value": ("record-value", M + "sum by kind\n        post: «abs»(rate)\n        like: 1"),
    "returned in a rule": ("returned-outside-records", R + "points if «returned within 3 days» then 1 else 0"),
    "returned within half a day": ("duration-range", X + "returned within «0.5 days»"),
    "durations of no days": ("duration-range", M + "count post\n    within «0 days»"),
    "a half-life of no days": ("duration-range", M + "count post\n    halving every «3 days - 1 week»"),
}


@pytest.mark.parametrize(("name", "text"), CASES.values(), ids=CASES.keys())
def test_tells_of_an_expression(name: str, text: str, expect_mistake: Callable[..., object]) -> None:
    """One wrong expression gets one diagnostic, at the smallest place that is wrong."""
    expect_mistake(name, text)


GOOD = {
    "tested before and": N + M + "= if posts >= 1 and likes / posts > 2 then 1 else 0",
    "tested before or": N + M + "= if posts = 0 or likes / posts > 2 then 1 else 0",
    "tested by not": N + M + "= if not posts = 0 then likes / posts else 0",
    "tested by if, otherwise": N + M + "= if posts < 1 then 0 else likes / posts",
    "its own when": N + M + "= likes / posts\n    when posts > 0",
    "unequal to 0": N + M + "= likes / posts\n    when posts != 0",
    "bounded by max": N + M + "= likes / max(posts, 1)",
    "a difference that is tested": N + M + "= sqrt(posts - likes)\n    when posts - likes >= 0",
    "compared with another measure": N + M + "= likes / posts\n    when posts > likes",
    "a requirement": N
    + 'require q "q"\n    when posts >= 3\n    otherwise no score "x"\n'
    + R
    + "points likes / posts",
    "a rule's own when": N + R + "points likes / posts\n    when posts in (1, 2, 5)",
    "a row of a table": N + R + "points by posts\n        0: 0\n        1 or more: min(10 / posts, 5)",
    "not missing, then used": X + 'item is not missing and item = "a"',
    "missing, or used": X + 'item is missing or item = "a"',
    "or else": X + '(item or else "b") = "a"',
    "not missing in its own when": M + "distinct item of post\n    when item is not missing",
    "compared, so there": R + "points days since born\n    when days since born is not missing",
    "under is missing": R + "points if share * 2 is missing then 0 else share * 2",
    "a rule with an otherwise": R + 'points share * 10\n    otherwise 0 "Unknown."',
    "a table with a missing row": R
    + "points by share\n        under 0.5: 0\n        0.5 or more: 1\n        missing: 0",
    "the record's own moment": M + "sum days since at of post",
    "the actor of a given record": M + "count like given\n    when actor != subject",
    "a value of one of": X + "kind != post",
    "values of one of": R + "points if rank in (low, high) then 1 else 0",
    "a value first": X + "post = kind",
    "yes": R + "points if consent = yes then 1 else 0",
    "days as a number": 'parameter d = 90 days "d"\n'
    + R
    + "points if (days since born or else 0) > d / 1 day then 1 else 0",
    "one duration from others": 'parameter d = 2 * 1 week + 3 days "d"\n' + M + "count post\n    within d",
    "exp held": N + M + "= exp(min(posts, 20))",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_lets_a_guarded_expression_pass(text: str, expect_nothing: Callable[..., object]) -> None:
    """What a test before it makes safe is safe, and nothing is said."""
    expect_nothing(text)
