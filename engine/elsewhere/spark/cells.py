"""Takes the type of a column in Spark; gives what it holds, and the words that are said of its cells."""

from __future__ import annotations

import re

from tallystick.engine.elsewhere.cells import CellWords, Holds
from tallystick.engine.elsewhere.dialects.spark import SPARK, quote_text

_HOLDS: dict[str, Holds] = {
    **dict.fromkeys(("string", "void"), "text"),
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), "whole"),
    "float": "float",
    "double": "double",
    "boolean": "yes/no",
    "date": "date",
    "timestamp_ntz": "time",
    "timestamp": "moment",
}


def _holds(kind: str) -> Holds | None:
    if re.fullmatch(r"decimal\([0-9]+,[0-9]+\)", kind):
        return "decimal"
    return "text" if re.fullmatch(r"(var)?char\([0-9]+\)", kind) else _HOLDS.get(kind)


def _fits(text: str, pattern: str) -> str:
    r"""Return whether a pattern fits a text from end to end; ``$`` would let a line end after it."""
    from_end_to_end = rf"\A(?:{pattern})\z"
    return f"{text} RLIKE {quote_text(from_end_to_end)}"


CELLS = CellWords(SPARK, _holds, _fits, "contains({}, chr(0))".format)
"""A session's time zone is UTC (``SETTINGS``)."""
