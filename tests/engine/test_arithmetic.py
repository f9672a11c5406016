"""Takes exact decimals; gives proof that levels, fading and printed numbers are the true value rounded once."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine import arithmetic

D = Decimal
amounts = st.decimals(D(0), D(10) ** 12, places=9)
fulls = st.decimals(D("0.000000001"), D(10) ** 12, places=9)


def test_a_product_rounds_half_away_from_zero() -> None:
    """0.000000005 * 0.1 = 0.0000000005, a tie: up to 0.000000001, and down below zero."""
    assert arithmetic.multiply(D("0.000000005"), D("0.1")) == D("0.000000001")
    assert arithmetic.multiply(D("-0.000000005"), D("0.1")) == D("-0.000000001")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2.5", "3"), ("-2.5", "-3"), ("2.499999999", "2"), ("-0.4", "0"), ("0.5", "1")],
)
def test_round_is_half_away_from_zero(value: str, expected: str) -> None:
    """`round` takes a half away from zero, on both sides."""
    assert arithmetic.whole(D(value)) == D(expected)


def test_logarithms_are_exact_where_they_can_be() -> None:
    """ln 1 = 0, log10 1000 = 3, log10 0.001 = -3, e^0 = 1."""
    assert arithmetic.natural_log(D(1)) == 0
    assert arithmetic.log10(D(1000)) == 3
    assert arithmetic.log10(D("0.001")) == -3
    assert arithmetic.exponential(D(0)) == 1


@pytest.mark.parametrize(
    ("x", "p10", "median", "level"),
    [
        (7300, 3785, 7300, "0.50"),
        (3785, 3785, 7300, "0.90"),
        (2500, 3785, 7300, "0.98"),
        (5000, 3785, 7300, "0.77"),
        (7500, 3785, 7300, "0.48"),
        (10000, 3785, 7300, "0.27"),
        (30000, 3785, 7300, "0.00"),
    ],
)
def test_log_normal_gives_the_published_levels(x: int, p10: int, median: int, level: str) -> None:
    """The levels of Lighthouse's own tests (GoogleChrome/lighthouse at f8eac394), to their two places."""
    assert arithmetic.round_to(arithmetic.level("log normal", D(x), D(median), D(p10)), 2) == D(level)


def test_log_normal_can_rise_and_has_ends() -> None:
    """Where P10 is above the median more is better; 0 and below stand at the curve's end."""
    assert arithmetic.level("log normal", D(20), D(10), D(20)) == D("0.9")
    assert arithmetic.level("log normal", D(5), D(10), D(20)) == D("0.1")
    assert arithmetic.level("log normal", D(0), D(10), D(20)) == 0
    assert arithmetic.level("log normal", D(0), D(20), D(10)) == 1
    assert arithmetic.level("log normal", D("1e12"), D(20), D(10)) == 0


def test_erfc_is_the_tabled_function() -> None:
    """erfc of 0, 0.5, 1, 2 and -1 as in Abramowitz and Stegun, table 7.1; beyond 5 nothing is left in 9 places."""
    assert arithmetic.complementary_error(D(0)) == 1
    assert arithmetic.complementary_error(D("0.5")) == D("0.479500122")
    assert arithmetic.complementary_error(D(1)) == D("0.157299207")
    assert arithmetic.complementary_error(D(2)) == D("0.004677735")
    assert arithmetic.complementary_error(D(-1)) == D("1.842700793")
    assert arithmetic.complementary_error(D(6)) == 0
    assert arithmetic.complementary_error(D(-6)) == 2


def test_published_logarithms_come_out() -> None:
    """From published tables: ln 2 = 0.69314718056, ln 10 = 2.302585093, e = 2.718281828; OpenSSF's ln(301) =
    5.7071102647."""
    assert arithmetic.natural_log(D(2)) == D("0.693147181")
    assert arithmetic.natural_log(D(10)) == D("2.302585093")
    assert arithmetic.exponential(D(1)) == D("2.718281828")
    assert arithmetic.natural_log(D(301)) == D("5.707110265")


def test_exp_far_below_zero_is_zero() -> None:
    """e^-22 = 2.8e-10 is nearer to 0 than to the first billionth; so is e of minus 10^24."""
    assert arithmetic.exponential(D(-22)) == 0
    assert arithmetic.exponential(D(-(10**24))) == 0
    assert arithmetic.exponential(D(-21)) == D("0.000000001")


def test_linear_level() -> None:
    """50 of 200 is a quarter; 250 is held at 200, -3 at 0; a third is rounded once."""
    assert arithmetic.level("linear", D(50), D(200)) == D("0.25")
    assert arithmetic.level("linear", D(250), D(200)) == 1
    assert arithmetic.level("linear", D(-3), D(200)) == 0
    assert arithmetic.level("linear", D(1), D(3)) == D("0.333333333")


def test_square_root_level() -> None:
    """sqrt(25/100) = 0.5; sqrt(1/2) = 0.70710678118…; sqrt(10^-9 / 4·10^9) = 5·10^-10 exactly, a tie that rounds up."""
    assert arithmetic.level("square root", D(25), D(100)) == D("0.5")
    assert arithmetic.level("square root", D(1), D(2)) == D("0.707106781")
    assert arithmetic.level("square root", D("0.000000001"), D(4_000_000_000)) == D("0.000000001")


def test_logarithmic_level() -> None:
    """ln(1+1)/ln(1+3) = 1/2; ln(10001)/ln(100001) = 9.210440367/11.512935465 = 0.8000079906; full is 1 and nothing
    is 0."""
    assert arithmetic.level("logarithmic", D(1), D(3)) == D("0.5")
    assert arithmetic.level("logarithmic", D(10_000), D(100_000)) == D("0.800007991")
    assert arithmetic.level("logarithmic", D(7), D(7)) == 1
    assert arithmetic.level("logarithmic", D(0), D(7)) == 0


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ("63095735318.775902556", "0.900000001"),  # 0.9000000005 + 7.7e-23: twenty digits would round down
        ("63095738805.575188791", "0.900000002"),  # 0.9000000025 - 2.0e-22: twenty digits would round up
    ],
)
def test_a_logarithmic_level_near_a_boundary_is_worked_out_in_more_digits(x: str, expected: str) -> None:
    """Where the first digits do not settle the ninth place, more are taken until they do."""
    assert arithmetic.level("logarithmic", D(x), D(10) ** 12) == D(expected)


@settings(max_examples=60, deadline=None)
@given(amounts, fulls)
def test_a_level_is_the_true_value_rounded_once(x: Decimal, full: Decimal) -> None:
    """Every level equals what 120 digits of working give when they are rounded to 9 places."""
    held = min(x, full)
    with localcontext() as context:
        context.prec = 120
        true = {
            "linear": held / full,
            "square root": (held / full).sqrt(),
            "logarithmic": (1 + held).ln() / (1 + full).ln(),
        }
        half = D("0.0000000005")
        for shape, value in true.items():
            got = arithmetic.level(shape, x, full)  # type: ignore[arg-type]
            assert got - half <= value + D(10) ** -100
            assert value - D(10) ** -100 < got + half


@pytest.mark.parametrize(
    ("age", "half_life", "expected"),
    [
        (0, "30", "1"),
        (30, "30", "0.5"),
        (60, "30", "0.25"),
        (15, "30", "0.707106781"),  # 1/sqrt 2
        (9, "30", "0.812252396"),  # 2^-0.3
        (10, "1", "0.000976563"),  # 2^-10 = 0.0009765625, a tie
        (30, "1", "0.000000001"),  # 2^-30 = 9.3e-10
        (31, "1", "0"),  # 2^-31 = 4.66e-10
        (3_652_058, "0.000000001", "0"),
        (1, "1000000000", "0.999999999"),  # 1 - 6.9e-10
        (278_712, "1523168.367197415", "0.880880523"),  # 0.8808805225000000000007931…: twenty digits would round down
        (664_628, "3994784.057596309", "0.891079496"),  # 0.8910794964999999999987591…: twenty digits would round up
    ],
)
def test_fading_is_two_to_the_minus_age_by_half_life(age: int, half_life: str, expected: str) -> None:
    """A record counts half after each half-life, rounded once to 9 places."""
    assert arithmetic.fading(age, D(half_life)) == D(expected)


@given(st.fractions(min_value=-(10**12), max_value=10**12))
def test_a_quotient_is_never_more_than_half_a_unit_off(value: Fraction) -> None:
    """A fraction rounded to 9 places lies within half of a billionth of it, and a tie goes away from zero."""
    got = Fraction(arithmetic.quotient(value))
    assert abs(got - value) <= Fraction(1, 2 * 10**9)
    if abs(got - value) == Fraction(1, 2 * 10**9):
        assert abs(got) > abs(value)


def test_a_zero_has_no_sign() -> None:
    """What rounds to nothing from below is 0 and not -0, which would be another text in another engine."""
    found = (
        arithmetic.multiply(D(-2), D(0)),
        arithmetic.round_to(D("-0.04"), 1),
        arithmetic.whole(D("-0.4")),
        arithmetic.ceiling(D("-0.4")),
        arithmetic.log10(D("0.999999999")),
        arithmetic.divide(D(-1), D(10) ** 12),
    )
    assert [(number, number.is_signed()) for number in found] == [(0, False)] * len(found)


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("1E+3", None, "1000"),
        ("-0", None, "0"),
        ("1.500", None, "1.5"),
        ("5.67", 1, "5.7"),
        ("0", 1, "0.0"),
        ("-0.04", 1, "0.0"),
        ("-2.25", 1, "-2.3"),
        ("12", 0, "12"),
    ],
)
def test_numbers_are_written_one_way(number: str, places: int | None, expected: str) -> None:
    """The text of a number has no exponent and no minus before a zero, and as many places as are asked for."""
    assert arithmetic.text_of(D(number), places) == expected
