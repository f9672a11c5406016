"""Takes what can be worked out from figures; gives the part of a page with which readers do so: fields and tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, assert_never

from tallystick.engine.arithmetic import text_of
from tallystick.explain.calculator.calculator import Reckoner, Values, WouldBe
from tallystick.explain.document import Explanation
from tallystick.explain.figures import line_places
from tallystick.explain.guide.fields import type_words
from tallystick.explain.page import (
    Block,
    Calculator,
    CalculatorField,
    CalculatorLine,
    Choice,
    Entry,
    Grid,
    Paragraph,
    Section,
)
from tallystick.explain.plain import capital, readable, sentence
from tallystick.explain.tongue import day, decimal_sign, group_sign, listed, number, own_value, say, say_as
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.value import DateType, DurationType, NumberType, OneOfType, Scalar, TextType, TimeType, YesNoType

_MOST_COLUMNS = 3


def rule_calculator(reckoner: Reckoner) -> Section:
    """Return the calculator of a rule's page."""
    start = reckoner.plain_start()
    (rule,) = reckoner.book.rules
    blocks = [
        *_live(reckoner, start, {}, say("A calculator for this rule")),
        *_tables(reckoner, start, None),
    ]
    if not any(isinstance(each, Grid) for each in blocks):
        return Section("", ())
    if len(reckoner.names) > 1:
        others = [
            say("{title}: {value}", title=_label(reckoner.book, name), value=value_words(start[name]))
            for name in reckoner.names
        ]
        told = say("In each table one figure changes; all others are taken as: {values}.", values=listed(others))
        blocks.insert(0, Paragraph(told))
    return Section(say('What other figures give: "{title}"', title=rule.title), tuple(blocks), folded=True)


def person_calculator(reckoner: Reckoner, document: Explanation) -> Section:
    """Return the calculator of a person's page; nothing where the document does not show what it would begin with."""
    start = reckoner.start_of(document)
    if start is None or not start:
        return Section("", ())
    told = (
        say(
            "This says what the score would be with other figures, all else being the same. It does not say what "
            "anybody should do, and it changes nothing."
        ),
        *(
            ()
            if not reckoner.supposes
            else (
                say(
                    "It is taken for granted that what is required for a score is met, where that is not among the "
                    "figures."
                ),
            )
        ),
    )
    now = {line.rule: number(line.points) if line.points is not None else "-" for line in document.lines}
    return Section(
        say("What other figures would give"),
        (
            Paragraph(" ".join(told)),
            *_live(reckoner, start, now, say("A calculator for your score")),
            *_tables(reckoner, start, document.scale.title),
        ),
        folded=True,
    )


# ---- fields and what comes out -----------------------------------------------------------------------------------


def _live(reckoner: Reckoner, start: Values, now: dict[str, str], name: str) -> Iterator[Block]:
    """Give the calculator itself, or say why there are tables alone."""
    if reckoner.program_text is None:
        yield Paragraph(
            say(
                "These rules look at moments in time, and on which day a moment falls a page cannot tell for sure. So "
                "there are tables alone, and no calculator."
            )
        )
        return
    yield Calculator(
        name=name,
        fields=tuple(_field(reckoner, each, start[each]) for each in reckoner.names),
        back=say("Back to the figures of this page"),
        heading=(say_as("heading", "rule"), say_as("heading", "points now"), say_as("heading", "points then")),
        lines=tuple(CalculatorLine(rule.name, rule.title, now[rule.name]) for rule in reckoner.book.rules if now),
        program=reckoner.program_text,
        words=tuple(_words(reckoner)),
    )


def _words(reckoner: Reckoner) -> Iterator[tuple[str, str]]:
    """Give the words for what comes out; what stands in braces is filled in by the page."""
    book = reckoner.book
    yield "decimal", decimal_sign()
    yield "group", group_sign()
    yield "wrong", say("One of the figures is not what it can be.")
    yield "unworkable", say("With these figures nothing can be worked out.")
    yield "points", say("Points: {points}", points="{points}")
    yield "none", say("With these figures the rule does not apply.")
    title = book.score.title
    if book.rules:
        yield "score", say("{title}: {score}", title=title, score="{score}")
        yield "band", say('{title}: {score}, in the band "{band}"', title=title, score="{score}", band="{band}")
    else:
        yield "score", say("{title}: none of the bands", title=title)
        yield "band", say('{title}: "{band}"', title=title, band="{band}")
    for band in book.bands:
        yield f"band.{band.name}", band.title
    for require in book.requires:
        yield f"unmet.{require.name}", say("No score: {words}", words=sentence(require.words))
    yield "unmet.score", say("No score: no rule applies.")


def _label(book: Rulebook, name: str) -> str:
    """Return what a measure or attribute is called."""
    for measure in book.measures:
        if measure.name == name:
            return capital(measure.plural)
    title = next((each.title for each in book.subjects or () if each.name == name), None)
    return capital(title or readable(name))


def _field(reckoner: Reckoner, name: str, start: Scalar | None) -> CalculatorField:
    """Return the field for one of the figures."""
    found, optional = reckoner.type_of(name)
    kind: Literal["number", "whole number", "day", "text"] = "text"
    hint, choices = sentence(capital(type_words(found))), tuple[Choice, ...]()
    match found:
        case NumberType(places=places):
            kind = "number" if places else "whole number"
        case YesNoType():
            hint, choices = say("Choose one."), (Choice("yes", say("yes")), Choice("no", say("no")))
        case OneOfType(values=values):
            hint, choices = say("Choose one."), tuple(Choice(each, own_value(each)) for each in values)
        case TextType():
            hint = say("A text, as it stands in the data.")
        case DateType():
            kind = "day"
        case TimeType() | DurationType():
            message = f"nobody can fill in a value of type {type(found).__name__}"
            raise AssertionError(message)
        case _:
            assert_never(found)
    if optional and choices:
        choices = (*choices, Choice("", say("not known")))
    elif optional:
        hint = f"{hint} {say('Leave it empty where it is not known.')}"
    return CalculatorField(
        name=name,
        label=_label(reckoner.book, name),
        kind=kind,
        start=_filled_in(start),
        hint=hint,
        wrong=say("That is not possible here. {hint}", hint=hint),
        choices=choices,
    )


def _filled_in(value: Scalar | None) -> str:
    """Return a value as it stands in a field."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return text_of(value).replace(".", decimal_sign())
        case str():
            return value
        case date():
            return value.isoformat()
        case _:
            assert_never(value)


# ---- tables of stated steps --------------------------------------------------------------------------------------


def _tables(reckoner: Reckoner, start: Values, title: str | None) -> Iterator[Block]:
    """Give a table for each figure of which more than one value can be stated."""
    for name in reckoner.names:
        steps = tuple(reckoner.steps(name, start))
        if len(steps) > 1:
            label = _label(reckoner.book, name)
            if len(reckoner.names) > 1 or title is not None:
                yield Entry(label, ())
            yield _table(reckoner, name, steps, start, title)


def _table(reckoner: Reckoner, name: str, steps: tuple[WouldBe, ...], start: Values, title: str | None) -> Grid:
    """Return what follows of each step; ``title`` is the score's, where there is a whole one. Where there are no points
    the last column is the band; where bands go by needs and one of the figures leads to another, the one before it."""
    book = reckoner.book
    rules = reckoner.readers[name][:_MOST_COLUMNS]
    banded = title is not None and _moves_the_band(book, steps)
    by_rule = [*(rule.title for rule in rules), *([say_as("heading", "band")] if banded else [])]
    columns = [say_as("heading", "points")] if title is None else [*by_rule, title]
    score, bands = book.score, {each.name: each.title for each in book.bands}
    places = line_places(score)
    rows = []
    for step in steps:
        value = value_words(step.value)
        if title is not None and step.value == start[name]:
            value = say("{value} (as it is now)", value=value)
        cells = ["-" if each is None else text_of(each, places) for each in step.points[: len(rules)]]
        if banded:
            cells.append("-" if step.band is None else bands[step.band])
        if title is not None and step.score is None:
            cells.append(say("no score"))
        elif title is not None and not book.rules:
            cells.append("-" if step.band is None else bands[step.band])
        elif title is not None and step.score is not None:
            cells.append(text_of(step.score, score.places))
        rows.append((value, *(number(each) for each in cells[:-1]), cells[-1]))
    return Grid((_label(book, name), *columns), tuple(rows), figures=bool(book.rules))


def _moves_the_band(book: Rulebook, steps: tuple[WouldBe, ...]) -> bool:
    """Say whether steps lead to several bands, of which the score beside them does not tell."""
    return bool(book.rules) and any(each.needs for each in book.bands) and len({each.band for each in steps}) > 1


def value_words(value: Scalar | None) -> str:
    """Return a value as people read it."""
    match value:
        case None:
            return say("not known")
        case bool():
            return say("yes") if value else say("no")
        case Decimal():
            return number(text_of(value))
        case str():
            return own_value(value) or say("an empty text")
        case date() if not isinstance(value, datetime):
            return day(value)
        case _:
            return str(value)
