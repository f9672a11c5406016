"""Takes an expression as written and its place; gives it typed, with an interval and whether it can be missing."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from tallystick.rules import decimals, syntax
from tallystick.rules.check import comparing, intervals, literals, reading_names, reckoning
from tallystick.rules.check.narrowing import NO_FACTS, Facts, Known, apply, join, meet, present
from tallystick.rules.check.scope import Here
from tallystick.rules.check_errors import conditions as say_condition
from tallystick.rules.check_errors import numbers as say_number
from tallystick.rules.check_errors import types as say_type
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.expression import (
    Compare,
    Expr,
    FieldOf,
    FromTo,
    If,
    In,
    IsMissing,
    Literally,
    Logic,
    Not,
    OrElse,
    Returned,
    Since,
    TextTest,
)
from tallystick.rules.value import DateType, NumberType, TextType, TimeType, Type, YesNoType

Judged = comparing.Judged
YES_NO = YesNoType()


def number(expr: syntax.Expr, here: Here) -> Expr | None:
    """Type an expression that must be a number."""
    found = typed(expr, here)
    return None if found is None else reckoning.as_number(found, here)


def condition(expr: syntax.Expr, here: Here) -> Judged:
    """Type an expression that must be a condition; a yes/no, also behind ``not``, can be settled by what is known."""
    of = expr.operand if isinstance(expr, syntax.Not) else expr
    known = here.facts.get(of) if isinstance(of, syntax.Name | syntax.Dotted) else None
    if known is not None and known.values is not None and len(known.values) == 1:
        always = ("yes" in known.values) == (of is expr)
        words = here.check.source, expr.span, _text(expr, here)
        here.check.report(say_condition.settled(*words, [], "leave it out", always=always))
    return _condition(expr, here)


def _condition(expr: syntax.Expr, here: Here) -> Judged:
    since = len(here.check.diagnostics)
    judged = _judged(expr, here)
    if judged.expr is not None and judged.expr.optional:
        _but_where_missing(expr, judged.expr, since, here)
    if judged.expr is not None and not isinstance(judged.expr.type, YesNoType):
        here.check.report(say_type.not_a_condition(here.check.source, expr.span, _text(expr, here), judged.expr.type))
        return Judged(None)
    return judged


def typed(expr: syntax.Expr, here: Here, expected: Type | None = None) -> Expr | None:
    """Type an expression; None after a mistake, which is reported. ``expected`` is the type of the other side."""
    found = _typed(expr, here, expected)
    return None if found is None else apply(here.facts, expr, found)


def _typed(expr: syntax.Expr, here: Here, expected: Type | None) -> Expr | None:
    match expr:
        case (
            syntax.NumberLiteral()
            | syntax.DurationLiteral()
            | syntax.DateLiteral()
            | syntax.MomentLiteral()
            | syntax.TextLiteral()
        ):
            return literals.literal(expr, here, expected)
        case syntax.Name():
            return reading_names.name(expr, here, expected)
        case syntax.Dotted():
            return reading_names.dotted(expr, here)
        case syntax.Negate(operand=operand, span=span):
            inner = typed(operand, here)
            return None if inner is None else reckoning.negated(inner, span, here)
        case syntax.Arithmetic():
            left, right = typed(expr.left, here), typed(expr.right, here)
            if left is None or right is None:
                reckoning.one_side(expr, left, right, here)
                return None
            return reckoning.arithmetic(expr, left, right, here)
        case syntax.Call():
            return _call(expr, here)
        case syntax.Since():
            return _since(expr, here)
        case syntax.FromTo():
            return _from_to(expr, here)
        case syntax.OrElse():
            return _or_else(expr, here, expected)
        case syntax.If():
            return _if(expr, here, expected)
        case (
            syntax.Not()
            | syntax.Compare()
            | syntax.Logic()
            | syntax.In()
            | syntax.IsMissing()
            | syntax.TextTest()
            | syntax.Returned()
        ):
            return _condition(expr, here).expr
        case _:
            assert_never(expr)


def _judged(expr: syntax.Expr, here: Here) -> Judged:
    """Type an expression, with what it tells where it holds and where it does not."""
    if here.scope.reads == "constant" and isinstance(expr, _TESTS):
        here.check.report(say_number.not_constant(here.check.source, expr.span, here.scope.what, _text(expr, here)))
        return Judged(None)
    match expr:
        case syntax.Compare():
            return _compare(expr, here)
        case syntax.In():
            return _in(expr, here)
        case syntax.Not(operand=operand, span=span):
            inner = _condition(operand, here)
            if inner.expr is None:
                return inner
            negated = Expr(Not(inner.expr), YES_NO, inner.expr.optional, span)
            return Judged(negated, inner.no, inner.yes)
        case syntax.Logic():
            return _logic(expr, here)
        case syntax.IsMissing():
            return _is_missing(expr, here)
        case syntax.TextTest():
            return _text_test(expr, here)
        case syntax.Returned():
            return _returned(expr, here)
        case _:
            found = typed(expr, here)
            if found is None or not isinstance(found.type, YesNoType):
                return Judged(found)
            there = present(NO_FACTS, expr)
            return Judged(
                found,
                meet(there, {expr: Known(values=frozenset({"yes"}))}),
                meet(there, {expr: Known(values=frozenset({"no"}))}),
            )


def _but_where_missing(written: syntax.Expr, found: Expr, since: int, here: Here) -> None:
    """Say of a test that was told to hold always that it does not where one of its sides is missing."""
    match found.op:
        case Compare(left=left, right=right) | TextTest(value=left, part=right):
            sides: tuple[Expr, ...] = (left, right)
        case In(value=value, options=options):
            sides = (value, *options)
        case _:
            return
    missing = [here.check.text(side.span) for side in sides if side.optional]
    for place, told in enumerate(here.check.diagnostics[since:], since):
        if told.name == Mistake.ALWAYS_TRUE.value and told.primary.span == written.span and missing:
            here.check.diagnostics[place] = say_condition.but_where_missing(told, missing)


_IN_VALUES = ("min", "max")
"""The functions that a record's value may use."""
_TESTS = (syntax.Compare, syntax.In, syntax.Not, syntax.Logic, syntax.IsMissing, syntax.TextTest, syntax.Returned)

# ---- values ------------------------------------------------------------------------------------------------------


def _call(expr: syntax.Call, here: Here) -> Expr | None:
    check = here.check
    if here.scope.value and expr.function.text not in _IN_VALUES:
        check.report(say_number.record_value(check.source, expr.function.span, expr.function.text))
        return None
    arguments = [typed(argument, here) for argument in expr.arguments]
    present_arguments = [argument for argument in arguments if argument is not None]
    if len(present_arguments) < len(arguments):
        for argument in present_arguments:
            reckoning.as_number(argument, here)
        return None
    return reckoning.call(expr, tuple(present_arguments), here)


def _since(expr: syntax.Since, here: Here) -> Expr | None:
    day = typed(expr.date, here.tolerating())
    if day is None:
        return None
    check = here.check
    if not isinstance(day.type, DateType | TimeType):
        check.report(say_type.not_a_date(check.source, expr.date.span, _text(expr.date, here), day.type))
        return None
    # A record later than the as-of day is read by nothing, so its own moment is never later.
    its_own = day.op == FieldOf("at")
    high = intervals.MOST_DAYS if expr.unit == "days" else Decimal(9999)
    kind = NumberType(intervals.ZERO, high, 0)
    found = Expr(Since(expr.unit, day), kind, day.optional or not its_own, expr.span)
    why = reading_names.LATER_OR_MISSING if day.optional else reading_names.LATER
    return reading_names.guarded(expr, found, here, why=why)


def _from_to(expr: syntax.FromTo, here: Here) -> Expr | None:
    start, end = typed(expr.start, here), typed(expr.end, here)
    if start is None or end is None:
        return None
    check = here.check
    for written, found in ((expr.start, start), (expr.end, end)):
        if expr.unit == "days" and not isinstance(found.type, DateType | TimeType):
            check.report(say_type.not_a_date(check.source, written.span, _text(written, here), found.type))
            return None
        if expr.unit == "seconds" and not isinstance(found.type, TimeType):
            check.report(say_type.not_a_moment(check.source, written.span, _text(written, here), found.type))
            return None
    most, places = intervals.MOST_DAYS, 0
    if expr.unit == "seconds":
        most, places = decimals.EXACT.multiply(most, Decimal(86400)), 6
    kind = NumberType(-most, most, places)
    return Expr(FromTo(expr.unit, start, end), kind, start.optional or end.optional, expr.span)


def _or_else(expr: syntax.OrElse, here: Here, expected: Type | None) -> Expr | None:
    value = typed(expr.value, here.tolerating(), expected)
    default = typed(expr.default, here, expected if value is None else value.type)
    if value is None or default is None:
        return None
    if not value.optional:
        here.check.report(say_condition.never_missing(here.check.source, expr.value.span, _text(expr.value, here)))
    joined = _one_type(expr.default, value, default, here)
    if joined is None:
        return None
    return Expr(OrElse(value, default), joined, value.optional and default.optional, expr.span)


def _if(expr: syntax.If, here: Here, expected: Type | None) -> Expr | None:
    if here.scope.reads == "constant":
        here.check.report(say_number.not_constant(here.check.source, expr.span, here.scope.what, _text(expr, here)))
        return None
    judged = condition(expr.condition, here)
    here = here.doubting(wrong=judged.expr is None)
    # Where the condition may be missing, the other branch does not tell that it failed.
    otherwise_here = here if judged.expr is None or judged.expr.optional else here.behind(judged.no)
    then = typed(expr.then, here.behind(judged.yes), expected)
    wanted = expected if then is None else then.type
    otherwise = typed(expr.otherwise, otherwise_here, wanted)
    joined = None if then is None or otherwise is None else _one_type(expr.otherwise, then, otherwise, here)
    if judged.expr is None or then is None or otherwise is None or joined is None:
        return None
    optional = judged.expr.optional or then.optional or otherwise.optional
    return Expr(If(judged.expr, then, otherwise), joined, optional, expr.span)


def _one_type(written: syntax.Expr, first: Expr, second: Expr, here: Here) -> Type | None:
    """Return the type that holds both values; None, and a mistake, where there is none."""
    if isinstance(first.type, NumberType) and isinstance(second.type, NumberType):
        return intervals.hull(first.type, second.type)
    if comparing.comparable(first.type, second.type):
        return first.type
    check = here.check
    check.report(
        say_type.different_types(
            check.source, written.span, (check.text(first.span), first.type), (_text(written, here), second.type)
        )
    )
    return None


# ---- conditions --------------------------------------------------------------------------------------------------


def _compare(expr: syntax.Compare, here: Here) -> Judged:
    if _is_value(expr.left, here) and not _is_value(expr.right, here):
        right = typed(expr.right, here)
        left = _beside(expr.left, right, here)
    else:
        left = typed(expr.left, here, reading_names.peek(expr.right, here))
        right = _beside(expr.right, left, here)
    if left is None or right is None:
        return Judged(None)
    return comparing.compare(expr, left, right, here)


def _is_value(expr: syntax.Expr, here: Here) -> bool:
    """Say whether this is a bare name that no thing has, so that it can only be a value of the other side."""
    return isinstance(expr, syntax.Name) and not here.check.names.is_poison(expr.text)


def _beside(expr: syntax.Expr, other: Expr | None, here: Here) -> Expr | None:
    """Type what stands beside another value; where that one is wrong, nobody knows what a bare name would mean."""
    if other is None and _is_value(expr, here):
        return None
    return typed(expr, here, None if other is None else other.type)


def _in(expr: syntax.In, here: Here) -> Judged:
    value = typed(expr.value, here)
    options = [_beside(option, value, here) for option in expr.options]
    found = [option for option in options if option is not None]
    if value is None or len(found) < len(options):
        return Judged(None)
    return comparing.among(expr, value, tuple(found), here)


def _logic(expr: syntax.Logic, here: Here) -> Judged:
    """Type ``and`` or ``or``: each operand stands behind those before it, unless one of them may be missing."""
    judged: list[Judged] = []
    place, prefix = here, NO_FACTS
    prefixes: list[Facts] = []
    for operand in expr.operands:
        prefixes.append(prefix)
        each = condition(operand, place)
        judged.append(each)
        place = place.doubting(wrong=each.expr is None)
        if each.expr is not None and not each.expr.optional:
            told = each.yes if expr.operator == "and" else each.no
            place, prefix = place.behind(told), meet(prefix, told)
    operands = [each.expr for each in judged if each.expr is not None]
    if len(operands) < len(judged):
        return _half_judged(expr, judged)
    all_of: Facts = NO_FACTS
    some: Facts | None = None
    for before, each in zip(prefixes, judged, strict=True):
        decides, fails = (each.yes, each.no) if expr.operator == "and" else (each.no, each.yes)
        all_of = meet(all_of, decides)
        here_fails = meet(before, fails)
        some = here_fails if some is None else join(some, here_fails)
    some = some or NO_FACTS
    optional = any(operand.optional for operand in operands)
    logic = Expr(Logic(expr.operator, tuple(operands)), YES_NO, optional, expr.span)
    return Judged(logic, all_of, some) if expr.operator == "and" else Judged(logic, some, all_of)


def _half_judged(expr: syntax.Logic, judged: list[Judged]) -> Judged:
    """Return what the operands tell that are not wrong."""
    told: Facts = NO_FACTS
    for each in judged:
        told = meet(told, each.yes if expr.operator == "and" else each.no)
    return Judged(None, told) if expr.operator == "and" else Judged(None, NO_FACTS, told)


def _is_missing(expr: syntax.IsMissing, here: Here) -> Judged:
    value = typed(expr.value, here.tolerating())
    if value is None:
        return Judged(None)
    check = here.check
    if not value.optional:
        check.report(
            say_condition.missing_test_decided(check.source, expr.span, _text(expr.value, here), negated=expr.negated)
        )
    found = Expr(IsMissing(value, expr.negated), YES_NO, optional=False, span=expr.span)
    there = present(NO_FACTS, expr.value)
    return Judged(found, there, NO_FACTS) if expr.negated else Judged(found, NO_FACTS, there)


def _text_test(expr: syntax.TextTest, here: Here) -> Judged:
    value, part = typed(expr.value, here), typed(expr.part, here)
    if value is None or part is None:
        return Judged(None)
    check = here.check
    for written, found in ((expr.value, value), (expr.part, part)):
        if not isinstance(found.type, TextType):
            check.report(say_type.not_a_text(check.source, written.span, _text(written, here), found.type))
            return Judged(None)
    if part.op == Literally(""):
        check.report(say_condition.part_empty(check.source, expr.span, _text(expr, here)))
    op = TextTest(expr.test, value, part, expr.ignoring_case)
    there = present(present(NO_FACTS, expr.value), expr.part)
    return Judged(Expr(op, YES_NO, value.optional or part.optional, expr.span), there, there)


def _returned(expr: syntax.Returned, here: Here) -> Judged:
    check = here.check
    if here.scope.reads != "record":
        check.report(say_condition.returned_outside_records(check.source, expr.span, here.scope.what))
        return Judged(None)
    missing = next((role for role in ("actor", "kind") if role not in check.names.fields), None)
    if missing is not None and not check.names.is_poison(missing):
        check.report(say_condition.returned_needs(check.source, expr.span, missing))
        check.names.silent.add(missing)
        return Judged(None)
    within = reckoning.constant(expr.within, here, typed, duration=True)
    if missing is not None or within is None:
        return Judged(None)
    if not reckoning.whole_days(within, expr.within.span, here.check):
        return Judged(None)
    return Judged(Expr(Returned(within), YES_NO, optional=False, span=expr.span))


def _text(expr: syntax.Expr, here: Here) -> str:
    return here.check.text(expr.span)
