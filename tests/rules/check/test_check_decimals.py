"""Takes working values; holds that arithmetic on them is the true value, rounded once, half away from zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.rules import decimals

WORKING = st.integers(-(10**30), 10**30).map(lambda steps: Decimal(steps).scaleb(-9, decimals.EXACT))
SMALL = st.integers(-(10**15), 10**15).map(lambda steps: Decimal(steps).scaleb(-9, decimals.EXACT))
HALF = Fraction(1, 2 * 10**9)


def is_rounded(value: Decimal, true: Fraction) -> bool:
    """Say whether a value is the nearest of 9 places to the true one, the one away from zero at a tie."""
    off = Fraction(value) - true
    tie = abs(off) == HALF
    return decimals.places_of(value) <= 9 and (abs(off) < HALF or (tie and abs(Fraction(value)) > abs(true)))


@given(SMALL, SMALL)
def test_products_are_rounded_once(left: Decimal, right: Decimal) -> None:
    """A product is its true value rounded to 9 places."""
    assert is_rounded(decimals.multiply(left, right), Fraction(left) * Fraction(right))


@given(WORKING, WORKING.filter(lambda value: value != 0))
def test_quotients_are_rounded_once(left: Decimal, right: Decimal) -> None:
    """A quotient is its true value rounded to 9 places, however large its parts are."""
    assert is_rounded(decimals.divide(left, right), Fraction(left) / Fraction(right))


@given(WORKING, WORKING)
def test_sums_are_exact(left: Decimal, right: Decimal) -> None:
    """Sums and differences lose nothing."""
    assert Fraction(decimals.add(left, right)) == Fraction(left) + Fraction(right)
    assert Fraction(decimals.subtract(left, right)) == Fraction(left) - Fraction(right)


@given(WORKING.filter(lambda value: value >= 0))
def test_roots_are_rounded_once(value: Decimal) -> None:
    """A root's square is as near as 9 places can be."""
    root = Fraction(decimals.root(value))
    assert max(root - HALF, Fraction(0)) ** 2 <= Fraction(value) <= (root + HALF) ** 2


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (decimals.natural_log(Decimal(1)), "0"),
        (decimals.natural_log(Decimal(2)), "0.693147181"),
        (decimals.natural_log(Decimal("0.000000001")), "-20.723265837"),
        (decimals.log10(Decimal(1000)), "3"),
        (decimals.log10(Decimal(2)), "0.301029996"),
        (decimals.exponential(Decimal(0)), "1"),
        (decimals.exponential(Decimal(1)), "2.718281828"),
        (decimals.exponential(Decimal(20)), "485165195.409790278"),
        (decimals.exponential(Decimal(-22)), "0"),
        (decimals.exponential(Decimal(-21)), "0.000000001"),
        (decimals.whole(Decimal("-2.5")), "-3"),
        (decimals.floor(Decimal("-0.5")), "-1"),
        (decimals.ceiling(Decimal("-0.5")), "0"),
        (decimals.round_to(Decimal("0.25"), 1), "0.3"),
    ],
)
def test_known_values(found: Decimal, known: str) -> None:
    """Functions give the values that tables of them give, rounded to 9 places."""
    assert found == Decimal(known)


def test_numbers_are_written_plainly() -> None:
    """A number is written in its shortest form, without exponents and without a negative zero."""
    assert [decimals.plainly(Decimal(text)) for text in ("5.00", "1E+3", "-0.0", "0.10", "-2")] == [
        "5",
        "1000",
        "0",
        "0.1",
        "-2",
    ]
