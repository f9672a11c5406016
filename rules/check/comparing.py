"""Takes the typed sides of a comparison; gives the condition, and what it tells where it holds or does not."""

from __future__ import annotations

from msgspec import Struct

from tallystick.rules import syntax
from tallystick.rules.check import intervals, texts_and_days, two_sides
from tallystick.rules.check.narrowing import NO_FACTS, OPPOSITE, Facts, Known, learn, learn_both, meet, present
from tallystick.rules.check.scope import Here
from tallystick.rules.check_errors import conditions as say
from tallystick.rules.check_errors import types as say_type
from tallystick.rules.check_errors.reads import value_twice
from tallystick.rules.expression import Compare, Expr, In, Literally
from tallystick.rules.value import (
    DateType,
    DurationType,
    NumberType,
    OneOfType,
    Scalar,
    TextType,
    TimeType,
    Type,
    YesNoType,
)

_REFLEXIVE = ("=", "<=", ">=")
"""What everything is to itself."""


class Judged(Struct, frozen=True):
    """A typed condition (None after a mistake), what is known where it holds, and where it is there and does not."""

    expr: Expr | None
    yes: Facts = NO_FACTS
    no: Facts = NO_FACTS


def comparable(left: Type, right: Type) -> bool:
    """Say whether values of two types can be compared."""
    match left, right:
        case OneOfType(values=first), OneOfType(values=second):
            return not set(first).isdisjoint(second)
        case _:
            return any(
                isinstance(left, kind) and isinstance(right, kind)
                for kind in (NumberType, TextType, YesNoType, DateType, TimeType, DurationType)
            )


def compare(expr: syntax.Compare, left: Expr, right: Expr, here: Here) -> Judged:
    """Make a comparison of two values of one type."""
    check = here.check
    if not comparable(left.type, right.type):
        check.report(
            say_type.not_comparable(
                check.source,
                expr.span,
                (check.text(expr.left.span), left, expr.left.span),
                (check.text(expr.right.span), right, expr.right.span),
            )
        )
        return Judged(None)
    if expr.operator not in ("=", "!=") and isinstance(left.type, YesNoType | OneOfType):
        check.report(say_type.no_order(check.source, expr.span, check.text(expr.left.span), left.type, expr.operator))
        return Judged(None)
    op = Compare(expr.operator, left, right)
    found = Expr(op, YesNoType(), left.optional or right.optional, expr.span)
    there = present(present(NO_FACTS, expr.left), expr.right)
    yes = no = there
    if expr.left == expr.right:
        check.report(say.same_sides(check.source, expr.span, check.text(expr.span), always=expr.operator in _REFLEXIVE))
        return Judged(found, yes, no)
    told = len(check.diagnostics)
    match left.type, right.type:
        case NumberType(), NumberType():
            decided = intervals.decided(expr.operator, left.type, right.type)
            if decided is not None:
                sides = (check.text(expr.left.span), left.type), (check.text(expr.right.span), right.type)
                check.report(say.decided(check.source, expr.span, check.text(expr.span), sides, always=decided))
            if decided is not False:
                yes = learn_both(expr, expr.operator, left.type, right.type, there)
            if decided is not True:
                no = learn_both(expr, OPPOSITE[expr.operator], left.type, right.type, there)
        case OneOfType() | YesNoType(), OneOfType() | YesNoType():
            yes, no = _values(expr, left, right, here, there)
        case TextType(), TextType():
            yes, no = texts_and_days.texts(expr, left, right, here, there)
        case DateType() | TimeType(), DateType() | TimeType():
            yes, no = texts_and_days.days(expr, left, right, here, there)
        case _:
            pass
    learned = two_sides.learned(expr, here, told=len(check.diagnostics) > told)
    return Judged(found, meet(yes, learned.yes), meet(no, learned.no))


def among(expr: syntax.In, value: Expr, options: tuple[Expr, ...], here: Here) -> Judged:
    """Make ``x in (a, b)``."""
    check = here.check
    for written, option in zip(expr.options, options, strict=True):
        if not comparable(value.type, option.type):
            check.report(
                say_type.not_comparable(
                    check.source,
                    written.span,
                    (check.text(expr.value.span), value, expr.value.span),
                    (check.text(written.span), option, written.span),
                )
            )
            return Judged(None)
    optional = value.optional or any(option.optional for option in options)
    found = Expr(In(value, options, expr.negated), YesNoType(), optional, expr.span)
    there = present(NO_FACTS, expr.value)
    is_in = is_out = there
    if isinstance(value.type, NumberType):
        low = min(option.type.low for option in options if isinstance(option.type, NumberType))
        high = max(option.type.high for option in options if isinstance(option.type, NumberType))
        if value.type.low > high or value.type.high < low:
            check.report(say.never_among(check.source, expr.span, check.text(expr.span), negated=expr.negated))
        else:
            is_in = learn(there, expr.value, Known(low=low, high=high))
    elif isinstance(value.type, OneOfType) and all(isinstance(option.op, Literally) for option in options):
        named = frozenset(str(option.op.value) for option in options if isinstance(option.op, Literally))
        left = _possible(expr.value, value.type, here)
        _duplicates(expr, options, here)
        if left and left <= named:
            check.report(say.always_among(check.source, expr.span, check.text(expr.span), negated=expr.negated))
        elif left and not left & named:
            check.report(say.never_among(check.source, expr.span, check.text(expr.span), negated=expr.negated))
        is_in = learn(there, expr.value, Known(values=named))
        is_out = learn(there, expr.value, Known(values=left - named))
    elif isinstance(value.type, TextType) and all(isinstance(option.op, Literally) for option in options):
        is_in, is_out = texts_and_days.among(expr, options, here, there)
    return Judged(found, is_out, is_in) if expr.negated else Judged(found, is_in, is_out)


def _duplicates(expr: syntax.In, options: tuple[Expr, ...], here: Here) -> None:
    seen: dict[Scalar, syntax.Expr] = {}
    for written, option in zip(expr.options, options, strict=True):
        if isinstance(option.op, Literally):
            first = seen.setdefault(option.op.value, written)
            if first is not written:
                source = here.check.source
                here.check.report(value_twice(source, written.span, here.check.text(written.span), first.span))


def _values(expr: syntax.Compare, left: Expr, right: Expr, here: Here, there: Facts) -> tuple[Facts, Facts]:
    """Learn what ``=`` or ``!=`` with a named value tells of the other side."""
    for thing, value in ((expr.left, right), (expr.right, left)):
        if not isinstance(value.op, Literally):
            continue
        named = _named(value.op.value)
        whose = left if thing is expr.left else right
        left_over = _possible(thing, whose.type, here)
        equal, check = expr.operator == "=", here.check
        if left_over and (named not in left_over or left_over == {named}):
            always = (named in left_over) == equal
            words = check.text(expr.span)
            check.report(say.decided_value(check.source, expr.span, words, left_over, expr.operator, always=always))
        same = learn(there, thing, Known(values=frozenset({named})))
        other = learn(there, thing, Known(values=left_over - {named}))
        return (same, other) if equal else (other, same)
    return there, there


def _possible(thing: syntax.Expr, kind: Type, here: Here) -> frozenset[str]:
    """Return the named values that a thing can still have here."""
    values = frozenset(kind.values) if isinstance(kind, OneOfType) else frozenset({"yes", "no"})
    known = here.facts.get(thing)
    return values if known is None or known.values is None else known.values


def _named(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
