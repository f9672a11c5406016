"""Takes a function of an immutable value; gives one that works it out once for the same object.

Such values are trees: to compare two of them, or to hash one, takes about as long as most of what is asked of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Asked = TypeVar("Asked")
Found = TypeVar("Found")


def once(most: int) -> Callable[[Callable[[Asked], Found]], Callable[[Asked], Found]]:
    """Keep what was found of so many objects; of one more, all are forgotten, and it begins anew."""

    def keeping(work: Callable[[Asked], Found]) -> Callable[[Asked], Found]:
        # INVARIANT: an object that is kept lives, so that no other has its `id`.
        kept: dict[int, tuple[Asked, Found]] = {}

        @wraps(work)
        def asked(value: Asked) -> Found:
            found = kept.get(id(value))
            if found is not None:
                return found[1]
            made = work(value)
            if len(kept) >= most:
                kept.clear()
            kept[id(value)] = (value, made)
            return made

        return asked

    return keeping
