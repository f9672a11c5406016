"""Takes a rulebook; gives what each rule can give and who can move it, and what an auditor should look at.

Everything follows from the rulebook's form: what is said to be possible may never come, and what is said to be
impossible cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from tallystick.rules.analysis.cliffs import borders, jumps
from tallystick.rules.analysis.epochs import bound_of_all
from tallystick.rules.analysis.lines import Line, lines_of, score_span, weight_of
from tallystick.rules.analysis.settled import settled
from tallystick.rules.analysis.shifts import (
    ZERO,
    Pair,
    Shift,
    Span,
    Way,
    anywhere,
    decimal_down,
    decimal_up,
    hull,
    number_span,
)
from tallystick.rules.decimals import plainly
from tallystick.rules.epochs import every_epoch
from tallystick.rules.expression import Arithmetic, AttributeOf, Constant, Literally, MeasureOf
from tallystick.rules.format.checked import text_of
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.placed import nodes
from tallystick.rules.questions.reach import may_be_missing
from tallystick.rules.questions.readers import readers
from tallystick.rules.rule import Rule, Table
from tallystick.rules.rulebook import Rulebook

SILENCE = 30
"""Days without a record, for which it is said what they can cost."""
CLIFF = Fraction(1, 10)
"""A step is a cliff where it moves a score by more than this share of its scale."""
_ANY = Decimal(10) ** 9
FindingKind = Literal[
    "dead rule", "band never", "falls as it rises", "goes both ways", "cliff", "small divisor", "no records read"
]


class MovedBy(Struct, frozen=True):
    """By how much a pair of results can be apart (None: nothing bounds it), and what kept that from being narrower."""

    pair: Pair
    low: Decimal | None
    high: Decimal | None
    ways: tuple[Way, ...]

    @property
    def moves(self) -> bool:
        """Whether it can be another at all."""
        return self.low != 0 or self.high != 0


class RuleBounds(Struct, frozen=True):
    """What a rule can give (None: nothing bounds it), and what moves it; ``attributes`` that it reads."""

    rule: Rule
    least: Decimal | None
    most: Decimal | None
    moved: tuple[MovedBy, ...]
    attributes: tuple[str, ...]


class Finding(Struct, frozen=True):
    """Something to look at: in a rule or band, with figures as the words for it need them."""

    kind: FindingKind
    place: Literal["rule", "band", "measure"]
    name: str
    figures: tuple[str, ...]
    ways: tuple[Way, ...] = ()


class Bounds(Struct, frozen=True):
    """A rulebook's bounds: of every rule, of the score, and what was found."""

    rules: tuple[RuleBounds, ...]
    least: Decimal | None
    most: Decimal | None
    moved: tuple[MovedBy, ...]
    findings: tuple[Finding, ...]


def pairs(rulebook: Rulebook) -> tuple[Pair, ...]:
    """Return the pairs of results that are looked at: by whom, over time, with one more record of each kind."""
    fields = {field.name for field in rulebook.records or ()}
    by_actor = (Pair("another's records"), Pair("own records")) if "actor" in fields else ()
    kinds = tuple(Pair("one more record", kind=kind) for kind in rulebook.kinds)
    return (*by_actor, Pair("silence", days=SILENCE), *kinds)


def bounds_of(rulebook: Rulebook) -> Bounds:
    """Work out all bounds of a rulebook."""
    looked_at = pairs(rulebook)
    epochs = every_epoch(rulebook)
    worked_out = [tuple(lines_of(epoch, pair) for epoch in epochs) for pair in looked_at]
    lines = [(each.apart.pair, each.lines) for of_pair in worked_out for each in of_pair]
    rules = tuple(
        _rule(rulebook, rule, [(pair, its[place]) for pair, its in lines]) for place, rule in enumerate(rulebook.rules)
    )
    found = [bound_of_all(rulebook, of_pair) for of_pair in worked_out]
    spans = [score_span(epoch) for epoch in epochs]
    span = Span(min(each.low for each in spans), max(each.high for each in spans))
    moved = tuple(
        MovedBy(each.pair, _bounded(each.low), _bounded(each.high), tuple(dict.fromkeys((*each.down, *each.up))))
        for each in found
    )
    findings = tuple(_findings(rulebook, rules, span))
    return Bounds(rules, _bounded(decimal_down(span.low)), _bounded(decimal_up(span.high)), moved, findings)


def _rule(rulebook: Rulebook, rule: Rule, lines: list[tuple[Pair, Line]]) -> RuleBounds:
    """Put together what a rule can give and what moves it, with each of the values that parameters have."""
    by_pair: dict[Pair, list[Line]] = {}
    for pair, line in lines:
        by_pair.setdefault(pair, []).append(line)
    low, high = min(line.span.low for _, line in lines), max(line.span.high for _, line in lines)
    dated = _dated(rulebook, rule)
    moved = tuple(
        _moved(pair, anywhere(Span(low, high), dated) if dated and pair.form == "silence" else _hull(its))
        for pair, its in by_pair.items()
    )
    attributes = tuple(dict.fromkeys(_attributes(rulebook, (rule.body, rule.when, rule.otherwise))))
    return RuleBounds(rule, _bounded(decimal_down(low)), _bounded(decimal_up(high)), moved, attributes)


def _hull(lines: list[Line]) -> Shift:
    return hull(*(line.shift for line in lines))


def _dated(rulebook: Rulebook, rule: Rule) -> tuple[Way, ...]:
    """Return the parameters that have another value from some day on, and by which a rule's points can be others: of
    days between which such a value comes, nothing is known but where they lie."""
    read = readers(rulebook)
    names = (each.name for each in rulebook.parameters if each.dated)
    return tuple(Way("parameter", name, "dated") for name in names if rule.name in read.get(("parameter", name), ()))


def _moved(pair: Pair, shift: Shift) -> MovedBy:
    return MovedBy(pair, _bounded(decimal_down(shift.low)), _bounded(decimal_up(shift.high)), shift.ways)


def _bounded(figure: Decimal) -> Decimal | None:
    return None if abs(figure) >= _ANY else figure


def _attributes(rulebook: Rulebook, tree: object) -> Iterator[str]:
    """Name the attributes of the person that something reads, through formulas too."""
    for measure in _formulas(rulebook, tree):
        yield from _attributes_in((measure.aggregate, measure.when))
    yield from _attributes_in(tree)


def _attributes_in(tree: object) -> Iterator[str]:
    yield from (node.name for node in nodes(tree) if isinstance(node, AttributeOf) and node.whose == "subject")


def _formulas(rulebook: Rulebook, tree: object) -> Iterator[Measure]:
    """Give the measures that something reads, through others too."""
    by_name = {each.name: each for each in rulebook.measures}
    todo = [node.name for node in nodes(tree) if isinstance(node, MeasureOf)]
    seen: set[str] = set()
    while todo:
        name = todo.pop(0)
        if name not in seen:
            seen.add(name)
            measure = by_name[name]
            yield measure
            todo += [node.name for node in nodes((measure.aggregate, measure.when)) if isinstance(node, MeasureOf)]


# ---- what to look at -------------------------------------------------------------------------------------------------


def _findings(rulebook: Rulebook, rules: tuple[RuleBounds, ...], span: Span) -> Iterator[Finding]:
    yield from _dead(rules)
    yield from _bands(rulebook, span)
    for each in rules:
        yield from _turning(rulebook, each)
        yield from _cliffs(rulebook, each, rules, span)
        yield from _divisors(each.rule.name, "rule", (each.rule.body, each.rule.when, each.rule.otherwise))
        yield from _unread(rulebook, each)
    for measure in rulebook.measures:
        yield from _divisors(measure.name, "measure", (measure.aggregate, measure.when))


def _dead(rules: tuple[RuleBounds, ...]) -> Iterator[Finding]:
    for each in rules:
        if each.rule.when is not None and settled(each.rule.when) is False:
            yield Finding("dead rule", "rule", each.rule.name, ())
        elif each.least is not None and each.least == each.most:
            yield Finding("dead rule", "rule", each.rule.name, (plainly(each.least),))


def _bands(rulebook: Rulebook, span: Span) -> Iterator[Finding]:
    """Give the bands by threshold that no score is in: it begins too high, or the next one takes in all."""
    starts = [band for band in rulebook.bands if band.start is not None]
    for place, band in enumerate(starts):
        following = starts[place + 1].start if place + 1 < len(starts) else None
        too_high = band.start is not None and band.start > span.high
        too_low = following is not None and following <= span.low
        if too_high or too_low:
            ends = (plainly(decimal_down(span.low)), plainly(decimal_up(span.high)))
            yield Finding("band never", "band", band.name, ends)


def _turning(rulebook: Rulebook, bounds: RuleBounds) -> Iterator[Finding]:
    """Give the rows of a table that give less than the row before, and rules that one kind can both raise and lower."""
    rule = bounds.rule
    kinds = [each for each in bounds.moved if each.pair.form == "one more record"]
    if isinstance(rule.body, Table) and any(each.moves for each in kinds):
        yield from _falling_rows(rulebook, rule, rule.body)
        return
    both = [each for each in kinds if (each.low is None or each.low < 0) and (each.high is None or each.high > 0)]
    if both:
        ways = tuple(dict.fromkeys(way for each in both for way in each.ways))
        yield Finding("goes both ways", "rule", rule.name, tuple(each.pair.kind for each in both), ways)


def _falling_rows(rulebook: Rulebook, rule: Rule, table: Table) -> Iterator[Finding]:
    """Give each row that gives less than the one before it, in a table that elsewhere gives more: it turns there."""
    steps = list(borders(rulebook, rule, table))
    if not any(each.after.low > each.before.high for each in steps):
        return
    for each in steps:
        if each.after.high < each.before.low:
            figures = (plainly(decimal_down(each.before.low)), plainly(decimal_up(each.after.high)))
            texts = (text_of(table.by), each.first, each.second)
            yield Finding("falls as it rises", "rule", rule.name, (*texts, *figures))


def _cliffs(rulebook: Rulebook, bounds: RuleBounds, rules: tuple[RuleBounds, ...], scale: Span) -> Iterator[Finding]:
    """Give the steps at which a rule jumps by more than a share of the scale, however small the step."""
    most = scale.width * CLIFF
    if scale.width >= _ANY or most <= 0:
        return
    for each in jumps(rulebook, bounds.rule):
        width = _width(bounds)
        jump = each.most if width is None else min(each.most, width)
        moved = _of_the_score(rulebook, bounds, rules, jump)
        if _of_the_score(rulebook, bounds, rules, each.least) > most < moved:
            share = str(round(100 * min(moved, scale.width) / scale.width))
            yield Finding(
                "cliff", "rule", bounds.rule.name, (each.first, each.second, plainly(decimal_up(jump)), share)
            )


def _of_the_score(rulebook: Rulebook, bounds: RuleBounds, rules: tuple[RuleBounds, ...], points: Fraction) -> Fraction:
    """Return what a rule's points come to in the score at most: under a mean they are divided by the weights that
    apply, and a facet gives no more than it can."""
    if rulebook.score.out_of is not None:
        always = [each for each in rules if each.rule.when is None and not may_be_missing(each.rule)]
        weights = {each.rule.name: weight_of(each.rule) for each in (*always, bounds)}
        total = sum(weights.values(), ZERO)
        return points * Fraction(rulebook.score.out_of.value) / total if total > 0 else ZERO
    facet = next((each for each in rulebook.facets if each.name == bounds.rule.facet), None)
    if facet is None:
        return points
    its = [each for each in rules if each.rule.facet == facet.name]
    least = [None if each.least is None else Fraction(each.least) for each in its]
    high = [None if each.most is None else Fraction(each.most) for each in its]
    low, top = _summed(least, facet.at_least, max), _summed(high, facet.at_most, min)
    return points if low is None or top is None else min(points, max(top - low, ZERO))


def _summed(
    ends: list[Fraction | None], bound: Constant | None, narrower: Callable[[Fraction, Fraction], Fraction]
) -> Fraction | None:
    """Return an end of what a facet's rules come to together; None where nothing bounds it."""
    known = [each for each in ends if each is not None]
    together = sum(known, ZERO) if len(known) == len(ends) else None
    if bound is None:
        return together
    return Fraction(bound.value) if together is None else narrower(together, Fraction(bound.value))


def _width(bounds: RuleBounds) -> Fraction | None:
    """Return how far two values of a rule's points can be apart; None where nothing bounds it."""
    ends = bounds.least, bounds.most
    return None if ends[0] is None or ends[1] is None else Fraction(ends[1]) - Fraction(ends[0])


def _divisors(name: str, place: Literal["rule", "measure"], tree: object) -> Iterator[Finding]:
    """Give the divisors that can be nearly 0, so that a small step above them is a large one of the quotient."""
    for node in nodes(tree):
        if isinstance(node, Arithmetic) and node.operator == "/":
            span = number_span(node.right)
            least = min(abs(span.low), abs(span.high))
            constant = isinstance(node.right.op, Literally) or span.width == 0
            if not constant and least < 1:
                yield Finding("small divisor", place, name, (text_of(node.right), plainly(decimal_up(least))))


def _unread(rulebook: Rulebook, bounds: RuleBounds) -> Iterator[Finding]:
    """Give the rules that can give points and read no record, directly or through a measure."""
    rule = bounds.rule
    tree = (rule.body, rule.when, rule.otherwise)
    of_records = [each for each in _formulas(rulebook, tree) if _is_of_records(each)]
    if rulebook.records is None or of_records or bounds.most is None or bounds.most <= 0:
        return
    if bounds.least != bounds.most:
        yield Finding("no records read", "rule", rule.name, (plainly(bounds.most), *bounds.attributes))


def _is_of_records(measure: Measure) -> bool:
    return not isinstance(measure.aggregate, Formula)
