"""Takes what a condition can be in the two results of a pair; gives what conditions made of it can be, by Kleene."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Literal

Truth = bool | None
Truths = frozenset[tuple[Truth, Truth]]
"""Every pair of truths, before and after, that a condition may have; None: missing."""

_ALL: tuple[Truth, ...] = (True, False, None)
STEADY: Truths = frozenset([(True, True), (False, False)])
MAYBE: Truths = frozenset([*STEADY, (None, None)])
ANY: Truths = frozenset(product(_ALL, _ALL))


def steady(*, optional: bool) -> Truths:
    """Return the truths of a condition that is the same in both results."""
    return MAYBE if optional else STEADY


def moving(*, rises: bool, falls: bool) -> Truths:
    """Return the truths of a condition that can come to hold, or cease to, and is missing in neither."""
    return STEADY | ({(False, True)} if rises else set()) | ({(True, False)} if falls else set())


def negated(of: Truths) -> Truths:
    """Return the truths of ``not x``."""
    return frozenset((_not(before), _not(after)) for before, after in of)


def combined(operator: Literal["and", "or"], operands: Iterable[Truths]) -> Truths:
    """Return the truths of ``x and y`` or ``x or y``."""
    found: Truths | None = None
    for each in operands:
        if found is None:
            found = each
        else:
            found = frozenset((_both(operator, a, c), _both(operator, b, d)) for (a, b), (c, d) in product(found, each))
    return STEADY if found is None else found


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _both(operator: Literal["and", "or"], left: Truth, right: Truth) -> Truth:
    decider = operator == "or"
    if decider in (left, right) and (left is decider or right is decider):
        return decider
    return None if left is None or right is None else not decider
