"""Takes a rule; gives the steps at which its points jump, however small the step, and how far they can go there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from tallystick.rules.analysis.lines import lies
from tallystick.rules.analysis.rows import stretches
from tallystick.rules.analysis.settled import settled
from tallystick.rules.analysis.shifts import ZERO, Span, number_span
from tallystick.rules.expression import Arithmetic, Call, Compare, Expr, If, Negate, OrElse
from tallystick.rules.format.checked import text_of
from tallystick.rules.placed import nodes
from tallystick.rules.rule import Points, Rule, Table, Weighted
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import NumberType


class Border(Struct, frozen=True):
    """Two rows of a table of which the one follows the other, as they are written, and where a rule's points lie in
    each."""

    first: str
    before: Span
    second: str
    after: Span


class Jump(Struct, frozen=True):
    """A step from the one to the other, as they are written, by which a rule's points move: by ``least`` for sure but
    for the rule's bounds, and by ``most`` at most."""

    first: str
    second: str
    least: Fraction
    most: Fraction


def borders(rulebook: Rulebook, rule: Rule, table: Table) -> Iterator[Border]:
    """Give each row of numbers and the one that follows it, with the points of both, held within the rule's bounds."""
    numbered = [row for row in stretches(table) if row.low is not None and row.high is not None]
    for pair in pairwise(sorted(numbered, key=lambda row: row.low or ZERO)):
        first, second = (table.rows[row.place] for row in pair)
        before, after = (lies(rulebook, rule, number_span(row.points)) for row in (first, second))
        yield Border(first.text, before, second.text, after)


def jumps(rulebook: Rulebook, rule: Rule) -> Iterator[Jump]:
    """Give the steps of a rule: from row to row of its table, and at conditions that turn at a number."""
    if isinstance(rule.body, Table):
        for each in borders(rulebook, rule, rule.body):
            most = max(each.after.high - each.before.low, each.before.high - each.after.low)
            yield Jump(each.first, each.second, most, most)
    for expr, factor in _exprs(rule):
        turning = (node.condition for node in nodes(expr) if isinstance(node, If) and _turns(node.condition))
        for condition in dict.fromkeys(turning):
            apart = _apart(expr, condition)
            if apart is not None:
                ends = apart.low * factor, apart.high * factor
                least, most = max(min(ends), -max(ends), ZERO), max(*ends, -min(ends))
                yield Jump(f"not {text_of(condition)}", text_of(condition), least, most)


def _exprs(rule: Rule) -> Iterator[tuple[Expr, Fraction]]:
    """Give what a rule's points are worked out from, with what one of it comes to; nothing of a level that is curved,
    where that is another everywhere."""
    match rule.body:
        case Points(value=value):
            yield value, Fraction(1)
        case Weighted(weight=weight, value=value, shape=None):
            yield value, Fraction(weight.value)
        case Weighted(weight=weight, value=value, shape=shape) if shape is not None and shape.name == "linear":
            yield value, Fraction(weight.value) / Fraction(shape.full.value)
        case Table(rows=rows):
            yield from ((row.points, Fraction(1)) for row in rows)
        case _:
            pass


def _turns(condition: Expr) -> bool:
    """Say whether a condition turns at a number."""
    on_numbers = any(isinstance(node, Compare) and isinstance(node.left.type, NumberType) for node in nodes(condition))
    return on_numbers and settled(condition) is None


def _apart(expr: Expr, condition: Expr) -> Span | None:
    """Return by how much a number is more where a condition holds than where it does not, all else the same; None where
    that is not worked out."""
    if not any(isinstance(node, If) and node.condition == condition for node in nodes(expr)):
        return Span(ZERO, ZERO) if condition not in nodes(expr) else None
    match expr.op:
        case If(condition=asked, then=then, otherwise=otherwise) if asked == condition:
            if any(condition in nodes(branch) for branch in (then, otherwise)) or not isinstance(expr.type, NumberType):
                return None
            one, other = number_span(then), number_span(otherwise)
            return Span(one.low - other.high, one.high - other.low)
        case If(condition=asked, then=then, otherwise=otherwise) if condition not in nodes(asked):
            return _any_of(_apart(then, condition), _apart(otherwise, condition))
        case OrElse(value=value, default=default):
            return _any_of(_apart(value, condition), _apart(default, condition))
        case Call(function="min" | "max", arguments=arguments):
            return _any_of(*(_apart(each, condition) for each in arguments))
        case Negate(operand=operand):
            return _times(_apart(operand, condition), Fraction(-1))
        case Arithmetic(operator="+", left=left, right=right):
            return _plus(_apart(left, condition), _apart(right, condition))
        case Arithmetic(operator="-", left=left, right=right):
            return _plus(_apart(left, condition), _times(_apart(right, condition), Fraction(-1)))
        case Arithmetic(operator="*" | "/" as operator, left=left, right=right):
            if number_span(right).width == 0:
                by = number_span(right).low
                return _times(_apart(left, condition), by if operator == "*" else 1 / by)
            if number_span(left).width == 0 and operator == "*":
                return _times(_apart(right, condition), number_span(left).low)
    return None


def _any_of(*spans: Span | None) -> Span | None:
    known = [each for each in spans if each is not None]
    if len(known) < len(spans):
        return None
    return Span(min(each.low for each in known), max(each.high for each in known))


def _plus(one: Span | None, other: Span | None) -> Span | None:
    return None if one is None or other is None else Span(one.low + other.low, one.high + other.high)


def _times(span: Span | None, factor: Fraction) -> Span | None:
    if span is None:
        return None
    ends = span.low * factor, span.high * factor
    return Span(min(ends), max(ends))
