"""Takes checked rules and a score; warns of points that nobody can mean: the same whatever is read, a bound on the
wrong side of 0, a baseline that nobody comes to, a percentage where points are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import reduce
from typing import Final, TypeVar

from tallystick.rules import decimals, syntax
from tallystick.rules.check import clauses, intervals
from tallystick.rules.check.points import Line, given
from tallystick.rules.check.scope import Check
from tallystick.rules.check.walk import names_in
from tallystick.rules.check_errors import odd_points as say
from tallystick.rules.rule import Weighted
from tallystick.rules.rulebook import Score
from tallystick.rules.value import NumberType

C = TypeVar("C")
_WHOLE: Final = Decimal(100)


def warn(check: Check, lines: Iterable[tuple[syntax.Rule, Line]], score: Score | None) -> None:
    """Warn of each of them at its place."""
    if score is None:
        return
    for written, line in lines:
        _warn_of_rule(check, written, line, score.line_places)
    scale = clauses.value_of(score.at_most if score.out_of is None else score.out_of)
    if scale is None or scale > 1:
        _warn_of_percentages(check, check.file.declarations, summed=score.out_of is None)
    if score.out_of is not None:
        _warn_of_shares(check)


def _warn_of_rule(check: Check, written: syntax.Rule, line: Line, places: int) -> None:
    rule = line.rule
    if rule.baseline is not None and rule.baseline.value > line.points.high:
        span, value = rule.baseline.expr.span, rule.baseline.value
        check.report(say.baseline_never(check.source, span, written.name.text, value, line.points))
    if isinstance(rule.body, Weighted) and rule.body.weight.value == 0:
        return  # It is shown and counts for nothing, as its author says.
    if isinstance(rule.body, Weighted):
        _warn_of_level(check, rule.body)
    most, least = clauses.value_of(rule.at_most), clauses.value_of(rule.at_least)
    before = given(rule)
    held = intervals.held(before, least, most)
    printed = intervals.rounded(held, places)
    other = rule.otherwise is not None and rule.otherwise.points is not None
    if intervals.is_point(printed) and _reads(check, written) and not other:
        bound = None
        if intervals.is_point(held) and not intervals.is_point(before):
            bound = rule.at_least if held.low == least else rule.at_most
        where = None if bound is None else bound.expr.span
        rounding = None if intervals.is_point(held) else places
        name, applies = written.name, rule.when is not None or rule.otherwise is not None
        facts = name.text, printed.low, before, where, rounding
        check.report(say.always_same(check.source, name.span, *facts, everybody=not applies))
    elif rule.at_least is not None and least is not None and most is None and least < 0 <= before.low:
        check.report(say.bound_never(check.source, rule.at_least.expr.span, "at least", least, before))
    elif rule.at_most is not None and most is not None and least is None and before.high <= 0 < most:
        check.report(say.bound_never(check.source, rule.at_most.expr.span, "at most", most, before))


def _warn_of_level(check: Check, body: Weighted) -> None:
    """Warn of a level that is 0 or 1 and nothing between, where nothing says that it is meant to be."""
    of, shape = body.value.type, body.shape
    assert isinstance(of, NumberType)  # noqa: S101  # a level is a number
    full = intervals.ONE if shape is None else shape.full.value
    meant = shape is not None and (shape.name == "log normal" or (shape.name == "linear" and full == 1))
    if of.places == 0 and of.low < full < of.high and full <= 1 and not meant:
        span = body.value.span if shape is None else shape.full.expr.span
        check.report(say.level_whole(check.source, span, check.text(body.value.span)))


def _reads(check: Check, written: syntax.Rule) -> bool:
    """Say whether a rule works its points out from anything but constants."""
    names: list[str] = []
    for clause in written.clauses:
        match clause:
            case syntax.Level(value=value) | syntax.Points(value=value):
                names.extend(names_in(value))
            case syntax.Table(by=by):
                names.extend(names_in(by))
            case _:
                pass
    return any(name not in check.names.parameters for name in names)


# ---- percentages -------------------------------------------------------------------------------------------------


def _warn_of_percentages(check: Check, declarations: Iterable[syntax.Declaration], *, summed: bool) -> None:
    """Warn of percentages among what is counted in points; under a mean, all lines of a rule are shares of its weight,
    and only the score's bounds are points."""
    for each in declarations:
        match each:
            case syntax.Facet(members=members) if summed:
                for member in members:
                    if isinstance(member, syntax.Rule):
                        _warn_of_percentages(check, (member,), summed=summed)
                    else:
                        _warn_of(check, _points(member))
            case syntax.Rule(clauses=lines) if summed:
                for line in lines:
                    _warn_of(check, _points(line), weight=isinstance(line, syntax.Weight))
            case syntax.Score(clauses=bounds):
                for bound in bounds:
                    _warn_of(check, _points(bound))
            case _:
                pass


def _warn_of_shares(check: Check) -> None:
    """Warn of a mean whose weights are percentages of more or less than the whole."""
    weights, means = list(_clauses(check, syntax.Weight)), list(_clauses(check, syntax.MeanOfRules))
    shares = [
        each.value.value for each in weights if isinstance(each.value, syntax.NumberLiteral) and each.value.percent
    ]
    whole = reduce(decimals.add, shares, intervals.ZERO)
    if len(shares) == len(weights) > 1 and whole != _WHOLE:
        check.report(say.percent_sum(check.source, means[0].span, whole))


def _clauses(check: Check, kind: type[C]) -> Iterator[C]:
    """Return the lines of a kind, of rules and the score."""
    for each in check.file.declarations:
        if isinstance(each, syntax.Rule | syntax.Score):
            yield from (line for line in each.clauses if isinstance(line, kind))
        elif isinstance(each, syntax.Facet):
            rules = (member for member in each.members if isinstance(member, syntax.Rule))
            yield from (line for rule in rules for line in rule.clauses if isinstance(line, kind))


def _points(clause: object) -> Iterator[syntax.Expr]:
    """Return what a line says that is a number of points."""
    match clause:
        case (
            syntax.Weight(value=value)
            | syntax.Points(value=value)
            | syntax.AtMost(value=value)
            | syntax.AtLeast(value=value)
            | syntax.Baseline(value=value)
        ):
            yield value
        case syntax.Otherwise(points=points) if points is not None:
            yield points
        case syntax.Table(rows=rows):
            yield from (row.points for row in rows)
        case _:
            pass


def _warn_of(check: Check, points: Iterable[syntax.Expr], *, weight: bool = False) -> None:
    for each in points:
        match each:
            case syntax.NumberLiteral(percent=True, span=span):
                check.report(say.percent_points(check.source, span, check.text(span), weight=weight))
            case syntax.Negate(operand=operand):
                _warn_of(check, (operand,))
            case syntax.If(then=then, otherwise=otherwise):
                _warn_of(check, (then, otherwise))
            case _:
                pass
