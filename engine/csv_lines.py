"""Takes the cells of rows; gives them as lines of CSV that any reader of CSV reads back as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Python 3.11's own writer leaves a carriage return bare, and every reader takes that for the end of the row.
_TO_QUOTE = re.compile('[",\r\n]')
_TO_QUOTE_BESIDE_COMMAS = re.compile('["\r\n]')


def csv_line(cells: Iterable[str]) -> str:
    """Return a row as a line, ended; a cell is quoted where it must be and nowhere else."""
    (line,) = csv_lines((tuple(cells),))
    return f"{line}\n"


def csv_lines(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines, not ended."""
    lines = list(map(",".join, rows))
    # Hardly any row has something to quote: one look at the whole of them is enough.
    whole = "".join(lines)
    if whole.count(",") == sum(map(len, rows)) - len(rows) and _TO_QUOTE_BESIDE_COMMAS.search(whole) is None:
        return lines
    return [",".join(map(_cell, row)) for row in rows]


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) is not None else text
