"""Takes an explanation; gives what became of the person's records, and what is not known."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.document import Explanation
from tallystick.explain.page import Amount, Block, Column, Entry, Grid, Items, Paragraph, Section
from tallystick.explain.person.measured import leaves
from tallystick.explain.plain import capital, quoted, readable, sentence
from tallystick.explain.tongue import day, listed, number, say, say_as
from tallystick.explain.tree.measures import NotCounted
from tallystick.explain.words.requirements import measures_required


def records_section(document: Explanation) -> Section:
    """Return what became of the person's records, and why the exclusions exist."""
    data = document.data
    heading = say("What became of the records about you")
    if data.records is None:
        if not data.fields or document.outcome == "scored":
            return Section(heading, ())
        return Section(heading, (Paragraph(say("No record about you was counted for you.")),))
    if not data.fields:
        return Section(heading, ())
    if data.records == 0:
        return Section(heading, (Paragraph(say("There were no records about you in the data that was read.")),))
    scored = document.outcome == "scored"  # of whoever has no score no rule used anything
    used = (
        say("used by at least one rule or requirement") if scored else say("of use to at least one rule or requirement")
    )
    rows = [Amount(used, str(data.taken_in))]
    rows += [Amount(_fate(each, document), str(each.records)) for each in document.not_counted]
    rows.append(Amount(say("records read"), str(data.records), kind="total"))
    blocks: list[Block] = [Column("", say_as("heading", "records"), tuple(rows))]
    reasons = _why_left_out(document)
    if reasons:
        blocks.append(Entry(say("Why records are left out or count less:"), reasons))
    return Section(heading, tuple(blocks))


def away_section(document: Explanation) -> Section:
    """Return when the person was away, and what that does."""
    if not document.pauses:
        return Section("", ())
    rows = tuple((day(each.first), day(each.last), number(each.days)) for each in document.pauses)
    told = Paragraph(
        say(
            "On these days, up to the day of the score, what counts for you did not fade where the rules say so. "
            "Overlapping absences are told as one."
        )
    )
    heading = (say_as("heading", "from"), say_as("heading", "to"), say_as("heading", "days"))
    return Section(say("When you were away"), (told, Grid(heading, rows)))


def _why_left_out(document: Explanation) -> tuple[str, ...]:
    """Return the reasons of the exclusions, discounts, limits and fadings that touched the records, each once."""
    whys: dict[str, str] = {
        each.title: each.because for each in document.not_counted if each.title is not None and each.because is not None
    }
    measures = [each for line in document.lines for each in line.measures]
    measures += [each for required in document.met for each in required.measures]
    measures += measures_required(document.requirement)
    for measure in leaves(measures):
        for step in measure.steps:
            if step.because is not None and step.title is not None:
                whys.setdefault(step.title, step.because)
    return tuple(say("{title}: {why}", title=capital(title), why=sentence(why)) for title, why in whys.items())


def _fate(left_out: NotCounted, document: Explanation) -> str:
    """Return what happened to records that were not taken in."""
    match left_out.reason:
        case "voided":
            return say("struck out by a correction")
        case "not yet":
            return say("dated after {day}, so not counted yet", day=day(document.as_of))
        case "excluded":
            return say("left out: {title}", title=left_out.title or readable(left_out.name))
        case "outside window":
            return say("too old for every rule that would use them")
        case "limit":
            return say("over a limit")
        case "unused":
            return say("not what any rule counts")
        case _:
            assert_never(left_out.reason)


def missing_section(document: Explanation) -> Section:
    """Return what is not known about the person, and what does not apply, as two different things."""
    titles = {each.rule: each.title for each in document.lines}
    if document.requirement is not None:
        titles |= {each.rule: each.title for each in document.requirement.rules}
    told: list[str] = []
    for each in document.missing:
        name = quoted(each.title if each.title is not None else readable(each.name))
        readers = [quoted(titles[rule]) for rule in each.rules if rule in titles]
        state = (
            say("{name}: does not apply to you.", name=name)
            if each.state == "not applicable"
            else say("{name}: not known.", name=name)
        )
        told.append(f"{state} {say('Used by: {rules}.', rules=listed(readers))}" if readers else state)
    if not told:
        return Section(say("What is not known"), ())
    first = Paragraph(say("None of these was counted as zero unless its rule says so above."))
    return Section(say("What is not known"), (first, Items(tuple(told))))
