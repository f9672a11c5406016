"""What is made once for people with the same figures is what each of them would have had alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from generators.rulebooks import Case, cases, scored
from hypothesis import given, settings
from msgspec.structs import replace

from tallystick.engine.reference import ReferenceRun
from tallystick.explain import DoesNotAddUp, Explainer
from tallystick.explain.person import alike


@settings(max_examples=15)
@given(cases())
def test_nobody_is_told_what_is_another_s(case: Case) -> None:
    """For any rulebook: explained after everybody else, forwards and backwards, each person gets, byte for byte, what
    an explainer of their own says."""
    run = scored(case)
    ledgers = tuple(run.ledgers())
    alone = [Explainer(run).of(each) for each in ledgers]
    together = Explainer(run)
    for order in (1, -1):
        for ledger, own in zip(ledgers[::order], alone[::order], strict=True):
            made = together.of(ledger)
            assert made.json() == own.json()
            assert made.text() == own.text()


def test_what_is_kept_has_an_end(community: ReferenceRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few lines may be kept, everybody is told the same."""
    ledgers = tuple(community.ledgers())
    expected = [Explainer(community).of(each).json() for each in ledgers]
    monkeypatch.setattr(alike, "_MOST", 1)
    explainer = Explainer(community)
    assert [explainer.of(each).json() for each in ledgers] == expected


def test_those_with_the_same_figures_share_a_line(community: ReferenceRun) -> None:
    """A line whose figures are another's is made once."""
    explainer = Explainer(community)
    ledger = next(each for each in community.ledgers() if each.lines)
    other = replace(ledger, score=replace(ledger.score, subject="somebody else"))
    assert explainer.of(ledger).lines[0] is explainer.of(other).lines[0]


@pytest.mark.parametrize("field", ["points", "value"])
def test_a_wrong_figure_is_found_beside_right_ones(community: ReferenceRun, field: str) -> None:
    """A ledger that is wrong in one figure alone is refused, though the same line was right for somebody before."""
    explainer = Explainer(community)
    ledger = next(each for each in community.ledgers() if each.lines)
    explainer.of(ledger)
    row = ledger.lines[0]
    wrong = replace(row, **{field: (getattr(row, field) or Decimal(0)) + 1})
    with pytest.raises(DoesNotAddUp):
        explainer.of(replace(ledger, lines=(wrong, *ledger.lines[1:])))
