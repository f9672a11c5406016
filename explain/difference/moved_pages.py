"""Takes who is moved by a change of a rulebook; gives the parts of a page that say so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tallystick.explain.difference.moved_document import (
    Beyond,
    ByRequirement,
    EffectOnPeople,
    FarMoved,
    MovedEdit,
    MovedLine,
    MovedPeople,
    MovedPerson,
    Spread,
    Where,
)
from tallystick.explain.difference.words import declaration
from tallystick.explain.figures import signed
from tallystick.explain.harmless import visible
from tallystick.explain.page import Bar as PeopleBar
from tallystick.explain.page import Block, Chart, Entry, Grid, Items, Marked, Paragraph, Section
from tallystick.explain.place_titles import ADJUSTMENTS
from tallystick.explain.plain import capital, counted

MOST_NAMED = 10
"""So many people beyond a limit are named on a page; the document has all."""


def moved_summary(moved: MovedPeople) -> Iterator[Block]:
    """Say in a few sentences who is moved."""
    if moved.by is not None:
        yield Paragraph(Marked(f"These are the scores of which `{moved.by.field}` is `{moved.by.value}` alone."))
    yield Paragraph(Marked(" ".join(_summary(moved))))
    if moved.beyond is not None:
        yield Paragraph(Marked(_beyond(moved.beyond)))
    notes = tuple(_notes(moved))
    if notes:
        yield Items(notes)


def moved_sections(moved: MovedPeople) -> Iterator[Section]:
    """Give the sections about who is moved; one that would be empty is left out."""
    if moved.spread.bars:
        yield Section("How far people are moved", (_chart(moved.spread),))
    if moved.edits:
        yield Section("What each edit did", tuple(_edits(moved)))
    if moved.bands:
        yield Section("Who is in another band", (_bands(moved),))
    if moved.lost:
        yield Section("Who has no score any more", (_requirements(moved.lost),))
    if moved.came:
        yield Section("Who has a score now", (_requirements(moved.came),))
    if moved.beyond is not None and moved.beyond.people:
        yield Section("Who is moved by more than was allowed", (_people(moved.beyond),))
    if moved.withheld:
        yield Section("What is not shown", (Items(moved.withheld),))
    far = (*moved.furthest_up, *moved.furthest_down)
    if far:
        blocks = (*_of_a_mean(moved), *(_far(each, moved.edits) for each in far))
        yield Section("Who is moved furthest", blocks, folded=True)
    if len(moved.edits) > 1:
        yield Section("Each edit by itself", tuple(_alone(moved)), folded=True)
    if moved.both > 1:
        yield Section("The order of people", (Paragraph(_order(moved)),), folded=True)


def beyond_sentence(beyond: Beyond) -> str:
    """Say who is moved by more than a limit, and by how much."""
    shown = "; ".join(_one_beyond(each) for each in beyond.people[:MOST_NAMED])
    more = len(beyond.people) - MOST_NAMED
    return f"{_beyond(beyond)} {shown}{f'; and {more:,} more' if more > 0 else ''}."


# ---- the summary -------------------------------------------------------------------------------------------------


def _summary(moved: MovedPeople) -> Iterator[str]:
    scored = counted(f"{moved.both:,}", "person", "people")
    yield f"As of {moved.as_of}, {scored} {'has' if moved.both == 1 else 'have'} a score by both versions."
    changed = moved.up + moved.down
    if changed == 0:
        yield "Nobody's score is another."
    else:
        yield f"{_people_words(changed)} moved: {moved.up:,} up and {moved.down:,} down."
        yield from _furthest(moved)
    if moved.within_noise > 0 and moved.noise is not None:
        yield f"{_people_words(moved.within_noise)} moved by less than {_points(moved.noise)}, which means no change."
    lost, came = (sum(each.people for each in some) for some in (moved.lost, moved.came))
    if lost > 0:
        yield f"{counted(f'{lost:,}', 'person has', 'people have')} no score any more."
    if came > 0:
        yield f"{counted(f'{came:,}', 'person has', 'people have')} a score now, and had none."
    bands = sum(each.people for each in moved.bands)
    if bands > 0:
        yield f"{_people_words(bands)} in another band."


def _furthest(moved: MovedPeople) -> Iterator[str]:
    ends = [
        f"{_moved_by(each[0])} ({_name(each[0].subject)})" for each in (moved.furthest_up, moved.furthest_down) if each
    ]
    if ends:
        yield f"{'The furthest is' if len(ends) == 1 else 'The furthest are'} {' and '.join(ends)}."


def _notes(moved: MovedPeople) -> Iterator[str]:
    effective = moved.after.effective
    if effective is not None and moved.as_of < effective:
        yield f"The new version takes effect on {effective}; this is what it would have given on {moved.as_of}."
    old = moved.before.effective
    if old is not None and moved.as_of < old:
        yield f"The old version takes effect on {old}; this is what it would have given on {moved.as_of}."
    for whose, before, after in (
        ("of records", moved.before.rejected, moved.after.rejected),
        ("about people", moved.before.subject_rejected, moved.after.subject_rejected),
    ):
        unread = counted(f"{after:,}", f"row {whose}", f"rows {whose}")
        if before != after:
            yield f"The new version cannot read {unread}; the old one, {before:,}."
        elif before > 0:
            yield f"Left out: {unread}, which neither version can read."


def _beyond(beyond: Beyond) -> str:
    limit = _points(beyond.limit)
    if not beyond.people:
        return f"Nobody is moved by more than {limit}, and nobody lost a score."
    lost = sum(each.points is None for each in beyond.people)
    moved = len(beyond.people) - lost
    parts = [
        *([f"{_people_words(moved)} moved by more than {limit}"] if moved else []),
        *([f"{counted(f'{lost:,}', 'person has', 'people have')} no score any more"] if lost else []),
    ]
    return f"{', and '.join(parts)}. That was not allowed."


def _one_beyond(person: MovedPerson) -> str:
    if person.points is None:
        return f"{_name(person.subject)} has no score any more, and had {person.before.score}"
    return f"{_name(person.subject)} {signed(person.points)}"


# ---- sections ----------------------------------------------------------------------------------------------------


def _chart(spread: Spread) -> Block:
    """Draw how many are moved how far, who is not moved between those who are moved down and up."""
    down = [each for each in spread.bars if each.least.startswith("-")]
    up = [each for each in spread.bars if not each.least.startswith("-")]
    return Chart(
        "points",
        "people",
        (
            *(_bar(f"{signed(each.least)} to {signed(each.most)}", each.people) for each in down),
            _bar("not moved", spread.unmoved),
            *(_bar(f"{signed(each.least)} to {signed(each.most)}", each.people) for each in up),
        ),
    )


def _bar(words: str, people: int) -> PeopleBar:
    return PeopleBar(words, f"{people:,}", Decimal(people))


def _edits(moved: MovedPeople) -> Iterator[Block]:
    rows = [(Marked(_edit(each)), each.effect) for each in moved.edits]
    yield _effects(rows, ("all together", signed(moved.total), f"{moved.up + moved.down:,}", ""))
    yield Paragraph(
        "Each edit is made after those above it, so what they did to people with a score by both versions sums to the"
        " whole."
    )


def _alone(moved: MovedPeople) -> Iterator[Block]:
    yield Paragraph("What each edit does to the old version when nothing else is edited. These do not sum.")
    rows = [(Marked(_edit(each)), each.alone) for each in moved.edits if each.alone is not None]
    if rows:
        yield _effects(rows)
    apart = [each for each in moved.edits if each.alone is None]
    if apart:
        yield Items(tuple(Marked(f"{capital(_edit(each))} cannot be by itself{_reason(each)}.") for each in apart))


def _effects(rows: list[tuple[Marked, EffectOnPeople]], total: tuple[str, ...] | None = None) -> Block:
    """Draw what edits did; scores lost and gained and other bands only where there are any."""
    outcomes = any(effect.lost or effect.came or effect.bands for _, effect in rows)
    heading = ("edit", "points", "people", "furthest", *(("besides",) if outcomes else ()))
    drawn = [(words, *_effect(effect), *((_outcomes(effect),) if outcomes else ())) for words, effect in rows]
    last = [] if total is None else [(*total, *(("",) if outcomes else ()))]
    return Grid(heading, (*drawn, *last))


def _effect(effect: EffectOnPeople) -> tuple[str, ...]:
    ends = (effect.furthest_up, effect.furthest_down)
    furthest = ", ".join(f"{signed(each.points)} ({_name(each.subject)})" for each in ends if each is not None)
    return (signed(effect.total), f"{effect.people:,}", Marked(furthest))


def _outcomes(effect: EffectOnPeople) -> str:
    counts = (
        (f"{effect.lost:,} lost a score", effect.lost),
        (f"{effect.came:,} came to one", effect.came),
        (f"{effect.bands:,} in another band", effect.bands),
    )
    return ", ".join(words for words, people in counts if people > 0)


def _edit(edit: MovedEdit) -> str:
    names = [declaration(each.kind, each.name) for each in (edit, *edit.together)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _reason(edit: MovedEdit) -> str:
    return "" if edit.not_alone is None else f": {edit.not_alone.replace('`', chr(39))}"


def _bands(moved: MovedPeople) -> Block:
    return Grid(
        ("from", "to", "people"),
        tuple((_band(each.before), _band(each.after), f"{each.people:,}") for each in moved.bands),
        figures=True,
    )


def _band(name: str | None) -> str:
    return "no band" if name is None else name


def _requirements(some: tuple[ByRequirement, ...]) -> Block:
    return Grid(
        ("requirement", "", "people"),
        tuple((*_requirement(each), f"{each.people:,}") for each in some),
        figures=True,
    )


def _requirement(each: ByRequirement) -> tuple[str, str]:
    if each.requirement is None:
        return ("-", "not among those it scores")
    if each.title is None:
        return (each.requirement, f"{each.outcome}: no rule applied")
    return (each.requirement, f"{each.outcome}: {each.title}")


def _people(beyond: Beyond) -> Block:
    named = tuple(
        (
            Marked(_name(each.subject)),
            _where(each.before),
            _where(each.after),
            _moved_by(each),
        )
        for each in beyond.people[:MOST_NAMED]
    )
    more = len(beyond.people) - MOST_NAMED
    rest = ((f"and {more:,} more", "", "", ""),) if more > 0 else ()
    return Grid(("", "before", "after", "points"), (*named, *rest), figures=True)


def _moved_by(person: MovedPerson) -> str:
    return "-" if person.points is None else signed(person.points)


def _where(where: Where) -> str:
    return where.score if where.score is not None else where.outcome or "not known"


def _of_a_mean(moved: MovedPeople) -> Iterator[Block]:
    """Say what points of a rule are where the score is a mean: an explanation has them before they are divided."""
    if moved.before.out_of is not None or moved.after.out_of is not None:
        yield Paragraph(
            "Where the score is a mean by weight, a rule's points are told as what they make of the score: times what "
            "it is out of, over the weights that apply to the person."
        )


def _far(person: FarMoved, edits: tuple[MovedEdit, ...]) -> Block:
    heading = f"{_name(person.subject)}: {person.after.score} instead of {person.before.score} ({_moved_by(person)})"
    by_edit = [f"{_edit(edits[each.edit])} {signed(each.points)}" for each in person.edits]
    by_line = [_line(each) for each in person.lines]
    return Entry(
        Marked(heading), (Marked(f"By edit: {', '.join(by_edit)}."), Marked(f"By line: {', '.join(by_line)}."))
    )


def _line(line: MovedLine) -> str:
    if line.kind == "rule":
        before, after = ("nothing" if each is None else each for each in (line.before, line.after))
        return f"rule `{line.name}` {signed(line.points)} ({before} to {after})"
    of = f"facet `{line.name}`" if line.name else "the score"
    return f"{ADJUSTMENTS[line.kind]} of {of} {signed(line.points)}"


def _order(moved: MovedPeople) -> str:
    ranks = moved.ranks
    ties = ranks.tied_before + ranks.tied_after + ranks.tied_both
    words = (
        f"Pairs of people with a score by both versions: {ranks.concordant:,} in the same order as before, "
        f"{ranks.discordant:,} in the opposite one, {ties:,} level by one version or by both."
    )
    tau = "" if ranks.tau_b is None else f" Kendall's tau-b is {ranks.tau_b}: 1 is the same order, -1 the reverse."
    return f"{words}{tau}"


# ---- small words -------------------------------------------------------------------------------------------------


def _people_words(people: int) -> str:
    return counted(f"{people:,}", "person is", "people are")


def _points(points: str) -> str:
    return counted(points, "point", "points")


def _name(subject: str) -> str:
    """Write somebody's name as code, which no forge takes for a mention of somebody."""
    return f"`{visible(subject).replace('`', chr(39))}`"
