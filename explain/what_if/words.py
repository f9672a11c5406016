"""Takes the answer to what if; gives the page that says it: what was supposed, before and after, and what moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from tallystick.explain.figures import signed
from tallystick.explain.harmless import visible
from tallystick.explain.page import Amount, Block, Column, Items, Page, Paragraph, Section
from tallystick.explain.plain import days_in_words, figure, percent, points, quoted, readable, sentence
from tallystick.explain.tongue import day, listed, number, say, say_as
from tallystick.explain.what_if.document import MeasureMoved, Moved, Result, Supposed, WhatIf
from tallystick.explain.words.bands import needs_moved
from tallystick.explain.words.nodes import cell, written

_MOST_TOLD = 20
"""So many records are told one by one; the document has them all."""


def page(document: WhatIf) -> Page:
    """Return the whole page."""
    sections = [
        Section("", tuple(_head(document))),
        Section(say("What was supposed"), (Items(tuple(_supposed(document))),)),
        _moves(document),
        Section(say("What the rules would look at"), tuple(_measures(document))),
    ]
    return Page(
        say("What if: {score} of {person}", score=document.title, person=visible(document.subject)),
        tuple(each for each in sections if each.blocks),
    )


def _head(document: WhatIf) -> Iterator[Block]:
    before, after = document.before, document.after
    alone = document.band_alone
    if alone and before.outcome == after.outcome == "scored":
        if before.band is None and after.band is None:
            yield Paragraph(say("There is no band, and there would be none if this were so."))
        elif before.band == after.band:
            yield Paragraph(say("The band is {band}, and would be the same if this were so.", band=_band(before)))
    elif document.points is not None:
        yield Paragraph(
            say(
                "{before} as it is, {after} if this were so: {change}.",
                before=number(before.score or ""),
                after=number(after.score or ""),
                change=_change(document.points),
            )
        )
    else:
        yield Paragraph(
            say(
                "As it is: {before} If this were so: {after}",
                before=_result(before, alone=alone),
                after=_result(after, alone=alone),
            )
        )
    if before.band != after.band and before.outcome == after.outcome == "scored":
        yield Paragraph(
            say("The band would be {after} in place of {before}.", after=_band(after), before=_band(before))
        )
    met, missing = needs_moved(before.missing, after.missing)
    if before.outcome == after.outcome == "scored" and met:
        yield Paragraph(say("Needs that would be met then: {needs}.", needs=listed(met)))
    if before.outcome == after.outcome == "scored" and missing:
        yield Paragraph(say("Needs that would not be met any more: {needs}.", needs=listed(missing)))
    yield Paragraph(say("Nothing was changed: the run is as it was, and what was supposed stands nowhere but here."))


def _change(moved: str) -> str:
    if moved.strip("0.") == "":
        return say("no change")
    if moved.startswith("-"):
        return say("{points} less", points=points(moved[1:]))
    return say("{points} more", points=points(moved))


def _result(result: Result, *, alone: bool) -> str:
    match result.outcome:
        case None:
            return say("nobody of that name has a result.")
        case "scored":
            if alone and result.band is None:
                return say("{score}.", score=say("no band"))
            return say("{score}.", score=_band(result) if alone else number(result.score or ""))
        case "no score":
            return say("no score. {words}", words=sentence(result.words or ""))
        case "insufficient data":
            return say("insufficient data. {words}", words=sentence(result.words or ""))
        case _:
            assert_never(result.outcome)


def _band(result: Result) -> str:
    return say_as("band", "none") if result.band is None else quoted(result.band_title)


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
        yield say("And as many records more as make {n} in all.", n=number(records))
    yield from map(sentence, document.notices)


def _one(supposed: Supposed) -> str:
    match supposed.what:
        case "another day":
            return say(
                "The last day that counts is {after}, not {before}.",
                after=_day(supposed.after),
                before=_day(supposed.before),
            )
        case "value of that day":
            return say(
                "By these rules {what} is {after} on that day, not {before}.",
                what=_named(supposed),
                after=_value(supposed, supposed.after or ""),
                before=_value(supposed, supposed.before or ""),
            )
        case "another value":
            return say(
                "{what} is {after}, not {before}.",
                what=_named(supposed),
                after=_value(supposed, supposed.after or ""),
                before=_value(supposed, supposed.before or ""),
            )
        case "another attribute" if not supposed.before:
            what, after = _named(supposed), _attribute(supposed, supposed.after)
            return say("{what} is {after}; as it is, it is not known.", what=what, after=after)
        case "another attribute":
            return say(
                "{what} is {after}, not {before}.",
                what=_named(supposed),
                after=_attribute(supposed, supposed.after),
                before=_attribute(supposed, supposed.before),
            )
        case "another rulebook" if supposed.after == supposed.before:
            return say("The rules are others that are called {after}, too.", after=supposed.after or "")
        case "another rulebook":
            return say("The rules are {after}, not {before}.", after=supposed.after or "", before=supposed.before or "")
        case "a record more":
            return say("One record more: {record}.", record=_record(supposed))
        case "a record less":
            return say("Without the record {name}: {record}.", name=supposed.name or "", record=_record(supposed))
        case _:
            assert_never(supposed.what)


def _day(text: str | None) -> str:
    return "" if text is None else day(date.fromisoformat(text))


def _value(supposed: Supposed, value: str) -> str:
    """Return a parameter's value: a number, a percentage, or so many days."""
    if supposed.type == "duration":
        return days_in_words(value)
    return percent(value.removesuffix("%")) if value.endswith("%") else number(value)


def _attribute(supposed: Supposed, value: str | None) -> str:
    """Return an attribute's value as its reader writes it."""
    if not value:
        return say("missing")
    return value if supposed.type is None else written(supposed.type, value)


def _named(supposed: Supposed) -> str:
    name = readable(supposed.name)
    return name if supposed.title is None else f"{name} ({supposed.title})"


def _record(supposed: Supposed) -> str:
    types = supposed.types or {}
    known = ((name, value) for name, value in (supposed.record or {}).items() if value is not None)
    return listed(
        [
            f"{readable(name)} {cell(types[name], value)}"
            for name, value in known
            if not (name == "id" and supposed.made_up)
        ]
    )


# ---- what moved --------------------------------------------------------------------------------------------------


def _moves(document: WhatIf) -> Section:
    """Return the column from one score to the other."""
    if document.points is None or document.band_alone:
        return Section("", ())
    if not document.parts:
        return Section(say("What would move"), (Paragraph(say("No line, limit or rounding would give other points.")),))
    rows = [Amount(say("as it is"), document.before.score)]
    rows += [Amount(_place(each), signed(each.points), _from_to(each)) for each in document.parts]
    rows.append(Amount(say("if this were so"), document.after.score, kind="total"))
    return Section(say("What would move"), (Column("", say_as("heading", "points"), tuple(rows)),))


def _place(moved: Moved) -> str:
    if moved.place == "rule":
        return moved.title or moved.name or ""
    whose = "" if moved.place == "score" else f" ({moved.title})"
    match moved.kind:
        case "cap":
            return say("held to the most there is") + whose
        case "floor":
            return say("held to the least there is") + whose
        case "division":
            return say("divided by the weights that apply")
        case "rounding":
            return say("rounded")
        case None:
            return whose
        case _:
            assert_never(moved.kind)


def _from_to(moved: Moved) -> str:
    if moved.place != "rule":
        return ""
    before = say("nothing") if not moved.before else number(moved.before)
    after = say("nothing") if not moved.after else number(moved.after)
    return say("from {before} to {after}", before=before, after=after)


def _measures(document: WhatIf) -> Iterator[Block]:
    if document.measures:
        yield Items(tuple(_measure(each) for each in document.measures))


def _measure(moved: MeasureMoved) -> str:
    before, after = figure(moved.before, moved.before_about), figure(moved.after, moved.after_about)
    if (moved.before_about or moved.before) == (moved.after_about or moved.after):  # a difference too small to read
        before, after = figure(moved.before, None), figure(moved.after, None)
    if moved.before is None:
        return say("{what}: {after}; as it is, there is no value", what=moved.plural, after=after)
    if moved.after is None:
        return say("{what}: no value; as it is, {before}", what=moved.plural, before=before)
    return say("{what}: {after}, not {before}", what=moved.plural, after=after, before=before)
