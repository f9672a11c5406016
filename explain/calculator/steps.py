"""Takes a measure or attribute and the rules that read it; gives the stated values for which a table tells the
points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import assert_never

from tallystick.engine.evaluate import parts_of
from tallystick.engine.query.plan_reading import rule_exprs, walk
from tallystick.rules.decimals import places_of
from tallystick.rules.expression import AttributeOf, Compare, Expr, In, Literally, MeasureOf
from tallystick.rules.once import once
from tallystick.rules.rule import Range, Rule, Table, Values, Weighted
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import (
    DateType,
    DurationType,
    NumberType,
    OneOfType,
    Scalar,
    TextType,
    TimeType,
    Type,
    YesNoType,
)

MOST_STEPS = 14
MOST_FURTHER = 3
"""So many more at most on either side."""
_FAR = Decimal(100)
_FEW_YEARS = (0, 1, 2, 5, 10, 20)


def steps_of(
    rulebook: Rulebook, name: str, found: tuple[Type, bool], as_of: date, own: Scalar | None
) -> tuple[Scalar | None, ...]:
    """Return the values of a measure or attribute to be told: round ones up to where the rules change no more, those
    at which a rule turns, the person's ``own``, and last the missing one where there is one."""
    of_type, optional = found
    turns = _turns(rulebook).get(name, ())
    steps: Sequence[Scalar]
    match of_type:
        case NumberType():
            steps = _numbers(of_type, [each for each in turns if isinstance(each, Decimal)], own)
        case YesNoType():
            steps = [True, False]
        case OneOfType(values=values):
            steps = [each for each in values if len(values) <= MOST_STEPS or each == own or each in turns]
        case TextType():
            steps = [each for each in dict.fromkeys([own, *turns]) if isinstance(each, str)][:MOST_STEPS]
        case DateType():
            days = {_years_before(as_of, years) for years in _FEW_YEARS} | ({own} if isinstance(own, date) else set())
            steps = sorted(days, reverse=True)
        case TimeType() | DurationType():
            return ()
        case _:
            assert_never(of_type)
    return (*steps, None) if optional else tuple(steps)


def _numbers(of_type: NumberType, turns: list[Decimal], own: Scalar | None) -> list[Decimal]:
    """Return round numbers up to the last turn, the turns, and the person's own number."""
    special = {each for each in (*turns, own) if isinstance(each, Decimal)}
    far = max(map(abs, special if turns else {*special, _FAR}))
    around = list(_round_numbers(far, of_type.places if of_type.high <= 1 else 0))
    if of_type.low < 0 and any(each < 0 for each in special):
        around += [-each for each in around]
    fit = {each for each in {*around, *special} if _fits(each, of_type)}
    while len(fit) > MOST_STEPS and (spare := sorted(fit - special)[1:-1]):
        fit -= set(spare[::2])
    return sorted(fit)


def further(
    rulebook: Rulebook, name: str, of_type: Type, steps: Sequence[Scalar | None]
) -> tuple[Sequence[Decimal], Sequence[Decimal]]:
    """Return round numbers below and above all ``steps``, from the nearest on: behind the last turn something may yet
    change, where a row begins over it, or a rule goes on that turns nowhere. None where no rule turns: then all steps
    are but some of many."""
    stated = [each for each in steps if isinstance(each, Decimal)]
    if not isinstance(of_type, NumberType) or not stated or not _turns(rulebook).get(name):
        return (), ()
    least, most = stated[0], stated[-1]
    around = list(_round_numbers(5 * max(_FAR, -least, most), of_type.places if of_type.high <= 1 else 0))
    below = [-each for each in around if -each < least and _fits(-each, of_type)]
    above = [each for each in around if each > most and _fits(each, of_type)]
    return below[:MOST_FURTHER], above[:MOST_FURTHER]


def _fits(number: Decimal, of_type: NumberType) -> bool:
    return of_type.low <= number <= of_type.high and places_of(number) <= of_type.places


def _round_numbers(far: Decimal, places: int) -> Iterator[Decimal]:
    """Give 0, then 1, 2, 5, 10 and so on as far as asked; where all is between 0 and 1, tenths first."""
    yield Decimal(0)
    for power in count(-1 if places else 0):
        for digit in (1, 2, 5):
            number = Decimal(digit).scaleb(power)
            if number > far:
                return
            yield number


@once(64)
def _turns(rulebook: Rulebook) -> dict[str, tuple[Scalar, ...]]:
    """Return, by the names of measures and attributes, the values at which a rule that looks at this alone turns: its
    full value, the ends of its rows; and those with which a condition compares it."""
    found: dict[str, list[Scalar]] = {}
    for name, value in _all_turns(rulebook):
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _all_turns(rulebook: Rulebook) -> Iterator[tuple[str, Scalar]]:
    for rule in rulebook.rules:
        yield from _turns_of(rule)
        for expr in rule_exprs(rule):
            yield from _compared(expr)
    needs = (need.when for band in rulebook.bands for need in band.needs)
    for condition in (*(require.when for require in rulebook.requires), *needs):
        yield from _compared(condition)


def _turns_of(rule: Rule) -> Iterator[tuple[str, Scalar]]:
    match rule.body:
        case Weighted(value=Expr(op=MeasureOf(name=name) | AttributeOf(name=name)), shape=shape) if shape is not None:
            yield name, shape.full.value
            if shape.p10 is not None:
                yield name, shape.p10.value
        case Table(by=Expr(op=MeasureOf(name=name) | AttributeOf(name=name)), rows=rows):
            for row in rows:
                match row.takes:
                    case Range(low=low, high=high):
                        yield from ((name, end) for end in (low, high) if end is not None)
                    case Values(values=values):
                        yield from ((name, value) for value in values)
                    case _:
                        pass
        case _:
            pass


def _compared(expr: Expr) -> Iterator[tuple[str, Scalar]]:
    """Give the values with which a condition compares names."""
    for part in walk(expr):
        if isinstance(part.op, Compare | In):
            operands = parts_of(part)
            compared = [each.op.name for each in operands if isinstance(each.op, MeasureOf | AttributeOf)]
            for name in dict.fromkeys(compared):
                yield from ((name, each.op.value) for each in operands if isinstance(each.op, Literally))


def _years_before(day: date, years: int) -> date:
    """Return the day so many years earlier; 28 February for the 29th."""
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
