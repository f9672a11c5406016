"""Takes the cells of a row; gives them as a line of CSV that any reader of CSV reads back as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Python 3.11's own writer leaves a carriage return bare, and every reader takes that for the end of the row.
_TO_QUOTE = re.compile('[",\r\n]')


def csv_line(cells: Iterable[str]) -> str:
    """Return a row as a line, ended; a cell is quoted where it must be and nowhere else."""
    return ",".join(map(_cell, cells)) + "\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) is not None else text
