"""Takes an expression or another small part of a syntax tree; gives its text, with no parenthesis too many.

Only `a or else 0` stands in parentheses wherever it is part of something: it holds tightly, and nobody reads it so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Final, assert_never

from tallystick.rules import syntax
from tallystick.rules.syntax import Expr, Word

# How tightly a form holds its parts, from the loosest; the grammar's own order, but for `or else`, a CHOICE here.
CHOICE: Final = 0
LOGIC: Final = 1
NEGATION: Final = 2
COMPARISON: Final = 3
SUM: Final = 4
PRODUCT: Final = 5
UNARY: Final = 6
PREFIX: Final = 7
ATOM: Final = 8

_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


def format_expr(expr: Expr) -> str:
    """Print an expression on one line."""
    return _at(expr, CHOICE)


def quote(text: str) -> str:
    """Print a text with its quotes and escapes."""
    return f'"{text.translate(_ESCAPES)}"'


def names(words: Iterable[Word]) -> str:
    """Print names side by side."""
    return ", ".join(word.text for word in words)


def number(literal: syntax.NumberLiteral) -> str:
    """Print a number with the decimals it was written with."""
    return f"{literal.value:f}{'%' if literal.percent else ''}"


def duration(literal: syntax.DurationLiteral) -> str:
    """Print a duration, with its unit in the singular or the plural."""
    return f"{literal.value:f} {literal.unit}{'' if literal.value == 1 else 's'}"


def _at(expr: Expr, least: int) -> str:
    """Print an expression where only forms that hold at least this tightly can stand without parentheses."""
    text, tightness = _printed(expr)
    return text if tightness >= least else f"({text})"


def _printed(expr: Expr) -> tuple[str, int]:  # noqa: C901, PLR0912 (one arm for each form)
    """Print an expression, and say how tightly it holds together."""
    match expr:
        case syntax.NumberLiteral():
            return number(expr), ATOM
        case syntax.DurationLiteral():
            return duration(expr), ATOM
        case syntax.DateLiteral(value):
            return value.isoformat(), ATOM
        case syntax.MomentLiteral(value):
            return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z", ATOM
        case syntax.TextLiteral(value):
            return quote(value), ATOM
        case syntax.Name(text):
            return text, ATOM
        case syntax.Dotted(owner, name):
            return f"{owner.text}.{name.text}", ATOM
        case syntax.Call(function, arguments):
            return f"{function.text}({_list(arguments)})", ATOM
        case syntax.Since(unit, date):
            return f"{unit} since {_at(date, PREFIX)}", PREFIX
        case syntax.FromTo(unit, start, end):
            return f"{unit} from {_at(start, PREFIX)} to {_at(end, PREFIX)}", PREFIX
        case syntax.OrElse(value, default):
            first = format_expr(value) if isinstance(value, syntax.OrElse) else _at(value, PREFIX)
            return f"{first} or else {_default(default)}", CHOICE
        case syntax.Negate(operand):
            return f"-{_at(operand, UNARY)}", UNARY
        case syntax.Arithmetic("+" | "-" as operator, left, right):
            return f"{_at(left, SUM)} {operator} {_at(right, PRODUCT)}", SUM
        case syntax.Arithmetic(operator, left, right):
            return f"{_at(left, PRODUCT)} {operator} {_at(right, UNARY)}", PRODUCT
        case syntax.Compare(operator, left, right):
            return f"{_at(left, SUM)} {operator} {_at(right, SUM)}", COMPARISON
        case syntax.In(value, options, negated):
            return f"{_at(value, SUM)} {'not in' if negated else 'in'} ({_list(options)})", COMPARISON
        case syntax.IsMissing(value, negated):
            return f"{_at(value, SUM)} {'is not missing' if negated else 'is missing'}", COMPARISON
        case syntax.TextTest():
            return _text_test(expr), COMPARISON
        case syntax.Returned(within):
            return f"returned within {_at(within, SUM)}", COMPARISON
        case syntax.Not(operand):
            return f"not {_at(operand, NEGATION)}", NEGATION
        case syntax.Logic(operator, operands):
            return f" {operator} ".join(_at(operand, NEGATION) for operand in operands), LOGIC
        case syntax.If(condition, then, otherwise):
            tests = f"if {_at(condition, LOGIC)} then {_at(then, LOGIC)}"
            last = format_expr(otherwise) if isinstance(otherwise, syntax.If) else _at(otherwise, LOGIC)
            return f"{tests} else {last}", CHOICE
        case _:
            assert_never(expr)


def _list(options: tuple[Expr, ...]) -> str:
    return ", ".join(_at(option, CHOICE) for option in options)


def _text_test(expr: syntax.TextTest) -> str:
    test = "contains" if expr.test == "contains" else f"{expr.test} with"
    ignoring = " ignoring case" if expr.ignoring_case else ""
    return f"{_at(expr.value, SUM)} {test} {_at(expr.part, SUM)}{ignoring}"


def _default(default: Expr) -> str:
    """Print what stands after ``or else``, which may be a negative."""
    if isinstance(default, syntax.Negate):
        return f"-{_default(default.operand)}"
    return _at(default, PREFIX)
