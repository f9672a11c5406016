"""Takes the type of a column in PostgreSQL; gives what it holds, and the words that are said of its cells."""

from __future__ import annotations

from tallystick.engine.elsewhere.cells import CellWords, Holds
from tallystick.engine.elsewhere.dialects.postgres import POSTGRES, quote_text

_HOLDS: dict[str, Holds] = {
    **dict.fromkeys(("text", "character varying", "character", "name", "uuid", "enum", "citext"), "text"),
    **dict.fromkeys(("smallint", "integer", "bigint"), "whole"),
    "real": "float",
    "double precision": "double",
    "numeric": "decimal",
    "boolean": "yes/no",
    "date": "date",
    "timestamp without time zone": "time",
    "timestamp with time zone": "moment",
}


def _fits(text: str, pattern: str) -> str:
    return f"{text} ~ {quote_text(f'^(?:{pattern})$')}"


CELLS = CellWords(POSTGRES, _HOLDS.get, _fits)
"""A session's time zone is UTC, and no text holds a NUL."""
