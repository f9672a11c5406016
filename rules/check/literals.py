"""Takes a number, duration, date, moment or text as written; gives it typed, or says why it cannot be worked with."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from tallystick.rules import decimals, syntax
from tallystick.rules.check import intervals
from tallystick.rules.check.scope import Here
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors import numbers as say_number
from tallystick.rules.check_errors import types as say_type
from tallystick.rules.expression import Expr, Literally
from tallystick.rules.source import Span
from tallystick.rules.value import DateType, DurationType, OneOfType, TextType, TimeType, Type, YesNoType

Literal = syntax.NumberLiteral | syntax.DurationLiteral | syntax.DateLiteral | syntax.MomentLiteral | syntax.TextLiteral


def literal(expr: Literal, here: Here, expected: Type | None) -> Expr | None:
    """Type a literal; ``expected`` is the type of the other side."""
    match expr:
        case syntax.NumberLiteral():
            return _number_literal(expr, here)
        case syntax.DurationLiteral(value=value, unit=unit, span=span):
            days = decimals.EXACT.multiply(value, Decimal(7)) if unit == "week" else value
            if not _fine(days, span, here):
                return None
            return Expr(Literally(days), DurationType(), optional=False, span=span)
        case syntax.DateLiteral(value=date, span=span):
            return Expr(Literally(date), DateType(), optional=False, span=span)
        case syntax.MomentLiteral(value=moment, span=span):
            return Expr(Literally(moment), TimeType(), optional=False, span=span)
        case syntax.TextLiteral(value=text, span=span):
            if isinstance(expected, OneOfType) and text in expected.values:
                here.check.report(say_type.quoted_value(here.check.source, span, text, text))
                return None
            if isinstance(expected, YesNoType) and text.lower() in say_name.YES_NO:
                meant = say_name.YES_NO[text.lower()]
                here.check.report(say_type.quoted_value(here.check.source, span, text, meant))
                return None
            return Expr(Literally(text), TextType(), optional=False, span=span)
        case _:
            assert_never(expr)


def _number_literal(expr: syntax.NumberLiteral, here: Here) -> Expr | None:
    value = decimals.EXACT.scaleb(expr.value, -2) if expr.percent else expr.value
    if not _fine(value, expr.span, here):
        return None
    return Expr(Literally(value), intervals.point(value), optional=False, span=expr.span)


def _fine(value: Decimal, span: Span, here: Here) -> bool:
    """Say whether a number can be worked with; else report why not."""
    check = here.check
    if decimals.places_of(value) > decimals.PLACES:
        check.report(say_number.too_many_places(check.source, span, check.text(span), decimals.PLACES))
        return False
    if not intervals.fits(intervals.point(value)):
        check.report(say_number.literal_too_large(check.source, span))
        return False
    return True
