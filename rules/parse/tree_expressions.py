"""Takes what the grammar found of an expression; gives its node. Also: the forms that builders of nodes share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, cast

from tallystick.rules import syntax
from tallystick.rules.parse.tokens import Token, unquote
from tallystick.rules.source import Span
from tallystick.rules.syntax import Expr, NumberLiteral, Text, Word

Builder = Callable[..., object]


def plain(node: Callable[..., object]) -> Builder:
    """Build a node of which the fields are the children as they come."""

    def build(span: Span, *children: object) -> object:
        return node(*children, span=span)

    return build


def listed(node: Callable[..., object], first: int = 0) -> Builder:
    """Build a node of which the last field is all children after the first few."""

    def build(span: Span, *children: object) -> object:
        return node(*children[:first], children[first:], span=span)

    return build


def fixed(node: Callable[..., object], *values: object) -> Builder:
    """Build a node of which the first fields go without saying."""

    def build(span: Span, *children: object) -> object:
        return node(*values, *children, span=span)

    return build


def word(_span: Span, token: Token) -> Word:
    """Build a name."""
    return Word(token.text, token.span)


def text(_span: Span, token: Token) -> Text:
    """Build a quoted text."""
    return Text(unquote(token.text), token.span)


# ---- expressions -------------------------------------------------------------------------------------------------


def _number(span: Span, token: Token) -> NumberLiteral:
    return NumberLiteral(Decimal(token.text), span=span)


def _percent(span: Span, token: Token) -> NumberLiteral:
    return NumberLiteral(Decimal(token.text), percent=True, span=span)


def _duration(span: Span, number: Token, unit: Token) -> syntax.DurationLiteral:
    return syntax.DurationLiteral(Decimal(number.text), "day" if unit.text.startswith("day") else "week", span)


def _date(span: Span, token: Token) -> syntax.DateLiteral:
    return syntax.DateLiteral(date.fromisoformat(token.text), span)


def _moment(span: Span, token: Token) -> syntax.MomentLiteral:
    return syntax.MomentLiteral(datetime.fromisoformat(token.text), span)


def _text_literal(span: Span, token: Token) -> syntax.TextLiteral:
    return syntax.TextLiteral(unquote(token.text), span)


def _name(span: Span, token: Token) -> syntax.Name:
    return syntax.Name(token.text, span)


def _dotted(span: Span, owner: Token, name: Token) -> syntax.Dotted:
    return syntax.Dotted(word(span, owner), word(span, name), span)


def _arithmetic(operator: Literal["+", "-", "*", "/"]) -> Builder:
    return fixed(syntax.Arithmetic, operator)


def _compare(span: Span, left: Expr, operator: Token, right: Expr) -> syntax.Compare:
    sign = cast("Literal['=', '!=', '<', '<=', '>', '>=']", operator.text)
    return syntax.Compare(sign, left, right, span)


def _logic(operator: Literal["and", "or"]) -> Builder:
    return listed(lambda operands, span: syntax.Logic(operator, operands, span))


def _in(*, negated: bool) -> Builder:
    def build(span: Span, value: Expr, *options: Expr) -> syntax.In:
        return syntax.In(value, options, negated, span)

    return build


def _missing(*, negated: bool) -> Builder:
    def build(span: Span, value: Expr) -> syntax.IsMissing:
        return syntax.IsMissing(value, negated, span)

    return build


def _text_test(test: Literal["starts", "ends", "contains"]) -> Builder:
    def build(span: Span, value: Expr, part: Expr, ignoring: Token | None) -> syntax.TextTest:
        return syntax.TextTest(test, value, part, ignoring is not None, span)

    return build


def _call(span: Span, function: Token, *arguments: Expr) -> syntax.Call:
    return syntax.Call(word(span, function), arguments, span)


EXPRESSIONS: Final[dict[str, Builder]] = {
    "word": word,
    "text": text,
    "if_": plain(syntax.If),
    "all_of": _logic("and"),
    "any_of": _logic("or"),
    "not_": plain(syntax.Not),
    "compare": _compare,
    "in_": _in(negated=False),
    "not_in": _in(negated=True),
    "is_missing": _missing(negated=False),
    "is_not_missing": _missing(negated=True),
    "starts": _text_test("starts"),
    "ends": _text_test("ends"),
    "contains": _text_test("contains"),
    "returned": plain(syntax.Returned),
    "add": _arithmetic("+"),
    "subtract": _arithmetic("-"),
    "multiply": _arithmetic("*"),
    "divide": _arithmetic("/"),
    "negate": plain(syntax.Negate),
    "or_else": plain(syntax.OrElse),
    "days_since": fixed(syntax.Since, "days"),
    "years_since": fixed(syntax.Since, "years"),
    "days_from_to": fixed(syntax.FromTo, "days"),
    "seconds_from_to": fixed(syntax.FromTo, "seconds"),
    "call": _call,
    "number": _number,
    "percent": _percent,
    "duration": _duration,
    "date": _date,
    "moment": _moment,
    "text_literal": _text_literal,
    "name": _name,
    "dotted": _dotted,
}

DEEPENING: Final = frozenset(
    [
        "if_", "all_of", "any_of", "not_", "compare", "in_", "not_in", "is_missing", "is_not_missing", "starts",
        "ends", "contains", "returned", "add", "subtract", "multiply", "divide", "negate", "or_else", "days_since",
        "years_since", "days_from_to", "seconds_from_to", "call",
    ],
)  # fmt: skip
"""The builders that put one expression inside another."""
