"""Takes a rulebook and the types of its records' columns; gives the text fields that can stay whole numbers, and in
which type."""

from __future__ import annotations

from tallystick.engine.evaluate import parts_of
from tallystick.engine.query.plan import Plan
from tallystick.engine.query.plan_reading import record_exprs, walk
from tallystick.rules.expression import Compare, Expr, FieldOf
from tallystick.rules.value import TextType

INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"}
)


LONG = frozenset({"BIGINT", "HUGEINT", "UINTEGER", "UBIGINT"})
"""Those that take more room than numbers of ids most often need."""
SHORT, LEAST_SHORT, MOST_SHORT = "INTEGER", -(2**31), 2**31 - 1
"""The type for ids of 32 bits, which are grouped and joined in five sixths of the time, and its ends."""


def native_ids(plan: Plan, types: dict[str, str]) -> frozenset[str]:
    """Return the text fields that can stay whole numbers: their column holds such, and only equality is ever asked.

    ``types`` are those of the relation's columns. What is compared with a text is compared as a text.
    """
    native = {name for name in grouping_only(plan) if types.get(name) in INTEGERS}
    linked = [{"subject", "actor"}] if plan.returned_kinds or any(m.person == "actor" for m in plan.measures) else []
    for expr in record_exprs(plan.rulebook):
        for each in walk(expr):
            if isinstance(each.op, Compare):
                sides = {side.op.name for side in (each.op.left, each.op.right) if isinstance(side.op, FieldOf)}
                if len(sides) > 1:
                    linked.append(sides)
    changed = True
    while changed:
        apart = [pair for pair in linked if pair & native and not pair <= native]
        changed = bool(apart)
        for pair in apart:
            native -= pair
    return frozenset(native)


def grouping_only(plan_: Plan) -> frozenset[str]:
    """Return the text fields whose values are only ever compared with each other for being equal."""
    texts = {f.name for f in plan_.rulebook.records or () if isinstance(f.type, TextType)}
    looked_at: set[str] = set()

    def look(expr: Expr) -> None:
        match expr.op:
            case FieldOf(name=name):
                looked_at.add(name)
            case Compare(operator="=" | "!=", left=left, right=right) if _is_text(left, texts) and _is_text(
                right, texts
            ):
                pass
            case _:
                for part in parts_of(expr):
                    look(part)

    for expr in record_exprs(plan_.rulebook):
        look(expr)
    return frozenset(texts - looked_at)


def _is_text(expr: Expr, texts: set[str]) -> bool:
    return isinstance(expr.op, FieldOf) and expr.op.name in texts
