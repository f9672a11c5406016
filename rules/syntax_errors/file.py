"""Takes what is wrong with a file, or with the lines under a line; gives it in words."""

from __future__ import annotations

from tallystick.rules import limits
from tallystick.rules.diagnostics import Diagnostic, Label
from tallystick.rules.source import Source, Span
from tallystick.rules.syntax_errors.lines import short


def file_too_large(source: Source) -> Diagnostic:
    """More than a rulebook may hold."""
    return Diagnostic(
        "file-too-large",
        "this file is larger than a rulebook may be",
        source,
        Label(Span(0, 0)),
        notes=(f"a rulebook may have {limits.FILE_BYTES:,} bytes",),
        help="leave out what is not needed; records belong in files of their own",
    )


def not_utf8(source: Source, at: int) -> Diagnostic:
    """Bytes that are no text; the source holds the text before them."""
    return Diagnostic(
        "not-utf-8",
        "this file is not text in UTF-8",
        source,
        Label(Span(at, at), "up to here it is"),
        help="save it again as UTF-8",
    )


def head_missing(source: Source, at: Span) -> Diagnostic:
    """No `rulebook` line at the beginning."""
    return Diagnostic(
        "head-missing",
        "a file begins with what the rulebook is called, and this one does not",
        source,
        Label(at, "before this"),
        help='begin with a line such as `rulebook "Community influence" version 1.0.0`',
    )


def mistakes_too_many(source: Source, at: Span) -> Diagnostic:
    """The rest is not told."""
    return Diagnostic(
        "mistakes-too-many",
        f"there are more than {limits.MISTAKES} mistakes; the rest is not told",
        source,
        Label(at, "from here on"),
        help="mend those above and check again",
    )


def declarations_too_many(source: Source, at: Span) -> Diagnostic:
    """More than a file may declare."""
    return Diagnostic(
        "declarations-too-many",
        f"there are more than {limits.DECLARATIONS:,} declarations",
        source,
        Label(at, "one too many"),
        help="a score that nobody can read cannot be explained: declare fewer",
    )


def rows_too_many(source: Source, at: Span) -> Diagnostic:
    """More than a table of an example may have."""
    return Diagnostic(
        "rows-too-many",
        f"the table of an example has at most {limits.GRID_ROWS:,} rows",
        source,
        Label(at, "one too many"),
        help="show the same with fewer records",
    )


def expression_too_deep(source: Source, at: Span) -> Diagnostic:
    """An expression that nests too deep."""
    return Diagnostic(
        "expression-too-deep",
        "this expression nests too deep",
        source,
        Label(at),
        notes=(f"at most {limits.DEPTH} operations may stand inside one another",),
        help="give a part of it a name: `measure NAME …` with `= …`",
    )


def block_unexpected(source: Source, at: Span, above: str) -> Diagnostic:
    """Tell of lines that stand deeper than they can."""
    return Diagnostic(
        "indentation-unexpected",
        f"nothing can stand under the line `{short(above)}`",
        source,
        Label(at, "deeper than the line above"),
        help="indent it like the line above, or take it out",
    )


def block_empty(source: Source, at: Span, above: str, choices: tuple[str, ...]) -> Diagnostic:
    """Tell of a line that wants others under it."""
    return Diagnostic(
        "block-empty",
        f"nothing stands under `{above}`",
        source,
        Label(at),
        help=f"indent the lines that belong to it; what can stand there: {', '.join(choices)}",
    )


def block_unfinished(source: Source, at: Span, above: str, choices: tuple[str, ...]) -> Diagnostic:
    """Tell of a block that lacks a line."""
    return Diagnostic(
        "block-unfinished",
        f"something is missing under `{above}`",
        source,
        Label(at),
        help=f"add a line with {' or '.join(choices)}",
    )
