"""Takes the lines of an explanation; gives each in words. People who share a line are told it in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

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


class _Told(Struct, frozen=True):
    """A line in words, and under which heading each of its measures has been told by then."""

    entry: Entry
    measures: tuple[tuple[str, str], ...]


_NAMES: Alongside[tuple[str, ...]] = Alongside()
_TOLD: Alongside[_Told] = Alongside()


def line_entries(document: Explanation) -> Iterator[Entry]:
    """Give each line in words."""
    mean = document.scale.out_of is not None
    told: dict[str, str] = {}
    for line in document.lines:
        names = _NAMES.of(line, None, partial(_names_in, line))
        before = tuple((name, told[name]) for name in names if name in told)
        found = _TOLD.of(line, (mean, before), partial(_tell, line, before, mean=mean))
        told.update(found.measures)
        stated = statements_on(line, document)
        yield Entry(found.entry.heading, (*found.entry.items, *stated)) if stated else found.entry


def _tell(line: Line, before: tuple[tuple[str, str], ...], *, mean: bool) -> _Told:
    """Put a line into words; ``before``: where its measures were told in full."""
    told = dict(before)
    words = [each for each in line_sentences(line, told, mean=mean) if each]
    if line.why is not None:
        words.append(say("Why this rule: {why}", why=sentence(line.why)))
    worked = working_sentence(line)
    if worked is not None:
        words.append(worked)
    return _Told(Entry(line_heading(line), tuple(words)), tuple(told.items()))


def _names_in(line: Line) -> tuple[str, ...]:
    """Return the names of a line's measures and of what they are made of, each once."""
    return tuple(dict.fromkeys(_names(line.measures)))


def _names(measures: tuple[Measured, ...]) -> Iterator[str]:
    """Give the names of measures and of what they are made of."""
    for each in measures:
        yield each.measure
        yield from _names(each.parts)
