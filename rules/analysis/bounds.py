"""Takes a rulebook; gives what each rule can give and who can move it, and what an auditor should look at.

Everything follows from the rulebook's form: what is said to be possible may never come, and what is said to be
impossible cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from tallystick.rules.analysis.epochs import bound_of_all
from tallystick.rules.analysis.lines import Line, lines_of, score_span
from tallystick.rules.analysis.rows import Stretch, stretches
from tallystick.rules.analysis.settled import settled
from tallystick.rules.analysis.shifts import Pair, Shift, Span, Way, decimal_down, decimal_up, hull, number_span
from tallystick.rules.decimals import plainly
from tallystick.rules.epochs import every_epoch
from tallystick.rules.expression import Arithmetic, AttributeOf, Compare, Expr, If, Literally, MeasureOf
from tallystick.rules.format.checked import text_of
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.placed import nodes
from tallystick.rules.rule import Points, Rule, Table, Weighted
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import NumberType

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
    moved = tuple(_moved(pair, hull(*(line.shift for line in its))) for pair, its in by_pair.items())
    low, high = min(line.span.low for _, line in lines), max(line.span.high for _, line in lines)
    attributes = tuple(dict.fromkeys(_attributes(rulebook, (rule.body, rule.when, rule.otherwise))))
    return RuleBounds(rule, _bounded(decimal_down(low)), _bounded(decimal_up(high)), moved, attributes)


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
        yield from _turning(each)
        yield from _cliffs(each, span)
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


def _turning(bounds: RuleBounds) -> Iterator[Finding]:
    """Give the rows of a table that give less than the row before, and rules that one kind can both raise and lower."""
    rule = bounds.rule
    kinds = [each for each in bounds.moved if each.pair.form == "one more record"]
    if isinstance(rule.body, Table) and any(each.moves for each in kinds):
        yield from _falling_rows(rule, rule.body)
        return
    both = [each for each in kinds if (each.low is None or each.low < 0) and (each.high is None or each.high > 0)]
    if both:
        ways = tuple(dict.fromkeys(way for each in both for way in each.ways))
        yield Finding("goes both ways", "rule", rule.name, tuple(each.pair.kind for each in both), ways)


def _falling_rows(rule: Rule, table: Table) -> Iterator[Finding]:
    """Give each row that gives less than the one before it, in a table that elsewhere gives more: it turns there."""
    steps = list(_steps(table))
    if not any(after.low > before.high for _, before, _, after in steps):
        return
    for first, before, second, after in steps:
        if after.high < before.low:
            texts = (table.rows[first.place].text, table.rows[second.place].text)
            figures = (plainly(decimal_down(before.low)), plainly(decimal_up(after.high)))
            yield Finding("falls as it rises", "rule", rule.name, (text_of(table.by), *texts, *figures))


def _steps(table: Table) -> Iterator[tuple[Stretch, Span, Stretch, Span]]:
    """Give each row of numbers and the row that follows it, with the points of both."""
    numbered = [row for row in stretches(table) if row.low is not None and row.high is not None]
    in_order = sorted(numbered, key=lambda row: row.low or Fraction(0))
    for before, after in pairwise(in_order):
        points = [number_span(table.rows[row.place].points) for row in (before, after)]
        yield before, points[0], after, points[1]


def _cliffs(bounds: RuleBounds, scale: Span) -> Iterator[Finding]:
    """Give the steps at which a rule jumps by more than a share of the scale, however small the step."""
    most = scale.width * CLIFF
    rule = bounds.rule
    if scale.width >= _ANY or most <= 0:
        return
    if isinstance(rule.body, Table):
        for first, before, second, after in _steps(rule.body):
            jump = max(after.high - before.low, before.high - after.low)
            if jump > most:
                texts = (rule.body.rows[first.place].text, rule.body.rows[second.place].text)
                yield Finding("cliff", "rule", rule.name, (*texts, plainly(decimal_up(jump)), _share(jump, scale)))
    for expr in _exprs(rule):
        for node in nodes(expr):
            if isinstance(node, If) and isinstance(node.then.type, NumberType) and _turns(node.condition):
                one, other = number_span(node.then), number_span(node.otherwise)
                jump = max(one.low - other.high, other.low - one.high)
                if jump > most:
                    texts = (f"not {text_of(node.condition)}", text_of(node.condition))
                    yield Finding("cliff", "rule", rule.name, (*texts, plainly(decimal_up(jump)), _share(jump, scale)))


def _exprs(rule: Rule) -> Iterator[Expr]:
    match rule.body:
        case Points(value=value) | Weighted(value=value):
            yield value
        case Table(rows=rows):
            yield from (row.points for row in rows)


def _turns(condition: Expr) -> bool:
    """Say whether a condition turns at a number."""
    on_numbers = any(isinstance(node, Compare) and isinstance(node.left.type, NumberType) for node in nodes(condition))
    return on_numbers and settled(condition) is None


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


def _share(jump: Fraction, scale: Span) -> str:
    return str(round(100 * jump / scale.width))
