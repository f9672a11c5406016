"""Takes the document of what checking runs found; gives it as text for a person."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.page import Items, Page, Paragraph, Section
from tallystick.explain.text import draw
from tallystick.explain.verifying.document import RunsVerified, VerifiedRun

_HEADINGS = {"differs": "What differs", "agrees": "What agrees", "not made": "What was not checked"}


def verification_text(document: RunsVerified) -> str:
    """Return the document as text: each run in a page of its own, then the chain."""
    pages = [draw(_page(run)) for run in document.runs]
    if document.chain is not None:
        holds = "The chain holds" if all(link.holds for link in document.chain) else "The chain does not hold"
        links = Items(tuple(link.words for link in document.chain))
        pages.append(draw(Page(holds, (Section("", (links,)),))))
    return "\n".join(pages)


def _page(run: VerifiedRun) -> Page:
    end = "checked, and it agrees" if run.agrees else "checked, and it cannot be vouched for"
    about = "" if run.as_of is None else f" ({run.rulebook} {run.version}, as of {run.as_of})"
    return Page(f"{run.run}{about}: {end}", tuple(_sections(run)))


def _sections(run: VerifiedRun) -> Iterator[Section]:
    if not run.agrees and run.made_by not in {None, run.checked_by}:
        words = (
            f"It was made by {run.made_by} and checked by {run.checked_by}: the difference may be between those two."
        )
        yield Section("", (Paragraph(words),))
    for outcome, heading in _HEADINGS.items():
        found = tuple(check for check in run.checks if check.outcome == outcome)
        if found:
            yield Section(heading, (Items(tuple(check.words for check in found)),))
