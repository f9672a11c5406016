"""Takes rulebooks at the edge of what the checker lets pass, and the largest numbers there are; gives proof that
nothing overflows: both engines give the same ledger, and what could go beyond is refused before any record is read.

The edges are those of the language (10²⁴), of a field (10¹²), and of the database: numbers of 18 digits are worked out
in 64 bits, of 38 in 128.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from generators.accepted import accepted
from ledgers.in_duckdb import in_duckdb

from tallystick.engine.digest import digest_of, ledger_digest
from tallystick.engine.intake.reading import Row
from tallystick.engine.reference import refer
from tallystick.rules import read
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.value import LIMIT

EDGES = Path(__file__).parent / "edges"
AS_OF = date(2026, 3, 1)
MOST = Decimal(10) ** 12
LONG_AGO, FAR_AHEAD = datetime(1, 1, 2, tzinfo=UTC), datetime(9998, 12, 30, tzinfo=UTC)


def book_of(name: str) -> Rulebook:
    """Read a rulebook of the edges."""
    return accepted((EDGES / name).read_text(encoding="utf-8"))


def scores_of(rulebook: Rulebook, records: Sequence[Row], people: Sequence[Row]) -> dict[str, Decimal | None]:
    """Hold the fast engine's ledger to the reference's; return the scores."""
    known = None if rulebook.subjects is None else tuple(people)
    reference = refer(rulebook, None if rulebook.records is None else tuple(records), known, AS_OF)
    run = in_duckdb(rulebook, records, people, AS_OF)
    try:
        ledgers = list(reference.ledgers())
        assert list(run.ledgers()) == ledgers
        assert ledger_digest(run.ledger.connection, run.rulebook) == digest_of(ledgers)
        for each in ledgers[:1]:
            name = each.score.subject
            assert list(run.evidence(name)) == list(reference.evidence(name))
    finally:
        run.close()
    return {each.score.subject: each.score.score for each in ledgers}


def test_the_largest_records_are_added_exactly() -> None:
    """Sums, discounts, dilution, limits, fading, averages and picks of values of 10¹² and of a billionth, products and
    quotients of the largest attributes, levels up to 10²⁴ and the longest time: of 38 digits none is lost."""
    amounts = (MOST, MOST, -MOST, MOST, MOST - Decimal("0.000001"), Decimal("0.000001"), -MOST)
    fines = (MOST, MOST - Decimal("1e-9"), -MOST, MOST, Decimal("1e-9"), MOST, MOST)
    records: list[Row] = []
    for who, sign in (("mixed", 0), ("high", 1), ("low", -1)):
        for place, age in enumerate((0, 0, 1, 6, 30, 31, 200) * 2):
            number = place % 7
            amount = abs(amounts[number]) * sign or amounts[number]
            fine = abs(fines[number]) * sign or fines[number]
            at = datetime(2026, 3, 1, 9, tzinfo=UTC) - timedelta(days=age)
            kind = "take" if number % 3 == 2 else "give"
            born = LONG_AGO if number % 2 else FAR_AHEAD
            records.append((who, "ab"[place // 7], kind, at, amount, fine, born))
    people = (
        ("mixed", MOST, MOST, Decimal("1e-9"), LONG_AGO),
        ("high", MOST, -MOST, MOST, datetime(2025, 1, 1, tzinfo=UTC)),
        ("low", -MOST, -MOST, Decimal("1e-9"), FAR_AHEAD),
    )
    scores = scores_of(book_of("records.tally"), records, people)
    assert all(score is not None and Decimal(10) ** 22 < abs(score) < LIMIT for score in scores.values())


def test_products_and_fading_leave_64_bits() -> None:
    """A value of 16 digits times one of 12, a price of 10 digits times a share of 9 that fades, and half of it: each
    factor fits 64 bits, and what comes of them does not."""
    at = datetime(2026, 2, 20, 9, tzinfo=UTC)
    million, price = Decimal(1_000_000), Decimal("99999998.99")
    records = [("ada", actor, kind, at, million, price) for actor in ("bob", "cyd") for kind in ("give", "take")]
    assert scores_of(book_of("products.tally"), records, ()) == {"ada": Decimal(1_000_003)}


def test_sums_of_lines_leave_64_bits() -> None:
    """Lines of 18 digits each, what bounds took and gave of them, their facet and score, in every sign."""
    top = Decimal(9 * 10**15)
    people = [(f"{one}{other}", one * top, other * top) for one in (1, -1) for other in (1, -1)]
    assert scores_of(book_of("bounds.tally"), (), people) == {
        "11": Decimal("900000000000000000.00"),
        "1-1": Decimal("918000000000000000.00"),
        "-11": Decimal("-917000000000000000.00"),
        "-1-1": Decimal("-908000000000000000.00"),
    }


def test_a_mean_of_no_rules_is_no_score() -> None:
    """Bands by needs may do without rules: a mean of none of them leaves everybody without a score, and ends no run."""
    assert scores_of(book_of("no_rules.tally"), (("ada", AS_OF, "post"),), ()) == {"ada": None}


def test_means_of_heavy_weights_are_exact() -> None:
    """Weights of 18 digits, whole and with 9 places, under a mean out of a number with 9 places."""
    people = [("all", Decimal(9 * 10**15)), ("none", Decimal(-9 * 10**15)), ("some", Decimal(7))]
    scores = scores_of(book_of("mean.tally"), (), people)
    assert scores["all"] == Decimal("123456.12")
    assert scores["none"] == 0


def test_what_a_test_keeps_from_being_worked_out_ends_no_run() -> None:
    """Products and quotients right beyond what 128 bits hold are worked out the long way; and what an `and` decides
    first may overflow behind it, be it negated or not."""
    most, half, least = MOST, Decimal(5) * 10**8, Decimal("1e-9")
    people = [
        ("top", most, half, most, half, 2 * half),
        ("odd", most - least, half - least, most - 1, half - 1, 2 * half - least),
        ("small", most, least, Decimal(7), Decimal(0), least),
    ]
    assert scores_of(book_of("guards.tally"), (), people) == {
        "top": 10**21 + Decimal("999999996000.000016") + 2,
        "odd": Decimal("1000000000999999995000.000008004"),
        "small": 1000,
    }


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("records.tally", "= one * other", "= one * other + 1"),
        ("records.tally", "sum amount of give, take", "sum amount * 1.1 of give, take"),
        ("records.tally", "average fine of give, take", "average fine * 10000.000000001 of give, take"),
        ("records.tally", "points 1000000000000 * top", "points 1000000000001 * top"),
        ("records.tally", "give: most", "give: most + 1"),
        ("records.tally", "at most 10000000000000000000000\n", "at most 100000000000000000000000\n"),
        ("bounds.tally", "points one * 99", "points one * 999999999"),
    ],
    ids=lambda each: str(each).replace("\n", " "),
)
def test_what_could_overflow_is_refused(name: str, old: str, new: str) -> None:
    """A little beyond the edge the checker says `too-large`, or that a number of the rulebook is: no run ever meets
    it."""
    text = (EDGES / name).read_text(encoding="utf-8")
    assert old in text
    rulebook, found = read(Source(name, text.replace(old, new)))
    assert rulebook is None
    assert {each.name for each in found if each.severity.value == "error"} == {"too-large"}
