"""Takes a syntax tree; gives its one canonical layout, with its comments in place."""

from __future__ import annotations

from tallystick.rules.format.comments import weave
from tallystick.rules.format.expressions import format_expr
from tallystick.rules.format.lines import file_lines
from tallystick.rules.syntax import SyntaxFile

__all__ = ["canonical", "format_expr", "format_file"]


def format_file(file: SyntaxFile) -> str:
    """Lay out a rulebook canonically; comments stay before or behind what they stood at."""
    return weave(file_lines(file), file.comments, file.source)


def canonical(file: SyntaxFile) -> str:
    """Lay out a rulebook without its comments: rulebooks that are equal as trees give the same text."""
    return weave(file_lines(file), (), file.source)
