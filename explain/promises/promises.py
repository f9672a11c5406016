"""Takes what became of a promise; gives it as a part of a document, with the figures of the derivation as they are."""

from __future__ import annotations

from decimal import Decimal

from tallystick.engine.arithmetic import text_of
from tallystick.engine.gaming.promises import ClaimResult, PromiseResult
from tallystick.engine.gaming.refuting import Shown
from tallystick.engine.gaming.worlds import PERSON
from tallystick.engine.intake.reading import Row, record_fields, subject_fields, written
from tallystick.explain.promises.document import (
    ClaimTold,
    Derivation,
    DerivedStep,
    ExampleTable,
    InTheWay,
    PromiseTold,
    Refutation,
)
from tallystick.explain.promises.words import hindrance, reason
from tallystick.rules.analysis.derivation import Step
from tallystick.rules.analysis.lines import Bound
from tallystick.rules.analysis.shifts import MOST_RECORDS_EACH
from tallystick.rules.format.checked import claim_text
from tallystick.rules.rulebook import Field, Rulebook

_ANY = Decimal(10) ** 9
"""A number that can be this far apart is not bounded by the rulebook."""


def promise_told(rulebook: Rulebook, result: PromiseResult) -> PromiseTold:
    """Say what became of a promise."""
    line = rulebook.source.place(result.promise.span.start).line
    claims = tuple(_claim(rulebook, each) for each in result.claims)
    return PromiseTold(text=result.promise.text, line=line, verdict=result.verdict, claims=claims)


def _claim(rulebook: Rulebook, result: ClaimResult) -> ClaimTold:
    claim, judged, tried = result.claim, result.judged, result.search
    return ClaimTold(
        claim=claim_text(claim),
        line=rulebook.source.place(claim.span.start).line,
        verdict=result.verdict,
        promised=text_of(Decimal(0) if claim.amount is None else claim.amount.value),
        bound=text_of(judged.most),
        most_records=MOST_RECORDS_EACH if judged.counted else None,
        derivations=tuple(_derivation(rulebook, bound) for bound in judged.bounds),
        in_the_way=tuple(
            InTheWay(kind=way.kind, name=way.name, words=hindrance(way)) for way in judged.ways if not judged.proved
        ),
        tries=None if tried is None else tried.tries,
        farthest=None if tried is None or tried.farthest is None else text_of(tried.farthest),
        refuted_by=None if result.shown is None else _refutation(rulebook, result.shown),
    )


def _derivation(rulebook: Rulebook, bound: Bound) -> Derivation:
    return Derivation(
        pair=bound.pair.form,
        days=bound.pair.days or None,
        kind=bound.pair.kind or None,
        least=text_of(bound.low),
        most=text_of(bound.high),
        steps=tuple(_step(rulebook, step, bound) for step in bound.steps),
    )


def _step(rulebook: Rulebook, step: Step, bound: Bound) -> DerivedStep:
    return DerivedStep(
        place=step.place,
        name=step.name,
        least=None if step.low <= -_ANY else text_of(step.low),
        most=None if step.high >= _ANY else text_of(step.high),
        because=step.because,
        words=reason(rulebook, step, bound.pair),
    )


def _refutation(rulebook: Rulebook, shown: Shown) -> Refutation:
    declared = rulebook.records is not None
    more = len(shown.after.records) - len(shown.before.records) if shown.actor is None else 0
    return Refutation(
        person=PERSON,
        actor=shown.actor,
        as_of_before=shown.before.as_of,
        as_of_after=shown.after.as_of,
        before=text_of(shown.scores[0]),
        after=text_of(shown.scores[1]),
        last=more,
        subjects=None if rulebook.subjects is None else _table(subject_fields(rulebook), shown.after.subjects),
        records=_table(record_fields(rulebook), shown.after.records) if declared else None,
    )


def _table(fields: tuple[Field, ...], rows: tuple[Row, ...]) -> ExampleTable:
    return ExampleTable(
        columns=tuple(field.name for field in fields),
        rows=tuple(tuple(written(value) for value in row) for row in rows),
    )
