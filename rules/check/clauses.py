"""Takes the clauses of a declaration; gives each one at most once, and the constants that stand in them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from tallystick.rules import decimals, syntax
from tallystick.rules.check import expressions, intervals, reckoning
from tallystick.rules.check.scope import Check, Here, Scope
from tallystick.rules.check_errors import clauses as say
from tallystick.rules.check_errors import names as say_name
from tallystick.rules.check_errors import reads as say_reads
from tallystick.rules.expression import Constant
from tallystick.rules.rulebook import Field
from tallystick.rules.source import Span
from tallystick.rules.value import DurationType, NumberType

C = TypeVar("C")


def once(check: Check, clauses: Iterable[object], kind: type[C], keyword: str) -> C | None:
    """Return the one clause of a kind; each further one is a mistake."""
    first: C | None = None
    for clause in clauses:
        if isinstance(clause, kind):
            if first is None:
                first = clause
            else:
                check.report(say_name.block_twice(check.source, _span(clause), keyword, _span(first)))
    return first


def because(check: Check, clauses: Iterable[object]) -> str | None:
    """Return the words of ``because``."""
    found = once(check, clauses, syntax.Because, "because")
    return None if found is None else found.text.value


def number(check: Check, expr: syntax.Expr, what: str) -> Constant | None:
    """Work out a constant number."""
    return reckoning.constant(expr, Here(check, Scope("constant", what)), expressions.typed)


def duration(check: Check, expr: syntax.Expr, what: str) -> Constant | None:
    """Work out a constant duration, in days."""
    return reckoning.constant(expr, Here(check, Scope("constant", what)), expressions.typed, duration=True)


def free_constant(check: Check, expr: syntax.Expr, what: str) -> Constant | None:
    """Work out a constant that is a number or a duration."""
    found = expressions.typed(expr, Here(check, Scope("constant", what)))
    if found is None:
        return None
    if not isinstance(found.type, NumberType | DurationType):
        check.report(say.parameter_type(check.source, expr.span, check.text(expr.span)))
        return None
    return Constant(reckoning.folded(found), found)


def window(check: Check, within: syntax.Within | None) -> Constant | None:
    """Work out ``within``: a whole number of days."""
    if within is None:
        return None
    found = duration(check, within.duration, "`within`")
    if found is None or not reckoning.whole_days(found, within.duration.span, check):
        return None
    return found


def bounds(check: Check, clauses: Iterable[object], places: int, what: str) -> tuple[Constant | None, Constant | None]:
    """Work out ``at most`` and ``at least``: no more places than what they bound, and in order."""
    clauses = tuple(clauses)
    at_most = once(check, clauses, syntax.AtMost, "at most")
    at_least = once(check, clauses, syntax.AtLeast, "at least")
    most = None if at_most is None else bound(check, at_most.value, "`at most`", places, what)
    least = None if at_least is None else bound(check, at_least.value, "`at least`", places, what)
    if most is not None and least is not None and least.value > most.value and at_most and at_least:
        check.report(say.bounds_crossed(check.source, at_least.value.span, least.value, at_most.value.span, most.value))
        return None, None
    return most, least


def bound(check: Check, expr: syntax.Expr, keyword: str, places: int, what: str) -> Constant | None:
    """Work out one bound."""
    found = number(check, expr, keyword)
    if found is not None and decimals.places_of(found.value) > places:
        check.report(say_reads.bound_places(check.source, expr.span, found.value, what, places))
        return None
    return found


def signed(literal: syntax.NumberLiteral | syntax.Negate) -> Decimal:
    """Return the value of ``5``, ``40%`` or ``-5`` as it stands."""
    if isinstance(literal, syntax.Negate):
        assert isinstance(literal.operand, syntax.NumberLiteral)  # noqa: S101  # the grammar has no other form here
        return decimals.subtract(intervals.ZERO, signed(literal.operand))
    return decimals.EXACT.scaleb(literal.value, -2) if literal.percent else literal.value


def value_of(constant: Constant | None) -> Decimal | None:
    """Return the value of a constant that may not be there."""
    return None if constant is None else constant.value


def judged_when(when: syntax.When | None, here: Here) -> expressions.Judged | None:
    """Judge a ``when``; None where there is none."""
    return None if when is None else expressions.condition(when.condition, here)


def fields(check: Check, words: tuple[syntax.Word, ...], clause: str) -> tuple[tuple[Field, syntax.Word], ...] | None:
    """Find the fields that a clause names; None where one is wrong."""
    found: list[tuple[Field, syntax.Word]] = []
    seen: dict[str, Span] = {}
    fine = True
    for word in words:
        check.used.add(word.text)
        first = seen.setdefault(word.text, word.span)
        if first is not word.span:
            check.report(say_reads.value_twice(check.source, word.span, word.text, first))
            continue
        field = check.names.fields.get(word.text)
        if field is not None and word.text not in check.names.twice:
            found.append((field, word))
            continue
        fine = False
        site = check.names.sites.get(word.text)
        if word.text in check.names.twice:
            continue
        if site is not None and site.sort != "field":
            check.report(say_name.not_a_field(check.source, word.span, site, clause))
        elif not check.names.is_poison(word.text):
            check.unresolved = True
            check.report(say_name.field_unknown(check.source, word.span, word.text, check.names))
    return tuple(found) if fine else None


def _span(clause: object) -> Span:
    found = getattr(clause, "span", None)
    return found if isinstance(found, Span) else Span(0, 0)
