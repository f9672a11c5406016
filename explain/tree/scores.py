"""Takes nothing; names what leads from lines to a score: facets, adjustments, the scale, and reasons."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact
from tallystick.explain.part import AdjustmentKind


class FacetTotal(Fact, frozen=True, kw_only=True):
    """A facet: the sum of its lines, and its subtotal after its bounds."""

    facet: str
    title: str
    because: str | None
    lines: Digits
    subtotal: Digits


class Adjustment(Fact, frozen=True, kw_only=True):
    """A signed amount between the lines and the score: a cap or floor (with its ``limit``), a division, a rounding."""

    place: Literal["facet", "score"]
    facet: str | None
    kind: AdjustmentKind
    limit: Digits | None
    amount: Digits


class Scale(Fact, frozen=True, kw_only=True):
    """What scores there can be: the ends, where the rulebook sets them, and the places printed.

    ``least`` and ``most``: no score lies beyond these by the rules, on whichever day, where that is less than the ends.
    """

    title: str
    low: Digits | None = field(name="from")
    high: Digits | None = field(name="to")
    least: Digits | None = None
    most: Digits | None = None
    places: int | None
    higher_is_better: bool
    out_of: Digits | None
    weights_that_apply: Digits | None


Method = Literal[
    "points given", "the most that the rule can give, less the points given", "the baseline, less the points given"
]
"""How the points of a reason were found."""


class Reason(Fact, frozen=True, kw_only=True):
    """A principal reason: the rule and by how many points it raised the score or kept it lower. ``code`` is that of the
    table's row, if it has one, else the rule's name."""

    direction: Literal["up", "down"]
    rule: str
    code: str
    title: str
    points: Digits
    compared_with: Digits
    method: Method


class MiddleHalf(Fact, frozen=True, kw_only=True):
    """Where the middle half of those with a score lie: a quarter has ``from`` or less, a quarter ``to`` or more.

    Both are scores that somebody has. It says nothing of where the person stands among them.
    """

    people: int
    low: Digits = field(name="from")
    high: Digits = field(name="to")
