"""Takes an explanation; gives the page of the person: what the explanation says, and what a person needs around it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from decimal import Decimal
from pathlib import PurePath

from msgspec.structs import replace

from tallystick.explain.calculator.calculator import Reckoner
from tallystick.explain.calculator.words import person_calculator
from tallystick.explain.change.document import Change
from tallystick.explain.change.person_page import person_page as change_page
from tallystick.explain.document import Explanation
from tallystick.explain.page import (
    Block,
    Code,
    Column,
    Entry,
    Grid,
    Items,
    Link,
    Links,
    Page,
    Paragraph,
    RecordTable,
    Section,
)
from tallystick.explain.plain import points, quoted, readable, sentence
from tallystick.explain.tongue import ENGLISH, day, listed, number, phrase, say, say_as, say_n
from tallystick.explain.tree.origins import ReceiptFacts
from tallystick.explain.wording import page
from tallystick.explain.words.evidence import EVIDENCE, shortened
from tallystick.explain.words.lines import line_points
from tallystick.explain.words.withheld import public_note
from tallystick.rules.audience import Audience

MOST_RECORDS = 200
"""So many records are shown behind each measure; the document has all."""
_AFTER_SINCE = (
    phrase("Line by line"),
    phrase("What is required, and what there is"),
    phrase("What became of the records about you"),
)
"""The sections that come after what changed; a page has one of them."""
_WRONG_RECORD = phrase(
    "If a record is wrong, or is not about you, say which and why. Once it is corrected, the score is made again for "
    "the same day, and this page shows what was corrected, by whom and when."
)
_WRONG_ATTRIBUTE = phrase(
    "Of what is known about you, this is read: {attributes}. If something of it is wrong or missing, say what, and "
    "what it should be."
)
_WRONG_RULE = phrase(
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


def person_page(
    document: Explanation,
    rules: tuple[Link, ...] = (),
    change: Change | None = None,
    reckoner: Reckoner | None = None,
) -> Page:
    """Return the page; ``rules`` lead to the pages of the rules, in the order of the lines, ``change`` is what became
    of the score since an earlier run, and ``reckoner`` works out what other figures would give."""
    drawn = page(document)
    head, *others = drawn.sections
    told = tuple(_summary(document))
    note = public_note(document)
    sections = [replace(head, blocks=(*note, *told, *head.blocks[len(note) :]))]
    *before, about = others
    waiting = [] if change is None else [_since(change)]
    for each in before:
        if each.heading in map(say, _AFTER_SINCE):
            sections += waiting
            waiting = []
        if each.heading == say(EVIDENCE):
            sections.append(replace(each, blocks=tuple(_shortened(each.blocks)), folded=True))
        else:
            sections.append(each)
    if reckoner is not None:
        sections += [each for each in (person_calculator(reckoner, document),) if each.blocks]
    if rules:
        sections.append(Section(say("The rules behind the lines"), (Links(rules),)))
    sections += [*_middle(document), about]
    if document.audience is not Audience.PUBLIC:
        sections += [_disagree(document), *_check(document)]
    return Page(drawn.title, tuple(sections))


# ---- the sentence that sums up -----------------------------------------------------------------------------------


def _summary(document: Explanation) -> Iterator[Block]:
    """Return in short sentences which line gave most and which took points away."""
    if document.outcome != "scored" or any(each.what == "rules" for each in document.withheld):
        return
    up = next((each for each in document.principal_reasons if each.direction == "up"), None)
    took = [each for each in document.lines if each.points is not None and Decimal(each.points) < 0]
    if up is not None:
        (gave,) = (each for each in document.lines if each.rule == up.rule)
        alike = [quoted(each.title) for each in document.lines if each.points == gave.points]
        if len(alike) > 1:
            told = [say("{rules} gave you most: {points} each.", rules=listed(alike), points=points(gave.points or ""))]
        else:
            told = [say("{rule} gave you most: {points}.", rule=quoted(gave.title), points=line_points(gave))]
    elif document.lines:
        told = [say("No rule gave you points.")]
    else:
        return
    if took:
        parts = [
            say("{rule} ({points})", rule=quoted(each.title), points=points((each.points or "").removeprefix("-")))
            for each in took
        ]
        told.append(say("This took points away: {rules}.", rules=listed(parts)))
    yield Paragraph(" ".join(told))


def _since(change: Change) -> Section:
    """Return what brought about the difference to an earlier run, as one section."""
    first, *others = change_page(change).sections
    blocks: list[Block] = list(first.blocks)
    for each in others:
        blocks.append(Entry(each.heading, ()))
        blocks += [replace(block, bars=True) if isinstance(block, Column) else block for block in each.blocks]
    return Section(say("What changed since {day}", day=day(change.before.as_of)), tuple(blocks))


# ---- among others, and apart from them ---------------------------------------------------------------------------


def _middle(document: Explanation) -> Iterator[Section]:
    """Return where the middle half of those scored lie."""
    middle = document.middle
    if middle is None:
        return
    low, high = number(middle.low), number(middle.high)
    if low == high:
        where = say("The middle half of them all have {score}.", score=low)
    else:
        where = say("The middle half of them have from {low} to {high}.", low=low, high=high)
    yield Section(
        say("Where others are"),
        (
            Paragraph(
                " ".join(
                    (
                        say_n(
                            "{n} person has a score as of {day}.",
                            "{n} people have a score as of {day}.",
                            middle.people,
                            day=day(document.as_of),
                        ),
                        where,
                        say("That is no mark to reach: nobody's score depends on anybody else's."),
                    )
                )
            ),
        ),
    )


def _shortened(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Return tables of records with only the latest ones."""
    for block in blocks:
        if isinstance(block, RecordTable):
            yield shortened(block, MOST_RECORDS)
        else:
            yield block


# ---- to disagree, and to check -----------------------------------------------------------------------------------


def _disagree(document: Explanation) -> Section:
    """Return what to do when something is wrong."""
    book = document.rulebook
    if book.contact is not None:
        ask = say("Write to {contact}.", contact=book.contact)
    elif book.owner is not None:
        ask = say("Ask {owner}; the rules name no address.", owner=book.owner)
    else:
        ask = say("Ask whoever publishes this score; the rules name no address.")
    if book.owner is not None:
        who = say("Who answers for the score: {who}", who=sentence(book.owner))
    else:
        who = say("Who answers for the score: whoever publishes this score.")
    wrong = []
    if document.data.fields:
        wrong.append(say(_WRONG_RECORD))
    if document.data.attributes:
        read = listed([readable(each) for each in document.data.attributes])
        wrong.append(say(_WRONG_ATTRIBUTE, attributes=read))
    return Section(say("If you disagree"), (Items((ask, *wrong, say(_WRONG_RULE), who)),))


def _check(document: Explanation) -> Iterator[Section]:
    """Return the receipt, and the command with which anybody can make the score again."""
    receipt = document.receipt
    if receipt is None:
        return
    rows = [
        (say("the rules"), f"{document.rulebook.name} {document.rulebook.version}", document.rulebook.sha256),
        *((_role(each.role), _file(each.name), each.sha256 or say("not a file")) for each in receipt.inputs),
        (say("all scores of this run"), receipt.engine, receipt.ledger_digest),
    ]
    yield Section(
        say("How to check this score"),
        (
            Paragraph(
                say(
                    "Anybody who has the rules and the data can work out the same score and breakdown, to the last "
                    "digit. The digests (SHA-256) tell whether they are the same rules and the same data."
                )
            ),
            Grid((say_as("heading", "what"), say_as("heading", "name"), say_as("heading", "digest")), tuple(rows)),
            Entry(say("With those files, this prints the explanation again:"), ()),
            Code(command(document, receipt)),
        ),
    )


def _role(role: str) -> str:
    """Return what an input of the run holds."""
    match role:
        case "records":
            return say_as("input", "records")
        case "subjects":
            return say_as("input", "subjects")
        case "pauses":
            return say_as("input", "pauses")
        case "corrections":
            return say_as("input", "corrections")
        case "statements":
            return say_as("input", "statements")
        case _:
            return role


def command(document: Explanation, receipt: ReceiptFacts) -> str:
    """Return the command that makes the explanation again, to be typed into a shell."""
    words = ["tally", "explain", "rules.tally"]
    for role, option in _OPTIONS.items():
        files = [_file(each.name) for each in receipt.inputs if each.role == role]
        if files:
            words += [option, *map(shlex.quote, files)]
    if receipt.mapping is not None:
        words += ["--map", shlex.quote(_file(receipt.mapping))]
    among = [] if document.by is None else ["--in", document.by.value]
    words += ["--as-of", document.as_of.isoformat(), "--subject", shlex.quote(document.subject), *among]
    return " ".join([*words, *([] if document.language == ENGLISH else ["--language", document.language])])


def _file(name: str) -> str:
    """Return a file's own name: where it lay is nobody's business."""
    return PurePath(name).name or name
