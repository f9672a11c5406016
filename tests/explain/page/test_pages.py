"""The pages that people read, kept as they are: a change of words is seen before it is shipped."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from tallystick.engine.reference import ReferenceRun
from tallystick.explain import Explanation, explain
from tallystick.explain.guide.guide import guide
from tallystick.explain.schema import schema_of
from tallystick.explain.summary import summarise
from tallystick.explain.summary_words import summary_text
from tallystick.rules.rulebook import Rulebook


def _steady(text: str) -> str:
    """Leave out the rulebook's digest, which a comment's neighbour may change."""
    return re.sub(r"[0-9a-f]{64}", "(digest)", text)


@pytest.mark.parametrize("subject", ["ada", "bob", "cy"])
def test_text(community: ReferenceRun, subject: str, snapshot: SnapshotAssertion) -> None:
    """A score, no score and insufficient data, as text of 78 columns."""
    assert _steady(explain(community, subject).text(width=78)) == snapshot


@pytest.mark.parametrize("subject", ["ada", "bob", "cy"])
def test_markdown(community: ReferenceRun, subject: str, snapshot: SnapshotAssertion) -> None:
    """The same three as Markdown."""
    assert _steady(explain(community, subject).markdown()) == snapshot


def test_evidence(community: ReferenceRun, snapshot: SnapshotAssertion) -> None:
    """The records behind the lines of a score."""
    assert _steady(explain(community, "ada", evidence=True).text()) == snapshot


def test_json(community: ReferenceRun, snapshot: SnapshotAssertion) -> None:
    """The document of a person without enough data."""
    assert _steady(explain(community, "cy").json()) == snapshot


def test_schema(snapshot: SnapshotAssertion) -> None:
    """The published schema: a change here is a change of the contract."""
    assert schema_of(Explanation) == snapshot


@pytest.mark.parametrize("name", ["mean", "forms"])
def test_other_forms(name: str, run_of_seed: Callable[[str, int], ReferenceRun], snapshot: SnapshotAssertion) -> None:
    """A mean by weight, and every form of rule and measure, for one made-up person each."""
    run = run_of_seed(name, {"mean": 16, "forms": 23}[name])
    subject = next(ledger.score.subject for ledger in run.ledgers() if ledger.score.outcome == "scored")
    assert _steady(explain(run, subject).text()) == snapshot


@pytest.mark.parametrize("name", ["community", "mean", "forms"])
def test_guide(name: str, rulebooks: dict[str, Rulebook], snapshot: SnapshotAssertion) -> None:
    """The public scoring guide."""
    assert _steady(guide(rulebooks[name])) == snapshot


def test_summary(community: ReferenceRun, snapshot: SnapshotAssertion) -> None:
    """What is told after scoring."""
    assert summary_text(summarise(community)) == snapshot
