"""An explanation says of a measure which records it takes, and what each of them counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tallystick.engine.reference import refer
from tallystick.explain import explain
from tallystick.rules import read
from tallystick.rules.source import Source

TEXT = """rulebook "Votes" version 1.0.0

records
    subject text
    kind    one of up, down, best, tip
    at      time
    amount  whole number 0 to 100 optional

measure votes "point from votes" / "points from votes"
    sum by kind
        up:   10
        best: 10
        down: -2

measure tips "cent" / "cents"
    sum 2 * amount of tip
    when amount is not missing and amount >= 5

measure coins "coin" / "coins"
    sum amount or else 0 of tip

measure largest "coin" / "coins"
    highest amount of tip
    when amount is not missing

rule votes "Votes"
    points votes + tips + coins + (largest or else 0)
    because "Others say so."

score "Votes"
    sum of all rules
"""


@pytest.fixture(scope="module")
def told() -> str:
    """What ada is told, on one line."""
    rulebook, diagnostics = read(Source("votes.tally", TEXT))
    assert rulebook is not None, diagnostics
    at = datetime(2026, 1, 2, 12, tzinfo=UTC)
    rows = (
        ("ada", "up", at, None),
        ("ada", "down", at, None),
        ("ada", "tip", at, Decimal(7)),
        ("ada", "tip", at, Decimal(3)),
    )
    return " ".join(explain(refer(rulebook, rows, (), date(2026, 2, 1)), "ada").text().split())


def test_what_each_kind_counts_is_said(told: str) -> None:
    """Where a record counts by its kind, the explanation says what each kind is worth, kinds of one value together."""
    assert "Counted: 8 points from votes, in 2 records." in told
    assert 'Each record of "up" or "best" counts for 10.' in told
    assert 'Each record of "down" counts for -2.' in told


def test_what_a_worked_out_record_counts_is_said(told: str) -> None:
    """Where a record's value is worked out, the explanation says how; of a field alone the measure's name does."""
    assert "Counted: 14 cents, in 1 record." in told
    assert "Each record counts for 2 × the amount." in told
    assert "Each record counts for the amount (0 if not known)." in told
    assert "The value of each record is" not in told


def test_which_records_a_measure_takes_is_said(told: str) -> None:
    """Where a measure takes only some records of its kinds, the explanation says which."""
    assert "Only records for which this holds: the amount is known and the amount is at least 5." in told
    assert "Only records for which this holds: the amount is known." in told


def test_what_a_worked_out_measure_lacks_is_among_the_unknown() -> None:
    """What is not known is told with every rule that looks at it, also through a measure that makes do without it."""
    rulebook, diagnostics = read(
        Source(
            "fees.tally",
            'rulebook "Fees" version 1.0.0\n\nsubjects\n    fee number 0 to 10 optional "last fee paid"\n\n'
            'measure ratio "ratio" / "ratios"\n    = fee / 2\n    when fee is not missing\n\n'
            'measure made_do "sum" / "sums"\n    = 1 + ratio or else 0\n\n'
            'rule one "One"\n    points by ratio\n        under 1: 1\n        1 or more: 2\n'
            '        missing: 0 "No fee is known."\n    because "So."\n\n'
            'rule two "Two"\n    points made_do\n    because "So."\n\nscore "Fees"\n    sum of all rules\n',
        )
    )
    assert rulebook is not None, diagnostics
    found = explain(refer(rulebook, (), (("ada", None),), date(2026, 2, 1)), "ada")
    assert [(each.name, each.state, each.rules) for each in found.missing] == [
        ("fee", "missing", ("one", "two")),
        ("ratio", "not applicable", ("one", "two")),
    ]
    told = " ".join(found.text().split())
    assert (
        'Ratios: this does not apply to you. It asks for: "last fee paid" is known. It is not a zero. '
        "- Last fee paid: not known. That is not the same as zero or no. - No fee is known. It gives 0 points then."
    ) in told
