"""Takes conditions as written; warns of those that what is asked before has decided: a requirement or a need of a band
that nobody meets any more, an exclusion that finds no record left, a measure whose ``when`` its window forbids."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from tallystick.rules import decimals, syntax
from tallystick.rules.check import expressions, intervals
from tallystick.rules.check.comparing import Judged
from tallystick.rules.check.narrowing import NO_FACTS, Facts, Known, learn, meet
from tallystick.rules.check.scope import Check, Here, Scope
from tallystick.rules.check_errors import conditions as say
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.placed import nodes
from tallystick.rules.rulebook import Require
from tallystick.rules.source import Span

_AGE = syntax.Since("days", syntax.Name("at"))
_KIND = syntax.Name("kind")
_Judging = syntax.Require | syntax.Exclude | syntax.Discount | syntax.Measure
_Told = set[tuple[str, Span]]
_NEVER = (Mistake.ALWAYS_FALSE,)
_DECIDED = (Mistake.ALWAYS_FALSE, Mistake.ALWAYS_TRUE)


def warn(check: Check, requires: Iterable[Require], measures: dict[str, Measure]) -> None:
    """Warn of conditions that are decided by what is asked before; each has been checked by itself, without mistakes.

    INVARIANT: what is learnt here is told and nothing else. An expression is worked out for everybody, whatever was
    asked before, so it must have a value without that.
    """
    told = {(each.name, each.primary.span) for each in check.diagnostics}
    met = _warn_of_requirements(check, requires, told)
    for bands in check.declared(syntax.Bands):
        for band in bands.bands:
            if isinstance(band, syntax.BandNeeds):
                _warn_of_needs(check, band, met, told)
    records = Here(check, Scope("record", "", absent=check.names.has_subjects))
    left = NO_FACTS
    for exclude in check.declared(syntax.Exclude):
        when = _when(exclude)
        if when is None:
            continue
        _warn(when, records.behind(left), say.EXCLUDED, _NEVER, told)
        judged, _ = _judged(when, records)
        repeats = any(isinstance(clause, syntax.Repeats) for clause in exclude.clauses)
        # A condition that is missing does not hold, and tells nothing of the record that is left.
        if judged.expr is not None and not judged.expr.optional and not repeats:
            left = meet(left, judged.no)
    for discount in check.declared(syntax.Discount):
        _warn(_when(discount), records.behind(left), say.EXCLUDED, _NEVER, told)
    for written in check.declared(syntax.Measure):
        measure, when = measures.get(written.name.text), _when(written)
        if measure is not None and when is not None and not isinstance(measure.aggregate, Formula):
            _warn_of_measure(check, measure, when, left, told)


def _warn_of_requirements(check: Check, requires: Iterable[Require], told: _Told) -> Facts:
    """Warn of requirements in the order in which they are asked: those of measures last; return what all tell."""
    late = {each.name for each in requires if each.reads_measures}
    here, met = Here(check, Scope("person", "")), NO_FACTS
    for require in sorted(check.declared(syntax.Require), key=lambda each: each.name.text in late):
        when = _when(require)
        if when is not None:
            _warn(when, here.behind(met), say.REQUIRED, _DECIDED, told)
            met = meet(met, _judged(when, here)[0].yes)
    return met


def _warn_of_needs(check: Check, band: syntax.BandNeeds, met: Facts, told: _Told) -> None:
    """Warn of a need that nobody meets who meets those before it."""
    here = Here(check, Scope("person", ""), met)
    for need in band.needs:
        _warn(need.condition, here, say.NEEDED, _NEVER, told)
        here = here.behind(_judged(need.condition, here)[0].yes)


def _warn_of_measure(check: Check, measure: Measure, when: syntax.Expr, left: Facts, told: _Told) -> None:
    """Warn of a measure that reads what exclusions, or its own window, leave out."""
    assert not isinstance(measure.aggregate, Formula)  # noqa: S101  # a formula reads no records
    if measure.aggregate.given:
        return
    of_kinds = learn(NO_FACTS, _KIND, Known(values=frozenset(measure.aggregate.kinds)))
    here = Here(check, Scope("record", "", absent=check.names.has_subjects, measuring=True), of_kinds)
    if left:
        _warn(when, here.behind(left), say.EXCLUDED, _NEVER, told)
    if measure.within is not None and _AGE in nodes(when):
        oldest = decimals.subtract(measure.within.value, intervals.ONE)
        young = learn(NO_FACTS, _AGE, Known(low=intervals.ZERO, high=oldest))
        _warn(when, here.behind(young), say.WINDOWED, _DECIDED, told)


def _when(declared: _Judging) -> syntax.Expr | None:
    return next((clause.condition for clause in declared.clauses if isinstance(clause, syntax.When)), None)


def _warn(when: syntax.Expr | None, here: Here, why: str, names: tuple[Mistake, ...], told: _Told) -> None:
    """Tell of what is decided here, if it settles the condition and has not been told of without what is known here."""
    if when is None or not here.facts:
        return
    for each in _judged(when, here)[1]:
        if each.name in names and (each.name, each.primary.span) not in told and _decides(when, each):
            here.check.report(replace(each, notes=(*each.notes, why)))


def _judged(condition: syntax.Expr, here: Here) -> tuple[Judged, list[Diagnostic]]:
    """Judge a condition, and keep what is found apart."""
    apart = replace(here.check, diagnostics=[])
    return expressions.condition(condition, replace(here, check=apart)), apart.diagnostics


def _decides(condition: syntax.Expr, found: Diagnostic) -> bool:
    """Say whether a test that always holds, or never does, settles the whole condition: it is all of it, or never
    holds and is joined to the others by ``and``."""
    parts = [condition]
    if found.name == Mistake.ALWAYS_FALSE and isinstance(condition, syntax.Logic) and condition.operator == "and":
        parts.extend(condition.operands)
    return any(part.span == found.primary.span for part in parts)
