"""Takes an explanation; gives in words what was corrected, the score without that, and what the person states."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from tallystick.engine.arithmetic import subtract, total_of
from tallystick.explain.document import Explanation
from tallystick.explain.page import Block, Entry, Grid, Items, Paragraph, Section
from tallystick.explain.plain import NOT_SHOWN, capital, quoted, readable, sentence
from tallystick.explain.tongue import day, listed, number, phrase, say, say_as, say_n
from tallystick.explain.tree.acts import Correction, FieldChange, Statement, Uncorrected
from tallystick.explain.tree.lines import Line
from tallystick.explain.tree.origins import FieldType
from tallystick.explain.words.nodes import cell


def corrections_section(document: Explanation) -> Section:
    """Return each correction that touches the person, and the score without them."""
    if not document.corrections:
        return Section("", ())
    titles = {each.rule: each.title for each in document.lines}
    blocks: list[Block] = [_entry(each, titles, document.data.types) for each in document.corrections]
    if document.uncorrected is None:
        told = say("What the score was without this cannot be told: the run has not kept the records that this takes.")
        blocks.append(Paragraph(told))
    else:
        blocks += _effect(document, document.uncorrected)
    return Section(say("What was corrected"), tuple(blocks))


def struck_out(correction: Correction) -> str:
    """Return what became of the record as it was: by whom, when and why."""
    who, when, reason = correction.who, day(correction.when), sentence(correction.reason)
    if correction.action == "replace":
        return say("replaced by {who} on {day}: {reason}", who=who, day=when, reason=reason)
    return say("struck out by {who} on {day}: {reason}", who=who, day=when, reason=reason)


def statement_sentence(statement: Statement) -> str:
    """Return what the person states, in their own words."""
    since, words = day(statement.since), quoted(statement.text)
    match statement.kind:
        case "statement":
            return say("You state, since {day}: {words}", day=since, words=words)
        case "contest":
            if statement.answer_by is None:
                return say("You contest this since {day}: {words}", day=since, words=words)
            return say(
                "You contest this since {day}, to be answered by {answer_by}: {words}",
                day=since,
                answer_by=day(statement.answer_by),
                words=words,
            )
        case _:
            assert_never(statement.kind)


def statements_at_head(document: Explanation) -> tuple[Block, ...]:
    """Return what the person states about the score as a whole, and about whatever else is not shown on this page."""
    told: list[str] = []
    shown = {each.rule for each in document.lines}
    records = {each.record.get("id") for each in document.records}
    for each in document.statements:
        if each.rule is not None and each.rule not in shown:
            told.append(say("On {rule}: {statement}", rule=quoted(each.title), statement=statement_sentence(each)))
        elif each.record is not None and each.record not in records:
            told.append(say("On record {record}: {statement}", record=each.record, statement=statement_sentence(each)))
        elif each.rule is None and each.record is None:
            told.append(statement_sentence(each))
    contests = [each for each in document.statements if each.kind == "contest"]
    if contests and document.score is not None:
        told.append(say("Until what you contest is answered, the score stands as it is here."))
    elif contests:
        told.append(say("Until what you contest is answered, it stands as it is here: you have no score."))
    over = {each.answer_by for each in contests if each.answer_by is not None and each.answer_by < document.as_of}
    told += [
        say("An answer was due by {day}, and this is as of {as_of}.", day=day(each), as_of=day(document.as_of))
        for each in sorted(over)
    ]
    return (Items(tuple(told)),) if told else ()


def statements_on(line: Line, document: Explanation) -> tuple[str, ...]:
    """Return what the person states about a line."""
    return tuple(statement_sentence(each) for each in document.statements if each.rule == line.rule)


def statements_on_records(document: Explanation, records: set[str | None]) -> tuple[str, ...]:
    """Return what the person states about records that are shown."""
    return tuple(
        say("Record {record}: {statement}", record=each.record, statement=statement_sentence(each))
        for each in document.statements
        if each.record is not None and each.record in records
    )


def _entry(correction: Correction, titles: dict[str, str], types: dict[str, FieldType]) -> Entry:
    was = [
        f"{readable(name)}: {cell(types[name], value)}"
        for name, value in correction.was.items()
        if value is not None and name != "id"
    ]
    told = [say("As it was, it does not count any more: {values}.", values="; ".join(was))]
    told += [_change(each, types[each.field]) for each in correction.changes]
    rules = [quoted(titles[each]) for each in correction.rules if each in titles]
    if rules:
        told.append(say("Rules that look at such records: {rules}.", rules=listed(rules)))
    who, when, reason = correction.who, day(correction.when), sentence(correction.reason)
    if correction.action == "replace":
        heading = say(
            "Record {record} was replaced by {who} on {day}: {reason}",
            record=correction.record,
            who=who,
            day=when,
            reason=reason,
        )
    else:
        heading = say(
            "Record {record} was struck out by {who} on {day}: {reason}",
            record=correction.record,
            who=who,
            day=when,
            reason=reason,
        )
    return Entry(heading, tuple(told))


def _told(value: str | None, of: FieldType) -> str:
    return say(NOT_SHOWN) if value == say(NOT_SHOWN) else quoted(None if value is None else cell(of, value))


def _change(change: FieldChange, of: FieldType) -> str:
    name = capital(readable(change.field))
    before, after = _told(change.before, of), _told(change.after, of)
    if change.before is None and change.after is None:
        return say("{name}: it was not known, now it is not known.", name=name)
    if change.before is None:
        return say("{name}: it was not known, now it is {after}.", name=name, after=after)
    if change.after is None:
        return say("{name}: it was {before}, now it is not known.", name=name, before=before)
    return say("{name}: it was {before}, now it is {after}.", name=name, before=before, after=after)


def _effect(document: Explanation, found: Uncorrected) -> list[Block]:
    several = len(document.corrections)
    told = Paragraph(_with_and_without(document, found, several))
    if found.score is None or document.score is None or not found.lines:
        return [told]
    rows = tuple((each.title, number(each.without or "-"), each.with_them or "-") for each in found.lines)
    heading = (
        say_as("heading", "line"),
        say_as("heading", "without it") if several == 1 else say_as("heading", "without them"),
        say_as("heading", "with it") if several == 1 else say_as("heading", "with them"),
    )
    between = [] if _moved_alike(document, found) else [Paragraph(say(_BETWEEN))]
    return [told, Grid(heading, rows, figures=True), *between]


_BETWEEN = phrase("The lines and the score do not move by the same: limits, weights or rounding stand between them.")


def _moved_alike(document: Explanation, found: Uncorrected) -> bool:
    """Return whether the score moved by what the lines did, as far as all of them are shown."""
    if any(each.what == "rules" for each in document.withheld):
        return True
    moved = [subtract(Decimal(each.with_them or 0), Decimal(each.without or 0)) for each in found.lines]
    return total_of(moved) == subtract(Decimal(document.score or 0), Decimal(found.score or 0))


def _with_and_without(document: Explanation, found: Uncorrected, several: int) -> str:
    """Return the score with the corrections and without them."""
    if found.score is None and found.words is None:
        return say_n(
            "Without this correction you would have no score.",
            "Without these corrections you would have no score.",
            several,
        )
    if found.score is None:
        return say_n(
            "Without this correction you would have no score: {words}",
            "Without these corrections you would have no score: {words}",
            several,
            words=sentence(found.words or ""),
        )
    without = number(found.score)
    if document.score is None:
        return say_n(
            "Without this correction your score would be {without}; with it you have none.",
            "Without these corrections your score would be {without}; with them you have none.",
            several,
            without=without,
        )
    if found.score == document.score:
        return say_n(
            "With this correction and without it, your score is the same: {score}.",
            "With these corrections and without them, your score is the same: {score}.",
            several,
            score=number(document.score),
        )
    return say_n(
        "Without this correction your score would be {without}; with it, it is {score}.",
        "Without these corrections your score would be {without}; with them, it is {score}.",
        several,
        without=without,
        score=number(document.score),
    )
