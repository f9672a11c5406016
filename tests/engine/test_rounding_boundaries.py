"""Takes numbers whose function values lie next to the middle between two billionths; gives proof that decimals decide
there, and that the receipt counts how often they did."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from random import Random

import duckdb
import polars as pl
import pytest
from generators.accepted import accepted

from tallystick.engine import arithmetic, score
from tallystick.engine.digest import digest_of
from tallystick.engine.duckdb import ExactFunctions
from tallystick.engine.intake.reading import read_rows, subject_fields
from tallystick.engine.query.sql import quote_number
from tallystick.engine.receipt import Receipt
from tallystick.engine.reference import refer

EXACT = Context(prec=80)
UNIT = Decimal("1e-9")
TOP, MEDIAN = Decimal(10) ** 12, Decimal(10) ** 9
EACH = 12


@dataclass(frozen=True)
class Function:
    """A function as SQL calls it, its true value, and the argument at which it has a value; ``steps`` are the halves of
    billionths that are looked at, from and to."""

    call: str
    true: Callable[[Decimal], Decimal]
    argument: Callable[[Decimal], Decimal]
    steps: tuple[int, int]
    binary: Callable[[float], float]


def bisected(function: Callable[[float], float], value: float, low: float, high: float) -> Decimal:
    """Return where a rising or falling function has a value."""
    falls = function(low) > function(high)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (function(middle) < value) != falls else (low, middle)
    return Decimal(low)


def log_normal(x: float) -> float:
    """Return the level on the curve that is 0.9 at ``TOP`` and 0.5 at ``MEDIAN``, in binary."""
    return 0.5 + 0.5 * math.erf(0.9061938024368232 * math.log(x / float(MEDIAN)) / math.log(float(TOP / MEDIAN)))


FUNCTIONS = {
    "sqrt": Function("square_root({})", arithmetic.root, lambda y: EXACT.multiply(y, y), (10**12, 10**15), math.sqrt),
    "ln": Function("natural_log({})", arithmetic.natural_log, EXACT.exp, (12 * 10**9, 27 * 10**9), math.log),
    "log10": Function(
        "common_log({})", arithmetic.log10, lambda y: EXACT.power(10, y), (6 * 10**9, 12 * 10**9), math.log10
    ),
    "erfc": Function(
        "complementary_error({})",
        arithmetic.complementary_error,
        lambda y: bisected(math.erfc, float(y), 3.3, 4.5),
        (1, 3000),
        math.erfc,
    ),
    "root level": Function(
        f"root_level({{}}, {quote_number(TOP)})",
        lambda x: arithmetic.level("square root", x, TOP),
        lambda y: EXACT.multiply(EXACT.multiply(y, y), TOP),
        (10**6, 10**9),
        lambda x: math.sqrt(x / float(TOP)),
    ),
    "logarithmic level": Function(
        f"logarithmic_level({{}}, {quote_number(TOP)})",
        lambda x: arithmetic.level("logarithmic", x, TOP),
        lambda y: EXACT.subtract(EXACT.exp(EXACT.multiply(y, EXACT.ln(EXACT.add(TOP, 1)))), 1),
        (5 * 10**8, 10**9),
        lambda x: math.log(1 + x) / math.log(1 + float(TOP)),
    ),
    "log normal level": Function(
        f"log_normal_level({{}}, {quote_number(TOP)}, {quote_number(MEDIAN)})",
        lambda x: arithmetic.level("log normal", x, MEDIAN, TOP),
        lambda y: bisected(log_normal, float(y), 1e6, 1e13),
        (2 * 10**8, 9 * 10**8),
        log_normal,
    ),
}


def arguments(function: Function) -> list[Decimal]:
    """Return arguments, of 9 places, at which the function lies next to the middle between two billionths."""
    draw, found = Random(function.call), []  # noqa: S311  no secret is drawn
    for _ in range(EACH):
        middle = EXACT.multiply(EXACT.add(Decimal(draw.randint(*function.steps)), Decimal("0.5")), UNIT)
        found.append(EXACT.quantize(function.argument(middle), UNIT))
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_next_to_a_boundary_decimals_decide(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Every value that lies next to the middle between two billionths is worked out in decimals, once each, and is the
    true value rounded; binary numbers alone would round some of them the wrong way."""
    function, counted = FUNCTIONS[name], ExactFunctions()
    counted.register(connection)
    near = arguments(function)
    rows = ", ".join(f"({place}, CAST({quote_number(x)} AS DECIMAL(38, 9)))" for place, x in enumerate(near))
    query = f"SELECT {function.call.format('x')} FROM (VALUES {rows}) AS near (place, x) ORDER BY place"  # noqa: S608  a query of the test's own
    found = [value for (value,) in connection.execute(query).fetchall()]
    true = [function.true(x) for x in near]
    assert found == true
    assert counted.calls == len(near)


def test_binary_numbers_alone_would_be_wrong() -> None:
    """Of all these arguments, some are rounded the wrong way in binary: the decimals are not for show."""
    wrong = 0
    for function in FUNCTIONS.values():
        for x in arguments(function):
            rounded = EXACT.quantize(EXACT.multiply(Decimal(function.binary(float(x))), Decimal(10**9)), Decimal(1))
            wrong += EXACT.scaleb(rounded, -9) != function.true(x)
    assert wrong > EACH


def test_exponentials_next_to_a_boundary(connection: duckdb.DuckDBPyConnection) -> None:
    """`exp` of numbers of 9 places comes near a boundary by chance alone: among many, those that do go to decimals."""
    counted = ExactFunctions()
    counted.register(connection)
    draw = Random(5)  # noqa: S311  no secret is drawn
    many = [Decimal(draw.randint(7 * 10**9, 10 * 10**9)).scaleb(-9) for _ in range(400)]
    rows = ", ".join(f"({place}, CAST({quote_number(x)} AS DECIMAL(38, 9)))" for place, x in enumerate(many))
    query = f"SELECT exponential(x) FROM (VALUES {rows}) AS many (place, x) ORDER BY place"  # noqa: S608  a query of the test's own
    assert [value for (value,) in connection.execute(query).fetchall()] == [arithmetic.exponential(x) for x in many]
    assert 0 < counted.calls < len(many)


BOOK = """rulebook "Next to a boundary" version 1.0.0
    owner    "Tests"
    purpose  "To try what rounding decides."
    measures "Nothing real."
    not for  "anything"

subjects
    reach number 0 to 1000000000000 with 9 places

rule rooted "Its root"
    weight 1
    level  reach, square root to 1000000000000
    because "So."

rule logged "Its logarithm"
    points ln(max(reach, 1))
    because "So."

score "Score"
    sum of all rules
"""


def test_the_receipt_counts_what_decimals_decided() -> None:
    """Two people out of three have a value next to a boundary, one of them in one rule and one in the other: `exact` in
    the receipt is two, the ledger is the reference's, and the receipt's schema says what the count means."""
    rulebook = accepted(BOOK)
    reach = [arguments(FUNCTIONS["root level"])[0], arguments(FUNCTIONS["ln"])[0], Decimal(2)]
    frame = pl.DataFrame({"subject": ["ada", "bob", "cyd"], "reach": [str(each) for each in reach]})
    run = score(rulebook, subjects=frame, as_of=date(2026, 1, 1))
    names, rows = frame.columns, tuple(frame.rows())
    people = read_rows(subject_fields(rulebook), tuple(names), rows, "subject").rows
    assert run.receipt.ledger_digest == digest_of(refer(rulebook, None, people, date(2026, 1, 1)).ledgers())
    assert run.receipt.counts.exact == 2
    meaning = Receipt.model_json_schema()["$defs"]["CountsReceipt"]["description"]
    assert "``exact``: function results near a rounding boundary" in meaning
    run.close()
