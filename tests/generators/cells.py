"""Takes a table as a test writes it; gives its heading and its rows, as they come out of a file."""

from __future__ import annotations


def cells_of(table: str) -> tuple[list[str], list[list[str | None]]]:
    """Take a table apart: a heading, then rows; `-` is missing."""
    lines = [line.split() for line in table.strip().splitlines()]
    return lines[0], [[None if cell == "-" else cell for cell in line] for line in lines[1:]]
