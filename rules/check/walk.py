"""Takes an expression as written; gives its parts and names, and an order in which named things can be worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from tallystick.rules import syntax


def children(expr: syntax.Expr) -> tuple[syntax.Expr, ...]:
    """Return the expressions right under one."""
    match expr:
        case (
            syntax.NumberLiteral()
            | syntax.DurationLiteral()
            | syntax.DateLiteral()
            | syntax.MomentLiteral()
            | syntax.TextLiteral()
            | syntax.Name()
            | syntax.Dotted()
        ):
            return ()
        case syntax.Negate(operand=operand) | syntax.Not(operand=operand):
            return (operand,)
        case syntax.Arithmetic(left=left, right=right) | syntax.Compare(left=left, right=right):
            return (left, right)
        case syntax.Logic(operands=operands):
            return operands
        case syntax.In(value=value, options=options):
            return (value, *options)
        case syntax.IsMissing(value=value):
            return (value,)
        case syntax.OrElse(value=value, default=default):
            return (value, default)
        case syntax.If(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case syntax.Call(arguments=arguments):
            return arguments
        case syntax.Since(date=date):
            return (date,)
        case syntax.FromTo(start=start, end=end):
            return (start, end)
        case syntax.TextTest(value=value, part=part):
            return (value, part)
        case syntax.Returned(within=within):
            return (within,)
        case _:
            assert_never(expr)


def names_in(expr: syntax.Expr) -> Iterator[str]:
    """Return every name in an expression, in the order of the text."""
    match expr:
        case syntax.Name(text=text):
            yield text
        case syntax.Dotted(name=name):
            yield name.text
        case _:
            for child in children(expr):
                yield from names_in(child)


def actors_names(measure: syntax.Measure) -> tuple[str, ...]:
    """Return the names that a measure of records reads of its records' actors (``actor.standing``), each once."""
    tests = [clause.condition for clause in measure.clauses if isinstance(clause, syntax.When)]
    match measure.aggregate:
        case syntax.Of(value=value):
            exprs = [value, *tests]
        case syntax.SumByKind(rows=rows):
            exprs = [*(row.value for row in rows), *tests]
        case _:
            exprs = tests
    return tuple(dict.fromkeys(each.name.text for expr in exprs for each in _dotted(expr)))


def _dotted(expr: syntax.Expr) -> Iterator[syntax.Dotted]:
    if isinstance(expr, syntax.Dotted):
        yield expr
    for child in children(expr):
        yield from _dotted(child)


def in_order(needs: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return groups of names such that each needs only those before it; more than one in a group, or one that needs
    itself, is a circle (Tarjan's strongly connected components, without recursion).
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    groups: list[tuple[str, ...]] = []
    for root in needs:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        _enter(root, needs, work, index, low, stack, on_stack)
        while work:
            name, rest = work[-1]
            for need in rest:
                if need not in needs:
                    continue
                if need not in index:
                    _enter(need, needs, work, index, low, stack, on_stack)
                    break
                if need in on_stack:
                    low[name] = min(low[name], index[need])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == index[name]:
                    groups.append(_pop(name, stack, on_stack, index))
    return tuple(groups)


def _enter(  # the state of one algorithm
    name: str,
    needs: Mapping[str, tuple[str, ...]],
    work: list[tuple[str, Iterator[str]]],
    index: dict[str, int],
    low: dict[str, int],
    stack: list[str],
    on_stack: set[str],
) -> None:
    index[name] = low[name] = len(index)
    stack.append(name)
    on_stack.add(name)
    work.append((name, iter(needs[name])))


def _pop(name: str, stack: list[str], on_stack: set[str], index: dict[str, int]) -> tuple[str, ...]:
    group: list[str] = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        group.append(member)
        if member == name:
            return tuple(sorted(group, key=index.__getitem__))
