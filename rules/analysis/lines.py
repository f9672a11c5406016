"""Takes a rulebook and a pair; gives how far each line, each facet and the score can be apart, and what that follows
from: a derivation that can be read from top to bottom.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules.analysis.bodies import hull_of, most_places, shift_of, span_of
from tallystick.rules.analysis.derivation import Because, Step, measure_steps, step_of
from tallystick.rules.analysis.exclusive import together
from tallystick.rules.analysis.expressions import Apart
from tallystick.rules.analysis.shifts import (
    STEADY,
    ZERO,
    Pair,
    Shift,
    Span,
    Way,
    across,
    anywhere,
    decimal_down,
    decimal_up,
    down,
    held,
    hull,
    joined,
    number_span,
    plus,
    rounded,
    rounded_span,
    times,
    up,
    within,
)
from tallystick.rules.analysis.truths import Truths
from tallystick.rules.decimals import PLACES
from tallystick.rules.expression import Constant
from tallystick.rules.questions.reach import may_be_missing
from tallystick.rules.rule import Rule, Weighted
from tallystick.rules.rulebook import Rulebook


class Bound(Struct, frozen=True):
    """How far the score of a pair can be apart: ``low`` to ``high``, derived by ``steps``.

    ``down``, ``up``: what kept it from being narrower in the one direction and the other. ``counted``: it holds for so
    many records of each measure at most.
    """

    pair: Pair
    low: Decimal
    high: Decimal
    steps: tuple[Step, ...]
    down: tuple[Way, ...]
    up: tuple[Way, ...]
    counted: bool


class Line(Struct, frozen=True):
    """A rule's points in a pair: how far apart and where they lie. ``met``, ``unmet``: where they lie if its condition
    holds, and if not; ``always``: the rule gives points to everybody; ``alike``: it gives points in both results or in
    neither."""

    rule: Rule
    shift: Shift
    span: Span
    met: Span
    unmet: Span
    always: bool
    alike: bool
    because: Because


class Lines(Struct, frozen=True):
    """All rules' lines in a pair, in the order of the rules, and what they were worked out from."""

    rulebook: Rulebook
    apart: Apart
    lines: tuple[Line, ...]


def lines_of(rulebook: Rulebook, pair: Pair) -> Lines:
    """Bound how far each rule's line can be apart."""
    apart = Apart(rulebook, pair)
    return Lines(rulebook, apart, tuple(line_of(rulebook, rule, apart) for rule in rulebook.rules))


def bound_of(found: Lines) -> Bound:
    """Bound how far the score can be apart, of the lines that it is made of."""
    rulebook, apart, lines = found.rulebook, found.apart, found.lines
    pair = apart.pair
    steps = list(measure_steps(rulebook.rules, apart))
    steps += [step_of("rule", line.rule.name, line.shift, line.because) for line in lines]
    if rulebook.score.out_of is None:
        total, span = _summed(rulebook, lines, steps)
        because: Because = "added"
    else:
        total, span = _mean(lines, Fraction(rulebook.score.out_of.value))
        because = "mean"
    total, span = _bounded(total, span, rulebook.score.at_least, rulebook.score.at_most)
    places = rulebook.score.places
    finest = rulebook.score.line_places if rulebook.score.out_of is None else PLACES
    if places is not None and places < finest:
        total = rounded(total, places, span)
        span = rounded_span(span, places)
    total = within(total, span)
    steps.append(step_of("score", "score", total, because))
    mixed = rulebook.score.out_of is not None and not all(line.alike for line in lines)
    lowering, raising = (joined(total) if mixed else joined(*its) for its in _directions(lines))
    low, high = decimal_down(total.low), decimal_up(total.high)
    return Bound(pair, low, high, tuple(steps), lowering, raising, total.counted)


def _directions(lines: tuple[Line, ...]) -> tuple[list[Shift], list[Shift]]:
    """Return what can lower the score, and what can raise it."""
    return [line.shift for line in lines if line.shift.low < 0], [line.shift for line in lines if line.shift.high > 0]


def score_span(rulebook: Rulebook) -> Span:
    """Return between which ends every score lies."""
    apart = Apart(rulebook, Pair("silence"))
    lines = tuple(line_of(rulebook, rule, apart) for rule in rulebook.rules)
    if rulebook.score.out_of is None:
        span = _sum_span(rulebook, lines)
    else:
        _, span = _mean(lines, Fraction(rulebook.score.out_of.value))
    _, span = _bounded(STEADY, span, rulebook.score.at_least, rulebook.score.at_most)
    places = rulebook.score.places
    return span if places is None else rounded_span(span, places)


def line_of(rulebook: Rulebook, rule: Rule, apart: Apart) -> Line:
    """Bound how far a rule's line can be apart; a rule that gives no points adds 0."""
    applies: Truths = frozenset([(True, True)]) if rule.when is None else apart.truth(rule.when)
    other = rule.otherwise.points if rule.otherwise is not None else None
    nothing = Span(ZERO, ZERO) if other is None else number_span(other)
    never = not any(True in each for each in applies)
    because: Because = "worked out"
    value, inside = STEADY, nothing
    if not never:
        value, because = shift_of(rule, apart)
        inside = span_of(rule)
    optional = may_be_missing(rule)
    beside = STEADY if other is None else apart.number(other)
    can = {(before is True, after is True) for before, after in applies}
    found: list[Shift] = []
    reasons = () if rule.when is None else apart.reasons(rule.when)
    if (True, True) in can:
        found.append(replace(value, comes=False, goes=False))
    if (False, False) in can or optional:
        found.append(beside)
    comes, goes = (False, True) in can or value.comes, (True, False) in can or value.goes
    ways = (Way("rule", rule.name, "measured for some"), *reasons, *value.ways)
    if comes:
        found.append(replace(across(nothing, inside), ways=ways))
    if goes:
        found.append(replace(across(inside, nothing), ways=ways))
    shift = hull(*found) if found else STEADY
    if len(found) == 1:
        shift = found[0]
    can_be_other = can != {(True, True)} or optional
    span = Span(min(inside.low, nothing.low), max(inside.high, nothing.high)) if can_be_other else inside
    shift, span = _bounded(within(shift, span), span, rule.at_least, rule.at_most)
    places = rulebook.score.line_places
    if most_places(rule) > places:
        shift = rounded(shift, places, span)
        span = rounded_span(span, places)
    if can_be_other and other is None:
        span = Span(min(span.low, ZERO), max(span.high, ZERO))
    gives = other is not None
    alike = gives or not (comes or goes)
    because = "same" if shift.steady else because
    met = span if optional else lies(rulebook, rule, inside)
    unmet = nothing if other is None else lies(rulebook, rule, nothing)
    return Line(rule, within(shift, span), span, met, unmet, not can_be_other or gives, alike, because)


def lies(rulebook: Rulebook, rule: Rule, value: Span) -> Span:
    """Return where a rule's points lie, by where its value lies: within the rule's bounds, and rounded."""
    return rounded_span(_bounded(STEADY, value, rule.at_least, rule.at_most)[1], rulebook.score.line_places)


# ---- the score ---------------------------------------------------------------------------------------------------


def _summed(rulebook: Rulebook, lines: tuple[Line, ...], steps: list[Step]) -> tuple[Shift, Span]:
    shifts = []
    for facet in rulebook.facets:
        its = [line for line in lines if line.rule.facet == facet.name]
        shift = plus(*(line.shift for line in its))
        if facet.at_least is not None or facet.at_most is not None:
            shift, _ = _bounded(shift, _together(its), facet.at_least, facet.at_most)
            steps.append(step_of("facet", facet.name, shift, "added"))
        shifts.append(shift)
    shifts += [line.shift for line in lines if line.rule.facet is None]
    return plus(STEADY, *shifts), _over_facets(rulebook, _by_facet(rulebook, lines))


def _sum_span(rulebook: Rulebook, lines: tuple[Line, ...]) -> Span:
    """Return where the sum lies, whichever of the rules apply that can apply to one person."""
    alone = _by_facet(rulebook, lines)
    span, by_name = _over_facets(rulebook, alone), {line.rule.name: line for line in lines}
    for each_value in together(rulebook):
        found = []
        for stretch in each_value:
            sums = dict(alone)
            known = ((by_name[name], by_name[name].met) for name in stretch.applying)
            for line, lies in (*known, *((by_name[name], by_name[name].unmet) for name in stretch.out)):
                of = sums[line.rule.facet]
                sums[line.rule.facet] = Span(of.low - line.span.low + lies.low, of.high - line.span.high + lies.high)
            found.append(_over_facets(rulebook, sums))
        widest = hull_of(found)
        span = Span(max(span.low, widest.low), min(span.high, widest.high))
    return span


def _by_facet(rulebook: Rulebook, lines: tuple[Line, ...]) -> dict[str | None, Span]:
    """Return where the lines of each facet lie together; with None of the rules that stand in none."""
    facets = (None, *(facet.name for facet in rulebook.facets))
    return {facet: _together([line for line in lines if line.rule.facet == facet]) for facet in facets}


def _over_facets(rulebook: Rulebook, sums: Mapping[str | None, Span]) -> Span:
    """Return where the score lies before its own bounds, by where the lines of each facet lie together."""
    within_bounds = [_bounded(STEADY, sums[each.name], each.at_least, each.at_most)[1] for each in rulebook.facets]
    spans = [sums[None], *within_bounds]
    return Span(sum((each.low for each in spans), ZERO), sum((each.high for each in spans), ZERO))


def _together(lines: list[Line]) -> Span:
    return Span(sum((line.span.low for line in lines), ZERO), sum((line.span.high for line in lines), ZERO))


def _mean(lines: tuple[Line, ...], out_of: Fraction) -> tuple[Shift, Span]:
    """Bound a mean: over the weights of rules that always apply; where the same rules apply in both, each rule's share
    of its weight bounds the whole; else nothing is known but where means lie."""
    weights = [weight_of(line.rule) for line in lines]
    lies = _over_weights([Shift(line.span.low, line.span.high) for line in lines], weights, out_of)
    span = Span(down(min(lies.low, ZERO), PLACES), up(max(lies.high, ZERO), PLACES))
    if not all(line.alike for line in lines):
        ways = tuple(Way("rule", line.rule.name, "weights") for line in lines if not line.alike)
        return anywhere(span, ways), span
    total = sum(weights, ZERO)
    if all(line.always for line in lines) and total > 0:
        moved = times(plus(STEADY, *(line.shift for line in lines)), out_of / total)
    else:
        moved = _over_weights([line.shift for line in lines], weights, out_of)
    return rounded(replace(moved, shrink=None), PLACES, span), span


def _over_weights(shifts: list[Shift], weights: list[Fraction], out_of: Fraction) -> Shift:
    """Bound a mean over the weights of any of the rules: none is farther out than the farthest of them by itself, but
    for what rules without weight add to those with the least."""
    least = min((weight for weight in weights if weight > 0), default=None)
    if least is None:
        return STEADY
    shares = [times(shift, out_of / weight) for shift, weight in zip(shifts, weights, strict=True) if weight > 0]
    beside = [times(held(shift), out_of / least) for shift, weight in zip(shifts, weights, strict=True) if weight == 0]
    return plus(held(hull(*shares)), *beside)


def weight_of(rule: Rule) -> Fraction:
    """Return what a rule weighs in a mean; 0 if it has no weight."""
    return Fraction(rule.body.weight.value) if isinstance(rule.body, Weighted) else ZERO


def _bounded(shift: Shift, span: Span, least: Constant | None, most: Constant | None) -> tuple[Shift, Span]:
    if least is None and most is None:
        return shift, span
    low, high = span.low, span.high
    if least is not None:
        low, high = max(low, Fraction(least.value)), max(high, Fraction(least.value))
    if most is not None:
        low, high = min(low, Fraction(most.value)), min(high, Fraction(most.value))
    return within(replace(held(shift), shrink=None), Span(low, high)), Span(low, high)
