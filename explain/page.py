"""Takes nothing; names the blocks that a page for people is made of, which text and Markdown each draw in their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that belong together."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """A row of a column that adds up. ``sum`` stands under a line, ``heading`` has no amount."""

    label: str
    amount: str | None
    note: str = ""
    kind: Literal["heading", "part", "sum", "total"] = "part"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """Rows whose amounts add up to the last one."""

    label: str
    amount: str
    rows: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts; the last column holds figures if ``figures``."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a heading of its own and sentences under it."""

    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text as it is written in a file."""

    text: str


Block: TypeAlias = Paragraph | Items | Column | Grid | Entry | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page; the first has no heading but the page's title."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page for people."""

    title: str
    sections: tuple[Section, ...]
