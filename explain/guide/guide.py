"""Takes a rulebook; gives the public scoring guide: all that decides a score, in plain words, for those it scores."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from tallystick.engine.arithmetic import multiply, text_of
from tallystick.explain.guide.measures import MeasureGuide, constant_words
from tallystick.explain.guide.promises import promised
from tallystick.explain.guide.rules import SCORE, TOGETHER, condition_words, ends, rule_blocks
from tallystick.explain.html import html
from tallystick.explain.markdown import draw
from tallystick.explain.page import Block, Entry, Grid, Items, Page, Paragraph, Section
from tallystick.explain.person.planner import Planner
from tallystick.explain.person.plans import rulebook_facts
from tallystick.explain.plain import capital, days_in_words, points, quoted, readable, sentence
from tallystick.explain.tongue import day, listed, listed_or, number, say, say_as, say_n
from tallystick.explain.tree.origins import RulebookFacts
from tallystick.rules.by import field_by, values_of
from tallystick.rules.epochs import undated
from tallystick.rules.rulebook import (
    Constant,
    DateType,
    DurationType,
    Facet,
    Field,
    NumberType,
    OneOfType,
    Parameter,
    Rule,
    Rulebook,
    TextType,
    TimeType,
    Type,
    YesNoType,
)

_HUNDRED = Decimal(100)
_ALL_PLACES = 9


def guide(rulebook: Rulebook) -> str:
    """Return the rulebook as a public scoring guide in Markdown."""
    return draw(guide_page(rulebook))


def guide_html(rulebook: Rulebook) -> str:
    """Return the rulebook as a public scoring guide in HTML."""
    return html(guide_page(rulebook))


def guide_page(rulebook: Rulebook) -> Page:
    """Return the guide as a page."""
    facts = rulebook_facts(rulebook)
    planner = Planner(rulebook)
    sections = (
        _about(facts),
        _read(rulebook),
        _who(rulebook, planner),
        _left_out(rulebook, planner),
        _counted(rulebook, planner),
        *_rules(rulebook, planner),
        _score(rulebook),
        _bands(rulebook, planner),
        promised(rulebook),
        _parameters(rulebook),
        _never(rulebook),
        _check(facts),
    )
    return Page(
        say("How {rulebook} is scored", rulebook=quoted(rulebook.name)), tuple(each for each in sections if each.blocks)
    )


# ---- what it is and what it reads --------------------------------------------------------------------------------


def _about(facts: RulebookFacts) -> Section:
    """Return what the score is for and who answers for it."""
    told = [
        say("What it measures: {what}", what=sentence(facts.measures)) if facts.measures is not None else "",
        say("What it is for: {what}", what=sentence(facts.purpose)) if facts.purpose is not None else "",
        say("What it must not be used for: {what}", what=sentence(facts.not_for)) if facts.not_for is not None else "",
        say("Who answers for it: {who}", who=sentence(facts.owner)) if facts.owner is not None else "",
        say("Questions, corrections, objections: {contact}", contact=facts.contact)
        if facts.contact is not None
        else "",
        say("Where the data or the rules come from: {source}", source=sentence(facts.source))
        if facts.source is not None
        else "",
    ]
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
    return Section("", (Paragraph(first), *_items(told)))


def _items(told: list[str]) -> Iterator[Block]:
    """Yield a list of what there is, if there is anything."""
    there = tuple(each for each in told if each)
    if there:
        yield Items(there)


def _read(rulebook: Rulebook) -> Section:
    """Return every field that is read, and that no other is."""
    blocks: list[Block] = []
    if rulebook.records is not None:
        blocks.append(Paragraph(say("Of each record, these fields are read and never any other:")))
        blocks.append(_fields(rulebook.records))
    if rulebook.subjects is not None:
        blocks.append(Paragraph(say("About each person, these are read and never anything else:")))
        blocks.append(_fields(rulebook.subjects))
    if rulebook.records is None:
        blocks.append(Paragraph(say("No records of what anybody did are read.")))
    if rulebook.subjects is None:
        blocks.append(Paragraph(say("Nothing else about a person is read.")))
    return Section(say("What is read"), tuple(blocks))


def _fields(fields: tuple[Field, ...]) -> Grid:
    """Return fields as a table."""
    rows = tuple(
        (
            readable(each.name),
            each.title or "",
            _form(each),
            "" if each.column == each.name else each.column,
        )
        for each in fields
    )
    heading = (say_as("heading", "name"), say_as("heading", "what it is"), say_as("heading", "form"))
    if any(row[3] for row in rows):
        return Grid((*heading, say_as("heading", "column in the data")), rows)
    return Grid(heading, tuple(row[:3] for row in rows))


def _form(field: Field) -> str:
    """Return a field's type, and whether it may be missing or is shown to others."""
    of = _type(field.type)
    match field.optional, field.private:
        case True, True:
            return say("{type}, may be missing; read, never shown to others", type=of)
        case False, True:
            return say("{type}; read, never shown to others", type=of)
        case True, False:
            return say("{type}, may be missing", type=of)
        case _:
            return of


def _type(of: Type) -> str:
    """Return a type in words."""
    match of:
        case TextType():
            return say("text")
        case YesNoType():
            return say("yes or no")
        case OneOfType(values):
            return say("one of {values}", values=listed_or([readable(each) for each in values]))
        case DateType():
            return say("a day")
        case TimeType():
            return say("a moment")
        case NumberType(low, high, places):
            ends = {"low": number(text_of(low)), "high": number(text_of(high))}
            if places == 0:
                return say("a whole number from {low} to {high}", **ends)
            return say("a number from {low} to {high}", **ends)
        case DurationType():
            return say("a number of days")
        case _:
            assert_never(of)


# ---- who and what counts -----------------------------------------------------------------------------------------


def _everyone(rulebook: Rulebook) -> str:
    """Return who has a result, with a score or without."""
    by = field_by(rulebook)
    if by is None:
        if rulebook.subjects is None:
            return say("Everybody whom a record is about gets a result.")
        return say("Everybody with a row in the data about people gets a result.")
    field = quoted(by.name if by.title is None else by.title)
    if rulebook.subjects is None:
        return say("Everybody whom a record is about gets a result, for each {field} of such a record.", field=field)
    return say(
        "Everybody with a row in the data about people gets a result, for each {field} of a record about them.",
        field=field,
    )


def _who(rulebook: Rulebook, planner: Planner) -> Section:
    """Return who gets a score, and what those are told who do not."""
    blocks: list[Block] = [Paragraph(_everyone(rulebook))]
    for each in rulebook.requires:
        told = [say("What is asked: {condition}.", condition=condition_words(planner, each.when))]
        if each.outcome == "no score":
            told.append(say("Otherwise: no score. {words}", words=sentence(each.words)))
        else:
            told.append(say("Otherwise: insufficient data. {words}", words=sentence(each.words)))
        if each.because is not None:
            told.append(say("Why: {why}", why=sentence(each.because)))
        blocks.append(Entry(say("Required: {title}", title=each.title), tuple(told)))
    if rulebook.requires:
        blocks.append(
            Paragraph(say("Who does not meet a requirement has no score, which is not the same as a score of zero."))
        )
    return Section(say("Who gets a score"), tuple(blocks))


def _left_out(rulebook: Rulebook, planner: Planner) -> Section:
    """Return which records never count or count less."""
    blocks: list[Block] = []
    for each in rulebook.excludes:
        told: list[str] = []
        when = "" if each.when is None else condition_words(planner, each.when)
        if each.repeats is not None:
            among = f" {say('Looked for among records with: {condition}.', condition=when)}" if when else ""
            fields = listed([readable(name) for name in each.repeats])
            told.append(
                say("Of records about one person that agree in {fields}, only the earliest counts.", fields=fields)
                + among
            )
        elif when:
            told.append(say("Left out if: {condition}.", condition=when))
        if each.because is not None:
            told.append(say("Why: {why}", why=sentence(each.because)))
        blocks.append(Entry(say("Never counted: {title}", title=each.title), tuple(told)))
    for discount in rulebook.discounts:
        percent = number(text_of(multiply(discount.to.value, _HUNDRED)))
        if discount.when is None:
            told = [say("Counts {percent}%.", percent=percent)]
        else:
            when = condition_words(planner, discount.when)
            told = [say("Counts {percent}% if: {condition}.", percent=percent, condition=when)]
        if discount.because is not None:
            told.append(say("Why: {why}", why=sentence(discount.because)))
        blocks.append(Entry(say("Counted in part: {title}", title=discount.title), tuple(told)))
    return Section(say("What is left out or counts less"), tuple(blocks))


def _counted(rulebook: Rulebook, planner: Planner) -> Section:
    """Return how each measure is taken."""
    words = MeasureGuide(planner)
    return Section(
        say("What is counted"),
        tuple(Entry(capital(each.plural), words.sentences(each)) for each in rulebook.measures),
    )


# ---- points ------------------------------------------------------------------------------------------------------


def _rules(rulebook: Rulebook, planner: Planner) -> Iterator[Section]:
    """Yield what gives points, facet by facet in the order of the rules."""
    facets = {each.name: each for each in rulebook.facets}
    groups: list[tuple[str | None, list[Rule]]] = []
    for rule in rulebook.rules:
        if groups and groups[-1][0] == rule.facet:
            groups[-1][1].append(rule)
        else:
            groups.append((rule.facet, [rule]))
    for name, rules in groups:
        facet = None if name is None else facets[name]
        blocks = [block for rule in rules for block in rule_blocks(rulebook, planner, rule)]
        if facet is not None:
            blocks = [*_items(_facet(facet)), *blocks]
        heading = say("What gives points") if facet is None else say("What gives points: {facet}", facet=facet.title)
        yield Section(heading, tuple(blocks))


def _facet(facet: Facet) -> list[str]:
    """Return a facet's bounds and reason."""
    return [
        *ends(TOGETHER, facet.at_most, facet.at_least),
        say("Why: {why}", why=sentence(facet.because)) if facet.because else "",
    ]


def _score(rulebook: Rulebook) -> Section:
    """Return how the points become the score."""
    score = rulebook.score
    if score.out_of is None:
        told = [say("The points of all rules are added up.")]
    else:
        told = [
            say("Each rule gives a part of its weight. The parts are added up."),
            say(
                "Their sum is put on a scale of {out_of} by the weights of the rules that apply.",
                out_of=constant_words(score.out_of),
            ),
        ]
    told.extend(ends(SCORE, score.at_most, score.at_least))
    field = field_by(rulebook)
    if field is not None:
        told.append(
            say(
                "You have such a score for each {field} of which there is a record about you: {values}. Each is made "
                "of the records of that one alone.",
                field=quoted(field.name if field.title is None else field.title),
                values=listed([quoted(each) for each in values_of(rulebook)]),
            )
        )
    if score.reasons is not None:
        told.append(
            say_n(
                "At most one reason is told of what raised a score, and as many of what held it back.",
                "At most {n} reasons are told of what raised a score, and as many of what held it back.",
                score.reasons,
            )
        )
    if score.places is not None:
        told.extend(_rounding(score.places, score.line_places, mean=score.out_of is not None))
    if rulebook.noise is not None:
        least = points(text_of(rulebook.noise))
        told.append(say("A change of the score by less than {points} is called no meaningful change.", points=least))
    told.append(say("A day is a calendar day in {zone}.", zone=rulebook.time_zone))
    return Section(say("How {score} is made of them", score=quoted(score.title)), (Items(tuple(told)),))


def _rounding(places: int, line_places: int, *, mean: bool) -> Iterator[str]:
    """Yield how lines and score are rounded."""
    if line_places == places and not mean:
        yield say_n(
            "Each line is rounded to {n} place, half away from zero: the printed lines add up to the score.",
            "Each line is rounded to {n} places, half away from zero: the printed lines add up to the score.",
            places,
        )
        return
    if line_places < _ALL_PLACES:
        yield say_n(
            "Each line is rounded to {n} place, half away from zero.",
            "Each line is rounded to {n} places, half away from zero.",
            line_places,
        )
    yield say_n(
        "The score is rounded to {n} place, half away from zero; what that changes is shown as a line.",
        "The score is rounded to {n} places, half away from zero; what that changes is shown as a line.",
        places,
    )


def _bands(rulebook: Rulebook, planner: Planner) -> Section:
    """Return the bands: from which score on, or what each needs."""
    if any(each.needs for each in rulebook.bands):
        return _bands_by_needs(rulebook, planner)
    rows = tuple(
        (number(text_of(each.start)), each.title, readable(each.name))
        for each in rulebook.bands
        if each.start is not None
    )
    if not rows:
        return Section("", ())
    heading = (say_as("heading", "from"), say_as("heading", "band"), say_as("heading", "code"))
    return Section(say("What the score is called"), (Grid(heading, rows),))


def _bands_by_needs(rulebook: Rulebook, planner: Planner) -> Section:
    """Return what each band needs."""
    entries = tuple(
        Entry(
            say("{band} ({code})", band=quoted(band.title), code=readable(band.name)),
            tuple(
                say(
                    "{words} Asked for: {asked}.", words=sentence(need.words), asked=condition_words(planner, need.when)
                )
                for need in band.needs
            ),
        )
        for band in rulebook.bands
    )
    told = say("Everybody with a score is in the last of these bands of which all needs are met, or in none.")
    return Section(say("What the bands need"), (Paragraph(told), *entries))


def _parameters(rulebook: Rulebook) -> Section:
    """Return the constants that the rules use."""
    if not rulebook.parameters:
        return Section("", ())
    rows = tuple(row for each in undated(rulebook).parameters for row in _parameter(each))
    heading = (
        say_as("heading", "name"),
        say_as("heading", "value"),
        say_as("heading", "what it is"),
        say_as("heading", "why"),
    )
    return Section(say("The figures that the rules share"), (Grid(heading, rows),))


def _parameter(parameter: Parameter) -> Iterator[tuple[str, str, str, str]]:
    """Give a parameter's row, and one for each value that it gets on a day."""
    yield readable(parameter.name), _value(parameter.value), parameter.title, parameter.because or ""
    for each in parameter.dated:
        yield "", say("from {day} on: {value}", day=day(each.start), value=_value(each.value)), "", each.because


def _value(constant: Constant) -> str:
    """Return a parameter's value."""
    value = text_of(constant.value)
    return days_in_words(value) if isinstance(constant.expr.type, DurationType) else number(value)


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
