"""Takes an explanation or a page; gives Markdown in which no text becomes HTML, a link, a heading or a broken table."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import BaseLoader, DictLoader, Environment, StrictUndefined, Template

from tallystick.explain.document import Explanation
from tallystick.explain.harmless import markdown_text
from tallystick.explain.page import Page
from tallystick.explain.wording import page


def markdown(document: Explanation) -> str:
    """Return an explanation as Markdown."""
    return draw(page(document))


def draw(drawn: Page) -> str:
    """Return a page as Markdown."""
    return _template().render(page=drawn).strip() + "\n"


def _form(block: object) -> str:
    """Return a block's name, by which the template chooses how to draw it."""
    return type(block).__name__.lower()


def _shown(value: object) -> str:
    """Escape whatever the template puts out."""
    return markdown_text(str(value))


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
    environment.tests["form"] = lambda block, name: _form(block) == name
    return environment.get_template("page.md.jinja")
