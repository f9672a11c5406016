"""Takes a run; gives the files of its site, each with its path: the rules', the run's, and a person's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.run import FinishedRun
from tallystick.explain.addresses import address_of_person, address_of_run
from tallystick.explain.among import middle_half, score_bars
from tallystick.explain.calculator import Reckoner
from tallystick.explain.change_document import Change
from tallystick.explain.document import Explanation, MiddleHalf, printable_json
from tallystick.explain.for_audience import Showing
from tallystick.explain.guide import guide, guide_page
from tallystick.explain.html import html
from tallystick.explain.page import Block, Link, Links, Page, Paragraph, Section
from tallystick.explain.person_page import person_page
from tallystick.explain.plans import rulebook_facts
from tallystick.explain.rule_pages import rule_document, rule_page
from tallystick.explain.run_page import run_page
from tallystick.explain.site_documents import (
    PEOPLE,
    PUBLIC,
    RULES,
    RUNS,
    SITE,
    RejectedRowFacts,
    RulebookDocument,
    RunDocument,
    SiteDocument,
)
from tallystick.explain.summary import summarise
from tallystick.explain.tongue import phrase, say, speaking
from tallystick.rules.rulebook import Rulebook

_GUIDE = phrase("How scores are made")


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of a site: its path from the site's own folder, and its text."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Everybody:
    """What is the same on everybody's page: who has one, who has a score, where the middle half lie, and the run's own
    document."""

    names: tuple[str, ...]
    scored: tuple[str, ...]
    run: RunDocument

    @classmethod
    def of(cls, run: FinishedRun) -> Self:
        """Look at everybody once."""
        names: list[str] = []
        scored: list[str] = []
        scores: list[Decimal] = []

        def looked_at() -> Iterator[SubjectLedger]:
            for ledger in run.ledgers():
                names.append(ledger.score.subject)
                if ledger.score.score is not None:
                    scored.append(ledger.score.subject)
                    scores.append(ledger.score.score)
                yield ledger

        places = run.rulebook.score.places
        summary = summarise(run, looked_at())
        return cls(
            tuple(names),
            tuple(scored),
            RunDocument(
                as_of=run.as_of,
                summary=summary,
                scores=score_bars(scores, places),
                middle=middle_half(scores, places),
                rejected=tuple(RejectedRowFacts(**row._asdict()) for row in run.rejected()),
                receipt=run.receipt,
            ),
        )


def common_files(run: FinishedRun, everybody: Everybody, key: bytes, *, public: bool = False) -> Iterator[SiteFile]:
    """Give all files but those of single people; ``public``: the guide leads to the pages that anybody may read."""
    book = run.rulebook
    yield from _rulebook(book, run.as_of, public=public)
    for rule in book.rules:
        way = (Link(say(_GUIDE), "../index.html"), Link(say("The data of this page"), f"{rule.name}.json"))
        yield SiteFile(f"{RULES}/{rule.name}.html", html(rule_page(book, rule, run.as_of), links=way))
        yield SiteFile(f"{RULES}/{rule.name}.json", printable_json(rule_document(book, rule, run.as_of)))
    address = address_of_run(key, book.name, run.as_of)
    with speaking(None):  # what auditors read is in English
        way = (Link(say(_GUIDE), "../index.html"), Link(say("The data of this page"), f"{address}.json"))
        audited = html(run_page(everybody.run), links=way, private=True), printable_json(everybody.run)
    yield SiteFile(f"{RUNS}/{address}.html", audited[0])
    yield SiteFile(f"{RUNS}/{address}.json", audited[1])
    for folder in (PEOPLE, RUNS):
        # Many servers list the files of a folder without such a page.
        yield SiteFile(
            f"{folder}/index.html", html(_no_list(), links=(Link(say(_GUIDE), "../index.html"),), private=True)
        )
    yield SiteFile(SITE, printable_json(_site(run, len(everybody.names))))


def person_files(
    document: Explanation,
    middle: MiddleHalf | None,
    key: bytes,
    change: Change | None = None,
    reckoner: Reckoner | None = None,
    *,
    showing: Showing,
) -> tuple[SiteFile, ...]:
    """Return a person's page and its document, both as whom the site is for may see them; and, where it is known, what
    changed since an earlier run, which the caller shows to the same. ``reckoner`` works out what other figures would
    give."""
    seen = showing.of(document.model_copy(update={"middle": middle}))
    address = address_of_person(key, seen.rulebook.name, seen.subject)
    rules = tuple(Link(line.title, f"../{RULES}/{line.rule}.html") for line in seen.lines)
    way: tuple[Link, ...] = (
        Link(say(_GUIDE), "../index.html"),
        Link(say("The data of this page"), f"{address}.json"),
    )
    since = f"{address}.since.json"
    if change is not None:
        way = (*way, Link(say("What changed, as data"), since))
    return (
        SiteFile(f"{PEOPLE}/{address}.html", html(person_page(seen, rules, change, reckoner), links=way, private=True)),
        SiteFile(f"{PEOPLE}/{address}.json", printable_json(seen)),
        *(() if change is None else (SiteFile(f"{PEOPLE}/{since}", printable_json(change)),)),
    )


def _rulebook(book: Rulebook, as_of: date, *, public: bool) -> Iterator[SiteFile]:
    """Give the guide, with the ways to each rule."""
    page = guide_page(book)
    links = Section(
        say("Each rule in full"), (Links(tuple(Link(each.title, f"{RULES}/{each.name}.html") for each in book.rules)),)
    )
    way: tuple[Link, ...] = (Link(say("The data of this page"), "index.json"),)
    if public:
        way = (Link(say("Everybody who has a score"), f"{PUBLIC}/index.html"), *way)
    yield SiteFile("index.html", html(Page(page.title, (*page.sections, links)), links=way))
    document = RulebookDocument(
        rulebook=rulebook_facts(book),
        rules=tuple(each.name for each in book.rules),
        guide=guide(book),
        text=book.text,
        calculator=Reckoner.of_score(book, as_of).program,
    )
    yield SiteFile("index.json", printable_json(document))


def _no_list() -> Page:
    """Return the page that stands where a list could be."""
    blocks: tuple[Block, ...] = (
        Paragraph(say("The pages here are for one reader each, who has been given the address.")),
    )
    return Page(say("There is no list"), (Section("", blocks),))


def _site(run: FinishedRun, people: int) -> SiteDocument:
    """Return the site's own document."""
    return SiteDocument(
        rulebook=run.rulebook.name,
        version=run.rulebook.version,
        as_of=run.as_of,
        people=people,
        ledger_digest=run.receipt.ledger_digest,
    )
