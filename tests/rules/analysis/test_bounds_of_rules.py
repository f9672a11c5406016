"""Takes a rulebook with known faults; checks that the audit of its bounds finds them, and what each rule can give."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from generators.accepted import accepted

from tallystick.engine.gaming.without_records import without_records
from tallystick.engine.what_if.supposed import Trial
from tallystick.explain.audit.bounds import words
from tallystick.rules.analysis.bounds import Bounds, bounds_of
from tallystick.rules.rulebook import Rulebook

FAULTY = """\
rulebook "Faulty" version 1.0.0
    owner "Tests"

records
    id      text
    subject text
    actor   text
    kind    one of like, post
    at      date
    level   number 0 to 10 with 1 places

subjects
    picture yes/no "has a picture"

exclude own "your likes of yourself"
    when actor = subject and kind = like

measure likes "like" / "likes"
    count like

measure likers "liker" / "likers"
    distinct actor of like

measure posts "post" / "posts"
    count post

measure share "share"
    = likes / max(posts, 0.001)

rule turning "It turns"
    points by likes
        under 5:       0
        5 to under 10: 8
        10 or more:    3
    because "…"

rule steep "It divides by nearly nothing"
    points min(share, 10)
    because "…"

rule picture "It rewards a profile"
    points if picture then 6 else 0
    because "…"

rule dead "It never differs"
    points 2
    because "…"

rule cliff "It jumps"
    points if likers >= 3 then 40 else 0
    because "…"

rule sound "Nothing is wrong with it"
    weight 20
    level  likers, linear to 500
    because "…"

score "S"
    sum of all rules
    at least 2
    at most 60
    rounded to 1 place

bands
    from 0 none "None"
    from 2 some "Some"
"""

EXCLUSIVE = """\
rulebook "Exclusive" version 1.0.0
    owner "Tests"

records
    subject text
    kind    one of post
    at      date

subjects
    member yes/no "is a member"
    sort   one of new, old, other "sort of account"

measure posts "post" / "posts"
    count post

"""
SUM = """
score "S"
    sum of all rules
"""


@cache
def faulty() -> tuple[Rulebook, Bounds]:
    """Return the rulebook and its bounds."""
    checked = accepted(FAULTY)
    return checked, bounds_of(checked)


def test_known_faults_are_found_and_a_sound_rule_is_left_alone() -> None:
    """A table that falls where activity rises, a divisor near 0, points for a profile, a rule that never differs, a
    jump and a band that nobody is in: each is found where it is, with its figures."""
    _, found = faulty()
    assert [(each.kind, each.name, each.figures) for each in found.findings] == [
        ("dead rule", "dead", ("2",)),
        ("band never", "none", ("2", "60")),
        ("falls as it rises", "turning", ("likes", "5 to under 10", "10 or more", "8", "3")),
        ("cliff", "turning", ("under 5", "5 to under 10", "8", "14")),
        ("goes both ways", "steep", ("post",)),
        ("no records read", "picture", ("6", "picture")),
        ("cliff", "cliff", ("not likers >= 3", "likers >= 3", "40", "69")),
        ("small divisor", "share", ("max(posts, 0.001)", "0.001")),
    ]


def test_what_each_rule_can_give_and_who_can_move_it() -> None:
    """The least and greatest points, and by how much one other actor and one's own records move them."""
    _, found = faulty()
    rules = {each.rule.name: each for each in found.rules}
    assert {name: (each.least, each.most) for name, each in rules.items()} == {
        "turning": (0, 8),
        "steep": (0, 10),
        "picture": (0, 6),
        "dead": (2, 2),
        "cliff": (0, 40),
        "sound": (0, 20),
    }
    moved = {each.pair.form: (each.low, each.high) for each in rules["sound"].moved if each.pair.kind != "post"}
    # One liker of 500 is 20/500 = 0.04 points, a step of the lines of one place at most; nobody likes themselves.
    assert moved == {
        "another's records": (0, Decimal("0.1")),
        "own records": (0, 0),
        "silence": (0, 0),
        "one more record": (0, Decimal("0.1")),
    }
    assert rules["picture"].attributes == ("picture",)


def test_what_the_ranges_of_numbers_settle_is_taken_as_settled() -> None:
    """A rule whose condition never holds gives nothing, nothing moves it, and it is named as dead; so is one of whose
    two branches only one is ever taken, and what always holds changes nothing."""
    never, always = "posts < 0", "not (posts < 0)"
    rules = {
        "never": f"points posts\n    when {never}",
        "never_beside": f"points posts\n    when posts > 3 and {never}",
        "instead": f'points posts\n    when {never}\n    otherwise 3 "-"',
        "branch": f"points if {never} then 50 else 4",
        "always": f"points posts\n    at most 9\n    when {always}",
    }
    texts = (f'rule {name} "R"\n    {lines}\n    because "…"\n' for name, lines in rules.items())
    found = bounds_of(accepted(EXCLUSIVE + "\n".join(texts) + SUM))
    lines = {each.rule.name: each for each in found.rules}
    assert {name: (each.least, each.most) for name, each in lines.items()} == {
        "never": (0, 0),
        "never_beside": (0, 0),
        "instead": (3, 3),
        "branch": (4, 4),
        "always": (0, 9),
    }
    assert [name for name, each in lines.items() if any(pair.moves for pair in each.moved)] == ["always"]
    assert [(each.kind, each.name, words(each)) for each in found.findings] == [
        *(("dead rule", name, "Its condition never holds, so it applies to nobody.") for name in list(rules)[:3]),
        ("dead rule", "branch", "It gives 4 to everybody to whom it applies, so it tells nobody from anybody."),
    ]


def test_what_is_settled_can_still_be_missing() -> None:
    """A test that never fails where it can be told gives nothing where what it reads is missing."""
    measure = 'measure ratio "r"\n    = 10 / posts\n    when posts > 0\n\n'
    with_age = EXCLUSIVE.replace("    member yes/no", "    age    number 0 to 99 optional\n    member yes/no")
    for when in (
        "ratio > 5 or ratio <= 5",
        "ratio >= 0",
        "ratio >= 0 and (ratio or else -1) >= 0",
        "age > 5 or age <= 5 or posts > 3",
    ):
        rule = f'rule r "R"\n    when {when}\n    points 7\n    otherwise not applicable\n    because "…"\n'
        found = bounds_of(accepted(with_age + measure + rule + SUM))
        assert (found.least, found.most) == (0, 7)
        assert any(each.moves for each in found.rules[0].moved)


def test_points_for_nobody_s_activity_are_shown_by_somebody_without_records() -> None:
    """An imagined person with a picture and not one record has 8 points: 6 and the 2 of everybody."""
    rulebook, _ = faulty()
    found = without_records(rulebook)
    assert found is not None
    assert (found.score, dict(found.points)) == (8, {"picture": 6, "dead": 2})


def _ends(*rules: str) -> tuple[Decimal | None, Decimal | None]:
    """Return between which ends the sum of rules lies, each written as its points and its other lines."""
    lines = (each.replace("; ", "\n    ") for each in rules)
    texts = (f'rule r{at} "R"\n    points {each}\n    because "…"\n' for at, each in enumerate(lines))
    checked = accepted(EXCLUSIVE + "\n".join(texts) + SUM)
    found = bounds_of(checked)
    return found.least, found.most


def test_points_that_nobody_can_have_together_are_not_added() -> None:
    """Of rules whose conditions exclude each other only one counts, by a measure, an attribute or several of them; one
    that asks for less applies where one does that asks for more. What nobody excludes is added."""
    assert _ends("10; when posts < 5", "20; when posts >= 5") == (10, 20)
    assert _ends("10; when posts < 5", "20; when not (posts < 5)") == (10, 20)
    assert _ends("10; when posts <= 5", "20; when 5 < posts") == (10, 20)
    assert _ends("10; when posts > 4", "20; when posts < 5") == (10, 20)
    assert _ends("10; when posts > 4", "20; when posts < 6") == (10, 30)
    assert _ends("10; when posts = 0", "20; when posts != 0 and member") == (0, 20)
    assert _ends("10; when member", "-20; when not member") == (-20, 10)
    assert _ends("10; when sort = new", "20; when sort = old", "3; when sort != new") == (3, 23)
    assert _ends("-3; when posts >= 5", "5; when posts >= 10") == (-3, 2)
    assert _ends('10; when posts < 5; otherwise 7 "-"', '20; when posts >= 5; otherwise 1 "-"') == (11, 27)
    assert _ends('10; at most 6; when posts < 5; otherwise 7 "-"', "20; when posts >= 5") == (6, 26)
    assert _ends("10; when posts < 5", "20; when member") == (0, 30)
    assert _ends("10; when posts < 5 or member", "20; when posts >= 5 or member") == (0, 30)


def test_a_condition_of_several_comparisons_holds_where_all_of_them_do() -> None:
    """From 5 to under 10 is neither below 5 nor above 10: of three rules that share out the numbers one applies."""
    assert _ends("10; when posts >= 5 and posts < 10", "20; when posts >= 10", "40; when posts < 5") == (10, 40)


def test_what_only_takes_away_and_a_divisor_that_never_changes_are_no_faults() -> None:
    """More posts never raise the first, and no step of anything makes 0.5 a smaller divisor."""
    rules = ("points -min(posts, 3)", "points min(posts, 4) / 0.5")
    texts = (f'rule r{at} "R"\n    {points}\n    because "…"\n' for at, points in enumerate(rules))
    found = bounds_of(accepted(EXCLUSIVE + "\n".join(texts) + SUM))
    assert found.findings == ()
    assert [(each.least, each.most) for each in found.rules] == [(-3, 0), (0, 8)]


def test_bounds_hold_on_every_day_that_the_rulebook_names() -> None:
    """A parameter that is 2, then 5 and then 3: the least and the most are those of the 5, on whichever day."""
    text = EXCLUSIVE + (
        'parameter each = 2 "points for each"\n    because "…"\n'
        '    from 2026-07-01 = 5 because "…"\n    from 2027-01-01 = 3 because "…"\n\n'
        'rule given "G"\n    points min(posts, 3) * each\n    because "…"\n\n'
        'rule taken "T"\n    points -min(posts, 2) * each\n    because "…"\n'
    )
    found = bounds_of(accepted(text + SUM))
    assert [(each.least, each.most) for each in found.rules] == [(0, 15), (-10, 0)]
    assert (found.least, found.most) == (-10, 15)


@pytest.mark.parametrize(
    ("form", "measure", "why"),
    [
        ("another's records", "sum less of post", "no limit"),
        ("another's records", "sum more of post", "no limit"),
        ("silence", "sum more of post\n    within 30 days", "window"),
        ("silence", "sum less of post\n    within 30 days", "taking away"),
        (
            "silence",
            "sum more of post\n    within 30 days\n    keep at most 1 per actor per month\n    halving every 9 days",
            "chosen before fading",
        ),
    ],
)
def test_what_keeps_a_bound_wide_is_named(form: str, measure: str, why: str) -> None:
    """Of records that take away as of those that give: whoever reads that nothing bounds a rule is told what would."""
    fields = "    subject text\n    actor   text\n    more    number 0 to 5\n    less    number -5 to 0\n"
    text = EXCLUSIVE.replace("    subject text\n", fields).replace("count post", measure)
    rule = 'rule r "R"\n    points min(max(posts, -9), 9)\n    because "…"\n'
    (found,) = bounds_of(accepted(text + rule + SUM)).rules
    (moved,) = (each for each in found.moved if each.pair.form == form)
    assert [(way.name, way.why) for way in moved.ways] == [("posts", why)]


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("one of p, q", 4),
        ("one of p, q optional", 4),
        ("yes/no", 4),
        ("yes/no optional", 4),
        ("whole number 0 to 3", 8),
        ("number 0 to 1 with 1 place optional", 22),
        ("text", 50),
    ],
)
def test_of_what_is_kept_one_actor_gives_so_many_of_each_value(field: str, most: int) -> None:
    """Two of each value that the field can have; any number of a text's."""
    fields = f"    subject text\n    actor   text\n    item    {field}\n"
    there = "\n    when item is not missing" if "optional" in field else ""
    measure = "count post\n    keep at most 2 per actor, item" + there
    text = EXCLUSIVE.replace("    subject text\n", fields).replace("count post", measure)
    (found,) = bounds_of(accepted(text + 'rule r "R"\n    points min(posts, 50)\n    because "…"\n' + SUM)).rules
    (moved,) = (each for each in found.moved if each.pair.form == "another's records")
    assert (moved.low, moved.high) == (0, most)


def test_the_ends_of_a_score_are_those_that_are_printed() -> None:
    """Three halves are printed as 2, and as -2 below zero."""
    rules = ("min(posts, 3) / 2", "-min(posts, 3) / 2\n    when member")
    texts = (f'rule r{at} "R"\n    points {points}\n    because "…"\n' for at, points in enumerate(rules))
    text = EXCLUSIVE + "\n".join(texts)
    found = bounds_of(accepted(text + SUM + "    rounded to 0 places\n"))
    assert (found.least, found.most) == (-2, 2)
    found = bounds_of(accepted(text + SUM))
    assert (found.least, found.most) == (Decimal("-1.5"), Decimal("1.5"))


STEPS = """\
rulebook "Steps" version 1.0.0
    owner "Tests"

records
    subject text
    kind    one of post
    at      date

measure posts "post" / "posts"
    count post

"""
TABLE = "points by posts\n        under 5: 0\n        5 or more: 50"
IF = "if posts >= 5 then 1 else 0"


@pytest.mark.parametrize(
    ("lines", "jump"),
    [
        (TABLE, 50),
        (f"{TABLE}\n    at most 30", 30),
        (f"points 40 * ({IF})", 40),
        (f"points 40 * ({IF}) - 20 * ({IF})", 20),
        (f"points 40 * ({IF})\n    at most 30", 30),
        (f"points 10 - ({IF}) / 0.05", 20),
        (f"weight 30\n    level {IF}", 30),
        (f"weight 30\n    level 500 * ({IF}), linear to 1000", 15),
        (f"points 5 * ({IF})", None),
        (f"points 0.01 * (500 * ({IF}))", None),
        (f"{TABLE}\n    at most 5", None),
    ],
)
def test_a_cliff_is_as_high_as_it_is_for_people(lines: str, jump: int | None) -> None:
    """A step is told with what it comes to in points, whatever the expression that it stands in and the rule's bounds:
    so much the fifth post brings, and a tenth of the scale of 100 or less is not told of."""
    filler = 'rule s "S"\n    points min(posts, 100)\n    because "…"\n'
    text = f'{STEPS}rule r "R"\n    {lines}\n    because "…"\n\n{filler}{SUM}    at least 0\n    at most 100\n'
    rulebook = accepted(text)
    told = [Decimal(each.figures[2]) for each in bounds_of(rulebook).findings if each.kind == "cliff"]
    trial = Trial(rulebook, date(2026, 1, 1))
    four, five = (trial.line(rulebook.rules[0], {"posts": Decimal(posts)}).points or 0 for posts in (4, 5))
    assert told == ([] if jump is None else [jump])
    assert abs(five - four) == jump or (jump is None and abs(five - four) <= 10)


def test_under_a_mean_and_in_a_facet_a_cliff_is_a_share_of_what_it_can_come_to() -> None:
    """30 of 40 weights are 75 % of the scale; of a facet that gives 5 at most a jump of 50 is a step of 5, and 25 %."""
    mean = (
        f'rule r "R"\n    weight 30\n    level {IF}\n    because "…"\n\n'
        'rule s "S"\n    weight 10\n    level posts, linear to 90\n    because "…"\n\n'
        'score "S"\n    mean of all rules by weight, out of 100\n'
    )
    facet = (
        f'facet f "F"\n    at most 5\n\n    rule r "R"\n        {TABLE.replace("        ", "            ")}\n'
        '        because "…"\n\nrule s "S"\n    points min(posts, 15)\n    because "…"\n' + SUM
    )
    shares = [[each.figures[2:] for each in bounds_of(accepted(STEPS + text)).findings] for text in (mean, facet)]
    assert shares == [[("30", "75")], [("50", "25")]]


def test_a_table_that_the_rule_s_bounds_make_flat_does_not_fall() -> None:
    """What is given is given within the rule's bounds: 20 and 15 are 10 and 10 where a rule gives at most 10."""
    table = "points by posts\n        under 1: 0\n        1 to under 3: 20\n        3 or more: 15\n"
    kinds = [
        [
            each.kind
            for each in bounds_of(accepted(f'{STEPS}rule r "R"\n    {table}{more}    because "…"\n{SUM}')).findings
        ]
        for more in ("", "    at most 10\n")
    ]
    assert ["falls as it rises" in each for each in kinds] == [True, False]


def test_silence_in_which_a_value_comes_can_bring_what_that_value_brings() -> None:
    """Time alone lowers a count in a window; but a rule whose parameter has another value from a day on can then give
    anything that it gives, and one that reads no such parameter cannot."""
    text = STEPS.replace("    count post\n", "    count post\n    within 9 days\n") + (
        'parameter goal = 10 "goal"\n    because "…"\n    from 2026-06-01 = 2 because "…"\n\n'
        'rule dated "D"\n    weight 30\n    level posts, linear to goal\n    because "…"\n\n'
        'rule plain "P"\n    weight 30\n    level posts, linear to 10\n    because "…"\n' + SUM
    )
    moved = {
        each.rule.name: next((pair.low, pair.high) for pair in each.moved if pair.pair.form == "silence")
        for each in bounds_of(accepted(text)).rules
    }
    assert moved == {"dated": (-30, 30), "plain": (-30, 0)}
