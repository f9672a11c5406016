"""Takes a shape and the values that set it; gives in words how a value becomes points."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple, assert_never

from tallystick.explain.plain import points
from tallystick.explain.tongue import say, say_n

ShapeName = Literal["linear", "square root", "logarithmic", "log normal"]


class Reached(NamedTuple):
    """A value of what a rule looks at, and its words."""

    value: Decimal
    worded: str


def curve_sentence(shape: ShapeName, weight: str, full: Reached, p10: Reached | None) -> str:
    """Return how more of something brings more points, and where all points are reached, which are the ``weight``.

    ``p10`` is there for ``log normal`` alone, whose ``full`` is the median.
    """
    match shape:
        case "linear":
            return say_n(
                "Each one brings the same; the whole point is reached at {full}.",
                "Each one brings the same; all {n} points are reached at {full}.",
                weight,
                full=full.worded,
            )
        case "square root":
            return say_n(
                "Each further one brings less than the one before; the whole point is reached at {full}.",
                "Each further one brings less than the one before; all {n} points are reached at {full}.",
                weight,
                full=full.worded,
            )
        case "logarithmic":
            return say_n(
                "The first ones bring the most, and each further one less and less; "
                "the whole point is reached at {full}.",
                "The first ones bring the most, and each further one less and less; "
                "all {n} points are reached at {full}.",
                weight,
                full=full.worded,
            )
        case "log normal":
            p10 = full if p10 is None else p10
            if p10.value < full.value:
                return say(
                    "The less, the better: for {p10} there are nine tenths of {points}, and for {median} half.",
                    p10=p10.worded,
                    points=points(weight),
                    median=full.worded,
                )
            return say(
                "The more, the better: for {p10} there are nine tenths of {points}, and for {median} half.",
                p10=p10.worded,
                points=points(weight),
                median=full.worded,
            )
        case _:
            assert_never(shape)


def exact_curve(shape: ShapeName, weight: str, full: str, p10: str | None) -> str:
    """Return the formula behind a curve, for those who work points out again; its figures are as they are read."""
    match shape:
        case "linear":
            return say("Exactly: {weight} × x / {full}, with x held between 0 and {full}.", weight=weight, full=full)
        case "square root":
            return say(
                "Exactly: {weight} × the square root of x / {full}, with x held between 0 and {full}.",
                weight=weight,
                full=full,
            )
        case "logarithmic":
            return say(
                "Exactly: {weight} × ln(1 + x) / ln(1 + {full}), with x held between 0 and {full}.",
                weight=weight,
                full=full,
            )
        case "log normal":
            return say(
                "Exactly: {weight} × (1 + erf(c × ln(x / {median}) / ln({p10} / {median}))) / 2, "
                "where erf(c) is four fifths.",
                weight=weight,
                median=full,
                p10=full if p10 is None else p10,
            )
        case _:
            assert_never(shape)
