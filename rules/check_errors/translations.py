"""Takes facts about a translation of a rulebook; gives the words for what does not fit the rulebook, or is missing."""

from __future__ import annotations

from collections.abc import Sequence

from tallystick.rules.check_errors.drawing import error, listed, warning
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.library import Unread
from tallystick.rules.source import Source, Span
from tallystick.rules.spelling import near

_NAMED = 8
"""So many texts without translation are named."""


def no_translation(source: Source, span: Span, why: str) -> Diagnostic:
    """A file that is no TOML, or holds something that is no text."""
    return error(
        Mistake.TRANSLATION_FORM,
        source,
        span,
        why,
        help='write texts under the names of the rulebook, such as `[rule.tenure]` and under it `title = "…"`',
    )


def unread_translation(name: str, found: Unread) -> Diagnostic:
    """What is called like a translation, and is a link or no file: nothing but a file of the folder is read."""
    link = found.why == "a link"
    return error(
        Mistake.TRANSLATION_FORM,
        Source(name, ""),
        Span(0, 0),
        f"`{name}` is a link, and links are not followed" if link else f"`{name}` is no file",
        help="put the file itself there" if link else "give it another name, or put a file there",
    )


def unknown_address(source: Source, span: Span, written: str, known: Sequence[str]) -> Diagnostic:
    """A text that the rulebook does not have."""
    meant = near(written, known)
    return error(
        Mistake.TRANSLATION_UNKNOWN,
        source,
        span,
        f"the rulebook has no text at `{written}`",
        help=f"it has one at `{meant}`" if meant is not None else f"here it has {listed(known, last='and')}",
    )


def other_places(source: Source, span: Span, address: str, missing: Sequence[str], added: Sequence[str]) -> Diagnostic:
    """A ``say`` whose figures are not those of the rulebook's own."""
    wrong = [
        *(f"`{{{name}}}` is missing" for name in missing),
        *(f"`{{{name}}}` does not stand in the rulebook's" for name in added),
    ]
    return error(
        Mistake.TRANSLATION_PLACEHOLDER,
        source,
        span,
        f"the translation of `{address}` has other figures: {', '.join(wrong)}",
        help="put each `{name}` of the rulebook's sentence into the translated one, and no other",
    )


def not_translated(source: Source, missing: Sequence[str]) -> Diagnostic:
    """Texts of the rulebook that the file lacks."""
    more = len(missing) - _NAMED
    named = ", ".join(f"`{each}`" for each in missing[:_NAMED])
    return warning(
        Mistake.TRANSLATION_MISSING,
        source,
        Span(0, len(source.line(1))),
        f"{len(missing)} {'text is' if len(missing) == 1 else 'texts are'} not translated",
        notes=(
            f"{named}{f' and {more} more' if more > 0 else ''}",
            "what lacks a translation is shown in the rulebook's language, and marked",
        ),
        help="add them",
    )
