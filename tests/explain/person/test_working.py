"""A rule's working shows what was done, and no more: no branch not taken, and no bound that changed nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from generators.accepted import accepted

from tallystick.engine.reference import refer
from tallystick.explain import explain
from tallystick.explain.tree.lines import Line

TEXT = """\
rulebook "Small" version 1.0.0
    owner "Us"

subjects
    worth number 0 to 60 with 2 places
    age   whole number 0 to 120 optional

rule only "Only"
    {rule}
    because "So."

score "Small"
    sum of all rules
    at most 60
    rounded to 1 place
"""


def line(rule: str, worth: str = "7", age: int | None = None) -> Line:
    """Return the line of somebody with this attribute, of a rulebook with this rule."""
    people = (("ada", Decimal(worth), None if age is None else Decimal(age)),)
    (found,) = explain(refer(accepted(TEXT.replace("{rule}", rule)), (), people, date(2026, 2, 1)), "ada").lines
    return found


def operators(found: Line) -> list[str]:
    """Return what was done to the value last, the last first."""
    names, node = [], found.working
    while node is not None and node.operands:
        names.append(node.operator)
        node = node.operands[0]
    return names


@pytest.mark.parametrize(
    ("worth", "done"),
    [
        ("7", []),
        ("7.25", ["rounded to places"]),
        ("2", ["raised to"]),
        ("50", ["limited to"]),
    ],
)
def test_only_what_changed_the_points_is_shown(worth: str, done: list[str]) -> None:
    """Between its bounds and with no more places than are shown a value stands as it is."""
    assert operators(line("points worth\n    at least 5\n    at most 40", worth)) == done


@pytest.mark.parametrize(
    ("age", "shown"), [(None, [None, None, None]), (30, ["yes", "4", None]), (3, ["no", None, "9"])]
)
def test_of_two_branches_the_one_that_was_taken_is_shown(age: int | None, shown: list[str | None]) -> None:
    """Neither, where what decides is missing: what would have been is not what was."""
    working = line("points (if age >= 18 then 3 + 1 else 8 + 1) or else 1", age=age).working
    assert working is not None
    assert (working.operator, working.value) == ("first that is known of", shown[1] or shown[2] or "1")
    branches = next(each for each in working.operands if each.operator == "if")
    assert [each.value for each in branches.operands] == shown


@pytest.mark.parametrize(("points", "most"), [("worth", "60"), ("worth + 0.1", None), ("min(worth, 20)", "20")])
def test_a_rule_s_most_is_told_up_to_that_of_the_score(points: str, most: str | None) -> None:
    """What a rule can give on paper alone, above the scale's end, is not told as its most."""
    assert line(f"points {points}").of == most
