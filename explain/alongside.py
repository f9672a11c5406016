"""Takes a part of a document; gives what was made of it before, kept beside it for as long as it lives."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import ref

from tallystick.explain.fact import Fact
from tallystick.explain.tongue import Tongue, spoken

Made = TypeVar("Made")


class Alongside(Generic[Made]):
    """What was made of parts, in the language that was spoken then.

    A part is known by which one it is, not by what it is equal to: to compare whole parts would take longer than to
    make it again. INVARIANT: what is kept goes when its part does, so no other part is ever taken for it.
    """

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: dict[int, tuple[ref[Fact], dict[Hashable, tuple[Tongue | None, Made]]]] = {}

    def of(self, part: Fact, given: Hashable, make: Callable[[], Made]) -> Made:
        """Return what ``make`` made of the part and of what else was ``given``."""
        at, tongue = id(part), spoken()
        kept = self._kept.get(at)
        if kept is None:
            kept = self._kept[at] = (ref(part, lambda _: self._kept.pop(at, None)), {})
        made = kept[1]
        found = made.get(given)
        if found is None or found[0] is not tongue:
            found = made[given] = (tongue, make())
        return found[1]
