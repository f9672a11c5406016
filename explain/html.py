"""Takes a page; gives it as one HTML file that loads nothing, needs no script and shows every text as it is."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypeAlias

from jinja2 import DictLoader, Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from tallystick.explain.bars import in_units
from tallystick.explain.harmless import apart, harmless
from tallystick.explain.page import (
    Calculator,
    Chart,
    Column,
    Grid,
    Link,
    Marked,
    Page,
    RecordPicker,
    RecordTable,
)
from tallystick.explain.scripts.needed import hash_of, script_of
from tallystick.explain.tongue import direction_spoken, language_spoken, number, say, say_as, spoken
from tallystick.explain.words.adding_up import adding_up

_TEMPLATE, _STYLE = "page.html.jinja", "page.css"
_UNITS = 1000
"""The width of a bar's frame, in units of its drawing."""


_OPEN = 20
"""So many records behind a measure are seen without unfolding more."""
_LONG = 32
"""A word of more characters breaks within its cell."""


Told: TypeAlias = tuple[tuple[str, ...], str]
"""A row of a table of records, and which way the record went."""


class Stretch(NamedTuple):
    """Where a bar stands in its frame: 0, its left end, its length, and whether it leads down."""

    zero: int
    start: int
    length: int
    down: bool


def html(page: Page, *, links: tuple[Link, ...] = (), private: bool = False) -> str:
    """Return a page as HTML.

    ``links`` lead to the pages around it. ``private``: it is for one person, so search engines shall not list it and a
    link that is followed shall not tell where it was found.
    """
    script = script_of(page)
    return _template().render(
        page=page,
        lang=language_spoken(),
        rtl=direction_spoken() == "rtl",
        words=_words(),
        links=links,
        private=private,
        script=Markup(script),  # noqa: S704  our own files, which hold no end of a script
        script_hash=hash_of(script),
    )


def _words() -> dict[str, str]:
    """Return the words of the frame."""
    return {
        "skip": say("Skip to the content"),
        "pages": say_as("navigation", "Pages"),
        "begins": say(
            "Each line's bar begins where the line before it ended; a sum's bar shows what its lines come to."
        ),
        "adds": say_as("bars", "adds,"),
        "takes": say_as("bars", "takes away."),
    }


def style_hash() -> str:
    """Return the SHA-256 of the one style that a page may have, as its security policy names it."""
    return hash_of(_style())


def _shown(value: object) -> object:
    """Make whatever the template puts out harmless; what is escaped already stays."""
    match value:
        case Markup():
            return value
        case Marked():
            return _marked(value)
        case str():
            return value if value.isprintable() else _untranslated(value)
        case _:
            return value


def _untranslated(text: str) -> str:
    """Return a text with its rulebook's own words, where nobody has translated them, as what they are; and with what
    is set into a sentence that is written from right to left apart from it."""
    tongue = spoken()
    if tongue is None:
        return harmless(text)
    found = Markup("")
    for mark, part in apart(text):
        match mark:
            case "foreign":
                found += Markup('<span lang="{0}" dir="auto">{1}</span> <span class="foreign">{0}</span>').format(
                    tongue.own.language, harmless(part)
                )
            case "alone":
                found += Markup("\u2068")
            case "again":
                found += Markup("\u2069")
            case "text":
                found += escape(harmless(part))
    return found


def _bare(text: str) -> Markup:
    """Return a text for an attribute or a title, in which there can be no other element."""
    return escape(harmless(text))


def _marked(text: str) -> Markup:
    """Return a text with what stands in backticks as code."""
    parts = [escape(harmless(part)) for part in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 and part else part for place, part in enumerate(parts)
    )


def _stretches(column: Column) -> list[Stretch | None]:
    """Return where the bars of a column stand; none where it has none."""
    stretches = adding_up(column) if column.bars else [None] * len(column.rows)
    zero, places = in_units([each for each in stretches if each is not None], _UNITS)
    there = iter(places)
    return [None if each is None else Stretch(zero, *next(there), down=each[1] < each[0]) for each in stretches]


def _bars(chart: Chart) -> list[Stretch]:
    """Return where the bars of a chart stand."""
    zero, places = in_units([(each.size * 0, each.size) for each in chart.bars], _UNITS)
    return [
        Stretch(zero, start, length, down=bar.size < 0) for bar, (start, length) in zip(chart.bars, places, strict=True)
    ]


def _data(block: Calculator | RecordPicker) -> Markup:
    """Return what the script reads, in a form in which no text can end its element."""
    written = f'"words":{json.dumps({name: harmless(text) for name, text in block.words})}'
    written = f'{{"program":{block.program},{written}}}' if isinstance(block, Calculator) else f"{{{written}}}"
    for sign in "<>&":
        # INVARIANT: in JSON these stand within texts alone.
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(written)  # noqa: S704  nothing in it is markup any more


def _parts(table: RecordTable) -> list[list[Told]]:
    """Return the rows of a table of records, each with its fate: the first ones, and the others, which are folded."""
    rows: list[Told] = list(zip(table.grid.rows, table.fates, strict=True))
    return [part for part in (rows[:_OPEN], rows[_OPEN:]) if part]


def _more(rows: list[Told]) -> str:
    """Return the words for rows that are folded."""
    return say("and {n} more", n=number(str(len(rows))))


def _long(grid: Grid) -> bool:
    """Say whether a table has words so long, such as digests, that they must break to be read without scrolling."""
    return any(len(word) > _LONG for row in grid.rows for cell in row if len(cell) > _LONG for word in cell.split())


@cache
def _style() -> str:
    """Return the style, with as little around its rules as browsers need."""
    written = files("tallystick.explain").joinpath(_STYLE).read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in written.splitlines() if line.strip())


@cache
def _template() -> Template:
    """Return the template; all that it puts out is escaped, and a name that it does not know is an error."""
    source = files("tallystick.explain").joinpath(_TEMPLATE).read_text(encoding="utf-8")
    environment = Environment(
        loader=DictLoader({_TEMPLATE: source}),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["form"] = lambda block: type(block).__name__
    environment.filters["stretches"] = _stretches
    environment.filters["bars"] = _bars
    environment.filters["long"] = _long
    environment.filters["figure"] = number
    environment.filters["bare"] = _bare
    environment.filters["data"] = _data
    environment.filters["parts"] = _parts
    environment.filters["more"] = _more
    environment.globals["style"] = Markup(_style())  # noqa: S704  our own file, and HTML knows no escapes in a style
    environment.globals["style_hash"] = style_hash()
    environment.globals["units"] = _UNITS
    return environment.get_template(_TEMPLATE)
