"""Takes the document that holds an explanation against duties; gives it as a page for people."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain import markdown, text
from tallystick.explain.duties.clauses import NOTE
from tallystick.explain.duties.document import ClauseChecked, DutiesChecked, DutyChecked, Standing
from tallystick.explain.harmless import visible
from tallystick.explain.html import html
from tallystick.explain.page import Block, Entry, Page, Paragraph, Section
from tallystick.explain.plain import capital, quoted
from tallystick.rules.audience import Audience

_HEADINGS: dict[Standing, str] = {
    "forbidden": "stands there and must not",
    "missing": "missing",
    "for you to do": "for you to do, since no program can see it",
    "met": "met, as far as a program can see",
}
"""The order in which clauses are told: what is to be done first."""
_SEEN_BY: dict[Audience, str] = {
    Audience.AUDITOR: "as an auditor sees it (`--audience subject`: as the person does)",
    Audience.SUBJECT: "as the person may see it",
    Audience.PUBLIC: "as anybody may see it",
}
_PLACES = 3
"""So many places are shown of what meets a clause; the document has all."""


def duty_text(found: DutiesChecked) -> str:
    """Write the document for a terminal."""
    return text.draw(duty_page(found))


def duty_markdown(found: DutiesChecked) -> str:
    """Write the document as Markdown."""
    return markdown.draw(duty_page(found))


def duty_html(found: DutiesChecked) -> str:
    """Write the document as one self-contained HTML file."""
    return html(duty_page(found), private=True)


def duty_page(found: DutiesChecked) -> Page:
    """Make the page; its title is the line that comes first in every form."""
    about = Paragraph(
        f"Looked at: the explanation of {visible(found.subject)}, by {quoted(found.rulebook)} {found.version}, as of "
        f"{found.as_of.isoformat()}, {_SEEN_BY[found.audience]}. Places in it are those of its JSON form."
    )
    sections = [Section("", (about,)), *(each for duty in found.duties for each in _duty(duty))]
    return Page(NOTE, tuple(sections))


def _duty(duty: DutyChecked) -> Iterator[Section]:
    counts = (
        f"{duty.met} met, {duty.missing} missing, {duty.forbidden} forbidden, {duty.for_you} for you to do, of "
        f"{len(duty.clauses)}."
    )
    sources = ", ".join(dict.fromkeys(each.source for each in duty.clauses))
    read = f"In our words, from {sources}. What is known by recollection alone is not asked here."
    yield Section(duty.title, (Paragraph(duty.scope), Paragraph(read), Paragraph(counts)))
    for standing, heading in _HEADINGS.items():
        blocks = tuple(_clause(each) for each in duty.clauses if each.standing == standing)
        if blocks:
            yield Section(f"{duty.duty}: {heading}", blocks)


def _clause(clause: ClauseChecked) -> Block:
    return Entry(f"{clause.name} ({clause.clause}): {clause.asks}", tuple(_told(clause)))


def _told(clause: ClauseChecked) -> Iterator[str]:
    """Say why a clause stands as it does."""
    for each in clause.forbidden:
        yield f"{quoted(each.phrase)} at {each.at}: say what was looked at instead."
    for thing in clause.missing:
        yield f"{capital(thing.missing)}: {thing.add}."
    if clause.do is not None:
        yield clause.do
    if clause.at:
        more = len(clause.at) - _PLACES
        shown = ", ".join(each or "the whole explanation" for each in clause.at[:_PLACES])
        yield f"At {shown}." if more <= 0 else f"At {shown} and {more} more."
