"""Takes the explanations of one person's scores by a field; gives them as one document, and its text and page."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace
from pydantic import Field

from tallystick.explain.document import Explanation
from tallystick.explain.harmless import visible
from tallystick.explain.page import Page, RecordPicker, Section
from tallystick.explain.part import Part
from tallystick.explain.plain import quoted
from tallystick.explain.printable import printable_json
from tallystick.explain.tongue import say


class Explanations(Part):
    """Why each of one person's scores is what it is: one for each value of the field ``by`` of which a record is about
    the person, in the order of the rulebook."""

    schema_name: Literal["tallystick.explanations/1"] = Field(
        default="tallystick.explanations/1", serialization_alias="schema", validation_alias="schema"
    )
    subject: str
    by: str
    explanations: tuple[Explanation, ...]

    def text(self) -> str:
        """Return all of them as plain text, one after another."""
        return "\n\n".join(each.text() for each in self.explanations)

    def markdown(self) -> str:
        """Return all of them as Markdown, one after another."""
        return "\n".join(each.markdown() for each in self.explanations)

    def html(self) -> str:
        """Return all of them as one HTML file, each with its sections."""
        from tallystick.explain.html import html  # noqa: PLC0415  the words know the document, not the reverse
        from tallystick.explain.wording import page  # noqa: PLC0415

        pages = [page(each) for each in self.explanations]
        first = self.explanations[0]
        title = say(
            "{score} of {person}, by {field}",
            score=first.scale.title,
            person=visible(self.subject),
            field=quoted(self.by),
        )
        return html(Page(title, tuple(section for each in pages for section in _sections(each))), private=True)

    def json(self, *, indent: int | None = 2) -> str:  # type: ignore[override]  # pydantic's own is deprecated
        """Return the document as JSON, with ``indent`` None on one line; what a terminal could take as a command is
        escaped."""
        return printable_json(self, indent=indent)


def _sections(page: Page) -> tuple[Section, ...]:
    """Return a page's sections below its own heading; what picks among records is for a page of its own."""
    head, *others = page.sections
    titled = (replace(head, heading=page.title), *others)
    return tuple(
        replace(each, blocks=tuple(block for block in each.blocks if not isinstance(block, RecordPicker)))
        for each in titled
    )
