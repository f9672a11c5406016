"""Takes two versions whose parameters have dated values; asks that what the diff says of them holds on every day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from generators.accepted import accepted

from tallystick.explain.difference.difference import difference
from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.edits import follow

TEXT = """
rulebook "Dated" version 1.0.0

records
    subject text
    kind    one of like
    at      date

parameter w = 60 "what likes weigh"
    because "It was so."
    from 2026-03-01 = 80 because "More."

parameter twice = 2 * w "twice as much"
    because "So."

measure likes "like" / "likes"
    count like

rule other "Other"
    weight w
    level  likes, linear to 20
    because "It counts."

rule liked "Liked"
    weight 60
    level  likes, linear to 10
    because "It counts."

rule doubled "Doubled"
    points min(twice * likes, 120)
    because "It counts."

score "Dated"
    sum of all rules
"""


def _liked(weight: str) -> str:
    before, _, after = TEXT.rpartition("weight 60")
    return f"{before}weight {weight}{after}"


def test_what_means_the_same_on_one_day_alone_is_a_change() -> None:
    """`w` in place of 60 is the same until it is 80: a change of the rule, an edit, and of no share that always holds;
    the line and all rules can give what they can on any day."""
    (change,) = diff(accepted(TEXT), accepted(_liked("w")))
    assert (change.scope, change.form, change.kind, change.name, change.part) == (
        "rule",
        "changed",
        "rule",
        "liked",
        "weight",
    )
    assert change.effect is not None
    assert (change.effect.new.most, change.effect.old.most, change.effect.share) == (80, 60, None)
    assert [each.name for each in follow(accepted(TEXT), accepted(_liked("w"))).each] == ["liked"]
    found = difference(accepted(TEXT), accepted(_liked("w")))
    assert (found.old_points.most, found.new_points.most) == ("260", "280")


def test_what_means_the_same_on_all_days_is_none() -> None:
    """A parameter that stays 60 is another text and nothing else."""
    steady = TEXT.replace("parameter twice", 'parameter steady = 60 "as ever"\n    because "So."\n\nparameter twice')
    changes = diff(accepted(steady), accepted(steady.replace("weight 60", "weight steady")))
    assert [(each.scope, each.form) for each in changes] == [("words only", "put otherwise")]


def test_a_share_is_told_where_it_holds_on_all_days() -> None:
    """Half of 60 is half on each day; half of `w` until it is 80 is not half of 60 afterwards."""
    half = diff(accepted(TEXT), accepted(_liked("30")))
    assert [each.effect.share for each in half if each.effect is not None] == [(1, 2)]
    of_w = diff(accepted(TEXT), accepted(_liked("w / 2")))
    assert [each.effect.share for each in of_w if each.effect is not None] == [None]


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("= 2 * w", "= 120"),
        lambda text: text.replace(
            "from 2026-03-01 = 80", 'from 2026-03-01 = 80 because "More."\n    from 2026-05-01 = 90'
        ),
        lambda text: text.replace("min(twice * likes, 120)", "min(120 * likes, 120)"),
    ],
    ids=["a parameter of another", "a date more", "in an expression"],
)
def test_what_differs_on_a_later_day_is_never_called_the_same(edit: Callable[[str], str]) -> None:
    """Whatever differs on some day is a change of meaning, there and back."""
    for pair in ((TEXT, edit(TEXT)), (edit(TEXT), TEXT)):
        changes = diff(*map(accepted, pair))
        assert [each.form for each in changes if each.scope != "words only"] != []
        assert all(each.form != "put otherwise" for each in changes)


def test_all_rules_together_give_what_they_can_on_any_day() -> None:
    """A lower first value of `w` takes nothing from the most, which is that of March."""
    found = difference(accepted(TEXT), accepted(TEXT.replace("w = 60", "w = 50")))
    assert found.old_points == found.new_points
