"""Takes what version number a change of a rulebook deserves; gives the words where it has another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from tallystick.rules.check_errors.drawing import error, warning
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.diff.versions import Level, VersionJudgement
from tallystick.rules.source import Source, Span

SHOWN = 3
"""So many changes are named; ``tally diff`` names all."""


def version_mistakes(
    judged: VersionJudgement, source: Source, place: Span, sentences: Sequence[str]
) -> tuple[Diagnostic, ...]:
    """Tell of a version number that hides a change. ``sentences`` say the changes that ask for another number."""
    match judged.standing:
        case "fits":
            return ()
        case "unchanged":
            return (
                error(
                    Mistake.VERSION_UNCHANGED,
                    source,
                    place,
                    f"the meaning is another than before, and the version is still `{judged.new}`",
                    label="the old version has the same number",
                    notes=_shown(sentences),
                    help=f"raise it to `{judged.deserved}`",
                ),
            )
        case "backwards":
            return (
                error(
                    Mistake.VERSION_BACKWARDS,
                    source,
                    place,
                    f"the version `{judged.new}` is lower than that of the old version, `{judged.old}`",
                    help=_backwards(judged),
                ),
            )
        case "too small":
            return (
                warning(
                    Mistake.VERSION_TOO_SMALL,
                    source,
                    place,
                    f"the version `{judged.new}` says less than what was changed since `{judged.old}`",
                    notes=_shown(sentences),
                    help=f"raise it to `{judged.deserved}`",
                ),
            )
        case _:
            assert_never(judged.standing)


def _shown(sentences: Sequence[str]) -> tuple[str, ...]:
    more = len(sentences) - SHOWN
    return (*sentences[:SHOWN], *((f"and {more} more: see `tally diff`",) if more > 0 else ()))


def _backwards(judged: VersionJudgement) -> str:
    if judged.level is Level.NONE:
        return f"leave it at `{judged.old}`, or compare the two the other way round"
    return f"raise it to `{judged.deserved}`, or compare the two the other way round"
