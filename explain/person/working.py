"""Takes an expression and what is known of a person; gives its working: operator nodes, each made by its operator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeAlias

from tallystick.engine.intake.reading import written
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.person.clocks import told
from tallystick.explain.person.operators import Value, apply
from tallystick.explain.person.planner import Plan, leaf_node
from tallystick.explain.tree.nodes import Node, Operator, ValueType


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


Worked: TypeAlias = tuple[Node, Value]
"""A node and its value, which is what its text says."""


def made(operator: Operator, kind: ValueType, operands: Sequence[Worked]) -> Worked:
    """Return the node of an operator over worked-out operands.

    INVARIANT: this and ``work`` are the only ways to a node with operands; both make its value by applying its
    operator.
    """
    value = apply(operator, [each for _, each in operands])
    nodes = tuple([node for node, _ in operands])
    return Node(operator=operator, type=kind, value=told(value), operands=nodes), value


def number(value: Decimal) -> Worked:
    """Return the node of a number."""
    return Node(operator="number", type="number", value=written(value)), value


_CHOOSING: tuple[Operator, ...] = ("if", "all of", "any of", "first that is known of")
"""The operators that may not look at all of their operands."""


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


def work(plan: Plan, known: Known) -> Worked:
    """Return the working of an expression for one person; a plan that stands in several places is worked out once."""
    if not plan.operands:
        return _leaf(plan, known)
    found = known.worked.get(id(plan))
    if found is None:
        found = known.worked[id(plan)] = _composite(plan, known)
    return found


def _composite(plan: Plan, known: Known) -> Worked:
    """Return the node and value of an operator."""
    if plan.operator not in _CHOOSING:
        return made(plan.operator, plan.type, [work(each, known) for each in plan.operands])
    nodes: list[Node] = []
    values: list[Value] = []
    for index, operand in enumerate(plan.operands):
        if _skipped(plan.operator, index, values):
            nodes.append(operand.blank)
            values.append(None)
        else:
            node, value = work(operand, known)
            nodes.append(node)
            values.append(value)
    result = apply(plan.operator, values)
    return (
        Node(operator=plan.operator, type=plan.type, value=told(result), operands=tuple(nodes)),
        result,
    )


def _skipped(operator: Operator, index: int, values: Sequence[Value]) -> bool:
    """Return whether an operand is not worked out: what stands before it settles the matter or chose another branch."""
    if index == 0:
        return False
    if operator == "if":
        return values[0] is None or (values[0] is True) != (index == 1)
    return any(_stops(operator, values[: seen + 1]) for seen in range(index))


def _leaf(plan: Plan, known: Known) -> Worked:
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


def agrees(subject: str, place: str, expected: Decimal | None, worked: Worked) -> None:
    """Assert that a working comes to what the ledger says; raise ``DoesNotAddUp`` where it does not."""
    node, value = worked
    if value != expected:
        raise DoesNotAddUp(subject, place, written(expected) or "missing", node.value or "missing")


def unknown_in(node: Node) -> Iterator[str]:
    """Give the names for want of which an expression has no value, in the order of its text.

    Of a part that has one, or was not worked out, there are none. The time since a day that is still to come has no
    value: that day is named.
    """
    if node.value is not None or not node.worked_out:
        return
    if node.operator in ("measure", "attribute") and node.name is not None:
        yield node.name
    for each in node.operands:
        yield from unknown_in(each)
    if node.operator in ("days since", "years since"):
        start = node.operands[0]
        while start.operands:
            start = start.operands[0]
        if start.name is not None:
            yield start.name
