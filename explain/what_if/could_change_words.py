"""Takes what could change a score; gives the section that says it: what was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import assert_never

from tallystick.explain.document import Explanation
from tallystick.explain.page import Block, Entry, Paragraph, Section
from tallystick.explain.plain import points, quoted, readable, sentence
from tallystick.explain.tongue import day, listed, number, say, say_n
from tallystick.explain.what_if.action_words import actions_words, assumed, enough, enough_for_need, too_few
from tallystick.explain.what_if.could_change_document import (
    CouldChange,
    EnoughActions,
    EnoughForNeed,
    ImaginedAction,
    Lowering,
    NoActionMeets,
    NoActionRaises,
    NoActionScores,
    NothingDone,
    TooFewActions,
)
from tallystick.explain.words.dated import figure_of


def could_change_section(document: Explanation) -> Section:
    """Return the section; it has no blocks unless it was asked for."""
    blocks: list[Block] = []
    if document.could_change:
        blocks.append(Paragraph(" ".join((_first(document), *_noon(document), *_comes(document), *_whose(document)))))
        if document.score is not None and _is_the_most(document.score, document.scale.high):
            blocks.append(
                Paragraph(
                    say("The score is at the end of the scale, {most}: nothing raises it.", most=number(document.score))
                )
            )
    alike = _alike(document.could_change)
    blocks += _entries(document, lambda each: each not in alike and not isinstance(each, NothingDone))
    blocks += [_together(alike)] if alike else []
    blocks += _entries(document, lambda each: isinstance(each, NothingDone))
    return Section(say("What could change it"), tuple(blocks))


def _entries(document: Explanation, wanted: Callable[[CouldChange], bool]) -> Iterator[Entry]:
    for heading, parts in groupby(filter(wanted, document.could_change), _heading):
        yield Entry(say("{heading}:", heading=heading), tuple(_tellings(tuple(parts), document)))


def _tellings(parts: tuple[CouldChange, ...], document: Explanation) -> Iterator[str]:
    """Tell of each; what is the same after several stretches of silence, once."""
    for each in parts:
        if not isinstance(each, NothingDone):
            yield _told(each)
    silent = (each for each in parts if isinstance(each, NothingDone))
    for then, alike in groupby(silent, lambda each: _then(each, document)):
        yield f"{_when(tuple(alike))} {then}"


def _alike(parts: tuple[CouldChange, ...]) -> tuple[NoActionRaises, ...]:
    """Return the lines that neither records nor time change, if they are several."""
    still = [each for each in parts if isinstance(each, NoActionRaises) and each.why == "no records"]
    alike = tuple(each for each in still if each.rises_on is None)
    return alike if len(alike) > 1 else ()


def _together(alike: tuple[NoActionRaises, ...]) -> Entry:
    """Say of several lines at once what there is to say of each."""
    titles = listed([quoted(each.title) for each in alike])
    told = say("{lines}: they look at nothing that is counted from records.", lines=titles)
    return Entry(say("{heading}:", heading=say("What no action changes")), (f"{told} {_no_time(alike[0])}",))


def _is_the_most(score: str, high: str | None) -> bool:
    return high is not None and Decimal(score) >= Decimal(high)


def _first(document: Explanation) -> str:
    """Return what all that follows was tried with; the day of the actions is the same for all."""
    on = next((each.on for each in _imagined(document)), None)
    if on is None and not document.data.fields:
        return say(
            "This is here because it was asked for. Everything in it was tried: the score was worked out for later "
            "days by the same rules. It takes for granted that nothing else happens, and that the rules stay as they "
            "are."
        )
    if on is None:
        return say(
            "This is here because it was asked for. Everything in it was tried: records were "
            "imagined, and the score was worked out from them and the real ones by the same rules. It takes for "
            "granted that nothing else happens, and that the rules stay as they are."
        )
    return say(
        "This is here because it was asked for. Everything in it was tried: records of {day} were "
        "imagined, and the score was worked out from them and the real ones by the same rules. It takes for "
        "granted that nothing else happens, and that the rules stay as they are.",
        day=day(on),
    )


def _imagined(document: Explanation) -> Iterator[ImaginedAction]:
    """Give the actions that are told."""
    for each in document.could_change:
        match each:
            case EnoughActions() | TooFewActions() | EnoughForNeed():
                yield each.action
            case NoActionRaises():
                yield from (lowering.action for lowering in each.lowered_by[:1])
            case _:
                pass


def _noon(document: Explanation) -> Iterator[str]:
    """Say at what time of the day records were imagined: which of two is the earlier can hang on it."""
    if any(each.noon for each in _imagined(document)):
        yield say("The records imagined are of noon on that day.")


def _comes(document: Explanation) -> Iterator[str]:
    """Say which values the rules have from a day on that was looked at: what they do is in what is told of that day."""
    last = max(map(_last_day, document.could_change))
    coming = []
    for each in document.dated:
        values = [
            say("{value} from {day} on", value=figure_of(later.value, each.unit), day=day(later.start))
            for later in each.coming
            if later.start <= last
        ]
        if values:
            coming.append(say("{title} ({values})", title=each.title, values=listed(values)))
    if coming:
        yield say("What the rules have from a later day on is counted from that day: {what}.", what=listed(coming))


def _last_day(part: CouldChange) -> date:
    """Return the last day on which a score was worked out for this."""
    match part:
        case EnoughActions() | EnoughForNeed() | NoActionRaises() | NoActionMeets():
            return part.tried_until
        case TooFewActions():
            return part.action.on
        case NothingDone():
            return part.on
        case NoActionScores():
            return date.min
        case _:
            assert_never(part)


def _whose(document: Explanation) -> tuple[str, ...]:
    """Return whom a record is by, where the rulebook says it: not everywhere is that who has the points of it."""
    title = document.data.titles.get("actor")
    imagined = any(each.who != "somebody" for each in _imagined(document))
    if title is None or not imagined:
        return ()
    return (say("Whom a record is by stands in its {field}: {title}.", field=quoted(readable("actor")), title=title),)


def _heading(part: CouldChange) -> str:
    match part:
        case EnoughActions(title=None, band_alone=True):
            return say("A result")
        case EnoughActions(title=title):
            return say("A score") if title is None else title
        case TooFewActions(title=title) | NoActionRaises(title=title):
            return title
        case NoActionScores():
            return say("A score")
        case EnoughForNeed() | NoActionMeets():
            return say("What is missing for the band {band}", band=quoted(part.title))
        case NothingDone():
            return say("If nothing is done")
        case _:
            assert_never(part)


def _told(
    part: EnoughActions | TooFewActions | NoActionRaises | NoActionScores | EnoughForNeed | NoActionMeets,
) -> str:
    match part:
        case EnoughActions():
            return enough(part)
        case TooFewActions():
            return too_few(part)
        case NoActionRaises():
            return " ".join((_still(part), _time(part), *_lowering(part)))
        case NoActionScores():
            words = "" if part.words is None else f" {sentence(part.words)}"
            if not part.of_records:
                return say("No action brings one: what is required is nothing that is counted from records.") + words
            return say("No action tried brings one, not even {n} of a sort.", n=number(part.actions)) + words
        case EnoughForNeed():
            return enough_for_need(part)
        case NoActionMeets():
            return _need_stays(part)
        case _:
            assert_never(part)


# ---- no actions --------------------------------------------------------------------------------------------------


def _need_stays(part: NoActionMeets) -> str:
    words = sentence(part.words)
    told = (
        say("{words} No action tried meets this; all were tried on one day.", words=words)
        if part.of_records
        else say("{words} No action meets this: it looks at nothing that is counted from records.", words=words)
    )
    if part.met_on is None:
        time = _no_time(part)
    else:
        time = say("Time alone does: with nothing done it is met on {day}.", day=day(part.met_on))
    return f"{told} {time}"


def _still(part: NoActionRaises) -> str:
    match part.why:
        case "no records":
            return say("No action changes it: it looks at nothing that is counted from records.")
        case "at its most":
            return say(
                "It is at its most: of all that was tried, your next record here adds {points}.",
                points=number(part.next_adds or ""),
            )
        case "only lowered" | "not raised" if part.full:
            return say("No action raises it: it is at its most.")
        case "only lowered" | "not raised":
            return say("No action tried raises it; all were tried on one day.")
        case _:
            assert_never(part.why)


def _lowering(part: NoActionRaises) -> tuple[str, ...]:
    return tuple(map(_lowered, part.lowered_by[:1]))


def _lowered(lowering: Lowering) -> str:
    actions = actions_words(1, lowering.action)
    if lowering.points is None:
        told = say("{actions} would leave it without points.", actions=actions)
    else:
        told = say("{actions} would make it {points}.", actions=actions, points=number(lowering.points))
    return " ".join((told, *assumed(lowering.action)))


def _time(part: NoActionRaises) -> str:
    if part.rises_on is None:
        return _no_time(part)
    return say(
        "Time alone does: with nothing done it is {points} on {day}.",
        points=number(part.rises_to or ""),
        day=day(part.rises_on),
    )


def _no_time(part: NoActionRaises | NoActionMeets) -> str:
    """Return that time alone does nothing, as long as there is a score."""
    if part.scored_until is None:
        return say("Nor does time alone, on any day that was tried up to {day}.", day=day(part.tried_until))
    return say(
        "Nor does time alone, on any day tried up to {day}; with nothing done, there is no score the day after.",
        day=day(part.scored_until),
    )


def _when(parts: tuple[NothingDone, ...]) -> str:
    days, numbers = [day(each.on) for each in parts], [number(each.days) for each in parts]
    if len(parts) == 1:
        return say_n("{day}, after {n} day:", "{day}, after {n} days:", parts[0].days, day=days[0])
    return say("{days}, after {numbers} days:", days=listed(days), numbers=listed(numbers))


def _then(part: NothingDone, document: Explanation) -> str:
    if part.score is not None and part.band_alone:
        band = say("no band") if part.band is None else quoted(part.band)
        same = document.band is not None and part.band == document.band.title
        return say("{score}, as it is now.", score=band) if same else say("{score}.", score=band)
    told = _result(part)
    return told if part.band is None else f"{told} {say('The band: {band}.', band=quoted(part.band))}"


def _result(part: NothingDone) -> str:
    words = "" if part.words is None else f" {sentence(part.words)}"
    if part.score is None:
        match part.outcome:
            case None:
                return say("nobody of that name is scored.") + words
            case "insufficient data":
                return say("no score (insufficient data).") + words
            case _:
                return say("no score.") + words
    score = number(part.score)
    if part.points is None:
        return say("{score}.", score=score)
    if part.points.strip("-0.") == "":
        return say("{score}, as it is now.", score=score)
    if part.points.startswith("-"):
        return say("{score}, which is {points} less than now.", score=score, points=points(part.points[1:]))
    return say("{score}, which is {points} more than now.", score=score, points=points(part.points))
