"""However a check of a run ends, a sentence says so, and says where."""

from __future__ import annotations

from typing import get_args

import pytest

from tallystick.engine.verifying.chain import Link, LinkState
from tallystick.engine.verifying.verification import Check, CheckName, Difference, Reason, differs, not_made
from tallystick.explain.verifying.words import check_sentence, link_sentence

DIFFERENCES = {
    "a cell": Difference(table="lines", subject="ada", row="liked", column="points", found="4", expected="5"),
    "an empty cell": Difference(table="scores", subject="ada", column="band", found="high"),
    "a missing row": Difference(table="lines", subject="ada", row="liked", expected="points 5"),
    "a row too many": Difference(table="lines", subject="ada", row="liked", found="points 5"),
    "a count": Difference(file="receipt.json", row="counts", column="rows", found="4", expected="5"),
    "nothing that can be read": Difference(found="no such column"),
}


@pytest.mark.parametrize("name", get_args(CheckName))
def test_every_check_has_its_sentences(name: CheckName) -> None:
    """Agreeing, not made, and differing: none is empty, none says nothing by its name."""
    said = {check_sentence(Check(name, "agrees", 3, of=7, key="ab" * 32))}
    said |= {check_sentence(not_made(name, reason)) for reason in get_args(Reason)}
    for difference in DIFFERENCES.values():
        if name not in {"receipt", "signature", "files", "rulebook", "inputs"}:
            said.add(check_sentence(differs(name, 2, difference)))
    for sentence in said:
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert "None" not in sentence


def test_a_difference_is_told_with_its_place_and_both_values() -> None:
    """Table, rule, column, person, what stands there and what should."""
    begin = "By the rulebook, from the measures and inputs there: "
    assert [check_sentence(differs("rules", 2, each)).removeprefix(begin) for each in DIFFERENCES.values()] == [
        "the rule `liked` of `ada`: `points` is 4 and should be 5.",
        "the score of `ada`: `band` is high and should be empty.",
        "the rule `liked` of `ada` is missing: points 5.",
        "the rule `liked` of `ada` should not be there: points 5.",
        "`counts` in `receipt.json`: `rows` is 4 and should be 5.",
        "the ledger cannot be read: no such column.",
    ]


def test_records_that_differ_are_told_as_such() -> None:
    """A file of the run whose records or rows are others than those of the inputs is not called one that should not be
    there: the day is told, or the row."""
    begin = "Replayed from the records: "
    kept = Difference(file="records.parquet", found="other records than the inputs", day="2026-02-20")
    lacking = Difference(file="rejected.csv", expected="4, subject, missing")
    too_much = Difference(file="rejected.csv", found="4, subject, missing")
    assert [check_sentence(differs("replay", 2, each)).removeprefix(begin) for each in (kept, lacking, too_much)] == [
        "`records.parquet` has other records than the inputs; the first day whose records differ is 2026-02-20.",
        "`rejected.csv` lacks: 4, subject, missing.",
        "`rejected.csv` has too much: 4, subject, missing.",
    ]


@pytest.mark.parametrize("state", get_args(LinkState))
def test_every_link_names_its_run(state: LinkState) -> None:
    """Which run it is of, and which it should follow."""
    link = Link(1, state, 0 if state == "another order" else None)
    sentence = link_sentence(link, ("january", "february"))
    assert "`february`" in sentence
    assert sentence.endswith(".")


def test_runs_in_another_order_are_told_by_what_stands_before_each() -> None:
    """Before the first of those given stands none: the last of them is not taken for it."""
    runs = ("february", "january", "march")
    said = [link_sentence(Link(place, "another order", names), runs) for place, names in ((0, 1), (2, 0))]
    assert said == [
        "`february` follows `january`, and none is given before it.",
        "`march` follows `february`, and `january` is given as the run before it.",
    ]
