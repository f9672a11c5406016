"""Takes random rulebooks; asks whether each is the same as itself, and as itself laid out anew, and no other."""

from __future__ import annotations

from generators.accepted import accepted
from generators.rulebooks import Case, cases
from generators.slow import SLOW
from hypothesis import given, settings

from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.sameness import Likeness, likeness


@settings(max_examples=SLOW)
@given(cases())
def test_nothing_differs_from_itself_laid_out_anew(case: Case) -> None:
    """A rulebook has no difference to what ``tally fmt`` makes of it."""
    again = accepted(case.rulebook.text)
    assert diff(case.rulebook, again) == ()


@settings(max_examples=SLOW)
@given(cases(), cases())
def test_two_rulebooks_of_another_meaning_differ(one: Case, other: Case) -> None:
    """Two rulebooks that do not mean the same have a change, in both directions, and no sentence fails."""
    same = likeness(one.rulebook, other.rulebook) is Likeness.SAME
    assert (diff(one.rulebook, other.rulebook) == ()) is same
    assert (diff(other.rulebook, one.rulebook) == ()) is same
