"""Takes nothing; names what a rule of a checked rulebook can be: how it makes points, its bounds, and its facet."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tallystick.rules.expression import Constant, Expr
from tallystick.rules.placed import Placed
from tallystick.rules.source import NOWHERE, Span
from tallystick.rules.value import Scalar

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""What stands in a rule's own sentence (``say``) for a measure, an attribute or a parameter."""


class Shape(Struct, frozen=True):
    """How a value becomes a level: it is first held within 0 to ``full``, then one function, rounded once to 9 places:
    ``x/full``, ``sqrt(x/full)`` or ``ln(1+x)/ln(1+full)``.

    ``log normal`` alone has ``p10``, and its ``full`` is the median: the level is 0.9 at the one and 0.5 at the other,
    by the normal distribution of ln(x); nothing is held.
    """

    name: Literal["linear", "square root", "logarithmic", "log normal"]
    full: Constant
    p10: Constant | None = None


class Weighted(Struct, frozen=True):
    """Points are weight times level. Without a shape the value itself, held within 0 to 1, is the level."""

    weight: Constant
    value: Expr
    shape: Shape | None


class Points(Struct, frozen=True):
    """Points are the value of an expression."""

    value: Expr


class Range(Struct, frozen=True):
    """The values from ``low`` to ``high``; an end that is None is open for ever."""

    low: Decimal | date | None
    low_open: bool
    high: Decimal | date | None
    high_open: bool


class Values(Struct, frozen=True):
    """The values named (texts, numbers, dates, yes/no as booleans)."""

    values: tuple[Scalar, ...]


class Missing(Struct, frozen=True):
    """The missing value."""


class AnyOther(Struct, frozen=True):
    """Every value that no other row takes; also the missing value where no ``missing`` row stands."""


class Row(Placed, frozen=True):
    """A row of a table; ``text`` is how its left side is written in the canonical layout. ``reason``: the code under
    which the row is told as a principal reason; None: the rule's own."""

    takes: Range | Values | Missing | AnyOther
    points: Expr
    words: str | None
    reason: str | None
    text: str
    span: Span = NOWHERE


class Table(Struct, frozen=True):
    """Points are those of the one row that takes the value. INVARIANT: rows cover every value and do not overlap."""

    by: Expr
    rows: tuple[Row, ...]


class Otherwise(Struct, frozen=True):
    """What a rule gives when its ``when`` does not hold or a value it needs is missing; None: not applicable."""

    points: Expr | None
    words: str | None


class Rule(Placed, frozen=True):
    """A line of the score. ``facet`` names the facet that it stands in.

    ``baseline``: the points with which it is compared to tell what held a score back; None: the most that it can give.
    """

    name: str
    title: str
    facet: str | None
    body: Weighted | Points | Table
    at_most: Constant | None
    at_least: Constant | None
    when: Expr | None
    otherwise: Otherwise | None
    actions: Literal["own", "others"] | None
    baseline: Constant | None
    say: str | None
    because: str | None
    span: Span = NOWHERE


class Facet(Placed, frozen=True):
    """A named group of rules whose subtotal may be bounded."""

    name: str
    title: str
    at_most: Constant | None
    at_least: Constant | None
    because: str | None
    span: Span = NOWHERE
