"""Takes the declarations of a file; warns of two that say the same under two names, so that it counts twice, and of
two rules that whoever is scored cannot tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeVar

from tallystick.rules import syntax
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import clauses as say

_Said = syntax.Measure | syntax.Rule | syntax.Exclude | syntax.Discount | syntax.Require
D = TypeVar("D", bound=_Said)
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
    for each, before in _pairs(check, _declared(check.file.declarations), _does):
        sort, names = _SORTS[type(each)], (each.name.text, before.name.text)
        check.report(say.same_twice(check.source, each.name.span, sort, *names, before.name.span))


def warn_of_titles(check: Check) -> None:
    """Warn of the later one of two rules with one title, unless another warning stands in it already."""
    declared = _declared(check.file.declarations)
    rules = ((facet, each) for facet, each in declared if isinstance(each, syntax.Rule))
    for each, before in _pairs(check, rules, lambda rule: rule.title.value):
        if not (_has_condition(each) and _has_condition(before)):  # else they may be for different people
            check.report(say.title_twice(check.source, each.title.span, before.name.text, before.title.span))


def _pairs(check: Check, declared: Iterable[tuple[str | None, D]], key: Callable[[D], object]) -> Iterator[tuple[D, D]]:
    """Return each declaration of which nothing is told yet, with the one before it that has the same key."""
    told = [each.primary.span for each in check.diagnostics]
    earlier: dict[object, list[tuple[str | None, D]]] = {}
    for facet, each in declared:
        alike = earlier.setdefault(key(each), [])
        before = next((one for of, one in alike if of == facet or of is None or facet is None), None)
        alike.append((facet, each))
        if before is not None and not any(each.span.start <= span.start < each.span.end for span in told):
            yield each, before


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


def _has_condition(rule: syntax.Rule) -> bool:
    return any(isinstance(line, syntax.When) for line in rule.clauses)


def _does(each: _Said) -> tuple[object, ...]:
    """Return all that a declaration does, whatever it is called and in whatever order its lines stand."""
    lines = frozenset(line for line in each.clauses if not isinstance(line, _Words))
    return type(each), each.aggregate if isinstance(each, syntax.Measure) else None, lines
