"""Takes how far measures can be apart; gives the steps of a derivation, to be read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tallystick.rules.analysis.expressions import Apart, measures_in
from tallystick.rules.analysis.measures import Because as MeasureBecause
from tallystick.rules.analysis.shifts import Shift, decimal_down, decimal_up
from tallystick.rules.expression import MeasureOf
from tallystick.rules.placed import nodes
from tallystick.rules.rule import Rule

Because = MeasureBecause | Literal["same", "first steps", "shrinking", "worked out", "rows", "range", "added", "mean"]


class Step(Struct, frozen=True):
    """One line of a derivation: by how much a measure, a rule, a facet or the score can be apart (after less before),
    and what that follows from."""

    place: Literal["measure", "rule", "facet", "score"]
    name: str
    low: Decimal
    high: Decimal
    because: Because


def measure_steps(rules: Iterable[Rule], apart: Apart) -> Iterator[Step]:
    """Give a step for each measure that the rules read, those first that others are worked out from."""
    told: dict[str, None] = {}
    for rule in rules:
        for each in nodes((rule.body, rule.when, rule.otherwise)):
            if isinstance(each, MeasureOf):
                _tell(each.name, apart, told)
    for name in told:
        found = apart.measure(name)
        yield step_of("measure", name, found.shift, found.because)


def _tell(name: str, apart: Apart, told: dict[str, None]) -> None:
    """Note a measure after those that it is worked out from, however long the chain."""
    declared = {each.name: each for each in apart.rulebook.measures}
    todo = [name]
    while todo:
        known = todo[-1] in told
        before = [] if known else [each for each in measures_in(declared[todo[-1]]) if each not in told]
        if before:
            todo += before
        else:
            told.setdefault(todo.pop())


def step_of(place: Literal["measure", "rule", "facet", "score"], name: str, shift: Shift, because: Because) -> Step:
    """Make a step of a shift."""
    return Step(place, name, decimal_down(shift.low), decimal_up(shift.high), because)
