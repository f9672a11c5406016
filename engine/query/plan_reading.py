"""Takes a rulebook; gives the expressions in it, by where they are worked out, and what they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from tallystick.engine.evaluate import measures_in, parts_of
from tallystick.rules.expression import AttributeOf, Compare, Expr, FieldOf, FromTo, In, Literally, Logic, Since
from tallystick.rules.measure import Formula, Measure, Pick, SumByKind, SumOf
from tallystick.rules.questions.earned import earned_in
from tallystick.rules.rule import Points, Rule, Table, Weighted
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import TimeType


def walk(expr: Expr) -> Iterator[Expr]:
    """Give an expression and all within it."""
    yield expr
    for part in parts_of(expr):
        yield from walk(part)


def record_exprs(rulebook: Rulebook) -> Iterator[Expr]:
    """Give every expression that is worked out for a record."""
    yield from exclusion_exprs(rulebook)
    yield from (discount.when for discount in rulebook.discounts if discount.when is not None)
    yield from measure_exprs(rulebook)


def exclusion_exprs(rulebook: Rulebook) -> Iterator[Expr]:
    """Give the conditions of exclusions."""
    yield from (exclude.when for exclude in rulebook.excludes if exclude.when is not None)


def measure_exprs(rulebook: Rulebook) -> Iterator[Expr]:
    """Give what measures of records work out for each."""
    for measure in rulebook.measures:
        if measure.when is not None and not isinstance(measure.aggregate, Formula):
            yield measure.when
        yield from value_exprs(measure)


def value_exprs(measure: Measure) -> Iterator[Expr]:
    """Give what a measure adds, or picks from."""
    match measure.aggregate:
        case SumOf(value=value) | Pick(value=value):
            yield value
        case SumByKind(values=values):
            yield from (value for _, value in values)
        case _:
            pass


def rule_exprs(rule: Rule) -> Iterator[Expr]:
    """Give every expression of a rule."""
    if rule.when is not None:
        yield rule.when
    match rule.body:
        case Weighted(value=value) | Points(value=value):
            yield value
        case Table(by=by, rows=rows):
            yield by
            yield from (row.points for row in rows)
    if rule.otherwise is not None and rule.otherwise.points is not None:
        yield rule.otherwise.points


def measures_read(rulebook: Rulebook) -> frozenset[str]:
    """Return the measures that a rule, a requirement or a band reads, also through formulas and of actors."""
    measures = {measure.name: measure for measure in rulebook.measures}
    waiting = [
        *(require.when for require in rulebook.requires),
        *(e for rule in rulebook.rules for e in rule_exprs(rule)),
        *(need.when for band in rulebook.bands for need in band.needs),
    ]
    found: set[str] = set()
    names = {name for expr in waiting for name in measures_in(expr)}
    while names:
        found |= names
        names = {name for each in names for name in _read_by(measures[each])} - found
    return frozenset(found)


def _read_by(measure: Measure) -> Iterator[str]:
    """Give the measures that a measure reads, of the person or of actors."""
    yield from (name for expr in formula_exprs(measure) for name in measures_in(expr))
    yield from earned_in(measure)


def measures_behind(rulebook: Rulebook, exprs: Iterable[Expr]) -> tuple[str, ...]:
    """Return the measures that expressions read, also through formulas."""
    measures = {each.name: each for each in rulebook.measures}
    waiting = list(exprs)
    found: dict[str, None] = {}
    while waiting:
        for name in measures_in(waiting.pop()):
            if name not in found:
                found[name] = None
                waiting += formula_exprs(measures[name])
    return tuple(found)


def formula_exprs(measure: Measure) -> list[Expr]:
    """Return the expressions of a formula; none for a measure of records."""
    if not isinstance(measure.aggregate, Formula):
        return []
    return [measure.aggregate.value, *([] if measure.when is None else [measure.when])]


def kinds_for(condition: Expr | None, kinds: tuple[str, ...]) -> frozenset[str]:
    """Return the kinds of record for which a condition can hold, as far as its own words tell."""
    every = frozenset(kinds)
    if condition is None:
        return every
    match condition.op:
        case Logic(operator="and", operands=operands):
            return reduce(frozenset.intersection, (kinds_for(each, kinds) for each in operands))
        case Logic(operator="or", operands=operands):
            return reduce(frozenset.union, (kinds_for(each, kinds) for each in operands))
        case Compare(operator="=" | "!=" as operator, left=left, right=right):
            named = _literal_kind(left, right) or _literal_kind(right, left)
            if named is None:
                return every
            return every & {named} if operator == "=" else every - {named}
        case In(value=value, options=options, negated=negated):
            among = [_literal_kind(value, option) for option in options]
            known = frozenset(each for each in among if each is not None)
            if len(known) < len(set(options)) or None in among:
                return every
            return every - known if negated else every & known
        case _:
            return every


def _literal_kind(one: Expr, other: Expr) -> str | None:
    is_kind = isinstance(one.op, FieldOf) and one.op.name == "kind"
    if is_kind and isinstance(other.op, Literally) and isinstance(other.op.value, str):
        return other.op.value
    return None


def days_wanted(exprs: Iterable[Expr]) -> tuple[Expr, ...]:
    """Return the names of moments of which an expression asks the day."""
    found: dict[Expr, None] = {}
    for expr in exprs:
        for each in walk(expr):
            match each.op:
                case Since(date=start):
                    starts: tuple[Expr, ...] = (start,)
                case FromTo(unit="days", start=start, end=end):
                    starts = (start, end)
                case _:
                    starts = ()
            for start in starts:
                for leaf in walk(start):
                    if isinstance(leaf.op, FieldOf | AttributeOf) and isinstance(leaf.type, TimeType):
                        found[leaf] = None
    return tuple(found)
