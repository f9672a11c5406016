"""Takes what imagined actions would change; gives it in words: how many, by whom, until when, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from tallystick.explain.plain import NOT_SHOWN, capital, quoted, readable, sentence
from tallystick.explain.tongue import day, listed, number, say, say_n
from tallystick.explain.what_if.could_change_document import (
    Assumed,
    EnoughActions,
    EnoughForNeed,
    Goal,
    ImaginedAction,
    TooFewActions,
)
from tallystick.explain.words.nodes import written


def enough(part: EnoughActions) -> str:
    """Say with how many actions a goal is reached, and until when."""
    told = [_goal(part.goal) + _results(part), *assumed(part.action)]
    if part.goal.form == "this line":
        bring = say("this line more points")
    elif part.goal.form == "one step" and part.goal.at_least is None:
        bring = say("a higher score than now")
    elif part.goal.at_least is None:
        bring = say("a result") if part.band_alone else say("a score")
    else:
        bring = say("{score} or more", score=number(part.goal.at_least))
    if part.still_on == part.tried_until:
        told.append(
            say(
                "Done on {day}, that would still bring {what}; later days were not tried.",
                day=day(part.still_on),
                what=bring,
            )
        )
    elif part.still_on != part.action.on:
        told.append(
            say(
                "Done on {day}, that would still bring {what}, and a day later not any more.",
                day=day(part.still_on),
                what=bring,
            )
        )
    else:
        told.append(say("Done a day later, that would no longer bring {what}.", what=bring))
    return " ".join(told)


def _results(part: EnoughActions) -> str:
    if part.band_alone:
        return _band_comes(part)
    actions, score, line = actions_words(part.actions, part.action), number(part.score), ""
    if part.points_now is not None and part.points_then is not None:
        line = say(" (this line: {then} in place of {now})", then=number(part.points_then), now=number(part.points_now))
    fewer = None if part.one_fewer is None else number(part.one_fewer)
    if part.actions > 1 and fewer is None:
        return say(
            "{actions} would make the score {score}{line}; with one fewer there is none.",
            actions=actions,
            score=score,
            line=line,
        )
    if part.actions > 1 and part.goal.form == "this line":
        return say(
            "{actions} would make the score {score}{line}; with one fewer this line does not rise.",
            actions=actions,
            score=score,
            line=line,
        )
    if part.actions > 1:
        return say(
            "{actions} would make the score {score}{line}; with one fewer it is {fewer}.",
            actions=actions,
            score=score,
            line=line,
            fewer=fewer or "",
        )
    if fewer is None:
        return say("{actions} would make the score {score}{line}.", actions=actions, score=score, line=line)
    return say(
        "{actions} would make the score {score} in place of {now}{line}.",
        actions=actions,
        score=score,
        now=fewer,
        line=line,
    )


def _band_comes(part: EnoughActions) -> str:
    """Say which band the actions bring, where that is the result."""
    band = say("no band") if part.band_then is None else quoted(part.band_then)
    actions = actions_words(part.actions, part.action)
    if part.actions > 1:
        return say("{actions} would bring a result: {band}; with one fewer there is none.", actions=actions, band=band)
    return say("{actions} would bring a result: {band}.", actions=actions, band=band)


def enough_for_need(part: EnoughForNeed) -> str:
    """Say with how many actions a need is met, and until when."""
    actions, words = actions_words(part.actions, part.action), sentence(part.words)
    if part.actions > 1:
        told = [
            say(
                "{words} {actions} would meet this, and {fewer} would not.",
                words=words,
                actions=actions,
                fewer=number(part.one_fewer),
            )
        ]
    else:
        told = [say("{words} {actions} would meet this.", words=words, actions=actions)]
    if part.band_then is None:
        told.append(say("You would be in no band then."))
    else:
        told.append(say("You would be in the band {band} then.", band=quoted(part.band_then)))
    told += assumed(part.action)
    if part.still_on == part.tried_until:
        told.append(say("Done on {day}, that would still meet it; later days were not tried.", day=day(part.still_on)))
    elif part.still_on != part.action.on:
        told.append(
            say("Done on {day}, that would still meet it, and a day later not any more.", day=day(part.still_on))
        )
    else:
        told.append(say("Done a day later, that would no longer meet it."))
    return " ".join(told)


def too_few(part: TooFewActions) -> str:
    """Say that no number of actions tried reaches a goal."""
    actions = actions_words(part.actions, part.action)
    goal = say("For the score to rise at all:") + " " if part.goal.form == "one step" else _goal(part.goal)
    if part.score is None:
        told = say("not even {actions} would be enough: there would be no score.", actions=actions)
    elif part.actions < part.tried:
        told = say(
            "{actions} would make the score {score}; no number that was tried, up to {tried}, brings more.",
            actions=actions,
            score=number(part.score),
            tried=number(part.tried),
        )
    else:
        told = say(
            "not even {actions} would be enough: the score would be {score}.",
            actions=actions,
            score=number(part.score),
        )
    return " ".join((capital(goal + told), *_full(part), *assumed(part.action)))


def _full(part: TooFewActions) -> Iterator[str]:
    """Yield why more points of a line may add nothing to the score."""
    if part.full is not None:
        yield say(
            "The lines of {facet} give at most {limit} together, and that is reached then.",
            facet=quoted(part.full.title),
            limit=number(part.full.limit),
        )


def _goal(goal: Goal) -> str:
    match goal.form:
        case "one step" | "a score":
            return ""
        case "this line":
            return say("For this line to rise at all:") + " "
        case "the next band":
            told = say(
                "For the band {band}, from {start}:", band=quoted(goal.band_title), start=number(goal.at_least or "")
            )
            return f"{told} "
        case _:
            assert_never(goal.form)


def actions_words(so_many: int, action: ImaginedAction) -> str:
    """Return so many actions: ``3 more records of the kind "share", each by another person who …``."""
    kind = "" if action.kind is None else say(" of the kind {kind}", kind=quoted(readable(action.kind)))
    match action.who:
        case "others":
            return say_n(
                "{n} more record{kind}, by a person who has not acted yet,",
                "{n} more records{kind}, each by another person who has not acted yet,",
                so_many,
                kind=kind,
            )
        case "another":
            return say_n(
                "{n} more record{kind}, by whoever else acted last about you,",
                "{n} more records{kind}, all by whoever else acted last about you,",
                so_many,
                kind=kind,
            )
        case "you":
            return say_n("{n} more record{kind}, by you,", "{n} more records{kind}, by you,", so_many, kind=kind)
        case "you to others":
            return say_n(
                "{n} more record{kind}, by you toward somebody else,",
                "{n} more records{kind}, by you, each toward somebody else,",
                so_many,
                kind=kind,
            )
        case "somebody":
            return say_n("{n} more record{kind}", "{n} more records{kind}", so_many, kind=kind)
        case _:
            assert_never(action.who)


def assumed(action: ImaginedAction) -> list[str]:
    """Say which values were assumed."""
    told = []
    if action.same or action.different:
        new = [say("{name} is a new one", name=readable(each)) for each in action.different]
        told.append(say("Assumed of each record: {values}.", values=listed([*_values(action.same, titles=True), *new])))
    if action.attributes and action.who == "others":
        told.append(
            say("Assumed of the people who act: {values}.", values=listed(_values(action.attributes, titles=False)))
        )
    elif action.attributes:
        told.append(
            say(
                "Assumed of those whom the records are about: {values}.",
                values=listed(_values(action.attributes, titles=False)),
            )
        )
    if action.earned_nothing:
        told.append(say("Nothing else is known about the people who act."))
    return told


def _values(values: tuple[Assumed, ...], *, titles: bool) -> list[str]:
    """Return what was taken to be so. ``titles``: those of attributes speak to the person, and this is about others."""
    named = ((_name(each.name, each.title if titles else None), _value(each)) for each in values)
    return [say("{name} is {value}", name=name, value=value) for name, value in named]


def _name(name: str, title: str | None) -> str:
    return readable(name) if title is None else f"{readable(name)} ({title})"


def _value(assumed: Assumed) -> str:
    if assumed.value is None:
        return say("missing")
    if assumed.names_others and assumed.value == say(NOT_SHOWN):
        return assumed.value
    value = written(assumed.type, assumed.value)
    return quoted(value) if assumed.type == "text" else value
