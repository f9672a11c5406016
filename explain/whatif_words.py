"""Takes the answer to what if; gives the page that says it: what was supposed, before and after, and what moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from tallystick.explain.markdown import draw as draw_markdown
from tallystick.explain.node_words import listed
from tallystick.explain.page import Amount, Block, Column, Items, Page, Paragraph, Section
from tallystick.explain.plain import figure, points, quoted, readable, sentence
from tallystick.explain.text import draw as draw_text
from tallystick.explain.whatif_document import MeasureMoved, Moved, Result, Supposed, WhatIf

_MOST_TOLD = 20
"""So many records are told one by one; the document has them all."""


def whatif_text(document: WhatIf, *, width: int = 78) -> str:
    """Return the answer as text for a person."""
    return draw_text(page(document), width=width)


def whatif_markdown(document: WhatIf) -> str:
    """Return the answer as Markdown."""
    return draw_markdown(page(document))


def page(document: WhatIf) -> Page:
    """Return the whole page."""
    sections = [
        Section("", tuple(_head(document))),
        Section("What was supposed", (Items(tuple(_supposed(document))),)),
        _moves(document),
        Section("What the rules would look at", tuple(_measures(document))),
    ]
    return Page(f"What if: {document.title} of {document.subject}", tuple(each for each in sections if each.blocks))


def _head(document: WhatIf) -> Iterator[Block]:
    before, after = document.before, document.after
    if document.points is not None:
        yield Paragraph(f"{before.score} as it is, {after.score} if this were so: {_change(document.points)}.")
    else:
        yield Paragraph(f"As it is: {_result(before)} If this were so: {_result(after)}")
    if before.band != after.band and before.outcome == after.outcome == "scored":
        yield Paragraph(f"The band would be {_band(after)} in place of {_band(before)}.")
    yield Paragraph("Nothing was changed: the run is as it was, and what was supposed stands nowhere but here.")


def _change(moved: str) -> str:
    if moved.strip("0.") == "":
        return "no change"
    return f"{points(moved.removeprefix('-'))} {'less' if moved.startswith('-') else 'more'}"


def _result(result: Result) -> str:
    match result.outcome:
        case None:
            return "nobody of that name has a result."
        case "scored":
            return f"{result.score}."
        case "no score" | "insufficient data":
            return f"{result.outcome}. {sentence(result.words or '')}"
        case _:
            assert_never(result.outcome)


def _band(result: Result) -> str:
    return "none" if result.band is None else quoted(result.band_title)


# ---- what was supposed -------------------------------------------------------------------------------------------


def _supposed(document: WhatIf) -> Iterator[str]:
    told = 0
    for each in document.supposed:
        if each.record is not None and told == _MOST_TOLD:
            continue
        told += each.record is not None
        yield _one(each)
    records = sum(each.record is not None for each in document.supposed)
    if records > _MOST_TOLD:
        yield f"And as many records more as make {records} in all."
    yield from map(sentence, document.notices)


def _one(supposed: Supposed) -> str:
    match supposed.what:
        case "another day":
            return f"The last day that counts is {supposed.after}, not {supposed.before}."
        case "another value":
            title = "" if supposed.title is None else f" ({supposed.title})"
            return f"{readable(supposed.name)}{title} is {supposed.after}, not {supposed.before}."
        case "another attribute":
            title = "" if supposed.title is None else f" ({supposed.title})"
            before, after = supposed.before or "missing", supposed.after or "missing"
            return f"{readable(supposed.name)}{title} is {after}, not {before}."
        case "another rulebook":
            return f"The rules are {supposed.after}, not {supposed.before}."
        case "a record more":
            return f"One record more: {_record(supposed)}."
        case "a record less":
            return f"Without the record {supposed.name}: {_record(supposed)}."
        case _:
            assert_never(supposed.what)


def _record(supposed: Supposed) -> str:
    return listed([f"{readable(name)} {value}" for name, value in (supposed.record or {}).items() if value is not None])


# ---- what moved --------------------------------------------------------------------------------------------------


def _moves(document: WhatIf) -> Section:
    """Return the column from one score to the other."""
    if document.points is None:
        return Section("", ())
    if not document.parts:
        return Section("What would move", (Paragraph("No line, limit or rounding would give other points."),))
    rows = [Amount("as it is", document.before.score)]
    rows += [Amount(_place(each), _signed(each.points), _from_to(each)) for each in document.parts]
    rows.append(Amount("if this were so", document.after.score, kind="total"))
    return Section("What would move", (Column("", "points", tuple(rows)),))


def _place(moved: Moved) -> str:
    if moved.place == "rule":
        return moved.title or moved.name or ""
    whose = "" if moved.place == "score" else f" ({moved.title})"
    match moved.kind:
        case "cap":
            return f"held to the most there is{whose}"
        case "floor":
            return f"held to the least there is{whose}"
        case "division":
            return "divided by the weights that apply"
        case "rounding":
            return "rounded"
        case None:
            return whose
        case _:
            assert_never(moved.kind)


def _signed(amount: str) -> str:
    return amount if amount.startswith("-") else f"+{amount}"


def _from_to(moved: Moved) -> str:
    if moved.place != "rule":
        return ""
    return f"from {moved.before or 'nothing'} to {moved.after or 'nothing'}"


def _measures(document: WhatIf) -> Iterator[Block]:
    if document.measures:
        yield Items(tuple(_measure(each) for each in document.measures))


def _measure(moved: MeasureMoved) -> str:
    before, after = figure(moved.before, moved.before_about), figure(moved.after, moved.after_about)
    return f"{moved.plural}: {after}, not {before}"
