"""Takes ``score`` and ``bands`` as written; gives how lines become a score, and the stretches of its scale."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from msgspec import Struct

from tallystick.rules import decimals, limits, syntax
from tallystick.rules.check import band_needs, clauses, intervals, reads
from tallystick.rules.check.points import Frame, Line
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import by as say_by
from tallystick.rules.check_errors import clauses as say_clause
from tallystick.rules.check_errors import numbers as say_number
from tallystick.rules.check_errors import odd_points as say_odd
from tallystick.rules.check_errors import points as say
from tallystick.rules.check_errors import reads as say_reads
from tallystick.rules.expression import Constant
from tallystick.rules.rule import Facet, Weighted
from tallystick.rules.rulebook import Band, Field, Score
from tallystick.rules.source import Span
from tallystick.rules.value import LIMIT, NumberType, OneOfType

MOST_REASONS = 4
"""More principal reasons than that are not likely to help anyone (Regulation B, comment 9(b)(2)-1)."""


class Scale(Struct, frozen=True):
    """How a score is put together, before its rules are known; ``score`` is None after a mistake."""

    score: Score | None
    mean: bool
    line_places: int


UNSAID = Scale(None, mean=False, line_places=decimals.PLACES)


def score(check: Check, written: syntax.Score) -> Scale:
    """Check the score's own lines."""
    source = check.source
    by = None if written.by is None else _by(check, written.by)
    reasons = _reasons(check, clauses.once(check, written.clauses, syntax.ReasonsAtMost, "reasons at most"))
    summed = clauses.once(check, written.clauses, syntax.SumOfRules, "sum of all rules")
    mean = clauses.once(check, written.clauses, syntax.MeanOfRules, "mean of all rules")
    fine = written.by is None or by is not None
    if summed is None and mean is None and not check.lost("score", "sum", "mean"):
        check.report(say.no_combination(source, _score_keyword(written.span)))
    if summed is not None and mean is not None:
        first, second = sorted((summed.span, mean.span))
        check.report(say.sum_and_mean(source, second, first))
        fine = False
    out_of = None if mean is None else _out_of(check, mean)
    places, line_places = _places(check, written, mean=mean is not None)
    at_most, at_least = clauses.bounds(
        check, written.clauses, decimals.PLACES if places is None else places, "the score"
    )
    if not fine or (mean is not None and out_of is None) or (summed is None and mean is None):
        return Scale(None, mean is not None, line_places)
    made = Score(written.title.value, out_of, at_most, at_least, places, line_places, reasons, by, written.span)
    return Scale(made, mean is not None, line_places)


def _by(check: Check, written: syntax.Word) -> str | None:
    """Return the field for each of whose values there is a score: every record has one of a few values of it, which
    anybody may know."""
    found = clauses.fields(check, (written,), "score … by")
    if found is None:
        return None
    ((field, _),) = found
    why = _not_by(field)
    if why is not None:
        check.report(say_by.by_unfit(check.source, written.span, field, why))
        return None
    assert isinstance(field.type, OneOfType)  # noqa: S101  what it is not by says so
    if len(field.type.values) > limits.BY_VALUES:
        check.report(say_by.by_too_many(check.source, written.span, field, len(field.type.values)))
        return None
    return field.name


def _not_by(field: Field) -> say_by.Unfit | None:
    """Say why there can be no score for each value of a field."""
    if field.name == "kind":
        return "kind"
    if not isinstance(field.type, OneOfType):
        return "type"
    if field.optional:
        return "optional"
    return "private" if field.private else None


def total(check: Check, scale: Scale, lines: tuple[Line, ...], facets: tuple[Facet, ...]) -> NumberType | None:
    """Return the interval of the score; None, and a mistake, where it can leave ±10²⁴."""
    made = scale.score
    if made is None:
        return None
    bounds = {facet.name: facet for facet in facets}
    subtotals: dict[str | None, NumberType] = {}
    for line in lines:
        before = subtotals.get(line.rule.facet, intervals.point(intervals.ZERO))
        subtotals[line.rule.facet] = intervals.add(before, line.points)
    result = intervals.point(intervals.ZERO)
    for name, subtotal in subtotals.items():
        facet = None if name is None else bounds.get(name)
        held = subtotal
        if facet is not None:
            held = _held(check, f"facet `{name}`", subtotal, facet.at_least, facet.at_most)
        if not intervals.fits(subtotal):
            check.report(say_number.total_too_large(check.source, _score_keyword(made.span)))
            return None
        result = intervals.add(result, held)
    if made.out_of is not None:
        weighed = [(line.rule.body.weight.value, line.points) for line in lines if isinstance(line.rule.body, Weighted)]
        if weighed and not any(weight for weight, _ in weighed):
            check.report(say.weights_all_zero(check.source, _score_keyword(made.span)))
            return None
        result = _mean(weighed, made.out_of.value)
    if not intervals.fits(result):
        check.report(say_number.total_too_large(check.source, _score_keyword(made.span)))
        return None
    held = _held(check, "the score", result, made.at_least, made.at_most)
    printed = intervals.rounded(held, decimals.PLACES if made.places is None else made.places)
    if intervals.is_point(printed) and not intervals.is_point(held):
        check.report(
            say_odd.always_rounded(check.source, _score_keyword(made.span), printed.low, held, made.places or 0)
        )
    return printed


def _held(
    check: Check, what: str, given: NumberType, at_least: Constant | None, at_most: Constant | None
) -> NumberType:
    """Return the interval within the bounds of a facet or the score; a warning where they leave one number of it."""
    least, most = clauses.value_of(at_least), clauses.value_of(at_most)
    held = intervals.held(given, least, most)
    if intervals.is_point(held) and not intervals.is_point(given):
        bound = at_least if held.low == least else at_most
        assert bound is not None  # noqa: S101  something holds it
        if not check.text(bound.expr.span).endswith("%"):  # which is told of for itself
            check.report(say_odd.always_held(check.source, bound.expr.span, what, held.low, given))
    return held


def _mean(weighed: list[tuple[Decimal, NumberType]], out_of: Decimal) -> NumberType:
    """Return the interval of a mean by weight, whichever of the rules apply; it holds 0."""
    low = _least_mean([(Fraction(weight), Fraction(points.low)) for weight, points in weighed])
    high = -_least_mean([(Fraction(weight), -Fraction(points.high)) for weight, points in weighed])
    grid = 10**decimals.PLACES
    ends = (math.floor(low * Fraction(out_of) * grid), math.ceil(high * Fraction(out_of) * grid))
    least, most = (decimals.EXACT.scaleb(Decimal(end), -decimals.PLACES) for end in ends)
    return NumberType(least, most, decimals.PLACES)


def _least_mean(weighed: list[tuple[Fraction, Fraction]]) -> Fraction:
    """Return what no mean of some of these lines is below: a quotient of sums lies between the quotients of their
    parts, and a line without weight is divided by the least weight at the most."""
    weights = [weight for weight, _ in weighed if weight > 0]
    parts = [least / weight for weight, least in weighed if weight > 0]
    beside = [least / min(weights) for weight, least in weighed if weight == 0 and least < 0]
    return min([Fraction(0), *parts]) + sum(beside)


def bands(check: Check, written: syntax.Bands, scale: Scale, of: NumberType | None, frame: Frame) -> tuple[Band, ...]:
    """Check the bands: all by threshold, from the lowest to the highest, or all by needs, behind every requirement."""
    made: list[Band] = []
    first = written.bands[0]
    places = decimals.PLACES
    if scale.score is not None and scale.score.places is not None:
        places = scale.score.places
    before: tuple[Span, Decimal] | None = None
    asked: list[band_needs.Asked] = []
    for band in written.bands:
        if type(band) is not type(first):
            check.report(say.bands_mixed(check.source, _begins(band), _begins(first)))
        if isinstance(band, syntax.BandNeeds):
            asked.append(band_needs.by_needs(check, band, frame))
            made.append(asked[-1].band)
            continue
        start = clauses.signed(band.start)
        if decimals.places_of(start) > places:
            check.report(say_reads.bound_places(check.source, band.start.span, start, "the score", places))
        elif before is not None and start <= before[1]:
            check.report(say.bands_order(check.source, band.start.span, start, *before))
        elif of is not None and start > of.high:
            check.report(say.band_never(check.source, band.name.span, band.name.text, of.high))
        if of is not None and made and before is not None and before[1] < start <= of.low:
            last = written.bands[len(made) - 1].name
            check.report(
                say.band_left_behind(check.source, last.span, last.text, band.name.text, band.name.span, of.low)
            )
        before = (band.start.span, start)
        made.append(Band(band.name.text, band.title.value, start, (), band.span))
    band_needs.warn_of_unreached(check, asked, frame)
    return tuple(made)


def _reasons(check: Check, written: syntax.ReasonsAtMost | None) -> int | None:
    """Return how many principal reasons are told at most."""
    if written is None:
        return None
    limit = written.limit
    if limit.percent or limit.value not in range(1, MOST_REASONS + 1):
        wanted = f"a whole number from 1 to {MOST_REASONS}"
        check.report(say_clause.limit_range(check.source, limit.span, "reasons at most", limit.value, wanted))
        return None
    return int(limit.value)


def noise(check: Check, written: syntax.NumberLiteral | None, scale: Scale, of: NumberType | None) -> Decimal | None:
    """Check ``noise``: more than 0 points, with no more places than the printed score has; a warning where no two
    scores are that far apart."""
    if written is None:
        return None
    places = decimals.PLACES if scale.score is None or scale.score.places is None else scale.score.places
    if written.value <= 0:
        check.report(say_clause.limit_range(check.source, written.span, "noise", written.value, "a number above 0"))
    elif decimals.places_of(written.value) > places:
        check.report(say_reads.bound_places(check.source, written.span, written.value, "the score", places))
    elif written.value > LIMIT:
        check.report(say_number.literal_too_large(check.source, written.span))
    elif of is not None and not intervals.is_point(of) and written.value > decimals.subtract(of.high, of.low):
        check.report(say_odd.noise_too_wide(check.source, written.span, written.value, of))
    return written.value


def _out_of(check: Check, mean: syntax.MeanOfRules) -> Constant | None:
    found = clauses.number(check, mean.out_of, "`out of`")
    if found is not None and found.value <= 0:
        check.report(say_clause.limit_range(check.source, mean.out_of.span, "out of", found.value, "a number above 0"))
        return None
    return found


def _places(check: Check, written: syntax.Score, *, mean: bool) -> tuple[int | None, int]:
    """Return the places of the score and of its lines."""
    rounded = clauses.once(check, written.clauses, syntax.Rounded, "rounded")
    if rounded is None:
        return None, decimals.PLACES
    counts: list[int | None] = []
    for literal in (rounded.places, rounded.line_places):
        if literal is None:
            counts.append(None)
        elif reads.is_places(literal.value) and not literal.percent:
            counts.append(int(literal.value))
        else:
            check.report(say_reads.places_range(check.source, literal.span, literal.value))
            counts.append(decimals.PLACES)
    places, lines = counts
    if lines is None:
        lines = decimals.PLACES if mean or places is None else places
    return places, lines


def _score_keyword(span: Span) -> Span:
    return Span(span.start, span.start + len("score"))


def _begins(band: syntax.BandFrom | syntax.BandNeeds) -> Span:
    """Return what tells how a band is reached: its ``from``, or its first ``needs``."""
    match band:
        case syntax.BandFrom(start=start, span=span):
            return Span(span.start, start.span.end)
        case syntax.BandNeeds(needs=needs):
            begin = needs[0].span.start
            return Span(begin, begin + len("needs"))
        case _:
            assert_never(band)
