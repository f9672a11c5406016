"""What holds for the rulebooks that we wrote holds for any rulebook: here they are made up, records included."""

from __future__ import annotations

from documents.redone import redo, workings
from documents.said import numbers, numbers_of
from generators.rulebooks import Case, cases, scored
from generators.slow import SLOW
from hypothesis import given, settings

from tallystick.explain import Explainer
from tallystick.explain.document import Explanation
from tallystick.explain.guide.guide import guide
from tallystick.explain.summary import summarise
from tallystick.explain.summary_words import summary_text


@settings(max_examples=SLOW)
@given(cases())
def test_every_result_is_explained(case: Case) -> None:
    """Every explanation adds up or would raise, is read back from its JSON the same, and can be redone from that."""
    run = scored(case)
    explainer = Explainer(run)
    for ledger in run.ledgers():
        made = explainer.of(ledger, evidence=True)
        assert (made.score is None) == (made.outcome != "scored") == (made.requirement is not None)
        again = Explanation.model_validate_json(made.json())
        assert again == made
        for node in workings(again):
            redo(node)


@settings(max_examples=SLOW)
@given(cases())
def test_the_words_hold_no_other_number(case: Case) -> None:
    """I7 for any rulebook: each number in text and Markdown stands in the tree; nothing hidden reaches a terminal."""
    run = scored(case)
    explainer = Explainer(run)
    for ledger in run.ledgers():
        made = explainer.of(ledger, evidence=True)
        text, marked = made.text(), made.markdown()
        tree = numbers_of(made)
        assert numbers(text) <= tree
        assert numbers(marked.replace("\\", "")) <= tree
        assert (text + marked + made.json()).replace("\n", "").isprintable()


@settings(max_examples=SLOW)
@given(cases())
def test_every_rulebook_has_a_guide_and_every_run_a_summary(case: Case) -> None:
    """Whatever a rulebook says can be put into words."""
    assert guide(case.rulebook).startswith("# ")
    assert "scored" in summary_text(summarise(scored(case)))
