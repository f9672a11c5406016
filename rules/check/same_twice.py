"""Takes the declarations of a file; warns of two that say the same under two names, so that it counts twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tallystick.rules import syntax
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import clauses as say

_Said = syntax.Measure | syntax.Rule | syntax.Exclude | syntax.Discount | syntax.Require
_Words = syntax.Because | syntax.Say | syntax.RequireOutcome
"""What is said of a declaration, and alters nothing that it finds out."""
_SORTS: Final[Mapping[type[_Said], say.Sort]] = {
    syntax.Measure: "measure",
    syntax.Rule: "rule",
    syntax.Exclude: "exclusion",
    syntax.Discount: "discount",
    syntax.Require: "requirement",
}


def warn(check: Check) -> None:
    """Warn of the later one of each two, unless another warning stands in it already."""
    told = [each.primary.span for each in check.diagnostics]
    earlier: dict[tuple[object, ...], list[tuple[str | None, _Said]]] = {}
    for facet, each in _declared(check.file.declarations):
        alike = earlier.setdefault(_does(each), [])
        before = next((one for of, one in alike if of == facet or of is None or facet is None), None)
        alike.append((facet, each))
        if before is not None and not any(each.span.start <= span.start < each.span.end for span in told):
            sort, names = _SORTS[type(each)], (each.name.text, before.name.text)
            check.report(say.same_twice(check.source, each.name.span, sort, *names, before.name.span))


def _declared(declarations: Iterable[syntax.Declaration]) -> Iterator[tuple[str | None, _Said]]:
    """Return what is declared, with the facet that a rule stands in: rules of two facets are alike on purpose."""
    for each in declarations:
        match each:
            case syntax.Facet(name=name, members=members):
                yield from ((name.text, rule) for rule in members if isinstance(rule, syntax.Rule))
            case syntax.Measure() | syntax.Rule() | syntax.Exclude() | syntax.Discount() | syntax.Require():
                yield None, each
            case _:
                pass


def _does(each: _Said) -> tuple[object, ...]:
    """Return all that a declaration does, whatever it is called and in whatever order its lines stand."""
    lines = frozenset(line for line in each.clauses if not isinstance(line, _Words))
    return type(each), each.aggregate if isinstance(each, syntax.Measure) else None, lines
