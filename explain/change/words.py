"""Takes a stage, a place or an edit of the account of a difference; gives the words for it, which its pages share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from tallystick.engine.change.rows import NetBecause
from tallystick.explain.change.document import (
    Change,
    ChangedDeclaration,
    ChangeStage,
    PlaceName,
    RuleEdit,
    StepName,
)
from tallystick.explain.page import Marked
from tallystick.explain.part import AdjustmentKind
from tallystick.explain.plain import quoted, sentence
from tallystick.explain.tongue import Phrase, day, listed, number, phrase, say
from tallystick.explain.words.dated import figure_of
from tallystick.rules.diff.aspects import Aspect

_ADJUSTMENTS: dict[AdjustmentKind, Phrase] = {
    "division": phrase("division by the weights that apply"),
    "cap": phrase("what the upper limit takes"),
    "floor": phrase("what the lower limit gives"),
    "rounding": phrase("rounding"),
}
_NAMES: dict[StepName, Phrase] = {
    "time passed": phrase("time passed"),
    "dated values": phrase("values with a date"),
    "corrections": phrase("corrections"),
    "own records": phrase("own records"),
    "other records": phrase("other records"),
    "edit": phrase("edit"),
    "everything": phrase("everything"),
}
_CONCERNED: dict[Aspect, Phrase] = {
    "criteria": phrase("what counts"),
    "weights": phrase("how much it counts"),
    "scale": phrase("the scale"),
}


def versions(document: Change) -> str:
    """Say between which days and by which rules."""
    before, after = document.before, document.after
    if before.as_of == after.as_of:
        days = say("Both as of the end of {day}", day=day(after.as_of))
    else:
        days = say(
            "Between the end of {before} and the end of {after}", before=day(before.as_of), after=day(after.as_of)
        )
    old, new = (
        say("{rulebook}, version {version}", rulebook=quoted(each.rulebook), version=each.version)
        for each in (before, after)
    )
    if before.sha256 == after.sha256:
        return say("{days}, by the rules {rules}.", days=days, rules=new)
    if old == new:
        return say("{days}, by the rules {rules}, and then by others of that name and version.", days=days, rules=old)
    return say("{days}, by the rules {before}, and then by {after}.", days=days, before=old, after=new)


def because_words(because: NetBecause) -> str:
    """Say in a few words why only the net is known."""
    match because.why:
        case "not kept" if because.which == "earlier":
            return say("the earlier run has not kept its records")
        case "not kept":
            return say("the later run has not kept its records")
        case "other type":
            return say(
                "{field} is of another type now, which the earlier rules cannot read", field=quoted(because.field)
            )
        case "lacking":
            return say(
                "the earlier rules need {field}, which the later run lacks in {rows} of its rows",
                field=quoted(because.field),
                rows=number(str(because.lack)),
            )
        case _:
            assert_never(because.why)


def net_sentence(because: str) -> str:
    """Say why only the whole difference is known."""
    return say("Only the whole difference is known, not what brought it about: {why}", why=sentence(because))


def stage_words(stage: ChangeStage, document: Change) -> str:
    """Say in a few words what was done at a stage."""
    match stage.step:
        case "time passed":
            return say(
                "Time: {before} became {after}", before=day(document.before.as_of), after=day(document.after.as_of)
            )
        case "dated values":
            return _dated_words(stage)
        case "corrections":
            return say("What was known before was corrected or has changed")
        case "own records":
            return say("Records arrived of what you did yourself")
        case "other records":
            return say("Records arrived in which others take part")
        case "edit":
            return say("The rules were edited") if stage.edit is None else _edited(stage.edit)
        case "everything":
            return say("Everything at once")
        case _:
            assert_never(stage.step)


def _dated_words(stage: ChangeStage) -> str:
    """Say which parameters have another value, and since when; where the later day was the first run's, from when."""
    moved = []
    for each in stage.dated:
        after, before = figure_of(each.after, each.unit), figure_of(each.before, each.unit)
        if each.since <= stage.as_of:
            words = say(
                "{what}: {after} since {day}, before {before}",
                what=each.title,
                after=after,
                day=day(each.since),
                before=before,
            )
        else:
            words = say(
                "{what}: {after}, and {before} only from {day} on",
                what=each.title,
                after=after,
                day=day(each.since),
                before=before,
            )
        moved.append(words)
    return say("The rules, as they said before, have other values: {values}", values="; ".join(moved))


def _edited(edit: RuleEdit) -> str:
    """Say what was edited: ``The rules were edited (the scale): rule amplification``."""
    if not edit.aspects:
        return say("The rules were edited: {what}", what=declared(edit.declaration))
    concerned = listed([say(_CONCERNED[each]) for each in edit.aspects])
    return say("The rules were edited ({aspects}): {what}", aspects=concerned, what=declared(edit.declaration))


def step_name(stage: ChangeStage) -> str:
    """Name a stage: its step, or what was edited."""
    return (
        say(_NAMES[stage.step]) if stage.edit is None else say("edit of {what}", what=declared(stage.edit.declaration))
    )


def place_words(place: PlaceName, kind: AdjustmentKind | None, title: str) -> str:
    """Name where points moved."""
    if kind is None:
        return title
    return f"{say(_ADJUSTMENTS[kind])} ({title})" if place == "facet" else say(_ADJUSTMENTS[kind])


def division_sentence() -> str:
    """Say of a mean why a part of what a rule moved stands beside the division."""
    return say(
        "The points of a rule stand here as in an explanation: before they are divided by the weights that apply. So a "
        "part of what a rule moved stands beside the division."
    )


def edit_heading(edit: RuleEdit) -> str:
    """Name an edit with the title that people read elsewhere."""
    named = declared(edit.declaration)
    return named if edit.title is None else say("{what}: {title}", what=named, title=edit.title)


def declared(edited: ChangedDeclaration) -> str:
    """Name what was edited: ``measure sharers``, ``order of excludes``."""
    kind, name = edited.kind, edited.name
    if not name and kind in _ORDERS:
        return say(_ORDERS[kind])
    return say(_DECLARED[kind], name=name)


_ORDERS: dict[str, Phrase] = {
    "exclude": phrase("order of excludes"),
    "discount": phrase("order of discounts"),
    "require": phrase("order of requires"),
    "field": phrase("order of fields"),
    "rule": phrase("order of rules"),
}
_DECLARED: dict[str, Phrase] = {
    "rulebook": phrase("rulebook"),
    "records": phrase("records"),
    "subjects": phrase("subjects"),
    "field": phrase("field {name}"),
    "attribute": phrase("attribute {name}"),
    "parameter": phrase("parameter {name}"),
    "require": phrase("require {name}"),
    "exclude": phrase("exclude {name}"),
    "discount": phrase("discount {name}"),
    "measure": phrase("measure {name}"),
    "facet": phrase("facet {name}"),
    "rule": phrase("rule {name}"),
    "score": phrase("score"),
    "band": phrase("band {name}"),
    "promise": phrase("promise {name}"),
    "example": phrase("example {name}"),
}


def edit_sentences(edit: RuleEdit) -> Iterator[str]:
    """Say what an edit changed, and what had to come with it."""
    yield from (Marked(each) if each.count("`") % 2 == 0 else each for each in edit.sentences)
    if edit.together:
        names = ", ".join(f"`{each.kind} {each.name}`".replace(" `", "`") for each in edit.together)
        yield Marked(say("Edited together with it, since the rules do not hold in between: {names}.", names=names))
