"""Takes nothing; names the blocks that a page for people is made of, which text, Markdown and HTML each draw in their
way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self, TypeAlias


class Marked(str):
    """A text in which backticks come in pairs, around what is as it stands in a file; in any other they are text."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Refuse a text in which a backtick has no other: where it ended would be for a reader to guess."""
        if text.count("`") % 2:
            raise ValueError(text)
        return super().__new__(cls, text)


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
    """A row of a column that adds up. ``sum`` stands under a line, ``heading`` has no amount.

    ``stretch``: from where to where the amount leads, as a bar, where a page can draw one.
    """

    label: str
    amount: str | None
    note: str = ""
    kind: Literal["heading", "part", "sum", "total"] = "part"
    depth: int = 0
    stretch: tuple[Decimal, Decimal] | None = None


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


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: ``amount`` is what is read, ``size`` how long the bar is; below 0, to the other side."""

    label: str
    amount: str
    size: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under each other on one scale, each with its amount: chart and table in one. A histogram is one, too."""

    label: str
    amount: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another page; ``href`` is an address that we made, never a text of a rulebook or record."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Links:
    """A list of links."""

    links: tuple[Link, ...]


Block: TypeAlias = Paragraph | Items | Column | Grid | Entry | Code | Chart | Links


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page; the first has no heading but the page's title. ``folded``: shown when asked for, where a page
    can do that; it has a heading."""

    heading: str
    blocks: tuple[Block, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page for people."""

    title: str
    sections: tuple[Section, ...]
