"""Takes nothing; gives the ground of values that hold more than they mean (a place, or a text kept for show), and the
walk through a tree of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from typing import ClassVar

from msgspec import Struct


class Placed(Struct, frozen=True):
    """A value whose fields ``BESIDE`` count neither in a comparison nor in what is printed of it."""

    BESIDE: ClassVar[frozenset[str]] = frozenset({"span"})

    def __eq__(self, other: object) -> bool:
        """Compare by what counts, with a value of the same class."""
        if type(other) is not type(self):
            return NotImplemented
        counted = _counted(type(self))
        return counted(self) == counted(other)

    def __hash__(self) -> int:
        """Agree with the comparison."""
        return hash(_counted(type(self))(self))

    def __repr__(self) -> str:
        """Print what counts."""
        kind = type(self)
        return f"{kind.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in compared_fields(kind))})"


_compared: dict[type, tuple[str, ...]] = {}


def compared_fields(kind: type) -> tuple[str, ...]:
    """Name the fields of a value class that count in a comparison: all but places and texts kept for show."""
    if kind not in _compared:
        beside = kind.BESIDE if issubclass(kind, Placed) else frozenset()
        _compared[kind] = tuple(name for name in getattr(kind, "__struct_fields__", ()) if name not in beside)
    return _compared[kind]


def nodes(tree: object) -> Iterator[object]:
    """Give every node of a tree: its values, the whole one first, each before what it holds."""
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, tuple):
            waiting.extend(reversed(each))
        elif isinstance(each, Struct):
            yield each
            waiting.extend([getattr(each, name) for name in reversed(compared_fields(type(each)))])


@cache
def _counted(kind: type) -> Callable[[object], object]:
    """Give what reads the fields that count: one of them by itself, several as a tuple."""
    names = compared_fields(kind)
    return attrgetter(*names) if names else lambda _: ()
