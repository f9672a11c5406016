"""Takes the account of one person's difference; gives the page that says it, by step, every line with its rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from tallystick.explain.change_document import (
    AdjustmentKind,
    Change,
    ChangePart,
    ChangeStage,
    ComparedResult,
    OutcomeTurn,
    PersonChange,
    PlaceName,
    RuleEdit,
    StepName,
)
from tallystick.explain.difference_words import ASPECT_WORDS
from tallystick.explain.node_words import listed
from tallystick.explain.page import Amount, Block, Column, Entry, Items, Marked, Page, Paragraph, Section
from tallystick.explain.plain import points, quoted, sentence

ADJUSTMENTS: dict[AdjustmentKind, str] = {
    "division": "division by the weights that apply",
    "cap": "what the upper limit takes",
    "floor": "what the lower limit gives",
    "rounding": "rounding",
}


_STEPS: dict[StepName, str] = {
    "time passed": "time",
    "corrections": "what was corrected or has changed",
    "own records": "what you did",
    "other records": "what others did",
    "edit": "edits of the rules",
    "everything": "everything at once",
}


def person_page(document: Change) -> Page:
    """Return the page about one person."""
    (person,) = document.people
    return Page(
        _title(document, person),
        tuple(
            section
            for section in (
                Section("", tuple(_head(document, person))),
                _sum(document, person),
                _turns(document, person),
                _edits(document, person),
            )
            if section.blocks
        ),
    )


# ---- the result --------------------------------------------------------------------------------------------------


def _title(document: Change, person: PersonChange) -> str:
    if person.points is None:
        return f"What changed for {person.subject}: {_short(person.result_before)}, then {_short(person.result_after)}"
    return f"{document.title} of {person.subject}: {person.before}, then {person.after}"


def _short(result: ComparedResult | None) -> str:
    return "not in the run" if result is None else (result.score if result.score is not None else result.outcome)


def _head(document: Change, person: PersonChange) -> Iterator[Block]:
    if person.points is not None:
        yield Paragraph(" ".join(_moved(document, person, person.points)))
        band = _band(person)
        if band is not None:
            yield Paragraph(band)
    else:
        yield Paragraph(_had("earlier", person.result_before))
        yield Paragraph(_had("later", person.result_after))
    yield Paragraph(versions(document))
    if document.net_because is not None:
        yield Paragraph(net_sentence(document.net_because))


def _moved(document: Change, person: PersonChange, moved: str) -> Iterator[str]:
    if is_zero(moved):
        yield "Your score is the same in both runs."
        if person.parts:
            yield "What went into it is not: the parts below cancel each other."
        yield from _comes_from(person)
        return
    yield f"Your score is {by_how_much(moved)}."
    yield from _comes_from(person)
    if person.meaningful is False:
        yield f"A change of less than {points(document.noise or '')} is no meaningful change: the rulebook says so."


def _comes_from(person: PersonChange) -> Iterator[str]:
    """Say how much each step is of it, where there are several: what the rules did is told apart from the rest."""
    if len(person.steps) > 1:
        yield f"It comes from {listed([f'{_STEPS[each.step]} ({signed(each.points)})' for each in person.steps])}."


def _band(person: PersonChange) -> str | None:
    earlier, later = person.result_before, person.result_after
    if earlier is None or later is None:
        return None
    before, after = earlier.band_title, later.band_title
    if earlier.band == later.band:
        return None if after is None else f"You are in the band {quoted(after)}, as before."
    names = [quoted(title) if title is not None else "no band" for title in (before, after)]
    return f"You were in {_in_band(names[0])}; now you are in {_in_band(names[1])}."


def _in_band(name: str) -> str:
    return name if name == "no band" else f"the band {name}"


def _had(which: str, result: ComparedResult | None) -> str:
    if result is None:
        return f"The data of the {which} run does not name you."
    if result.score is not None:
        return f"In the {which} run your score is {result.score}."
    return f"In the {which} run you have no score: {sentence(result.words or result.outcome)}"


def versions(document: Change) -> str:
    """Say between which days and by which rules."""
    before, after = document.before, document.after
    days = f"Between the end of {before.as_of.isoformat()} and the end of {after.as_of.isoformat()}"
    if before.as_of == after.as_of:
        days = f"Both as of the end of {after.as_of.isoformat()}"
    old, new = (f"{quoted(each.rulebook)}, version {each.version}" for each in (before, after))
    if before.sha256 == after.sha256:
        return f"{days}, by the rules {new}."
    return f"{days}, by the rules {old}, and then by {new}."


def net_sentence(because: str) -> str:
    """Say why only the whole difference is known."""
    return f"Only the whole difference is known, not what brought it about: {sentence(because)}"


# ---- how it adds up ----------------------------------------------------------------------------------------------


def _sum(document: Change, person: PersonChange) -> Section:
    if person.points is None or not person.parts:
        return Section("", ())
    rows: list[Amount] = []
    notes: list[str] = []
    stages = {stage.stage: stage for stage in document.stages}
    for number in dict.fromkeys(part.stage for part in person.parts):
        rows.append(Amount(stage_words(stages[number], document), None, kind="heading"))
        for part in (each for each in person.parts if each.stage == number):
            rows.append(Amount(_part(part), signed(part.points), depth=1))
            if part.since is not None and (note := _merged(part, stages)) not in notes:
                notes.append(note)
    rows.append(Amount("the difference", signed(person.points), kind="total"))
    blocks: list[Block] = [Column("", "points", tuple(rows))]
    if notes:
        blocks.append(Items(tuple(notes)))
    return Section("What brought it about", tuple(blocks))


def stage_words(stage: ChangeStage, document: Change) -> str:
    """Say in a few words what was done at a stage."""
    match stage.step:
        case "time passed":
            return f"Time: {document.before.as_of.isoformat()} became {document.after.as_of.isoformat()}"
        case "corrections":
            return "What was known before was corrected or has changed"
        case "own records":
            return "Records arrived of what you did yourself"
        case "other records":
            return "Records arrived of what others did"
        case "edit":
            return "The rules were edited" if stage.edit is None else _edited(stage.edit)
        case "everything":
            return "Everything at once"
        case _:
            assert_never(stage.step)


def _edited(edit: RuleEdit) -> str:
    """Say what was edited: ``The rules were edited (the scale): rule amplification``."""
    concerned = listed([ASPECT_WORDS[each][0].lower() + ASPECT_WORDS[each][1:] for each in edit.aspects])
    return f"The rules were edited{f' ({concerned})' if concerned else ''}: {edit.name}"


def _part(part: ChangePart) -> str:
    was, now = part.was or "none", part.now or "none"
    return f"{place_words(part.place, part.kind, part.title)}: {was} → {now}"


def place_words(place: PlaceName, kind: AdjustmentKind | None, title: str) -> str:
    """Name where points moved."""
    if kind is None:
        return title
    return f"{ADJUSTMENTS[kind]} ({title})" if place == "facet" else ADJUSTMENTS[kind]


def _merged(part: ChangePart, stages: dict[int, ChangeStage]) -> str:
    """Say that a stage is told together with those before it, in which the person had no score."""
    passed = [stages[number] for number in range((part.since or 0) + 1, part.stage)]
    named = " and ".join(f"“{step_name(each)}”" for each in passed)
    together = f"that is told together with “{step_name(stages[part.stage])}”"
    return f"After {named} you would have had no score in between, so {together}."


def step_name(stage: ChangeStage) -> str:
    """Name a stage: its step, or what was edited."""
    return stage.step if stage.edit is None else f"edit of {stage.edit.name}"


def signed(number: str) -> str:
    """Write a difference with its sign."""
    return number if number.startswith("-") or is_zero(number) else f"+{number}"


def is_zero(number: str) -> bool:
    """Say whether a decimal is nothing."""
    return number.strip("-0.") == ""


def by_how_much(moved: str) -> str:
    """Say a difference: ``7.3 points less``."""
    return f"{points(moved.removeprefix('-'))} {'less' if moved.startswith('-') else 'more'}"


# ---- a score that came or went -----------------------------------------------------------------------------------


def _turns(document: Change, person: PersonChange) -> Section:
    if not person.turns:
        return Section("", ())
    stages = {stage.stage: stage for stage in document.stages}
    said = tuple(f"{stage_words(stages[turn.stage], document)}. {_turn(turn)}" for turn in person.turns)
    why = Paragraph(
        "Without a score on one side there is no difference in points. This is what came or went, and when:"
    )
    return Section("What brought it about", (why, Items(said)))


def _turn(turn: OutcomeTurn) -> str:
    match turn.outcome:
        case None:
            return "From then on the data does not name you."
        case "scored":
            return "From then on you have a score: every requirement is met."
        case "no score" | "insufficient data":
            title = "" if turn.requirement_title is None else f" (required: {turn.requirement_title})"
            return f"From then on you have no score{title}: {sentence(turn.words or turn.outcome)}"
        case _:
            assert_never(turn.outcome)


# ---- the edits ---------------------------------------------------------------------------------------------------


def _edits(document: Change, person: PersonChange) -> Section:
    entries: list[Block] = []
    several = sum(stage.edit is not None for stage in document.stages) > 1
    for stage in document.stages:
        if stage.edit is None:
            continue
        said = [*edit_sentences(stage.edit)]
        if person.points is not None:
            if not any(part.stage == stage.stage for part in person.parts):
                said.append("It did not move your score.")
            if several:
                said.append(_alone(stage, person))
        entries.append(Entry(edit_heading(stage.edit), tuple(said)))
    if several and entries and person.points is not None:
        entries.append(Paragraph("What each edit does alone does not sum: together they can do more, or less."))
    return Section("How the rules changed", tuple(entries))


def edit_heading(edit: RuleEdit) -> str:
    """Name an edit with the title that people read elsewhere."""
    return edit.name if edit.title is None else f"{edit.name}: {edit.title}"


def edit_sentences(edit: RuleEdit) -> Iterator[str]:
    """Say what an edit changed, and what had to come with it."""
    yield from (Marked(each) if each.count("`") % 2 == 0 else each for each in edit.sentences)
    if edit.together:
        names = ", ".join(f"`{each.kind} {each.name}`".replace(" `", "`") for each in edit.together)
        yield Marked(f"Edited together with it, since the rules do not hold in between: {names}.")


def _alone(stage: ChangeStage, person: PersonChange) -> str:
    if stage.edit is not None and stage.edit.not_alone is not None:
        return "It cannot be made alone."
    moved = next((each.points for each in person.alone if each.stage == stage.stage), None)
    return "Alone it would move nothing." if moved is None else f"Alone it would move your score by {signed(moved)}."
