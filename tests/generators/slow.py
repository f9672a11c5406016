"""Takes the number of examples that a profile asks for; gives the number for a property whose every example is slow."""

from __future__ import annotations

from hypothesis import settings

_ASKED = 100 if settings.default is None else settings.default.max_examples
SLOW = _ASKED if _ASKED > 100 else _ASKED // 2
"""`make test` tries half as many of these; `make test-all`, and so every submission, as many as of any other."""
