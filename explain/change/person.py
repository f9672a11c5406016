"""Takes how one person's result moved between two runs; gives every point of that, by stage and by line."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from tallystick.engine.arithmetic import add, text_of
from tallystick.engine.change.between import Move, Turn
from tallystick.engine.change.subtraction import PartRow
from tallystick.engine.ledger import MeasureRow, ScoreRow
from tallystick.explain.change.document import (
    AloneEffect,
    ChangePart,
    ComparedResult,
    MeasureThere,
    OutcomeTurn,
    PersonChange,
    StagePoints,
    StepName,
    StepPoints,
)
from tallystick.explain.change.terms import Terms, adjustment_kind, places_together, required
from tallystick.explain.errors import DoesNotAddUp
from tallystick.explain.figures import both
from tallystick.explain.part import UnmetNeed
from tallystick.explain.person.bands import unmet_needs
from tallystick.rules.rulebook import Rulebook


def person_change(terms: Terms, move: Move) -> PersonChange:
    """Account for one person; raises ``DoesNotAddUp`` where the parts do not sum to the difference: that is our bug."""
    before, after = move.before, move.after
    moved: Decimal | None = None
    if before is not None and after is not None and before.score is not None and after.score is not None:
        moved = add(after.score, -before.score)
        _agrees(move, moved)
    noise = terms.between.after.rulebook.noise
    places = places_together(each for row in move.parts for each in (row.was, row.now, row.points))
    earlier = _result(terms, before, terms.between.before.rulebook, move.there_before, first=True)
    later = _result(terms, after, terms.between.after.rulebook, move.there_after)
    return PersonChange(
        subject=move.subject,
        before=None if earlier is None else earlier.score,
        after=None if later is None else later.score,
        result_before=earlier,
        result_after=later,
        points=None if moved is None else terms.points(moved),
        meaningful=None if moved is None or noise is None else abs(moved) >= noise,
        steps=() if moved is None else _steps(terms, move),
        stages=() if moved is None else _stages(terms, move),
        parts=tuple(
            _part(terms, each, places)
            for each in sorted(move.parts, key=lambda row: (row.stage, terms.order(row.place, row.name, row.kind)))
        ),
        alone=tuple(
            AloneEffect(stage=stage, edit=terms.edits[stage], points=terms.points(points))
            for stage, points in move.alone
        ),
        turns=tuple(_turn(terms, each) for each in move.turns),
    )


def _agrees(move: Move, moved: Decimal) -> None:
    total = Decimal(0)
    for part in move.parts:
        total = add(total, part.points)
    if total != moved:
        raise DoesNotAddUp(move.subject, "the difference between two runs", text_of(moved), text_of(total))


# ---- its parts ---------------------------------------------------------------------------------------------------


def _steps(terms: Terms, move: Move) -> tuple[StepPoints, ...]:
    """Sum the parts by step, in the order of the stages."""
    sums: dict[StepName, Decimal] = {}
    for part in sorted(move.parts, key=lambda each: each.stage):
        step = terms.step(part.stage)
        sums[step] = add(sums.get(step, Decimal(0)), part.points)
    return tuple(StepPoints(step=step, points=terms.points(points)) for step, points in sums.items())


def _stages(terms: Terms, move: Move) -> tuple[StagePoints, ...]:
    """Sum the parts by stage."""
    sums: dict[int, Decimal] = {}
    for part in sorted(move.parts, key=lambda each: each.stage):
        sums[part.stage] = add(sums.get(part.stage, Decimal(0)), part.points)
    return tuple(
        StagePoints(stage=stage, step=terms.step(stage), edit=terms.edits.get(stage), points=terms.points(points))
        for stage, points in sums.items()
    )


def _part(terms: Terms, row: PartRow, places: int) -> ChangePart:
    return ChangePart(
        stage=row.stage,
        step=terms.step(row.stage),
        edit=terms.edits.get(row.stage),
        since=None if row.since == row.stage - 1 else row.since,
        place=row.place,
        rule=row.name if row.place == "rule" else None,
        facet=row.name if row.place == "facet" else None,
        kind=adjustment_kind(row.kind),
        title=terms.title(row.place, row.name),
        was=None if row.was is None else terms.points(row.was, places),
        now=None if row.now is None else terms.points(row.now, places),
        points=terms.points(row.points, places),
    )


# ---- its results -------------------------------------------------------------------------------------------------


def _turn(terms: Terms, turn: Turn) -> OutcomeTurn:
    stage = terms.between.stages[turn.stage - 1]
    title, words = required(turn.requirement, terms.worded(stage.rulebook))
    return OutcomeTurn(
        stage=turn.stage,
        step=stage.step,
        edit=terms.edits.get(turn.stage),
        outcome=turn.outcome,
        requirement=turn.requirement,
        requirement_title=title,
        words=words,
    )


def _result(
    terms: Terms, row: ScoreRow | None, rulebook: Rulebook, there: tuple[MeasureRow, ...], *, first: bool = False
) -> ComparedResult | None:
    """Document a result. The earlier one is told in the later names, but its words are its own rulebook's."""
    if row is None:
        return None
    former = terms.worded(terms.between.edits.former if first else rulebook)
    title, words = required(row.requirement, former)
    return ComparedResult(
        outcome=row.outcome,
        score=None if row.score is None else text_of(row.score, rulebook.score.places),
        band=row.band,
        band_title=next((band.title for band in former.bands if band.name == row.band), None),
        requirement=row.requirement,
        requirement_title=title,
        words=words,
        there=tuple(_there(each, former) for each in there),
        missing=_missing(terms, row, former, first=first),
    )


def _there(row: MeasureRow, rulebook: Rulebook) -> MeasureThere:
    measure = next(each for each in rulebook.measures if each.name == row.measure)
    value, about = both(row.value)
    return MeasureThere(
        measure=row.measure,
        singular=measure.singular,
        plural=measure.plural,
        state=row.state,
        value=value,
        about=about,
    )


def _missing(terms: Terms, row: ScoreRow, rulebook: Rulebook, *, first: bool) -> tuple[UnmetNeed, ...]:
    if row.score is None or not any(band.needs for band in rulebook.bands):
        return ()
    run = terms.between.before if first else terms.between.after
    names = terms.between.edits.names.of("band") if first else {}
    ledger = run.subject(row.subject)
    if ledger is None:
        return ()
    needs = tuple(replace(each, band=names.get(each.band, each.band)) for each in ledger.needs)
    return unmet_needs(rulebook, replace(ledger, needs=needs))
