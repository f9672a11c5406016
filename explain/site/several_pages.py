"""Takes the explanations of one person's scores by a field, and where each has a page; gives the page with all of
them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tallystick.explain.document import Explanation
from tallystick.explain.harmless import visible
from tallystick.explain.page import Block, Column, Link, Links, Page, Section
from tallystick.explain.plain import quoted
from tallystick.explain.tongue import say
from tallystick.explain.wording import page


def overview_page(documents: Sequence[Explanation], hrefs: Sequence[str]) -> Page:
    """Return the page: of each value the result, how its points add up, and the way to the whole of it."""
    first = documents[0]
    field = "" if first.by is None else first.by.field if first.by.title is None else first.by.title
    title = say(
        "{score} of {person}, by {field}", score=first.scale.title, person=visible(first.subject), field=quoted(field)
    )
    return Page(title, tuple(map(_section, documents, hrefs)))


def _section(document: Explanation, href: str) -> Section:
    drawn = page(document)
    head, *others = drawn.sections
    blocks: list[Block] = list(head.blocks)
    blocks += [replace(each, bars=True) for each in others[0].blocks if isinstance(each, Column)] if others else []
    blocks.append(Links((Link(say("Line by line, with the rules and the records"), href),)))
    return Section(drawn.title, tuple(blocks))
