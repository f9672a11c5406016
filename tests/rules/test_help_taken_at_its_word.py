"""Holds the words of help to what they bring about: who writes what they say has a line that can be read."""

from __future__ import annotations

import pytest

from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.parse.parse import parse
from tallystick.rules.source import Source

HEAD = 'rulebook "Test" version 1.0.0\n\n'
RULE = f'{HEAD}rule x "X"\n    '
MEASURE = f'{HEAD}measure m "m"\n    '
REQUIRE = f'{HEAD}require r "r"\n    '
FIELD = f"{HEAD}records\n    f "
EXPECT = f'{HEAD}example "e"\n    as of 2026-01-01\n    expect ada\n        '
SMALL = "the words of the language are of small letters"
NAMES = "names are of small letters, digits and `_`, and begin with a letter"

# What somebody writes, what the help says, and the text that does as it says.
SAID = [
    (f"{RULE}weight 60,5\n", "write `60.5`", f"{RULE}weight 60.5\n"),
    (f"{RULE}points -2,5 * a\n", "write `2.5`", f"{RULE}points -2.5 * a\n"),
    (f"{RULE}points 0,125*a\n", "write `0.125`", f"{RULE}points 0.125*a\n"),
    (f"{RULE}points 12,5% * a\n", "write `12.5`", f"{RULE}points 12.5% * a\n"),
    (f"{RULE}points 1,000,000\n", "write `1000000`", f"{RULE}points 1000000\n"),
    (f"{RULE}points 1,000.5\n", "write `1000.5`", f"{RULE}points 1000.5\n"),
    (
        f"{RULE}points 1,000\n",
        "write `1000`, or `1` if the comma begins the decimals",
        f"{RULE}points 1000\n",
    ),
    (
        f"{RULE}points 1000,000\n",
        "write `1000000`, or `1000` if the comma begins the decimals",
        f"{RULE}points 1000000\n",
    ),
    (
        f"{RULE}points 1.234,5\n",
        "write it out in digits, with one point before the decimals: `1000`, `0.5`",
        f"{RULE}points 1234.5\n",
    ),
    (f"{RULE}points 1 000 * a\n", "write `1000`", f"{RULE}points 1000 * a\n"),
    (f"{RULE}points 2 a\n", "write `2 * a` to multiply", f"{RULE}points 2 * a\n"),
    (f"{RULE}points 2 x a\n", "write `*` to multiply", f"{RULE}points 2 * a\n"),
    (f"{RULE}points a ** 2\n", "multiply the value by itself", f"{RULE}points a * a\n"),
    (
        f"{RULE}points 1 // one\n",
        "write `floor(a / b)` for the whole part; a comment begins with `#`",
        f"{RULE}points 1 # one\n",
    ),
    (f"{RULE}points a percent\n", "write `/ 100` to divide by a hundred", f"{RULE}points a / 100\n"),
    (f'{HEAD}discount d "d"\n    to 50 percent\n', "write `50%`", f'{HEAD}discount d "d"\n    to 50%\n'),
    (
        f"{MEASURE}count a\n    within 3 months\n",
        "write days or weeks, such as `90 days`",
        f"{MEASURE}count a\n    within 90 days\n",
    ),
    (
        f"{MEASURE}count a\n    within the last 90 days\n",
        "write `within 90 days`",
        f"{MEASURE}count a\n    within 90 days\n",
    ),
    (
        f"{MEASURE}count a\n    within last 3 months\n",
        "write `within 90 days`, in days or weeks",
        f"{MEASURE}count a\n    within 90 days\n",
    ),
    (
        f"{MEASURE}count a\n    within the last 2 weeks of it\n",
        "write `within 2 weeks`",
        f"{MEASURE}count a\n    within 2 weeks\n",
    ),
    (f"{MEASURE}count of a\n", "leave out `of`", f"{MEASURE}count a\n"),
    (f"{MEASURE}count distinct b of a\n", "begin the line with `distinct`", f"{MEASURE}distinct b of a\n"),
    (
        f"{MEASURE}count a\n    half life 30 days\n",
        "write `halving every …`",
        f"{MEASURE}count a\n    halving every 30 days\n",
    ),
    (f"{RULE}points 1\n    if a > 1\n", "write `when …`", f"{RULE}points 1\n    when a > 1\n"),
    (
        f"{RULE}weight 1\n    level a, log to 5\n",
        "write `logarithmic to 5`",
        f"{RULE}weight 1\n    level a, logarithmic to 5\n",
    ),
    (
        f"{RULE}weight 1\n    level a, sqrt to 5\n",
        "write `square root to 5`",
        f"{RULE}weight 1\n    level a, square root to 5\n",
    ),
    (f"{REQUIRE}when kind is post\n", "write `= post`", f"{REQUIRE}when kind = post\n"),
    (f"{REQUIRE}when kind is over\n", "write `= over`", f"{REQUIRE}when kind = over\n"),
    (f"{REQUIRE}when kind is over or a\n", "write `= over`", f"{REQUIRE}when kind = over or a\n"),
    (f"{REQUIRE}when kind is not more and a\n", "write `!= more`", f"{REQUIRE}when kind != more and a\n"),
    (f"{REQUIRE}when kind is not post\n", "write `!= post`", f"{REQUIRE}when kind != post\n"),
    (
        f"{REQUIRE}when a AND b\n",
        "write `and`: the words of the language are of small letters",
        f"{REQUIRE}when a and b\n",
    ),
    (f"{REQUIRE}when: a\n", "leave out the colon", f"{REQUIRE}when a\n"),
    (
        f'{HEAD}facet f "F":\n    rule x "X"\n        points 1\n',
        "leave out the colon",
        f'{HEAD}facet f "F"\n    rule x "X"\n        points 1\n',
    ),
    (f"{EXPECT}score: 5\n", "leave out the colon", f"{EXPECT}score 5\n"),
    (f'{EXPECT}band "Low"\n', "what can follow: a name", f"{EXPECT}band low\n"),
    (f"{EXPECT}because\n", "what can follow: a name", f"{EXPECT}because x\n"),
    (f"{EXPECT}because -2\n        band 5\n", None, f"{EXPECT}because -2\n        band 5\n"),
    (
        f'{MEASURE[:-5].rstrip()}, "ms"\n    count a\n',
        "what can follow: `/`, the end of the line",
        f'{MEASURE[:-5].rstrip()} / "ms"\n    count a\n',
    ),
    *(
        (f"{FIELD}{wrong}\n", f"write `{right}`", f"{FIELD}{right.replace('…', 'a')}\n")
        for wrong, right in (
            ("boolean", "yes/no"),
            ("string", "text"),
            ("integer", "whole number"),
            ("float", "number"),
            ("timestamp", "time"),
            ("enum", "one of …"),
        )
    ),
    *(
        (
            f'{FIELD}{type_} from "Kunde seit"\n',
            'write `f from "Kunde seit" …`: the column stands before the type',
            f'{FIELD}from "Kunde seit" {type_}\n',
        )
        for type_ in (
            "text",
            "date optional",
            "one of a, b",
            "number",
            "number 0 or more with 2 places",
            "yes/no",
            'time in "UTC"',
        )
    ),
    (f"{FIELD}optional date\n", "write `optional` behind the type", f"{FIELD}date optional\n"),
    (f"{FIELD}number 0-10\n", "write `0 to 10`", f"{FIELD}number 0 to 10\n"),
    (
        f"{RULE}points by a\n        1-3: 5\n        otherwise: 0\n",
        "write `1 to 3`",
        f"{RULE}points by a\n        1 to 3: 5\n        otherwise: 0\n",
    ),
    (
        'rulebook "x" version 1.0.0\n    owner: "Acme"\n',
        "leave out the colon",
        'rulebook "x" version 1.0.0\n    owner "Acme"\n',
    ),
    (
        'rulebook "x" version 1.0.0\n    owner Acme\n',
        'put the words in double quotes: `"Acme …"`',
        'rulebook "x" version 1.0.0\n    owner "Acme"\n',
    ),
    (
        'rulebook "x" version 1.0.0\n    owner the team\n',
        'put the words in double quotes: `"the …"`',
        'rulebook "x" version 1.0.0\n    owner "the team"\n',
    ),
    ('rulebook "x" version v1.2.0\n', "write `1.2.0`", 'rulebook "x" version 1.2.0\n'),
    (
        f'{HEAD}measure posts-made "post"\n    count a\n',
        "write `posts_made`",
        f'{HEAD}measure posts_made "post"\n    count a\n',
    ),
    (
        f'{RULE}points 1\n    because "a "b" c"\n',
        r"write `\"` for a quote inside of a text",
        f'{RULE}points 1\n    because "a \\"b\\" c"\n',
    ),
    (
        f"{MEASURE}count a\n    keep max 3 per b\n",
        "write `keep at most 3 per …`",
        f"{MEASURE}count a\n    keep at most 3 per b\n",
    ),
    (
        f"{MEASURE}count a\n    at most 3 per b\n",
        "write `keep at most …`",
        f"{MEASURE}count a\n    keep at most 3 per b\n",
    ),
    (f"{MEASURE}count a\n    within 30d\n", "write `30 days`", f"{MEASURE}count a\n    within 30 days\n"),
    (f"{MEASURE}count a\n    since 2026-01-01\n", "write `within …`", f"{MEASURE}count a\n    within 90 days\n"),
    (f"{MEASURE}count a and b\n", "put a comma between the kinds", f"{MEASURE}count a, b\n"),
    (f"{MEASURE}unique b of a\n", "write `distinct …`", f"{MEASURE}distinct b of a\n"),
    (f"{RULE}points 1\n    at most 5 points\n", "leave out `points`", f"{RULE}points 1\n    at most 5\n"),
    (f"{RULE}points -2 per a\n", "write `2 * …` with the measure that it is given for", f"{RULE}points -2 * a\n"),
    (f"{RULE}points a minus 2\n", "write `-`", f"{RULE}points a - 2\n"),
    (f"{RULE}points if a > 3: 5 else 0\n", "write `then`", f"{RULE}points if a > 3 then 5 else 0\n"),
    (f"{RULE}points a > 5 EUR\n", "leave it out: numbers have no unit", f"{RULE}points a > 5\n"),
    (f"{MEASURE}count a\n    within 30 Days\n", f"write `days`: {SMALL}", f"{MEASURE}count a\n    within 30 days\n"),
    (f"{MEASURE}count a\n    within 3 WEEKS\n", f"write `weeks`: {SMALL}", f"{MEASURE}count a\n    within 3 weeks\n"),
    (
        f"{MEASURE}count a\n    keep at most 3 PER b\n",
        f"write `per`: {SMALL}",
        f"{MEASURE}count a\n    keep at most 3 per b\n",
    ),
    (f"{REQUIRE}when a > 3 AND b\n", f"write `and`: {SMALL}", f"{REQUIRE}when a > 3 and b\n"),
    (
        f"{RULE}points if a > 3 THEN 2 else 0\n",
        f"write `then`: {SMALL}",
        f"{RULE}points if a > 3 then 2 else 0\n",
    ),
    (
        f'{HEAD}bands\n    from 0 Low "Low"\n',
        f"write `low`: {NAMES}",
        f'{HEAD}bands\n    from 0 low "Low"\n',
    ),
    (
        f'{HEAD}bands\n    from 0 VIP "Very"\n',
        f"write `vip`: {NAMES}",
        f'{HEAD}bands\n    from 0 vip "Very"\n',
    ),
    (
        f'{HEAD}parameter fee = 2 "f"\n\nrule x "X"\n    points a > 5 FEE\n',
        f"write `fee`: {NAMES}",
        f'{HEAD}parameter fee = 2 "f"\n\nrule x "X"\n    points a > fee\n',
    ),
    (f"{RULE}weight 1\n    level of a, linear to 5\n", "leave out `of`", f"{RULE}weight 1\n    level a, linear to 5\n"),
    (f"{REQUIRE}when a is above 5\n", "write `>`", f"{REQUIRE}when a > 5\n"),
    (f"{REQUIRE}when a greater than 5\n", "write `>`", f"{REQUIRE}when a > 5\n"),
    *(
        (f"{REQUIRE}when a {words} 5\n", f"write `{sign}`", f"{REQUIRE}when a {sign} 5\n")
        for words, sign in (
            ("less than", "<"),
            ("is less than or equal to", "<="),
            ("less or equal", "<="),
            ("greater equal", ">="),
            ("equal or greater than", ">="),
            ("is equal to or less than", "<="),
            ("is not more than", "<="),
            ("is not less than", ">="),
            ("not less than", ">="),
            ("is not less than or equal to", ">"),
            ("is not equal to", "!="),
            ("over", ">"),
            ("is at most", "<="),
            ("is at least", ">="),
            ("is not at most", ">"),
            ("is not at least", "<"),
            ("not at most", ">"),
            ("at least", ">="),
            ("at most", "<="),
            ("is no more than", "<="),
            ("no more than", "<="),
            ("no less than", ">="),
            ("is greater than or less than", "!="),
            ("is not less or greater than", "="),
        )
    ),
    (
        f"{RULE}points if a at least 3 then 1 else 0\n",
        "write `>=`",
        f"{RULE}points if a >= 3 then 1 else 0\n",
    ),
    (f"{REQUIRE}when kind is at\n", "write `= at`", f"{REQUIRE}when kind = at\n"),
    (
        f"{REQUIRE}when a is exactly 3\n",
        "write a sign in place of the words: `=`, `!=`, `<`, `<=`, `>` or `>=`",
        f"{REQUIRE}when a = 3\n",
    ),
    (f"{RULE}points a at least 3\n", "begin a new line with `at`", f"{RULE}points a\n    at least 3\n"),
    (
        f"{RULE}points if b then a else 1 at most 3\n",
        "begin a new line with `at`",
        f"{RULE}points if b then a else 1\n    at most 3\n",
    ),
    *(
        (f"{RULE}points {wrong}\n", "write `/` to divide, or `>` to compare", f"{RULE}points {right}\n")
        for wrong, right in (("a over b", "a / b"), ("if a over b then 1 else 0", "if a > b then 1 else 0"))
    ),
    (f"{REQUIRE}when a between 5 and 9\n", "write `a >= … and a <= …`", f"{REQUIRE}when a >= 5 and a <= 9\n"),
    (f"{REQUIRE}when a is between 5 and 9\n", "write `a >= … and a <= …`", f"{REQUIRE}when a >= 5 and a <= 9\n"),
    *(
        (
            f"{REQUIRE}when b and a {words} 5 and 9\n",
            "write `(a < … or a > …)`",
            f"{REQUIRE}when b and (a < 5 or a > 9)\n",
        )
        for words in ("is not between", "not between")
    ),
    (
        f"{REQUIRE}when a is null\n",
        "write `is missing`, or `= null` if that is a value",
        f"{REQUIRE}when a is missing\n",
    ),
    (
        f"{REQUIRE}when a is not none\n",
        "write `is not missing`, or `!= none` if that is a value",
        f"{REQUIRE}when a is not missing\n",
    ),
    (
        f'{REQUIRE}when a like "%b"\n',
        "write `contains`, `starts with` or `ends with`, and no `%` in the text",
        f'{REQUIRE}when a ends with "b"\n',
    ),
    (
        f"{REQUIRE}when a > 31.01.2026\n",
        "write the year first, then month and day: `2026-01-31`",
        f"{REQUIRE}when a > 2026-01-31\n",
    ),
    (f"{FIELD}a, b\n", "write `one of a, …`", f"{FIELD}one of a, b\n"),
    (f"{FIELD}one of a b\n", "put a comma between the values", f"{FIELD}one of a, b\n"),
    (f'{FIELD}one of "a"\n', "write `a`: the values are names, without quotes", f"{FIELD}one of a\n"),
    (
        f'{FIELD}one of "a b", "c"\n',
        "the values are names, of small letters, digits and `_`; where others are read, write `text`",
        f"{FIELD}text\n",
    ),
    (f"{FIELD}number from 0 to 5\n", "leave out `from`", f"{FIELD}number 0 to 5\n"),
    (f"{FIELD}number >= 0\n", "write `0 or more`", f"{FIELD}number 0 or more\n"),
    (f'{HEAD}bands\n    from 50% high "High"\n', "leave out `%`", f'{HEAD}bands\n    from 50 high "High"\n'),
]


@pytest.mark.parametrize(("wrong", "said", "right"), SAID, ids=[f"{i:02}" for i in range(len(SAID))])
def test_help_is_right(wrong: str, said: str | None, right: str) -> None:
    """Of a slip that people make the help says what was meant; the text that does as it says can be read."""
    helps = [found.help for found in parse(Source("wrong.tally", wrong))[1]]
    assert helps == ([] if said is None else [said])
    assert parse(Source("right.tally", right))[1] == ()


def test_fixes_change_no_number() -> None:
    """What an editor offers to write keeps the number: a comma before decimals becomes a point, and is not left out."""
    fixes = [found.fix for found in _found(f"{RULE}weight 60,5\n") + _found(f"{RULE}points 1,000\n")]
    fixes += [found.fix for found in _found(f"{RULE}points 1000,000\n")]
    assert [None if fix is None else fix.replacement for fix in fixes] == ["60.5", None, None]


@pytest.mark.parametrize("line", ["keep at most 3 a week", "total at most 20 points", "within 90 d"])
def test_nothing_is_multiplied_in_a_limit(line: str) -> None:
    """A word behind a limit's number is not taken for something to multiply it with."""
    (found,) = _found(f"{MEASURE}count a\n    {line}\n")
    assert found.help is not None
    assert "multiply" not in found.help


def _found(text: str) -> tuple[Diagnostic, ...]:
    return parse(Source("test.tally", text))[1]
