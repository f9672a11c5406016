"""Takes a rulebook; gives which of its rules can apply to one person together, by what their conditions look at."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from operator import eq, ge, gt, le, lt, ne
from typing import Final, NamedTuple

from tallystick.rules import decimals
from tallystick.rules.check.intervals import on_grid_above
from tallystick.rules.check.narrowing import OPPOSITE
from tallystick.rules.expression import (
    AttributeOf,
    Compare,
    Expr,
    Literally,
    Logic,
    MeasureOf,
    Not,
    Operation,
    ParameterOf,
)
from tallystick.rules.format.checked import text_of
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import NumberType, OneOfType, Scalar, YesNoType

_TESTS: Final = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_TURNED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ONE: Final = Decimal(1)
_MOST: Final = 500_000
"""Conditions at values that are looked at, all together; what is beyond is left as wide as it is."""


class Together(NamedTuple):
    """Where a value that conditions look at is between two of those that they name, is one of them, or is missing: the
    rules that apply there, and those that do not. Of others nobody knows."""

    applying: frozenset[str]
    out: frozenset[str]


class _Test(NamedTuple):
    """What a condition asks of a value. ``of`` None: something else."""

    of: Expr | None
    operator: str = ""
    value: Scalar = False


class _Asked(NamedTuple):
    """What a rule's condition asks of one value. ``alone``: it asks nothing else."""

    rule: str
    tests: tuple[_Test, ...]
    alone: bool


def together(rulebook: Rulebook) -> Iterator[tuple[Together, ...]]:
    """Give all stretches of each value that the conditions of several rules look at."""
    asked: dict[str, list[_Asked]] = {}
    for rule in rulebook.rules:
        by: dict[str, list[_Test]] = {}
        for test in () if rule.when is None else _tests(rule.when):
            by.setdefault("" if test.of is None else text_of(test.of), []).append(test)
        for of, tests in by.items():
            asked.setdefault(of, []).append(_Asked(rule.name, tuple(tests), len(by) == 1))
    asked.pop("", None)
    there, left = _never_missing(rulebook), _MOST
    for each in asked.values():
        all_tests = [test for one in each for test in one.tests]
        values = _values(all_tests)
        left -= len(values) * len(each)
        if len(each) > 1 and left >= 0:
            whose = all_tests[0].of
            nowhere = Together(frozenset(), frozenset(one.rule for one in each))
            missing = () if whose is not None and whose.op in there else (nowhere,)
            yield (*missing, *(_stretch(each, value) for value in values))


def _never_missing(rulebook: Rulebook) -> frozenset[Operation]:
    """Return the measures and attributes that everybody has."""
    measures = (MeasureOf(each.name) for each in rulebook.measures if not each.optional)
    attributes = (AttributeOf(each.name) for each in rulebook.subjects or () if not each.optional)
    return frozenset((*measures, *attributes))


def _stretch(asked: list[_Asked], value: Scalar | None) -> Together:
    met = {one.rule for one in asked if all(_holds(test, value) for test in one.tests)}
    return Together(
        frozenset(one.rule for one in asked if one.alone and one.rule in met),
        frozenset(one.rule for one in asked if one.rule not in met),
    )


def _tests(condition: Expr) -> Iterator[_Test]:
    """Give what must hold of single values for a condition to hold; together they are the condition."""
    match condition.op:
        case Logic(operator="and", operands=operands):
            for each in operands:
                yield from _tests(each)
        case Not(operand=Expr(op=Compare(operator=operator, left=left, right=right))):
            yield _compared(OPPOSITE[operator], left, right)
        case Not(operand=Expr(op=AttributeOf()) as of):
            yield _Test(of, "=", value=False)
        case AttributeOf():
            yield _Test(condition, "=", value=True)
        case Compare(operator=operator, left=left, right=right):
            yield _compared(operator, left, right)
        case _:
            yield _Test(None)


def _compared(operator: str, left: Expr, right: Expr) -> _Test:
    for of, value, said in ((left, _constant(right), operator), (right, _constant(left), _TURNED[operator])):
        if value is not None and _constant(of) is None and (isinstance(value, Decimal) or said in ("=", "!=")):
            return _Test(of, said, value)
    return _Test(None)


def _constant(expr: Expr) -> Scalar | None:
    """Return the one value that an expression has, whoever the person is; one that can be missing has none."""
    if isinstance(expr.op, Literally | ParameterOf):
        return expr.op.value
    of = expr.type
    return of.low if isinstance(of, NumberType) and of.low == of.high and not expr.optional else None


def _values(tests: list[_Test]) -> list[Scalar | None]:
    """Return a value of every stretch within which all tests come to the same; None: any that is not named."""
    types = [test.of.type for test in tests if test.of is not None]
    named = {test.value for test in tests}
    numbers = sorted(value for value in named if isinstance(value, Decimal))
    if not numbers:
        listed = {value for each in types if isinstance(each, OneOfType) for value in each.values}
        yes_no = isinstance(types[0], YesNoType)
        return [True, False] if yes_no else [*named, *(listed - named)] if listed else [*named, None]
    places = max(each.places for each in types if isinstance(each, NumberType))
    found: list[Scalar | None] = [decimals.subtract(numbers[0], _ONE), *numbers, decimals.add(numbers[-1], _ONE)]
    for one, other in pairwise(numbers):
        between = on_grid_above(one, places, strictly=True)
        found += [between] if between < other else []
    return found


def _holds(test: _Test, value: Scalar | None) -> bool:
    if value is None:
        return test.operator == "!="
    found: bool = _TESTS[test.operator](value, test.value)
    return found
