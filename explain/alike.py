"""Takes the figures that a line or a measure is made of; gives what was made of the same figures before.

Of people with records, most share most of their figures with somebody: no shares, three posts, ten points held to ten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tallystick.engine.ledger import LineRow
from tallystick.explain.document import Line, Measured
from tallystick.explain.person import Person
from tallystick.explain.plans import RulebookPlan, RulePlan
from tallystick.explain.saying import names_in

Made = TypeVar("Made", Line, Measured)
Figures = tuple[str | None, ...]

_MOST = 5_000
"""So many lines, and so many measures, are kept; a rulebook's own number of them is small beside it."""


@dataclass(frozen=True, slots=True)
class Reads:
    """The measures and attributes that something is made of, down to those that formulas read."""

    measures: tuple[str, ...]
    attributes: tuple[str, ...]


class Alike:
    """Keeps the lines and measures of the people of one run.

    INVARIANT: a key has every figure of the ledger that its line or measure is made from, so whoever is shown a kept
    one has figures that were added up and compared with the ledger when it was made.
    """

    def __init__(self, plan: RulebookPlan) -> None:
        """Find out what each rule and measure reads."""
        self._measures = {name: _reads(plan, (name,), ()) for name in plan.measures}
        self._rules = {each.rule.name: _read_by(plan, each) for each in plan.rules}
        self._kept_lines: dict[Figures, Line] = {}
        self._kept_measures: dict[Figures, Measured] = {}

    def measure(self, name: str, person: Person, make: Callable[[], Measured]) -> Measured:
        """Return the measure of a person."""
        return _kept(self._kept_measures, (name, *_figures(self._measures[name], person)), person, make)

    def line(self, row: LineRow, applying: str | None, person: Person, make: Callable[[], Line]) -> Line:
        """Return the line of a person; ``applying``: the weights that apply, where there is a mean."""
        own = (
            f"{row.state} {row.missing} {row.input!s} {row.level!s} {row.weight!s} {row.row} {row.value!s} "
            f"{row.taken!s} {row.given!s} {row.rounding!s} {row.points!s} {applying}"
        )
        figures = (row.rule, own, *_figures(self._rules[row.rule], person))
        return _kept(self._kept_lines, figures, person, make)


def _figures(reads: Reads, person: Person) -> Figures:
    """Return what the ledger says of a person about what is read."""
    return (*map(person.figures, reads.measures), *map(person.inputs.get, reads.attributes))


def _kept(kept: dict[Figures, Made], figures: Figures, person: Person, make: Callable[[], Made]) -> Made:
    """Return what was made of the figures, or make it. Of who was away it is made each time: absences are told, too."""
    if person.absences:
        return make()
    found = kept.get(figures)
    if found is None:
        if len(kept) >= _MOST:
            kept.clear()
        found = kept[figures] = make()
    return found


def _read_by(plan: RulebookPlan, rule: RulePlan) -> Reads:
    """Return what a rule reads, in its own words as well."""
    said = () if rule.rule.say is None else names_in(rule.rule.say)
    measures = (*rule.measures, *(name for name in said if name in plan.measures))
    return _reads(plan, measures, (*rule.attributes, *(name for name in said if name in plan.attributes)))


def _reads(plan: RulebookPlan, measures: tuple[str, ...], attributes: tuple[str, ...]) -> Reads:
    """Follow formulas down to what they are made of."""
    found: dict[str, None] = {}
    given = dict.fromkeys(attributes)
    waiting = list(measures)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += plan.measures[name].measures
            given |= dict.fromkeys(plan.measures[name].attributes)
    return Reads(tuple(found), tuple(given))
