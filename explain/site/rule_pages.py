"""Takes a rule; gives its page and its document: as it is written, in words, and as the query that is run for it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec.structs import replace
from pydantic import Field

from tallystick.engine.query.readable import alone_with, rule_sql
from tallystick.explain.calculator.calculator import Reckoner
from tallystick.explain.calculator.document import Calculator
from tallystick.explain.calculator.words import rule_calculator
from tallystick.explain.guide.counting import what_is_left_out
from tallystick.explain.guide.measures import MeasureGuide
from tallystick.explain.guide.rules import rule_blocks
from tallystick.explain.markdown import draw
from tallystick.explain.page import Block, Code, Entry, Marked, Page, Paragraph, Section
from tallystick.explain.part import Part
from tallystick.explain.person.planner import Planner
from tallystick.explain.person.plans import rulebook_facts
from tallystick.explain.plain import capital, quoted
from tallystick.explain.tongue import say
from tallystick.rules.questions.readers import readers
from tallystick.rules.rule import Rule
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.source import Span


class RuleDocument(Part):
    """A rule: its text, what the text says in words, and the query that gives its points.

    ``text`` is the rule with the measures that it reads, what leaves records out of them or counts them in part, and
    the parameters, as the rulebook has them; ``rulebook_sha256`` is of all of it.
    ``calculator`` is what the page works out points from; none where that could not be exact.
    """

    schema_name: Literal["tallystick.rule/1"] = Field(
        default="tallystick.rule/1", serialization_alias="schema", validation_alias="schema"
    )
    rule: str
    title: str
    because: str | None
    rulebook: str
    version: str
    rulebook_sha256: str
    measures: tuple[str, ...]
    words: str
    text: str
    query: str
    calculator: Calculator | None = None


def rule_page(rulebook: Rulebook, rule: Rule, as_of: date | None = None, query: str | None = None) -> Page:
    """Return a rule's page; with a day, what the rule gives on it for figures that a reader fills in. ``query``: that
    of ``rule_document``, where it is made already."""
    first = Paragraph(
        say(
            "A rule of {rulebook}, version {version}. This page is made from the rule.",
            rulebook=quoted(rulebook.name),
            version=rulebook.version,
        )
    )
    sections = (
        Section("", (first,)),
        *_in_words(rulebook, rule),
        Section("", ()) if as_of is None else rule_calculator(Reckoner.of_rule(rulebook, rule, as_of)),
        Section(say("As it is written"), (Code(rule_text(rulebook, rule)),)),
        Section(say("The query that is run for it"), tuple(_query(query or rule_sql(rulebook, rule))), folded=True),
    )
    return Page(rule.title, tuple(each for each in sections if each.blocks))


def _in_words(rulebook: Rulebook, rule: Rule) -> tuple[Section, ...]:
    """Return what a rule says, what it counts, and what of that is left out or counts less."""
    planner, read = Planner(rulebook), _read_by(rulebook, rule)
    guided = MeasureGuide(planner, rulebook.discounts)
    counted = tuple(Entry(capital(each.plural), guided.sentences(each)) for each in read.measures)
    return (
        Section(say("What it says"), tuple(rule_blocks(rulebook, planner, rule))),
        Section(say("What it counts"), counted),
        what_is_left_out(read, planner),
    )


def _read_by(rulebook: Rulebook, rule: Rule) -> Rulebook:
    """Return a rulebook with one of its rules and what has a say in it."""
    alone = alone_with(rulebook, rule)
    read = readers(alone)
    return replace(
        alone,
        parameters=tuple(each for each in alone.parameters if ("parameter", each.name) in read),
        excludes=tuple(each for each in alone.excludes if ("exclude", each.name) in read),
        discounts=tuple(each for each in alone.discounts if ("discount", each.name) in read),
    )


def rule_document(rulebook: Rulebook, rule: Rule, as_of: date | None = None) -> RuleDocument:
    """Return a rule's document; with a day, the program of its calculator."""
    facts = rulebook_facts(rulebook)
    return RuleDocument(
        rule=rule.name,
        title=rule.title,
        because=rule.because,
        rulebook=facts.name,
        version=facts.version,
        rulebook_sha256=facts.sha256,
        measures=tuple(each.name for each in alone_with(rulebook, rule).measures),
        words=draw(Page(rule.title, tuple(each for each in _in_words(rulebook, rule) if each.blocks))),
        text=rule_text(rulebook, rule),
        query=rule_sql(rulebook, rule),
        calculator=None if as_of is None else Reckoner.of_rule(rulebook, rule, as_of).program,
    )


def rule_text(rulebook: Rulebook, rule: Rule) -> str:
    """Return a rule and what has a say in it as the rulebook has them, in its order."""
    read = _read_by(rulebook, rule)
    spans = [
        *(each.span for each in read.parameters),
        *(each.span for each in read.excludes),
        *(each.span for each in read.discounts),
        *(each.span for each in read.measures),
        rule.span,
    ]
    return "\n\n".join(_written(rulebook.text, each) for each in sorted(spans, key=lambda span: span.start))


def _written(text: str, span: Span) -> str:
    """Return a declaration without the indentation that it has for standing in a facet."""
    begins = text.rfind("\n", 0, span.start) + 1
    indent = text[begins : span.start]
    lines = text[span.start : span.end].rstrip().split("\n")
    return "\n".join((lines[0], *(line.removeprefix(indent) for line in lines[1:])))


def _query(query: str) -> list[Block]:
    """Return a rule's query, and what it is."""
    told = say(
        "This is what is run for a rulebook with this rule alone; `tally sql` prints the query for all rules as one."
    )
    return [Paragraph(Marked(told)), Code(query)]
