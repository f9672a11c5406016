"""Takes a checked expression and who knows its names; gives SQL that is missing, true or a number exactly when it is.

A number is a ``DECIMAL``; ``Reach`` says how far it can go before any test narrows it, which decides how it is
multiplied and divided. What a test keeps from being worked out may still be worked out by the database, so that what
could overflow stands in ``TRY``, whose failure is ``NULL``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol, assert_never

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.calendar import day_of
from tallystick.engine.query.macros import let
from tallystick.engine.query.sql import quote_number, quote_value
from tallystick.rules.decimals import EXACT, PLACES, places_of
from tallystick.rules.expression import (
    Arithmetic,
    AttributeOf,
    Call,
    Compare,
    EarnedOf,
    Expr,
    FieldOf,
    FromTo,
    If,
    In,
    IsMissing,
    Literally,
    Logic,
    MeasureOf,
    Negate,
    Not,
    OrElse,
    ParameterOf,
    Returned,
    Since,
    TextTest,
)
from tallystick.rules.value import LIMIT, NumberType, Scalar, TextType, TimeType

_DIGITS = 38
"""So many has the widest ``DECIMAL``."""
DIGITS = _DIGITS - PLACES
"""So many can stand before 9 places."""
SHORT_QUOTIENT = Decimal(8) * Decimal(10) ** 19
"""Where both operands are within this, 128 bits hold what a division needs."""
_SHORT = 18
"""Two ``DECIMAL`` of at most so many digits are added and multiplied in 64 bits, which fails where the result has
more."""
_BOUND = "_v"
"""What an operand is bound to that is written more than once: a name that no field can have."""
_CAPITALS = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'"
_DAYS = Decimal(4_000_000)
"""More days than there are between any two dates."""


class Reach(Struct, frozen=True):
    """The numbers that SQL can come to, and their ``DECIMAL``: its places and its digits before the point.

    INVARIANT: a number has at most 9 places and 29 digits before them. Where two kinds of ``DECIMAL`` meet, as in
    ``CASE`` or ``greatest``, DuckDB takes one that holds both; it holds 38 digits, and drops places, with rounding,
    if that is too few.
    """

    most: Decimal
    """No number is further from 0."""
    places: int
    digits: int = DIGITS

    @property
    def fits(self) -> bool:
        """Whether all of them, with their places, fit the widest ``DECIMAL``."""
        return EXACT.scaleb(self.most, self.places) < Decimal(10) ** _DIGITS

    @property
    def type(self) -> str:
        """The ``DECIMAL`` that is wide enough for any number of these places."""
        return decimal_type(self.places)

    def with_(self, other: Reach) -> Reach:
        """Return what holds both."""
        return Reach(max(self.most, other.most), max(self.places, other.places), max(self.digits, other.digits))


class Sql(Struct, frozen=True):
    """A piece of SQL; with the reach of its numbers, and whether it can fail where a test should have stood before
    it."""

    text: str
    reach: Reach | None = None
    risky: bool = False
    bound: bool = False
    """Whether it is a column or a literal, which can be repeated."""

    @property
    def number(self) -> Reach:
        """The reach of what is known to be a number."""
        assert self.reach is not None  # noqa: S101  the checker's promise
        return self.reach

    @property
    def safe(self) -> str:
        """SQL that cannot fail."""
        return f"TRY({self.text})" if self.risky else self.text


def decimal_type(places: int) -> str:
    """Return the ``DECIMAL`` in which numbers of so many places are kept."""
    return f"DECIMAL({DIGITS + places}, {places})"


class Names(Protocol):
    """Who knows the names in an expression."""

    @property
    def can_lack(self) -> bool:
        """Whether a name can be missing where the checker says that it cannot: a record's people may have no row."""

    def column(self, name: FieldOf | AttributeOf | MeasureOf | EarnedOf) -> Sql:
        """Return what a name stands for."""

    def day(self, name: FieldOf | AttributeOf) -> str:
        """Return the column with the day of a moment, in the rulebook's time zone."""

    def returned(self, within: Decimal) -> str:
        """Return whether the record is returned."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of record, which are kept as an ENUM."""

    @property
    def as_of(self) -> str:
        """SQL for the last day taken in."""

    @property
    def zone(self) -> str:
        """The rulebook's time zone."""


def sql_of(expr: Expr, names: Names) -> Sql:  # noqa: C901, PLR0912  one case for each operation
    """Return the SQL of an expression."""
    match expr.op:
        case Literally(value=value) | ParameterOf(value=value):
            return literal(value)
        case FieldOf() | AttributeOf() | MeasureOf() | EarnedOf() as name:
            return names.column(name)
        case Negate(operand=operand):
            number = sql_of(operand, names)
            return Sql(f"(-{number.text})", number.reach, number.risky)
        case Not(operand=operand):
            return Sql(f"(NOT {sql_of(operand, names).safe})")
        case Arithmetic(operator=operator, left=left, right=right):
            return arithmetic(operator, sql_of(left, names), sql_of(right, names))
        case Compare(operator=operator, left=left, right=right):
            if (
                operator in {"=", "!="}
                and any(isinstance(each.op, FieldOf) for each in (left, right))
                and _is_kind(left, names)
                and _is_kind(right, names)
            ):
                return Sql(f"({_kind(left)} {operator} {_kind(right)})")
            compared = sql_of(left, names).safe
            if isinstance(left.type, TextType) and operator not in {"=", "!="}:
                # Where both are written in the rulebook, no column tells a database to take them by code points.
                compared = f"CAST({compared} AS VARCHAR)"
            return Sql(f"({compared} {operator} {sql_of(right, names).safe})")
        case Logic(operator=operator, operands=operands):
            return Sql(f"({f' {operator.upper()} '.join(sql_of(each, names).safe for each in operands)})")
        case In(value=value, options=options, negated=negated):
            if all(_is_kind(each, names) for each in (value, *options)):
                among = ", ".join(_kind(each) for each in options)
                return Sql(f"({_kind(value)} {'NOT IN' if negated else 'IN'} ({among}))")
            among = ", ".join(sql_of(each, names).safe for each in options)
            return Sql(f"({sql_of(value, names).safe} {'NOT IN' if negated else 'IN'} ({among}))")
        case IsMissing(value=value, negated=negated):
            return Sql(f"({sql_of(value, names).safe} IS {'NOT NULL' if negated else 'NULL'})")
        case OrElse(value=value, default=default):
            first, second = sql_of(value, names), sql_of(default, names)
            return _either(f"coalesce({first.safe}, {second.text})", first, second)
        case If(condition=condition, then=then, otherwise=otherwise):
            first, second = sql_of(then, names), sql_of(otherwise, names)
            test = sql_of(condition, names).safe
            return _either(
                f"(CASE {test} WHEN true THEN {first.text} WHEN false THEN {second.text} END)", first, second
            )
        case Call(arguments=arguments):
            numbers = tuple(sql_of(each, names) for each in arguments)
            can_lack = names.can_lack or any(each.optional for each in arguments)
            return _call(expr.op.function, numbers, can_lack=can_lack)
        case Since(unit=unit, date=start):
            return _since(unit, _day_of(start, names), names)
        case FromTo(unit=unit, start=start, end=end):
            return _from_to(unit, start, end, names)
        case TextTest() as test:
            return _text_test(test, sql_of(test.value, names).text, sql_of(test.part, names).text)
        case Returned(within=within):
            return Sql(names.returned(within.value))
        case _:
            assert_never(expr.op)


def _is_kind(expr: Expr, names: Names) -> bool:
    """Whether this is the kind of a record, or one that is listed: they are compared as they are kept, not as texts."""
    match expr.op:
        case FieldOf(name="kind"):
            return bool(names.kinds)
        case Literally(value=value):
            return value in names.kinds
        case _:
            return False


def _kind(expr: Expr) -> str:
    return quote_value(expr.op.value) if isinstance(expr.op, Literally) else "kind"


def literal(value: Scalar) -> Sql:
    """Return a value as SQL."""
    reach = None
    if isinstance(value, Decimal):
        reach = Reach(abs(value), places_of(value), max(1, value.adjusted() + 1))
    text = quote_value(value)
    return Sql(f"({text})" if text.startswith("-") else text, reach, bound=True)


def number_column(text: str, kind: NumberType) -> Sql:
    """Return a column that holds numbers of a type."""
    most = max(abs(kind.low), abs(kind.high))
    return Sql(text, Reach(most, kind.places, most.adjusted() + 2 if most else 1), bound=True)


def arithmetic(operator: Literal["+", "-", "*", "/"], left: Sql, right: Sql) -> Sql:
    """Return a sum, difference, product or quotient; the last two rounded to 9 places."""
    risky = left.risky or right.risky
    match operator:
        case "+" | "-":
            most = EXACT.add(left.number.most, right.number.most)
            digits = max(left.number.digits, right.number.digits) + 1
            reach = Reach(most, max(left.number.places, right.number.places), digits)
            first, reach = _in_128_bits(left, reach)
            return _within_limits(f"({first} {operator} {right.text})", reach, risky=risky)
        case "*":
            return _product(left, right, risky=risky)
        case "/":
            short = max(left.number.most, right.number.most) < SHORT_QUOTIENT
            whole = left.number.places == right.number.places == 0
            macro = "whole_quotient" if short and whole else "quotient" if short else "long_quotient"
            text = f"{macro}({left.text}, {right.text})"
            return Sql(text, Reach(LIMIT, PLACES), risky=True)
        case _:
            assert_never(operator)


def _product(left: Sql, right: Sql, *, risky: bool) -> Sql:
    one, other = left.number, right.number
    reach = Reach(EXACT.multiply(one.most, other.most), one.places + other.places, one.digits + other.digits)
    if not reach.fits:
        return Sql(f"long_product({left.text}, {right.text})", Reach(LIMIT, PLACES), risky=True)
    first, reach = _in_128_bits(left, reach)
    product = f"({first} * {right.text})"
    if reach.places > PLACES:
        whole = replace(reach, places=PLACES, digits=DIGITS)
        return _within_limits(f"CAST({product} AS {whole.type})", whole, risky=risky)
    return _within_limits(product, reach, risky=risky)


def _in_128_bits(operand: Sql, result: Reach) -> tuple[str, Reach]:
    """Return an operand from which the result can be had, and the reach of the result: where that can have more than 18
    digits, the operand has room for as many."""
    if EXACT.scaleb(result.most, result.places) < Decimal(10) ** _SHORT:
        return operand.text, result
    digits, places = operand.number.digits, operand.number.places
    wide = max(digits, _SHORT + 1 - places)
    text = f"CAST({operand.text} AS DECIMAL({wide + places}, {places}))"
    return text, replace(result, digits=result.digits + wide - digits)


def _within_limits(text: str, reach: Reach, *, risky: bool) -> Sql:
    if reach.digits > DIGITS:
        text, reach = f"CAST({text} AS {reach.type})", replace(reach, digits=DIGITS)
    if reach.most < Decimal(10) ** DIGITS:
        return Sql(text, reach, risky)
    return Sql(text, replace(reach, most=LIMIT), risky=True)


def _either(text: str, first: Sql, second: Sql) -> Sql:
    reach = None if first.reach is None or second.reach is None else first.reach.with_(second.reach)
    return Sql(text, reach, first.risky or second.risky)


def once(operand: Sql, body: str) -> str:
    """Write SQL in which ``{0}`` stands for an operand more than once, worked out once."""
    return body.format(operand.text) if operand.bound else let(body.format(f"{_BOUND}.x"), _BOUND, x=operand.text)


def _call(function: str, numbers: tuple[Sql, ...], *, can_lack: bool) -> Sql:
    first = numbers[0]
    risky = any(each.risky for each in numbers)
    match function:
        case "min" | "max":
            found = numbers[0]
            for each in numbers[1:]:
                found = _extreme(function, found, each, can_lack=can_lack)
            return found
        case "abs":
            return Sql(f"abs({first.text})", first.reach, risky)
        case "round" | "floor" | "ceiling":
            name = {"round": "round", "floor": "floor", "ceiling": "ceil"}[function]
            reach = Reach(EXACT.add(first.number.most, 1), 0)
            return Sql(f"CAST({name}({first.text}) AS {reach.type})", reach, risky)
        case "sqrt" | "ln" | "log10" | "exp" | "erfc":
            macro, most = _FUNCTIONS[function]
            return Sql(f"{macro}({first.text})", Reach(most, PLACES), risky)
        case _:
            raise AssertionError(function)


_FUNCTIONS: dict[str, tuple[str, Decimal]] = {
    "sqrt": ("square_root", Decimal(10) ** 13),
    "ln": ("natural_log", Decimal(60)),
    "log10": ("common_log", Decimal(25)),
    "exp": ("exponential", Decimal(10) ** 9),
    "erfc": ("complementary_error", Decimal(2)),
}
"""The macro of each function, and the most that its value can be."""


def _extreme(function: str, left: Sql, right: Sql, *, can_lack: bool) -> Sql:
    """Return the lesser or greater of two numbers; missing if either is, which ``least`` and ``greatest``
    overlook."""
    reach = left.number.with_(right.number)
    risky = left.risky or right.risky
    if not can_lack:
        return Sql(f"{'least' if function == 'min' else 'greatest'}({left.text}, {right.text})", reach, risky)
    order = "<=" if function == "min" else ">="
    a, b = f"{_BOUND}.a", f"{_BOUND}.b"
    body = f"CASE {a} {order} {b} WHEN true THEN {a} WHEN false THEN {b} END"
    return Sql(let(body, _BOUND, a=left.text, b=right.text), reach, risky)


# ---- days and texts ----------------------------------------------------------------------------------------------


def _day_of(expr: Expr, names: Names) -> Sql:
    """Return the day of a date or moment, asking for days where the moments are named."""
    match expr.op:
        case FieldOf() | AttributeOf() as name:
            is_moment = isinstance(expr.type, TimeType)
            return Sql(names.day(name), bound=True) if is_moment else names.column(name)
        case Literally(value=value) | ParameterOf(value=value):
            assert isinstance(value, date)  # noqa: S101  the checker's promise
            return literal(day_of(value, names.zone) if isinstance(value, datetime) else value)
        case If(condition=condition, then=then, otherwise=otherwise):
            test = sql_of(condition, names).safe
            first, second = _day_of(then, names).text, _day_of(otherwise, names).text
            return Sql(f"(CASE {test} WHEN true THEN {first} WHEN false THEN {second} END)")
        case OrElse(value=value, default=default):
            return Sql(f"coalesce({_day_of(value, names).text}, {_day_of(default, names).text})")
        case _:
            return sql_of(expr, names)


def _since(unit: Literal["days", "years"], start: Sql, names: Names) -> Sql:
    if unit == "days":
        body = f"CASE WHEN {{0}} <= {names.as_of} THEN {names.as_of} - {{0}} END"
    else:
        body = f"CASE WHEN {{0}} <= {names.as_of} THEN years_between({{0}}, {names.as_of}) END"
    return Sql(f"CAST({once(start, body)} AS DECIMAL(10, 0))", Reach(_DAYS, 0, 10))


def _from_to(unit: Literal["days", "seconds"], start: Expr, end: Expr, names: Names) -> Sql:
    if unit == "days":
        days = f"({_day_of(end, names).text} - {_day_of(start, names).text})"
        return Sql(f"CAST({days} AS DECIMAL(10, 0))", Reach(_DAYS, 0, 10))
    first, second = (f"epoch_us(CAST({sql_of(each, names).text} AS TIMESTAMP))" for each in (start, end))
    return Sql(f"(CAST({second} - {first} AS DECIMAL(20, 0)) * 0.000001)", Reach(_DAYS * 86_400, 6, 21))


def _text_test(test: TextTest, value: str, part: str) -> Sql:
    if test.ignoring_case:
        value, part = (f"translate({text}, {_CAPITALS})" for text in (value, part))
    match test.test:
        case "starts":
            return Sql(f"starts_with({value}, {part})")
        case "ends":
            return Sql(f"ends_with({value}, {part})")
        case "contains":
            return Sql(f"contains({value}, {part})")
        case _:
            assert_never(test.test)


def never_missing(text: str) -> str:
    """Return a condition that holds or does not: one that is missing does not."""
    return f"coalesce({text}, false)"


def unsigned(number: Decimal) -> str:
    """Return a whole number of records or days as an integer literal."""
    return quote_number(number).removesuffix(".")
