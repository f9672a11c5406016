"""Takes nothing; names where a score stands among the bands, and what bands and requirements ask."""

from __future__ import annotations

from msgspec import field

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact
from tallystick.explain.tree.measures import Given, Measured
from tallystick.explain.tree.nodes import Node


class NeighbourBand(Fact, frozen=True, kw_only=True):
    """A band beside the person's own, and how many points lead from the score to the border between them; both are
    None of a band by needs."""

    name: str
    title: str
    start: Digits | None = field(name="from")
    distance: Digits | None


class Need(Fact, frozen=True, kw_only=True):
    """What a band asks, in the author's words, and what is there: whether it is met, and the condition worked out."""

    words: str
    met: bool
    condition: Node
    measures: tuple[Measured, ...]
    inputs: tuple[Given, ...]


class Level(Fact, frozen=True, kw_only=True):
    """A band by needs: it is reached if none of them is ``missing``; there are so many ``of`` them.

    Where what it needs is withheld there are none ``of`` them, and it is ``reached`` if it is the person's own.
    """

    name: str
    title: str
    reached: bool
    missing: int
    of: int
    needs: tuple[Need, ...]


class BandPlace(Fact, frozen=True, kw_only=True):
    """Where the score stands among the bands; ``name`` is None below the first band.

    ``above.distance``: the points that lead to the band above. ``below.distance``: the points by which the score stands
    over the border to the band below; with any lower score it is that band. ``levels``: all bands, where they are by
    needs; the person's is the last that is reached.
    """

    name: str | None
    title: str | None
    start: Digits | None = field(name="from")
    above: NeighbourBand | None
    below: NeighbourBand | None
    levels: tuple[Level, ...] = ()


class RuleAsked(Fact, frozen=True, kw_only=True):
    """A rule of a mean of which none applies: its condition, the first value that is ``missing``, and what there
    is of all that it reads."""

    rule: str
    title: str
    condition: Node | None
    missing: str | None
    measures: tuple[Measured, ...]
    inputs: tuple[Given, ...]


class Requirement(Fact, frozen=True, kw_only=True):
    """A requirement: what it asks for, what there is of that, and the ``words`` for whoever does not meet it.

    ``rules``: what each of them asks, where it is that at least one rule apply.
    """

    name: str
    title: str
    words: str
    because: str | None
    condition: Node | None
    measures: tuple[Measured, ...]
    inputs: tuple[Given, ...]
    rules: tuple[RuleAsked, ...] = ()
