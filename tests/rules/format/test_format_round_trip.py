"""Holds the formatter to the parser, on random syntax trees of every form (invariant I9)."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator

from generators.syntax_trees import expressions, files
from hypothesis import HealthCheck, given, seed, settings
from msgspec import Struct

from tallystick.rules import syntax
from tallystick.rules.format.format import canonical, format_expr, format_file
from tallystick.rules.parse.parse import parse
from tallystick.rules.source import Source


@given(files)
def test_round_trip(file: syntax.SyntaxFile) -> None:
    """What the formatter prints is read back as the same tree, and printed the same again."""
    text = format_file(file)
    again, diagnostics = parse(Source("random.tally", text))
    assert diagnostics == ()
    assert again == file
    assert format_file(again) == text
    assert canonical(again) == text


def _nodes(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        for member in node:
            yield from _nodes(member)
    elif isinstance(node, Struct) and not isinstance(node, Source):
        yield node
        for name in node.__struct_fields__:
            yield from _nodes(getattr(node, name))


def test_generator_tries_every_node() -> None:
    """Every kind of node is in at least one in a hundred of the random trees, so the round trip tries them all."""
    seen: Counter[str] = Counter()
    cases = 0

    def count(file: syntax.SyntaxFile) -> None:
        nonlocal cases
        cases += 1
        seen.update({type(node).__name__ for node in _nodes(file)})

    kinds = (kind for _, kind in inspect.getmembers(syntax, inspect.isclass) if issubclass(kind, Struct))
    every = {kind.__name__ for kind in kinds if kind.__module__ == syntax.__name__}
    assert len(every) > 90
    # One long run can stay among trees that are alike; many short ones do not. What Hypothesis draws depends on the
    # modules that are loaded: among 200 trees there can be too few of a kind by chance, and then more are drawn.
    for start in range(60):
        if cases >= 200 and all(seen[name] * 50 >= cases for name in every - {"Comment"}):
            break
        few = settings(max_examples=10, database=None, suppress_health_check=list(HealthCheck))
        seed(start)(few(given(files)(count)))()
    rare = {name: seen[name] for name in every - {"Comment"} if seen[name] * 100 < cases}
    assert rare == {}


@given(expressions)
def test_expression_round_trip(expr: syntax.Expr) -> None:
    """An expression printed alone is read back as the same expression: no parenthesis is missing."""
    text = f'rulebook "x" version 1.0.0\n\nmeasure x "x"\n    = {format_expr(expr)}\n'
    file, diagnostics = parse(Source("random.tally", text))
    assert diagnostics == ()
    assert file is not None
    (measure,) = file.declarations
    assert isinstance(measure, syntax.Measure)
    assert measure.aggregate == syntax.Formula(expr)
