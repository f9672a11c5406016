"""Takes an expression as written; gives its names, and an order in which named things can be worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tallystick.rules import syntax
from tallystick.rules.placed import nodes


def names_in(expr: syntax.Expr) -> Iterator[str]:
    """Return every name in an expression, in the order of the text."""
    for each in nodes(expr):
        match each:
            case syntax.Name(text=text):
                yield text
            case syntax.Dotted(name=name):
                yield name.text
            case _:
                pass


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
    return tuple(dict.fromkeys(each.name.text for each in nodes(tuple(exprs)) if isinstance(each, syntax.Dotted)))


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
