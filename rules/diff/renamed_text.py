"""Takes a rulebook's canonical text and new names for its declarations; gives the text's tree with the new names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules import syntax
from tallystick.rules.diff.renames import Names
from tallystick.rules.expression import AttributeOf, EarnedOf, Expr, FieldOf, MeasureOf, ParameterOf
from tallystick.rules.placed import compared_fields, nodes
from tallystick.rules.rule import PLACEHOLDER
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Span
from tallystick.rules.syntax import SyntaxFile, Word

T = TypeVar("T")


def renamed_file(file: SyntaxFile, checked: Rulebook, names: Names) -> SyntaxFile:
    """Return a file in which everything goes by its new name. ``checked`` is the same file, checked.

    What a name in an expression means is the checker's business (a value of ``one of`` may be called like a measure):
    a name is a reference exactly where the checked tree has one.
    """
    return _renamed(file, names, frozenset(_references(checked)))


def _references(tree: object) -> Iterator[Span]:
    """Give the places of all names that mean a field, an attribute, a parameter or a measure."""
    for node in nodes(tree):
        if isinstance(node, Expr) and isinstance(node.op, FieldOf | AttributeOf | ParameterOf | MeasureOf | EarnedOf):
            yield node.span


def _renamed(node: T, names: Names, meant: frozenset[Span]) -> T:
    if isinstance(node, tuple):
        return tuple(_renamed(each, names, meant) for each in node)  # type: ignore[return-value]
    if not isinstance(node, Struct):
        return node
    below = {name: getattr(node, name) for name in compared_fields(type(node))}
    now = {name: _renamed(value, names, meant) for name, value in below.items()}
    within: T = replace(node, **{name: value for name, value in now.items() if value is not below[name]})
    return _own(within, names, meant)


def _own(node: T, names: Names, meant: frozenset[Span]) -> T:
    """Replace the names that a node itself holds."""
    values = names.values
    match node:
        case syntax.Name() if node.span in meant:
            return replace(node, text=values.get(node.text, node.text))
        case syntax.Dotted():
            return replace(node, name=_word(node.name, values))
        case syntax.RangeCells():
            # A bound that is a name is a parameter: of it, the checked tree holds the value alone.
            return replace(node, low=_bound(node.low, values), high=_bound(node.high, values))
        case syntax.Field():
            now = _word(node.name, values)
            column = node.column if node.column is not None or now == node.name else syntax.Text(node.name.text)
            return replace(node, name=now, column=column)
        case syntax.Parameter() | syntax.Measure():
            return replace(node, name=_word(node.name, values))
        case syntax.Keep() | syntax.Distinct() | syntax.Repeats():
            return replace(node, fields=tuple(_word(each, values) for each in node.fields))
        case syntax.HIndex():
            return replace(node, by=_word(node.by, values))
        case syntax.Score() if node.by is not None:
            return replace(node, by=_word(node.by, values))
        case syntax.Say():
            text = PLACEHOLDER.sub(lambda m: f"{{{values.get(m[1], m[1])}}}", node.text.value)
            return replace(node, text=syntax.Text(text))
        case _:
            return _declaration(node, names)


def _declaration(node: T, names: Names) -> T:
    match node:
        case syntax.Exclude():
            return replace(node, name=_word(node.name, names.excludes))
        case syntax.Discount():
            return replace(node, name=_word(node.name, names.discounts))
        case syntax.Require():
            return replace(node, name=_word(node.name, names.requires))
        case syntax.Facet():
            return replace(node, name=_word(node.name, names.facets))
        case syntax.Rule():
            return replace(node, name=_word(node.name, names.rules))
        case syntax.BandFrom() | syntax.BandNeeds():
            return replace(node, name=_word(node.name, names.bands))
        case _:
            return node


def _word(word: Word, space: Mapping[str, str]) -> Word:
    return Word(space[word.text]) if word.text in space else word


def _bound(bound: syntax.Expr | None, values: Mapping[str, str]) -> syntax.Expr | None:
    return syntax.Name(values[bound.text]) if isinstance(bound, syntax.Name) and bound.text in values else bound
