"""Takes conditions that nobody can mean; holds the checker to telling of them, and of no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tallystick.rules import Rulebook

X = 'exclude x "x"\n    when '
M = 'measure m "m"\n    count post\n    '
POSTS = 'measure posts "p"\n    count post\n'
TWO = POSTS + 'measure liked "l"\n    count like\n'
NONE = 'otherwise no score "No."'
USED = 'rule uses "U"\n    points {}\n    because "b"\n'
"""Why a rule of its own: what nothing reads is told of, too."""

DECIDED = {
    "a text and itself": ("always-true", X + "«actor = actor»"),
    "a number above itself": ("always-false", X + "«amount > amount»"),
    "a text that is two": ("always-false", X + 'actor = "a" and «actor = "b"»'),
    "a text that is not one or not the other": ("always-true", X + 'actor != "a" or «actor != "b"»'),
    "a text of no list that it is in": ("always-false", X + 'actor in ("a", "b") and «actor in ("c", "d")»'),
    "a text of a list that it is in": ("always-true", X + 'actor in ("a", "b") and «actor in ("b", "a", "c")»'),
    "a text out of what is left of a list": (
        "always-true",
        X + 'actor in ("a", "b") and actor != "a" and «actor = "b"»',
    ),
    "two texts that are the same and are not": ("always-false", X + "actor = subject and «subject != actor»"),
    "two measures, each above the other": (
        "always-false",
        TWO + USED.format("size\n    when posts > liked and «posts < liked»"),
    ),
    "two numbers, one of which is above in both": (
        "always-true",
        TWO + USED.format("size\n    when posts > liked and «liked <= posts»"),
    ),
    "two numbers that are the same or are not": (
        "always-true",
        TWO + USED.format("size\n    when posts = liked or «liked != posts»"),
    ),
    "requirements that two numbers cannot meet": (
        "always-false",
        TWO
        + f'require a "a"\n    when posts >= liked\n    {NONE}\nrequire b "b"\n    when «liked > posts»\n    {NONE}\n',
    ),
    "two days, each before the other": (
        "always-false",
        USED.format("size\n    when joined is not missing and joined < born and «born < joined»"),
    ),
    "a number that is one and is not": ("always-false", X + "amount = 5 and «amount != 5»"),
    "two texts of which it is said whether they are the same": (
        "always-true",
        X + "(actor = subject) = yes and «(actor = subject) = yes»",
    ),
    "two numbers that are the same, and of which it is said whether they are": (
        "always-true",
        TWO + USED.format("size\n    when posts = liked and («liked = posts») = yes"),
    ),
    "an empty text": ("always-false", X + '«actor = ""»'),
    "an empty text of what is optional": ("always-true", X + 'item is not missing and «item != ""»'),
    "a text that contains nothing": ("always-true", X + '«actor contains ""»'),
    "days that end before they begin": (
        "always-false",
        X + "sent is not missing and sent > 2026-03-01 and «sent < 2026-02-01»",
    ),
    "moments that end before they begin": (
        "always-false",
        X + "at >= 2026-03-01T00:00:00Z and «at < 2026-03-01T00:00:00Z»",
    ),
    "a moment within another": ("always-true", X + "at < 2026-01-01T00:00:00Z and «at < 2026-02-01T00:00:00Z»"),
    "requirements that nobody meets": (
        "always-false",
        POSTS + f'require a "a"\n    when posts >= 10\n    {NONE}\n'
        f'require b "b"\n    when size > 1 and «posts < 5»\n    {NONE}\n',
    ),
    "a requirement that everybody meets": (
        "always-true",
        POSTS + f'require a "a"\n    when posts >= 10\n    {NONE}\nrequire b "b"\n    when «posts >= 5»\n    {NONE}\n',
    ),
    "a requirement asked before one that stands above it": (
        "always-false",
        POSTS + f'require late "l"\n    when «size < 5» and posts > 1\n    {NONE}\n'
        f'require early "e"\n    when size >= 5\n    {NONE}\n',
    ),
    "needs that nobody meets": (
        "always-false",
        POSTS
        + 'bands\n    low "Low"\n        needs posts >= 10 "m"\n        needs «posts < 5» "f"\n'
        + USED.format("posts"),
    ),
    "an exclusion of what is left out already": (
        "always-false",
        X + 'kind = like\nexclude y "y"\n    when actor = subject and «kind = like»',
    ),
    "a discount of what is left out already": (
        "always-false",
        X + 'amount < 5\ndiscount d "d"\n    to 50%\n    when «amount < 3»',
    ),
    "a measure of what is left out already": (
        "always-false",
        X + "amount < 5\n" + M + "when «amount < 3»\n" + USED.format("m"),
    ),
    "a measure of what its window leaves out": (
        "always-false",
        M + "when «days since at > 100»\n    within 90 days\n" + USED.format("m"),
    ),
    "a yes/no twice": ("always-true", USED.format("size\n    when consent and size > 1 and «consent»")),
    "a yes/no and its contrary": ("always-false", USED.format("size\n    when consent and «not consent»")),
    "a yes/no out of what is left": ("always-false", USED.format("size\n    when not consent and «consent = yes»")),
    "requirements of a yes/no that nobody meets": (
        "always-false",
        f'require a "a"\n    when consent\n    {NONE}\nrequire b "b"\n    when «not consent»\n    {NONE}\n',
    ),
    "a rule of a yes/no that is required": (
        "always-true",
        f'require a "a"\n    when consent\n    {NONE}\n' + USED.format("size\n    when «consent»"),
    ),
    "a measure that asks for its window": (
        "always-true",
        M + "when «days since at < 100»\n    within 90 days\n" + USED.format("m"),
    ),
    "the first day that a window leaves out": (
        "always-false",
        M + "when «days since at >= 90»\n    within 90 days\n" + USED.format("m"),
    ),
    "the one kind that is counted": ("always-true", M + "when «kind = post»\n" + USED.format("m")),
    "a number that is not the last of its stretch": ("always-true", X + "rate != 10 and «rate <= 9»"),
    "the lower of two ends above": ("always-true", X + "amount < 5 and amount < 3 and «amount < 4»"),
    "the higher of two ends below": ("always-true", X + "amount > 3 and amount > 5 and «amount > 4»"),
    "a number above what either of two leaves": (
        "always-false",
        X + '((amount < 3 and actor = "a") or (amount < 5 and actor = "b")) and «amount > 6»',
    ),
    "a value that neither of two leaves": ("always-false", X + "(kind = post or kind = like) and «kind = reply»"),
}

OPEN = {
    "a number that one of two leaves above the other's end": X
    + '((amount < 3 and actor = "a") or (amount < 5 and actor = "b")) and amount > 4',
    "a number that one of two leaves below the other's end": X
    + '((amount > 5 and actor = "a") or (amount > 3 and actor = "b")) and amount < 4',
    "a yes/no that is left open": USED.format("size\n    when consent or size > 1"),
    "rules of a yes/no and of its contrary": USED.format("size\n    when consent")
    + USED.format("1\n    when not consent").replace("uses", "others"),
    "a text that is one or another": X + 'actor = "a" or actor = "b"',
    "a text that is none of two": X + 'actor != "a" and actor != "b"',
    "a text that stands in for a missing one": X + '(item or else "") = ""',
    "two texts of different things": X + 'actor = "a" and subject = "b"',
    "two numbers between which something is left": TWO
    + USED.format("size\n    when posts >= liked and posts <= liked and posts != size"),
    "two texts of which it is said whether they are the same, and that they are": X
    + "(actor = subject) = yes and actor = subject",
    "three numbers": TWO + USED.format("size\n    when posts > liked and liked < size and posts < size"),
    "an order of texts": X + 'actor > "a" and actor < "b"',
    "a stretch of days": X + "at >= 2026-02-01T00:00:00Z and at < 2026-03-01T00:00:00Z",
    "needs that leave something": POSTS
    + 'bands\n    low "Low"\n        needs posts >= 5 "m"\n        needs posts < 10 "f"\n        needs size > 1 "s"\n'
    + USED.format("posts"),
    "requirements that ask for more and more": POSTS
    + f'require a "a"\n    when posts >= 5\n    {NONE}\nrequire b "b"\n    when posts >= 10\n    {NONE}\n',
    "a requirement that asks for one thing more": POSTS
    + f'require a "a"\n    when posts >= 5\n    {NONE}\nrequire b "b"\n    when posts >= 5 and size > 1\n    {NONE}\n',
    "an exclusion of which a part is left out already": X
    + 'kind = like\nexclude y "y"\n    when kind = like or rate < 0',
    "an exclusion behind one of repeats": X + 'kind = like\n    repeats of actor\nexclude y "y"\n    when kind = like',
    "a measure that asks once more for what is left in": X
    + "amount < 5\n"
    + M
    + "when amount >= 5\n"
    + USED.format("m"),
    "a number that can still be the end of a stretch": USED.format("if size <= 5 then 1 else 2\n    when size >= 5"),
    "a value that is left by either of two": X + "(kind = post or kind = like) and kind = post",
    "a measure of a part of its window": M + "when days since at > 30\n    within 90 days\n" + USED.format("m"),
}


@pytest.mark.parametrize(("name", "text"), DECIDED.values(), ids=DECIDED)
def test_what_is_decided_is_told(name: str, text: str, expect_mistake: Callable[..., object]) -> None:
    """A test that always holds, or never does, is told of once, at its own place."""
    expect_mistake(name, text)


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_what_is_open_is_not_told(text: str, expect_nothing: Callable[..., Rulebook]) -> None:
    """A test on which something depends is not told of."""
    expect_nothing(text)


@pytest.mark.parametrize(
    ("asked", "thing"),
    [
        ("share >= 0", "share"),
        ("joined = joined", "joined"),
        ("days since joined >= 0", "days since joined"),
        ("joined <= joined", "joined"),
        ("not (share > 1)", None),
    ],
)
def test_what_can_be_missing_does_not_always_hold(asked: str, thing: str | None, tell: Callable[..., Any]) -> None:
    """A test that only a missing value fails says so, and what to write for that; one that never holds does not."""
    text = USED.format(f"size\n    when {asked}\n    otherwise not applicable")
    (told,) = (each for each in tell(text).diagnostics if each.name.startswith("always-"))
    if thing is None:
        assert told.message == "`share > 1` is always false here"
    else:
        assert told.message == f"`{asked}` is always true here, but where `{thing}` is missing"
        assert told.help == f"write `{thing} is not missing`"
