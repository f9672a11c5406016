"""Takes small tables of records; gives proof of what an actor earned: of whom, when, and what becomes of the records
that earned it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tallystick.engine.corrections import Correction
from tallystick.engine.reference import ReferenceRun

Refer = Callable[..., ReferenceRun]
D = Decimal

BOOK = """
rulebook "Case" version 1.0.0
    owner "Tests"

records
    id      text
    subject text
    actor   text optional
    kind    one of like, share
    at      date

measure liked "like" / "likes"
    count like
    halving every 10 days except pauses

measure heard "point" / "points"
    sum min(actor.liked or else 0, 2) of share

rule line "Line"
    points heard
    because "x"

score "Case"
    sum of all rules
"""
RECORDS = """
id subject actor kind  at
1  ada     bob   share 2026-02-20
2  bob     cyd   like  2026-02-19
3  bob     dan   like  2026-02-24
4  ada     -     share 2026-02-20
"""


def heard(run: ReferenceRun, name: str = "ada") -> Decimal | None:
    """Return somebody's measure of shares."""
    ledger = run.subject(name)
    assert ledger is not None
    return next(each.value for each in ledger.measures if each.measure == "heard")


@pytest.mark.parametrize(
    ("as_of", "pauses", "earned"),
    [
        ("2026-02-20", "", "0.933032992"),  # the like of the day before: 2^(-1/10); the other is yet to come
        ("2026-03-01", "", "1.207106781"),  # 10 and 5 days old: 0.5 + 0.707106781
        ("2026-03-01", "bob 2026-02-20 2026-03-01", "2"),  # bob was away: nothing of his faded
        ("2026-03-01", "ada 2026-02-20 2026-03-01", "1.207106781"),  # ada's absence stops nothing of bob's
        ("2026-02-18", "", None),
    ],
)
def test_what_bob_earned_is_that_of_the_day(run: Refer, as_of: str, pauses: str, earned: str | None) -> None:
    """bob's measure is taken as of the day asked about, with his own pauses; a share without an actor adds nothing."""
    found = run(BOOK, RECORDS, as_of=as_of, pauses=pauses)
    if earned is None:
        assert found.subject("ada") is None
    else:
        assert heard(found) == D(earned)


def test_records_that_only_actors_read_are_taken_in(run: Refer) -> None:
    """Likes move nobody's score but through who is liked, and a fate says that they are used."""
    found = run(BOOK, RECORDS)
    fates = {name: {(row.fate, row.records) for row in found.subject(name).accounts} for name in ("ada", "bob")}
    assert fates == {"ada": {("taken in", 2)}, "bob": {("taken in", 2)}}


def test_a_like_struck_out_earned_nothing(run: Refer) -> None:
    """What a correction takes from bob is gone from ada's score, and her record's effect says how much is left."""
    found = run(BOOK, RECORDS, corrections=(Correction("2", "void"),))
    assert heard(found) == D("0.707106781")
    assert [row.effect for row in found.evidence("ada") if row.measure == "heard"] == [D("0.707106781"), D(0)]
