"""Takes a shape and the values that set it; gives in words how a value becomes points."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, assert_never

ShapeName = Literal["linear", "square root", "logarithmic", "log normal"]


def curve_sentence(shape: ShapeName, weight: str, full: str, p10: str | None = None) -> str:
    """Return how more of something brings more points, and where all points are reached.

    ``full`` and ``p10`` are figures, perhaps with a word behind them; ``p10`` is there for ``log normal`` alone, whose
    ``full`` is the median.
    """
    match shape:
        case "linear":
            how = "Each one brings the same"
        case "square root":
            how = "Each further one brings less than the one before"
        case "logarithmic":
            how = "The first ones bring the most, and each further one less and less"
        case "log normal":
            better = "less" if p10 is not None and _figure(p10) < _figure(full) else "more"
            return f"The {better}, the better: {p10} brings nine tenths of {weight}, and {full} brings half."
        case _:
            assert_never(shape)
    return f"{how}; all {weight} are reached at {full}."


def exact_curve(shape: ShapeName, weight: str, full: str, p10: str | None = None) -> str:
    """Return the formula behind a curve, for those who work points out again."""
    match shape:
        case "linear":
            formula = f"x / {full}"
        case "square root":
            formula = f"the square root of x / {full}"
        case "logarithmic":
            formula = f"ln(1 + x) / ln(1 + {full})"
        case "log normal":
            place = f"ln(x / {full}) / ln({p10} / {full})"
            return f"Exactly: {weight} × (1 + erf(c × {place})) / 2, where erf(c) is four fifths."
        case _:
            assert_never(shape)
    return f"Exactly: {weight} × {formula}, with x held between 0 and {full}."


def _figure(text: str) -> Decimal:
    return Decimal(text.split(maxsplit=1)[0])
