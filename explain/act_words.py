"""Takes an explanation; gives in words what was corrected, the score without that, and what the person states."""

from __future__ import annotations

from typing import assert_never

from tallystick.explain.document import Correction, Explanation, FieldChange, Line, Statement, Uncorrected
from tallystick.explain.node_words import listed
from tallystick.explain.page import Block, Entry, Grid, Items, Paragraph, Section
from tallystick.explain.plain import capital, quoted, readable, sentence


def corrections_section(document: Explanation) -> Section:
    """Return each correction that touches the person, and the score without them."""
    if not document.corrections:
        return Section("", ())
    titles = {each.rule: each.title for each in document.lines}
    blocks: list[Block] = [_entry(each, titles) for each in document.corrections]
    if document.uncorrected is None:
        blocks.append(Paragraph("What the score was without this cannot be told: the run has kept no records."))
    else:
        blocks += _effect(document, document.uncorrected)
    return Section("What was corrected", tuple(blocks))


def struck_out(correction: Correction) -> str:
    """Return what became of the record as it was: by whom, when and why."""
    done = "replaced" if correction.action == "replace" else "struck out"
    return f"{done} by {correction.who} on {correction.when.isoformat()}: {sentence(correction.reason)}"


def statement_sentence(statement: Statement) -> str:
    """Return what the person states, in their own words."""
    since = statement.since.isoformat()
    match statement.kind:
        case "statement":
            return f"You state, since {since}: {quoted(statement.text)}"
        case "contest":
            until = "" if statement.answer_by is None else f", to be answered by {statement.answer_by.isoformat()}"
            return f"You contest this since {since}{until}: {quoted(statement.text)}"
        case _:
            assert_never(statement.kind)


def statements_at_head(document: Explanation) -> tuple[Block, ...]:
    """Return what the person states about the score as a whole, and about whatever else is not shown on this page."""
    told: list[str] = []
    shown = {each.rule for each in document.lines}
    records = {each.record.get("id") for each in document.records}
    for each in document.statements:
        if each.rule is not None and each.rule not in shown:
            told.append(f"On {quoted(each.title)}: {statement_sentence(each)}")
        elif each.record is not None and each.record not in records:
            told.append(f"On record {each.record}: {statement_sentence(each)}")
        elif each.rule is None and each.record is None:
            told.append(statement_sentence(each))
    if any(each.kind == "contest" for each in document.statements):
        told.append("Until what you contest is answered, the score stands as it is here.")
    return (Items(tuple(told)),) if told else ()


def statements_on(line: Line, document: Explanation) -> tuple[str, ...]:
    """Return what the person states about a line."""
    return tuple(statement_sentence(each) for each in document.statements if each.rule == line.rule)


def statements_on_records(document: Explanation, records: set[str | None]) -> tuple[str, ...]:
    """Return what the person states about records that are shown."""
    return tuple(
        f"Record {each.record}: {statement_sentence(each)}"
        for each in document.statements
        if each.record is not None and each.record in records
    )


def _entry(correction: Correction, titles: dict[str, str]) -> Entry:
    was = [f"{readable(name)}: {value}" for name, value in correction.was.items() if value is not None and name != "id"]
    told = [f"As it was, it does not count any more: {'; '.join(was)}."]
    told += [_change(each) for each in correction.changes]
    rules = [quoted(titles[each]) for each in correction.rules if each in titles]
    if rules:
        told.append(f"Rules that look at such records: {listed(rules)}.")
    return Entry(f"Record {correction.record} was {struck_out(correction)}", tuple(told))


def _change(change: FieldChange) -> str:
    name = capital(readable(change.field))
    before = "it was not known" if change.before is None else f"it was {quoted(change.before)}"
    after = "it is not known" if change.after is None else f"it is {quoted(change.after)}"
    return f"{name}: {before}, now {after}."


def _effect(document: Explanation, found: Uncorrected) -> list[Block]:
    one = len(document.corrections) == 1
    these = "this correction" if one else "these corrections"
    them = "it" if one else "them"
    if found.score is None:
        words = "" if found.words is None else f": {sentence(found.words)}"
        return [Paragraph(f"Without {these} you would have no score{words or '.'}")]
    if document.score is None:
        return [Paragraph(f"Without {these} your score would be {found.score}; with {them} you have none.")]
    if not found.lines and found.score == document.score:
        return [Paragraph(f"Your score is {document.score} with {them} and would be {found.score} without {them}.")]
    told = Paragraph(f"Without {these} your score would be {found.score}; with {them} it is {document.score}.")
    rows = tuple((each.title, each.without or "-", each.with_them or "-") for each in found.lines)
    table = Grid(("line", f"without {them}", f"with {them}"), rows, figures=True)
    return [told, table] if rows else [told]
