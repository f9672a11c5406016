"""Takes a checked rulebook and an audience; gives what of it the audience may not see: what is private, and what reads
that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from tallystick.rules.audience import Audience
from tallystick.rules.expression import AttributeOf, EarnedOf, FieldOf, MeasureOf
from tallystick.rules.measure import Distinct, Formula, HIndex, Keep, Measure
from tallystick.rules.placed import nodes
from tallystick.rules.questions.given import takes_given
from tallystick.rules.rule import PLACEHOLDER, Rule
from tallystick.rules.rulebook import ROLES, Band, Discount, Exclude, Require, Rulebook

_Name = tuple[Literal["field", "own", "other", "measure", "other measure"], str]
"""What an expression names: a field, an attribute of the person or of somebody else, a measure of either."""


class Hidden(Struct, frozen=True):
    """What an audience may not see, by name.

    ``cells``: fields whose values are hidden in records that name anybody else. ``attributes``: of the person scored.
    ``measures``, ``rules``, ``requires`` and ``bands`` read something of that, themselves or through measures.
    ``excludes`` and ``discounts`` look at it in records.
    """

    cells: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    bands: frozenset[str] = frozenset()
    excludes: frozenset[str] = frozenset()
    discounts: frozenset[str] = frozenset()


def hidden_from(rulebook: Rulebook, audience: Audience) -> Hidden:
    """Return what an audience may not see.

    The public sees nothing private. The person sees what is private of their own: their attributes, and the fields of
    records that name nobody else; where records have an actor, what reads such a field is hidden as a whole, because
    its figure would tell what others wrote. Measures read the fields with a role in any case: a
    private one is hidden in records and nowhere else.
    """
    if audience is Audience.AUDITOR:
        return Hidden()
    fields = frozenset(each.name for each in rulebook.records or () if each.private)
    attributes = frozenset(each.name for each in rulebook.subjects or () if each.private)
    if not fields and not attributes:
        return Hidden()
    public = _closed(rulebook, _Private(fields - ROLES, attributes, attributes, frozenset()))
    if audience is Audience.PUBLIC:
        return _hidden(rulebook, fields, attributes, public)
    alone = all(each.name != "actor" for each in rulebook.records or ())
    private = _Private(frozenset() if alone else fields - ROLES, frozenset(), attributes, public.measures)
    return _hidden(rulebook, fields, frozenset(), _closed(rulebook, private))


class _Private(Struct, frozen=True):
    """What may not be read: fields, attributes of the person, those of others, and the measures of others; and which
    measures read it."""

    fields: frozenset[str]
    own: frozenset[str]
    other: frozenset[str]
    other_measures: frozenset[str]
    measures: frozenset[str] = frozenset()

    def read_in(self, names: Iterable[_Name]) -> bool:
        """Say whether any of these names is private."""
        of = {
            "field": self.fields,
            "own": self.own,
            "other": self.other,
            "measure": self.measures,
            "other measure": self.other_measures | self.measures,
        }
        return any(name in of[sort] for sort, name in names)


def _closed(rulebook: Rulebook, private: _Private) -> _Private:
    """Add the measures that read what is private, themselves or through others."""
    read = {each.name: frozenset(_of_measure(each)) for each in rulebook.measures}
    found: frozenset[str] = frozenset()
    while True:
        now = _Private(private.fields, private.own, private.other, private.other_measures, found)
        more = frozenset(name for name, names in read.items() if now.read_in(names))
        if more <= found:
            return now
        found |= more


def _hidden(rulebook: Rulebook, cells: frozenset[str], attributes: frozenset[str], private: _Private) -> Hidden:
    given = takes_given(rulebook)

    def reading(declared: Iterable[Rule | Require | Band | Exclude | Discount]) -> frozenset[str]:
        return frozenset(each.name for each in declared if private.read_in(_names(each, of_others=False)))

    def looking(declared: Iterable[Exclude | Discount]) -> frozenset[str]:
        # Where measures take what the person gives, an attribute of a record's subject is somebody else's, too.
        return frozenset(each.name for each in declared if private.read_in(_names(each, of_others=given)))

    return Hidden(
        cells=cells,
        attributes=attributes,
        measures=private.measures,
        rules=reading(rulebook.rules) | _saying(rulebook.rules, private, rulebook),
        requires=reading(rulebook.requires),
        bands=reading(rulebook.bands),
        excludes=looking(rulebook.excludes),
        discounts=looking(rulebook.discounts),
    )


def _saying(rules: Iterable[Rule], private: _Private, rulebook: Rulebook) -> frozenset[str]:
    """Name the rules whose own sentence has a private value in it."""
    measures = {each.name for each in rulebook.measures}

    def names(rule: Rule) -> Iterator[_Name]:
        for name in PLACEHOLDER.findall(rule.say or ""):
            yield ("measure" if name in measures else "own", name)

    return frozenset(each.name for each in rules if private.read_in(names(each)))


def _of_measure(measure: Measure) -> Iterator[_Name]:
    yield from _names(measure, of_others=not isinstance(measure.aggregate, Formula) and measure.aggregate.given)


def _names(tree: object, *, of_others: bool) -> Iterator[_Name]:
    """Give what a tree names, itself and below. ``of_others``: the subject of its records is somebody else."""
    for node in nodes(tree):
        match node:
            case FieldOf(name):
                yield ("field", name)
            case AttributeOf(name, whose):
                yield ("other" if of_others or whose == "actor" else "own", name)
            case MeasureOf(name):
                yield ("measure", name)
            case EarnedOf(name):
                yield ("other measure", name)
            case Distinct() | Keep():
                yield from (("field", name) for name in node.fields)
            case Exclude():
                yield from (("field", name) for name in node.repeats or ())
            case HIndex():
                yield ("field", node.field)
            case _:
                pass
