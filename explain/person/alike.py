"""Takes the figures that a line is made of; gives what was made of the same figures before.

Of people with records, most share most of their figures with somebody: no shares, three posts, ten points held to ten.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from msgspec import Struct
from msgspec.structs import astuple

from tallystick.engine.ledger import LineRow
from tallystick.explain.person.plans import RulebookPlan, RulePlan
from tallystick.explain.person.reasons import Moves
from tallystick.explain.person.saying import names_in
from tallystick.explain.person.values import Figures, Person
from tallystick.explain.person.working import Worked
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.measures import MissingValue

_MOST = 5_000
"""So many lines are kept, and those of as many before; a rulebook's own number of them is small beside it."""


class MadeLine(Struct, frozen=True, gc=False):
    """A line, the node that names its points where it has some, what it did to the score, and what it lacks."""

    line: Line
    points: Worked | None
    moves: Moves
    lacks: tuple[MissingValue, ...]


class Reads(Struct, frozen=True):
    """The measures and attributes that something is made of, down to those that formulas read."""

    measures: tuple[str, ...]
    attributes: tuple[str, ...]


class Alike:
    """Keeps the lines of the people of one run.

    INVARIANT: a key has every figure of the ledger that its line is made from, so whoever is shown a kept one has
    figures that were added up and compared with the ledger when it was made.
    """

    def __init__(self, plan: RulebookPlan) -> None:
        """Find out what each rule reads."""
        self._rules = [(each, _read_by(plan, each)) for each in plan.rules]
        self._kept: dict[Hashable, MadeLine] = {}
        self._kept_before: dict[Hashable, MadeLine] = {}

    def lines(
        self, applying: str | None, person: Person, make: Callable[[RulePlan, LineRow], MadeLine]
    ) -> list[MadeLine]:
        """Return what was made of the figures of each of somebody's lines, or make it; ``applying``: the weights that
        apply, where there is a mean. Of who was away it is made each time: absences are told, too."""
        rules = zip(self._rules, person.ledger.lines, strict=False)
        if person.absences:
            return [make(rule, row) for (rule, _), row in rules]
        made: list[MadeLine] = []
        inputs, measures, kept = person.inputs, person.figures, self._kept
        for (rule, reads), row in rules:
            read: Figures = [applying, *astuple(row)[1:]]
            for name in reads.attributes:
                read.append(inputs.get(name))
            for name in reads.measures:
                read += measures.get(name, ())
            figures = tuple(read)
            found = kept.get(figures)
            if found is None:
                if len(kept) >= _MOST:
                    self._kept_before, self._kept = kept, {}
                    kept = self._kept
                found = kept[figures] = self._kept_before.get(figures) or make(rule, row)
            made.append(found)
        return made


def _read_by(plan: RulebookPlan, rule: RulePlan) -> Reads:
    """Return what a rule reads, in its own words as well, down to what formulas are made of."""
    said = () if rule.rule.say is None else names_in(rule.rule.say)
    measures = plan.opened((*rule.measures, *said))
    attributes = [*rule.attributes, *(name for name in said if name in plan.attributes)]
    attributes += [name for each in measures.values() for name in each.attributes]
    return Reads(tuple(measures), tuple(dict.fromkeys(attributes)))
