"""Takes a run's ledger; gives each person's score as an explanation: a typed tree, and the words made from it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallystick.explain.build import Explainer, explain
    from tallystick.explain.document import Explanation
    from tallystick.explain.errors import AbsentSubject, DoesNotAddUp

__all__ = ["AbsentSubject", "DoesNotAddUp", "Explainer", "Explanation", "explain"]

_HOMES = {
    "AbsentSubject": "errors",
    "DoesNotAddUp": "errors",
    "Explainer": "build",
    "Explanation": "document",
    "explain": "build",
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for: a command that draws a diagnostic needs none of it."""
    if name in _HOMES:
        return getattr(import_module(f"tallystick.explain.{_HOMES[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
