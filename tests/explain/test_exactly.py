"""A fraction is printed with so many places, half away from zero, and its own text beside."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tallystick.explain.exactly import exactly, rounded


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("1/8", 2, "0.13"),
        ("-1/8", 2, "-0.13"),
        ("124/1000", 2, "0.12"),
        ("-1/1000", 2, "0.00"),
        ("0", 3, "0.000"),
        ("5/2", 0, "3"),
        ("-1/3", 0, "0"),
        ("29/2", 1, "14.5"),
        ("-100", 1, "-100.0"),
    ],
)
def test_a_fraction_is_rounded_half_away_from_zero(value: str, places: int, text: str) -> None:
    """With a figure before the point, and no sign where nothing but zeros is left."""
    assert rounded(Fraction(value), places) == text


def test_the_fraction_itself_stands_beside() -> None:
    """Whoever checks it needs no more places."""
    found = exactly(Fraction(-2, 6), 2)
    assert (found.shown, found.exact) == ("-0.33", "-1/3")
