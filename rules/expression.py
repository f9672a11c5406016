"""Takes nothing; names what an expression of a checked rulebook can be: what it does, its type, missing or not."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from tallystick.rules.placed import Placed
from tallystick.rules.source import NOWHERE, Span
from tallystick.rules.value import Scalar, Type


class Expr(Placed, frozen=True):
    """An expression: what it does, the type of its value, and whether the value can be missing here.

    A number's type carries the interval that the checker proved, after everything that narrows it at this place.
    Evaluation with missing operands is Kleene's: any operation on a missing value is missing, except ``or else``,
    ``is missing`` and ``and``/``or`` where the other operands decide; ``in`` is an ``or`` of ``=``. A condition holds
    only when it is ``True``.
    """

    op: Operation
    type: Type
    optional: bool
    span: Span = NOWHERE


class Constant(Struct, frozen=True):
    """An expression over numbers and parameters that the checker worked out (a duration: in days; ``40%``: 0.4)."""

    value: Decimal
    expr: Expr


class Literally(Struct, frozen=True):
    """A value as written; a duration is its number of days, ``40%`` is 0.4."""

    value: Scalar


class FieldOf(Struct, frozen=True):
    """A field of the record at hand."""

    name: str


class AttributeOf(Struct, frozen=True):
    """An attribute of the person scored; in a record's expression, of the record's ``subject`` or ``actor``."""

    name: str
    whose: Literal["subject", "actor"] = "subject"


class ParameterOf(Struct, frozen=True):
    """A parameter."""

    name: str
    value: Scalar


class MeasureOf(Struct, frozen=True):
    """A measure of the person scored."""

    name: str


class EarnedOf(Struct, frozen=True):
    """What the actor of the record at hand earned: a measure of theirs, as the records about them (and what they gave)
    make it, whether or not they are asked for a score. Missing where the measure is, where the record has no actor, and
    where ``subjects`` are declared and the actor has no row. INVARIANT: no measure reads itself in this way.
    """

    name: str


class Negate(Struct, frozen=True):
    """``-x``."""

    operand: Expr


class Not(Struct, frozen=True):
    """``not x``."""

    operand: Expr


class Arithmetic(Struct, frozen=True):
    """``+ - * /`` on numbers; a product or quotient is rounded to 9 places, half away from zero, as it is made."""

    operator: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr


class Compare(Struct, frozen=True):
    """A comparison of two values of one type (numbers, texts by code points, dates, times, yes/no only
    ``=``/``!=``)."""

    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr


class Logic(Struct, frozen=True):
    """``and`` or ``or`` of two or more conditions."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]


class In(Struct, frozen=True):
    """Whether the value equals one of the options."""

    value: Expr
    options: tuple[Expr, ...]
    negated: bool


class IsMissing(Struct, frozen=True):
    """Whether the value is missing; never missing itself."""

    value: Expr
    negated: bool


class OrElse(Struct, frozen=True):
    """The value, or ``default`` where it is missing."""

    value: Expr
    default: Expr


class If(Struct, frozen=True):
    """``then`` where the condition holds, else ``otherwise``; only the branch taken is worked out."""

    condition: Expr
    then: Expr
    otherwise: Expr


Function = Literal["min", "max", "abs", "round", "floor", "ceiling", "sqrt", "ln", "log10", "exp", "erfc"]


class Call(Struct, frozen=True):
    """A function; ``min`` and ``max`` take two or more, the others one. Roots, logarithms, ``exp``: 9 places, true
    value correctly rounded, half away from zero. ``round`` is half away from zero, to a whole number.
    """

    function: Function
    arguments: tuple[Expr, ...]


class Since(Struct, frozen=True):
    """Whole days, or birthdays passed, from a date (or a moment's day) to the as-of day; missing if it is later."""

    unit: Literal["days", "years"]
    date: Expr


class FromTo(Struct, frozen=True):
    """Days between the days, or seconds between the moments (6 places), of two dates or times; negative if reversed."""

    unit: Literal["days", "seconds"]
    start: Expr
    end: Expr


class TextTest(Struct, frozen=True):
    """Whether a text starts with, ends with or contains another; ``ignoring_case`` folds A to Z only."""

    test: Literal["starts", "ends", "contains"]
    value: Expr
    part: Expr
    ignoring_case: bool


class Returned(Struct, frozen=True):
    """Whether, within ``within`` days up to and including the record's day, the record's subject had done the same
    kind to its actor. Every record is looked at that is neither voided nor later than this one (an equal moment is
    not later; the record itself is one of them), excluded or not. A record without an actor is not returned.
    """

    within: Constant


Operation = (
    Literally
    | FieldOf
    | AttributeOf
    | ParameterOf
    | MeasureOf
    | EarnedOf
    | Negate
    | Not
    | Arithmetic
    | Compare
    | Logic
    | In
    | IsMissing
    | OrElse
    | If
    | Call
    | Since
    | FromTo
    | TextTest
    | Returned
)
