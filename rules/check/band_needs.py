"""Takes bands that are reached by needs; gives what they ask for, and warns of those that nobody is ever in."""

from __future__ import annotations

from functools import reduce
from typing import Final

from msgspec import Struct

from tallystick.rules import syntax
from tallystick.rules.check import expressions, intervals
from tallystick.rules.check.comparing import Judged
from tallystick.rules.check.narrowing import Facts, meet
from tallystick.rules.check.points import Frame
from tallystick.rules.check.scope import Check, Here, Scope
from tallystick.rules.check_errors import points as say
from tallystick.rules.expression import Compare
from tallystick.rules.rulebook import Band, Need
from tallystick.rules.value import NumberType

_AT_LEAST: Final = (">", ">=")
_AT_MOST: Final = ("<", "<=")


class Asked(Struct, frozen=True):
    """A band by needs: as written, as checked, and each condition with what is known where it holds."""

    written: syntax.BandNeeds
    band: Band
    conditions: tuple[tuple[syntax.Expr, Judged], ...]


def by_needs(check: Check, written: syntax.BandNeeds, frame: Frame) -> Asked:
    """Check what a band asks for."""
    scope = Scope("person", f"band `{written.name.text}`", "test")
    here = Here(check, scope, frame.required, doubtful=frame.doubtful)
    judged = [(need, expressions.condition(need.condition, here)) for need in written.needs]
    needs = tuple(Need(each.expr, need.words.value, need.span) for need, each in judged if each.expr is not None)
    band = Band(written.name.text, written.title.value, None, needs, written.span)
    return Asked(written, band, tuple((need.condition, each) for need, each in judged))


def warn_of_unreached(check: Check, asked: list[Asked], frame: Frame) -> None:
    """Warn of a band whose needs nobody meets without meeting those of a later one, which is the one that counts."""
    for place, band in enumerate(asked):
        later = next((each for each in asked[place + 1 :] if _follows(each, band, frame)), None)
        if later is not None:
            name, taken = band.written.name, later.written.name
            alike = _follows(band, later, frame)
            check.report(say.band_passed_over(check.source, name.span, name.text, taken.text, taken.span, alike=alike))


def _follows(later: Asked, band: Asked, frame: Frame) -> bool:
    """Say whether all that a band asks for is so where what another asks for is."""
    facts = reduce(meet, (each.yes for _, each in band.conditions), frame.required)
    words = {condition for condition, _ in band.conditions}
    return all(condition in words or _is_so(condition, judged, facts) for condition, judged in later.conditions)


def _is_so(condition: syntax.Expr, judged: Judged, facts: Facts) -> bool:
    """Say whether a value held against a constant is surely where the condition asks for it."""
    if not isinstance(condition, syntax.Compare) or judged.expr is None or not isinstance(judged.expr.op, Compare):
        return False
    bound = judged.expr.op.right.type
    asked, known = judged.yes.get(condition.left), facts.get(condition.left)
    if asked is None or known is None or not isinstance(bound, NumberType) or not intervals.is_point(bound):
        return False
    if judged.expr.op.left.optional and not known.present:
        return False
    if condition.operator in _AT_LEAST:
        return asked.low is not None and known.low is not None and known.low >= asked.low
    if condition.operator in _AT_MOST:
        return asked.high is not None and known.high is not None and known.high <= asked.high
    return False
