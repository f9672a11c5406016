"""Takes nothing; names the blocks that a page for people is made of, which text, Markdown and HTML each draw in their
way."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, Self, TypeAlias

from msgspec import Struct
from msgspec.structs import replace


class Marked(str):
    """A text in which backticks come in pairs, around what is as it stands in a file; in any other they are text."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Refuse a text in which a backtick has no other: where it ended would be for a reader to guess."""
        if text.count("`") % 2:
            raise ValueError(text)
        return super().__new__(cls, text)


class Paragraph(Struct, frozen=True, gc=False):
    """Sentences that belong together."""

    text: str


class Items(Struct, frozen=True, gc=False):
    """A list of sentences."""

    items: tuple[str, ...]


class Amount(Struct, frozen=True, gc=False):
    """A row of a column that adds up. ``sum`` stands under a line, ``heading`` has no amount."""

    label: str
    amount: str | None
    note: str = ""
    kind: Literal["heading", "part", "sum", "total"] = "part"
    depth: int = 0


class Column(Struct, frozen=True, gc=False):
    """Rows whose amounts add up to the last one; with ``bars``, where a page can draw them, that show it."""

    label: str
    amount: str
    rows: tuple[Amount, ...]
    bars: bool = False


class Grid(Struct, frozen=True, gc=False):
    """A table of texts; the last column holds figures if ``figures``."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: bool = False


class Entry(Struct, frozen=True, gc=False):
    """Something with a heading of its own and sentences under it."""

    heading: str
    items: tuple[str, ...]


class Code(Struct, frozen=True, gc=False):
    """Text as it is written in a file."""

    text: str


class Bar(Struct, frozen=True, gc=False):
    """A bar of a chart: ``amount`` is what is read, ``size`` how long the bar is; below 0, to the other side."""

    label: str
    amount: str
    size: Decimal
    note: str = ""


class Chart(Struct, frozen=True, gc=False):
    """Bars under each other on one scale, each with its amount: chart and table in one. A histogram is one, too."""

    label: str
    amount: str
    bars: tuple[Bar, ...]


class Link(Struct, frozen=True, gc=False):
    """Words that lead to another page; ``href`` is an address that we made, never a text of a rulebook or record."""

    text: str
    href: str


class Links(Struct, frozen=True, gc=False):
    """A list of links."""

    links: tuple[Link, ...]


class Choice(Struct, frozen=True, gc=False):
    """Something that can be chosen: the value that is kept, and the words for it."""

    value: str
    words: str


class CalculatorField(Struct, frozen=True, gc=False):
    """Something that a reader of a calculator may suppose. ``start`` is filled in; ``hint`` says what can be, and
    ``wrong`` that it is something else. With ``choices``, it is one of them."""

    name: str
    label: str
    kind: Literal["number", "whole number", "day", "text"]
    start: str
    hint: str
    wrong: str
    choices: tuple[Choice, ...] = ()


class CalculatorLine(Struct, frozen=True, gc=False):
    """A line of which a calculator tells the points: ``now`` they are so many."""

    name: str
    label: str
    now: str


class Calculator(Struct, frozen=True, gc=False):
    """Fields to fill in, and what would follow. ``program`` is JSON; ``words`` are those for what comes out, by name.

    A page that runs no script shows nothing of it: the tables that stand beside it say the same of stated steps.
    """

    name: str
    fields: tuple[CalculatorField, ...]
    back: str
    heading: tuple[str, str, str]
    lines: tuple[CalculatorLine, ...]
    program: str
    words: tuple[tuple[str, str], ...]


class RecordTable(Struct, frozen=True, gc=False):
    """Records, the latest first, with what each added.

    ``name`` says of what. ``leads`` are the words before them, for each order that they can be put in; the first is the
    one in which they stand. ``ends`` stand after them. ``readers`` are the rules and requirements that look at the
    records. ``kind``, ``added`` and ``total`` are the places of columns; ``fates`` says of each row whether it counts,
    and ``again`` that another one stands for it; ``rest`` is a last row for those that are not shown.
    """

    name: str
    leads: tuple[Choice, ...]
    grid: Grid
    ends: tuple[str, ...]
    readers: tuple[str, ...]
    kind: int | None
    added: int
    total: int | None
    fates: tuple[Literal["counted", "again", "out"], ...]
    rest: tuple[str, ...] = ()


class Picking(Struct, frozen=True, gc=False):
    """One way to pick among records: what it goes by, its words, and the choices, of which the first picks all."""

    by: Literal["reader", "kind", "fate", "order"]
    label: str
    choices: tuple[Choice, ...]


class RecordPicker(Struct, frozen=True, gc=False):
    """Ways to pick among the records of the tables that follow, where a page can run a script.

    ``words``: how figures are written, and what is said of those picked.
    """

    name: str
    picking: tuple[Picking, ...]
    words: tuple[tuple[str, str], ...]


class NameLink(Struct, frozen=True, gc=False):
    """A way to a name, or to a list of names; ``first`` and ``last`` are the ends of it in the order of the lists."""

    link: Link
    first: str
    last: str


class NameFinder(Struct, frozen=True, gc=False):
    """Ways to names, and a field to type one in, where a page can run a script. ``none``: no list can have it."""

    label: str
    none: str
    names: tuple[NameLink, ...]


PlainBlock: TypeAlias = Paragraph | Items | Column | Grid | Entry | Code | Chart | Links
Block: TypeAlias = PlainBlock | Calculator | RecordTable | RecordPicker | NameFinder


def plain_blocks(blocks: tuple[Block, ...]) -> Iterator[PlainBlock]:
    """Give the blocks as a page has them that answers to nothing: tables alone."""
    for block in blocks:
        match block:
            case Calculator() | RecordPicker():
                continue
            case NameFinder(names=names):
                yield Links(tuple(each.link for each in names))
            case RecordTable(leads=leads, grid=grid, ends=ends, rest=rest):
                yield Paragraph(leads[0].words)
                yield replace(grid, rows=(*grid.rows, rest)) if rest else grid
                yield from map(Paragraph, ends)
            case _:
                yield block


class Section(Struct, frozen=True, gc=False):
    """A part of a page; the first has no heading but the page's title. ``folded``: shown when asked for, where a page
    can do that; it has a heading."""

    heading: str
    blocks: tuple[Block, ...]
    folded: bool = False


class Page(Struct, frozen=True, gc=False):
    """A page for people."""

    title: str
    sections: tuple[Section, ...]
