"""Takes an explanation; gives the page of the person: what the explanation says, and what a person needs around it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from tallystick.explain.adding_up import adding_up
from tallystick.explain.change_document import Change
from tallystick.explain.change_words import person_page as change_page
from tallystick.explain.document import Explanation, Reason, ReceiptFacts
from tallystick.explain.page import Block, Code, Column, Entry, Grid, Items, Link, Links, Page, Paragraph, Section
from tallystick.explain.plain import counted, points, quoted, readable, sentence
from tallystick.explain.record_words import evidence_section
from tallystick.explain.wording import page

MOST_RECORDS = 200
"""So many records are shown behind each measure; the document has all."""
_AFTER_SINCE = ("Line by line", "What is required, and what there is", "What became of the records about you")
"""The sections that come after what changed; a page has one of them."""
_WRONG_RECORD = (
    "If a record is wrong, or is not about you, say which and why. Once it is corrected, the score is made again for "
    "the same day, and this page shows what was corrected, by whom and when."
)
_WRONG_RULE = (
    "If you think that a rule is wrong for you, say which line. You can have your own words put on this page, beside "
    "the line, without any change of the score."
)
_OPTIONS = {
    "records": "--records",
    "subjects": "--subjects",
    "pauses": "--pauses",
    "corrections": "--corrections",
    "statements": "--statements",
}


def person_page(document: Explanation, rules: tuple[Link, ...] = (), change: Change | None = None) -> Page:
    """Return the page; ``rules`` lead to the pages of the rules, in the order of the lines, and ``change`` is what
    became of the score since an earlier run."""
    drawn = page(document)
    head, *others = drawn.sections
    evidence = evidence_section(document).heading
    told = tuple(_summary(document))
    sections = [replace(head, blocks=(*told, *head.blocks))]
    *before, about = others
    waiting = [] if change is None else [_since(change)]
    for each in before:
        if each.heading in _AFTER_SINCE:
            sections += waiting
            waiting = []
        if each.heading == evidence:
            sections.append(replace(each, blocks=(*_withheld(document), *_shortened(each.blocks)), folded=True))
        else:
            sections.append(each)
    if document.withheld and not document.records:
        sections.append(Section("What is not shown", tuple(_withheld(document))))
    if rules:
        sections.append(Section("The rules behind the lines", (Links(rules),)))
    sections += [*_middle(document), about, _disagree(document), *_check(document)]
    return Page(drawn.title, tuple(sections))


# ---- the sentence that sums up -----------------------------------------------------------------------------------


def _summary(document: Explanation) -> Iterator[Block]:
    """Return one sentence: where most of the score comes from, and what held it back most."""
    if document.outcome != "scored":
        return
    up = next((each for each in document.principal_reasons if each.direction == "up"), None)
    down = next((each for each in document.principal_reasons if each.direction == "down"), None)
    if up is None and down is None:
        return
    if up is None:
        first = f"No rule gave you points for your score of {document.score}"
    else:
        first = f"The largest part of your {document.score} comes from {quoted(up.title)} ({points(up.points)})"
    yield Paragraph(f"{first}{'' if down is None else _held_back(up, down)}.")


def _held_back(up: Reason | None, down: Reason) -> str:
    """Return the part of the sentence about what held the score back."""
    same = up is not None and up.rule == down.rule
    who = "; it is also what" if same else f"; {quoted(down.title)} is what"
    if down.compared_with == "0":
        takes = f"takes {points(down.points)} away" if same else f"took {points(down.points)} away"
        return f"; it also {takes}" if same else f"; {quoted(down.title)} {takes}"
    what = "its baseline" if down.method.startswith("the baseline") else "the most that it can give"
    return f"{who} stands furthest below {what}, by {points(down.points)}"


def _since(change: Change) -> Section:
    """Return what brought about the difference to an earlier run, as one section."""
    first, *others = change_page(change).sections
    blocks: list[Block] = list(first.blocks)
    for each in others:
        blocks.append(Entry(each.heading, ()))
        blocks += [adding_up(block) if isinstance(block, Column) else block for block in each.blocks]
    return Section(f"What changed since {change.before.as_of.isoformat()}", tuple(blocks))


# ---- among others, and apart from them ---------------------------------------------------------------------------


def _middle(document: Explanation) -> Iterator[Section]:
    """Return where the middle half of those scored lie."""
    middle = document.middle
    if middle is None:
        return
    yield Section(
        "Where others are",
        (
            Paragraph(
                f"{counted(str(middle.people), 'person has', 'people have')} a score as of "
                f"{document.as_of.isoformat()}. The middle half of them have from {middle.low} to {middle.high}. "
                "That is no mark to reach: nobody's score depends on anybody else's."
            ),
        ),
    )


def _withheld(document: Explanation) -> Iterator[Block]:
    """Say what is not shown, and why."""
    for each in document.withheld:
        fields = " and ".join(quoted(readable(field)) for field in each.fields)
        yield Paragraph(f"Not shown, in {counted(str(each.records), 'row', 'rows')}: {fields}. {each.because}")


def _shortened(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Return tables of records with only the latest ones, and say so."""
    for block in blocks:
        if isinstance(block, Grid) and len(block.rows) > MOST_RECORDS:
            yield replace(block, rows=block.rows[:MOST_RECORDS])
            yield Paragraph(
                f"These are the latest {MOST_RECORDS} of {len(block.rows)}. All of them are in the data of this page."
            )
        else:
            yield block


# ---- to disagree, and to check -----------------------------------------------------------------------------------


def _disagree(document: Explanation) -> Section:
    """Return what to do when something is wrong."""
    book = document.rulebook
    owner = "whoever publishes this score" if book.owner is None else book.owner
    ask = f"Write to {book.contact}." if book.contact is not None else f"Ask {owner}; the rules name no address."
    told = (
        ask,
        _WRONG_RECORD,
        _WRONG_RULE,
        f"Who answers for the score: {sentence(owner)}",
    )
    return Section("If you disagree", (Items(told),))


def _check(document: Explanation) -> Iterator[Section]:
    """Return the receipt, and the command with which anybody can make the score again."""
    receipt = document.receipt
    if receipt is None:
        return
    rows = [
        ("the rules", f"{document.rulebook.name} {document.rulebook.version}", document.rulebook.sha256),
        *((each.role, _file(each.name), each.sha256 or "not a file") for each in receipt.inputs),
        ("all scores of this run", receipt.engine, receipt.ledger_digest),
    ]
    yield Section(
        "How to check this score",
        (
            Paragraph(
                "Anybody who has the rules and the data can work out the same score and breakdown, to the last digit. "
                "The digests (SHA-256) tell whether they are the same rules and the same data."
            ),
            Grid(("what", "name", "digest"), tuple(rows)),
            Entry("With those files, this prints the explanation again:", ()),
            Code(command(document, receipt)),
        ),
    )


def command(document: Explanation, receipt: ReceiptFacts) -> str:
    """Return the command that makes the explanation again, to be typed into a shell."""
    words = ["tally", "explain", "rules.tally"]
    for role, option in _OPTIONS.items():
        files = [_file(each.name) for each in receipt.inputs if each.role == role]
        if files:
            words += [option, *map(shlex.quote, files)]
    if receipt.mapping is not None:
        words += ["--map", shlex.quote(_file(receipt.mapping))]
    return " ".join([*words, "--as-of", document.as_of.isoformat(), "--subject", shlex.quote(document.subject)])


def _file(name: str) -> str:
    """Return a file's own name: where it lay is nobody's business."""
    return PurePath(name).name or name
