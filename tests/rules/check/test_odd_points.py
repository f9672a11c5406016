"""Takes rules, bands and numbers that nobody can mean; holds the checker to telling of them, and of no others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tallystick.rules import Rulebook

R = 'rule r "R"\n    because "x"\n    '
P = 'measure posts "p"\n    count post\n'
SUM = 'score "Score"\n    sum of all rules\n'
SHARE = 'score "Score"\n    sum of all rules\n    at most 1\n'
MEAN = 'score "Score"\n    mean of all rules by weight, out of 100\n'
LEVEL = 'rule plain "Plain"\n    weight {}\n    level share or else 0\n    because "It is."\n\n'

ODD = {
    "a floor above all points": (
        "always-same",
        'rule «r» "R"\n    because "x"\n    points -2 * size\n    at least 20',
        SUM,
    ),
    "a cap below all points": (
        "always-same",
        'rule «r» "R"\n    because "x"\n    points size + 1\n    at most -3',
        SUM,
    ),
    "nothing times something": ("always-same", 'rule «r» "R"\n    because "x"\n    points 0 * size', SUM),
    "rows that give the same": (
        "always-same",
        'rule «r» "R"\n    because "x"\n    points by size\n        under 5: 3\n        5 or more: 3',
        SUM,
    ),
    "a level of what is never above 0": (
        "always-same",
        'rule «r» "R"\n    because "x"\n    weight 9\n    level -size, linear to 5',
        SUM,
    ),
    "a weight that rounding takes away": (
        "always-same",
        'rule «r» "R"\n    because "x"\n    weight 0.4\n    level size, linear to 5',
        SUM + "    rounded to 0 places\n",
    ),
    "a facet that its cap leaves nothing of": (
        "always-same",
        'facet f "F"\n    at most «5»\n    ' + R.replace("\n", "\n    ") + "points size + 7",
        SUM,
    ),
    "a facet of what takes away with a floor of 0": (
        "always-same",
        'facet f "F"\n    at least «0»\n    ' + R.replace("\n", "\n    ") + "points -2 * size",
        SUM,
    ),
    "points for nobody": ("never-missing", R + 'points size\n    «otherwise 5 "Nobody."»', SUM),
    "points for nobody beside a row for what is missing": (
        "never-missing",
        R + 'points by share\n        missing: 0\n        under 1: 2\n        1: 3\n    «otherwise 5 "Nobody."»',
        SUM,
    ),
    "a floor below 0 of what only adds": ("bound-never", R + "points 2 * size\n    at least «-20»", SUM),
    "a cap above 0 of what only takes away": ("bound-never", R + "points -2 * size\n    at most «20»", SUM),
    "a level of a count without a shape": ("level-whole", P + R + "weight 5\n    level «posts»", SUM),
    "a level of a count that a part fills": ("level-whole", P + R + "weight 5\n    level posts, linear to «10%»", SUM),
    "a curve that 1 fills": ("level-whole", P + R + "weight 5\n    level posts, logarithmic to «1»", SUM),
    "a thousand": ("number-two-ways", P + R + "weight 5\n    level posts, linear to «10.000»", SUM),
    "a window of a thousand": (
        "number-two-ways",
        'measure late "l"\n    count post\n    within «1.000» days\n' + R + "points late",
        SUM,
    ),
    "a half-life of a thousand": (
        "number-two-ways",
        'measure late "l"\n    count post\n    halving every «2.000» weeks\n' + R + "points late",
        SUM,
    ),
    "a dated value of a thousand": (
        "number-two-ways",
        'parameter most = 500 "m"\n    from 2026-07-01 = «1.000» because "More."\n' + R + "points min(size, most)",
        SUM,
    ),
    "a thousand beside a comment and a text with three places": (
        "number-two-ways",
        '# see 3.141\nrule r "R 0.125"\n    because "x"\n    points «1.000» * size',
        SUM,
    ),
    "points with no end for whoever a rule applies to": (
        "always-same",
        'rule «r» "R"\n    because "x"\n    points 3 * size\n    when size = 1',
        SUM,
    ),
    "a percentage for a weight": ("percent-points", R + "weight «60%»\n    level size, linear to 5", SUM),
    "a percentage for points": ("percent-points", R + "points if consent then «5%» else 0", SUM),
    "a percentage in a row": ("percent-points", R + "points by size\n        under 5: 1\n        5 or more: «5%»", SUM),
    "a percentage for a bound": (
        "percent-points",
        'facet f "F"\n    at most «50%»\n    ' + R.replace("\n", "\n    ") + "points size + 1",
        SUM,
    ),
    "a baseline above the highest row": (
        "baseline-never",
        R + "points by size\n        under 5: 3\n        5 or more: 10\n    baseline «12»",
        SUM,
    ),
    "a baseline above the cap": ("baseline-never", R + "points 2 * size\n    at most 20\n    baseline «30»", SUM),
    "a baseline above 0 of what only takes away": (
        "baseline-never",
        R + "points -2 * size\n    at least -20\n    baseline «1»",
        SUM,
    ),
    "two rules with one title": (
        "title-twice",
        R + 'points 2 * size\nrule s «"R"»\n    points share or else 0\n    because "y"',
        SUM,
    ),
    "two rules of a facet with one title": (
        "title-twice",
        (
            'facet f "F"\n    rule f_r "R"\n        points size + 1\n        because "y"\n        when consent\n'
            '    rule f_s «"R"»\n        points size + 2\n        because "y"'
        ),
        SUM,
    ),
    "one measure under two names": (
        "same-twice",
        P + 'measure «again» "a"\n    count post\n    because "Once more."\n' + R + "points posts + again",
        SUM,
    ),
    "one rule under two names": (
        "same-twice",
        R + "points 2 * size\n" + 'rule «s» "S"\n    points 2 * size\n    because "y"',
        SUM,
    ),
    "a rule of a facet beside the same rule of none": (
        "same-twice",
        R + 'points size + 1\n\nfacet f "F"\n    rule «f_r» "R"\n        points size + 1\n        because "y"',
        SUM,
    ),
    "one exclusion under two names": (
        "same-twice",
        'exclude a "a"\n    when actor ends with "[bot]"\nexclude «b» "b"\n    when actor ends with "[bot]"',
        SUM,
    ),
    "one discount under two names": (
        "same-twice",
        'discount a "a"\n    to 50%\n    when kind = like\ndiscount «b» "b"\n    when kind = like\n    to 50%',
        SUM,
    ),
    "one requirement under two names": (
        "same-twice",
        (
            'require a "a"\n    when city = "x" or consent\n    otherwise no score "No."\n'
            'require «b» "b"\n    when city = "x" or consent\n    otherwise no score "Never."'
        ),
        SUM,
    ),
    "records that repeat an id": ("always-false", 'exclude x "x"\n    repeats of actor, «id»', SUM),
    "a band below all scores": (
        "band-never",
        'bands\n    from -10 «low» "Low"\n    from 0 mid "Mid"\n    from 5 high "High"',
        SUM,
    ),
}

MEANT = {
    "a weight of 0": (R + "weight 0\n    level size, linear to 5", SUM),
    "a weight that finer lines keep": (
        R + "weight 0.4\n    level size, linear to 5",
        SUM + "    rounded to 0 places, lines to 2\n",
    ),
    "points for whoever a rule applies to": (R + "points 5\n    when size >= 3", SUM),
    "what is missing gives other points": (R + "points by share\n        missing: 0\n        otherwise: 3", SUM),
    "bounds to both sides": (R + "points 2 * size\n    at least -20\n    at most 20", SUM),
    "a facet with a floor of what adds and takes away": (
        'facet f "F"\n    at least 0\n    ' + R.replace("\n", "\n    ") + "points 9 - 2 * size",
        SUM,
    ),
    "a facet of one number with a cap": (
        'facet f "F"\n    at most 3\n    ' + R.replace("\n", "\n    ") + "points 5",
        SUM,
    ),
    "points for whoever something is missing of": (R + 'points share\n    otherwise 5 "Not known."', SUM),
    "points for whoever a row is missing of": (
        R + 'points by size\n        under 5: share\n        5 or more: 3\n    otherwise 5 "Not known."',
        SUM,
    ),
    "a floor of 0": (R + "points 2 * size\n    at least 0", SUM),
    "a level that 1 fills": (P + R + "weight 5\n    level posts, linear to 1", SUM),
    "a level of a share": (R + "weight 5\n    level share or else 0", SUM),
    "a level of 0 or 1": (R + "weight 5\n    level if consent then 1 else 0", SUM),
    "three places among others": (R + "points if size > 5 then 1.000 else 0.125", SUM),
    "a floor for whoever the rule does not apply to": (
        R + 'points size\n    when consent\n    otherwise -10 "No."\n    at least -5',
        SUM,
    ),
    "a percentage of something": (R + "points 50% * size", SUM),
    "percentages of a score to 1": (R + "weight 60%\n    level size, linear to 5", SHARE),
    "measures that differ in a window": (
        P + 'measure late "l"\n    count post\n    within 9 days\n' + R + "points posts + late",
        SUM,
    ),
    "a baseline that only the best come to": (
        R + "points by size\n        under 5: 3\n        5 or more: 10\n    baseline 10",
        SUM,
    ),
    "a baseline that comes of what the rule does not apply to": (
        R + 'points 2\n    when consent\n    otherwise 9 "No."\n    baseline 8',
        SUM,
    ),
    "a baseline of what nothing bounds": (R + "points 2 * size\n    baseline 500", SUM),
    "one title of two rules for different people": (
        R + 'points 2 * size\n    when consent\nrule s "R"\n    points size\n    when not consent\n    because "y"',
        SUM,
    ),
    "one title in two facets": (
        "".join(
            f'facet {each} "{each}"\n    rule {each}_r "R"\n        points {more} * size\n        because "x"\n'
            for each, more in (("f", 2), ("g", 3))
        ),
        SUM,
    ),
    "rules of two facets": (
        "".join(
            f'facet {each} "F"\n    at most 9\n    rule {each}_r "R"\n        points size + 1\n        because "x"\n'
            for each in ("f", "g")
        ),
        SUM,
    ),
    "bands from the least score on": ('bands\n    from 0 low "Low"\n    from 1 high "High"', SUM),
}


@pytest.mark.parametrize(("name", "text", "score"), ODD.values(), ids=ODD)
def test_what_nobody_means_is_told(name: str, text: str, score: str, expect_mistake: Callable[..., object]) -> None:
    """What cannot be meant is told of once, at its own place."""
    expect_mistake(name, text, score=score)


@pytest.mark.parametrize(("text", "score"), MEANT.values(), ids=MEANT)
def test_what_may_be_meant_is_not_told(text: str, score: str, expect_nothing: Callable[..., Rulebook]) -> None:
    """What is written on purpose as often as not passes without a word."""
    expect_nothing(text, score=score)


@pytest.mark.parametrize(
    ("points", "score"),
    [
        ("min(size, 5)", f"{SUM}    at least «100»\n"),
        ("-1 * min(size, 5)", f"{SUM}    at least «0»\n    at most 10\n"),
        ("min(size, 4) / 10", SUM.replace("score", "«score»", 1) + "    rounded to 0 places, lines to 1\n"),
    ],
    ids=["a floor above all", "a floor of 0 of what takes away", "rounding"],
)
def test_a_score_that_is_the_same_for_everybody_is_told(
    points: str, score: str, expect_mistake: Callable[..., object]
) -> None:
    """Where rules differ and the score cannot, the bound or the rounding that sees to that is told of, once."""
    expect_mistake("always-same", f"{R}points {points}", rule="", score=score)


def test_a_score_of_rules_that_do_not_differ_is_no_further_mistake(expect_nothing: Callable[..., object]) -> None:
    """What rules give to everybody alike is theirs to tell, and a bound of it may be meant."""
    expect_nothing(f"{R}points 5", rule="", score=f"{SUM}    at most 3\n")


def test_who_has_no_points_is_in_a_band_below_those_who_have(expect_nothing: Callable[..., object]) -> None:
    """A rule gives 5 points or more where it applies, and where something is missing none: the band from 0 is for those
    of whom it is."""
    text = (
        'bands\n    from 0 low "Low"\n    from 3 high "High"\n' + R + "points 5 + share\n    otherwise not applicable"
    )
    expect_nothing(text, rule="")


def test_weights_of_a_mean_may_be_percentages(expect_nothing: Callable[..., Rulebook]) -> None:
    """Under a mean, a weight is a share of the whole."""
    expect_nothing("", rule=LEVEL.format("60%"), score=MEAN)


def test_lines_under_a_mean_may_be_percentages(expect_nothing: Callable[..., Rulebook]) -> None:
    """Under a mean, the bounds of a rule are shares of what its weight gives, as is its weight."""
    text = R + "weight 60%\n    level size, linear to 5\n    at most 30%\n    at least 10%\n    baseline 20%"
    expect_nothing(text, rule=LEVEL.format("40%"), score=MEAN)


def test_the_bounds_of_a_mean_are_points(expect_mistake: Callable[..., object]) -> None:
    """What bounds the score itself is counted in points, under a mean as under a sum."""
    expect_mistake("percent-points", "", rule=LEVEL.format("5"), score=MEAN + "    at most «90%»\n")


WHOLE = """rulebook "Test" version 1.0.0
    owner "Somebody"

subjects
    share number 0 to {}

rule r "R"
    points share
    because "x"

score "Score"
    sum of all rules

example "Half"
    as of 2026-01-01
    subjects
        subject share
        ada     {}
    expect ada
        score 1.000
"""


@pytest.mark.parametrize(("high", "share"), [("«1.000»", "1"), ("«1.000»", "1.000")])
def test_a_thousand_is_told_of_at_the_bound_of_a_type(
    high: str, share: str, expect_mistake: Callable[..., object]
) -> None:
    """A bound of a type can be meant as thousands; what an example has is a result, and is not asked about."""
    expect_mistake("number-two-ways", WHOLE.format(high, share), whole=True)


def test_a_bound_with_the_places_of_its_type_is_meant(expect_nothing: Callable[..., Rulebook]) -> None:
    """A type that has three places has its bound written with three."""
    expect_nothing(WHOLE.format("1.000 with 3 places", "1"), whole=True)


def test_a_rule_with_a_condition_is_said_to_give_the_same_where_it_applies(tell: Callable[..., object]) -> None:
    """Who a rule does not apply to gets no points of it, so it does not give everybody the same."""
    text = R + "points 3 * size\n    when size = 1"
    messages = [each.message for each in tell(text).diagnostics]  # type: ignore[attr-defined]
    assert "rule `r` gives 3 points wherever it applies, whatever it reads" in messages


def test_a_baseline_is_not_said_to_lower_a_score(tell: Callable[..., object]) -> None:
    """A baseline changes no score: it is what an explanation tells as holding it back that nobody can mean."""
    text = R + "points size + 1\n    at most 20\n    baseline 30"
    (found,) = [each for each in tell(text).diagnostics if each.name == "baseline-never"]  # type: ignore[attr-defined]
    assert found.message == "nobody comes to the baseline of 30, so rule `r` counts as what holds everybody back"


def test_rules_that_read_nothing_are_said_to_give_the_same(tell: Callable[..., object]) -> None:
    """Of two rules that give the same points nothing is said of what they read."""
    text = R + 'points 5\n\nrule s "S"\n    points 5\n    because "y"'
    (found,) = [each for each in tell(text).diagnostics if each.name == "same-twice"]  # type: ignore[attr-defined]
    assert found.notes == ("so both give the same points",)


def test_nothing_is_known_of_a_day_that_can_be_any(tell: Callable[..., object]) -> None:
    """Where a day can be any of the calendar, the calendar's ends are not told as if they were the rulebook's."""
    text = R + "points if born < 0001-01-01 then 1 else size"
    (found,) = [each for each in tell(text).diagnostics if each.name == "always-false"]  # type: ignore[attr-defined]
    assert found.notes == ()


def test_shares_of_a_mean_make_a_whole(expect_mistake: Callable[..., object]) -> None:
    """Weights of a mean that are percentages, and add up to more or less than 100%, are told of at the mean."""
    text = R + "weight 60%\n    level if consent then 1 else 0"
    mean = MEAN.replace("mean", "«mean").rstrip("\n") + "»\n"
    expect_mistake("percent-sum", text, rule=LEVEL.format("50%"), score=mean)


@pytest.mark.parametrize(("first", "second"), [("60%", "40%"), ("60%", "5"), ("60", "50")])
def test_weights_of_a_mean_that_are_no_shares_need_no_sum(
    first: str, second: str, expect_nothing: Callable[..., Rulebook]
) -> None:
    """Percentages that make a whole pass, and so do weights of which one is no percentage."""
    text = R + f"weight {first}\n    level if consent then 1 else 0"
    expect_nothing(text, rule=LEVEL.format(second), score=MEAN)


def test_nothing_is_said_of_a_score_that_lacks_a_rule(expect_mistake: Callable[..., object]) -> None:
    """Where a rule cannot be read, nobody knows how far the score goes."""
    expect_mistake(
        "text-not-closed",
        'bands\n    from 0 low "Low"\n    from 50 high "High"\n\nrule r «"R»\n    points 100\n    because "x"',
        rule='rule plain "Plain"\n    points min(size, 5)\n    because "It is."\n\n',
    )


NOBODY_S = """rulebook "Test" version 1.0.0
    owner "Somebody"

records
    subject text
    actor   text{}
    kind    one of like
    at      date

exclude own "o"
    when {} and actor = subject

exclude others "o"
    when {} and actor != subject

measure likes "l"
    count like

rule r "R"
    points likes
    because "x"

score "Score"
    sum of all rules
"""


def test_records_of_nobody_are_left_where_all_that_somebody_did_is_excluded(
    tell: Callable[..., object], expect_nothing: Callable[..., object]
) -> None:
    """What the person did and what others did is all there is, unless it can be that nobody is known to have done
    it."""
    known = "actor is not missing"
    expect_nothing(NOBODY_S.format(" optional", known, known), whole=True)
    told = tell(NOBODY_S.format("", "kind = like", "kind = like"), whole=True).mistakes  # type: ignore[attr-defined]
    assert "kind-never" in [name for name, _, _ in told]


HELP = {
    "yes for a number": (
        R + "points true",
        "write `1` where a number is wanted; `yes` stands beside a yes/no, as in `consent = yes`",
    ),
    "yes for a weight": (R + "weight false\n    level size, linear to 5", "write `0` where a number is wanted"),
    "yes beside a yes/no": (R + "points if consent = true then 1 else 0", "write `yes`"),
    "yes in quotes": (R + 'points if consent = "No" then 1 else 0', "write `no` without quotes"),
    "1 for yes": (R + "points if consent = 1 then 1 else 0", "write `consent` alone, or `not consent`"),
    "null": ('exclude x "x"\n    when actor != null', "write `… is missing`, or `… is not missing`"),
    "today": (R + "points if born = today then 1 else 0", "write `days since …`: it counts to the day of the score"),
    "a number in quotes": ('exclude x "x"\n    when amount > "5"', "write `5` without quotes"),
    "a day in quotes": (
        'exclude x "x"\n    when at > "2026-1-5"',
        "write `2026-01-05T00:00:00Z`, without quotes, with two digits for month and day",
    ),
    "a day of one digit": (
        R + "points if born > 2026-1-5 then 1 else 0",
        "write `2026-01-05`, with two digits for month and day",
    ),
    "a whole day in quotes": (R + 'points if born > "2026-01-05" then 1 else 0', "write `2026-01-05`, without quotes"),
    "a day that is none": (
        R + 'points if born > "2026-13-45" then 1 else 0',
        "write a day of the calendar, without quotes, as in `2026-01-31`",
    ),
    "a day with its year last": (
        'exclude x "x"\n    when at > 5/1/2026',
        "write the year first, then month and day, as in `2026-01-31T00:00:00Z`",
    ),
    "a day with its year last, in quotes": (
        R + 'points if born > "5/1/2026" then 1 else 0',
        "write the year first, then month and day, without quotes, as in `2026-01-31`",
    ),
    "a day with strokes": (R + "points if born > 2026/01/05 then 1 else 0", "write `2026-01-05`"),
    "a moment with strokes": ('exclude x "x"\n    when at > 2026/1/5', "write `2026-01-05T00:00:00Z`"),
    "a day with strokes, in quotes": (
        R + 'points if born > "2026/01/05" then 1 else 0',
        "write `2026-01-05`, without quotes",
    ),
    "a day with hyphens and its year last": (
        R + "points if born > 1-5-2026 then 1 else 0",
        "write the year first, then month and day, as in `2026-01-31`",
    ),
    "01-05-2026, its year last, in quotes": (
        R + 'points if born > "01-05-2026" then 1 else 0',
        "write the year first, then month and day, without quotes, as in `2026-01-31`",
    ),
    **{
        f"{day}, whose parts are certain, in quotes": (
            R + f'points if born > "{day}" then 1 else 0',
            "write `2025-12-31`, without quotes",
        )
        for day in ("31.12.2025", "31 December 2025", "Dec 31, 2025")
    },
    **{
        f"{day} for a day": (
            R + f"points if born > {day} then 1 else 0",
            "a day is written year-month-day, such as `2026-01-31`; to count days, write `days since born`",
        )
        for day in ("2026", "20260105")
    },
    "a year for a moment": (
        'exclude x "x"\n    when at > 2026',
        "a moment is written year-month-day, such as `2026-01-31T00:00:00Z`; to count days, write `days since at`",
    ),
    "a year for a day, in quotes": (
        R + 'points if born > "2026" then 1 else 0',
        "a day is written year-month-day, without quotes, such as `2026-01-31`",
    ),
    "days for a day": (
        R + "points if born > 90 then 1 else 0",
        "write `days since born` or `years since born`",
    ),
    "1 beside what is turned round": (
        R + "points if (not consent) = 1 then 1 else 0",
        "write `not consent` alone, or `not (not consent)`",
    ),
    "yes beside a text": ('exclude x "x"\n    when actor = yes', 'a text is written `"yes"`'),
    "a discount to 50": ('discount d "d"\n    to 50', "write `50%`"),
    "a discount to 150%": ('discount d "d"\n    to 150%', "write a share from `0%` to `100%`"),
    "a month": (
        P + 'measure m "m"\n    count post\n    halving every month\n',
        "write it in days or weeks, such as `30 days`",
    ),
    "points beside a level": (R + "points 5\n    level size, linear to 5", "keep one, or make it two rules"),
    "kinds of which both are meant": (
        'exclude x "x"\n    when kind = post and kind = like',
        "leave the test out, or join it by `or` if one of two values will do",
    ),
    "kinds of which neither is meant": (
        'exclude x "x"\n    when kind != post or kind != like',
        "leave the test out, or join it by `and` to rule out two values",
    ),
    "an empty text of what is never missing": (
        'exclude x "x"\n    when actor = ""',
        "write `actor is missing`, and declare `actor` as `optional`",
    ),
}


@pytest.mark.parametrize(("text", "said"), HELP.values(), ids=HELP)
def test_help_says_what_to_write(text: str, said: str, tell: Callable[..., object]) -> None:
    """Of a mistake there is one diagnostic, and its help says what was meant."""
    found = [each for each in tell(text).diagnostics if each.name not in ("unused", "kind-never")]  # type: ignore[attr-defined]
    assert [each.help for each in found] == [said]


NOISY = """rulebook "Test" version 1.0.0
    owner "Somebody"
    noise {}

subjects
    size whole number 0 or more

rule r "R"
    points min(size, 30)
    because "x"

score "Score"
    sum of all rules
"""


def test_a_noise_wider_than_the_scale_is_told(expect_mistake: Callable[..., object]) -> None:
    """Where no two scores are as far apart as ``noise``, it would call every change no meaningful one."""
    expect_mistake("noise-too-wide", NOISY.format("«31»"), whole=True)
    expect_mistake("noise-too-wide", NOISY.format("«12»") + "    at least 20\n", whole=True)


@pytest.mark.parametrize("bounds", ["", "    at most 10\n    at least 0\n", "    at least -5\n"])
def test_a_noise_as_wide_as_the_scale_is_not_told(bounds: str, expect_nothing: Callable[..., Rulebook]) -> None:
    """From one end of the scale to the other is a change that counts as one."""
    expect_nothing(NOISY.format("10" if "10" in bounds else "30") + bounds, whole=True)


ZONED = """rulebook "Test" version 1.0.0
    owner "Somebody"
{}
records
    subject text
    kind    one of a
    {}

measure n "n"
    count a

rule r "R"
    points min(n, 30)
    because "x"

score "Score"
    sum of all rules
"""


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo", "Europe/London"])
def test_records_by_the_clocks_of_a_zone_whose_days_nobody_named_are_told(
    zone: str, expect_mistake: Callable[..., object]
) -> None:
    """Whoever names a zone for the records' moments means its days, which are counted by UTC."""
    expect_mistake("zone-unsaid", ZONED.format("", f'«at time in "{zone}"»'), whole=True)


COUNTED = """rulebook "Test" version 1.0.0
    owner "Somebody"

subjects
    {}

rule r "R"
    points {}
    because "x"

score "Score"
    sum of all rules
"""
JOINED = 'joined time in "Europe/Berlin"'


@pytest.mark.parametrize(
    "points",
    [
        "min(days since joined or else 0, 9)",
        "min(years since joined or else 0, 9)",
        "if days from 2026-01-01 to joined > 3 then 1 else 0",
    ],
)
def test_another_moment_whose_days_are_counted_is_told(points: str, expect_mistake: Callable[..., object]) -> None:
    """Its day decides there as that of a record does elsewhere."""
    expect_mistake("zone-unsaid", COUNTED.format(f"«{JOINED}»", points), whole=True)


@pytest.mark.parametrize(
    "points",
    [
        "if joined > 2026-01-01T00:00:00Z then 1 else 0",
        "if seconds from 2026-01-01T00:00:00Z to joined > 3 then 1 else 0",
    ],
)
def test_a_moment_that_is_only_compared_is_not_told(points: str, expect_nothing: Callable[..., Rulebook]) -> None:
    """For which of two moments is the earlier, no zone matters."""
    expect_nothing(COUNTED.format(JOINED, points), whole=True)


@pytest.mark.parametrize(
    ("head", "at"),
    [
        ('    time zone "Europe/Berlin"\n', 'at time in "Europe/Berlin"'),
        ('    time zone "UTC"\n', 'at time in "Europe/Berlin"'),
        ('    time zone "Asia/Tokyo"\n', 'at time in "Europe/Berlin"'),
        ("", "at time"),
        ("", "at date"),
        ("", 'at time in "UTC"'),
        ("", 'at time in "Atlantic/Reykjavik"'),
    ],
)
def test_days_that_are_named_or_those_of_utc_are_not_told(
    head: str, at: str, expect_nothing: Callable[..., Rulebook]
) -> None:
    """A head that names a zone says which days are meant, and a zone at UTC has no others."""
    expect_nothing(ZONED.format(head, at), whole=True)
