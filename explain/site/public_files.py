"""Takes explanations and the names of those who have a score; gives the pages that anybody may read, and the way to
them: a start page with lists of names, in which one is found with a script or without."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from math import isqrt
from typing import TYPE_CHECKING

from tallystick.explain.audience.for_audience import Showing
from tallystick.explain.document import Explanation
from tallystick.explain.harmless import visible
from tallystick.explain.html import html
from tallystick.explain.page import Link, Links, NameFinder, NameLink, Page, Paragraph, Section
from tallystick.explain.plain import quoted
from tallystick.explain.printable import printable_json
from tallystick.explain.several import Explanations
from tallystick.explain.site.documents import PUBLIC, RULES, PublicDocument, PublicPerson
from tallystick.explain.site.files import SiteFile
from tallystick.explain.site.person_page import person_page
from tallystick.explain.site.several_pages import overview_page
from tallystick.explain.tongue import day, say, say_n
from tallystick.explain.tree.scores import MiddleHalf
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable

FEWEST = 100
"""So many names stand on one page, whoever reads it; of many more, as many as there are pages."""
_LONGEST, _DIGITS = 40, 12
_START = "index"


def public_address(subject: str) -> str:
    """Return the name of somebody's public page: readable, of a to z, digits and dashes alone, and one for each name.

    The digits at its end keep apart names that read alike (`Ada`, `ada`) and names that have no letter of ours.
    """
    plain = unicodedata.normalize("NFKD", subject).casefold()
    read = re.sub(r"[^a-z0-9]+", "-", re.sub(r"[^\x00-\x7f]", "", plain)).strip("-")[:_LONGEST].strip("-")
    digits = sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return f"{read}-{digits}" if read else digits


def public_person_files(document: Explanation, middle: MiddleHalf | None, showing: Showing) -> tuple[SiteFile, ...]:
    """Return somebody's public page and its document; nothing of who has no score, which is nobody else's business."""
    if document.outcome != "scored":
        return ()
    seen = showing.of(document.model_copy(update={"middle": middle}))
    address = public_address(seen.subject) if seen.by is None else _of_value(seen)
    rules = tuple(Link(line.title, f"../{RULES}/{line.rule}.html") for line in seen.lines)
    way = (
        Link(say("Everybody who has a score"), f"{_START}.html"),
        Link(say("How scores are made"), "../index.html"),
        Link(say("The data of this page"), f"{address}.json"),
    )
    return (
        SiteFile(f"{PUBLIC}/{address}.html", html(person_page(seen, rules), links=way, private=True)),
        SiteFile(f"{PUBLIC}/{address}.json", printable_json(seen)),
    )


def public_overview_files(documents: Sequence[Explanation], showing: Showing) -> tuple[SiteFile, ...]:
    """Return the public page of somebody with scores by a field; of values without a score nothing is said."""
    seen = tuple(showing.of(each) for each in documents if each.outcome == "scored")
    if not seen:
        return ()
    address = public_address(seen[0].subject)
    way = (
        Link(say("Everybody who has a score"), f"{_START}.html"),
        Link(say("How scores are made"), "../index.html"),
        Link(say("The data of this page"), f"{address}.json"),
    )
    drawn = overview_page(seen, [f"{_of_value(each)}.html" for each in seen])
    field = "" if seen[0].by is None else seen[0].by.field
    told = Explanations(subject=seen[0].subject, by=field, explanations=seen)
    return (
        SiteFile(f"{PUBLIC}/{address}.html", html(drawn, links=way, private=True)),
        SiteFile(f"{PUBLIC}/{address}.json", printable_json(told)),
    )


def _of_value(document: Explanation) -> str:
    # The name of a person's page has no dot in it.
    value = "" if document.by is None else document.by.value
    return f"{public_address(document.subject)}.{value}"


def public_lists(book: Rulebook, as_of: date, names: Iterable[str]) -> Iterator[SiteFile]:
    """Give the start page and, of many names, the pages with the names from one to another."""
    ordered = sorted(names, key=lambda name: (name.casefold(), name))
    size = max(FEWEST, isqrt(len(ordered)))
    pages = [ordered[at : at + size] for at in range(0, len(ordered), size)]
    head = _head(book, as_of, len(ordered))
    if len(pages) <= 1:
        found = _finder(tuple(NameLink(_link(name), name.casefold(), name.casefold()) for name in ordered))
        yield _page(_START, book, (head, Section(say("Find a name"), (found,) if ordered else ())))
    else:
        ways = tuple(
            NameLink(Link(_span(each), f"{_list(at)}.html"), each[0].casefold(), each[-1].casefold())
            for at, each in enumerate(pages, start=1)
        )
        told = Paragraph(say("The names are in the order of the alphabet, capital letters or not. Choose the list:"))
        yield _page(_START, book, (head, Section(say("Find a name"), (told, _finder(ways)))))
        for at, each in enumerate(pages, start=1):
            beside = _beside(at, len(pages))
            yield _page(_list(at), book, (head, Section(_span(each), (Links(tuple(map(_link, each))), *beside))))
    facts = PublicDocument(
        rulebook=book.name,
        version=book.version,
        as_of=as_of,
        people=tuple(PublicPerson(subject=name, page=f"{public_address(name)}.html") for name in ordered),
    )
    yield SiteFile(f"{PUBLIC}/{_START}.json", printable_json(facts))


def _finder(names: tuple[NameLink, ...]) -> NameFinder:
    return NameFinder(say("Name, or how it begins"), say("No list has such a name."), names)


def _head(book: Rulebook, as_of: date, people: int) -> Section:
    told = say_n(
        "{n} person has a score as of the end of {day}, by the rules {rulebook}, version {version}.",
        "{n} people have a score as of the end of {day}, by the rules {rulebook}, version {version}.",
        people,
        day=day(as_of),
        rulebook=quoted(book.name),
        version=book.version,
    )
    return Section("", (Paragraph(told), Paragraph(say("Who has no score is in no list."))))


def _page(name: str, book: Rulebook, sections: tuple[Section, ...]) -> SiteFile:
    way = [Link(say("How scores are made"), "../index.html")]
    way += [] if name == _START else [Link(say("Everybody who has a score"), f"{_START}.html")]
    way += [Link(say("The data of this page"), f"{_START}.json")]
    title = say("{score}: everybody who has one", score=book.score.title)
    page = Page(title, tuple(each for each in sections if each.blocks))
    return SiteFile(f"{PUBLIC}/{name}.html", html(page, links=tuple(way), private=True))


def _beside(at: int, pages: int) -> tuple[Links, ...]:
    """Return the ways to the lists before and after one."""
    ways = [(at - 1, say("The list before")), (at + 1, say("The next list"))]
    return (Links(tuple(Link(words, f"{_list(to)}.html") for to, words in ways if 1 <= to <= pages)),)


def _list(at: int) -> str:
    # A name of a person's page ends with a dash and digits, or is digits alone: none begins so.
    return f"list_{at}"


def _span(names: Sequence[str]) -> str:
    return say("{first} to {last}", first=visible(names[0]), last=visible(names[-1]))


def _link(name: str) -> Link:
    return Link(visible(name), f"{public_address(name)}.html")
