"""Takes a rulebook and one person's ledger; gives the first number in it that does not come from the others.

Two things are done again: the sums, with nothing but the ledger; and the rules, by the reference, from the measures and
the attributes in the ledger. Neither needs the records.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from tallystick.engine.arithmetic import subtract, total_of
from tallystick.engine.evaluate import evaluate, holds
from tallystick.engine.intake.reading import Rejected, read_cell
from tallystick.engine.ledger import LineRow, MeasureRow, ScoreRow, SubjectLedger
from tallystick.engine.reference import NO_RULE
from tallystick.engine.reference_score import score_of
from tallystick.engine.verifying.ledger_difference import cell_text, first_difference
from tallystick.engine.verifying.verification import Difference
from tallystick.rules.epochs import on_day
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.rulebook import Require, Rulebook
from tallystick.rules.value import Scalar

# ---- sums --------------------------------------------------------------------------------------------------------


def wrong_sum(rulebook: Rulebook, ledger: SubjectLedger) -> Difference | None:
    """Add up again: each line from its parts, each facet from its lines, the score from lines and adjustments."""
    name = ledger.score.subject
    for line in ledger.lines:
        points = _points(line)
        if points != line.points:
            return _number(name, "lines", line.rule, "points", line.points, points)
    facet_of = {rule.name: rule.facet for rule in rulebook.rules}
    for facet in ledger.facets:
        own = _sum(line.points for line in ledger.lines if facet_of.get(line.rule) == facet.facet)
        if facet.lines != own:
            return _number(name, "facets", facet.facet, "lines", facet.lines, own)
        held = _sum(
            [own, *(row.amount for row in ledger.adjustments if (row.place, row.name) == ("facet", facet.facet))]
        )
        if facet.subtotal != held:
            return _number(name, "facets", facet.facet, "subtotal", facet.subtotal, held)
    if ledger.score.outcome != "scored" and not ledger.lines and not ledger.adjustments:
        due = None
    else:
        due = _sum([*(line.points for line in ledger.lines), *(row.amount for row in ledger.adjustments)])
    if ledger.score.score != due:
        return _number(name, "scores", None, "score", ledger.score.score, due)
    return None


def _points(line: LineRow) -> Decimal | None:
    """Return the points that a line's parts come to; None where it has none."""
    if line.value is None:
        return None
    there = [each for each in (line.value, line.given, line.rounding) if each is not None]
    return subtract(total_of(there), Decimal(0) if line.taken is None else line.taken)


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return total_of([value for value in values if value is not None])


def _number(
    subject: str, table: str, row: str | None, column: str, found: Decimal | None, expected: Decimal | None
) -> Difference:
    return Difference(
        table=table, subject=subject, row=row, column=column, found=cell_text(found), expected=cell_text(expected)
    )


# ---- rules -------------------------------------------------------------------------------------------------------


def wrong_rule(rulebook: Rulebook, as_of: date, ledger: SubjectLedger) -> Difference | None:
    """Apply formulas, requirements, rules, facets, score and bands again to the measures and attributes there."""
    try:
        return _wrong_rule(on_day(rulebook, as_of), as_of, ledger)
    except (AssertionError, ArithmeticError, ValueError):
        # The checker has promised a result for every measure that records can give; a forged one can be any number.
        place = Difference(table="measures", subject=ledger.score.subject, column="value")
        return replace(place, found="one that has no result", expected="one that records can give")


def _wrong_rule(rulebook: Rulebook, as_of: date, ledger: SubjectLedger) -> Difference | None:
    name = ledger.score.subject
    attributes = [each for each in rulebook.requires if not each.reads_measures]
    unmet = next((each for each in attributes if each.name == ledger.score.requirement), None)
    if unmet is not None:  # who failed it has nothing else in the ledger, so that it cannot be asked again
        bare = SubjectLedger(_without(name, unmet), (), (), (), (), (), (), ())
        return first_difference(ledger, bare)
    wrong = _wrong_inputs(rulebook, ledger) or _wrong_measures(rulebook, ledger)
    if wrong is not None:
        return wrong
    look = LedgerLook(rulebook, as_of, ledger)
    measures = tuple(
        _again(measure, row, look) for measure, row in zip(rulebook.measures, ledger.measures, strict=True)
    )
    expected = replace(ledger, measures=measures, lines=(), facets=(), adjustments=(), needs=())
    asked = [*attributes, *(each for each in rulebook.requires if each.reads_measures)]
    unmet = next((each for each in asked if holds(each.when, look) is not True), None)
    if unmet is not None:
        return first_difference(ledger, replace(expected, score=_without(name, unmet)))
    scored = score_of(rulebook, name, look)
    if scored.score is None:
        row = ScoreRow(name, "insufficient data", None, None, NO_RULE)
        return first_difference(ledger, replace(expected, score=row))
    row = ScoreRow(name, "scored", scored.score, scored.band, None)
    return first_difference(
        ledger,
        replace(
            expected,
            score=row,
            lines=scored.lines,
            facets=scored.facets,
            adjustments=scored.adjustments,
            needs=scored.needs,
        ),
    )


def _without(name: str, unmet: Require) -> ScoreRow:
    return ScoreRow(name, unmet.outcome, None, None, unmet.name)


def _wrong_inputs(rulebook: Rulebook, ledger: SubjectLedger) -> Difference | None:
    """Find an attribute that is not there, or whose text is no value of it."""
    due = [field.name for field in rulebook.subjects or ()]
    place = {"table": "inputs", "subject": ledger.score.subject}
    for row, field in zip(ledger.inputs, rulebook.subjects or (), strict=False):
        if row.attribute == field.name and isinstance(read_cell(field, row.value), Rejected):
            return Difference(
                **place, row=field.name, column="value", found=row.value, expected=f"a value of {field.name}"
            )
    there = [row.attribute for row in ledger.inputs]
    return None if there == due else _wrong_names(place, there, due)


def _wrong_measures(rulebook: Rulebook, ledger: SubjectLedger) -> Difference | None:
    """Find a measure that is not there."""
    there, due = [row.measure for row in ledger.measures], [measure.name for measure in rulebook.measures]
    place = {"table": "measures", "subject": ledger.score.subject}
    return None if there == due else _wrong_names(place, there, due)


def _wrong_names(place: dict[str, str], there: list[str], due: list[str]) -> Difference:
    lacking = next((name for name in due if name not in there), None)
    if lacking is not None:
        return Difference(**place, row=lacking, expected=lacking)
    extra = next((name for name in there if name not in due), there[-1])
    return Difference(**place, row=extra, found=extra)


def _again(measure: Measure, row: MeasureRow, look: LedgerLook) -> MeasureRow:
    """Return a measure as it should be: a formula from the others, any other as it stands."""
    if not isinstance(measure.aggregate, Formula):
        return row
    if measure.when is not None and holds(measure.when, look) is not True:
        return MeasureRow(row.subject, row.measure, "not applicable", None, None)
    value = evaluate(measure.aggregate.value, look)
    assert value is None or isinstance(value, Decimal)  # noqa: S101  the checker's promise
    return MeasureRow(row.subject, row.measure, "missing" if value is None else "value", value, None)


class LedgerLook:
    """What the names in a person's expressions stand for, as the ledger has it."""

    def __init__(self, rulebook: Rulebook, as_of: date, ledger: SubjectLedger) -> None:
        """Read the attributes from their canonical texts."""
        self.as_of = as_of
        self.zone = rulebook.time_zone
        texts = {row.attribute: row.value for row in ledger.inputs}
        self._attributes = {field.name: read_cell(field, texts[field.name]) for field in rulebook.subjects or ()}
        self._measures = {row.measure: row.value for row in ledger.measures}

    def field(self, name: str) -> Scalar | None:
        """Refuse: only records have fields."""
        raise AssertionError(name)

    def attribute(self, name: str, whose: Literal["subject", "actor"]) -> Scalar | None:
        """Return an attribute of the person."""
        value = self._attributes[name]
        if whose == "actor" or isinstance(value, Rejected):
            raise AssertionError(name)
        return value

    def measure(self, name: str) -> Decimal | None:
        """Return a measure as it stands."""
        return self._measures[name]

    def earned(self, name: str) -> Decimal | None:
        """Refuse: only records have an actor."""
        raise AssertionError(name)

    def returned(self, within: Decimal) -> bool:
        """Refuse: only records are returned."""
        raise AssertionError(within)
