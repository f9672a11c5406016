"""Takes the account of the difference between two runs; gives it as text, as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from tallystick.explain import markdown, text
from tallystick.explain.change.document import Change, ChangeSummary, PersonChange, PlaceTotal, StageTotal
from tallystick.explain.change.person_page import person_page
from tallystick.explain.change.words import (
    division_sentence,
    edit_heading,
    edit_sentences,
    net_sentence,
    place_words,
    stage_words,
    step_name,
    versions,
)
from tallystick.explain.figures import signed
from tallystick.explain.page import Block, Entry, Grid, Items, Page, Paragraph, Section
from tallystick.explain.plain import counted, points, sentence
from tallystick.explain.printable import printable_json

_PEOPLE = ("person", "people")


def change_text(document: Change) -> str:
    """Return the account as text."""
    return text.draw(change_page(document))


def change_markdown(document: Change) -> str:
    """Return the account as Markdown."""
    return markdown.draw(change_page(document))


def change_page(document: Change) -> Page:
    """Return the page about one person, or that about everybody."""
    return person_page(document) if document.summary is None else _everybody(document, document.summary)


def change_json(document: Change, people: Iterable[PersonChange]) -> Iterator[str]:
    """Give the account as JSON, line by line. ``people`` stand in it one after another, and are never all in memory."""
    head, tail = printable_json(document).rsplit('"people": []', 1)
    yield f'{head}"people": ['
    waiting: str | None = None
    for person in people:
        if waiting is not None:
            yield f"{waiting},"
        waiting = f"    {printable_json(person, indent=None)}"
    if waiting is not None:
        yield waiting
    yield f"  ]{tail}"


# ---- everybody ---------------------------------------------------------------------------------------------------


def _everybody(document: Change, summary: ChangeSummary) -> Page:
    title = f"{document.title}: what changed"
    head: list[Block] = [Paragraph(versions(document))]
    if document.net_because is not None:
        head.append(Paragraph(net_sentence(document.net_because)))
    head.append(Items(tuple(_counts(document, summary))))
    sections = [
        Section("", tuple(head)),
        _bands(summary),
        *(() if document.band_alone else (_stages(document, summary), _places(summary))),
        _edits(document),
    ]
    return Page(title, tuple(each for each in sections if each.blocks))


def _counts(document: Change, summary: ChangeSummary) -> Iterator[str]:
    result = "result" if document.band_alone else "score"
    yield f"{_people(summary.people)} in one run or both; {_people(summary.both)} with a {result} in both."
    if not document.band_alone:
        yield (
            f"Of these, {_people(summary.up)} moved up, {_people(summary.down)} down, "
            f"and {_people(summary.same)} not at all: {signed(summary.points)} points together."
        )
    if summary.bands is not None:
        other = sum(each.people for each in summary.bands)
        none = any(None in (each.before_title, each.after_title) for each in summary.bands)
        band = "another band, or in none in place of one, or in one in place of none" if none else "another band"
        yield f"{_people(other)} with a {result} in both {'is' if other == 1 else 'are'} in {band}."
    if summary.within_noise is not None and document.noise is not None:
        yield (
            f"{_people(summary.within_noise)} moved by less than {points(document.noise)}, "
            "which the rulebook calls no meaningful change."
        )
    if summary.came or summary.lost:
        yield f"{_people(summary.came)} came to a {result}, {_people(summary.lost)} lost theirs."
    if summary.gone:
        yield f"The later run does not name {_people(summary.gone)} with a {result} in the earlier one."
    for run, which in ((document.before, "earlier"), (document.after, "later")):
        if run.removed:
            removed = counted(f"{run.removed:,}", "person was", "people were")
            yield f"{removed} removed from the {which} run since it was made; it does not say who."


def _people(number: int) -> str:
    return counted(f"{number:,}", *_PEOPLE)


def _bands(summary: ChangeSummary) -> Section:
    rows = tuple(
        (each.before_title or "no band", each.after_title or "no band", f"{each.people:,}")
        for each in summary.bands or ()
    )
    blocks: tuple[Block, ...] = (Grid(("from", "to", "people"), rows, figures=True),) if rows else ()
    return Section("Who is in another band", blocks)


def _stages(document: Change, summary: ChangeSummary) -> Section:
    if not summary.stages:
        return Section("", ())
    rows = [
        (_step(each), f"{each.moved:,}", _furthest(each.most_up), _furthest(each.most_down), signed(each.points))
        for each in summary.stages
    ]
    rows.append(("together", f"{summary.up + summary.down:,}", "", "", signed(summary.points)))
    blocks: list[Block] = [
        Grid(("what happened", "people moved", "most up", "most down", "points"), tuple(rows), figures=True)
    ]
    dated = tuple(sentence(stage_words(stage, document)) for stage in document.stages if stage.dated)
    if dated:
        blocks.append(Items(dated))
    late = tuple(
        f"“{_step(each)}”: for {_people(each.late)}, the steps before it are in it, too; after those alone there would "
        "have been no score."
        for each in summary.stages
        if each.late
    )
    if late:
        blocks.append(Items(late))
    unread = tuple(_unread(document))
    if unread:
        blocks.append(Items(unread))
    return Section("Step by step", tuple(blocks))


def _unread(document: Change) -> Iterator[str]:
    """Yield how many rows the rules on the way cannot read; steps that follow each other and cannot read as many are
    told of together."""
    for unread, stages in groupby(document.stages, key=lambda stage: stage.unread):
        if unread:
            first, *others = (f"“{step_name(stage)}”" for stage in stages)
            steps = f"at {first}" if not others else f"at each step from {first} to {others[-1]}"
            rows = counted(f"{unread:,}", "row", "rows")
            counting = "counts" if unread == 1 else "count"
            yield f"{rows} of the later run cannot be read by the rules {steps} and {counting} for nothing there."


def _furthest(moved: str | None) -> str:
    return "-" if moved is None else signed(moved)


def _step(total: StageTotal | PlaceTotal) -> str:
    return total.step if total.edit is None else f"edit of {total.edit}"


def _places(summary: ChangeSummary) -> Section:
    if not summary.places:
        return Section("", ())
    rows = tuple(
        (_step(each), place_words(each.place, each.kind, each.title), f"{each.moved:,}", signed(each.points))
        for each in summary.places
    )
    blocks: list[Block] = [Grid(("what happened", "where", "people moved", "points"), rows, figures=True)]
    if any(each.kind == "division" for each in summary.places):
        blocks.append(Paragraph(division_sentence()))
    return Section("Step by step and rule by rule", tuple(blocks))


def _edits(document: Change) -> Section:
    totals = {} if document.summary is None else {each.stage: each for each in document.summary.stages}
    entries: list[Block] = []
    several = sum(stage.edit is not None for stage in document.stages) > 1
    for stage in document.stages:
        if stage.edit is None:
            continue
        said = [*edit_sentences(stage.edit)]
        total = totals.get(stage.stage)
        if stage.edit.not_alone is not None:
            said.append("It cannot be made alone.")
        elif several and total is not None and total.alone_points is not None:
            moved = _people(total.alone_moved or 0)
            said.append(f"Alone it would move {moved}, by {signed(total.alone_points)} points together.")
        entries.append(Entry(edit_heading(stage.edit), tuple(said)))
    if several:
        entries.append(Paragraph("What each edit does alone does not sum: together they can do more, or less."))
    return Section("How the rules changed", tuple(entries))
