"""Takes a document that was read; gives its workings, redone as a reader can, and refuses one that was damaged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from tallystick.engine.intake.reading import written
from tallystick.explain.person.operators import CannotRedo, Value, apply
from tallystick.explain.tree.nodes import Node


def workings(part: object) -> Iterator[Node]:
    """Yield every outermost working in a document."""
    match part:
        case Node():
            yield part
        case tuple():
            for each in part:
                yield from workings(each)
        case _ if hasattr(part, "__pydantic_fields__"):
            for _, value in part:  # type: ignore[attr-defined]
                yield from workings(value)
        case _:
            pass


def redo(node: Node) -> None:
    """Check a working read from a document: every node is its operator applied to its operands.

    Raises ``CannotRedo``, naming the node that is not. What was not worked out is not looked at.
    """
    if not node.worked_out or not node.operands:
        return
    for operand in node.operands:
        redo(operand)
    value = apply(node.operator, [_read(operand) for operand in node.operands])
    if written(value) != node.value:
        message = f"{node.operator}: {[each.value for each in node.operands]} gives {written(value)}, not {node.value}"
        raise CannotRedo(message)


def _read(node: Node) -> Value:
    """Return a node's value from what the document writes."""
    if node.value is None:
        return None
    match node.type:
        case "number" | "duration":
            return Decimal(node.value)
        case "yes/no":
            return node.value == "yes"
        case "date":
            return date.fromisoformat(node.value)
        case "time":
            return datetime.fromisoformat(node.value)
        case "text":
            return node.value
        case _:
            assert_never(node.type)
