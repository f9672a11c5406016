"""Takes the document of several definitions over the same people; gives it as a page."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tallystick.explain.comparison.document import ComparedDefinitions, LineUnder, Person, Result, Under
from tallystick.explain.harmless import visible
from tallystick.explain.page import Amount, Block, Column, Entry, Grid, Items, Page, Paragraph, Section
from tallystick.explain.plain import counted, quoted

_MOST_ROWS = 40
"""A table of more people is left to the document."""


def comparison_page(found: ComparedDefinitions) -> Page:
    """Make the page."""
    sections = [
        Section("", tuple(_summary(found))),
        Section("How far they agree", tuple(_agreements(found))),
        *([] if found.person is None else [_closely(found.person, found)]),
        Section("On whom they disagree most", tuple(_most_apart(found))),
        Section("Everybody", tuple(_everybody(found))),
        Section("Not shown", tuple(map(Paragraph, found.withheld))),
    ]
    title = "The same records by several definitions"
    return Page(title, tuple(each for each in sections if each.blocks))


def _summary(found: ComparedDefinitions) -> Iterator[Block]:
    yield Paragraph(
        f"As of {found.as_of.isoformat()}, {counted(f'{found.scored_by_all:,}', 'person has', 'people have')} a score "
        "by every definition. Points of one are no points of another: only places and reasons are compared."
    )
    yield Grid(
        ("definition", "version", "score", "from", "to", "known", "scored"),
        tuple(
            (
                name,
                each.version,
                each.score,
                each.low or "-",
                each.high or "-",
                f"{each.people:,}",
                f"{each.scored:,}",
            )
            for name, each in zip(_names(found), found.definitions, strict=True)
        ),
    )


def _names(found: ComparedDefinitions) -> tuple[str, ...]:
    """Return what each definition is called on the page: those of one name also by version, and of one version by
    their place."""
    names = [each.rulebook for each in found.definitions]
    full = [
        each.rulebook if names.count(each.rulebook) == 1 else f"{each.rulebook} {each.version}"
        for each in found.definitions
    ]
    return tuple(name if full.count(name) == 1 else f"{name} ({number})" for number, name in enumerate(full, 1))


def _agreements(found: ComparedDefinitions) -> Iterator[Block]:
    names = _names(found)
    rows = tuple(
        (names[each.first], names[each.second], f"{each.both:,}", each.tau_b or "-") for each in found.agreements
    )
    if rows:
        yield Grid(("this", "and this", "people with both", "tau-b"), rows, figures=True)
        yield Paragraph("Kendall's tau-b says how far they put people in one order: 1 is the same, -1 the reverse.")


def _most_apart(found: ComparedDefinitions) -> Iterator[Block]:
    if found.furthest:
        yield Paragraph("“Ahead” and “behind” are measured from the middle one of those whom every definition scores.")
    for each in found.furthest:
        yield _furthest(each, found)


def _furthest(person: Person, found: ComparedDefinitions) -> Block:
    heading = f"{visible(person.subject)}: {person.apart} apart, where 1 is from the very first to the very last"
    lines = [
        _sentence(under, name, found.scored_by_all)
        for under, name in zip(person.under, _names(found), strict=True)
        if under is not None
    ]
    return Entry(heading, tuple(lines))


def _sentence(under: Under, rulebook: str, people: int) -> str:
    place = ""
    if under.below is not None and under.level is not None:
        level = f", level with {under.level:,}" if under.level else ""
        place = f", above {under.below:,} of {people - 1:,}{level}"
    reasons = [
        *([f"ahead by {_listed(under.ahead, '+')}"] if under.ahead else []),
        *([f"behind by {_listed(under.behind, '')}"] if under.behind else []),
    ]
    return f"{quoted(rulebook)}: {'; '.join([_result(under.result) + place, *reasons])}."


def _listed(lines: tuple[LineUnder, ...], sign: str) -> str:
    return " and ".join(f"{quoted(each.title)} ({sign}{each.points})" for each in lines)


def _result(result: Result | None) -> str:
    if result is None:
        return "not known"
    if result.score is None:
        return result.outcome
    return result.score if result.band is None else f"{result.score} {result.band}"


def _closely(person: Person, found: ComparedDefinitions) -> Section:
    blocks: list[Block] = [Paragraph(f"What each gives {visible(person.subject)}, line by line.")]
    for under, each, name in zip(person.under, found.definitions, _names(found), strict=True):
        if under is None:
            blocks.append(Items((f"{quoted(name)} does not know {visible(person.subject)}.",)))
        elif under.result.score is None:
            blocks.append(Items((f"{quoted(name)}: {under.result.outcome}.",)))
        else:
            rows = [
                Amount(line.title, line.points if line.points is not None else "does not apply")
                for line in under.lines
                if line.points is None or Decimal(line.points) != 0
            ]
            total = Amount(_band(under.result), under.result.score, kind="total")
            blocks.append(Column(name, each.score, (*rows, total)))
    return Section("One person by each definition", tuple(blocks))


def _band(result: Result) -> str:
    return "score" if result.band is None else f"score: {result.band}"


def _everybody(found: ComparedDefinitions) -> Iterator[Block]:
    if not found.people:
        return
    names = _names(found)
    rows = [(visible(each.subject), *map(_result, each.results)) for each in found.people[:_MOST_ROWS]]
    yield Grid(("who", *names), tuple(rows), figures=False)
    if len(found.people) > _MOST_ROWS:
        more = len(found.people) - _MOST_ROWS
        yield Paragraph(f"{more:,} more people stand in the document: `--format json`.")
