"""Takes what a rulebook lacks for a duty, or says though it must not; gives the diagnostic."""

from __future__ import annotations

from collections.abc import Sequence

from tallystick.rules.check_errors.drawing import error
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span


def duty_missing(source: Source, span: Span, missing: str, add: str, *, clauses: Sequence[str]) -> Diagnostic:
    """Tell of what must be added; ``clauses`` say who asks for it."""
    return error(Mistake.DUTY_MISSING, source, span, missing, notes=clauses, help=add)


def duty_forbidden(source: Source, span: Span, phrase: str, *, clauses: Sequence[str]) -> Diagnostic:
    """Tell of a phrase that is no reason."""
    return error(
        Mistake.DUTY_FORBIDDEN,
        source,
        span,
        f"`{phrase}` is no reason",
        notes=clauses,
        help="say what was looked at, such as `length of residence`",
    )
