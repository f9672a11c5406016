"""Takes hostile numbers; gives proof that the query's arithmetic is the language's: exact, and rounded half away
from zero."""

from __future__ import annotations

from decimal import Context, Decimal
from itertools import product
from typing import Literal

import duckdb
import pytest
from generators.slow import SLOW
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine import arithmetic
from tallystick.engine.duckdb import ExactFunctions
from tallystick.engine.query.fading import doubtful_ages, fading_step
from tallystick.engine.query.macros import MACROS
from tallystick.engine.query.sql import quote_number
from tallystick.rules.value import LIMIT

Shape = Literal["linear", "square root", "logarithmic"]
EXACT = Context(prec=100)
SHAPES: dict[Shape, str] = {
    "linear": "long_linear_level",
    "square root": "root_level",
    "logarithmic": "logarithmic_level",
}
FULLS = tuple(map(Decimal, ("500", "0.5", "7", "1000000000000", "0.000000001", "100000000000000000000")))


def numbers(most: int = 24) -> st.SearchStrategy[Decimal]:
    """Make numbers of 9 places, small and huge, whole ones and halves among them."""
    units = st.integers(0, most).flatmap(lambda digits: st.integers(-(10 ** (digits + 9)), 10 ** (digits + 9)))
    return st.tuples(units, st.sampled_from((1, 1, 10**9, 5 * 10**8))).map(
        lambda made: EXACT.scaleb(Decimal(made[0] // made[1] * made[1]), -9)
    )


def work_out(connection: duckdb.DuckDBPyConnection, call: str, *operands: Decimal | None) -> Decimal | None:
    """Work out SQL in which each ``{}`` stands for an operand."""
    cells = ["NULL" if each is None else f"CAST({quote_number(each)} AS DECIMAL(38, 9))" for each in operands]
    ((value,),) = connection.execute(f"SELECT TRY({call.format(*cells)})").fetchall()
    return value


@given(a=numbers(), b=numbers())
def test_quotients_and_products_are_exact(connection: duckdb.DuckDBPyConnection, a: Decimal, b: Decimal) -> None:
    """Divided and multiplied in parts that fit 128 bits, every pair of working values gives what the decimals
    give."""
    multiplied = arithmetic.multiply(a, b)
    if abs(multiplied) <= LIMIT:
        assert work_out(connection, "long_product({}, {})", a, b) == multiplied
    if b == 0:
        assert work_out(connection, "long_quotient({}, {})", a, b) is None
        return
    divided = arithmetic.divide(a, b)
    if abs(divided) <= LIMIT:
        assert work_out(connection, "long_quotient({}, {})", a, b) == divided
        if max(abs(a), abs(b)) < Decimal("8e19"):
            assert work_out(connection, "quotient({}, {})", a, b) == divided


def whole() -> st.SearchStrategy[Decimal | None]:
    """Draw whole numbers, many of them near the greatest that are divided in 64 bits."""
    near = st.integers(-3, 3).map(lambda more: 4_000_000_000 + more)
    some = st.one_of(st.integers(0, 9), near, st.integers(0, 10**19))
    signed = st.tuples(some, st.sampled_from((1, -1))).map(lambda both: Decimal(both[0] * both[1]))
    return st.one_of(st.none(), signed)


@given(a=whole(), b=whole())
def test_whole_numbers_are_divided_alike(
    connection: duckdb.DuckDBPyConnection, a: Decimal | None, b: Decimal | None
) -> None:
    """Whole numbers, in 64 bits where they fit, give what the decimals give; by nothing, or without one, nothing."""
    expected = None if a is None or b is None or b == 0 else arithmetic.divide(a, b)
    cells = ["CAST(NULL AS DECIMAL(29, 0))" if each is None else f"CAST({each} AS DECIMAL(29, 0))" for each in (a, b)]
    assert connection.execute(f"SELECT whole_quotient({', '.join(cells)})").fetchall() == [(expected,)]


@given(x=numbers())
def test_roots_and_logarithms_are_the_true_values_rounded(connection: duckdb.DuckDBPyConnection, x: Decimal) -> None:
    """A root or logarithm is the true value correctly rounded, of numbers of any size; missing where there is
    none."""
    assert work_out(connection, "square_root({})", x) == (arithmetic.root(x) if x >= 0 else None)
    assert work_out(connection, "natural_log({})", x) == (arithmetic.natural_log(x) if x > 0 else None)
    assert work_out(connection, "common_log({})", x) == (arithmetic.log10(x) if x > 0 else None)


@given(x=numbers(1))
def test_exponentials_are_the_true_values_rounded(connection: duckdb.DuckDBPyConnection, x: Decimal) -> None:
    """`exp` is the true value correctly rounded up to 20, and missing above."""
    assert work_out(connection, "exponential({})", x) == (arithmetic.exponential(x) if x <= 20 else None)


@settings(max_examples=SLOW)
@given(share=st.integers(0, 10**12), full=st.sampled_from(FULLS))
def test_levels_are_the_true_values_rounded(connection: duckdb.DuckDBPyConnection, share: int, full: Decimal) -> None:
    """Each shape of level, one function rounded once, is the reference's; a missing value has none."""
    x = EXACT.quantize(EXACT.multiply(full, EXACT.scaleb(Decimal(share), -12)), Decimal("1e-9"))
    for shape, macro in SHAPES.items():
        call = f"{macro}({{}}, {quote_number(full)})"
        for value in (x, -x, EXACT.multiply(full, 2)):
            assert work_out(connection, call, value) == arithmetic.level(shape, value, full)
        assert work_out(connection, call, None) is None


@given(x=st.integers(-7 * 10**9, 7 * 10**9), p10=numbers(6), median=numbers(6))
@settings(max_examples=max(30, settings().max_examples // 4))
def test_erfc_and_the_log_normal_level_are_the_true_values_rounded(
    connection: duckdb.DuckDBPyConnection, x: int, p10: Decimal, median: Decimal
) -> None:
    """`erfc` and the log-normal level are the reference's, at small values and large, in rising and falling curves."""
    small = EXACT.scaleb(Decimal(x), -9)
    assert work_out(connection, "complementary_error({})", small) == arithmetic.complementary_error(small)
    p10, median = abs(p10) + Decimal("0.000000001"), abs(median) + Decimal("0.000000002")
    if p10 != median:
        call = f"log_normal_level({{}}, {quote_number(p10)}, {quote_number(median)})"
        near = EXACT.quantize(EXACT.multiply(median, abs(small)), Decimal("1e-9"))
        for value in (small, near, p10, median):
            assert work_out(connection, call, value) == arithmetic.level("log normal", value, median, p10)
        assert work_out(connection, call, None) is None


def test_near_a_rounding_boundary_the_decimals_decide(connection: duckdb.DuckDBPyConnection) -> None:
    """Where the binary value is too near the middle between two billionths, it goes to a function that works in
    decimals."""
    functions = ExactFunctions()
    functions.register(connection)
    assert work_out(connection, "square_root({})", Decimal("1e18")) == Decimal("1e9")
    assert functions.calls == 1
    assert work_out(connection, "square_root({})", Decimal(2)) == Decimal("1.414213562")
    assert functions.calls == 1


@pytest.mark.parametrize("half_life", ["30", "1", "0.5", "7.5", "365", "33.333333333", "2000000"])
def test_fading_tables_are_exact(connection: duckdb.DuckDBPyConnection, half_life: str) -> None:
    """At every age that is looked at, what is left of 1 is the true power correctly rounded, ties away from zero
    included."""
    half = Decimal(half_life)
    rows = dict(connection.execute(fading_step(half, Decimal(4000)).body).fetchall())
    ages = [*range(0, len(rows), 7), *doubtful_ages(half, len(rows)), *(age for age in (10 * half,) if age in rows)]
    assert all(rows[age] == arithmetic.fading(int(age), half) for age in ages)
    beyond = len(rows)
    assert beyond == 4000 or arithmetic.fading(beyond, half) == 0


def test_macros_repeat_no_operand() -> None:
    """No macro uses an operand twice outside a binding, so that nested calls do not double the query with each
    level."""
    with duckdb.connect() as opened:
        ExactFunctions().register(opened)
        for macro in MACROS:
            opened.execute(f"CREATE MACRO {macro.head} AS {macro.body}")
        nested = "2."
        for name, _ in product(("quotient", "long_quotient", "long_product"), range(6)):
            nested = f"{name}({nested}, 3.)"
        for name in ("square_root", "natural_log", "common_log", "exponential"):
            nested = f"{name}({nested})"
        assert opened.execute(f"SELECT {nested}").fetchall()
