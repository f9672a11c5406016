"""Takes the lines of an explanation; gives each in words. People who share a line are told it in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from tallystick.explain.alongside import Alongside
from tallystick.explain.document import Explanation
from tallystick.explain.page import Entry
from tallystick.explain.plain import sentence
from tallystick.explain.tongue import say
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.measures import Measured
from tallystick.explain.words.acts import statements_on
from tallystick.explain.words.lines import line_heading, line_sentences, working_sentence

_Before: TypeAlias = tuple[tuple[str, str], ...]
"""Under which headings measures have been told."""


class _Told(Struct, frozen=True, gc=False):
    """A line in words, and under which heading each of its measures has been told by then."""

    entry: Entry
    measures: _Before


class _Words(Struct, frozen=True, gc=False):
    """The names of a line's measures, and the line in words by which of them were told before."""

    names: tuple[str, ...]
    told: dict[_Before, _Told]


_KEPT: Alongside[Line, _Words] = Alongside()


def line_entries(document: Explanation) -> Iterator[Entry]:
    """Give each line in words."""
    mean = document.scale.out_of is not None
    told: dict[str, str] = {}
    for line in document.lines:
        words = _KEPT.of(line, mean, _unsaid)
        before = tuple([(name, told[name]) for name in words.names if name in told])
        found = words.told.get(before)
        if found is None:
            found = words.told[before] = _tell(line, before, mean=mean)
        told.update(found.measures)
        stated = statements_on(line, document) if document.statements else ()
        yield Entry(found.entry.heading, (*found.entry.items, *stated)) if stated else found.entry


def _unsaid(line: Line) -> _Words:
    return _Words(tuple(dict.fromkeys(_names(line.measures))), {})


def _tell(line: Line, before: _Before, *, mean: bool) -> _Told:
    """Put a line into words; ``before``: where its measures were told in full."""
    told = dict(before)
    words = [each for each in line_sentences(line, told, mean=mean) if each]
    if line.why is not None:
        words.append(say("Why this rule: {why}", why=sentence(line.why)))
    worked = working_sentence(line)
    if worked is not None:
        words.append(worked)
    return _Told(Entry(line_heading(line), tuple(words)), tuple(told.items()))


def _names(measures: tuple[Measured, ...]) -> list[str]:
    """Return the names of measures and of what they are made of."""
    found = []
    for each in measures:
        found.append(each.measure)
        if each.parts:
            found += _names(each.parts)
    return found
