"""Takes a shape and where it is full; gives in words how a value becomes points."""

from __future__ import annotations

from typing import Literal, assert_never

ShapeName = Literal["linear", "square root", "logarithmic"]


def curve_sentence(shape: ShapeName, weight: str, full: str) -> str:
    """Return how more of something brings more points, and where all points are reached."""
    match shape:
        case "linear":
            how = "Each one brings the same"
        case "square root":
            how = "Each further one brings less than the one before"
        case "logarithmic":
            how = "The first ones bring the most, and each further one less and less"
        case _:
            assert_never(shape)
    return f"{how}; all {weight} are reached at {full}."


def exact_curve(shape: ShapeName, weight: str, full: str) -> str:
    """Return the formula behind a curve, for those who work points out again."""
    match shape:
        case "linear":
            formula = f"x / {full}"
        case "square root":
            formula = f"the square root of x / {full}"
        case "logarithmic":
            formula = f"ln(1 + x) / ln(1 + {full})"
        case _:
            assert_never(shape)
    return f"Exactly: {weight} × {formula}, with x held between 0 and {full}."
