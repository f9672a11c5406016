"""Takes a rulebook with known faults; checks that the audit of its bounds finds them, and what each rule can give."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from generators.accepted import accepted

from tallystick.engine.gaming.without_records import without_records
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
