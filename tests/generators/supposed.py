"""Takes a random rulebook; gives supposed values of all that its rules read, with what the reference makes of them.

A *vector* is a program, the values as texts, and what must come out: ``{"unmet": name}``, or ``lines`` and, of a whole
score, ``score`` and ``band``. The page's script is held to the same vectors in a browser.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from generators.rulebooks import Case

from tallystick.engine.arithmetic import text_of
from tallystick.engine.what_if.supposed import Trial
from tallystick.explain.calculator.calculator import Reckoner
from tallystick.rules.decimals import places_of
from tallystick.rules.value import DateType, NumberType, OneOfType, Scalar, TextType, TimeType, Type, YesNoType

_TEXTS = ("Chess", "Go", "p1", "zoë", "BANNED", "Banned", "\U0001f600", "\uffff", "\ue000")
_AGES = (-3, 0, 1, 2, 28, 29, 59, 365, 366, 1000, 1461, 9000, 20000)

Expected = dict[str, object]


@dataclass(frozen=True)
class Vectors:
    """A program with sets of values, and what comes out of each."""

    reckoner: Reckoner
    program: str | None
    cases: tuple[tuple[dict[str, str | None], Expected], ...]


def vectors_of(case: Case, each: int) -> Iterator[Vectors]:
    """Give ``each`` sets of values for a rulebook's score, and as many for every single rule."""
    rng = Random(f"supposed {case.seed}/{case.size}")  # noqa: S311  made up on purpose
    whole = Reckoner.of_score(case.rulebook, case.as_of)
    for reckoner in (whole, *(Reckoner.of_rule(case.rulebook, rule, case.as_of) for rule in case.rulebook.rules)):
        special = sorted(_numbers(json.loads(reckoner.program_text or "null")))
        made = [
            {name: value_of(reckoner.type_of(name), special, case.as_of, rng) for name in reckoner.names}
            for _ in range(each)
        ]
        told = tuple(
            ({name: text_of_value(values[name]) for name in values}, expected(reckoner, values)) for values in made
        )
        yield Vectors(reckoner, reckoner.program_text, told)


def expected(reckoner: Reckoner, values: dict[str, Scalar | None]) -> Expected:
    """Return what the reference makes of values."""
    trial: Trial = reckoner.trial
    unmet = trial.unmet(values)
    if unmet is not None:
        return {"unmet": unmet.name}
    if not reckoner.whole:
        return {"lines": [_digits(trial.line(rule, values).points) for rule in reckoner.book.rules]}
    scored = trial.score(values)
    if scored.score is None:
        return {"unmet": "score"}
    lines = [_digits(line.points) for line in scored.lines]
    return {"lines": lines, "score": _digits(scored.score), "band": scored.band}


def value_of(of: tuple[Type, bool], special: list[Decimal], as_of: date, rng: Random) -> Scalar | None:
    """Make up a value of a type: round and odd ones, ends, and what lies a step beside a number of the rules."""
    found, optional = of
    if optional and rng.random() < 0.2:
        return None
    match found:
        case NumberType(low=low, high=high, places=places):
            step = Decimal(1).scaleb(-places)
            near = [number + way * step for number in special for way in (-1, 0, 1)]
            odd = [Decimal(rng.randrange(0, 20)), Decimal(rng.randrange(0, 10**5)).scaleb(-rng.randrange(0, 6))]
            far = [low, high, Decimal(0), Decimal(1), Decimal(rng.randrange(-(10**6), 10**9))]
            fit = [each for each in (*near, *odd, *far) if low <= each <= high and places_of(each) <= places]
            return rng.choice(fit)
        case YesNoType():
            return rng.random() < 0.7
        case OneOfType(values=values):
            return rng.choice(values)
        case TextType():
            return rng.choice(_TEXTS)
        case DateType():
            return as_of - timedelta(days=rng.choice(_AGES))
        case TimeType():
            return datetime.combine(as_of, time(12), UTC) - timedelta(days=rng.choice(_AGES))
        case _:
            raise AssertionError(found)


def text_of_value(value: Scalar | None) -> str | None:
    """Write a value as a page holds it."""
    match value:
        case None | str():
            return value
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return text_of(value)
        case _:
            return value.isoformat()


def _digits(number: Decimal | None) -> str | None:
    return None if number is None else text_of(number)


def _numbers(program: object) -> set[Decimal]:
    """Return the numbers of a program, at which something may turn."""
    match program:
        case {"op": "number", "value": str() as text}:
            return {Decimal(text)}
        case dict():
            ends = {Decimal(program[name]) for name in ("full", "p10", "at_least", "at_most") if name in program}
            return ends.union(*map(_numbers, program.values()))
        case list():
            return set().union(*map(_numbers, program))
        case _:
            return set()
