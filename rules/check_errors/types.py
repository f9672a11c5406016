"""Takes values and their types; gives the words for values that do not fit where they stand."""

from __future__ import annotations

import re

from tallystick.rules.check_errors.drawing import a, error, mended
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.expression import Expr, Literally
from tallystick.rules.source import Source, Span
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, Type, YesNoType
from tallystick.rules.written_days import how_written


def not_a_number(source: Source, span: Span, text: str, found: Type) -> Diagnostic:
    """Something else where a number is needed."""
    match found:
        case DateType() | TimeType():
            advice = f"write `days since {text}` or `years since {text}`"
        case YesNoType():
            advice = f"write `if {text} then 1 else 0`"
        case DurationType():
            advice = f"write the number alone, or `{text} / 1 day` for its days"
        case _:
            advice = "use a field, attribute or measure that is a number"
    name = Mistake.UNIT_MISMATCH if isinstance(found, DurationType) else Mistake.TYPE_MISMATCH
    return error(name, source, span, f"`{text}` is {a(found)} where a number is needed", help=advice)


def not_a_duration(source: Source, span: Span, text: str, found: Type) -> Diagnostic:
    """Something else where a duration is needed."""
    if not isinstance(found, NumberType):
        advice = "write `90 days`"
    elif text.replace(".", "").isdigit():
        advice = f"write `{text} days`"
    else:
        advice = f"write `({text}) * 1 day`" if " " in text else f"write `{text} * 1 day`, or declare it with `days`"
    name = Mistake.UNIT_MISMATCH if isinstance(found, NumberType) else Mistake.TYPE_MISMATCH
    return error(name, source, span, f"`{text}` is {a(found)} where a duration is needed", help=advice)


def not_a_condition(source: Source, span: Span, text: str, found: Type) -> Diagnostic:
    """Something else where a condition is needed."""
    advice = (
        f"compare it: `{text} >= 1`"
        if isinstance(found, NumberType)
        else "compare it with something, behind `or` too: `a = b or a = c`"
    )
    return error(
        Mistake.TYPE_MISMATCH, source, span, f"`{text}` is {a(found)} where a condition is needed", help=advice
    )


def not_a_date(source: Source, span: Span, text: str, found: Type) -> Diagnostic:
    """Something else where a date or a time is needed."""
    return error(
        Mistake.TYPE_MISMATCH,
        source,
        span,
        f"`{text}` is {a(found)} where a date or a time is needed",
        help="name a field or attribute that is a date or a time",
    )


def not_a_moment(source: Source, span: Span, text: str, found: Type) -> Diagnostic:
    """Something else where a time is needed."""
    advice = "count days: `days from … to …`" if isinstance(found, DateType) else "name a field that is a time"
    return error(Mistake.TYPE_MISMATCH, source, span, f"`{text}` is {a(found)} where a time is needed", help=advice)


def not_a_text(source: Source, span: Span, text: str, found: Type) -> Diagnostic:
    """Something else where a text is needed."""
    advice = f"write `{text} in (…)`" if isinstance(found, OneOfType) else "name a field or attribute that is a text"
    return error(Mistake.TYPE_MISMATCH, source, span, f"`{text}` is {a(found)} where a text is needed", help=advice)


def quoted_value(source: Source, span: Span, text: str, value: str) -> Diagnostic:
    """A value of ``one of``, or a yes or no, in quotes."""
    mistake = error(
        Mistake.VALUE_QUOTED,
        source,
        span,
        f'`"{text}"` is a text, and the value is named `{value}`',
        help=f"write `{value}` without quotes",
    )
    return mended(mistake, value)


def not_comparable(
    source: Source, span: Span, left: tuple[str, Expr, Span], right: tuple[str, Expr, Span]
) -> Diagnostic:
    """Two values of different types in a comparison."""
    kinds = left[1].type, right[1].type
    durations = [side for side in (left, right) if isinstance(side[1].type, DurationType)]
    if durations and any(isinstance(kind, NumberType) for kind in kinds):
        text = durations[0][0]
        return error(
            Mistake.UNIT_MISMATCH,
            source,
            span,
            f"`{left[0]}` is {a(kinds[0])} and `{right[0]}` is {a(kinds[1])}: they cannot be compared",
            second=None if durations[0][2] == span else (durations[0][2], "a duration"),
            help=f"write the number of days alone, or `{text} / 1 day`",
        )
    return error(
        Mistake.TYPE_MISMATCH,
        source,
        span,
        f"`{left[0]}` is {a(kinds[0])} and `{right[0]}` is {a(kinds[1])}: they cannot be compared",
        help=_bring_together(left, right),
    )


def different_types(source: Source, span: Span, first: tuple[str, Type], second: tuple[str, Type]) -> Diagnostic:
    """Two values of different types, of which one is chosen."""
    return error(
        Mistake.TYPE_MISMATCH,
        source,
        span,
        f"`{first[0]}` is {a(first[1])} and `{second[0]}` is {a(second[1])}: one value must be like the other",
        help="make both of one type",
    )


def mixed_units(
    source: Source, span: Span, sides: tuple[tuple[str, Type], tuple[str, Type]], operator: str
) -> Diagnostic:
    """Arithmetic between durations and other values that has no meaning."""
    (left, of_left), (right, of_right) = sides
    duration, other = (left, right) if isinstance(of_left, DurationType) else (right, left)
    days = f"`{other} days`" if other.isdigit() else "the number of days alone"
    return error(
        Mistake.UNIT_MISMATCH,
        source,
        span,
        f"`{left}` is {a(of_left)} and `{right}` is {a(of_right)}: `{operator}` has no meaning between them",
        help=f"write {days}, or `{duration} / 1 day`",
    )


def no_order(source: Source, span: Span, text: str, found: Type, operator: str) -> Diagnostic:
    """An order asked of values that have none."""
    return error(
        Mistake.NO_ORDER,
        source,
        span,
        f"`{text}` is {a(found)}, which has no order for `{operator}`",
        help="use `=`, `!=` or `in (…)`",
    )


_OF_A_DAY = re.compile(r"(19[0-9]{2}|20[0-9]{2}|2100)([-/.][0-9]{1,2})?|[0-9]{8}")
"""A year, a year with a month, and a day in eight digits."""
_NUMBER = re.compile(r'"-?[0-9]+(\.[0-9]+)?"')


def _bring_together(left: tuple[str, Expr, Span], right: tuple[str, Expr, Span]) -> str:
    """Say what to write so that two values can be compared."""
    for (text, value, _), (beside, other, _) in ((left, right), (right, left)):
        match value.type, other.type:
            case (DateType() | TimeType() as wanted, NumberType() | TextType()) if (
                said := how_written(beside, "T00:00:00Z" if isinstance(wanted, TimeType) else "")
            ) is not None:
                return said
            case DateType() | TimeType(), NumberType() | TextType() if _OF_A_DAY.fullmatch(beside.strip('"')):
                sort, moment = ("moment", "T00:00:00Z") if isinstance(value.type, TimeType) else ("day", "")
                shown = f"such as `2026-01-31{moment}`"
                if isinstance(other.type, TextType):
                    return f"a {sort} is written year-month-day, without quotes, {shown}"
                return f"a {sort} is written year-month-day, {shown}; to count days, write `days since {text}`"
            case NumberType(), TextType() if _NUMBER.fullmatch(beside):
                return f"write `{beside[1:-1]}` without quotes"
            case DateType(), TimeType() if isinstance(value.op, Literally):
                return f"write a moment: `{text}T00:00:00Z`"
            case DateType() | TimeType(), NumberType():
                return f"write `days since {text}` or `years since {text}`"
            case TimeType(), DateType() if isinstance(value.op, Literally):
                return f"write a date: `{text[:10]}`"
            case TextType(), OneOfType(values=values) if isinstance(value.op, Literally):
                return f"name one of {', '.join(values)}"
            case YesNoType(), NumberType() if isinstance(other.op, Literally):
                return f"write `{text}` alone, or `not {f'({text})' if ' ' in text else text}`"
            case TextType(), NumberType() if isinstance(other.op, Literally):
                return "put the number in quotes, if it is a text"
            case _:
                continue
    return "compare values of one type"
