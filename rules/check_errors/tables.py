"""Takes facts about the rows of a table; gives the words for what they leave out, take twice or never take."""

from __future__ import annotations

from tallystick.rules.check_errors.drawing import a, error, warning
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.value import DateType, OneOfType, TextType, TimeType, Type, YesNoType


def rows_overlap(  # the facts of one mistake
    source: Source,
    first: tuple[Span, str | None],
    second: tuple[Span, str | None],
    value: str,
    unit: str,
    advice: str | None,
) -> Diagnostic:
    """Two rows that take the same value."""
    return error(
        Mistake.ROWS_OVERLAP,
        source,
        second[0],
        f"two rows of this table both contain {value}{unit}",
        label=_at(second[1], value),
        second=(first[0], _at(first[1], value)),
        help="let each value stand in one row" if advice is None else f"write `{advice}`",
    )


def rows_gap(source: Source, span: Span, text: str, left_out: str, unit: str) -> Diagnostic:
    """A value that no row takes."""
    return error(
        Mistake.ROWS_GAP,
        source,
        span,
        f"no row of this table takes {left_out}{unit}",
        label=f"`{text}` can be {left_out}{unit}" if left_out != "any other text" else "can be any text",
        help='add a row for it, or `otherwise: 0 "…"`',
    )


def row_never(source: Source, span: Span, why: str) -> Diagnostic:
    """A row that takes nothing."""
    return warning(Mistake.ROW_NEVER, source, span, "no value ever reaches this row", notes=(why,), help="leave it out")


def never_missing(source: Source, span: Span, text: str) -> Diagnostic:
    """A ``missing`` row where nothing is missing."""
    return warning(
        Mistake.ROW_NEVER,
        source,
        span,
        "no value ever reaches this row",
        notes=(f"`{text}` is never missing here",),
        help="leave it out",
    )


def row_empty(source: Source, span: Span, low: str, high: str) -> Diagnostic:
    """A row that ends before it begins."""
    return error(
        Mistake.RANGE_EMPTY,
        source,
        span,
        f"nothing lies in this row, which begins at {low} and ends at {high}",
        help="exchange its ends, or leave it out",
    )


def row_twice(source: Source, span: Span, word: str, first: Span) -> Diagnostic:
    """A second ``missing`` or ``otherwise``."""
    return error(
        Mistake.SAID_TWICE,
        source,
        span,
        f"`{word}` stands twice in this table",
        label="again here",
        second=(first, "first here"),
        help="keep one of them",
    )


def value_again(source: Source, span: Span, text: str, first: Span) -> Diagnostic:
    """A named value in two rows."""
    return error(
        Mistake.ROWS_OVERLAP,
        source,
        span,
        f"two rows of this table both contain {text}",
        label="again here",
        second=(first, "first here"),
        help="let each value stand in one row",
    )


def no_range(source: Source, span: Span, text: str, found: Type) -> Diagnostic:
    """A range over values that have none."""
    return error(
        Mistake.TYPE_MISMATCH,
        source,
        span,
        f"`{text}` is {a(found)}, so a row cannot be a range",
        help="name the values of each row, separated by commas",
    )


def no_table(source: Source, span: Span, text: str, found: Type) -> Diagnostic:
    """A table over a moment."""
    return error(
        Mistake.TYPE_MISMATCH,
        source,
        span,
        f"`{text}` is {a(found)}, and a table needs a number, a date, a text, a yes/no or a named value",
        help=f"write `points by days since {text}` or `points by years since {text}`",
    )


def cell_type(source: Source, span: Span, text: str, kind: Type) -> Diagnostic:
    """A value in a row that what the table looks at cannot have."""
    match kind:
        case TextType():
            advice = 'write it in quotes: `"…"`'
        case YesNoType():
            advice = "write `yes` or `no`"
        case OneOfType(values=values):
            advice = f"write one of {', '.join(values)}"
        case DateType() | TimeType() if text.isdigit():
            advice = f"write {a(kind)}; to look at how long ago it is, write `points by days since …`"
        case _:
            advice = f"write {a(kind)}"
    return error(
        Mistake.TYPE_MISMATCH,
        source,
        span,
        f"`{text}` cannot stand in this row: the table looks at {a(kind)}",
        help=advice,
    )


def _at(points: str | None, value: str) -> str:
    if points is None:
        return f"at {value}"
    return f"{points} {'point' if points == '1' else 'points'} at {value}"
