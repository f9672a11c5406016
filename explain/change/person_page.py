"""Takes the account of one person's difference; gives the page that says it, by step, every line with its rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tallystick.explain.change.document import (
    Change,
    ChangePart,
    ChangeStage,
    ComparedResult,
    ComparedRun,
    PersonChange,
    StepName,
)
from tallystick.explain.change.turns import turns_section
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
from tallystick.explain.figures import is_zero, signed
from tallystick.explain.harmless import visible
from tallystick.explain.page import Amount, Block, Column, Entry, Items, Page, Paragraph, Section
from tallystick.explain.plain import points, quoted, sentence
from tallystick.explain.tongue import Phrase, day, listed, number, phrase, say, say_as
from tallystick.explain.words.bands import needs_moved, so_many

_STEPS: dict[StepName, Phrase] = {
    "time passed": phrase("{points} because time passed"),
    "dated values": phrase("{points} from values with a date in the rules"),
    "corrections": phrase("{points} from what was corrected or has changed"),
    "own records": phrase("{points} from new records of what you did yourself"),
    "other records": phrase("{points} from new records in which others take part"),
    "edit": phrase("{points} from edits of the rules"),
    "everything": phrase("{points} from everything at once"),
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
                turns_section(document, person),
                _edits(document, person),
            )
            if section.blocks
        ),
    )


# ---- the result --------------------------------------------------------------------------------------------------


def _title(document: Change, person: PersonChange) -> str:
    return say(
        "{score} of {person}: {before}, then {after}",
        score=document.title,
        person=visible(person.subject),
        before=_short(person.result_before, alone=document.band_alone),
        after=_short(person.result_after, alone=document.band_alone),
    )


def _short(result: ComparedResult | None, *, alone: bool) -> str:
    if result is None:
        return say("not in the run")
    if alone and result.score is not None:
        return result.band_title or say("no band")
    return _outcome(result) if result.score is None else number(result.score)


def _outcome(result: ComparedResult) -> str:
    return say("insufficient data") if result.outcome == "insufficient data" else say("no score")


def _head(document: Change, person: PersonChange) -> Iterator[Block]:
    if person.points is not None:
        if not document.band_alone:
            yield Paragraph(" ".join(_moved(document, person, person.points)))
        band = _band(person, alone=document.band_alone)
        if band is not None:
            yield Paragraph(band)
        yield from _needs(person)
    else:
        yield Paragraph(_had_earlier(document, person.result_before) + _removed(document.before, person.result_before))
        yield Paragraph(_had_later(document, person.result_after) + _removed(document.after, person.result_after))
    yield Paragraph(versions(document))
    if document.net_because is not None:
        yield Paragraph(net_sentence(document.net_because))


def _moved(document: Change, person: PersonChange, moved: str) -> Iterator[str]:
    if is_zero(moved):
        yield _as_before(document, number(person.after or ""))
        if len(person.steps) > 1:
            yield say("What went into it is not: {steps} cancel each other.", steps=_steps(document, person))
        elif person.parts:
            yield say("What went into it is not: the parts below cancel each other.")
        return
    yield _was_and_is(document, number(person.before or ""), number(person.after or ""), _by_how_much(moved))
    yield from _comes_from(document, person)
    if person.meaningful is False:
        yield say(
            "A change of less than {points} is no meaningful change: the rulebook says so.",
            points=points(document.noise or ""),
        )


def _was_and_is(document: Change, before: str, after: str, change: str) -> str:
    """Say what the score was and what it is; by which rules, where both are of one day."""
    if document.before.as_of == document.after.as_of:
        return say(
            "In the earlier run your score was {before}, in the later one it is {after}: {change}.",
            before=before,
            after=after,
            change=change,
        )
    return say(
        "Your score was {before} on {earlier} and is {after} on {later}: {change}.",
        before=before,
        earlier=day(document.before.as_of),
        after=after,
        later=day(document.after.as_of),
        change=change,
    )


def _as_before(document: Change, score: str) -> str:
    """Say that a score is the same."""
    if document.before.as_of == document.after.as_of:
        return say("Your score is {score} in both runs.", score=score)
    return say(
        "Your score was {score} on {earlier} and is the same on {later}.",
        score=score,
        earlier=day(document.before.as_of),
        later=day(document.after.as_of),
    )


def _by_how_much(moved: str) -> str:
    """Say a difference: ``7.3 points less``."""
    if moved.startswith("-"):
        return say("{points} less", points=points(moved[1:]))
    return say("{points} more", points=points(moved))


def _comes_from(document: Change, person: PersonChange) -> Iterator[str]:
    """Say how much each step is of it, where there are several: what the rules did is told apart from the rest."""
    if len(person.steps) > 1:
        yield say("It is made up of {steps}.", steps=_steps(document, person))


def _steps(document: Change, person: PersonChange) -> str:
    """Name what moved how much; stages that can only be told as one are named each."""
    told = []
    as_one = _as_one(document, person)
    for each in person.steps:
        names = [step_name(one) for group in as_one.values() if group[-1].step == each.step for one in group]
        by = number(signed(each.points))
        if names:
            told.append(say("{points} from {stages} together", points=by, stages=_quoted(dict.fromkeys(names))))
        else:
            told.append(say(_STEPS[each.step], points=by))
    return listed(told)


def _as_one(document: Change, person: PersonChange) -> dict[int, list[ChangeStage]]:
    """Return, by the number of its last one, each row of stages between which the person had no score."""
    stages = {stage.stage: stage for stage in document.stages}
    return {
        part.stage: [stages[number] for number in range(part.since + 1, part.stage + 1)]
        for part in person.parts
        if part.since is not None
    }


def _quoted(names: Iterable[str]) -> str:
    return listed([say("“{stage}”", stage=each) for each in names])


def _band(person: PersonChange, *, alone: bool) -> str | None:
    earlier, later = person.result_before, person.result_after
    if earlier is None or later is None:
        return None
    before, after = earlier.band_title, later.band_title
    if earlier.band == later.band:
        if after is None:
            return say("You are in no band, as before.") if alone else None
        return say("You are in the band {band}, as before.", band=quoted(after))
    if before is None:
        return say("You were in no band; now you are in the band {after}.", after=quoted(after))
    if after is None:
        return say("You were in the band {before}; now you are in no band.", before=quoted(before))
    return say(
        "You were in the band {before}; now you are in the band {after}.", before=quoted(before), after=quoted(after)
    )


def _needs(person: PersonChange) -> Iterator[Block]:
    """Say which needs of bands are met now and were not, and which the other way round."""
    earlier, later = person.result_before, person.result_after
    if earlier is None or later is None:
        return
    met, missing = needs_moved(earlier.missing, later.missing)
    if met:
        yield Paragraph(say("Needs that are met now and were not: {needs}.", needs=listed(met)))
    if missing:
        yield Paragraph(say("Needs that are not met any more: {needs}.", needs=listed(missing)))


def _had_earlier(document: Change, result: ComparedResult | None) -> str:
    """Say what there was on the earlier day; of two runs of one day, in the earlier run."""
    if document.before.as_of == document.after.as_of:
        if result is None:
            return say("The earlier run does not name you.")
        if result.score is not None:
            if document.band_alone:
                return say("In the earlier run your result is {band}.", band=_band_of(result))
            return say("In the earlier run your score is {score}.", score=number(result.score))
        return _with_there(say("In the earlier run you have no score: {words}", words=_words_of(result)), result)
    on = day(document.before.as_of)
    if result is None:
        return say("The run of {day} does not name you.", day=on)
    if result.score is not None:
        if document.band_alone:
            return say("On {day} your result was {band}.", day=on, band=_band_of(result))
        return say("On {day} your score was {score}.", day=on, score=number(result.score))
    told = say("On {day} you had no score: {words}", day=on, words=_words_of(result))
    return f"{told} {say('There was: {there}.', there=_there(result))}" if result.there else told


def _had_later(document: Change, result: ComparedResult | None) -> str:
    """Say what there is on the later day; of two runs of one day, in the later run."""
    if document.before.as_of == document.after.as_of:
        if result is None:
            return say("The later run does not name you.")
        if result.score is not None:
            if document.band_alone:
                return say("In the later run your result is {band}.", band=_band_of(result))
            return say("In the later run your score is {score}.", score=number(result.score))
        return _with_there(say("In the later run you have no score: {words}", words=_words_of(result)), result)
    on = day(document.after.as_of)
    if result is None:
        return say("The run of {day} does not name you.", day=on)
    if result.score is not None:
        if document.band_alone:
            return say("On {day} your result is {band}.", day=on, band=_band_of(result))
        return say("On {day} your score is {score}.", day=on, score=number(result.score))
    return _with_there(say("On {day} you have no score: {words}", day=on, words=_words_of(result)), result)


def _band_of(result: ComparedResult) -> str:
    """Return the band of somebody, where that is the result."""
    return say("no band") if result.band_title is None else quoted(result.band_title)


def _removed(run: ComparedRun, result: ComparedResult | None) -> str:
    """Say that somebody was removed from a run that does not name the person: it may be the person."""
    if result is not None or run.removed == 0:
        return ""
    return " " + say(
        "But somebody was removed from this run since it was made, and it does not say who: it may be you."
    )


def _with_there(told: str, result: ComparedResult) -> str:
    """Say besides what there is of what is required."""
    return f"{told} {say('There is: {there}.', there=_there(result))}" if result.there else told


def _there(result: ComparedResult) -> str:
    return listed([so_many(each.singular, each.plural, each.state, each.value, each.about) for each in result.there])


def _words_of(result: ComparedResult) -> str:
    return sentence(result.words or _outcome(result))


# ---- how it adds up ----------------------------------------------------------------------------------------------


def _sum(document: Change, person: PersonChange) -> Section:
    if person.points is None or not person.parts:
        return Section("", ())
    rows: list[Amount] = []
    notes: list[str] = []
    stages = {stage.stage: stage for stage in document.stages}
    as_one = _as_one(document, person)
    for stage, together in ((each.stage, each.points) for each in person.stages):
        rows.append(Amount(_heading(stages[stage], document, as_one.get(stage, ())), None, kind="heading"))
        # The heading of several steps only names them.
        notes += [sentence(stage_words(each, document)) for each in as_one.get(stage, ()) if each.dated]
        for part in (each for each in person.parts if each.stage == stage):
            rows.append(Amount(_part(part), signed(part.points), depth=1))
            if part.since is not None and (note := _merged(part, stages)) not in notes:
                notes.append(note)
        if len(person.stages) > 1:
            rows.append(Amount(say("together"), signed(together), kind="sum", depth=1))
    rows.append(Amount(say("the difference"), signed(person.points), kind="total"))
    if any(part.kind == "division" for part in person.parts):
        notes.append(division_sentence())
    blocks: list[Block] = [Column("", say_as("heading", "points"), tuple(rows))]
    if notes:
        blocks.append(Items(tuple(notes)))
    return Section(say("What brought it about"), tuple(blocks))


def _heading(stage: ChangeStage, document: Change, as_one: Sequence[ChangeStage]) -> str:
    """Head the points that a stage moved with what moved them."""
    if as_one:
        return say("{stages} together", stages=_quoted(map(step_name, as_one)))
    match stage.step:
        case "time passed":
            return say(
                "Because time passed, from {before} to {after}",
                before=day(document.before.as_of),
                after=day(document.after.as_of),
            )
        case "own records":
            return say("New records of what you did yourself")
        case "other records":
            return say("New records in which others take part")
        case _:
            return stage_words(stage, document)


def _part(part: ChangePart) -> str:
    was, now = (number(each) if each else say_as("points", "none") for each in (part.was, part.now))
    return f"{place_words(part.place, part.kind, part.title)}: {was} → {now}"


def _merged(part: ChangePart, stages: dict[int, ChangeStage]) -> str:
    """Say that a stage is told together with those before it, in which the person had no score."""
    passed = [stages[number] for number in range((part.since or 0) + 1, part.stage)]
    return say(
        "After {passed} you would have had no score in between, so that is told together with “{stage}”.",
        passed=_quoted(map(step_name, passed)),
        stage=step_name(stages[part.stage]),
    )


# ---- the edits ---------------------------------------------------------------------------------------------------


def _edits(document: Change, person: PersonChange) -> Section:
    entries: list[Block] = []
    several = sum(stage.edit is not None for stage in document.stages) > 1
    moving = {part.stage for part in person.parts}
    moving |= {each.stage for group in _as_one(document, person).values() for each in group}
    for stage in document.stages:
        if stage.edit is None:
            continue
        said = [*edit_sentences(stage.edit)]
        if person.points is not None:
            if stage.stage not in moving:
                said.append(say("It did not move your score."))
            if several:
                said.append(_alone(stage, person))
        entries.append(Entry(edit_heading(stage.edit), tuple(said)))
    if several and entries and person.points is not None:
        entries.append(Paragraph(say("What each edit does alone does not sum: together they can do more, or less.")))
    return Section(say("How the rules changed"), tuple(entries))


def _alone(stage: ChangeStage, person: PersonChange) -> str:
    if stage.edit is not None and stage.edit.not_alone is not None:
        return say("It cannot be made alone.")
    moved = next((each.points for each in person.alone if each.stage == stage.stage), None)
    if moved is None:
        return say("Alone it would move nothing.")
    return say("Alone it would move your score by {points}.", points=number(signed(moved)))
