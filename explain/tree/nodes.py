"""Takes nothing; names the nodes of a working: each is an operator with the values that it was applied to."""

from __future__ import annotations

from typing import Literal

from tallystick.explain.fact import Fact

ValueType = Literal["number", "yes/no", "text", "date", "time", "duration"]

Operator = Literal[
    "number",
    "text",
    "date",
    "time",
    "yes/no",
    "measure",
    "earned",
    "attribute",
    "parameter",
    "field",
    "as of",
    "line",
    "sum of",
    "difference of",
    "product of",
    "quotient of",
    "proportion of",
    "negative of",
    "least of",
    "greatest of",
    "absolute value of",
    "nearest whole number to",
    "rounded down",
    "rounded up",
    "square root of",
    "natural logarithm of",
    "logarithm to base 10 of",
    "exponential of",
    "complementary error function of",
    "linear share of",
    "square root share of",
    "logarithmic share of",
    "log-normal level of",
    "rounded to places",
    "limited to",
    "raised to",
    "first that is known of",
    "if",
    "all of",
    "any of",
    "not",
    "equal to",
    "not equal to",
    "less than",
    "at most",
    "more than",
    "at least",
    "one of",
    "none of",
    "missing",
    "not missing",
    "starts with",
    "ends with",
    "contains",
    "starts with, ignoring case",
    "ends with, ignoring case",
    "contains, ignoring case",
    "days since",
    "years since",
    "days from",
    "seconds from",
    "day of",
    "returned within",
]
"""What a node does with its operands; the first, down to ``line``, have none and are what they name: ``earned`` a
measure of whoever did what a record tells.

``proportion of`` a, b, c is a x b / c, rounded once. ``days since`` and ``years since`` a day, with the as-of day
second, are missing if the day is later. ``day of`` a moment has the time zone second.
"""


class Node(Fact, frozen=True, kw_only=True):
    """A step of working: ``value`` is ``operator`` applied to the values of ``operands``, in their order.

    ``value`` is None where it is missing, and where it was not worked out because the answer did not depend on it.
    ``singular`` and ``plural`` are the author's words for what a leaf names.
    """

    operator: Operator
    type: ValueType
    value: str | None
    worked_out: bool = True
    name: str | None = None
    singular: str | None = None
    plural: str | None = None
    operands: tuple[Node, ...] = ()
