"""Takes facets and rules as written; gives them resolved, with the interval of each rule's line."""

from __future__ import annotations

import re
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules import syntax
from tallystick.rules.check import clauses, expressions, intervals, tables
from tallystick.rules.check.narrowing import Facts
from tallystick.rules.check.scope import Check, Here, Remedy, Scope
from tallystick.rules.check.walk import names_in
from tallystick.rules.check_errors import clauses as say_clause
from tallystick.rules.check_errors import odd_points as say_odd
from tallystick.rules.check_errors import points as say
from tallystick.rules.expression import Constant
from tallystick.rules.questions.reach import may_be_missing
from tallystick.rules.rule import Facet, Otherwise, Points, Rule, Shape, Table, Weighted
from tallystick.rules.source import Span
from tallystick.rules.value import NumberType

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}|[{}]")


class Frame(Struct, frozen=True):
    """What the score says about every rule: its lines' places, and whether it is a mean."""

    line_places: int
    mean: bool
    required: Facts
    doubtful: bool
    """Whether a requirement is wrong, so that nobody knows what it would have told."""


class Line(Struct, frozen=True):
    """A checked rule, the interval of its line, and the names that it reads."""

    rule: Rule
    points: NumberType
    reads: frozenset[str]


def rule(check: Check, written: syntax.Rule, facet: str | None, frame: Frame) -> Line | None:
    """Check a rule behind every requirement."""
    what = f"rule `{written.name.text}`"
    weight = clauses.once(check, written.clauses, syntax.Weight, "weight")
    level = clauses.once(check, written.clauses, syntax.Level, "level")
    points = clauses.once(check, written.clauses, syntax.Points, "points")
    table = clauses.once(check, written.clauses, syntax.Table, "points by")
    when = clauses.once(check, written.clauses, syntax.When, "when")
    otherwise = clauses.once(check, written.clauses, syntax.Otherwise, "otherwise")
    actions = clauses.once(check, written.clauses, syntax.ForActions, "for … actions")
    say_text = clauses.once(check, written.clauses, syntax.Say, "say")
    because = clauses.because(check, written.clauses)
    baseline = clauses.once(check, written.clauses, syntax.Baseline, "baseline")
    partial = check.incomplete(written.name.span)
    if because is None and not partial:
        check.report(say.no_reason(check.source, written.name.span, written.name.text))
    at_most, at_least = clauses.bounds(check, written.clauses, frame.line_places, "the rule's line")
    compared = (
        None
        if baseline is None
        else clauses.bound(check, baseline.value, "`baseline`", frame.line_places, "the rule's line")
    )
    tolerant = otherwise is not None
    remedy: Remedy = "rule" if table is None else "table"
    base = Here(check, Scope("person", what, "rule"), frame.required, doubtful=frame.doubtful or partial)
    judged = clauses.judged_when(when, replace(base, tolerant=tolerant))
    behind = base if judged is None else base.behind(judged.yes).doubting(wrong=judged.expr is None)
    place = replace(behind, scope=Scope("person", what, remedy), tolerant=tolerant)
    body = _body(check, written, (weight, level, points, table), place, frame)
    default = _otherwise(otherwise, base)
    if say_text is not None:
        _placeholders(check, say_text.text)
    if (
        body is None
        or partial
        or (judged is not None and judged.expr is None)
        or (otherwise is not None and default is None)
    ):
        return None
    made = Rule(
        written.name.text,
        written.title.value,
        facet,
        body,
        at_most,
        at_least,
        None if judged is None else judged.expr,
        default,
        None if actions is None else actions.whose,
        compared,
        None if say_text is None else say_text.text.value,
        because,
        written.span,
    )
    if otherwise is not None and otherwise.points is not None and made.when is None and not may_be_missing(made):
        check.report(say_odd.otherwise_never(check.source, otherwise.span, written.name.text))
    return Line(made, _interval(made, frame), _reads(written))


def facet(check: Check, written: syntax.Facet, frame: Frame) -> Facet:
    """Check what a facet says of itself."""
    at_most, at_least = clauses.bounds(check, written.members, frame.line_places, "the facet's subtotal")
    if frame.mean:
        for member in written.members:
            if isinstance(member, syntax.AtMost | syntax.AtLeast):
                check.report(say.facet_bound_in_mean(check.source, member.span))
    because = clauses.because(check, written.members)
    if not any(isinstance(member, syntax.Rule) for member in written.members) and not check.lost("rule"):
        check.report(say.facet_empty(check.source, written.name.span, written.name.text))
    return Facet(written.name.text, written.title.value, at_most, at_least, because, written.span)


# ---- the body ----------------------------------------------------------------------------------------------------

_Bodies = tuple[syntax.Weight | None, syntax.Level | None, syntax.Points | None, syntax.Table | None]


def _body(
    check: Check, written: syntax.Rule, bodies: _Bodies, place: Here, frame: Frame
) -> Weighted | Points | Table | None:
    weight, level, points, table = bodies
    weighted = level or weight
    given = [each for each in (weighted, points, table) if each is not None]
    if not given:
        if not (check.incomplete(written.name.span) or check.lost("points", "weight", "level")):
            check.report(say.no_points(check.source, written.name.span, written.name.text))
        return None
    made: Weighted | Points | Table | None = None
    if weighted is not None:
        made = _weighted(check, written, weight, level, place, frame)
    if points is not None:
        value = expressions.number(points.value, place)
        made = None if value is None else Points(value)
    if table is not None:
        made = tables.table(check, table, place, tolerant=place.tolerant)
    if len(given) > 1:
        first, second = sorted((_keyword(each) for each in given), key=lambda span: span.start)[:2]
        check.report(say.two_bodies(check.source, second, first, written.name.text))
        return None
    if frame.mean and weighted is None and not check.incomplete(written.name.span):
        check.report(say.mean_needs_weight(check.source, _keyword(given[0]), written.name.text))
        return None
    return made


def _keyword(clause: syntax.Weight | syntax.Level | syntax.Points | syntax.Table) -> Span:
    length = {syntax.Weight: 6, syntax.Level: 5, syntax.Points: 6, syntax.Table: 9}[type(clause)]
    return Span(clause.span.start, min(clause.span.start + length, clause.span.end))


def _weighted(  # a rule, its two lines and their place
    check: Check,
    written: syntax.Rule,
    weight: syntax.Weight | None,
    level: syntax.Level | None,
    place: Here,
    frame: Frame,
) -> Weighted | None:
    what, name = f"rule `{written.name.text}`", written.name.span
    worth = None if weight is None else clauses.number(check, weight.value, "a weight")
    partial = check.incomplete(written.name.span)
    instead = any(isinstance(clause, syntax.Points | syntax.Table) for clause in written.clauses)
    if weight is None and not (partial or instead or check.lost("weight")):
        check.report(say_clause.clause_missing(check.source, name, what, "`weight`", "weight 10"))
    if level is None:
        if not (partial or check.lost("level")):
            check.report(say_clause.clause_missing(check.source, name, what, "`level`", "level …, linear to 100"))
        return None
    value = expressions.number(level.value, place)
    shape = None if level.shape is None else _shape(check, level.shape)
    if worth is not None and weight is not None and frame.mean and worth.value < 0:
        check.report(say.negative_weight(check.source, weight.value.span, worth.value))
        return None
    if value is None or worth is None or (level.shape is not None and shape is None):
        return None
    return Weighted(worth, value, shape)


def _shape(check: Check, written: syntax.Shape) -> Shape | None:
    p10 = None if written.p10 is None else _above_zero(check, written.p10, written.name)
    full = _above_zero(check, written.full, f"{written.name} to")
    if full is None or (written.p10 is not None and p10 is None):
        return None
    if p10 is not None and written.p10 is not None and p10.value == full.value:
        wanted = "a number other than the median"
        check.report(say_clause.limit_range(check.source, written.p10.span, written.name, p10.value, wanted))
        return None
    return Shape(written.name, full, p10)


def _above_zero(check: Check, written: syntax.Expr, clause: str) -> Constant | None:
    found = clauses.number(check, written, f"`{clause}`")
    if found is not None and found.value <= 0:
        check.report(say_clause.limit_range(check.source, written.span, clause, found.value, "a number above 0"))
        return None
    return found


def _otherwise(written: syntax.Otherwise | None, here: Here) -> Otherwise | None:
    if written is None:
        return None
    words = None if written.words is None else written.words.value
    if written.points is None:
        return Otherwise(None, words)
    points = expressions.number(written.points, here)
    return None if points is None else Otherwise(points, words)


def _placeholders(check: Check, text: syntax.Text) -> None:
    """Hold every ``{name}`` in a sentence to a measure, an attribute or a parameter."""
    raw = check.source.text[text.span.start : text.span.end]
    for found in _PLACEHOLDER.finditer(raw):
        span = Span(text.span.start + found.start(), text.span.start + found.end())
        name = found.group(1)
        if name is None or not _NAME.fullmatch(name):
            check.report(say.placeholder_form(check.source, span))
            continue
        check.used.add(name)
        site = check.names.sites.get(name)
        if site is not None and site.sort == "field":
            check.report(say.placeholder_field(check.source, span, site))
        elif site is None and not check.names.is_poison(name):
            check.unresolved = True
            check.report(say.placeholder_unknown(check.source, span, name, check.names))


# ---- what a line can be ------------------------------------------------------------------------------------------


def _interval(made: Rule, frame: Frame) -> NumberType:
    """Return the interval of a rule's line; a rule that does not apply adds nothing."""
    found = intervals.held(given(made), clauses.value_of(made.at_least), clauses.value_of(made.at_most))
    found = intervals.rounded(found, frame.line_places)
    if made.when is not None or made.otherwise is not None:
        found = intervals.hull(found, intervals.point(intervals.ZERO))
    return found


def given(made: Rule) -> NumberType:
    """Return the interval of what a rule gives before its bounds, where it applies and otherwise."""
    found = _where_it_applies(made.body)
    if made.otherwise is None or made.otherwise.points is None:
        return found
    return intervals.hull(found, intervals.of(made.otherwise.points))


def _where_it_applies(body: Weighted | Points | Table) -> NumberType:
    match body:
        case Weighted(weight=weight, value=value, shape=shape):
            return intervals.multiply(intervals.point(weight.value), _level(intervals.of(value), shape))
        case Points(value=value):
            return intervals.of(value)
        case Table(rows=rows):
            found = intervals.of(rows[0].points)
            for row in rows[1:]:
                found = intervals.hull(found, intervals.of(row.points))
            return found
        case _:
            assert_never(body)


def _level(of: NumberType, shape: Shape | None) -> NumberType:
    """Return the interval of a level: 0 where its value is never above 0, 1 where it is never below FULL."""
    if shape is None or shape.p10 is None:
        full = intervals.ONE if shape is None else shape.full.value
        if of.high <= 0:
            return intervals.point(intervals.ZERO)
        if of.low >= full:
            return intervals.point(intervals.ONE)
    return NumberType(intervals.ZERO, intervals.ONE, 9)


def _reads(written: syntax.Rule) -> frozenset[str]:
    """Return the names in what gives a rule its points, and in when it applies."""
    found: set[str] = set()
    for clause in written.clauses:
        match clause:
            case syntax.Level(value=value) | syntax.Points(value=value):
                found.update(names_in(value))
            case syntax.Table(by=by, rows=rows):
                found.update(names_in(by))
                for row in rows:
                    found.update(names_in(row.points))
            case syntax.When(condition=condition):
                found.update(names_in(condition))
            case syntax.Otherwise(points=points) if points is not None:
                found.update(names_in(points))
            case _:
                pass
    return frozenset(found)
