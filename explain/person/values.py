"""Takes one person's ledger; gives each of its values by name, as expressions need them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from tallystick.engine.intake.reading import Rejected, read_cell
from tallystick.engine.ledger import InputRow, MeasureRow, StepRow, SubjectLedger
from tallystick.explain.person.clocks import at_clocks
from tallystick.explain.person.operators import Value
from tallystick.explain.person.plans import RulebookPlan
from tallystick.explain.tree.measures import Absence
from tallystick.explain.tree.nodes import Node

Figures: TypeAlias = list[str | int | Decimal | None]


class Person:
    """What the ledger knows about one person, for workings to look up."""

    def __init__(
        self,
        plan: RulebookPlan,
        ledger: SubjectLedger,
        as_of: date,
        absences: tuple[Absence, ...] = (),
        read: tuple[InputRow, ...] = (),
    ) -> None:
        """Sort the ledger's rows by name; ``read``: what was read about somebody of whom the ledger has no inputs.

        ``figures`` has all that the ledger says about a measure, nothing of who was never measured.
        """
        self.plan = plan
        self.ledger = ledger
        self.absences = absences
        self.as_of = as_of
        self.worked: dict[int, tuple[Node, Value]] = {}
        self.measures: dict[str, MeasureRow] = {row.measure: row for row in ledger.measures}
        self.inputs: dict[str, str | None] = {row.attribute: row.value for row in ledger.inputs or read}
        self.figures: dict[str, Figures] = {row.measure: [row.state, row.value, row.records] for row in ledger.measures}
        for step in ledger.steps:
            self.figures[step.measure] += (step.step, step.name, step.records, step.value)

    def measure(self, name: str) -> Decimal | None:
        """Return a measure's value."""
        row = self.measures.get(name)
        return None if row is None else row.value

    def attribute(self, name: str) -> Value:
        """Return an attribute's value, read from the ledger's text; a moment by the clocks of the rulebook's zone."""
        text = self.inputs.get(name)
        if text is None:
            return None
        value = read_cell(self.plan.attributes[name], text)
        if isinstance(value, datetime):
            return at_clocks(value, self.plan.rulebook.time_zone)
        return None if isinstance(value, Rejected) else value

    def steps(self, measure: str) -> list[StepRow]:
        """Return what the steps of a measure left out."""
        return self._steps.get(measure, [])

    @cached_property
    def _steps(self) -> dict[str, list[StepRow]]:
        """The steps by measure, sorted for whom a line is made that nobody had before."""
        found: dict[str, list[StepRow]] = {}
        for step in self.ledger.steps:
            found.setdefault(step.measure, []).append(step)
        return found
