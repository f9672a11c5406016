"""Takes a checked rulebook; gives the order in which the reference takes measures, and which of them are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from tallystick.engine.evaluate import measures_in
from tallystick.rules.expression import Expr
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.once import once
from tallystick.rules.questions.earned import earned_in
from tallystick.rules.rule import Points, Rule, Table, Weighted
from tallystick.rules.rulebook import Rulebook


@once(64)
def what_is_read_first(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """Return the measures such that each reads, of persons and of actors, only earlier ones."""
    waiting, found = list(measures), list[Measure]()
    while waiting:
        names = {each.name for each in waiting}
        ready = {each.name for each in waiting if not names & {*_named_in(each), *earned_in(each)}}
        found += [each for each in waiting if each.name in ready]
        waiting = [each for each in waiting if each.name not in ready]
    return tuple(found)


@once(64)
def measures_by_name(measures: tuple[Measure, ...]) -> Mapping[str, Measure]:
    """Return the measures by their names."""
    return {each.name: each for each in measures}


def _named_in(measure: Measure) -> set[str]:
    return {name for expr in _exprs_of_formula(measure) for name in measures_in(expr)}


@once(64)
def measures_read(rulebook: Rulebook) -> frozenset[str]:
    """Return the measures that a rule, a requirement or a band reads, also through formulas and of actors."""
    measures = measures_by_name(rulebook.measures)
    exprs = [
        *(require.when for require in rulebook.requires),
        *(expr for rule in rulebook.rules for expr in _exprs_of(rule)),
        *(need.when for band in rulebook.bands for need in band.needs),
    ]
    found: set[str] = set()
    waiting: set[str] = {name for expr in exprs for name in measures_in(expr)}
    while waiting:
        found |= waiting
        read = {name for each in waiting for name in (*_named_in(measures[each]), *earned_in(measures[each]))}
        waiting = read - found
    return frozenset(found)


def _exprs_of_formula(measure: Measure) -> list[Expr]:
    if not isinstance(measure.aggregate, Formula):
        return []
    return [measure.aggregate.value, *([] if measure.when is None else [measure.when])]


def _exprs_of(rule: Rule) -> list[Expr]:
    """Return all expressions of a rule."""
    match rule.body:
        case Weighted(value=value) | Points(value=value):
            exprs = [value]
        case Table(by=by, rows=rows):
            exprs = [by, *(row.points for row in rows)]
        case _:
            assert_never(rule.body)
    otherwise = None if rule.otherwise is None else rule.otherwise.points
    return [*exprs, *(expr for expr in (rule.when, otherwise) if expr is not None)]
