"""Takes the typed sides of a comparison of texts, days or moments; gives what it tells of them, and warns where the
comparison is settled before any record is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from tallystick.rules import syntax
from tallystick.rules.check import intervals
from tallystick.rules.check.narrowing import OPPOSITE, Facts, Known, learn, learn_both, within
from tallystick.rules.check.scope import Here
from tallystick.rules.check_errors import conditions as say
from tallystick.rules.expression import AttributeOf, Expr, FieldOf, Literally
from tallystick.rules.source import Span
from tallystick.rules.value import DateType, NumberType, Scalar, Type

_DAYS: Final = NumberType(Decimal(1), intervals.MOST_DAYS, 0)
"""The days of the calendar, by their number."""
_MOMENTS: Final = NumberType(Decimal(0), intervals.MOST_DAYS * 86400 * 10**6 - 1, 0)
"""Its moments, by the microseconds since it begins."""
_BEGIN: Final = datetime(1, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)


def texts(expr: syntax.Compare, left: Expr, right: Expr, here: Here, there: Facts) -> tuple[Facts, Facts]:
    """Learn what ``=`` or ``!=`` with a written text tells of the other side."""
    for thing, whose, other in ((expr.left, left, right), (expr.right, right, left)):
        if expr.operator not in ("=", "!=") or not isinstance(other.op, Literally):
            continue
        equal = expr.operator == "="
        text, possible, check = str(other.op.value), _possible(thing, here), here.check
        if text == "" and _comes_from_outside(whose):
            _warn_of_empty(expr.span, thing, whose, here, always=not equal)
            return there, there
        if possible and (text not in possible or possible == {text}):
            always = (text in possible) == equal
            quoted = frozenset(f'"{each}"' for each in possible)
            words = check.text(expr.span)
            check.report(say.decided_value(check.source, expr.span, words, quoted, expr.operator, always=always))
        same = learn(there, thing, Known(values=frozenset({text})))
        differs = there if possible is None else learn(there, thing, Known(values=possible - {text}))
        return (same, differs) if equal else (differs, same)
    return there, there


def among(expr: syntax.In, options: tuple[Expr, ...], here: Here, there: Facts) -> tuple[Facts, Facts]:
    """Learn what it tells of a text that it is in a list of written ones."""
    named = frozenset(str(option.op.value) for option in options if isinstance(option.op, Literally))
    possible, check = _possible(expr.value, here), here.check
    if possible and not possible & named:
        check.report(say.never_among(check.source, expr.span, check.text(expr.span), negated=expr.negated))
    elif possible and possible <= named:
        check.report(say.always_among(check.source, expr.span, check.text(expr.span), negated=expr.negated))
    is_in = learn(there, expr.value, Known(values=named))
    return is_in, there if possible is None else learn(there, expr.value, Known(values=possible - named))


def days(expr: syntax.Compare, left: Expr, right: Expr, here: Here, there: Facts) -> tuple[Facts, Facts]:
    """Learn what a comparison of days, or of moments, tells of both sides."""
    of_left, of_right = _range(expr.left, left, here), _range(expr.right, right, here)
    decided, check = intervals.decided(expr.operator, of_left, of_right), here.check
    if decided is not None:
        sides = ((left, of_left), (right, of_right))
        known = [
            f"`{check.text(side.span)}` is {_described(of, side.type)} here"
            for side, of in sides
            if not isinstance(side.op, Literally) and not _is_any(of, side.type)
        ]
        check.report(say.settled(check.source, expr.span, check.text(expr.span), known, always=decided))
    yes = there if decided is False else learn_both(expr, expr.operator, of_left, of_right, there)
    no = there if decided is True else learn_both(expr, OPPOSITE[expr.operator], of_left, of_right, there)
    return yes, no


def _possible(thing: syntax.Expr, here: Here) -> frozenset[str] | None:
    """Return the texts that a thing can still be here; None where it can be any, none where nothing is left to say."""
    known = here.facts.get(thing)
    return None if known is None else known.values


def _comes_from_outside(of: Expr) -> bool:
    """Say whether a text is read from a file, where an empty one is missing."""
    return isinstance(of.op, FieldOf | AttributeOf)


def _warn_of_empty(span: Span, thing: syntax.Expr, of: Expr, here: Here, *, always: bool) -> None:
    check = here.check
    read = check.names.fields if isinstance(of.op, FieldOf) else check.names.attributes
    optional = isinstance(of.op, FieldOf | AttributeOf) and read[of.op.name].optional
    words = check.text(span), check.text(thing.span)
    check.report(say.empty_text(check.source, span, *words, always=always, optional=optional))


def _range(thing: syntax.Expr, of: Expr, here: Here) -> NumberType:
    """Return the days, or the moments, that a thing can still be here, as numbers."""
    if isinstance(of.op, Literally):
        return intervals.point(_number(of.op.value))
    known, possible = here.facts.get(thing), _calendar(of.type)
    return possible if known is None else within(possible, known)


def _calendar(kind: Type) -> NumberType:
    """Return all days, or all moments."""
    return _DAYS if isinstance(kind, DateType) else _MOMENTS


def _is_any(of: NumberType, kind: Type) -> bool:
    """Say whether this is every day, or every moment."""
    return of.low == _calendar(kind).low and of.high >= _calendar(kind).high


def _number(value: Scalar) -> Decimal:
    """Return a day as its number in the calendar, a moment as the microseconds since that begins."""
    match value:
        case datetime():
            return Decimal((value - _BEGIN) // _TICK)
        case date():
            return Decimal(value.toordinal())
        case _:
            raise AssertionError(value)


def _described(of: NumberType, kind: Type) -> str:
    """Say a stretch of days or moments in words: ``2026-01-01 or later``."""
    possible = _calendar(kind)
    low, high = (
        date.fromordinal(int(end)).isoformat()
        if isinstance(kind, DateType)
        else (_BEGIN + int(end) * _TICK).isoformat().replace("+00:00", "Z")
        for end in (of.low, min(of.high, possible.high))
    )
    if of.low == of.high:
        return low
    if of.low == possible.low:
        return f"{high} or earlier"
    return f"{low} or later" if of.high == possible.high else f"{low} to {high}"
