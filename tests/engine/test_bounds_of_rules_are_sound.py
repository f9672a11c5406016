"""Takes made-up rules over measures of which it is said how far they are apart; holds the derived bounds of lines and
score to every two results that are so far apart.

The measures are taken as given, so that rules are tried that no small set of records would bring far.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Literal

from generators import expression_text
from generators.expression_text import Name, Place, chance
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from tallystick.engine.evaluate import evaluate, holds
from tallystick.engine.reference_score import Scored, score_of
from tallystick.rules import read
from tallystick.rules.analysis.expressions import Apart
from tallystick.rules.analysis.lines import Line, Lines, bound_of, line_of, score_span
from tallystick.rules.analysis.measures import Moved
from tallystick.rules.analysis.shifts import Pair, Shift, Shrink, Span, span_of, within
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.value import Scalar

FEW = max(100, settings.default.max_examples) if settings.default is not None else 100
TWOS = 25
"""So many pairs of results are held against the bounds of one rulebook."""
HEAD = """\
rulebook "Rules" version 1.0.0
    owner "Tests"

records
    subject text
    kind    one of like
    at      date

subjects
    joined date optional
    member yes/no

measure likes "l"
    count like

measure few "f"
    = min(likes, 5)

measure signed "s"
    = min(likes, 8) - 4

measure part "p"
    = min(likes / 3, 2)

measure low "l"
    = -1 * min(likes, 5) - 1

measure rare "r"
    = min(likes, 6)
    when likes >= 1

"""
GIVEN = ("few", "signed", "part", "low", "rare")
NAMES = (
    *(Name(name, "number", optional=name == "rare") for name in GIVEN),
    Name("joined", "date", optional=True),
    Name("member", "yes/no"),
)
STRICT, TOLERANT = Place(NAMES), Place(NAMES, tolerant=True)


class Person(Struct):
    """Somebody whose measures are given, but for formulas of them."""

    as_of: date
    measures: dict[str, Decimal | None]
    attributes: dict[str, Scalar | None]
    formulas: dict[str, Measure]
    zone: str = "UTC"

    def measure(self, name: str) -> Decimal | None:
        """Return what is given, or what a formula makes of it."""
        if name in self.measures:
            return self.measures[name]
        formula = self.formulas[name]
        assert isinstance(formula.aggregate, Formula)
        if formula.when is not None and not holds(formula.when, self):
            return None
        value = evaluate(formula.aggregate.value, self)
        assert value is None or isinstance(value, Decimal)
        return value

    def attribute(self, name: str, _whose: Literal["subject", "actor"]) -> Scalar | None:
        """Return what is given."""
        return self.attributes[name]

    def field(self, name: str) -> Scalar | None:
        """Rules read no field."""
        raise NotImplementedError(name)

    def earned(self, name: str) -> Decimal | None:
        """Rules read nothing of actors."""
        raise NotImplementedError(name)

    def returned(self, within: Decimal) -> bool:
        """Rules look at no record."""
        raise NotImplementedError(within)


@settings(max_examples=FEW)
@given(st.integers(0, 2**32))
def test_no_two_results_are_farther_apart_than_derived_from_measures(seed: int) -> None:
    """Whatever the rules: where the measures of two results are no farther apart than is said, no formula, no line and
    no score is farther apart than derived, and none lies where it is said that none can."""
    random = Random(seed)  # noqa: S311  made up on purpose
    rulebook = _rulebook(random)
    pair = Pair("silence", days=random.choice((1, 30, 365, 400))) if chance(random, 0.3) else Pair("another's records")
    measures = {each.name: each for each in rulebook.measures}
    shifts = {name: _shift(random, measures[name]) for name in GIVEN}
    apart = Apart(rulebook, pair, {name: Moved(shift, "worked out") for name, shift in shifts.items()})
    lines = tuple(line_of(rulebook, rule, apart) for rule in rulebook.rules)
    bound, lies = bound_of(Lines(rulebook, apart, lines)), score_span(rulebook)
    for _ in range(TWOS):
        before, after = _two(random, pair, measures, shifts)
        first, second = score_of(rulebook, "ada", before), score_of(rulebook, "ada", after)
        _hold_formula(apart, before, after)
        _hold_lines(lines, first, second)
        for each in (first, second):
            assert each.score is None or lies.low <= each.score <= lies.high
        if first.score is not None and second.score is not None:
            assert bound.low <= second.score - first.score <= bound.high


def _hold_formula(apart: Apart, before: Person, after: Person) -> None:
    shift, old, new = apart.measure("made").shift, before.measure("made"), after.measure("made")
    assert old is not None or new is None or shift.comes
    assert new is not None or old is None or shift.goes
    if old is not None and new is not None:
        assert shift.low <= Fraction(new) - Fraction(old) <= shift.high
        assert shift.shrink is None or shift.shrink.share * Fraction(old) - shift.shrink.slack <= new


def _hold_lines(lines: tuple[Line, ...], first: Scored, second: Scored) -> None:
    for line, before, after in zip(lines, first.lines, second.lines, strict=True):
        given = [Decimal(0) if each.points is None else each.points for each in (before, after)]
        assert line.shift.low <= given[1] - given[0] <= line.shift.high
        assert all(line.span.low <= points <= line.span.high for points in given)
        assert not line.alike or (before.points is None) == (after.points is None)
        assert not line.always or before.points is not None


# ---- two results -------------------------------------------------------------------------------------------------


def _shift(random: Random, measure: Measure) -> Shift:
    """Say how far a measure is apart: not at all, a step, or as far as it goes, each way."""
    span = span_of(measure.type)
    low, high = (Fraction(random.choice((0, 0, 1, Fraction(1, 2), 2, 20))) for _ in range(2))
    flips = measure.optional and chance(random, 0.5)
    shrink = Shrink(Fraction(random.choice((1, 3)), 4), Fraction(1, 4)) if span.low >= 0 and low > 0 else None
    return within(Shift(-low, high, flips and chance(random, 0.7), flips and chance(random, 0.7), shrink), span)


def _two(random: Random, pair: Pair, measures: dict[str, Measure], shifts: dict[str, Shift]) -> tuple[Person, Person]:
    day = date(2026, 3, 1) + timedelta(days=random.choice((0, 0, 1, -1, 200)))
    ago = random.choice((-500, -10, 0, 1, 364, 365, 730, 2000))
    joined = None if chance(random, 0.2) else day - timedelta(days=ago)
    attributes: dict[str, Scalar | None] = {"joined": joined, "member": chance(random, 0.5)}
    made = {name: _apart(random, measures[name], shifts[name]) for name in GIVEN}
    first, second = ({name: values[side] for name, values in made.items()} for side in (0, 1))
    later = day + timedelta(days=pair.days)
    return Person(day, first, attributes, measures), Person(later, second, attributes, measures)


def _apart(random: Random, measure: Measure, shift: Shift) -> tuple[Decimal | None, Decimal | None]:
    """Choose a value of each result, no farther apart than is said."""
    if measure.optional and chance(random, 0.3):
        return None, _value(random, measure, span_of(measure.type)) if shift.comes and chance(random, 0.7) else None
    before = _value(random, measure, span_of(measure.type))
    if shift.goes and chance(random, 0.4):
        return before, None
    span, old = span_of(measure.type), Fraction(before)
    least = max(span.low, old + shift.low)
    if shift.shrink is not None:
        least = max(least, shift.shrink.share * old - shift.shrink.slack)
    return before, _value(random, measure, Span(least, min(span.high, old + shift.high)))


def _value(random: Random, measure: Measure, span: Span) -> Decimal:
    """Choose a value between two ends, often one of the ends or a whole number."""
    step = Fraction(1, 10**measure.type.places)
    low, high = -(-span.low // step), span.high // step
    whole = random.randint(low, high) * step
    chosen = random.choice((low * step, high * step, whole, Fraction(round(whole))))
    exact = min(max(chosen, low * step), high * step)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


# ---- rulebooks ---------------------------------------------------------------------------------------------------


def _rulebook(random: Random) -> Rulebook:
    """Write rules until there are some that the checker accepts."""
    while True:
        rulebook, _ = read(Source("rules.tally", HEAD + "\n".join(_written(random))))
        if rulebook is not None:
            return rulebook


def _written(random: Random) -> Iterator[str]:
    yield f'measure made "m"\n    = {expression_text.number(random, TOLERANT, 3)}'
    if chance(random, 0.3):
        yield f"    when {expression_text.condition(random, STRICT, 1)}"
    yield ""
    mean = chance(random, 0.3)
    rules = ["\n".join(_rule(random, number, mean=mean)) for number in range(random.randint(1, 3))]
    if not mean and chance(random, 0.4):
        yield from ('facet f "F"', *_bounds(random, "    "), "")
        yield from (f"    {line}" for line in rules.pop().splitlines())
    yield from rules
    yield 'score "S"'
    yield "    mean of all rules by weight, out of 100" if mean else "    sum of all rules"
    yield from _bounds(random, "    ")
    if chance(random, 0.5):
        yield f"    rounded to {random.choice(('0 places', '1 place', '0 places, lines to 2'))}"


def _rule(random: Random, number: int, *, mean: bool) -> Iterator[str]:
    yield f'rule r{number} "R"'
    form = "weight" if mean else random.choice(("points", "points", "weight", "table"))
    looked_at = expression_text.number(random, TOLERANT, random.choice((0, 1, 3)))
    match form:
        case "weight":
            shape = random.choice(("", "linear to 3", "square root to 4", "logarithmic to 3", "log normal {} to 3"))
            yield f"    weight {random.choice((0, 1, 3, 10) if mean else (1, 7, -3))}"
            yield f"    level {looked_at}{shape and ', '}{shape.format(random.choice((1, 5)))}"
        case "points":
            yield f"    points {looked_at}"
        case _:
            yield f"    points by {looked_at}"
            yield from _rows(random)
    yield from _bounds(random, "    ") if not mean else ()
    if chance(random, 0.4):
        yield f"    when {expression_text.condition(random, TOLERANT, 1)}"
    yield f"    otherwise {_otherwise(random, mean=mean)}"
    yield from ('    because "…"', "")


def _rows(random: Random) -> Iterator[str]:
    first, second = sorted(random.sample((-3, -1, 0, 1, 2, 3, 5), 2))
    ways = ("under {0}", "{0} to under {1}", "{1} or more"), ("up to {0}", "over {0} to {1}", "over {1}")
    for way in random.choice(ways):
        points = expression_text.number(random, TOLERANT, random.choice((0, 0, 1)))
        yield f"        {way.format(first, second)}: {points}"
    if chance(random, 0.5):
        yield f"        missing: {random.randint(-3, 3)}"


def _otherwise(random: Random, *, mean: bool) -> str:
    if chance(random, 0.5):
        return "not applicable"
    return f'{random.choice((0, 1)) if mean else expression_text.number(random, STRICT, 1)} "-"'


def _bounds(random: Random, indent: str) -> Iterator[str]:
    if chance(random, 0.3):
        yield f"{indent}at least {random.randint(-4, 0)}"
    if chance(random, 0.3):
        yield f"{indent}at most {random.randint(1, 6)}"
