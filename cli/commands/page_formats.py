"""Takes a document and how its page is made; gives it in the form that is asked for: text, Markdown, HTML or JSON."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar, assert_never

import typer

from tallystick.cli.streams import put_line

if TYPE_CHECKING:
    from pydantic import BaseModel

    from tallystick.explain.page import Page

D = TypeVar("D", bound="BaseModel")


class PageFormat(StrEnum):
    """How a document is given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


AskedFormat = Annotated[
    PageFormat, typer.Option("--format", help="Text for a person, Markdown, one HTML file or JSON.")
]


def put_document(document: D, page: Callable[[D], Page], output: PageFormat) -> None:
    """Put a document out. Its page is made where one is asked for."""
    from tallystick.explain import markdown, text
    from tallystick.explain.html import html
    from tallystick.explain.printable import printable_json

    match output:
        case PageFormat.TEXT:
            put_line(text.draw(page(document)))
        case PageFormat.MARKDOWN:
            put_line(markdown.draw(page(document)))
        case PageFormat.HTML:
            put_line(html(page(document)))
        case PageFormat.JSON:
            put_line(printable_json(document))
        case _:
            assert_never(output)
