"""Takes a mistake's name, words and places; gives the diagnostic. Also: how types, intervals and lists read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic, Fix, Label, Severity
from tallystick.rules.source import Source, Span
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, TextType, TimeType, Type, YesNoType

SHOWN = 10
"""So many names are listed when none is near."""


def error(
    name: Mistake,
    source: Source,
    span: Span,
    message: str,
    *,
    label: str = "",
    second: tuple[Span, str] | None = None,
    notes: Sequence[str] = (),
    help: str | None = None,  # noqa: A002  # the reader's word for it
) -> Diagnostic:
    """Make an error: the rulebook cannot be used."""
    return Diagnostic(
        name=name.value,
        message=message,
        source=source,
        primary=Label(span, label),
        secondary=None if second is None else Label(*second),
        notes=tuple(notes),
        help=help,
    )


def mended(mistake: Diagnostic, replacement: str | None) -> Diagnostic:
    """Return the diagnostic with a safe edit: what to write in its place; None for none."""
    if replacement is None:
        return mistake
    return replace(mistake, fix=Fix(mistake.primary.span, replacement, f"write `{replacement}`"))


def warning(
    name: Mistake,
    source: Source,
    span: Span,
    message: str,
    *,
    label: str = "",
    second: tuple[Span, str] | None = None,
    notes: Sequence[str] = (),
    help: str | None = None,  # noqa: A002  # the reader's word for it
) -> Diagnostic:
    """Make a warning: the rulebook can be used."""
    made = error(name, source, span, message, label=label, second=second, notes=notes, help=help)
    return replace(made, severity=Severity.WARNING)


def a(of: Type) -> str:
    """Say a type with its article: ``a number``, ``one of post, reply``."""
    match of:
        case NumberType():
            return "a number"
        case TextType():
            return "a text"
        case YesNoType():
            return "a yes/no"
        case DateType():
            return "a date"
        case TimeType():
            return "a time"
        case DurationType():
            return "a duration"
        case OneOfType(values=values):
            return f"one of {', '.join(values[:4])}{', …' if len(values) > 4 else ''}"  # noqa: PLR2004  # enough to know it


def listed(names: Iterable[str], *, last: str = "and") -> str:
    """List names in backticks: ```a`, `b` and `c```, or the first ten and how many more."""
    shown = [f"`{name}`" for name in names]
    if len(shown) > SHOWN:
        return f"{', '.join(shown[:SHOWN])} and {len(shown) - SHOWN} more"
    if len(shown) < 2:  # noqa: PLR2004  # nothing to join
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def counted(number: int, one: str, many: str) -> str:
    """Say how many: ``1 row``, ``3 rows``."""
    return f"{number} {one if number == 1 else many}"
