"""Takes a rulebook whose bands have needs; holds what people read of them to the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from generators.accepted import accepted
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion

from tallystick.engine.examples import run_examples
from tallystick.engine.ledger import Run
from tallystick.engine.verifying.people import wrong_rule
from tallystick.explain import Explainer, explain
from tallystick.explain.difference.words import sentence
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.guide.guide import guide
from tallystick.explain.person.bands import unmet_needs
from tallystick.rules.diff.diff import diff
from tallystick.rules.load import load

BOOK = Path(__file__).parents[2] / "language" / "good" / "bands_by_needs.tally"


@pytest.fixture(scope="module")
def run() -> Run:
    """Run the rulebook's example by the reference."""
    return run_examples(load(BOOK))[0].runs[None]


def test_what_is_missing_is_told_with_the_person_s_own_numbers(run: Run, snapshot: SnapshotAssertion) -> None:
    """The band, those above it, each need met or missing, what it asks for, what there is, and how that was counted."""
    assert explain(run, "dan").text() == snapshot


def test_the_document_has_every_need_of_every_band(run: Run) -> None:
    """Also of bands below the person's, and of who is in none."""
    fay, bob = explain(run, "fay").band, explain(run, "bob").band
    assert fay is not None
    assert bob is not None
    assert (fay.name, fay.above, bob.name) == ("keeper", None, None)
    told = {level.name: [need.met for need in level.needs] for level in fay.levels}
    assert told == {"guest": [True], "member": [False, True, True], "elder": [False], "keeper": [True]}
    assert [(level.name, level.missing, level.of) for level in bob.levels][:2] == [("guest", 1, 1), ("member", 2, 3)]


def test_the_needs_that_lack_are_named(run: Run) -> None:
    """Of everybody with a ledger, band by band, in the author's words; whoever has none has no needs."""
    told = [(each.band, each.title, each.words) for each in unmet_needs(run.rulebook, run.subject("fay"))]
    assert told == [
        ("member", "Member", "Four visits, with a margin of a tenth."),
        ("elder", "Elder", "A like for each visit."),
    ]
    assert unmet_needs(run.rulebook, None) == ()


def test_a_ledger_whose_needs_are_wrong_is_not_told(run: Run) -> None:
    """A need turned round, or another band, is a ledger that does not add up: there is no page, and verifying finds
    it."""
    ledger = run.subject("dan")
    assert ledger is not None
    first, *others = ledger.needs
    turned = replace(ledger, needs=(replace(first, met=not first.met), *others))
    promoted = replace(ledger, score=replace(ledger.score, band="member"))
    for wrong, table in ((turned, "needs"), (promoted, "scores")):
        with pytest.raises(DoesNotAddUp):
            Explainer(run).of(wrong)
        found = wrong_rule(run.rulebook, run.as_of, wrong)
        assert found is not None
        assert found.table == table
    assert wrong_rule(run.rulebook, run.as_of, ledger) is None


def test_the_guide_says_what_bands_need(run: Run) -> None:
    """Every need stands in the guide, in the author's words and as it is asked."""
    page = guide(run.rulebook)
    assert "Liked by two people. Asked for: at least 2 people." in page
    assert all(need.words in page for band in run.rulebook.bands for need in band.needs)


def test_a_failed_example_names_the_needs_that_lack() -> None:
    """Who expected a higher band is told which of its needs are not met."""
    text = BOOK.read_text(encoding="utf-8").replace("expect dan\n        band guest", "expect dan\n        band member")
    rulebook = accepted(text)
    (failed,) = [each for each in run_examples(rulebook)[0].expectations if not each.passed]
    assert (failed.expected, failed.came) == ("band member", "band guest; member lacks need 3")


def test_what_is_different_about_needs_is_told(run: Run) -> None:
    """A need that asks for another figure, other words, a new need and another order each have a sentence."""
    text = BOOK.read_text(encoding="utf-8").split("\nexample ")[0] + "\n"
    first, last = text.index("    guest"), text.index("    member")
    edits = (
        text.replace("likers >= 2", "likers >= 3"),
        text.replace('"Liked by two people."', '"Two likes."'),
        text.replace('"A like for each visit."', '"A like for each visit."\n        needs likers >= 1 "Liked."'),
        text[:first] + text[last:] + text[first:last],
    )
    said = []
    for edited in edits:
        new = accepted(edited)
        said += [sentence(each) for each in diff(run.rulebook, new) if each.scope != "examples"]
    assert said == [
        "Band `member` needs `likers >= 3` instead of `likers >= 2`.",
        'Band `member` says "Two likes." instead of "Liked by two people.".',
        "Band `elder` needs `likers >= 1`, too.",
        "The bands stand in another order: a person is in the last of those of which every need is met.",
    ]
