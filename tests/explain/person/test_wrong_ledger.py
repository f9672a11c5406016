"""A ledger that contradicts itself is never explained: the error is ours and says where the sums part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tallystick.engine.ledger import EvidenceRow, InputRow, RunCounts, SubjectLedger
from tallystick.engine.pauses import Stretch
from tallystick.engine.reference import ReferenceRun
from tallystick.explain import DoesNotAddUp, explain
from tallystick.rules.rulebook import Rulebook

Tamper = Callable[[SubjectLedger], SubjectLedger]
ONE = Decimal("0.1")


class TamperedRun:
    """A run whose ledgers were changed after it was made."""

    def __init__(self, run: ReferenceRun, tamper: Tamper, effect: Decimal = Decimal(0)) -> None:
        """Take an honest run and what is done to each of its ledgers."""
        self._run, self._tamper, self._effect = run, tamper, effect

    @property
    def rulebook(self) -> Rulebook:
        """The honest run's."""
        return self._run.rulebook

    @property
    def as_of(self) -> date:
        """The honest run's."""
        return self._run.as_of

    @property
    def counts(self) -> RunCounts:
        """The honest run's."""
        return self._run.counts

    def subjects(self) -> Iterator[str]:
        """The honest run's."""
        return self._run.subjects()

    def subject(self, name: str) -> SubjectLedger | None:
        """A ledger that was changed."""
        ledger = self._run.subject(name)
        return None if ledger is None else self._tamper(ledger)

    def ledgers(self) -> Iterator[SubjectLedger]:
        """All of them, changed."""
        return map(self._tamper, self._run.ledgers())

    def pauses(self, name: str) -> tuple[Stretch, ...]:
        """The honest run's."""
        return self._run.pauses(name)

    def attributes(self, name: str) -> tuple[InputRow, ...]:
        """The honest run's."""
        return self._run.attributes(name)

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """Records whose first effect was changed."""
        for row in self._run.evidence(name):
            if row.effect is not None and row.fate == "counted":
                yield replace(row, effect=row.effect + self._effect)
            else:
                yield row


def _lines(field: str, rule: str) -> Tamper:
    """Return what adds a tenth to a figure of a line."""

    def tamper(ledger: SubjectLedger) -> SubjectLedger:
        return replace(
            ledger,
            lines=tuple(
                replace(row, **{field: getattr(row, field) + ONE}) if row.rule == rule else row for row in ledger.lines
            ),
        )

    return tamper


def _measure(ledger: SubjectLedger) -> SubjectLedger:
    """Change a measure that a line reads."""
    return replace(
        ledger,
        measures=tuple(
            replace(row, value=(row.value or ONE) + ONE) if row.measure == "sharers" else row for row in ledger.measures
        ),
    )


def _measure_and_step(ledger: SubjectLedger) -> SubjectLedger:
    """Change a measure that a line reads, and what its fading took, so that the two agree."""
    steps = tuple(
        replace(row, value=(row.value or ONE) - ONE) if (row.measure, row.step) == ("sharers", "fading") else row
        for row in ledger.steps
    )
    return replace(_measure(ledger), steps=steps)


def _facet(ledger: SubjectLedger) -> SubjectLedger:
    """Change a subtotal."""
    return replace(ledger, facets=tuple(replace(row, subtotal=row.subtotal + ONE) for row in ledger.facets))


def _score(ledger: SubjectLedger) -> SubjectLedger:
    """Change the score alone."""
    return replace(ledger, score=replace(ledger.score, score=(ledger.score.score or ONE) + ONE))


def _attribute(ledger: SubjectLedger) -> SubjectLedger:
    """Change what was read about the person, so that another row of the table would have been taken."""
    return replace(
        ledger,
        inputs=tuple(replace(row, value="2000-01-01") if row.attribute == "joined" else row for row in ledger.inputs),
        lines=tuple(replace(row, row=2) if row.rule == "tenure" else row for row in ledger.lines),
    )


@pytest.mark.parametrize(
    ("tamper", "place"),
    [
        (_lines("points", "amplification"), "rule amplification"),
        (_lines("value", "conversation"), "rule conversation before its bounds"),
        (_measure, "measure sharers before its steps"),
        (_measure_and_step, "rule amplification before its bounds"),
        (_facet, "facet reaction"),
        (_score, "the score"),
        (_attribute, "rule tenure before its bounds"),
    ],
)
def test_a_changed_figure_stops_the_explanation(community: ReferenceRun, tamper: Tamper, place: str) -> None:
    """I1 is asserted each time: a tenth too much anywhere between records and score is found where it stands."""
    with pytest.raises(DoesNotAddUp) as caught:
        explain(TamperedRun(community, tamper), "ada")
    assert caught.value.place == place


def test_a_requirement_that_was_met_stops_it(community: ReferenceRun) -> None:
    """Nobody is told that they did not meet what the ledger's own measures say they met."""

    def tamper(ledger: SubjectLedger) -> SubjectLedger:
        measures = tuple(replace(row, value=Decimal(3)) if row.measure == "posts" else row for row in ledger.measures)
        return replace(ledger, measures=measures)

    with pytest.raises(DoesNotAddUp) as caught:
        explain(TamperedRun(community, tamper), "cy")
    assert caught.value.place == "requirement enough"


def test_a_requirement_that_was_not_met_stops_it(community: ReferenceRun) -> None:
    """Nobody with a score is told that they meet what the ledger's own measures say they do not."""

    def tamper(ledger: SubjectLedger) -> SubjectLedger:
        measures = tuple(replace(row, value=Decimal(2)) if row.measure == "posts" else row for row in ledger.measures)
        return replace(ledger, measures=measures)

    with pytest.raises(DoesNotAddUp) as caught:
        explain(TamperedRun(community, tamper), "ada")
    assert caught.value.place == "requirement enough"


def test_evidence_that_does_not_add_up_stops_it(community: ReferenceRun) -> None:
    """Records whose effects are not the measure are never shown."""
    with pytest.raises(DoesNotAddUp):
        explain(TamperedRun(community, lambda ledger: ledger, ONE), "ada", evidence=True)


def test_an_honest_ledger_passes(community: ReferenceRun) -> None:
    """The same wrapper around an honest run explains: it is the change that is found."""
    assert explain(TamperedRun(community, lambda ledger: ledger), "ada", evidence=True).score is not None
