"""Takes a rulebook that uses every node there is; edits every field of every node in turn, and asks what changed."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal, Union, get_args, get_origin, get_type_hints

import pytest
from generators.accepted import accepted
from msgspec import Struct
from msgspec.structs import replace

from tallystick.rules import expression, measure, rule, rulebook, value
from tallystick.rules.diff import declarations
from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.parts import Sort
from tallystick.rules.expression import Constant, Expr, Literally
from tallystick.rules.load import read
from tallystick.rules.placed import compared_fields
from tallystick.rules.rule import Missing
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Source
from tallystick.rules.value import NumberType, TextType

TEXT = (Path(__file__).parents[1] / "everything.tally").read_text(encoding="utf-8")


def rich() -> Rulebook:
    """Give the rulebook that uses everything."""
    checked, diagnostics = read(Source("rich.tally", TEXT))
    assert checked is not None, "\n".join(
        f"{each.source.place(each.primary.span.start)}: {each.message}" for each in diagnostics
    )
    return checked


@dataclass(frozen=True)
class Edit:
    """One field of one node, with another value in its place, and the whole rulebook that this makes."""

    node: str
    field: str
    rulebook: Rulebook


def edits(root: Rulebook) -> Iterator[Edit]:
    """Give the rulebook with every field of every node replaced, one at a time."""
    for node, field, made in _edits(root):
        assert isinstance(made, Rulebook)
        yield Edit(node, field, made)


def _edits(node: object) -> Iterator[tuple[str, str, object]]:
    """Edit a node's own fields, then everything below it, handing the rebuilt node up."""
    if isinstance(node, tuple):
        for place, each in enumerate(node):
            for name, field, made in _edits(each):
                yield name, field, (*node[:place], made, *node[place + 1 :])
        return
    if not isinstance(node, Struct):
        return
    hints = get_type_hints(type(node))
    for each in compared_fields(type(node)):
        value = getattr(node, each)
        for other in _others(value, hints[each]):
            yield type(node).__name__, each, replace(node, **{each: other})
        for name, field, made in _edits(value):
            yield name, field, replace(node, **{each: made})


SAMPLES: dict[object, object] = {
    Expr: Expr(Literally(Decimal(77)), NumberType(Decimal(77), Decimal(77), 0), optional=False),
    Constant: Constant(
        Decimal(77), Expr(Literally(Decimal(77)), NumberType(Decimal(77), Decimal(77), 0), optional=False)
    ),
    Literally: Literally(Decimal(99)),
    TextType: TextType(),
    Missing: Missing(),
    str: "other",
    Decimal: Decimal(77),
    date: date(2031, 1, 1),
    datetime: datetime(2031, 1, 1),  # noqa: DTZ001 - as the rulebook holds moments
    int: 7,
    bool: True,
}


def _others(value: object, hint: object) -> Iterator[object]:
    """Give other values of the field's type: another number, another word of those allowed, nothing, something."""
    options = get_args(hint) if isinstance(hint, types.UnionType) or get_origin(hint) is Union else (hint,)
    words = [word for option in options if get_origin(option) is Literal for word in get_args(option)]
    match value:
        case bool():
            yield not value
        case Decimal() | int():
            yield value + 1
        case str() if words:
            yield next(word for word in words if word != value)
        case str():
            yield f"{value}x"
        case datetime() | date():
            yield value + timedelta(days=1)
        case () if any(_is_node(each) for option in options for each in get_args(option)):
            pass  # what a declaration would be is tried where there are some
        case tuple():
            yield value[:-1] if value else ("other",)
        case None:
            yield from words[:1] or [SAMPLES[option] for option in options if option in SAMPLES][:1]
        case _:
            yield from [SAMPLES[option] for option in options if option in SAMPLES and SAMPLES[option] != value][:1]
    if value is not None and type(None) in options:
        yield None


def _is_node(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def needing() -> Rulebook:
    """Give a rulebook whose bands have needs, which no rulebook with thresholds can."""
    return accepted(NEEDING)


NEEDING = """
rulebook "Needing" version 1.0.0

parameter much = 5 "how much is much"
    from 2026-07-01 = 6 because "There is more."
    from 2027-07-01 = 7 because "There is more still."

subjects
    size number 0 to 9
    stay number 0 to 9

score "Needing"
    sum of all rules

bands
    low "Low"
        needs size >= 1 "Some."
    high "High"
        needs size >= much "Much."
        needs stay > 3 and size != 7 "Four days."
"""
RICH = rich()
EDITS = [*((RICH, edit) for edit in edits(RICH)), *((book, edit) for book in [needing()] for edit in edits(book))]
ENOUGH = 12
"""Edits of one field, in different places, that are tried."""
FIELDS: dict[str, dict[str, list[tuple[Rulebook, Edit]]]] = {}
for _book, _edit in EDITS:
    FIELDS.setdefault(_edit.node, {}).setdefault(_edit.field, []).append((_book, _edit))


def test_every_field_has_a_word() -> None:
    """No field of a declaration is without a part that compares it and says it."""
    sorts = [each for each in vars(declarations).values() if isinstance(each, Sort)]
    assert len(sorts) == 14
    for sort in sorts:
        covered = {name for part in sort.parts for name in part.covers} | set(sort.elsewhere)
        assert set(compared_fields(sort.node)) - covered == set(), sort.kind


def test_the_rulebook_uses_every_node() -> None:
    """The rulebook that is edited holds every sort of node, so that no field escapes the edits."""
    with_fields = {
        each.__name__
        for module in (value, expression, measure, rule, rulebook)
        for each in vars(module).values()
        if _is_node(each) and each.__module__ == module.__name__ and each.__struct_fields__
    }
    assert with_fields - {edit.node for _, edit in EDITS} == set()
    assert len(EDITS) > 500


def test_nothing_differs_from_itself() -> None:
    """A rulebook has no difference to itself, nor to another reading of its text."""
    assert diff(RICH, RICH) == ()
    assert diff(RICH, rich()) == ()


@pytest.mark.parametrize("node", sorted(FIELDS))
def test_every_edit_is_seen(node: str) -> None:
    """Whichever field of whichever node is edited, something is said to be different, in both directions."""
    tried = [edit for field in FIELDS[node] for edit in FIELDS[node][field][:ENOUGH]]
    unseen = [edit.field for book, edit in tried if not diff(book, edit.rulebook) or not diff(edit.rulebook, book)]
    assert unseen == []
