"""Takes facts about arithmetic; gives the words for what has no value, leaves the range, or is not constant."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from tallystick.rules.check.intervals import described
from tallystick.rules.check_errors.drawing import counted, error, listed, warning
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.value import NumberType

Remedy = Literal["when", "rule", "table", "test"]


def may_be_zero(source: Source, span: Span, divisor: str, quotient: str, of: NumberType, remedy: Remedy) -> Diagnostic:
    """A divisor whose interval holds 0."""
    if of.low == of.high == 0:
        return error(
            Mistake.MAY_BE_ZERO,
            source,
            span,
            f"`{divisor}` is 0 here, so `{quotient}` has no value",
            label="0",
            help="divide by something else",
        )
    if of.low == 0 and of.places == 0:
        test = f"{divisor} >= 1"
    elif of.high == 0:
        test = f"{divisor} < 0"
    else:
        test = f"{divisor} > 0"
    bounded = f"min({divisor}, -1)" if of.high == 0 else f"max({divisor}, 1)"
    return error(
        Mistake.MAY_BE_ZERO,
        source,
        span,
        f"`{divisor}` can be 0 here, so `{quotient}` may have no value",
        label=described(of),
        help=f"{_guard(test, remedy)}, or divide by `{bounded}`",
    )


def may_be_negative(
    source: Source, span: Span, part: str, whole: str, of: NumberType, remedy: Remedy, *, strict: bool
) -> Diagnostic:
    """A root of what can be below 0, or a logarithm of what can be 0 or below."""
    least = "1" if strict else "0"
    zero = strict and of.low == 0
    name = Mistake.MAY_BE_ZERO if zero else Mistake.MAY_BE_NEGATIVE
    what = "0" if zero else "negative"
    test = f"{part} >= 1" if strict and of.places == 0 else f"{part} > 0" if strict else f"{part} >= 0"
    return error(
        name,
        source,
        span,
        f"`{part}` can be {what} here, so `{whole}` may have no value",
        label=described(of),
        help=f"{_guard(test, remedy)}, or write `max({part}, {least})`",
    )


def exp_too_large(source: Source, span: Span, part: str, whole: str, of: NumberType) -> Diagnostic:
    """``exp`` of what can be more than 20."""
    return error(
        Mistake.EXP_TOO_LARGE,
        source,
        span,
        f"`{part}` can be more than 20 here, so `{whole}` may grow out of hand",
        label=described(of),
        help=f"write `exp(min({part}, 20))`",
    )


def too_large(
    source: Source, span: Span, text: str, operand: tuple[str, Span, NumberType], *, is_named: bool
) -> Diagnostic:
    """A result that can leave ±10²⁴."""
    part, where, of = operand
    held = f"max(min({part}, 1000000), -1000000)" if of.low < 0 else f"min({part}, 1000000)"
    where_declared = "declare it, or what it is made of, with a narrower range, or " if is_named else ""
    return error(
        Mistake.TOO_LARGE,
        source,
        span,
        f"`{text}` can leave the range from -10²⁴ to 10²⁴",
        second=None if where == span else (where, described(of)),
        help=f"bound `{part}`: {where_declared}write `{held}`",
    )


def sum_too_large(source: Source, span: Span, text: str, of: NumberType) -> Diagnostic:
    """A sum over records that can leave ±10²⁴."""
    return error(
        Mistake.TOO_LARGE,
        source,
        span,
        f"the sum of `{text}` can leave the range from -10²⁴ to 10²⁴",
        label=described(of),
        notes=("a run takes in at most 10¹² records",),
        help="give the fields that it reads a narrower range, such as `number 0 to 1000`",
    )


def averaged_too_large(source: Source, span: Span, text: str, of: NumberType) -> Diagnostic:
    """A value to be averaged that can leave ±10¹⁶."""
    return error(
        Mistake.TOO_LARGE,
        source,
        span,
        f"`{text}` can leave the range from -10¹⁶ to 10¹⁶, and is averaged",
        label=described(of),
        notes=("a run takes in at most 10¹² records, and their sum would be longer than 38 digits",),
        help="give the fields that it reads a narrower range, such as `number 0 to 1000`",
    )


def total_too_large(source: Source, span: Span) -> Diagnostic:
    """A sum of lines that can leave ±10²⁴."""
    return error(
        Mistake.TOO_LARGE,
        source,
        span,
        "the sum of all rules can leave the range from -10²⁴ to 10²⁴",
        help="give the largest rules `at most` and `at least`",
    )


def literal_too_large(source: Source, span: Span) -> Diagnostic:
    """A number that is itself beyond ±10²⁴."""
    return error(
        Mistake.TOO_LARGE,
        source,
        span,
        "this number lies outside the range from -10²⁴ to 10²⁴",
        help="write a smaller number",
    )


def too_many_places(source: Source, span: Span, text: str, most: int) -> Diagnostic:
    """A number with more places than its place in the text can hold."""
    return error(
        Mistake.TOO_MANY_PLACES,
        source,
        span,
        f"`{text}` has more than {counted(most, 'decimal place', 'decimal places')}",
        help=f"write it with at most {most}",
    )


def number_two_ways(source: Source, span: Span, text: str) -> Diagnostic:
    """``1.000``, which is 1 here and a thousand in many languages."""
    whole, zeros = text.split(".")
    return warning(
        Mistake.NUMBER_TWO_WAYS,
        source,
        span,
        f"`{text}` is {whole}, and not {whole}{zeros}",
        notes=("a point stands before the decimals",),
        help=f"write `{whole}{zeros}`, or `{whole}` if that is meant",
    )


def record_value(source: Source, span: Span, name: str) -> Diagnostic:
    """Division or a function in the value of a record."""
    return error(
        Mistake.RECORD_VALUE,
        source,
        span,
        f"a record's value cannot use `{name}`",
        notes=("it is worked out for each record, and may use `+`, `-`, `*`, `min`, `max`, comparisons and `if`",),
        help="work it out once for each person, in a measure of its own: `= …`",
    )


def earned_unbounded(source: Source, span: Span, text: str, of: NumberType) -> Diagnostic:
    """What an actor earned in a record's value, and nothing holds it within bounds."""
    bounded = f"min({text}, 1)"
    if of.low < 0:
        bounded = f"max({bounded}, -1)"
    return error(
        Mistake.TOO_LARGE,
        source,
        span,
        f"`{text}` has no bound, so one actor could count for any number of others",
        label=described(of),
        help=f"say how much one actor can count for at most, such as `{bounded}`",
    )


def not_constant(source: Source, span: Span, what: str, text: str) -> Diagnostic:
    """A form that constants do not have."""
    return error(
        Mistake.NOT_CONSTANT,
        source,
        span,
        f"{what} must be a constant, and `{text}` is not",
        help="write a number, a parameter, or arithmetic on them",
    )


def function_unknown(source: Source, span: Span, name: str, known: tuple[str, ...]) -> Diagnostic:
    """A function that there is not."""
    return error(
        Mistake.NAME_UNKNOWN,
        source,
        span,
        f"no function is called `{name}`",
        label="not known",
        help=f"there are {listed(known)}",
    )


def argument_count(source: Source, span: Span, name: str, wanted: int, given: int) -> Diagnostic:
    """A function with too many or too few values."""
    many = wanted > 1
    return error(
        Mistake.ARGUMENT_COUNT,
        source,
        span,
        f"`{name}` takes {'two values or more' if many else 'one value'}, not {given}",
        help=f"write `{name}(a, b)`" if many else f"write `{name}(a)`",
    )


def days_wanted(source: Source, span: Span, text: str, value: Decimal, *, whole: bool) -> Diagnostic:
    """A duration that is not a whole number of days, or not above 0, or longer than a calendar."""
    wanted = "a whole number of days, 1 or more" if whole else "more than 0 days"
    if value > 1:
        wanted += ", and no longer than a calendar (3652059 days)"
    return error(
        Mistake.DURATION_RANGE,
        source,
        span,
        f"`{text}` must be {wanted}",
        help="write `90 days`",
    )


def _guard(test: str, remedy: Remedy) -> str:
    """Say how an author tests something first."""
    return f"test `{test} and …` first" if remedy == "test" else f"add `when {test}`"
