"""Takes a rulebook and supposed values of what its rules read; gives the points, the score and the band as they would
be, by the reference's own meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from tallystick.engine.evaluate import evaluate, holds
from tallystick.engine.ledger import LineRow
from tallystick.engine.query.plan_reading import formula_exprs, rule_exprs, walk
from tallystick.engine.reference_score import Scored, added_up, line_of
from tallystick.rules.expression import AttributeOf, Expr, MeasureOf
from tallystick.rules.measure import Formula
from tallystick.rules.rule import Rule
from tallystick.rules.rulebook import Require, Rulebook
from tallystick.rules.value import Scalar

Values = Mapping[str, Scalar | None]
"""What each measure of records and each attribute is supposed to be, by its name; None: it is missing."""


class Supposed(Struct, frozen=True):
    """Somebody who has nothing but supposed values; formulas are worked out from them."""

    rulebook: Rulebook
    as_of: date
    values: Values
    _formulas: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The rulebook's time zone."""
        return self.rulebook.time_zone

    def field(self, name: str) -> Scalar | None:
        """Refuse: only records have fields."""
        raise AssertionError(name)

    def attribute(self, name: str, whose: Literal["subject", "actor"]) -> Scalar | None:
        """Return an attribute of the person."""
        if whose == "actor":
            raise AssertionError(name)
        return self.values[name]

    def measure(self, name: str) -> Decimal | None:
        """Return a measure: as supposed, or as its formula makes it; None where it is missing or not applicable."""
        if name in self.values:
            return _number(self.values[name])
        if name not in self._formulas:
            self._formulas[name] = self._formula(name)
        return self._formulas[name]

    def earned(self, name: str) -> Decimal | None:
        """Refuse: only records have an actor."""
        raise AssertionError(name)

    def returned(self, within: Decimal) -> bool:
        """Refuse: only records are returned."""
        raise AssertionError(within)

    def _formula(self, name: str) -> Decimal | None:
        measure = next(each for each in self.rulebook.measures if each.name == name)
        assert isinstance(measure.aggregate, Formula), name  # noqa: S101  what is not of records is a formula
        if measure.when is not None and holds(measure.when, self) is not True:
            return None
        return _number(evaluate(measure.aggregate.value, self))


class Trial(Struct):
    """Works a rulebook out over supposed values, again and again: a line is worked out once for each set of the values
    that it reads."""

    rulebook: Rulebook
    as_of: date
    _reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _lines: dict[tuple[str, tuple[Scalar | None, ...]], LineRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find out what each rule reads."""
        self._reads = {rule.name: read_by(self.rulebook, rule) for rule in self.rulebook.rules}

    def unmet(self, values: Values) -> Require | None:
        """Return the requirement that would leave the person without a score, if there is one: those that read
        attributes alone come first."""
        person = Supposed(self.rulebook, self.as_of, values)
        asked = sorted(self.rulebook.requires, key=lambda each: each.reads_measures)
        return next((each for each in asked if holds(each.when, person) is not True), None)

    def line(self, rule: Rule, values: Values) -> LineRow:
        """Return a rule's line. INVARIANT: no requirement that reads one of its values is unmet."""
        key = rule.name, tuple(values[name] for name in self._reads[rule.name])
        if key not in self._lines:
            if len(self._lines) > _MOST_KEPT:
                self._lines.clear()
            self._lines[key] = line_of(self.rulebook, rule, "", Supposed(self.rulebook, self.as_of, values))
        return self._lines[key]

    def score(self, values: Values, known: Mapping[str, LineRow] | None = None) -> Scored:
        """Return the lines, the score and the band; ``known``: the lines of rules that read the same values as when
        these were worked out. INVARIANT: every requirement is met."""
        kept = {} if known is None else known
        rules = self.rulebook.rules
        lines = tuple(kept[rule.name] if rule.name in kept else self.line(rule, values) for rule in rules)
        return added_up(self.rulebook, lines, "", Supposed(self.rulebook, self.as_of, values))


_MOST_KEPT = 10_000


def read_by(rulebook: Rulebook, rule: Rule) -> tuple[str, ...]:
    """Return the measures of records and the attributes that a rule reads, also through formulas."""
    return tuple(names_in(rulebook, rule_exprs(rule)))


def read_by_all(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the measures of records and the attributes that decide a score: rules, requirements and bands read
    them."""
    exprs = [
        *(expr for rule in rulebook.rules for expr in rule_exprs(rule)),
        *(require.when for require in rulebook.requires),
        *(need.when for band in rulebook.bands for need in band.needs),
    ]
    return tuple(names_in(rulebook, exprs))


def names_in(rulebook: Rulebook, exprs: Iterator[Expr] | list[Expr]) -> dict[str, None]:
    """Return the measures of records and the attributes that expressions read, formulas opened, in the order met."""
    measures = {each.name: each for each in rulebook.measures}
    found: dict[str, None] = {}
    opened: set[str] = set()
    waiting = list(exprs)[::-1]
    while waiting:
        for part in walk(waiting.pop()):
            match part.op:
                case AttributeOf(name=name):
                    found[name] = None
                case MeasureOf(name=name) if not isinstance(measures[name].aggregate, Formula):
                    found[name] = None
                case MeasureOf(name=name) if name not in opened:
                    opened.add(name)
                    waiting += formula_exprs(measures[name])[::-1]
                case _:
                    pass
    return found


def _number(value: Scalar | None) -> Decimal | None:
    assert value is None or isinstance(value, Decimal)  # noqa: S101  the checker's promise
    return value
