"""Every word in a working means what it says: a reader can redo each step, and a damaged step is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import get_args

import pytest
from documents.redone import redo
from msgspec.structs import replace

from tallystick.engine.reference import ReferenceRun
from tallystick.explain import Explainer
from tallystick.explain.document import Explanation
from tallystick.explain.person.operators import CannotRedo, Value, apply
from tallystick.explain.tree.nodes import Node, Operator

LEAVES = {"number", "text", "date", "time", "yes/no", "measure", "attribute", "parameter", "field", "as of", "line"}
D = Decimal

CASES: list[tuple[Operator, list[Value], Value]] = [
    ("sum of", [D("1.5"), D(2), D(-1)], D("2.5")),
    ("sum of", [], D(0)),
    ("difference of", [D(1), D(3)], D(-2)),
    ("product of", [D("0.000000005"), D("0.1")], D("0.000000001")),
    ("quotient of", [D(2), D(3)], D("0.666666667")),
    ("proportion of", [D("32.1"), D(100), D(90)], D("35.666666667")),
    ("negative of", [D(3)], D(-3)),
    ("least of", [D(3), D(1), D(2)], D(1)),
    ("greatest of", [D(3), D(1), D(2)], D(3)),
    ("absolute value of", [D(-3)], D(3)),
    ("nearest whole number to", [D("-2.5")], D(-3)),
    ("rounded down", [D("-2.5")], D(-3)),
    ("rounded up", [D("-2.5")], D(-2)),
    ("square root of", [D(2)], D("1.414213562")),
    ("natural logarithm of", [D(2)], D("0.693147181")),
    ("logarithm to base 10 of", [D(2)], D("0.301029996")),
    ("exponential of", [D(1)], D("2.718281828")),
    ("complementary error function of", [D(1)], D("0.157299207")),
    ("log-normal level of", [D(2500), D(3785), D(7300)], D("0.981726505")),
    ("linear share of", [D(3), D(2)], D(1)),
    ("linear share of", [D(-3), D(2)], D(0)),
    ("square root share of", [D(25), D(100)], D("0.5")),
    ("logarithmic share of", [D(1), D(500)], D("0.111499292")),
    ("rounded to places", [D("2.25"), D(1)], D("2.3")),
    ("limited to", [D(5), D(3)], D(3)),
    ("raised to", [D(-5), D(-3)], D(-3)),
    ("first that is known of", [None, D(1)], D(1)),
    ("first that is known of", [D(2), D(1)], D(2)),
    ("if", [True, D(1), None], D(1)),
    ("if", [False, None, D(2)], D(2)),
    ("if", [None, D(1), D(2)], None),
    ("all of", [True, None, False], False),
    ("all of", [True, None], None),
    ("all of", [True, True], True),
    ("any of", [False, None, True], True),
    ("any of", [False, None], None),
    ("any of", [False, False], False),
    ("not", [True], False),
    ("not", [None], None),
    ("equal to", ["a", "a"], True),
    ("not equal to", ["a", "A"], True),
    ("less than", [D(1), D(1)], False),
    ("at most", [D(1), D(1)], True),
    ("more than", ["é", "z"], True),
    ("at least", [date(2026, 1, 2), date(2026, 1, 2)], True),
    ("one of", ["a", "b", "a"], True),
    ("one of", [None, "b"], None),
    ("none of", ["a", "b"], True),
    ("missing", [None], True),
    ("not missing", [None], False),
    ("starts with", ["Abc", "a"], False),
    ("ends with", ["x[bot]", "[bot]"], True),
    ("contains", ["abc", "b"], True),
    ("starts with, ignoring case", ["Abc", "aB"], True),
    ("ends with, ignoring case", ["É", "é"], False),
    ("contains, ignoring case", ["xABCx", "abc"], True),
    ("days since", [date(2026, 2, 1), date(2026, 3, 1)], D(28)),
    ("days since", [date(2026, 3, 2), date(2026, 3, 1)], None),
    ("years since", [date(2024, 2, 29), date(2026, 2, 28)], D(1)),
    ("days from", [date(2026, 3, 2), date(2026, 3, 1)], D(-1)),
    ("seconds from", [datetime(2026, 1, 1), datetime(2026, 1, 1, 0, 0, 1, 5)], D("1.000005")),  # noqa: DTZ001
    ("day of", [datetime(2026, 1, 1, 23, 30), "Europe/Berlin"], date(2026, 1, 2)),  # noqa: DTZ001
    ("quotient of", [None, D(3)], None),
]


@pytest.mark.parametrize(("operator", "values", "result"), CASES)
def test_an_operator_does_what_its_word_says(operator: Operator, values: list[Value], result: Value) -> None:
    """Each operator gives the value worked out by hand; a missing operand gives a missing value unless it says else."""
    assert apply(operator, values) == result


def test_every_operator_has_a_case() -> None:
    """No word can stand in a working whose meaning no test holds; what is asked of a record is never worked out."""
    assert {case[0] for case in CASES} | LEAVES | {"returned within", "earned"} == set(get_args(Operator))


def _nodes(explanation: Explanation) -> list[Node]:
    """Return every working of an explanation."""
    found = [explanation.working, *(each.working for each in explanation.lines)]
    found += [each.looks_at for each in explanation.lines]
    found += [each.condition for each in explanation.lines]
    for line in explanation.lines:
        found += [each.working for each in line.measures]
        found += [each.condition for each in line.measures]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("name", ["community", "maintainers", "trust", "mean", "forms"])
def test_a_reader_can_redo_every_working(name: str, run_of_seed: Callable[[str, int], ReferenceRun]) -> None:
    """Read back from JSON, every node of every working is its operator applied to its operands."""
    redone = 0
    for seed in range(12):
        run = run_of_seed(name, seed)
        explainer = Explainer(run)
        for ledger in run.ledgers():
            written = explainer.of(ledger).json()
            for node in _nodes(Explanation.model_validate_json(written)):
                redo(node)
                redone += len(node.operands)
    assert redone > 20


def test_a_damaged_working_is_found(community: ReferenceRun) -> None:
    """Changing any one value in a working makes redoing it fail."""
    ledger = community.subject("ada")
    assert ledger is not None
    working = Explainer(community).of(ledger).lines[0].working
    assert working is not None

    def damaged(node: Node) -> list[Node]:
        if node.value is None or node.type != "number":
            return []
        found = [replace(node, value=str(3 * Decimal(node.value) + 1))]
        for index, each in enumerate(node.operands):
            for worse in damaged(each):
                operands = (*node.operands[:index], worse, *node.operands[index + 1 :])
                found.append(replace(node, operands=operands))
        return found

    versions = damaged(working)
    assert len(versions) >= 5
    for each in versions:
        with pytest.raises(CannotRedo):
            redo(each)
