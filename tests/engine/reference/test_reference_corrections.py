"""Takes records and corrections of some; gives proof, worked by hand, of what nothing sees any more and what takes its
place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from ledgers.in_duckdb import DuckRun

from tallystick.engine.corrections import Correction
from tallystick.engine.ledger import AccountRow
from tallystick.engine.reference import ReferenceRun

Refer = Callable[..., ReferenceRun | DuckRun]

RECORDS = """
records
    id      text
    subject text
    actor   text
    kind    one of like, endorse
    at      date
    item    text optional
"""
HEAD = 'rulebook "R" version 1.0.0\n    owner "Tests"\n' + RECORDS
LIKES = (
    HEAD
    + """
exclude twice "the same twice"
    repeats of actor, item

measure likes "like" / "likes"
    count like

rule likes "Likes"
    points likes

score "R"
    sum of all rules
"""
)
FAVOURS = (
    HEAD
    + """
discount favours "favours returned"
    to 50%
    when returned within 30 days

measure endorsed "endorsement" / "endorsements"
    count endorse

rule endorsed "Endorsements"
    points endorsed

score "R"
    sum of all rules
"""
)
DILUTED = (
    HEAD
    + """
measure likes "like" / "likes"
    count like
    diluted per actor per day

rule likes "Likes"
    points likes

score "R"
    sum of all rules
"""
)
TWO_LIKES = """
id subject actor kind at         item
1  ada     bob   like 2026-02-01 p1
2  ada     bob   like 2026-02-02 p1
3  cyd     ada   like 2026-02-03 p2
4  ada     cyd   like 2026-03-02 p3
"""
VOID_1 = (Correction("1", "void"),)


def score_of(run: ReferenceRun | DuckRun, name: str) -> Decimal | None:
    """Return a person's score; the person is in the run."""
    ledger = run.subject(name)
    assert ledger is not None
    return ledger.score.score


def accounts_of(run: ReferenceRun | DuckRun, name: str) -> dict[tuple[str, str], int]:
    """Return how many of a person's records met each fate."""
    ledger = run.subject(name)
    assert ledger is not None
    return {(row.fate, row.name): row.records for row in ledger.accounts}


def test_a_record_struck_out_hides_no_other(run: Refer) -> None:
    """Record 2 repeats record 1 and does not count; once 1 is struck out, 2 does: 1 like either way."""
    before, after = run(LIKES, TWO_LIKES), run(LIKES, TWO_LIKES, corrections=VOID_1)
    assert accounts_of(before, "ada") == {("not yet", ""): 1, ("excluded", "twice"): 1, ("taken in", ""): 1}
    assert accounts_of(after, "ada") == {("voided", ""): 1, ("not yet", ""): 1, ("taken in", ""): 1}
    assert score_of(before, "ada") == score_of(after, "ada") == 1
    assert [(row.values[0], row.fate, row.effect) for row in after.evidence("ada")] == [
        ("2", "counted", Decimal(1)),
        ("1", "voided", Decimal(0)),
    ]


def test_voided_comes_before_not_yet(run: Refer) -> None:
    """A record of a later day that is struck out has the fate `voided`, the first of the list; no evidence shows it."""
    after = run(LIKES, TWO_LIKES, corrections=(Correction("4", "void"),))
    assert accounts_of(after, "ada") == {("voided", ""): 1, ("excluded", "twice"): 1, ("taken in", ""): 1}
    assert [row.values[0] for row in after.evidence("ada")] == ["2", "1"]


def test_who_has_only_struck_out_records_is_not_scored(run: Refer) -> None:
    """Nobody else names cyd, so cyd is not there; the record is counted among those about people not admitted."""
    after = run(LIKES, TWO_LIKES, corrections=(Correction("3", "void"),))
    assert list(after.subjects()) == ["ada"]
    if isinstance(after, ReferenceRun):
        assert after.counts.not_admitted == 1
        assert (after.counts.rows, after.counts.voided, after.counts.replaced) == (4, 1, 0)
    else:
        assert after.ledger.not_admitted == 1


def test_a_replaced_record_counts_for_another_person(run: Refer) -> None:
    """Record 2 was about cyd: ada's account has it struck out, cyd has 2 likes; the rows read stay 4."""
    moved = (Correction("2", "replace", (("subject", "cyd"),)),)
    after = run(LIKES, TWO_LIKES, corrections=moved)
    assert accounts_of(after, "ada") == {("voided", ""): 1, ("not yet", ""): 1, ("taken in", ""): 1}
    assert accounts_of(after, "cyd") == {("taken in", ""): 2}
    assert (score_of(after, "ada"), score_of(after, "cyd")) == (1, 2)
    assert [row.values for row in after.evidence("cyd")] == [
        ("3", "cyd", "ada", "like", "2026-02-03", "p2"),
        ("2", "cyd", "bob", "like", "2026-02-02", "p1"),
    ]
    if isinstance(after, ReferenceRun):
        assert (after.counts.rows, after.counts.voided, after.counts.replaced) == (4, 0, 1)


def test_a_replacement_has_its_own_fate(run: Refer) -> None:
    """Record 2 becomes an endorsement without an item: it repeats nothing, and no rule uses it."""
    changed = (Correction("2", "replace", (("kind", "endorse"), ("item", None))),)
    after = run(LIKES, TWO_LIKES, corrections=changed)
    assert accounts_of(after, "ada") == {
        ("voided", ""): 1, ("not yet", ""): 1, ("taken in", ""): 1, ("unused", ""): 1
    }  # fmt: skip


RETURNED = """
id subject actor kind    at
1  bob     ada   endorse 2026-02-01
2  ada     bob   endorse 2026-02-10
"""


def test_a_favour_struck_out_was_never_returned(run: Refer) -> None:
    """bob endorses ada 9 days after ada endorsed him: worth 0.5 to ada; without ada's, worth 1."""
    assert score_of(run(FAVOURS, RETURNED), "ada") == Decimal("0.5")
    after = run(FAVOURS, RETURNED, corrections=VOID_1)
    assert score_of(after, "ada") == 1
    assert list(after.subjects()) == ["ada"]


def test_a_replacement_can_return_a_favour(run: Refer) -> None:
    """Dated 2026-01-01, ada's endorsement is 40 days before bob's: more than the 30 that make a return."""
    from datetime import date  # noqa: PLC0415

    earlier = (Correction("1", "replace", (("at", date(2026, 1, 1)),)),)
    assert score_of(run(FAVOURS, RETURNED, corrections=earlier), "ada") == 1


SAME_DAY = """
id subject actor kind at
1  ada     bob   like 2026-02-01
2  cyd     bob   like 2026-02-01
3  dan     bob   like 2026-02-01
"""


def test_a_record_struck_out_dilutes_nothing(run: Refer) -> None:
    """Three likes on one day are a third each, rounded to 9 places; with one struck out the others are a half."""
    assert score_of(run(DILUTED, SAME_DAY), "ada") == Decimal("0.333333333")
    after = run(DILUTED, SAME_DAY, corrections=(Correction("3", "void"),))
    assert (score_of(after, "ada"), score_of(after, "cyd")) == (Decimal("0.5"), Decimal("0.5"))


IDS_THAT_ARE_NUMBERS = HEAD.replace("id      text", "id      whole number").replace(
    "at      date", "at      time"
) + LIKES.removeprefix(HEAD)


def test_ids_times_and_places_are_kept_exactly(run: Refer) -> None:
    """An id that is a number names its record, and a corrected moment keeps its microseconds."""
    moment = datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)
    records = "id subject actor kind at item\n7 ada bob like 2026-03-01T00:00:00Z p1"
    after = run(
        IDS_THAT_ARE_NUMBERS,
        records,
        as_of="2026-02-28",
        corrections=(Correction(Decimal(7), "replace", (("at", moment),)),),
    )
    assert score_of(after, "ada") == 1
    assert [row.values[4] for row in after.evidence("ada")] == ["2026-02-28T23:59:59.999999Z"]


@pytest.mark.parametrize("action", ["void", "replace"])
def test_nobody_else_is_touched(run: Refer, action: str) -> None:
    """A correction of one person's record leaves the other's accounts and score as they were."""
    values = (("item", "p9"),) if action == "replace" else ()
    after = run(LIKES, TWO_LIKES, corrections=(Correction("1", action, values),))  # type: ignore[arg-type]
    ledger = after.subject("cyd")
    assert ledger is not None
    assert ledger.accounts == (AccountRow("cyd", "taken in", "", 1),)
    assert ledger.score.score == 1
