"""Takes two checked rulebooks; gives which names became which, and the old rulebook under its new names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeVar, cast

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.rules.diff.declarations import (
    ATTRIBUTES,
    BANDS,
    DISCOUNTS,
    EXAMPLES,
    EXCLUDES,
    FIELDS,
    MEASURES,
    PARAMETERS,
    PROMISES,
    REQUIRES,
    RULES,
)
from tallystick.rules.diff.parts import Sort
from tallystick.rules.diff.sameness import Likeness, likeness
from tallystick.rules.epochs import in_each
from tallystick.rules.expression import AttributeOf, EarnedOf, FieldOf, MeasureOf, ParameterOf
from tallystick.rules.measure import Distinct, HIndex, Keep, Measure
from tallystick.rules.rule import PLACEHOLDER, Facet, Range, Row, Rule
from tallystick.rules.rulebook import (
    ROLES,
    Band,
    Discount,
    Example,
    Exclude,
    Expectation,
    Field,
    Grid,
    Kind,
    Parameter,
    Promise,
    Require,
    Rulebook,
    Score,
)

D = TypeVar("D")
T = TypeVar("T")

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Names(Struct, frozen=True):
    """Old names and what they are called now, by the space of names they live in."""

    values: dict[str, str] = field(default_factory=dict)  # fields, attributes, parameters and measures share one space
    rules: dict[str, str] = field(default_factory=dict)
    facets: dict[str, str] = field(default_factory=dict)
    bands: dict[str, str] = field(default_factory=dict)
    excludes: dict[str, str] = field(default_factory=dict)
    discounts: dict[str, str] = field(default_factory=dict)
    requires: dict[str, str] = field(default_factory=dict)
    promises: dict[str, str] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def of(self, kind: Kind) -> dict[str, str]:
        """Return the space that a sort of declaration lives in."""
        match kind:
            case "rule":
                return self.rules
            case "facet":
                return self.facets
            case "band":
                return self.bands
            case "exclude":
                return self.excludes
            case "discount":
                return self.discounts
            case "require":
                return self.requires
            case "promise":
                return self.promises
            case "example":
                return self.examples
            case _:
                return self.values


def find_renames(old: Rulebook, new: Rulebook) -> Names:
    """Find what only goes by another name. What others refer to comes first, so that references follow it."""
    names = Names()
    while _find_one(renamed(old, names), new, names):
        pass
    return names


def renamed(node: T, names: Names) -> T:
    """Return a tree in which every name, where it is declared and where it is meant, is the new one."""
    spaces = (getattr(names, each) for each in names.__struct_fields__)
    if not any(spaces):
        return node
    if isinstance(node, Rulebook):
        found: object = in_each(node, lambda each: _renamed(each, names))
        return cast("T", found)
    return _renamed(node, names)


def _renamed(node: T, names: Names) -> T:
    if isinstance(node, tuple):
        return tuple(_renamed(each, names) for each in node)  # type: ignore[return-value]
    if not isinstance(node, Struct):
        return node
    below = {name: getattr(node, name) for name in node.__struct_fields__}
    now = {name: _renamed(value, names) for name, value in below.items() if isinstance(value, tuple | Struct)}
    moved = {name: value for name, value in now.items() if value is not below[name] and value != below[name]}
    within: T = replace(node, **moved) if moved else node
    return _own(within, names)


def _own(node: T, names: Names) -> T:
    """Replace the names that a node itself holds."""
    values = names.values
    match node:
        case FieldOf() | AttributeOf() | ParameterOf() | MeasureOf() | EarnedOf() | Field() | Parameter() | Measure():
            return replace(node, name=values.get(node.name, node.name))
        case Distinct() | Keep():
            return replace(node, fields=_each(node.fields, values))
        case HIndex():
            return replace(node, field=values.get(node.field, node.field))
        case Score() if node.by is not None:
            return replace(node, by=values.get(node.by, node.by))
        case Row() if isinstance(node.takes, Range):
            return replace(node, text=_NAME.sub(lambda m: values.get(m[0], m[0]), node.text))
        case Exclude():
            repeats = None if node.repeats is None else _each(node.repeats, values)
            return replace(node, name=names.excludes.get(node.name, node.name), repeats=repeats)
        case Discount():
            return replace(node, name=names.discounts.get(node.name, node.name))
        case Require():
            return replace(node, name=names.requires.get(node.name, node.name))
        case Facet():
            return replace(node, name=names.facets.get(node.name, node.name))
        case Rule():
            say = None if node.say is None else PLACEHOLDER.sub(lambda m: f"{{{values.get(m[1], m[1])}}}", node.say)
            facet = None if node.facet is None else names.facets.get(node.facet, node.facet)
            return replace(node, name=names.rules.get(node.name, node.name), facet=facet, say=say)
        case Band():
            return replace(node, name=names.bands.get(node.name, node.name))
        case Promise() | Example() | Grid() | Expectation():
            return _of_test(node, names)
        case _:
            return node


def _of_test(node: T, names: Names) -> T:
    """Replace the names that a promise, an example or a part of one holds."""
    match node:
        case Promise():
            return replace(node, text=names.promises.get(node.text, node.text))
        case Example():
            return replace(node, title=names.examples.get(node.title, node.title))
        case Grid():
            return replace(node, columns=_each(node.columns, names.values))
        case Expectation():
            kind = _expected(node)
            name = node.name if kind is None or node.name is None else names.of(kind).get(node.name, node.name)
            return replace(node, name=name, names=_each(node.names, names.rules))
        case _:
            return node


def _expected(node: Expectation) -> Kind | None:
    """Return what an expectation names: a declaration of this kind, or (``above``) a person."""
    match node.form:
        case "band":
            return "band"
        case "no score" | "insufficient data":
            return "require"
        case "score" | "rule" | "because":
            return "rule"
        case "above":
            return None


def _each(listed: tuple[str, ...], space: dict[str, str]) -> tuple[str, ...]:
    return tuple(space.get(name, name) for name in listed)


def _find_one(old: Rulebook, new: Rulebook, names: Names) -> bool:
    """Add the first renaming that is found; say whether there was one."""
    return (
        _pair(FIELDS, old, new, names)
        or _pair(ATTRIBUTES, old, new, names)
        or _pair(PARAMETERS, old, new, names)
        or _pair(MEASURES, old, new, names)
        or _pair(REQUIRES, old, new, names)
        or _pair(EXCLUDES, old, new, names)
        or _pair(DISCOUNTS, old, new, names)
        or _pair_facets(old, new, names)
        or _pair(RULES, old, new, names)
        or _pair(BANDS, old, new, names)
        or _pair(PROMISES, old, new, names)
        or _pair(EXAMPLES, old, new, names)
    )


def _pair(sort: Sort[D], old: Rulebook, new: Rulebook, names: Names) -> bool:
    """Add the surest renaming of a sort of declaration; a field with a role is never another one renamed."""
    here, there = {sort.name(each) for each in sort.of(new)}, {sort.name(each) for each in sort.of(old)}
    gone = [each for each in sort.of(old) if sort.name(each) not in here | ROLES]
    come = [each for each in sort.of(new) if sort.name(each) not in there | ROLES]
    best = max(
        ((_trust(sort, a, b), -i, -j) for i, a in enumerate(gone) for j, b in enumerate(come)), default=(0, 0, 0)
    )
    if best[0] == 0:
        return False
    names.of(sort.kind)[sort.name(gone[-best[1]])] = sort.name(come[-best[2]])
    return True


def _trust(sort: Sort[D], old: D, new: D) -> int:
    """Say how sure it is that two declarations are one, renamed: 0 not, up to 3.

    3: the same but for the name (of a field: with the same column). 2: the same but for words, where what is left
    tells them apart. 1: the same title, and one part of the meaning differs.
    """
    differing = list(_differing(sort, old, new))
    meaning = [words_only for words_only in differing if not words_only]
    same_title = sort.title(old) is not None and sort.title(old) == sort.title(new)
    if not differing:
        return 3
    if not meaning and (sort.telling or same_title):
        return 2
    return 1 if len(meaning) == 1 and same_title else 0


def _differing(sort: Sort[D], old: D, new: D) -> Iterator[bool]:
    """Give for each part that differs whether it is only words."""
    for part in sort.parts:
        if likeness(part.value(old), part.value(new)) is Likeness.DIFFERENT:
            yield part.words_only
    match old, new:
        case Rule(), Rule():
            yield from _body(old, new)
        case Example(), Example() if old.expects != new.expects:
            yield False
        case Parameter(), Parameter() if likeness(old.dated, new.dated) is Likeness.DIFFERENT:
            yield False
        case Band(), Band() if likeness(old.needs, new.needs) is Likeness.DIFFERENT:
            yield False


def _body(old: Rule, new: Rule) -> Iterator[bool]:
    if type(old.body) is not type(new.body):
        yield from (False, False)
        return
    for name in old.body.__struct_fields__:
        if likeness(getattr(old.body, name), getattr(new.body, name)) is Likeness.DIFFERENT:
            yield False


def _pair_facets(old: Rulebook, new: Rulebook, names: Names) -> bool:
    """Facets say little of themselves: two are one if they have the same title, or more than half of their rules."""
    here, there = {each.name for each in new.facets}, {each.name for each in old.facets}
    for gone in (each for each in old.facets if each.name not in here):
        for come in (each for each in new.facets if each.name not in there):
            ours = {rule.name for rule in old.rules if rule.facet == gone.name}
            theirs = {rule.name for rule in new.rules if rule.facet == come.name}
            if gone.title == come.title or 2 * len(ours & theirs) > len(ours | theirs):
                names.facets[gone.name] = come.name
                return True
    return False
