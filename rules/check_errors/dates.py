"""Takes facts about the dated values of parameters; gives the words for what is wrong with them."""

from __future__ import annotations

from tallystick.rules import limits, syntax
from tallystick.rules.check_errors.drawing import a, error
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.value import DurationType, Type


def dates_order(source: Source, written: syntax.DateLiteral, before: syntax.DateLiteral) -> Diagnostic:
    """A dated value that does not come after the one before it."""
    return error(
        Mistake.DATES_ORDER,
        source,
        written.span,
        f"a value from {written.value} cannot follow one from {before.value}",
        second=(before.span, "the value before"),
        help="write the values from the earliest to the latest, one for each day",
    )


def dates_too_many(source: Source, span: Span, days: int) -> Diagnostic:
    """More days on which a value changes than a file may have."""
    return error(
        Mistake.DATES_TOO_MANY,
        source,
        span,
        f"parameters change on {days} days, more than can be checked",
        notes=(f"{limits.DATES} days are possible, and days times characters of the file up to {limits.DATED_TEXT:,}",),
        help="leave out values that came long ago",
    )


def dated_type(source: Source, span: Span, name: str, first: Span, was: Type, now: Type) -> Diagnostic:
    """A parameter that is a number on some days and a duration on others."""
    return error(
        Mistake.UNIT_MISMATCH,
        source,
        span,
        f"`{name}` is {a(was)}, and {a(now)} from here on",
        second=(first, "its first value"),
        help=f"write {a(was)}" + (", such as `30 days`" if isinstance(was, DurationType) else ""),
    )
