"""Takes edits; gives the order in which each is scored without the others, so that measures serve the most of them."""

from __future__ import annotations

from collections.abc import Sequence

from tallystick.rules.diff.edits import Edit

_AFTER_MEASURES = ("rule", "facet", "band", "score")
_PERHAPS = ("parameter", "require")


def in_turn(edits: Sequence[Edit]) -> list[int]:
    """Return the places of edits: first those that leave everybody's measures as they were, then those that may, then
    those that make others. A scoring takes its measures from the one just before it, where the queries are the same;
    what comes of an edit does not depend on the order."""
    return sorted(range(len(edits)), key=lambda place: _rank(edits[place]))


def _rank(edit: Edit) -> int:
    if edit.kind in _AFTER_MEASURES:
        return 0
    return 1 if edit.kind in _PERHAPS else 2
