"""Takes a checked rulebook; gives for each declaration which rules, requirements and bands read it, through measures
too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from tallystick.rules.expression import AttributeOf, EarnedOf, FieldOf, MeasureOf, ParameterOf
from tallystick.rules.measure import Aggregate, Count, Distinct, Formula, HIndex, Keep, Measure, SumByKind, SumOf
from tallystick.rules.placed import nodes
from tallystick.rules.questions.decide import touches
from tallystick.rules.rule import Range, Row, Values
from tallystick.rules.rulebook import Discount, Exclude, Kind, Parameter, Rulebook

Node = tuple[Kind, str]


def readers(rulebook: Rulebook) -> dict[Node, tuple[str, ...]]:
    """Name for each field, attribute, parameter, measure, exclusion and discount who reads it.

    Which records an exclusion or discount takes is only known when records are there: a rule is said to read one unless
    its condition tells by their kinds alone that it takes none of those which the rule counts.
    """
    direct = {("measure", each.name): _read(each, rulebook) for each in rulebook.measures}
    found: dict[Node, list[str]] = {}
    reading = [(each.name, _read(each, rulebook)) for each in rulebook.requires]
    reading += [(each.name, _read(each, rulebook)) for each in rulebook.rules]
    reading += [(each.name, _read(each, rulebook)) for each in rulebook.bands]
    for reader, read in reading:
        seen: set[Node] = set()
        waiting = list(read)
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += direct.get(node, ())
        for node in seen:
            found.setdefault(node, []).append(reader)
    return {node: tuple(names) for node, names in found.items()}


def fields_read(rulebook: Rulebook, kind: str | None) -> frozenset[str]:
    """Return the fields that can decide what a record of a kind counts, in measures that anything reads; of any record,
    where records have no kind."""
    read = readers(rulebook)
    counting = [
        each
        for each in rulebook.measures
        if ("measure", each.name) in read
        and not isinstance(each.aggregate, Formula)
        and (kind is None or kind in each.aggregate.kinds)
    ]
    return frozenset(name for each in counting for sort, name in _read(each, rulebook) if sort == "field")


def parameters_of(row: Row, parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters that a table's row names as its bounds or values, of which only the text is kept."""
    match row.takes:
        case Range(low=low, high=high):
            ends: tuple[object, ...] = (low, high)
        case Values(values=values):
            ends = tuple(each for each in values if isinstance(each, Decimal))
        case _:
            return ()
    words = row.text.replace(",", " ").split()
    return tuple(each for each in parameters if each.name in words and each.value.value in ends)


def _read(node: object, rulebook: Rulebook) -> tuple[Node, ...]:
    return tuple(dict.fromkeys(_reads(node, rulebook)))


def _reads(tree: object, rulebook: Rulebook) -> Iterator[Node]:
    """Give what a tree names, itself and below."""
    for each in nodes(tree):
        yield from _named(each, rulebook)


def _named(node: object, rulebook: Rulebook) -> Iterator[Node]:
    """Give what a node itself names."""
    match node:
        case FieldOf(name):
            yield ("field", name)
        case AttributeOf(name):
            yield ("attribute", name)
        case ParameterOf(name):
            yield ("parameter", name)
        case MeasureOf(name) | EarnedOf(name):
            yield ("measure", name)
        case Distinct() | Keep():
            yield from (("field", name) for name in node.fields)
        case Exclude():
            yield from (("field", name) for name in node.repeats or ())
        case HIndex():
            yield ("field", node.field)
        case Row():
            yield from (("parameter", each.name) for each in parameters_of(node, rulebook.parameters))
        case Measure() if not isinstance(node.aggregate, Formula):
            excludes, discounts = _excluding(rulebook, node.aggregate.kinds), _discounting(rulebook, node.aggregate)
            for taking in (*excludes, *discounts):
                yield from _reads(taking, rulebook)
            yield from (("exclude", each.name) for each in excludes)
            yield from (("discount", each.name) for each in discounts)
            yield ("field", "kind")
            yield ("field", "at")
            if rulebook.score.by is not None:
                yield ("field", rulebook.score.by)


def _excluding(rulebook: Rulebook, kinds: tuple[str, ...]) -> list[Exclude]:
    """Return the exclusions that can decide which records of these kinds count.

    INVARIANT: who comes first among repeats depends on the exclusions before, of all kinds that are compared.
    """
    found: list[Exclude] = []
    for each in reversed(rulebook.excludes):
        if touches(each, kinds):
            found.insert(0, each)
            if each.repeats is not None and "kind" not in each.repeats:
                kinds = tuple(kind for kind in rulebook.kinds if kind in kinds or touches(each, (kind,)))
    return found


def _discounting(rulebook: Rulebook, aggregate: Aggregate) -> list[Discount]:
    """Return the discounts that can lower what an aggregate counts; an average or the like takes each in full."""
    if not isinstance(aggregate, Count | SumOf | SumByKind | Distinct):
        return []
    return [each for each in rulebook.discounts if touches(each, aggregate.kinds)]
