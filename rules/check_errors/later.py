"""Takes a form that a later version will understand; gives the words of the answer ``not yet``."""

from __future__ import annotations

from tallystick.rules.check_errors.drawing import error
from tallystick.rules.diagnostic_names import Mistake
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span


def not_yet(source: Source, span: Span, form: str) -> Diagnostic:
    """A form marked as later."""
    return error(
        Mistake.NOT_YET,
        source,
        span,
        f"`{form}` is not possible yet",
        notes=("it is kept for a later version of the language",),
        help="leave it out for now",
    )
