"""Takes a rulebook; gives the public scoring guide: all that decides a score, in plain words, for those it scores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tallystick.explain.guide.counting import what_is_counted, what_is_left_out, who_is_scored
from tallystick.explain.guide.fields import what_is_read
from tallystick.explain.guide.parameters import shared_figures
from tallystick.explain.guide.promises import promised
from tallystick.explain.guide.score import how_the_score_is_made, what_gives_points, what_the_score_is_called
from tallystick.explain.html import html
from tallystick.explain.markdown import draw
from tallystick.explain.page import Items, Page, Paragraph, Section
from tallystick.explain.person.planner import Planner
from tallystick.explain.person.plans import rulebook_facts
from tallystick.explain.plain import quoted, sentence
from tallystick.explain.tongue import day, say
from tallystick.explain.tree.origins import RulebookFacts
from tallystick.explain.words.rulebook import origin, told_of_itself
from tallystick.rules.epochs import begun, on_day
from tallystick.rules.rulebook import Rulebook


def guide(rulebook: Rulebook) -> str:
    """Return the rulebook as a public scoring guide in Markdown."""
    return draw(guide_page(rulebook))


def guide_html(rulebook: Rulebook) -> str:
    """Return the rulebook as a public scoring guide in HTML."""
    return html(guide_page(rulebook))


def guide_page(rulebook: Rulebook) -> Page:
    """Return the guide as a page."""
    facts = rulebook_facts(rulebook)
    if facts.effective is not None and begun(rulebook) < facts.effective:
        # No day before that one is scored, so values that were in force until then are no figures of any score.
        rulebook = on_day(rulebook, facts.effective)
    planner = Planner(rulebook)
    sections = (
        _about(facts, *_when(rulebook)),
        what_is_read(rulebook),
        who_is_scored(rulebook, planner),
        what_is_left_out(rulebook, planner),
        what_is_counted(rulebook, planner),
        *what_gives_points(rulebook, planner),
        how_the_score_is_made(rulebook, planner),
        what_the_score_is_called(rulebook, planner),
        promised(rulebook),
        shared_figures(rulebook),
        _never(rulebook),
        _check(facts),
    )
    return Page(
        say("How {rulebook} is scored", rulebook=quoted(rulebook.name)), tuple(each for each in sections if each.blocks)
    )


def _about(facts: RulebookFacts, *when: str) -> Section:
    """Return what the score is for and who answers for it; ``when``: for which days the figures hold."""
    told = list(told_of_itself(facts))
    if facts.source is not None:
        told.append(origin(facts.source))
    if facts.effective is None:
        first = say(
            "These are the rules, all of them, in version {version}. This page is made from the rules themselves.",
            version=facts.version,
        )
    else:
        first = say(
            "These are the rules, all of them, in version {version}, in force since {day}. "
            "This page is made from the rules themselves.",
            version=facts.version,
            day=day(facts.effective),
        )
    opening = Paragraph(" ".join((first, *when)))
    return Section("", (opening, Items(tuple(told))) if told else (opening,))


def _when(rulebook: Rulebook) -> Iterator[str]:
    """Say for scores of which days the figures of the guide hold, where parameters have dated values."""
    if not any(each.dated for each in rulebook.parameters):
        return
    start, first = begun(rulebook), rulebook.effective or date.min
    end = next((day_ for day_, _ in rulebook.epochs if day_ > start), None)
    where = quoted(say("The figures that the rules share"))
    if end is not None and start <= first:
        yield say(
            "The figures in the text are those for days before {day}; from then on some are others: see {where}.",
            day=day(end),
            where=where,
        )
    elif end is not None:
        yield say(
            "The figures in the text are those for days from {first} on and before {day}; for other days some are "
            "others: see {where}.",
            first=day(start),
            day=day(end),
            where=where,
        )
    elif start > first:
        yield say(
            "The figures in the text are those for days from {first} on; before, some were others: see {where}.",
            first=day(start),
            where=where,
        )


def _never(rulebook: Rulebook) -> Section:
    """Return what no score of this kind does."""
    told = [
        say("It does not compare you with other people: nobody's score moves because of another person's score."),
        say("It does not know your earlier scores, and nobody can change a score by hand."),
        say("It reads no clock: the day of the score is named with it. The same data gives the same score anywhere."),
        say("What is not known is never quietly taken for zero: the rule that needs it says what happens then."),
    ]
    if rulebook.not_for is not None:
        told.append(say("It is not for: {what}", what=sentence(rulebook.not_for)))
    return Section(say("What it never does"), (Items(tuple(told)),))


def _check(facts: RulebookFacts) -> Section:
    """Return how to tell that these are the rules."""
    return Section(
        say("How to check"),
        (
            Paragraph(
                say(
                    "Every score names its rules: {rulebook}, version {version}, SHA-256 {sha256}. "
                    "With the same rules, data and day, anyone can work out the same score and breakdown.",
                    rulebook=quoted(facts.name),
                    version=facts.version,
                    sha256=facts.sha256,
                )
            ),
        ),
    )
