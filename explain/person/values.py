"""Takes one person's ledger; gives each of its values by name, as expressions need them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

from tallystick.engine.intake.reading import Rejected, read_cell
from tallystick.engine.ledger import MeasureRow, StepRow, SubjectLedger
from tallystick.explain.person.operators import Value
from tallystick.explain.person.plans import RulebookPlan
from tallystick.explain.person.working import Known
from tallystick.explain.tree.measures import Absence
from tallystick.explain.tree.nodes import Node

Figures: TypeAlias = tuple[str | int | Decimal | None, ...]


class Person(Known):
    """What the ledger knows about one person."""

    def __init__(
        self, plan: RulebookPlan, ledger: SubjectLedger, as_of: date, absences: tuple[Absence, ...] = ()
    ) -> None:
        """Sort the ledger's rows by name."""
        self.plan = plan
        self.ledger = ledger
        self.absences = absences
        self._as_of = as_of
        self._worked: dict[int, tuple[Node, Value]] = {}
        self.measures: dict[str, MeasureRow] = {row.measure: row for row in ledger.measures}
        self.inputs: dict[str, str | None] = {row.attribute: row.value for row in ledger.inputs}
        self._steps: dict[str, list[StepRow]] = {}
        for step in ledger.steps:
            self._steps.setdefault(step.measure, []).append(step)
        self._figures: dict[str, Figures] = {}

    @property
    def as_of(self) -> date:
        """The last day taken in."""
        return self._as_of

    @property
    def worked(self) -> dict[int, tuple[Node, Value]]:
        """What was worked out already."""
        return self._worked

    def measure(self, name: str) -> Decimal | None:
        """Return a measure's value."""
        row = self.measures.get(name)
        return None if row is None else row.value

    def attribute(self, name: str) -> Value:
        """Return an attribute's value, read from the ledger's text."""
        text = self.inputs.get(name)
        if text is None:
            return None
        value = read_cell(self.plan.attributes[name], text)
        return None if isinstance(value, Rejected) else value

    def figures(self, measure: str) -> Figures | None:
        """Return all that the ledger says about a measure; None of who was never measured."""
        row = self.measures.get(measure)
        if row is None:
            return None
        found = self._figures.get(measure)
        if found is None:
            found = (row.state, row.value, row.records)
            for step in self.steps(measure):
                found += (step.step, step.name, step.records, step.value)
            self._figures[measure] = found
        return found

    def steps(self, measure: str) -> list[StepRow]:
        """Return what the steps of a measure left out."""
        return self._steps.get(measure, [])
