"""Takes random rules and random people; holds that no value leaves the interval that the checker proved of it, and that
no test comes out otherwise than the checker says it always does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine.evaluate import evaluate, parts_of
from tallystick.rules import Rulebook, read
from tallystick.rules.decimals import places_of
from tallystick.rules.expression import Expr, If, Logic
from tallystick.rules.rule import Points
from tallystick.rules.source import Source, Span
from tallystick.rules.value import NumberType, Scalar

BOOK = """rulebook "Random" version 1.0.0
    owner "Chance"

subjects
    a whole number 0 to 6
    b number -2 to 2 with 1 places
    c number 0 to 1 with 3 places optional
    d yes/no
    e whole number 0 or more
    f one of red, green, blue
    g text
    h text
    i date
    j time

{require}rule r "R"
    points {value}
    when {when}
    otherwise not applicable
    because "x"

score "S"
    sum of all rules
"""
TRIES = 12
TEXTS = ('g = "x"', '"y" != g', 'g in ("x", "y")', 'g not in ("y", "z")', "g = h", "h != g", 'h = "x"', 'h != "y"')
DAYS = ("i ~ 2026-01-02", "2026-01-03 ~ i", "i ~ i", "j ~ 2026-01-02T00:00:00Z", "j ~ 2026-01-02T00:00:00.000001Z")
SIDES = ("a ~ e", "e ~ a", "a ~ b", "b ~ a")
ALIKE = ("(a = b) = yes", "(b = a) != yes", "(g = h) = yes", "(h = g) = no", "(a = b) = (g = h)", "(g = h) != (a = b)")
ATOMS = ("a", "b", "c", "e", "1", "0.5", "3", "(c or else 2)", "a", "b")


def number(chance: Random, depth: int) -> str:
    """Write a number."""
    if depth == 0 or chance.random() < 0.25:
        return chance.choice(ATOMS)
    left, right = number(chance, depth - 1), number(chance, depth - 1)
    form = chance.randrange(8)
    if form < 3:
        return f"({left} {chance.choice('+-*/')} {right})"
    if form == 3:
        return f"{chance.choice(('abs', 'round', 'floor', 'ceiling', 'sqrt', 'ln', 'log10', 'exp', 'erfc'))}({left})"
    if form == 4:
        return f"{chance.choice(('min', 'max'))}({left}, {right})"
    if form == 5:
        return f"max({left}, {chance.choice(('1', '0', '0.1'))})"
    if form == 6:
        return f"-{left}"
    return f"(if {test(chance, depth - 1)} then {left} else {right})"


def test(chance: Random, depth: int) -> str:
    """Write a condition."""
    form = chance.randrange(10)
    if depth > 0 and form < 3:
        joined = f" {chance.choice(('and', 'or'))} ".join(test(chance, depth - 1) for _ in range(2))
        return f"({joined})" if form else f"(not ({joined}))"
    if form == 3:
        return f"{chance.choice(('c', 'c * a'))} is {chance.choice(('', 'not '))}missing"
    if form == 4:
        return chance.choice(("d", "f = red", "f in (red, blue)", "d = no", "f != green"))
    if form == 5:
        return f"{chance.choice('abe')} in (1, 2, {chance.choice(('0', '5'))})"
    operator = chance.choice(("=", "!=", "<", "<=", ">", ">="))
    if form == 6:
        return chance.choice((*TEXTS, *ALIKE))
    if form == 7:
        return chance.choice((*DAYS, *SIDES)).replace("~", operator)
    return f"{number(chance, min(depth, 1))} {operator} {chance.choice((*ATOMS, '0', '0'))}"


test.__test__ = False  # type: ignore[attr-defined]  # it writes a test, and is none


@dataclass(frozen=True)
class Person:
    """Somebody with attributes, as an expression asks for them."""

    values: dict[str, Scalar | None]
    as_of: date = date(2026, 3, 1)
    zone: str = "UTC"

    def field(self, name: str) -> Scalar | None:
        """Nobody asks."""
        raise AssertionError(name)

    def attribute(self, name: str, whose: Literal["subject", "actor"]) -> Scalar | None:
        """Return an attribute."""
        assert whose == "subject"
        return self.values[name]

    def measure(self, name: str) -> Decimal | None:
        """Nobody asks."""
        raise AssertionError(name)

    def earned(self, name: str) -> Decimal | None:
        """Nobody asks."""
        raise AssertionError(name)

    def returned(self, within: Decimal) -> bool:
        """Nobody asks."""
        raise AssertionError(within)


def person(chance: Random) -> Person:
    """Make somebody, often at an end of a range."""
    return Person(
        {
            "a": Decimal(chance.choice((0, 1, 2, 3, 6))),
            "b": Decimal(chance.choice((-20, -10, -1, 0, 1, 5, 20))) / 10,
            "c": chance.choice((None, Decimal(0), Decimal("0.001"), Decimal("0.5"), Decimal(1))),
            "d": chance.random() < 0.5,
            "e": Decimal(chance.choice((0, 1, 7, 10**12))),
            "f": chance.choice(("red", "green", "blue")),
            "g": chance.choice(("x", "y", "z")),
            "h": chance.choice(("x", "y", "z")),
            "i": date(2026, 1, chance.randrange(1, 5)),
            "j": datetime(2026, 1, 2, tzinfo=UTC) + timedelta(microseconds=chance.randrange(-1, 3)),
        }
    )


def audit(expr: Expr, who: Person, decided: Mapping[Span, bool]) -> None:
    """Hold an expression, and every part of it that is worked out, to its type, and to what was said to be decided."""
    value = evaluate(expr, who)
    assert value is None or expr.span not in decided or value is decided[expr.span], expr
    if value is None:
        assert expr.optional, expr
    elif isinstance(expr.type, NumberType):
        assert isinstance(value, Decimal)
        assert expr.type.low <= value <= expr.type.high, expr
        assert places_of(value) <= expr.type.places, expr
    match expr.op:
        case If(condition=condition, then=then, otherwise=otherwise):
            audit(condition, who, decided)
            audit(then if evaluate(condition, who) is True else otherwise, who, decided)
        case Logic(operator=operator, operands=operands):
            for operand in operands:
                audit(operand, who, decided)
                if evaluate(operand, who) is (operator == "or"):
                    break
        case _:
            for part in parts_of(expr):
                audit(part, who, decided)


def written(chance: Random) -> tuple[Rulebook, dict[Span, bool]] | None:
    """Write rulebooks until one checks; also the tests that the checker says are decided, and how."""
    for _ in range(TRIES):
        require = "".join(
            f'require {name} "q"\n    when {test(chance, 1)}\n    otherwise no score "No."\n\n'
            for name in ("one", "two")[: chance.choice((0, 0, 1, 2))]
        )
        text = BOOK.format(require=require, value=number(chance, 3), when=test(chance, 2))
        rulebook, told = read(Source("random.tally", text))
        if rulebook is not None:
            always = [each for each in told if each.name in ("always-true", "always-false")]
            return rulebook, {each.primary.span: each.name == "always-true" for each in always}
    return None


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_no_value_leaves_its_interval(chance: Random) -> None:
    """Whatever a person's attributes are, each part of a rule has a value within what the checker proved of it."""
    found = written(chance)
    if found is None:
        return
    rulebook, decided = found
    rule = rulebook.rules[0]
    for _ in range(25):
        who = person(chance)
        met = True
        for require in rulebook.requires:
            if not met:
                break
            audit(require.when, who, decided)
            met = met and evaluate(require.when, who) is True
        if not met or rule.when is None:
            continue
        audit(rule.when, who, decided)
        if evaluate(rule.when, who) is True:
            assert isinstance(rule.body, Points)
            audit(rule.body.value, who, decided)


def test_the_random_rules_are_not_all_refused() -> None:
    """At least half of the random cases hold a rulebook that checks, and one in five reads the value of a rule."""
    chance = Random(7)  # noqa: S311  # no secret
    books = [written(chance) for _ in range(60)]
    found = [book for book in books if book is not None]
    assert len(found) >= 30
    assert sum(1 for book, _ in found if len(parts_of(_points(book))) > 0) >= 12
    assert sum(1 for _, decided in found if decided) >= 12


def _points(rulebook: Rulebook) -> Expr:
    body = rulebook.rules[0].body
    assert isinstance(body, Points)
    return body.value
