"""Takes nothing; names the figures by which groups of people are compared: counts, and fractions of a ledger's sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from msgspec import Struct

from tallystick.engine.ledger import Outcome, PlaceKind

Values = tuple[str, ...]
Small = Literal["few people", "small share"]


class Without(Struct, frozen=True):
    """How many have no score for want of a requirement (``score``: no rule applied)."""

    outcome: Outcome
    requirement: str
    people: int


class Distribution(Struct, frozen=True):
    """How scores lie. Quartiles are interpolated between the two scores next to them (Hyndman and Fan's type 7)."""

    least: Fraction
    lower: Fraction
    median: Fraction
    upper: Fraction
    greatest: Fraction
    mean: Fraction


class Group(Struct, frozen=True):
    """One group. ``above`` + ``level`` + ``below`` = ``scored``, held against the sample's median. ``rate`` = above /
    scored; ``ratio`` = rate / the highest rate; None without anybody scored, or where the highest rate is 0.
    ``bands``: how many are in a band or a higher one, the lowest band first."""

    values: Values
    people: int
    scored: int
    without: tuple[Without, ...]
    scores: Distribution | None
    above: int
    level: int
    below: int
    rate: Fraction | None
    ratio: Fraction | None
    bands: tuple[tuple[str, int], ...]
    small: Small | None


class GapPart(Struct, frozen=True):
    """What one rule, or one kind of adjustment (``name``: the facet's, or nothing for the score), makes of a gap: the
    mean of its points in the group less that in the reference group. Under a mean by weight its points are what they
    make of the score: times the scale, over the weights that apply to the person."""

    kind: PlaceKind
    name: str
    mean: Fraction
    reference: Fraction

    @property
    def points(self) -> Fraction:
        """The part."""
        return self.mean - self.reference


class Gap(Struct, frozen=True):
    """A group's mean score less that of the reference group, and its parts, which sum to it."""

    values: Values
    points: Fraction
    parts: tuple[GapPart, ...]


class Comparison(Struct, frozen=True):
    """Groups by one column or by several crossed. Rates, median and gaps are of people whose group is known.

    ``highest`` has the highest rate, ``reference`` the highest mean: of equal ones the first by name, and a small group
    only where all are small. ``gaps``: of the other groups with anybody scored, in the order of ``groups``.
    """

    by: Values
    people: int
    scored: int
    unknown: int
    unknown_scored: int
    median: Fraction | None
    groups: tuple[Group, ...]
    highest: Values | None
    reference: Values | None
    gaps: tuple[Gap, ...]
