"""Takes fractions; gives them as documents print them: rounded to some places, with the fraction itself beside."""

from __future__ import annotations

from fractions import Fraction

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.part import Part


class Exact(Part):
    """A number that need not be a decimal: what a page shows, and what it is exactly."""

    shown: Digits
    exact: str = Field(pattern=r"^-?\d+(/\d+)?$", description="A whole number or a fraction in lowest terms.")


def rounded(value: Fraction, places: int) -> str:
    """Write a fraction with so many places, half away from zero; never ``-0``."""
    units = (2 * abs(value.numerator) * 10**places + value.denominator) // (2 * value.denominator)
    digits = f"{units:0{places + 1}d}"
    text = digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}"
    return f"-{text}" if value < 0 and units > 0 else text


def exactly(value: Fraction, places: int) -> Exact:
    """Document a fraction."""
    return Exact(shown=rounded(value, places), exact=str(value))
