"""Takes a pair and a measure; gives the declarations through which records touch *other* records of that measure.

Where there are none, the records that both results of the pair have in common count in both alike, and all that moves
the measure is what comes to them. Conditions are decided from what is known of a record: whose it is, and its kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tallystick.rules.analysis.shifts import Kind, Pair, Way
from tallystick.rules.expression import AttributeOf, EarnedOf, Expr, FieldOf, Logic, MeasureOf, Returned, Since
from tallystick.rules.measure import (
    Aggregate,
    Count,
    Distinct,
    Formula,
    HIndex,
    Measure,
    Pick,
    RecordAggregate,
    SumByKind,
    SumOf,
)
from tallystick.rules.placed import nodes
from tallystick.rules.questions.decide import World, decide
from tallystick.rules.rulebook import Discount, Exclude, Rulebook


def ripples(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair) -> tuple[Way, ...]:
    """Return what lets records touch others that this measure counts."""
    return tuple(dict.fromkeys(_ripples(rulebook, measure, aggregate, pair)))


def _ripples(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair) -> Iterator[Way]:
    yield from _through_repeats(rulebook, measure, aggregate, pair)
    yield from _through_conditions(rulebook, measure, aggregate, pair)
    if pair.form == "one more record" and measure.diluted and pair.kind in aggregate.kinds:
        yield Way("measure", measure.name, "diluted")


def judging(rulebook: Rulebook, measure: Measure) -> Iterator[tuple[Kind, str, Expr]]:
    """Give each expression that settles whether and for how much a measure counts a record, and whose it is."""
    for exclude in rulebook.excludes:
        if exclude.when is not None:
            yield "exclusion", exclude.name, exclude.when
    for discount in _heeded(rulebook, measure.aggregate):
        if discount.when is not None:
            yield "discount", discount.name, discount.when
    if measure.when is not None:
        yield "measure", measure.name, measure.when
    yield from (("measure", measure.name, value) for value in _values(measure.aggregate))


def _heeded(rulebook: Rulebook, aggregate: Aggregate) -> tuple[Discount, ...]:
    """Return the discounts that can act on a measure; what counts days, or takes one value of many, has none."""
    return rulebook.discounts if isinstance(aggregate, Count | Distinct | SumByKind | SumOf) else ()


def _through_conditions(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair) -> Iterator[Way]:
    for kind, name, condition in judging(rulebook, measure):
        earned = (each.name for each in nodes(condition) if isinstance(each, EarnedOf))
        if not all(_stays(rulebook, each, pair) for each in earned):
            yield Way(kind, name, "earned")
        match pair.form:
            case "silence":
                if _holds(condition, Since):
                    yield Way(kind, name, "days pass")
            case "another's records":
                # `returned` looks at what a record's subject did: where records are the person's own, that is others;
                # where they are diluted, others' records about others settle how much each counts.
                if (aggregate.given or measure.diluted) and _asks(condition, aggregate.kinds):
                    yield Way(kind, name, "returned by others")
            case "own records":
                if not aggregate.given and _asks(condition, aggregate.kinds):
                    yield Way(kind, name, "returned by own")
            case "one more record":
                if pair.kind in aggregate.kinds and _asks(condition, (pair.kind,)):
                    yield Way(kind, name, "returned that day")


def _stays(rulebook: Rulebook, name: str, pair: Pair) -> bool:
    """Say whether a measure is the same for everybody in both results: nothing that it is made of looks at what is in
    one of them alone. Where somebody's records are, what any actor earned can be another."""
    measure = next(each for each in rulebook.measures if each.name == name)
    if isinstance(measure.aggregate, Formula):
        read = list(nodes((measure.aggregate.value, measure.when)))
        ages = pair.form == "silence" and any(isinstance(each, Since) for each in read)
        return not ages and all(_stays(rulebook, each.name, pair) for each in read if isinstance(each, MeasureOf))
    match pair.form:
        case "one more record":
            alike = pair.kind not in measure.aggregate.kinds
        case "silence":
            alike = measure.within is None and measure.halving is None
        case _:
            return False
    return alike and not any(_ripples(rulebook, measure, measure.aggregate, pair))


def returned_share(rulebook: Rulebook, ways: tuple[Way, ...]) -> Fraction | None:
    """Return to which share of their value records can fall as others come, where nothing but discounts of what is
    ``returned`` touches them; None where anything else does, or where what comes could undo a discount."""
    share = Fraction(1)
    for way in ways:
        discount = next((each for each in rulebook.discounts if each.name == way.name), None)
        if way.kind != "discount" or not way.why.startswith("returned") or discount is None or discount.when is None:
            return None
        if not _only_rises(discount.when):
            return None
        share *= Fraction(discount.to.value)
    return share


def _only_rises(condition: Expr) -> bool:
    """Say whether a condition can only come to hold where more is returned."""
    match condition.op:
        case Returned():
            return True
        case Logic(operands=operands):
            return all(_only_rises(each) for each in operands)
        case _:
            return not _holds(condition, Returned)


def _asks(condition: Expr, kinds: tuple[str, ...]) -> bool:
    """Say whether ``returned`` can settle the condition for a record of any of the kinds."""
    return _holds(condition, Returned) and any(decide(condition, World(None, kind)) is None for kind in kinds)


def _through_repeats(rulebook: Rulebook, measure: Measure, aggregate: RecordAggregate, pair: Pair) -> Iterator[Way]:
    """Give the exclusions of repeats of which the first record may be another one in the other result."""
    for place, exclude in enumerate(rulebook.excludes):
        if exclude.repeats is None or pair.form == "silence" or not _looks_at(exclude, aggregate.kinds):
            continue
        if pair.form == "one more record":
            if _displaces(rulebook, place, exclude, measure, aggregate, pair.kind):
                yield Way("exclusion", exclude.name, "another is first")
        elif "actor" not in exclude.repeats:
            yield Way("exclusion", exclude.name, "another is first")


def _looks_at(exclude: Exclude, kinds: tuple[str, ...]) -> bool:
    return exclude.when is None or any(decide(exclude.when, World(None, kind)) is not False for kind in kinds)


def _displaces(
    rulebook: Rulebook, place: int, exclude: Exclude, measure: Measure, aggregate: RecordAggregate, kind: str
) -> bool:
    """Say whether a record that becomes the first of those that agree can count for less than the one before it.

    INVARIANT: it cannot where all that settles what a record counts for is among the fields in which they agree.
    """
    assert exclude.repeats is not None  # noqa: S101  only exclusions of repeats are asked about
    if not _looks_at(exclude, (kind,)):
        return False
    alike = {"subject", *exclude.repeats}
    if kind not in aggregate.kinds:
        # Of another kind it may be the first all the same, unless the kind is among what they agree in.
        return "kind" not in alike
    later = [each.when for each in rulebook.excludes[place:] if each.when is not None]
    later += [each.when for each in _heeded(rulebook, aggregate) if each.when is not None]
    later += [] if measure.when is None else [measure.when]
    known = "kind" in alike
    open_ = [each for each in later if not known or decide(each, World(None, kind)) is None]
    further = [each for each in rulebook.excludes[place + 1 :] if each.repeats is not None]
    whose = frozenset({"actor"} if aggregate.given else ())
    read = whose.union(*map(_fields, open_), _of_aggregate(aggregate), *_limits(measure))
    chained = any(_looks_at(each, (kind,)) for each in further)
    asks = any(_holds(each, Returned) for each in (*open_, *_values(aggregate)))
    return chained or asks or not read <= alike


def _values(aggregate: Aggregate) -> tuple[Expr, ...]:
    """Return the expressions of a record's value."""
    match aggregate:
        case SumOf(value=value) | Pick(value=value):
            return (value,)
        case SumByKind(values=values):
            return tuple(value for _, value in values)
        case _:
            return ()


def _of_aggregate(aggregate: RecordAggregate) -> frozenset[str]:
    """Name the fields that a record's value depends on."""
    read = frozenset[str]().union(*map(_fields, _values(aggregate)))
    match aggregate:
        case Distinct(fields=names):
            return frozenset(names)
        case HIndex(field=name):
            return frozenset({name})
        case SumByKind():
            return read | {"kind"}
        case Pick(how="latest"):
            return read | {"at"}
        case _:
            return read


def _limits(measure: Measure) -> Iterator[frozenset[str]]:
    if measure.keep is not None:
        yield frozenset(measure.keep.fields)
    if measure.diluted:
        yield frozenset({"actor"})


def _fields(expr: Expr) -> frozenset[str]:
    """Name the fields of a record that an expression reads; an attribute goes by whose it is."""
    found: set[str] = set()
    for each in nodes(expr):
        match each:
            case FieldOf(name=name):
                found.add(name)
            case AttributeOf(whose=whose):
                found.add(whose)
            case _:
                pass
    return frozenset(found)


def _holds(expr: Expr, kind: type) -> bool:
    return any(isinstance(each, kind) for each in nodes(expr))
