"""Takes what could change a score; gives the section that says it: what was tried, and what came of it."""

from __future__ import annotations

from itertools import groupby
from typing import assert_never

from tallystick.explain.could_change_document import (
    CouldChange,
    EnoughActions,
    Goal,
    ImaginedAction,
    Lowering,
    NoActionRaises,
    NoActionScores,
    NothingDone,
    TooFewActions,
)
from tallystick.explain.document import Explanation
from tallystick.explain.node_words import listed
from tallystick.explain.page import Block, Entry, Paragraph, Section
from tallystick.explain.plain import counted, days_in_words, points, quoted, readable, sentence

_SCORE = "A score"
_NOTHING = "If nothing is done"


def could_change_section(document: Explanation) -> Section:
    """Return the section; it has no blocks unless it was asked for."""
    blocks: list[Block] = []
    if document.could_change:
        blocks.append(
            Paragraph(
                f"This is here because it was asked for. Everything in it was tried: records{_days(document)} were "
                "imagined, and the score was worked out from them and the real ones by the same rules. It takes for "
                "granted that nothing else happens, and that the rules stay as they are."
            )
        )
    for heading, parts in groupby(document.could_change, _heading):
        blocks.append(Entry(f"{heading}:", tuple(_told(each) for each in parts)))
    return Section("What could change it", tuple(blocks))


def _days(document: Explanation) -> str:
    """Return the day of the actions, which is the same for all."""
    acted = (each.action.on for each in document.could_change if isinstance(each, EnoughActions | TooFewActions))
    return next((f" of {day.isoformat()}" for day in acted), "")


def _heading(part: CouldChange) -> str:
    match part:
        case EnoughActions(title=title):
            return _SCORE if title is None else title
        case TooFewActions(title=title) | NoActionRaises(title=title):
            return title
        case NoActionScores():
            return _SCORE
        case NothingDone():
            return _NOTHING
        case _:
            assert_never(part)


def _told(part: CouldChange) -> str:
    match part:
        case EnoughActions():
            return _enough(part)
        case TooFewActions():
            return _too_few(part)
        case NoActionRaises():
            return " ".join((_still(part), _time(part), *_lowering(part)))
        case NoActionScores():
            words = "" if part.words is None else f" {sentence(part.words)}"
            return f"No action tried brings one, not even {part.actions} of a sort.{words}"
        case NothingDone():
            return _nothing(part)
        case _:
            assert_never(part)


# ---- actions -----------------------------------------------------------------------------------------------------


def _enough(part: EnoughActions) -> str:
    told = [f"{_goal(part.goal)}{_actions(part.actions, part.action)} would make the score {_results(part)}."]
    told += _assumed(part.action)
    bring = "a score" if part.goal.at_least is None else f"{part.goal.at_least} or more"
    if part.goal.form == "this line":
        bring = "this line more points"
    if part.still_on == part.tried_until:
        told.append(f"Done on {part.still_on}, that would still bring {bring}; later days were not tried.")
    elif part.still_on != part.action.on:
        told.append(f"Done on {part.still_on}, that would still bring {bring}, and a day later not any more.")
    else:
        told.append(f"Done a day later, that would not bring {bring} any more.")
    return " ".join(told)


def _results(part: EnoughActions) -> str:
    fewer = "there is none" if part.one_fewer is None else f"it is {part.one_fewer}"
    line = ""
    if part.points_now is not None and part.points_then is not None:
        line = f" (this line: {part.points_then} in place of {part.points_now})"
    if part.actions > 1:
        return f"{part.score}{line}; with one fewer {fewer}"
    return f"{part.score}{'' if part.one_fewer is None else f' in place of {part.one_fewer}'}{line}"


def _too_few(part: TooFewActions) -> str:
    score = "there would be no score" if part.score is None else f"the score would be {part.score}"
    told = [f"{_goal(part.goal)}not even {_actions(part.actions, part.action)} would be enough: {score}."]
    return " ".join((*told, *_assumed(part.action)))


def _goal(goal: Goal) -> str:
    match goal.form:
        case "one step" | "a score":
            return ""
        case "this line":
            return "For this line to rise at all: "
        case "the next band":
            return f"For the band {quoted(goal.band_title)}, from {goal.at_least}: "
        case _:
            assert_never(goal.form)


def _actions(number: int, action: ImaginedAction) -> str:
    """Return so many actions: ``3 more records of the kind "share", each by another person who …``."""
    kind = "" if action.kind is None else f" of the kind {quoted(readable(action.kind))}"
    one = number == 1
    match action.who:
        case "others":
            who = ", by a person who has not acted yet" if one else ", each by another person who has not acted yet"
        case "another":
            who = ", by a person who has acted before" if one else ", all by one person who has acted before"
        case "you":
            who = ", by you"
        case "you to others":
            who = ", by you toward somebody else" if one else ", by you, each toward somebody else"
        case "somebody":
            who = ""
        case _:
            assert_never(action.who)
    return f"{counted(str(number), 'more record', 'more records')}{kind}{who}{',' if who else ''}"


def _assumed(action: ImaginedAction) -> list[str]:
    """Say which values were assumed."""
    told = []
    if action.same:
        told.append(f"Assumed of each record: {_values(action.same)}.")
    if action.attributes is not None:
        told.append(f"Assumed of the people who act: {_values(action.attributes)}.")
    return told


def _values(values: dict[str, str | None]) -> str:
    return listed([f"{readable(name)} is {value or 'missing'}" for name, value in values.items()])


# ---- no actions --------------------------------------------------------------------------------------------------


def _still(part: NoActionRaises) -> str:
    match part.why:
        case "no records":
            return "No action changes it: it looks at nothing that is counted from records."
        case "at its most":
            return f"It is at its most: your next record here adds {part.next_adds}."
        case "only lowered" | "not raised":
            return "No action tried raises it."
        case _:
            assert_never(part.why)


def _lowering(part: NoActionRaises) -> tuple[str, ...]:
    return (_lowered(part.lowered_by[0]),) if part.why == "only lowered" else ()


def _lowered(lowering: Lowering) -> str:
    then = "leave it without points" if lowering.points is None else f"make it {lowering.points}"
    return f"{_actions(1, lowering.action)} would {then}."


def _time(part: NoActionRaises) -> str:
    if part.rises_on is None:
        return f"Nor does time alone, on any day that was tried up to {part.tried_until.isoformat()}."
    return f"Time alone does: with nothing done it is {part.rises_to} on {part.rises_on.isoformat()}."


def _nothing(part: NothingDone) -> str:
    when = f"{part.on.isoformat()}, after {days_in_words(str(part.days))}: "
    if part.score is None:
        outcome = "nobody of that name is scored" if part.outcome is None else "no score"
        outcome += " (insufficient data)" if part.outcome == "insufficient data" else ""
        return f"{when}{outcome}." + ("" if part.words is None else f" {sentence(part.words)}")
    if part.points is None:
        return f"{when}{part.score}."
    if part.points.strip("-0.") == "":
        return f"{when}{part.score}, as it is now."
    less = part.points.startswith("-")
    return (
        f"{when}{part.score}, which is {points(part.points.removeprefix('-'))} {'less' if less else 'more'} than now."
    )
