"""Takes a part of a document; gives what was made of it before, kept beside it for as long as it lives."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, cast
from weakref import ref

from tallystick.explain.fact import Fact
from tallystick.explain.tongue import Tongue, spoken

Of = TypeVar("Of", bound=Fact)
Made = TypeVar("Made")


class _Beside(ref[Fact]):
    """What was made of a part, and where it is kept: all that Python's collector finds of it is this one object."""

    __slots__ = ("at", "made")
    at: int
    made: dict[Hashable, tuple[Tongue | None, Any]]


class Alongside(Generic[Of, Made]):
    """What was made of parts, in the language that was spoken then.

    A part is known by which one it is, not by what it is equal to: to compare whole parts would take longer than to
    make it again. INVARIANT: what is kept goes when its part does, so no other part is ever taken for it.
    """

    def __init__(self) -> None:
        """Keep nothing yet."""
        kept: dict[int, _Beside] = {}
        self._kept = kept

        def forget(gone: ref[Fact]) -> None:
            kept.pop(cast("_Beside", gone).at, None)

        self._forget = forget

    def of(self, part: Of, given: Hashable, make: Callable[[Of], Made]) -> Made:
        """Return what ``make`` made of the part and of what else was ``given``."""
        at, tongue = id(part), spoken()
        beside = self._kept.get(at)
        if beside is None:
            beside = _Beside(part, self._forget)
            beside.at, beside.made = at, {}
            self._kept[at] = beside
        found = beside.made.get(given)
        if found is None or found[0] is not tongue:
            found = beside.made[given] = (tongue, make(part))
        made: Made = found[1]
        return made
