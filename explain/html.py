"""Takes a page; gives it as one HTML file that loads nothing, needs no script and shows every text as it is."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from tallystick.explain.bars import in_units
from tallystick.explain.harmless import harmless
from tallystick.explain.page import Chart, Column, Grid, Link, Marked, Page

_TEMPLATE, _STYLE = "page.html.jinja", "page.css"
_UNITS = 1000
"""The width of a bar's frame, in units of its drawing."""


_LONG = 32
"""A word of more characters breaks within its cell."""


class Stretch(NamedTuple):
    """Where a bar stands in its frame: 0, its left end, its length, and whether it leads down."""

    zero: int
    start: int
    length: int
    down: bool


def html(page: Page, *, lang: str = "en", links: tuple[Link, ...] = (), private: bool = False) -> str:
    """Return a page as HTML.

    ``links`` lead to the pages around it. ``private``: it is for one person, so search engines shall not list it and a
    link that is followed shall not tell where it was found.
    """
    return _template().render(page=page, lang=lang, links=links, private=private)


def style_hash() -> str:
    """Return the SHA-256 of the one style that a page may have, as its security policy names it."""
    return base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()


def _shown(value: object) -> object:
    """Make whatever the template puts out harmless; what is escaped already stays."""
    match value:
        case Markup():
            return value
        case Marked():
            return _marked(value)
        case str():
            return value if value.isprintable() else harmless(value)
        case _:
            return value


def _marked(text: str) -> Markup:
    """Return a text with what stands in backticks as code."""
    parts = [escape(harmless(part)) for part in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 and part else part for place, part in enumerate(parts)
    )


def _stretches(column: Column) -> list[Stretch | None]:
    """Return where the bars of a column stand; none where it has none."""
    drawn = [row.stretch for row in column.rows if row.stretch is not None]
    zero, places = in_units(drawn, _UNITS)
    there = iter(places)
    return [
        None if row.stretch is None else Stretch(zero, *next(there), down=row.stretch[1] < row.stretch[0])
        for row in column.rows
    ]


def _bars(chart: Chart) -> list[Stretch]:
    """Return where the bars of a chart stand."""
    zero, places = in_units([(each.size * 0, each.size) for each in chart.bars], _UNITS)
    return [
        Stretch(zero, start, length, down=bar.size < 0) for bar, (start, length) in zip(chart.bars, places, strict=True)
    ]


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
    environment.globals["style"] = Markup(_style())  # noqa: S704  our own file, and HTML knows no escapes in a style
    environment.globals["style_hash"] = style_hash()
    environment.globals["units"] = _UNITS
    return environment.get_template(_TEMPLATE)
