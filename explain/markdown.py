"""Takes an explanation or a page; gives Markdown in which no text becomes HTML, a link, a heading or a broken table."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files

from jinja2 import BaseLoader, DictLoader, Environment, StrictUndefined, Template

from tallystick.explain.bars import in_characters
from tallystick.explain.document import Explanation
from tallystick.explain.harmless import harmless, markdown_text
from tallystick.explain.page import Bar, Chart, Marked, Page, plain_blocks
from tallystick.explain.tongue import number
from tallystick.explain.wording import page


def markdown(document: Explanation) -> str:
    """Return an explanation as Markdown."""
    return draw(page(document))


def draw(drawn: Page) -> str:
    """Return a page as Markdown."""
    return _template().render(page=drawn).strip() + "\n"


def _shown(value: object) -> str:
    """Escape whatever the template puts out."""
    match value:
        case _Ready():
            return value
        case Marked():
            return _marked(value)
        case _:
            return markdown_text(str(value))


class _Ready(str):
    """A text that is already escaped."""

    __slots__ = ()


def _as_html(text: str) -> _Ready:
    """Escape a text that stands within HTML, where Markdown's own escapes are none."""
    return _Ready(escape(harmless(text)))


def _cell(text: str) -> str:
    """Escape a text in backticks for a table, in which a code span is no shelter from a ``|``; leave others be."""
    return _Ready(_marked(text, bar="\\|")) if isinstance(text, Marked) else text


def _fenced(text: str) -> str:
    """Put a text of a file between fences that no run of backticks in it can end; in there nothing means anything."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return _Ready("\n".join((fence, *map(harmless, text.split("\n")), fence)))


def _drawn(chart: Chart) -> list[tuple[Bar, str]]:
    """Return each bar of a chart with its characters."""
    return list(zip(chart.bars, in_characters([each.size for each in chart.bars]), strict=True))


def _marked(text: str, *, bar: str = "|") -> str:
    """Escape what stands outside backticks, and keep what stands between two as it is, but for a ``|`` in a table."""
    parts = [
        harmless(part).replace("|", bar) if place % 2 else _between(part) for place, part in enumerate(text.split("`"))
    ]
    spans = [f"`{part}`" if place % 2 and part else part for place, part in enumerate(parts)]
    # Two backticks in a row would begin another sort of code.
    return "".join(spans).replace("``", "` `")


def _between(text: str) -> str:
    """Escape a stretch between two texts in backticks, with the blanks at its ends."""
    bare = text.strip(" ")
    return text if not bare else text.replace(bare, markdown_text(bare), 1)


@cache
def _template() -> Template:
    """Return the template; all that it puts out is escaped, and a name that it does not know is an error."""
    source = files("tallystick.explain").joinpath("page.md.jinja").read_text(encoding="utf-8")
    loader: BaseLoader = DictLoader({"page.md.jinja": source})
    environment = Environment(  # noqa: S701  (escaped for Markdown by ``finalize``, which also escapes what HTML needs)
        loader=loader,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["as_html"] = _as_html
    environment.filters["figure"] = number
    environment.filters["cell"] = _cell
    environment.filters["fenced"] = _fenced
    environment.filters["drawn"] = _drawn
    environment.filters["plain"] = plain_blocks
    environment.tests["form"] = lambda block, name: type(block).__name__ == name
    return environment.get_template("page.md.jinja")
