"""Takes the cells of a row; gives them as a line of CSV that any reader of CSV reads back as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Python 3.11's own writer leaves a carriage return bare, and every reader takes that for the end of the row.
_TO_QUOTE = re.compile('[",\r\n]')
_TO_QUOTE_BESIDE_COMMAS = re.compile('["\r\n]')


def csv_line(cells: Iterable[str]) -> str:
    """Return a row as a line, ended; a cell is quoted where it must be and nowhere else."""
    row = tuple(cells)
    line = ",".join(row)
    # Nearly every row has nothing to quote: one look at the whole of it is enough.
    if line.count(",") != len(row) - 1 or _TO_QUOTE_BESIDE_COMMAS.search(line) is not None:
        line = ",".join(map(_cell, row))
    return f"{line}\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) is not None else text
