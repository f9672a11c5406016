"""Takes small tables of records; gives proof of which records count: exclusions, repeats, favours, fates, days and
hours."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tallystick.engine.ledger import AccountRow
from tallystick.engine.reference import ReferenceRun

Refer = Callable[..., ReferenceRun]
D = Decimal

HEAD = """
rulebook "Case" version 1.0.0
    owner "Tests"
{zone}
records
    n       whole number optional
    subject text
    actor   text optional
    kind    one of like, share, post
    at      time
    item    text optional

"""
TAIL = """
rule line "Line"
    points m

score "Case"
    sum of all rules
"""
LIKES = 'measure m "like" / "likes"\n    count like\n'


def exclude(name: str, *lines: str) -> str:
    """Write an exclusion."""
    return f'exclude {name} "{name}"\n' + "".join(f"    {line}\n" for line in lines) + '    because "So."\n\n'


def book(*parts: str, zone: str = "") -> str:
    """Write a rulebook of these declarations."""
    return HEAD.format(zone=f'    time zone "{zone}"\n' if zone else "") + "".join(parts) + TAIL


def m(run: ReferenceRun, who: str = "ada") -> Decimal | None:
    """Return the measure `m` of a person."""
    ledger = run.subject(who)
    assert ledger is not None
    return next(row.value for row in ledger.measures if row.measure == "m")


def accounts(run: ReferenceRun, who: str = "ada") -> list[tuple[str, str, int]]:
    """Return the fates of the records about a person."""
    ledger = run.subject(who)
    assert ledger is not None
    assert all(isinstance(row, AccountRow) and row.subject == who for row in ledger.accounts)
    return [(row.fate, row.name, row.records) for row in ledger.accounts]


def counted(run: ReferenceRun, who: str = "ada") -> list[str | None]:
    """Return the numbers (`n`) of the records that count."""
    return sorted(str(row.values[0]) for row in run.evidence(who) if row.fate == "counted")


# ---- exclusions --------------------------------------------------------------------------------------------------


def test_the_first_exclusion_that_applies_takes_a_record(run: Refer) -> None:
    """The robot's like of its own post is a robot's, since that is said first; ada's own is her own; one of 3
    counts."""
    text = book(
        exclude("robots", 'when (actor or else "-") ends with "[bot]"'),
        exclude("own", 'when (actor or else "-") = subject'),
        LIKES,
    )
    records = """
        n  subject actor    kind at                   item
        1  x[bot]  x[bot]   like 2026-02-20T09:00:00Z p1
        2  ada     ada      like 2026-02-20T09:00:00Z p1
        3  ada     bob      like 2026-02-20T09:00:00Z p1
        4  ada     y[bot]   like 2026-02-20T09:00:00Z p1
    """
    done = run(text, records)
    assert m(done) == 1
    assert accounts(done) == [("excluded", "robots", 1), ("excluded", "own", 1), ("taken in", "", 1)]
    assert accounts(done, "x[bot]") == [("excluded", "robots", 1)]


def test_repeats_leave_the_earliest(run: Refer) -> None:
    """bob liked p1 at 9, 8 and 10: that of 8 counts. His like of p2 and cyd's of p1 are no repeats: 3 of 5."""
    text = book(exclude("twice", "repeats of actor, item"), LIKES)
    records = """
        n  subject actor kind at                   item
        1  ada     bob   like 2026-02-20T09:00:00Z p1
        2  ada     bob   like 2026-02-20T08:00:00Z p1
        3  ada     bob   like 2026-02-20T10:00:00Z p1
        4  ada     bob   like 2026-02-20T10:00:00Z p2
        5  ada     cyd   like 2026-02-20T10:00:00Z p1
    """
    done = run(text, records)
    assert counted(done) == ["2", "4", "5"]
    assert accounts(done) == [("excluded", "twice", 2), ("taken in", "", 3)]


def test_repeats_compare_records_about_one_person(run: Refer) -> None:
    """bob's like of p1 toward ada and the one toward eve do not agree in their subject, so both count."""
    text = book(exclude("twice", "repeats of actor, item"), LIKES)
    records = """
        subject actor kind at                   item
        ada     bob   like 2026-02-20T09:00:00Z p1
        eve     bob   like 2026-02-20T10:00:00Z p1
    """
    assert [m(run(text, records), who) for who in ("ada", "eve")] == [1, 1]


def test_repeats_without_a_field_are_none(run: Refer) -> None:
    """Two likes without an item repeat nothing, though they agree in everything."""
    text = book(exclude("twice", "repeats of actor, item"), LIKES)
    records = """
        subject actor kind at                   item
        ada     bob   like 2026-02-20T09:00:00Z -
        ada     bob   like 2026-02-20T09:00:00Z -
    """
    assert m(run(text, records)) == 2


def test_of_repeats_at_one_moment_the_least_in_field_order_is_left(run: Refer) -> None:
    """At one moment the order is that of the fields declared: 2 before 10 (numbers), and a missing one last.

    Where only the last field differs, `a` is less than `b`, and `Z` less than both, by code points.
    """
    text = book(exclude("twice", "repeats of actor"), LIKES)
    records = """
        n  subject actor kind at                   item
        10 ada     bob   like 2026-02-20T09:00:00Z a
        2  ada     bob   like 2026-02-20T09:00:00Z b
        -  ada     bob   like 2026-02-20T09:00:00Z c
    """
    assert counted(run(text, records)) == ["2"]
    records = """
        subject actor kind at                   item
        ada     bob   like 2026-02-20T09:00:00Z b
        ada     bob   like 2026-02-20T09:00:00Z Z
        ada     bob   like 2026-02-20T09:00:00Z a
        ada     bob   like 2026-02-20T09:00:00Z -
    """
    left = [row.values[-1] for row in run(text, records).evidence("ada") if row.fate == "counted"]
    assert left == ["Z"]


def test_repeats_see_what_no_earlier_exclusion_took_and_passes_their_when(run: Refer) -> None:
    """The share of 7 is taken by the first exclusion and the post of 8 fails `when`: the like of 9 is the earliest
    left."""
    text = book(
        exclude("shares", "when kind = share"),
        exclude("twice", "when kind != post", "repeats of actor"),
        LIKES,
    )
    records = """
        n  subject actor kind  at
        1  ada     bob   share 2026-02-20T07:00:00Z
        2  ada     bob   post  2026-02-20T08:00:00Z
        3  ada     bob   like  2026-02-20T09:00:00Z
        4  ada     bob   like  2026-02-20T10:00:00Z
    """
    done = run(text, records)
    assert counted(done) == ["3"]
    assert accounts(done) == [
        ("excluded", "shares", 1),
        ("excluded", "twice", 1),
        ("taken in", "", 1),
        ("unused", "", 1),
    ]


def test_a_kind_that_is_not_listed_is_unused_before_any_exclusion(run: Refer) -> None:
    """bob's `follow` is earlier than his like, but `repeats` does not see it, and no exclusion takes it."""
    text = book(exclude("twice", "repeats of actor"), LIKES)
    records = """
        subject actor kind   at
        ada     bob   follow 2026-02-20T07:00:00Z
        ada     bob   like   2026-02-20T08:00:00Z
    """
    done = run(text, records)
    assert m(done) == 1
    assert accounts(done) == [("taken in", "", 1), ("unused", "", 1)]


# ---- favours returned --------------------------------------------------------------------------------------------

FAVOURS = 'discount favours "favours returned"\n    to 50%\n    when returned within 10 days\n    because "Less."\n\n'


@pytest.mark.parametrize(
    ("earlier", "worth"),
    [
        ("bob ada like 2026-02-20T08:00:00Z", "0.5"),  # earlier that day
        ("bob ada like 2026-02-20T09:00:00Z", "0.5"),  # the same moment is not later
        ("bob ada like 2026-02-20T09:00:01Z", "1"),  # later
        ("bob ada like 2026-02-11T00:00:00Z", "0.5"),  # the 10th day, counting the 20th as the first
        ("bob ada like 2026-02-10T23:59:59Z", "1"),  # the 11th
        ("bob ada share 2026-02-20T08:00:00Z", "1"),  # not the same kind
        ("bob cyd like 2026-02-20T08:00:00Z", "1"),  # not by ada
        ("cyd ada like 2026-02-20T08:00:00Z", "1"),  # not to bob
    ],
)
def test_returned(run: Refer, earlier: str, worth: str) -> None:
    """bob's like of ada on 20 February, 9:00, counts half if in the 10 days up to then ada had liked something of
    bob's."""
    records = f"subject actor kind at\nada bob like 2026-02-20T09:00:00Z\n{earlier}"
    assert m(run(book(FAVOURS, LIKES), records)) == D(worth)


def test_a_like_of_oneself_is_its_own_return(run: Refer) -> None:
    """The record itself is among those looked at; nobody's record is not returned."""
    own = "subject actor kind at\nada ada like 2026-02-20T09:00:00Z"
    assert m(run(book(FAVOURS, LIKES), own)) == D("0.5")
    nobodys = "subject actor kind at\nada - like 2026-02-20T09:00:00Z"
    assert m(run(book(FAVOURS, LIKES), nobodys)) == D(1)


def test_returned_sees_what_is_excluded(run: Refer) -> None:
    """ada's like of bob's spam is excluded, and bob's like of her post is returned all the same."""
    text = book(exclude("spam", 'when (item or else "-") = "spam"'), FAVOURS, LIKES)
    records = """
        subject actor kind at                   item
        bob     ada   like 2026-02-19T09:00:00Z spam
        ada     bob   like 2026-02-20T09:00:00Z p
    """
    assert m(run(text, records)) == D("0.5")


# ---- days and hours ----------------------------------------------------------------------------------------------


def test_as_of_takes_in_all_of_that_day(run: Refer) -> None:
    """The last microsecond of 1 March is in; the first of 2 March is not yet."""
    records = """
        subject actor kind at
        ada     bob   like 2026-03-01T23:59:59.999999Z
        ada     bob   like 2026-03-02T00:00:00Z
    """
    done = run(book(LIKES), records)
    assert m(done) == 1
    assert accounts(done) == [("not yet", "", 1), ("taken in", "", 1)]


def test_as_of_is_a_day_of_the_rulebooks_zone(run: Refer) -> None:
    """In Berlin 2 March begins at 23:00 UTC of 1 March."""
    records = """
        subject actor kind at
        ada     bob   like 2026-03-01T22:59:59Z
        ada     bob   like 2026-03-01T23:00:00Z
    """
    assert m(run(book(LIKES, zone="Europe/Berlin"), records)) == 1
    assert m(run(book(LIKES), records)) == 2


def test_the_change_of_the_hour_moves_the_days(run: Refer) -> None:
    """29 March 2026 in Berlin runs from 28 March 23:00 UTC to 29 March 22:00 UTC: two of these three are of that
    day."""
    text = book('measure m "day" / "days"\n    days of like\n', zone="Europe/Berlin")
    records = """
        subject actor kind at
        ada     bob   like 2026-03-28T23:00:00Z
        ada     bob   like 2026-03-29T21:59:59Z
        ada     bob   like 2026-03-29T22:00:00Z
    """
    assert m(run(text, records, as_of="2026-04-01")) == 2
    utc = book('measure m "day" / "days"\n    days of like\n')
    records += "        ada     bob   like 2026-03-30T23:59:59Z\n"
    assert m(run(utc, records, as_of="2026-04-01")) == 3


def test_a_record_that_is_not_yet_is_seen_by_nothing(run: Refer) -> None:
    """A person whom only a later record names is nobody; a later record is before nothing, even in `repeats`."""
    text = book(exclude("twice", "repeats of actor"), LIKES)
    records = """
        subject actor kind at
        eve     bob   like 2026-03-02T09:00:00Z
        ada     bob   like 2026-02-20T09:00:00Z
    """
    done = run(text, records)
    assert list(done.subjects()) == ["ada"]
    assert done.subject("eve") is None
    assert done.counts.not_admitted == 1
    assert done.counts.rows == 2


# ---- fates -------------------------------------------------------------------------------------------------------


def test_fates(run: Refer) -> None:
    """Read 6 = 1 not yet + 1 excluded + 1 taken in + 1 outside the window + 2 unused (a share, a kind that is not
    listed)."""
    text = book(exclude("own", "when actor is not missing and actor = subject"), LIKES + "    within 10 days\n")
    records = """
        subject actor kind   at
        ada     bob   like   2026-03-02T09:00:00Z
        ada     ada   like   2026-02-28T09:00:00Z
        ada     bob   like   2026-02-28T09:00:00Z
        ada     bob   like   2026-01-01T09:00:00Z
        ada     bob   share  2026-02-28T09:00:00Z
        ada     bob   follow 2026-02-28T09:00:00Z
    """
    done = run(text, records)
    assert accounts(done) == [
        ("not yet", "", 1),
        ("excluded", "own", 1),
        ("taken in", "", 1),
        ("outside window", "", 1),
        ("unused", "", 2),
    ]


def test_what_is_excluded_and_outside_the_window_stands_in_no_step(run: Refer) -> None:
    """Two of ada's own likes are excluded, and two are outside the window; one is both. In the steps each is told where
    it alone leaves a record out, in the account the excluded ones first."""
    text = book(exclude("own", "when actor is not missing and actor = subject"), LIKES + "    within 10 days\n")
    records = """
        subject actor kind at
        ada     ada   like 2026-02-28T09:00:00Z
        ada     ada   like 2026-01-01T09:00:00Z
        ada     bob   like 2026-01-01T09:00:00Z
    """
    done = run(text, records)
    assert accounts(done) == [("excluded", "own", 2), ("outside window", "", 1)]
    ledger = done.subject("ada")
    assert ledger is not None
    assert [(each.step, each.name, each.records) for each in ledger.steps] == [
        ("excluded", "own", 1),
        ("window", "", 1),
    ]


def test_the_first_day_outside_a_window_is_the_same_for_all_that_is_counted(run: Refer) -> None:
    """Of the 10 days up to 1 March, 20 February is the first, and 19 February is outside: for the measure, for what an
    exclusion takes of it, for the step of the window and for the account."""
    text = book(exclude("own", "when actor is not missing and actor = subject"), LIKES + "    within 10 days\n")
    records = """
        subject actor kind at
        ada     ada   like 2026-02-20T00:00:00Z
        ada     ada   like 2026-02-19T23:59:59Z
        ada     bob   like 2026-02-20T00:00:00Z
        ada     bob   like 2026-02-19T23:59:59Z
    """
    done = run(text, records)
    ledger = done.subject("ada")
    assert ledger is not None
    assert m(done) == 1
    assert accounts(done) == [("excluded", "own", 2), ("taken in", "", 1), ("outside window", "", 1)]
    assert [(each.step, each.records) for each in ledger.steps] == [("excluded", 1), ("window", 1)]


def test_a_record_in_the_window_of_any_measure_is_taken_in(run: Refer) -> None:
    """The like of January is outside the window of `m`, but `always` takes it in, which a rule reads through a
    formula."""
    text = book(
        LIKES + "    within 10 days\n",
        '\nmeasure always "like" / "likes"\n    count like\n',
        '\nmeasure double "double" / "doubles"\n    = 2 * always\n\nrule second "Second"\n    points double\n',
    )
    records = "subject actor kind at\nada bob like 2026-01-01T09:00:00Z"
    assert accounts(run(text, records)) == [("taken in", "", 1)]


def test_what_no_rule_reads_decides_no_fate(run: Refer) -> None:
    """A measure that nothing reads is measured, but takes nothing in."""
    text = book(LIKES + "    within 10 days\n", '\nmeasure always "like" / "likes"\n    count like\n')
    records = "subject actor kind at\nada bob like 2026-01-01T09:00:00Z"
    done = run(text, records)
    assert accounts(done) == [("outside window", "", 1)]
    ledger = done.subject("ada")
    assert ledger is not None
    assert [(row.measure, row.value) for row in ledger.measures] == [("m", 0), ("always", 1)]


def test_what_is_given_has_its_fate_with_its_subject(run: Refer) -> None:
    """ada's like of bob's post counts for ada and is told in bob's account alone."""
    text = book('measure m "like given" / "likes given"\n    count like given\n')
    records = """
        subject actor kind at
        bob     ada   like 2026-02-20T09:00:00Z
        ada     ada   post 2026-02-20T09:00:00Z
    """
    done = run(text, records)
    assert m(done) == 1
    assert accounts(done) == [("unused", "", 1)]
    assert accounts(done, "bob") == [("taken in", "", 1)]
    assert [row.values[1] for row in done.evidence("ada")] == ["bob"]


@pytest.mark.parametrize("windows", [1, 8])
def test_what_is_given_has_its_fate_however_many_windows_there_are(run: Refer, windows: int) -> None:
    """ada's likes of bob, 5 and 9 days old, count for ada within 7 days, and are told in bob's account: one taken in,
    one outside of the window. So it is beside one measure of what is posted about somebody, and beside eight."""
    days = range(1, windows + 1)
    posts = "".join(f'measure p{n} "post" / "posts"\n    count post\n    within {n} days\n\n' for n in days)
    rules = "".join(f'rule of_p{n} "Posts"\n    points p{n}\n\n' for n in days)
    given = 'measure m "like given" / "likes given"\n    count like given\n    within 7 days\n'
    given += '    when actor != "cyd"\n\n'
    records = """
        subject actor kind at
        bob     ada   like 2026-02-24T09:00:00Z
        bob     ada   like 2026-02-20T09:00:00Z
        bob     cyd   like 2026-02-24T09:00:00Z
        bob     ada   post 2026-02-20T09:00:00Z
        ada     ada   post 2026-02-20T09:00:00Z
    """
    done = run(book(posts, given, rules), records)
    assert m(done) == 1
    assert accounts(done, "bob") == [("taken in", "", 1), ("outside window", "", 2), ("unused", "", 1)]
