"""Takes the declarations of a file; warns of numbers such as ``1.000``, which are thousands in many languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from tallystick.rules import syntax
from tallystick.rules.check.scope import Check
from tallystick.rules.check_errors import numbers as say
from tallystick.rules.placed import compared_fields
from tallystick.rules.source import Span

_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}\.000")
_THIRD_PLACE: Final = re.compile(r"[0-9]+\.[0-9]{2}[1-9]%?")
_PLACES: Final = 3


def warn(check: Check) -> None:
    """Warn of each, unless another number needs three places, so that these are written with three to match."""
    if ".000" not in check.source.text:
        return
    written = [(span.start, check.text(span).split()[0]) for each in check.file.declarations for span in _numbers(each)]
    if any(_THIRD_PLACE.fullmatch(number) for _, number in written):
        return
    for start, number in written:
        if _GROUPED.fullmatch(number):
            check.report(say.number_two_ways(check.source, Span(start, start + len(number)), number))


def _numbers(node: object) -> Iterator[Span]:
    """Return the places of the numbers and durations in a tree; what an example has, and the bounds of a type that
    says how many places it has, are written with the places that they have."""
    match node:
        case syntax.NumberLiteral(span=span) | syntax.DurationLiteral(span=span):
            yield span
        case syntax.Example():
            return
        case syntax.FieldType(places=syntax.NumberLiteral(value=places)) if places >= _PLACES:
            return
        case tuple():
            for each in node:
                yield from _numbers(each)
        case Struct():
            for name in compared_fields(type(node)):
                yield from _numbers(getattr(node, name))
        case _:
            return
