"""Takes nothing; names the facts of a rule's line: its points, and what they were worked out from."""

from __future__ import annotations

from typing import Literal

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact
from tallystick.explain.tree.measures import Given, Measured, NotCounted
from tallystick.explain.tree.nodes import Node

State = Literal["applies", "not applicable", "missing"]


class NamedEnd(Fact, frozen=True, kw_only=True):
    """A parameter that a table's row names as a bound or a value; ``percent``: its value in percent, where the table
    is written so."""

    name: str
    value: Digits
    percent: Digits | None = None


class TableRow(Fact, frozen=True, kw_only=True):
    """The row of a table that took the value; ``reason`` is the code under which it is told as a reason, if it has one
    of its own. ``percent``: the value in percent, as it is read, where the table is written so. ``ends``: the
    parameters that ``text`` names."""

    number: int
    text: str
    words: str | None
    reason: str | None
    percent: Digits | None = None
    ends: tuple[NamedEnd, ...] = ()


class Line(Fact, frozen=True, kw_only=True, gc=True, weakref=True):
    """A rule's line: ``value`` + ``given`` - ``taken`` + ``rounding`` = ``points``; no points where it does not apply.

    ``of`` is the most that the rule can give, where there is one that means anything. ``effective_weight`` is the part
    of the scale that the rule has here: its weight, or under a mean weight x out of / weights that apply. ``full`` is
    where a shape reaches 1; of ``log normal`` it is the median, where the level is 0.5, and ``p10`` where it is 0.9.
    ``formula`` is how a shape makes the level of x, which all but ``log normal`` hold between 0 and ``full`` first.
    ``looks_at`` is what the rule's level, table or points are worked out from. ``baseline`` is what the rulebook
    compares the points with to tell what held the score back. ``says`` are the author's own words for the line.
    """

    rule: str
    title: str
    facet: str | None
    why: str | None
    state: State
    missing: str | None
    points: Digits | None
    of: Digits | None
    weight: Digits | None
    effective_weight: Digits | None
    effective_weight_about: Digits | None
    shape: Literal["linear", "square root", "logarithmic", "log normal"] | None
    p10: Digits | None
    full: Digits | None
    formula: str | None
    looks_at: Node | None
    level: Digits | None
    row: TableRow | None
    value: Digits | None
    given: Digits | None
    taken: Digits | None
    rounding: Digits | None
    at_least: Digits | None
    at_most: Digits | None
    baseline: Digits | None
    condition: Node | None
    otherwise: str | None
    says: str | None
    measures: tuple[Measured, ...]
    inputs: tuple[Given, ...]
    counted: int
    not_counted: tuple[NotCounted, ...]
    working: Node | None
