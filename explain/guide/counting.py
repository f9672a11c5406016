"""Takes a rulebook; gives who gets a score, which records count, and how they are counted."""

from __future__ import annotations

from tallystick.engine.arithmetic import text_of
from tallystick.explain.figures import in_percent
from tallystick.explain.guide.measures import MeasureGuide, condition_words
from tallystick.explain.page import Block, Entry, Paragraph, Section
from tallystick.explain.person.planner import Planner
from tallystick.explain.plain import capital, quoted, readable, sentence
from tallystick.explain.tongue import listed, listed_or, number, say
from tallystick.rules.expression import Expr
from tallystick.rules.questions.by import field_by
from tallystick.rules.questions.known import holds_only_where_known
from tallystick.rules.rulebook import Rulebook


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


def who_is_scored(rulebook: Rulebook, planner: Planner) -> Section:
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


def _lacking(rulebook: Rulebook, repeats: tuple[str, ...], when: Expr | None) -> str:
    """Return what holds of records without one of the fields, where there can be such among those looked for."""
    fields = [
        readable(field.name)
        for field in rulebook.records or ()
        if field.optional
        and field.name in repeats
        and not (when is not None and holds_only_where_known(when, field.name))
    ]
    return f" {say('One without {fields} repeats no other.', fields=listed_or(fields))}" if fields else ""


def what_is_left_out(rulebook: Rulebook, planner: Planner) -> Section:
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
                + _lacking(rulebook, each.repeats, each.when)
            )
        elif when:
            told.append(say("Left out if: {condition}.", condition=when))
        if each.because is not None:
            told.append(say("Why: {why}", why=sentence(each.because)))
        blocks.append(Entry(say("Never counted: {title}", title=each.title), tuple(told)))
    for discount in rulebook.discounts:
        percent = number(text_of(in_percent(discount.to.value)))
        if discount.when is None:
            told = [say("Counts {percent}%.", percent=percent)]
        else:
            when = condition_words(planner, discount.when)
            told = [say("Counts {percent}% if: {condition}.", percent=percent, condition=when)]
        if discount.because is not None:
            told.append(say("Why: {why}", why=sentence(discount.because)))
        blocks.append(Entry(say("Counted in part: {title}", title=discount.title), tuple(told)))
    return Section(say("What is left out or counts less"), tuple(blocks))


def what_is_counted(rulebook: Rulebook, planner: Planner) -> Section:
    """Return how each measure is taken."""
    words = MeasureGuide(planner, rulebook.discounts)
    return Section(
        say("What is counted"),
        tuple(Entry(capital(each.plural), words.sentences(each)) for each in rulebook.measures),
    )
