"""Takes facts about a ``use`` that cannot be followed; gives the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from tallystick.rules import limits, syntax
from tallystick.rules.check_errors.drawing import error
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.library import Unread
from tallystick.rules.source import Source, Span


def use_alone(source: Source, span: Span) -> Diagnostic:
    """A ``use`` in a text that stands in no folder."""
    return error(
        Mistake.USE_ALONE,
        source,
        Span(span.start, span.start + len("use")),
        "this text stands in no folder, so there is no other file to use",
        help="save it as a file beside the one that it uses, and name that file",
    )


def use_path(source: Source, written: syntax.Text, why: str) -> Diagnostic:
    """A path that is none of a rulebook below the folder."""
    return error(
        Mistake.USE_PATH,
        source,
        written.span,
        f"`{written.value}` cannot be used: {why}",
        help='name a file of the rulebook\'s folder, or below it: `use "shared/parts.tally"`',
    )


def use_circle(source: Source, written: syntax.Text, names: Sequence[str]) -> Diagnostic:
    """Files that use each other."""
    return error(
        Mistake.USE_CIRCLE,
        source,
        written.span,
        f"`{written.value}` uses this file in turn",
        notes=(" uses ".join(f"`{each}`" for each in names),),
        help="put what both need into a file of its own",
    )


def use_missing(source: Source, written: syntax.Text, name: str, found: Unread) -> Diagnostic:
    """A file that is not there, or that must not be read."""
    match found.why:
        case "absent":
            message, help_ = f"there is no file `{name}`", "write the name of a file that is there"
        case "other spelling":
            message, help_ = f"there is no file `{name}`", f"write it as it is spelt there: `{found.instead}`"
        case "a link":
            message, help_ = f"`{name}` is a link, and links are not followed", "put the file itself there"
        case "no file":
            message, help_ = f"`{name}` is no file", "write the name of a file that is there"
        case "cannot be read":
            message, help_ = f"`{name}` cannot be read: {found.instead}", "see who may read it"
        case _:
            assert_never(found.why)
    return error(Mistake.USE_MISSING, source, written.span, message, help=help_)


def use_too_many(source: Source, written: syntax.Text) -> Diagnostic:
    """More files, or deeper, than a rulebook may use."""
    return error(
        Mistake.USE_TOO_MUCH,
        source,
        written.span,
        "this rulebook uses too many files",
        notes=(f"{limits.USED_FILES} files are possible, and {limits.USE_DEPTH} that use each other in a row",),
        help="put them together",
    )


def use_too_large(source: Source, written: syntax.Text) -> Diagnostic:
    """Files that are too large together."""
    return error(
        Mistake.USE_TOO_MUCH,
        source,
        written.span,
        "the files that this rulebook uses are too large together",
        notes=(f"a rulebook and all that it uses may have {limits.FILE_BYTES:,} bytes",),
        help="use files that hold only what is needed",
    )


def too_many_declarations(source: Source, span: Span, count: int) -> Diagnostic:
    """More declarations in all files than one may have."""
    return error(
        Mistake.USE_TOO_MUCH,
        source,
        Span(span.start, span.start + len("use")),
        f"with what it uses this rulebook has {count} declarations",
        notes=(f"{limits.DECLARATIONS} are possible",),
        help="use files that hold only what is needed",
    )
