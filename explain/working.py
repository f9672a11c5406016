"""Takes an expression and what is known of a person; gives its working: operator nodes, each made by its operator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from tallystick.engine.reading import written
from tallystick.explain.document import Node, Operator, ValueType
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.operators import Value, apply, read
from tallystick.explain.planner import Plan, leaf_node


class Known(Protocol):
    """What is known of a person: measures and attributes from the ledger, None where missing."""

    @property
    def as_of(self) -> date:
        """Return the last day taken in."""

    @property
    def worked(self) -> dict[int, tuple[Node, Value]]:
        """Return what was worked out already for this person, by the plan's identity."""

    def measure(self, name: str) -> Decimal | None:
        """Return a measure's value."""

    def attribute(self, name: str) -> Value:
        """Return an attribute's value."""


def made(operator: Operator, kind: ValueType, operands: Sequence[Node]) -> Node:
    """Return the node of an operator over worked-out operands.

    INVARIANT: this and ``work`` are the only ways to a node with operands; both make its value by applying its
    operator.
    """
    value = apply(operator, [read(each) for each in operands])
    return Node(operator=operator, type=kind, value=written(value), operands=tuple(operands))


def number(value: Decimal) -> Node:
    """Return the node of a number."""
    return Node(operator="number", type="number", value=written(value))


def _stops(operator: Operator, values: Sequence[Value]) -> bool:
    """Return whether the operands so far settle the matter, so that the rest is not worked out."""
    match operator:
        case "all of":
            return values[-1] is False
        case "any of":
            return values[-1] is True
        case "first that is known of":
            return values[0] is not None
        case _:
            return False


def work(plan: Plan, known: Known) -> Node:
    """Return the working of an expression for one person."""
    return _work(plan, known)[0]


def _work(plan: Plan, known: Known) -> tuple[Node, Value]:
    """Return a plan's node and value; a plan that stands in several places is worked out once."""
    if not plan.operands:
        return _leaf(plan, known)
    found = known.worked.get(id(plan))
    if found is None:
        found = known.worked[id(plan)] = _composite(plan, known)
    return found


def _composite(plan: Plan, known: Known) -> tuple[Node, Value]:
    """Return the node and value of an operator."""
    nodes: list[Node] = []
    values: list[Value] = []
    for index, operand in enumerate(plan.operands):
        if _skipped(plan.operator, index, values):
            nodes.append(blank(operand))
            values.append(None)
        else:
            node, value = _work(operand, known)
            nodes.append(node)
            values.append(value)
    result = apply(plan.operator, values)
    return (
        Node(operator=plan.operator, type=plan.type, value=written(result), operands=tuple(nodes)),
        result,
    )


def _skipped(operator: Operator, index: int, values: Sequence[Value]) -> bool:
    """Return whether an operand is not worked out: what stands before it settles the matter or chose another branch."""
    if index == 0:
        return False
    if operator == "if":
        return values[0] is None or (values[0] is True) != (index == 1)
    return any(_stops(operator, values[: seen + 1]) for seen in range(index))


def _leaf(plan: Plan, known: Known) -> tuple[Node, Value]:
    """Return the node and value of what has no operands."""
    match plan.operator:
        case "measure":
            return leaf_node(plan, known.measure(plan.name or ""))
        case "attribute":
            return leaf_node(plan, known.attribute(plan.name or ""))
        case "as of":
            return leaf_node(plan, known.as_of)
        case _:
            return plan.constant


def agrees(subject: str, place: str, expected: Decimal | None, node: Node) -> None:
    """Assert that a working comes to what the ledger says; raise ``DoesNotAddUp`` where it does not."""
    found = read(node)
    if found != expected:
        raise DoesNotAddUp(subject, place, written(expected) or "missing", node.value or "missing")


def blank(plan: Plan) -> Node:
    """Return an expression's node without values: for what was not worked out, and for the guide."""
    return plan.blank
