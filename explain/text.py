"""Takes an explanation or a page; gives plain text of a set width in which columns stand under each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import assert_never

from tallystick.explain.bars import in_characters
from tallystick.explain.document import Explanation
from tallystick.explain.harmless import harmless
from tallystick.explain.page import (
    Chart,
    Code,
    Column,
    Entry,
    Grid,
    Items,
    Links,
    Page,
    Paragraph,
    PlainBlock,
    Section,
    plain_blocks,
)
from tallystick.explain.tongue import Tongue, decimal_sign, number, spoken
from tallystick.explain.wording import page

_NARROWEST = 60
_MOST = 1 << 13
"""So many blocks are kept as they were drawn."""


def text(document: Explanation, *, width: int = 78) -> str:
    """Return an explanation as text."""
    return draw(page(document), width=width)


def draw(drawn: Page, *, width: int = 78) -> str:
    """Return a page as text, every line within the width if its longest word is."""
    width = max(width, _NARROWEST)
    title = list(wrapped(harmless(drawn.title), width))
    lines = [*title, "=" * max(map(columns, title))]
    for section in drawn.sections:
        lines.extend(_section(section, width))
    return "\n".join(lines) + "\n"


def _section(section: Section, width: int) -> list[str]:
    """Draw a section: texts of one line or more."""
    lines = ["", *wrapped(harmless(section.heading).upper(), width)] if section.heading else []
    tongue = spoken()
    for block in plain_blocks(section.blocks):
        lines.append("")
        lines += _shared(block, width, tongue) if isinstance(block, _SHARED) else _block(block, width)
    return lines


_SHARED = (Entry, Paragraph, Items)
"""Blocks of sentences, most of which are said to others, too; hardly anybody shares all figures of a table."""


@lru_cache(maxsize=_MOST)
def _shared(block: PlainBlock, width: int, _tongue: Tongue | None) -> tuple[str, ...]:
    """Draw a block in the language that is spoken, once for all who have it: its lines in one text, if it has any."""
    lines = tuple(_block(block, width))
    return ("\n".join(lines),) if lines else ()


def _block(block: PlainBlock, width: int) -> Iterable[str]:
    """Draw a block."""
    match block:
        case Paragraph(words):
            return wrapped(harmless(words), width)
        case Items(items):
            return [line for each in items for line in wrapped(harmless(each), width, "- ", "  ")]
        case Entry(heading, items):
            told = [line for each in items for line in wrapped(harmless(each), width, "  - ", "    ")]
            return (*wrapped(harmless(heading), width, "", "  "), *told)
        case Column():
            return _column(block, width)
        case Grid():
            return _grid(block)
        case Code(words):
            return [f"    {harmless(each)}" for each in words.split("\n")]
        case Chart(label, amount, bars):
            rows = tuple(
                (each.label, drawn, each.note, each.amount)
                for each, drawn in zip(bars, in_characters([each.size for each in bars]), strict=True)
            )
            return _grid(Grid((label, "", "", amount), rows, figures=True))
        case Links(links):
            shown = [f"{harmless(link.text)}: {link.href}" for link in links]
            return [line for each in shown for line in wrapped(each, width, "- ", "  ")]
        case _:
            assert_never(block)


# ---- columns that add up -----------------------------------------------------------------------------------------


def _column(column: Column, width: int) -> Iterator[str]:
    """Draw amounts under each other, aligned at their decimal points."""
    amounts = _aligned([number(row.amount) if row.amount else "" for row in column.rows])
    heading = harmless(column.amount)
    figures = max(columns(heading), max(map(len, amounts), default=0))
    labels = [harmless(row.label) for row in column.rows]
    notes = [harmless(row.note) for row in column.rows]
    sizes = [2 * row.depth + columns(label) for row, label in zip(column.rows, labels, strict=True)]
    noted = max(map(columns, notes), default=0)
    room = max(width - figures - 2 - (noted + 2 if noted else 0), _NARROWEST // 2)
    room = min(room, max(sizes, default=0))
    yield f"{_padded(harmless(column.label), room)}  {heading:>{figures}}"
    for row, label, size, amount, note in zip(column.rows, labels, sizes, amounts, notes, strict=True):
        if row.kind in ("sum", "total"):
            yield " " * (room + 2) + ("=" if row.kind == "total" else "-") * figures
        indent = "  " * row.depth
        drawn = indent + label + " " * (room - size)
        if size > room:
            # A long label runs over several lines, and its amount stands on the last.
            *above, last = wrapped(label, room, indent, f"{indent}  ")
            yield from above
            drawn = _padded(last, room)
        if row.kind != "heading":
            drawn += "  " + amount.rjust(figures)
        yield (f"{drawn}  {note}" if note else drawn).rstrip()


def _aligned(amounts: list[str]) -> list[str]:
    """Return amounts of one length, with their decimal points in the same place."""
    sign = decimal_sign()
    whole = [len(amount.partition(sign)[0]) for amount in amounts]
    before = max(whole, default=0)
    after = max([len(amount) - size for amount, size in zip(amounts, whole, strict=True)], default=0)
    return [(" " * (before - size) + amount).ljust(before + after) for amount, size in zip(amounts, whole, strict=True)]


def _grid(grid: Grid) -> Iterator[str]:
    """Draw a table of texts."""
    cells = [tuple(harmless(each) for each in row) for row in (grid.heading, *grid.rows)]
    if grid.figures:
        cells = [(*row[:-1], figure) for row, figure in zip(cells, _figures([row[-1] for row in cells]), strict=True)]
    widths = [max(columns(row[index]) for row in cells) for index in range(len(grid.heading))]
    for at, row in enumerate(cells):
        shown = [_padded(cell, width) for cell, width in zip(row, widths, strict=True)]
        yield f"  {'  '.join(shown)}".rstrip()
        if at == 0:
            yield f"  {'  '.join('-' * width for width in widths)}"


def _figures(column: list[str]) -> list[str]:
    """Return a column of figures under its heading, aligned at their decimal points."""
    return [column[0], *_aligned([number(each) for each in column[1:]])]


# ---- widths ------------------------------------------------------------------------------------------------------


_NARROW = re.compile("[\\x00-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]*")
"""Characters that take one column each: most texts that are not English have no others."""


def columns(words: str) -> int:
    """Return how many columns of a terminal a text takes: two for wide characters, none for marks on another."""
    return len(words) if _is_narrow(words) else sum(map(_width, words))


def _is_narrow(words: str) -> bool:
    return words.isascii() or _NARROW.fullmatch(words) is not None


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _padded(words: str, width: int) -> str:
    """Return a text filled with blanks to a width."""
    return words + " " * (width - columns(words))


def wrapped(words: str, width: int, first: str = "", then: str = "") -> tuple[str, ...]:
    """Return a text as lines within a width, broken at blanks; a longer word stands alone."""
    if words.isascii() and len(first) + len(words) <= width:
        return (f"{first}{words}".rstrip(),)
    lines: list[str] = []
    start = first
    if _is_narrow(words):
        while len(start) + len(words) > width:
            cut = words.rfind(" ", 0, max(width - len(start), 0) + 1)
            cut = words.find(" ") if cut < 0 else cut
            if cut < 0:
                break
            lines.append(f"{start}{words[:cut]}".rstrip())
            start, words = then, words[cut + 1 :]
        return (*lines, f"{start}{words}".rstrip())
    line, used, empty = first, len(first), True
    for word in words.split(" "):
        size = columns(word)
        if empty:
            line, used, empty = line + word, used + size, False
        elif used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
        else:
            lines.append(line.rstrip())
            line, used = then + word, len(then) + size
    return (*lines, line.rstrip())
