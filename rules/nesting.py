"""Takes a document of lists in lists and tables in tables; says whether it nests more deeply than anybody means."""

from __future__ import annotations

from typing import Final

MOST_LEVELS: Final = 100
"""Lists and tables within each other, the outermost among them. So much can be read however deeply calls nest already,
so that a document is refused everywhere or nowhere."""


def is_too_deep(document: object) -> bool:
    """Say whether a document of ``dict`` and ``list`` has more than ``MOST_LEVELS`` levels."""
    level = [document]
    for _ in range(MOST_LEVELS):
        level = [
            within
            for each in level
            for within in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
            if isinstance(within, dict | list)
        ]
        if not level:
            return False
    return True
