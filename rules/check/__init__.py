"""Takes the syntax tree of a rulebook; gives the rulebook, resolved and typed, and every mistake in it in one go."""

from __future__ import annotations

from tallystick.rules.check.days import check

__all__ = ["check"]
