"""Takes a run; gives the files of its site, each with its path: the rules', the run's, and a person's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Self

from msgspec import Struct

from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.run import FinishedRun
from tallystick.explain.audience.for_audience import Showing
from tallystick.explain.calculator.calculator import Reckoner
from tallystick.explain.change.document import Change
from tallystick.explain.document import Explanation
from tallystick.explain.guide.guide import guide, guide_page
from tallystick.explain.html import html
from tallystick.explain.page import Block, Link, Links, Page, Paragraph, Section
from tallystick.explain.person.plans import rulebook_facts
from tallystick.explain.printable import printable_json
from tallystick.explain.several import Explanations
from tallystick.explain.site.addresses import address_of_person, address_of_run
from tallystick.explain.site.among import middle_half, score_bars
from tallystick.explain.site.documents import (
    PEOPLE,
    PUBLIC,
    RULES,
    RUNS,
    SITE,
    RejectedRowFacts,
    RulebookDocument,
    RunDocument,
    ScoresOfValue,
    SiteDocument,
)
from tallystick.explain.site.person_page import person_page
from tallystick.explain.site.rule_pages import rule_document, rule_page
from tallystick.explain.site.run_page import run_page
from tallystick.explain.site.several_pages import overview_page
from tallystick.explain.summary import summarise
from tallystick.explain.tongue import phrase, say, speaking
from tallystick.explain.tree.scores import MiddleHalf
from tallystick.rules.rulebook import Rulebook

_GUIDE = phrase("How scores are made")
_ALL = phrase("All the scores of this person")


class SiteFile(Struct, frozen=True):
    """A file of a site: its path from the site's own folder, and its text."""

    path: str
    text: str


class Everybody(Struct, frozen=True):
    """What is the same on everybody's page: who has one, who has a score, where the middle half lie (of each value,
    where the score is by a field), and the run's own document."""

    names: tuple[str, ...]
    scored: tuple[str, ...]
    middles: Mapping[str | None, MiddleHalf | None]
    run: RunDocument

    @classmethod
    def of(cls, run: FinishedRun) -> Self:
        """Look at everybody once."""
        names: dict[str, None] = {}
        scored: dict[str, None] = {}
        scores: dict[str | None, list[Decimal]] = {}

        def looked_at() -> Iterator[tuple[str | None, SubjectLedger]]:
            for part in run.parts():
                of_value = scores.setdefault(part.value, [])
                for ledger in part.ledgers():
                    names[ledger.score.subject] = None
                    if ledger.score.score is not None:
                        scored[ledger.score.subject] = None
                        if run.rulebook.rules:
                            # Without rules every score is 0: the band is the result.
                            of_value.append(ledger.score.score)
                    yield part.value, ledger

        places = run.rulebook.score.places
        summary = summarise(run, looked_at())
        bars = {value: score_bars(each, places) for value, each in scores.items()}
        middles = {value: middle_half(each, places) for value, each in scores.items()}
        return cls(
            tuple(sorted(names)),
            tuple(sorted(scored)),
            middles,
            RunDocument(
                as_of=run.as_of,
                summary=summary,
                scores=bars.get(None, ()),
                middle=middles.get(None),
                values=tuple(
                    ScoresOfValue(value=value, scores=each, middle=middles[value])
                    for value, each in bars.items()
                    if value is not None
                ),
                rejected=tuple(RejectedRowFacts(**row._asdict()) for row in run.rejected()),
                receipt=run.receipt,
            ),
        )


def common_files(run: FinishedRun, everybody: Everybody, key: bytes, *, public: bool) -> Iterator[SiteFile]:
    """Give all files but those of single people; ``public``: the guide leads to the pages that anybody may read."""
    book = run.rulebook
    yield from _rulebook(book, run.as_of, public=public)
    for rule in book.rules:
        way = (Link(say(_GUIDE), "../index.html"), Link(say("The data of this page"), f"{rule.name}.json"))
        document = rule_document(book, rule, run.as_of)
        page = rule_page(book, rule, run.as_of, document.query)
        yield SiteFile(f"{RULES}/{rule.name}.html", html(page, links=way))
        yield SiteFile(f"{RULES}/{rule.name}.json", printable_json(document))
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
    book, value = seen.rulebook.name, None if seen.by is None else seen.by.value
    address = address_of_person(key, book, seen.subject, value)
    rules = tuple(Link(line.title, f"../{RULES}/{line.rule}.html") for line in seen.lines)
    whole = () if value is None else (Link(say(_ALL), f"{address_of_person(key, book, seen.subject)}.html"),)
    way: tuple[Link, ...] = (
        *whole,
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


def overview_files(documents: Sequence[Explanation], key: bytes, *, showing: Showing) -> tuple[SiteFile, ...]:
    """Return the page of somebody who has scores by a field, with the ways to the page of each, and its document."""
    seen = tuple(map(showing.of, documents))
    book, subject = seen[0].rulebook.name, seen[0].subject
    address = address_of_person(key, book, subject)
    hrefs = [f"{address_of_person(key, book, subject, each.by.value)}.html" for each in seen if each.by is not None]
    way = (Link(say(_GUIDE), "../index.html"), Link(say("The data of this page"), f"{address}.json"))
    told = Explanations(subject=subject, by=seen[0].by.field if seen[0].by is not None else "", explanations=seen)
    return (
        SiteFile(f"{PEOPLE}/{address}.html", html(overview_page(seen, hrefs), links=way, private=True)),
        SiteFile(f"{PEOPLE}/{address}.json", printable_json(told)),
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
