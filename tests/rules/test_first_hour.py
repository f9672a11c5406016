"""Makes the mistakes of somebody's first hour in a rulebook that is otherwise right: each is told once, in its place,
and whoever does what the help says has a rulebook that checks."""

from __future__ import annotations

import pytest

from tallystick.rules import limits
from tallystick.rules.load import read
from tallystick.rules.source import Source

RIGHT = """rulebook "Community" version 1.0.0

records
    subject text
    actor   text
    kind    one of post, like, share
    at      time
    amount  number 0 to 100 optional

subjects
    joined  date optional
    consent yes/no
    country text

parameter fade = 30 days "how long"
    because "So."

require agreed "agreed"
    when consent
    otherwise no score "You have not agreed."

exclude own "your own"
    when actor = subject or country = "US"
    because "Own."

measure posts "post" / "posts"
    count post, like
    when kind = post
    halving every fade

measure spent "spent"
    sum amount of post, like
    when amount is not missing

rule writing "Writing"
    points posts + spent
    at most 10
    because "W."

rule tenure "Years"
    points by years since joined
        under 1:   0
        1 or more: 5
        missing:   0 "We do not know."
    because "E."

score "Score"
    sum of all rules
    rounded to 1 place

bands
    from 0 low "Low"
    from 5 high "High"

example "one"
    as of 2026-03-01
    subjects
        subject consent joined     country
        ada     yes     2025-06-01 DE
    records
        at                   subject actor kind  amount
        2026-02-20T09:00:00Z ada     bob   share 3.5
    expect ada
        band low
"""
OWN = "when actor = subject or country"
HEADING = "subject consent joined     country"
FITS = "2025-06-01 DE"
KIND = "a value stands behind its field: `kind = like`, or `kind in (…, like)`"
COMPARE = "compare it with something, behind `or` too: `a = b or a = c`"
NAMES = "names are of small letters, digits and `_`, and begin with a letter"
AT = "2026-02-20T09:00:00Z"

# What is right, what somebody writes, what is told of it and where, and what the help says.
SLIPS = [
    ("kind = post\n", "kind = post or like\n", "like", KIND),
    (OWN, 'when actor contains "bot" or "test" or country', '"test"', COMPARE),
    ("when amount is", "when record.amount is", "record", "write `amount`"),
    ("fade = 30 days", 'fade = "30 days"', '"30 days"', "write `30 days`, without quotes"),
    ("posts + spent", "posts + amount", "amount", "read it through a measure, such as `sum amount of …`"),
    (HEADING, "subject, consent, joined, country", "subject,", "write blanks in place of each `,`"),
    (HEADING, "subject | consent | joined | country", "|", "write blanks in place of each `|`"),
    (FITS, "1.6.2025 DE", "1.6.2025", "write `2025-06-01`"),
    (FITS, "01/06/2025 DE", "01/06/2025", "write the year first, then month and day, as in `2026-01-31`"),
    (AT, "2026-02-20", "2026-02-20", "write a moment: `2026-02-20T00:00:00Z`"),
    (AT, "2026-02-20T09:00:00", "2026-02-20T09:00:00", "write `2026-02-20T09:00:00Z` for a time in UTC"),
    ("share 3.5", "share 3,5", "3,5", "write `3.5`"),
    ("as of 2026-03-01", "as of 1 March 2026", "1 March 2026", "write `2026-03-01`"),
    ('country = "US"', "country = US", "US", 'write `"US"` if it is a text; names are of small letters'),
    ("measure posts ", "measure Posts ", "Posts", f"write `posts`: {NAMES}"),
    ("records\n    subject", "events\n    subject", "events", "write `records`"),
    ("subjects\n    joined", "people\n    joined", "people", "write `subjects`"),
    ("bands\n", "tiers\n", "tiers", "write `bands`"),
    ('score "Score"', 'total "Score"', "total", 'write `score "…"`'),
]  # fmt: skip


def test_what_is_right_is_right() -> None:
    """Without a mistake there is nothing to tell."""
    assert read(Source("right.tally", RIGHT))[1] == ()


@pytest.mark.parametrize(("right", "wrong", "place", "said"), SLIPS, ids=[wrong.strip() for _, wrong, _, _ in SLIPS])
def test_a_slip_is_told_once_and_in_its_place(right: str, wrong: str, place: str, said: str) -> None:
    """One slip gives one error, and no other for what depends on it."""
    assert RIGHT.count(right) == 1
    text = RIGHT.replace(right, wrong)
    (found,) = (each for each in read(Source("wrong.tally", text))[1] if each.name not in ("unused", "kind-never"))
    assert (text[found.primary.span.start : found.primary.span.end], found.help) == (place, said)
    assert text[: found.primary.span.start] == RIGHT[: RIGHT.index(right)] + wrong.partition(place)[0]


def test_a_table_of_days_says_how_years_are_looked_at() -> None:
    """Who looks at a date by numbers likely means how long ago it is."""
    text = RIGHT.replace("points by years since joined", "points by joined")
    helps = {found.help for found in read(Source("wrong.tally", text))[1]}
    assert helps == {"write a date; to look at how long ago it is, write `points by days since …`"}


def test_what_stands_behind_too_many_declarations_is_not_called_missing() -> None:
    """A file with more declarations than are read is told so, and nothing of what its rest declares."""
    many = "".join(f'parameter p{number} = 1 "p"\n    because "p"\n\n' for number in range(limits.DECLARATIONS))
    text = RIGHT.replace("require agreed", f"{many}require agreed")
    assert [found.name for found in read(Source("wrong.tally", text))[1]] == ["declarations-too-many"]
