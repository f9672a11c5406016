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
    (
        f"{RULE}points days from actor.a or else 2020-01-01 to 2026-01-01\n",
        "write `(actor.a or else 2020-01-01)`",
        f"{RULE}points days from (actor.a or else 2020-01-01) to 2026-01-01\n",
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
    (
        f'{RULE}points by a\n        under 3: -2 reason late "Late."\n        3 or more: 0\n',
        'put the words before the reason: write `"Late." reason late`',
        f'{RULE}points by a\n        under 3: -2 "Late." reason late\n        3 or more: 0\n',
    ),
    (f"{RULE}points -2 per a\n", "write `2 * …` with the measure that it is given for", f"{RULE}points -2 * a\n"),
    (f"{RULE}points a minus 2\n", "write `-`", f"{RULE}points a - 2\n"),
    (f"{RULE}points if a > 3: 5 else 0\n", "write `then`", f"{RULE}points if a > 3 then 5 else 0\n"),
    (f"{RULE}points a > 5 EUR\n", "leave it out: numbers have no unit", f"{RULE}points a > 5\n"),
    *(
        (
            f'{FIELD}one of like, min\n\nrule x "X"\n    points 3 {word}\n',
            f"write `{word.lower()}`: {NAMES}",
            f'{FIELD}one of like, min\n\nrule x "X"\n    points 3 * {word.lower()}\n',
        )
        for word in ("LIKE", "MIN")
    ),
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
    (
        f"{REQUIRE}when a is since 2026-01-01\n",
        "write a sign in place of the words: `=`, `!=`, `<`, `<=`, `>` or `>=`",
        f"{REQUIRE}when a >= 2026-01-01\n",
    ),
    *(
        (
            f"{REQUIRE}when {before}a between 5 and 9{after}\n",
            f"write `{said}`",
            f"{REQUIRE}when {before}{said}{after}\n",
        )
        for before, said, after in (
            ("not ", "(a >= 5 and a <= 9)", ""),
            ("b and not ", "(a >= 5 and a <= 9)", ""),
            ("b or ", "(a >= 5 and a <= 9)", ""),
            ("", "(a >= 5 and a <= 9)", " or b"),
        )
    ),
    *(
        (f"{RULE}points {before}{wrong}{after}\n", f"write `{said}`", f"{RULE}points {before}{said}{after}\n")
        for before, wrong, said, after in (
            ("posts + ", "(5 if member else 0)", "(if member then 5 else 0)", ""),
            ("max(", "posts if member else 0", "if member then posts else 0", ", 3)"),
            ("max(3, ", "posts if member else 0", "if member then posts else 0", ")"),
        )
    ),
    *(
        (f"{HEAD}records\n    note text\n\n{wrong}", said, f"{HEAD}records\n    note text\n\n{right}")
        for wrong, said, right in (
            (
                f"{REQUIRE.removeprefix(HEAD)}when {slip}\n",
                f"write `{meant}`",
                f"{REQUIRE.removeprefix(HEAD)}when {done}\n",
            )
            for slip, meant, done in (
                ('note does not contain "x"', 'not (note contains "x")', 'not (note contains "x")'),
                ('note begins with "x"', "starts with", 'note starts with "x"'),
                ("note exists", "is not missing", "note is not missing"),
            )
        )
    ),
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
            ("more than or at least", ">="),
            ("is less than or at most", "<="),
            ("is not more than or at least", "<"),
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
    *(
        (
            f"{REQUIRE}when b and {value} {between} 5 and 9\n",
            f"write `{value} >= 5 and {value} <= 9`",
            f"{REQUIRE}when b and {value} >= 5 and {value} <= 9\n",
        )
        for between in ("between", "is between")
        for value in ("a", "days since a", "a + 1", "min(a, b)", "(a + b) * 2", "days from a to b")
    ),
    (
        f"{REQUIRE}when (not a between 3 days and 9)\n",
        "write `(a >= … and a <= …)`",
        f"{REQUIRE}when (not (a >= 3 and a <= 9))\n",
    ),
    *(
        (
            f"{REQUIRE}when b and a {words} 5 and 9\n",
            "write `(a < 5 or a > 9)`",
            f"{REQUIRE}when b and (a < 5 or a > 9)\n",
        )
        for words in ("is not between", "not between", "was not between")
    ),
    *(
        (f"{REQUIRE}when kind {words} and b > 3\n", f"write `{right}`", f"{REQUIRE}when kind {right} and b > 3\n")
        for words, right in (
            ('is none of ("a", "b")', 'not in ("a", "b")'),
            ("is not none of a, b", "in (a, b)"),
            ("is neither a nor b", "not in (a, b)"),
            ("is one of post, like, and share", "in (post, like, share)"),
            ("is one of (post and like)", "in (post, like)"),
            ("was not one of post, like", "not in (post, like)"),
            ("is one of post, like", "in (post, like)"),
            ("one of post, like", "in (post, like)"),
            ("is not one of post or like", "not in (post, like)"),
            ("is any of (post, like)", "in (post, like)"),
            ("is either post or like", "in (post, like)"),
            ("is in (post, like)", "in (post, like)"),
            ("is not in (post)", "not in (post)"),
            ("in post, like", "in (post, like)"),
            ("is one of post", "in (post)"),
        )
    ),
    *(
        (
            f"{REQUIRE}when kind {words} and b\n",
            f"write `{right}`",
            f"{REQUIRE}when kind {right.replace('…', 'b')}\n",
        )
        for words, right in (
            ("is one of post", "in (post, …)"),
            ("in post, like", "in (post, like, …)"),
            ("is not one of post, like", "not in (post, like, …)"),
        )
    ),
    (f"{REQUIRE}when kind is either a or b and c\n", "write `in (a, b)`", f"{REQUIRE}when kind in (a, b) and c\n"),
    (f"{REQUIRE}when kind is one\n", "write `= one`", f"{REQUIRE}when kind = one\n"),
    (f"{REQUIRE}when a > or = 3\n", "write `=` for equal, `!=`, `<=` or `>=`", f"{REQUIRE}when a >= 3\n"),
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
        "write `2026-01-31`",
        f"{REQUIRE}when a > 2026-01-31\n",
    ),
    (f"{REQUIRE}when a > 2026.1.5\n", "write `2026-01-05`", f"{REQUIRE}when a > 2026-01-05\n"),
    *(
        (
            f'{HEAD}example "e"\n    as of {day}\n    expect ada\n        score 1\n',
            f"write `2026-03-01`{rest}",
            f'{HEAD}example "e"\n    as of 2026-03-01\n    expect ada\n        score 1\n',
        )
        for day, rest in (
            ("2026.03.01", ""),
            ("1.3.2026", ""),
            ("1 March 2026", ""),
            ("1. March 2026", ""),
            ("March 1st, 2026", ""),
            ('"2026-03-01"', ", without quotes"),
            ("2026-3-1", ", with two digits for month and day"),
        )
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
    # what a name, a sign or a word is missing or too much in
    *(
        (
            f"{HEAD}{wrong}\n    count a\n",
            f"write a name before it, such as `{right}`",
            f"{HEAD}{right}\n    count a\n",
        )
        for wrong, right in (
            ('measure "Posts made"', 'measure posts_made "…"'),
            ('measure "1. Post"', 'measure name "…"'),
        )
    ),
    (
        f'{HEAD}bands\n    from 0 "Low"\n',
        'write a name before it, such as `from 0 low "…"`',
        f'{HEAD}bands\n    from 0 low "…"\n',
    ),
    (
        f'{HEAD}measure post count "posts"\n    count a\n',
        "a name is one word: write `post_count`",
        f'{HEAD}measure post_count "posts"\n    count a\n',
    ),
    (f"{RULE}points = a\n", "leave out `=`", f"{RULE}points a\n"),
    (f"{RULE}points +5\n", "leave out `+`", f"{RULE}points 5\n"),
    (
        'rulebook "x" version 1.0.0\n    effective from 2026-01-01\n',
        "leave out `from`",
        'rulebook "x" version 1.0.0\n    effective 2026-01-01\n',
    ),
    (
        'rulebook "x" version 1.0.0\n    time zone Europe/Berlin\n',
        'put the words in double quotes: `"Europe …"`',
        'rulebook "x" version 1.0.0\n    time zone "Europe/Berlin"\n',
    ),
    (
        f"{RULE}points a, at most 5\n",
        "begin a new line with `at`, without the comma",
        f"{RULE}points a\n    at most 5\n",
    ),
    (
        f"{RULE}points a * 2 up to 20\n",
        "write `at most 20` on a line of its own",
        f"{RULE}points a * 2\n    at most 20\n",
    ),
    # choices, functions and counts in an expression
    *(
        (f"{RULE}points {wrong}\n", f"write `{right}`", f"{RULE}points {right}\n")
        for wrong, right in (
            ("5 if a > 3", "if a > 3 then 5 else 0"),
            ("b * 2 if a > 3 else 1", "if a > 3 then b * 2 else 1"),
            ("sqrt a", "sqrt(a)"),
            ("max posts, 3", "max(posts, 3)"),
            ("5 if a > 3 else 2 if a > 1 else 0", "if a > 3 then 5 else if a > 1 then 2 else 0"),
            ("5 if (a > 3 or b) else (b + 1)", "if (a > 3 or b) then 5 else (b + 1)"),
        )
    ),
    (f"{RULE}points 5 when a > 3\n", "begin a new line with `when`", f"{RULE}points 5\n    when a > 3\n"),
    (f"{RULE}points if a > 3, 5, 0\n", "write `if … then … else …`", f"{RULE}points if a > 3 then 5 else 0\n"),
    (
        f"{RULE}points case when a > 3 then 5 else 0 end\n",
        "write `if … then … else …`",
        f"{RULE}points if a > 3 then 5 else 0\n",
    ),
    (
        f"{RULE}points if a > 3 then 5 elseif a > 1 then 2 else 0\n",
        "write `else if`",
        f"{RULE}points if a > 3 then 5 else if a > 1 then 2 else 0\n",
    ),
    (
        f"{RULE}points count like\n",
        "make it a measure of its own, and name that here",
        f'{RULE}points likes\n\nmeasure likes "like"\n    count like\n',
    ),
    (f"{RULE}points min(a; 3)\n", "write `,`", f"{RULE}points min(a, 3)\n"),
    (f"{RULE}points a + 2a\n", "write `2 * a` to multiply", f"{RULE}points a + 2 * a\n"),
    (f"{RULE}points log(a)\n", "write `ln(…)`, or `log10(…)`", f"{RULE}points log10(a)\n"),
    (f"{RULE}points coalesce(a, 0)\n", "write `(… or else 0)`", f"{RULE}points (a or else 0)\n"),
    # conditions
    *(
        (f"{REQUIRE}when {wrong}\n", f"write `{right}`", f"{REQUIRE}when {right}\n")
        for wrong, right in (
            ("at least 3 posts", "posts >= 3"),
            ("more than 3 posts", "posts > 3"),
            ("not missing a", "a is not missing"),
            ("missing a", "a is missing"),
            ('a does not contain "x"', 'not (a contains "x")'),
            ('a not contains "x"', 'not (a contains "x")'),
            ('a does not start with "x"', 'not (a starts with "x")'),
            ("a or else 0 between 5 and 10", "(a or else 0) >= 5 and (a or else 0) <= 10"),
        )
    ),
    *(
        (f"{REQUIRE}when a {wrong}\n", f"write `{right}`", f"{REQUIRE}when a {right}{rest}\n")
        for wrong, right, rest in (
            ("is true", "= yes", ""),
            ("is not false", "!= no", ""),
            ("is the b", "= b", ""),
            ("not missing", "is not missing", ""),
            ("!= missing", "is not missing", ""),
            ("= missing", "is missing", ""),
            ("exists", "is not missing", ""),
            ("before 2026-01-01", "<", " 2026-01-01"),
            ("is after 2026-01-01", ">", " 2026-01-01"),
            ("are at least 3", ">=", " 3"),
            ("are not at least 3", "<", " 3"),
            ("are not more than 3", "<=", " 3"),
            ("was not equal to 5", "!=", " 5"),
            ("was not 5", "!= 5", ""),
            ("was 5", "= 5", ""),
            ("was -5", "=", " -5"),
            ("are not b", "!= b", ""),
            ("was not true", "!= yes", ""),
            ("was missing", "is missing", ""),
            ("were not missing", "is not missing", ""),
            ("is 3 or more", ">= 3", ""),
            ("is not 3 or more", "< 3", ""),
            ("is on or after 2026-01-01", ">=", " 2026-01-01"),
            ("is before or on 2026-01-01", "<=", " 2026-01-01"),
            ("on or before 2026-01-01", "<=", " 2026-01-01"),
            ("is not on or after 2026-01-01", "<", " 2026-01-01"),
            ("was on or after 2026-01-01", ">=", " 2026-01-01"),
            ('begins with "x"', "starts with", ' "x"'),
            ('starts_with "x"', "starts with", ' "x"'),
            ('includes "x"', "contains", ' "x"'),
        )
    ),
    (
        f"{REQUIRE}when a is given\n",
        "write `is not missing`, or `= given` if that is a value",
        f"{REQUIRE}when a is not missing\n",
    ),
    (
        f"{REQUIRE}when a is unknown\n",
        "write `is missing`, or `= unknown` if that is a value",
        f"{REQUIRE}when a is missing\n",
    ),
    (f"{REQUIRE}when has b\n", "leave out `has`", f"{REQUIRE}when b\n"),
    (f'{REQUIRE}when a ends in "x"\n', "write `with`", f'{REQUIRE}when a ends with "x"\n'),
    (
        f"{REQUIRE}when a = DE\n",
        'write `"DE"` if it is a text; names are of small letters',
        f'{REQUIRE}when a = "DE"\n',
    ),
    *(
        (
            f'{REQUIRE}when a in {opened}"x"{closed}\n',
            "use parentheses: `(` and `)`",
            f'{REQUIRE}when a in ("x")\n',
        )
        for opened, closed in ("[]", "{}")
    ),
    (f"{REQUIRE}a > 3\n", "begin the line with `when`", f"{REQUIRE}when a > 3\n"),
    # fields
    *(
        (f"{FIELD}{wrong}\n", said, f"{FIELD}{right}\n")
        for wrong, said, right in (
            ("number 0..5", "write `0 to 5`", "number 0 to 5"),
            ("number between 0 and 5", "write `0 to 5`", "number 0 to 5"),
            ("number up to 5", "write both ends: `0 to 5`", "number 0 to 5"),
            ("number at most 5", "write both ends: `0 to 5`", "number 0 to 5"),
            (
                "number at least 1",
                "write both ends: `1 to` and the greatest value that there can be",
                "number 1 to 100",
            ),
            ("number min 1", "write both ends: `1 to` and the greatest value that there can be", "number 1 to 100"),
            ("number from 1 to 5", "leave out `from`", "number 1 to 5"),
            ("number with 2 decimals", "write `2 places`", "number with 2 places"),
            ("number (optional)", "leave out the parentheses", "number optional"),
            ("number not null", "leave it out: what is not `optional` must be there", "number"),
            ("number default 0", "write `optional`, and `(f or else 0)` where it is read", "number optional"),
            ('number as "B"', 'write `f from "B" …`: the column stands before the type', 'from "B" number'),
            ("money", "write `number`", "number"),
            ("true/false", "write `yes/no`", "yes/no"),
            (
                "one of (a, b)",
                "leave out the parentheses: the values stand behind `one of`, separated by commas",
                "one of a, b",
            ),
            (
                "one of [a, b]",
                "leave it out: the values stand behind `one of`, separated by commas",
                "one of a, b",
            ),
        )
    ),
    # measures
    (f"{MEASURE}count a where b > 3\n", "begin a new line with `when`", f"{MEASURE}count a\n    when b > 3\n"),
    (
        f"{MEASURE}count a in the last 90 days\n",
        "write `within 90 days` on a line of its own",
        f"{MEASURE}count a\n    within 90 days\n",
    ),
    (f"{MEASURE}count kind = a\n", "name the kinds alone, as in `count post`", f"{MEASURE}count a\n"),
    (f"{MEASURE}number of a\n", "write `count …`", f"{MEASURE}count a\n"),
    (f"{MEASURE}avg b of a\n", "write `average …`", f"{MEASURE}average b of a\n"),
    (f"{MEASURE}max b of a\n", "write `highest …`", f"{MEASURE}highest b of a\n"),
    (f"{MEASURE}a + b\n", "begin the line with `=`", f"{MEASURE}= a + b\n"),
    *(
        (
            f"{MEASURE}count a\n    keep at most 3 per b {wrong}\n",
            "write `per week`",
            f"{MEASURE}count a\n    keep at most 3 per b per week\n",
        )
        for wrong in ("each week", "weekly", "and week")
    ),
    (
        f"{MEASURE}count a\n    keep at most 3 per week per b\n",
        "name the field first: `per b per week`",
        f"{MEASURE}count a\n    keep at most 3 per b per week\n",
    ),
    (
        f"{MEASURE}count a\n    keep at most 3 a day\n",
        "write `per subject per day`, or another field for `subject`",
        f"{MEASURE}count a\n    keep at most 3 per subject per day\n",
    ),
    # levels and tables
    *(
        (
            f"{RULE}weight 1\n    level a{wrong}\n",
            said,
            f"{RULE}weight 1\n    level a, linear to 5\n",
        )
        for wrong, said in (
            (" linear to 5", "put a comma before `linear`"),
            (", linear up to 5", "write `linear to 5`"),
            (", linear from 0 to 5", "write `linear to 5`"),
        )
    ),
    (
        f"{RULE}points for days since a\n        otherwise: 0\n",
        "write `points by …`",
        f"{RULE}points by days since a\n        otherwise: 0\n",
    ),
    *(
        (
            f"{RULE}points by a\n        {wrong}: 5\n        otherwise: 0\n",
            said if said.startswith("leave") else f"write `{said}`",
            f"{RULE}points by a\n        {right or said}: 5\n        otherwise: 0\n",
        )
        for wrong, said, right in (
            ("< 3", "under 3", ""),
            ("<= 3", "up to 3", ""),
            ("> 3", "over 3", ""),
            (">= 3", "3 or more", ""),
            ("3+", "3 or more", ""),
            ("3 and more", "3 or more", ""),
            ("3 or above", "more", "3 or more"),
            ("more than 3", "over 3", ""),
            ("less than 3", "under 3", ""),
            ("from 3", "3 or more", ""),
            ("at least 3", "3 or more", ""),
            ("at most 3", "up to 3", ""),
            ("under 3 years", "leave out `years`", "under 3"),
            ("3 years", "leave out `years`", "3"),
            ("under 50 percent", "50%", "under 50%"),
            ("less than or equal to 4", "up to 4", ""),
            ("less or equal 4", "up to 4", ""),
            ("greater than or equal to 4", "4 or more", ""),
            ("more than or equal to 4", "4 or more", ""),
            ("4 or less", "up to 4", ""),
            ("4 and below", "up to 4", ""),
            ("from 0 to 4", "0 to 4", ""),
            ("from 1 to 4", "1 to 4", ""),
            ("from 1 to under 4", "1 to under 4", ""),
            ("between 1 and 4", "1 to 4", ""),
            ("less than 50%", "under 50%", ""),
            (">= 50%", "50% or more", ""),
            ("< -3", "under -3", ""),
            ("at most -3", "up to -3", ""),
            ("less than 2026-01-01", "under 2026-01-01", ""),
            ("at least 2 at most 5", "2 to 5", ""),
            ("at least 2 and less than 5", "2 to under 5", ""),
            ("more than 2 to 4", "over 2 to 4", ""),
            ("less than 10 and more than 2", "over 2 to under 10", ""),
            ("< 3 and > 1", "over 1 to under 3", ""),
        )
    ),
    (
        f"{RULE}points by a\n        1: 5\n        else: 0\n",
        "write `otherwise …`",
        f"{RULE}points by a\n        1: 5\n        otherwise: 0\n",
    ),
    (
        f"{RULE}points by a\n        1: 5 points\n        otherwise: 0\n",
        "leave out `points`",
        f"{RULE}points by a\n        1: 5\n        otherwise: 0\n",
    ),
    # scores, bands, promises and examples
    *(
        (
            f'{HEAD}score "S"\n    sum of all rules\n    {wrong}\n',
            said,
            f'{HEAD}score "S"\n    sum of all rules\n    {right}\n',
        )
        for wrong, said, right in (
            (
                "between 0 and 9",
                "write `at least …` and `at most …`, each on a line of its own",
                "at least 0\n    at most 9",
            ),
            (
                "from 0 to 9",
                "write `at least …` and `at most …`, each on a line of its own",
                "at least 0\n    at most 9",
            ),
            ("not more than 9", "write `at most …`", "at most 9"),
            ("rounded to 1 decimal", "write `1 place`", "rounded to 1 place"),
            ("rounded to integer", "write `rounded to 0 places`", "rounded to 0 places"),
        )
    ),
    *(
        (f"{HEAD}bands\n    {wrong}\n", said, f'{HEAD}bands\n    from 50 high "High"\n')
        for wrong, said in (
            ('50 high "High"', "write `from 50 …`"),
            ('at least 50 high "High"', "write `from 50 …`"),
            *(
                (f"{above} {name}", "a band begins with its number: `from 50 …` has 50 itself in it")
                for above in ("above 50", "over 50")
                for name in ('high "High"', '"High"')
            ),
            *(
                (f"{below} {name}", "say where each band begins: `from 0 …`")
                for below in ("up to 50", "at most 50", "under 50")
                for name in ('low "Low"', '"Low"')
            ),
            ('from 50 to 99 high "High"', "leave out `to 99`: a band goes up to where the next begins"),
            ("high from 50", 'write `from 50 high "…"`'),
        )
    ),
    (
        f'{HEAD}promise "p"\n    one actor moves at most 12 points\n',
        "leave out `points`",
        f'{HEAD}promise "p"\n    one actor moves at most 12\n',
    ),
    (
        f'{HEAD}example "e"\n    as_of 2026-01-01\n    expect ada\n        score 5\n',
        "write `as of …`",
        f"{EXPECT}score 5\n",
    ),
    (
        f'{HEAD}example "e"\n    as of 2026-01-01\n    expect ada = 5\n',
        "write `score 5` on a line of its own under it",
        f"{EXPECT}score 5\n",
    ),
    (f"{EXPECT}band is low\n", "leave out `is`", f"{EXPECT}band low\n"),
    (f'{EXPECT}score "5"\n', "write `5`, without quotes", f"{EXPECT}score 5\n"),
    # declarations by other names
    *(
        (f"{HEAD}{wrong}\n", f"write `{said}`", f"{HEAD}{right}\n")
        for wrong, said, right in (
            ("events\n    a text", "records", "records\n    a text"),
            ("people\n    a text", "subjects", "subjects\n    a text"),
            ('let a = 1 "a"', "parameter …", 'parameter a = 1 "a"'),
            ('metric m "m"\n    count a', "measure …", 'measure m "m"\n    count a'),
            (
                'section s "s"\n    rule x "X"\n        points 1',
                "facet …",
                'facet s "s"\n    rule x "X"\n        points 1',
            ),
            ('total "S"\n    sum of all rules', 'score "…"', 'score "S"\n    sum of all rules'),
            ('tiers\n    from 0 low "Low"', "bands", 'bands\n    from 0 low "Low"'),
        )
    ),
    (f'{HEAD}fade = 1 "f"\n', "begin the line with `parameter`", f'{HEAD}parameter fade = 1 "f"\n'),
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


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"{RULE}points by a\n        {row}: 5\n        otherwise: 0\n"
            for row in (
                "less than 3 or more than 5",
                "at most 3 years",
                "at least 2 or 3",
                "from 1 to 4 years",
                "over x y",
            )
        ),
        *(
            f"{RULE}points {value}\n"
            for value in (
                "(5 if a) else 0",
                "5 if a > 3, 2",
                "sqrt a + b",
                "max posts 3",
                "max posts",
                "round a, 2",
                "max a + b, 3",
            )
        ),
    ],
)
def test_where_it_is_not_plain_what_was_meant_nothing_is_said_to_be_written(text: str) -> None:
    """Of a line that may mean several things the help names what can follow, and no line to write."""
    assert [found.help for found in _found(text) if (found.help or "").startswith("write")] == []
    assert _found(text) != ()


def test_a_name_that_is_not_declared_may_be_a_misspelt_word() -> None:
    """A name that nobody declared, near to a word that could stand there, is told to be that word."""
    helps = [found.help for found in _found(f"{REQUIRE}when nto a > 3\n")]
    assert helps == ["`not` is spelled almost the same"]


@pytest.mark.parametrize("line", ["keep at most 3 a week", "total at most 20 points", "within 90 d"])
def test_nothing_is_multiplied_in_a_limit(line: str) -> None:
    """A word behind a limit's number is not taken for something to multiply it with."""
    (found,) = _found(f"{MEASURE}count a\n    {line}\n")
    assert found.help is not None
    assert "multiply" not in found.help


def _found(text: str) -> tuple[Diagnostic, ...]:
    return parse(Source("test.tally", text))[1]
