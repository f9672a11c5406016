"""Takes a person whose measures and attributes are known; gives the lines, the facets, and the score."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Literal, assert_never

from msgspec import Struct

from tallystick.engine import arithmetic
from tallystick.engine.arithmetic import held, total_of
from tallystick.engine.evaluate import Look, evaluate, first_missing, holds, number_of
from tallystick.engine.ledger import AdjustmentKind, AdjustmentRow, FacetRow, LineRow, NeedRow, State
from tallystick.rules.expression import Constant, Expr
from tallystick.rules.rule import AnyOther, Facet, Missing, Points, Range, Rule, Table, Values, Weighted
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import Scalar

_ZERO, _ONE = Decimal(0), Decimal(1)


class Scored(Struct, frozen=True):
    """What the rules give a person. ``score`` of None: a mean in which no rule applies."""

    lines: tuple[LineRow, ...]
    facets: tuple[FacetRow, ...]
    adjustments: tuple[AdjustmentRow, ...]
    needs: tuple[NeedRow, ...]
    score: Decimal | None
    band: str | None


class _Value(Struct, frozen=True):
    """What a rule comes to before its bounds; ``value`` of None: the rule does not apply."""

    state: State
    value: Decimal | None
    missing: str | None = None
    input: Decimal | None = None
    level: Decimal | None = None
    weight: Decimal | None = None
    row: int | None = None


def score_of(rulebook: Rulebook, person: str, look: Look) -> Scored:
    """Work out every rule, then facets, then the score and its band."""
    return added_up(rulebook, tuple(line_of(rulebook, rule, person, look) for rule in rulebook.rules), person, look)


def added_up(rulebook: Rulebook, lines: tuple[LineRow, ...], person: str, look: Look) -> Scored:
    """Make the facets and the score of the lines of all rules."""
    points: dict[str | None, list[Decimal]] = {}
    for line, rule in zip(lines, rulebook.rules, strict=True):
        if line.points is not None:
            points.setdefault(rule.facet, []).append(line.points)
    facets = tuple(_facet(facet, points.get(facet.name, []), person) for facet in rulebook.facets)
    total = total_of([*(row.subtotal for row in facets), *points.get(None, [])])
    divided = total
    if rulebook.score.out_of is not None:
        mean = _mean(rulebook, lines, total, rulebook.score.out_of)
        if mean is None:
            return Scored(lines, facets, (), (), None, None)
        divided = mean
    bounded = held(divided, _bound(rulebook.score.at_least), _bound(rulebook.score.at_most))
    places = rulebook.score.places
    score = bounded if places is None else arithmetic.round_to(bounded, places)
    adjustments = (
        *(_adjusted(person, row.facet, _hold(row.lines, row.subtotal), row.lines, row.subtotal) for row in facets),
        _adjusted(person, "", "division", total, divided),
        _adjusted(person, "", _hold(divided, bounded), divided, bounded),
        _adjusted(person, "", "rounding", bounded, score),
    )
    needs = _needs(rulebook, person, look)
    told = tuple(row for row in adjustments if row.amount != 0)
    return Scored(lines, facets, told, needs, score, _band(rulebook, score, needs))


def _hold(before: Decimal, after: Decimal) -> Literal["cap", "floor"]:
    """Name the bound that made one number of another."""
    return "cap" if after < before else "floor"


def _adjusted(person: str, facet: str, kind: AdjustmentKind, before: Decimal, after: Decimal) -> AdjustmentRow:
    """Return what leads from one number to the next; ``facet`` is empty for the score."""
    amount = arithmetic.subtract(after, before)
    return AdjustmentRow(person, "facet" if facet else "score", facet, kind, amount)


def _bound(constant: Constant | None) -> Decimal | None:
    return None if constant is None else constant.value


# ---- lines -------------------------------------------------------------------------------------------------------


def line_of(rulebook: Rulebook, rule: Rule, person: str, look: Look) -> LineRow:
    """Work out a rule: its value, then what its bounds give or take, then the line's rounding."""
    found = _value(rule, look)
    given = taken = rounding = points = None
    if found.value is not None:
        raised = held(found.value, _bound(rule.at_least), None)
        lowered = held(raised, None, _bound(rule.at_most))
        points = arithmetic.round_to(lowered, rulebook.score.line_places)
        given = arithmetic.subtract(raised, found.value)
        taken = arithmetic.subtract(raised, lowered)
        rounding = arithmetic.subtract(points, lowered)
    return LineRow(
        subject=person,
        rule=rule.name,
        state=found.state,
        missing=found.missing,
        input=found.input,
        level=found.level,
        weight=found.weight,
        row=found.row,
        value=found.value,
        taken=taken,
        given=given,
        rounding=rounding,
        points=points,
    )


def _value(rule: Rule, look: Look) -> _Value:
    """Return what a rule comes to: by its body where it applies and nothing is missing, else by its ``otherwise``."""
    if rule.when is not None:
        met = holds(rule.when, look)
        if met is None:
            return _otherwise(rule, "missing", look)
        if not met:
            return _otherwise(rule, "not applicable", look)
    match rule.body:
        case Weighted() as weighted:
            found = _weighted(weighted, look)
        case Points(value=value):
            number = number_of(value, look)
            found = None if number is None else _Value("applies", number)
        case Table() as table:
            found = _table(table, rule, look)
        case _:
            assert_never(rule.body)
    return _otherwise(rule, "missing", look) if found is None else found


def _otherwise(rule: Rule, state: State, look: Look, row_points: Expr | None = None) -> _Value:
    points = None if rule.otherwise is None or rule.otherwise.points is None else rule.otherwise.points
    value = None if points is None else number_of(points, look)
    return _Value(state, value, missing=_missing(rule, row_points, look) if state == "missing" else None)


def _missing(rule: Rule, row_points: Expr | None, look: Look) -> str | None:
    """Return the first name that is missing: in ``when``, in what the rule looks at, in the points of its row."""
    match rule.body:
        case Weighted(value=value) | Points(value=value) | Table(by=value):
            looked_at = value
        case _:
            assert_never(rule.body)
    found = (first_missing(expr, look) for expr in (rule.when, looked_at, row_points) if expr is not None)
    return next((name for name in found if name is not None), None)


def _weighted(weighted: Weighted, look: Look) -> _Value | None:
    x = number_of(weighted.value, look)
    if x is None:
        return None
    if weighted.shape is None:
        level = held(x, _ZERO, _ONE)
    else:
        p10 = weighted.shape.p10
        level = arithmetic.level(weighted.shape.name, x, weighted.shape.full.value, None if p10 is None else p10.value)
    weight = weighted.weight.value
    return _Value("applies", arithmetic.multiply(weight, level), input=x, level=level, weight=weight)


def _table(table: Table, rule: Rule, look: Look) -> _Value | None:
    value = evaluate(table.by, look)
    taking = (place for place, row in enumerate(table.rows) if _takes(row.takes, value))
    other = (place for place, row in enumerate(table.rows) if isinstance(row.takes, AnyOther))
    place = next(chain(taking, other), None)
    if place is None:
        return None
    points = table.rows[place].points
    number = number_of(points, look)
    if number is None:
        return _otherwise(rule, "missing", look, points)
    if value is None:
        return _Value("missing", number, missing=_missing(rule, None, look), row=place)
    return _Value("applies", number, input=value if isinstance(value, Decimal) else None, row=place)


def _takes(takes: Range | Values | Missing | AnyOther, value: Scalar | None) -> bool:
    match takes:
        case Missing():
            return value is None
        case AnyOther():
            return False
        case Values(values=values):
            return value is not None and any(type(each) is type(value) and each == value for each in values)
        case Range() as stretch:
            return value is not None and _inside(stretch, value)
        case _:
            assert_never(takes)


def _inside(stretch: Range, value: Scalar) -> bool:
    """Say whether a number or a day lies within a stretch."""
    above = stretch.low is None or _after(value, stretch.low) or (value == stretch.low and not stretch.low_open)
    below = stretch.high is None or _after(stretch.high, value) or (value == stretch.high and not stretch.high_open)
    return above and below


def _after(later: Scalar, earlier: Scalar) -> bool:
    """Compare two numbers or two days."""
    match later, earlier:
        case Decimal(), Decimal():
            return later > earlier
        case date(), date():
            return later > earlier
        case _:
            message = "a stretch is of numbers or of days"
            raise AssertionError(message)


# ---- facets and the score ----------------------------------------------------------------------------------------


def _facet(facet: Facet, points: list[Decimal], person: str) -> FacetRow:
    total = total_of(points)
    return FacetRow(person, facet.name, total, held(total, _bound(facet.at_least), _bound(facet.at_most)))


def _mean(rulebook: Rulebook, lines: tuple[LineRow, ...], total: Decimal, out_of: Constant) -> Decimal | None:
    """Return ``total * out of / weights that apply`` as one quotient; None where those weights come to nothing."""
    weights = [
        rule.body.weight.value
        for line, rule in zip(lines, rulebook.rules, strict=True)
        if line.points is not None and isinstance(rule.body, Weighted)
    ]
    apply = total_of(weights)
    if apply == 0:
        return None
    return arithmetic.quotient(Fraction(total) * Fraction(out_of.value) / Fraction(apply))


def _needs(rulebook: Rulebook, person: str, look: Look) -> tuple[NeedRow, ...]:
    """Ask every need of every band."""
    return tuple(
        NeedRow(person, band.name, place, holds(need.when, look) is True)
        for band in rulebook.bands
        for place, need in enumerate(band.needs, start=1)
    )


def _band(rulebook: Rulebook, score: Decimal, needs: tuple[NeedRow, ...]) -> str | None:
    """Return the last band that the score reaches, or of which every need is met."""
    lacking = {row.band for row in needs if not row.met}
    reached = [
        band.name
        for band in rulebook.bands
        if (band.name not in lacking if band.start is None else band.start <= score)
    ]
    return reached[-1] if reached else None
