"""Takes a session of Spark; gives it our functions of exact arithmetic, which it has not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tallystick.engine import arithmetic
from tallystick.engine.elsewhere.dialects.spark import EXACT
from tallystick.engine.query.expression import DIGITS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TOO_GREAT = Decimal(10) ** DIGITS
_MOST_OF_EXP = 20


def register(session: SparkSession) -> None:
    """Make the functions known to a session, under the names of the macros that stand for them in DuckDB.

    INVARIANT: each is total, for Spark works it out for every row, also where a test stands before it: missing for what
    is missing, and where there is no value or one too great.
    """
    from pyspark.sql.types import DecimalType  # noqa: PLC0415

    for name in EXACT:
        session.udf.register(name, _FUNCTIONS[name], DecimalType(38, 9))


def _of_one(function: Callable[[Decimal], Decimal], has_value: Callable[[Decimal], bool]) -> Callable[..., object]:
    def found(x: Decimal | int | None) -> Decimal | None:
        if x is None or not has_value(Decimal(x)):
            return None
        return function(Decimal(x))

    return found


def _product(a: Decimal | int | None, b: Decimal | int | None) -> Decimal | None:
    return None if a is None or b is None else _kept(arithmetic.quotient(Fraction(a) * Fraction(b)))


def _quotient(a: Decimal | int | None, b: Decimal | int | None) -> Decimal | None:
    return None if a is None or b is None or b == 0 else _kept(arithmetic.quotient(Fraction(a) / Fraction(b)))


def _kept(value: Decimal) -> Decimal | None:
    return value if abs(value) < _TOO_GREAT else None


_FUNCTIONS: dict[str, Callable[..., object]] = {
    "common_log": _of_one(arithmetic.log10, lambda x: x > 0),
    "complementary_error": _of_one(arithmetic.complementary_error, lambda _: True),
    "exponential": _of_one(arithmetic.exponential, lambda x: x <= _MOST_OF_EXP),
    "long_product": _product,
    "long_quotient": _quotient,
    "natural_log": _of_one(arithmetic.natural_log, lambda x: x > 0),
    "quotient": _quotient,
    "square_root": _of_one(arithmetic.root, lambda x: x >= 0),
    "whole_quotient": _quotient,
}
