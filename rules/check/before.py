"""Takes conditions as written; warns of those that what is asked before them has decided: a requirement that nobody
meets any more, an exclusion that finds no record left, a measure whose ``when`` its window forbids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

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
from tallystick.rules.rulebook import Require

_AGE = syntax.Since("days", syntax.Name("at"))
_KIND = syntax.Name("kind")
_Judging = syntax.Require | syntax.Exclude | syntax.Discount | syntax.Measure
D = TypeVar("D", bound=_Judging)


def warn(check: Check, requires: Iterable[Require], measures: dict[str, Measure]) -> None:
    """Warn of conditions that are decided by what is asked before; each has been checked by itself, without mistakes.

    INVARIANT: what is learnt here is told and nothing else. An expression is worked out for everybody, whatever was
    asked before, so it must have a value without that.
    """
    _warn_of_requirements(check, requires)
    records = Here(check, Scope("record", "", absent=check.names.has_subjects))
    left = NO_FACTS
    for exclude in _declared(check, syntax.Exclude):
        judged = _told(check, exclude, records, left, say.EXCLUDED, (Mistake.ALWAYS_FALSE,))
        repeats = any(isinstance(clause, syntax.Repeats) for clause in exclude.clauses)
        # A condition that is missing does not hold, and tells nothing of the record that is left.
        if judged is not None and judged.expr is not None and not judged.expr.optional and not repeats:
            left = meet(left, judged.no)
    for discount in _declared(check, syntax.Discount):
        _told(check, discount, records, left, say.EXCLUDED, (Mistake.ALWAYS_FALSE,))
    for written in _declared(check, syntax.Measure):
        measure = measures.get(written.name.text)
        if measure is None or isinstance(measure.aggregate, Formula) or measure.aggregate.given:
            continue
        scope = Scope("record", "", absent=check.names.has_subjects, measuring=True)
        of_kinds = learn(NO_FACTS, _KIND, Known(values=frozenset(measure.aggregate.kinds)))
        here = Here(check, scope, of_kinds)
        _told(check, written, here, left, say.EXCLUDED, (Mistake.ALWAYS_FALSE,))
        if measure.within is not None:
            oldest = Known(low=intervals.ZERO, high=decimals.subtract(measure.within.value, intervals.ONE))
            young = learn(NO_FACTS, _AGE, oldest)
            _told(check, written, here, young, say.WINDOWED, (Mistake.ALWAYS_FALSE, Mistake.ALWAYS_TRUE))


def _warn_of_requirements(check: Check, requires: Iterable[Require]) -> None:
    """Warn of requirements in the order in which they are asked: those of measures last."""
    late = {each.name for each in requires if each.reads_measures}
    here, met = Here(check, Scope("person", "")), NO_FACTS
    for require in sorted(_declared(check, syntax.Require), key=lambda each: each.name.text in late):
        judged = _told(check, require, here, met, say.REQUIRED, (Mistake.ALWAYS_FALSE, Mistake.ALWAYS_TRUE))
        if judged is not None:
            met = meet(met, judged.yes)


def _declared(check: Check, kind: type[D]) -> list[D]:
    return [each for each in check.file.declarations if isinstance(each, kind)]


def _told(  # a condition, its place, and what is known before it, by whom
    check: Check, declared: _Judging, here: Here, before: Facts, why: str, names: tuple[Mistake, ...]
) -> Judged | None:
    """Tell what is decided by what is known before, and not without it; return the condition judged without it."""
    when = next((clause for clause in declared.clauses if isinstance(clause, syntax.When)), None)
    if when is None:
        return None
    judged, alone = _judged(when.condition, here)
    if before:
        _, behind = _judged(when.condition, here.behind(before))
        known = {(each.name, each.primary.span) for each in alone}
        for each in behind:
            if each.name in names and (each.name, each.primary.span) not in known and _decides(when.condition, each):
                check.report(replace(each, notes=(*each.notes, why)))
    return judged


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
