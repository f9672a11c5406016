"""Takes where a person stands among the bands; gives the sentences for it, and what each asks with what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from tallystick.explain.document import Explanation
from tallystick.explain.page import Block, Entry, Paragraph, Section
from tallystick.explain.part import UnmetNeed
from tallystick.explain.plain import capital, counted, figure, points, quoted, sentence, unit
from tallystick.explain.tongue import listed, number, say, say_n
from tallystick.explain.tree.bands import BandPlace, Level, Need
from tallystick.explain.tree.measures import Given, Measured, MeasureState
from tallystick.explain.tree.nodes import Node
from tallystick.explain.words.measures import called, measure_sentences
from tallystick.explain.words.nodes import condition, written
from tallystick.explain.words.working import steps


def is_by_needs_alone(document: Explanation) -> bool:
    """Whether there are no rules, so that not the score of nothing is the result but the band."""
    rules = document.lines or any(each.what == "rules" for each in document.withheld)
    return document.outcome == "scored" and not rules and document.band is not None


def band_sentences(band: BandPlace) -> Iterator[str]:
    """Say in which band the score is, and how far the bands beside it are."""
    if band.levels:
        yield from _reached(band)
        return
    if band.name is None:
        yield say("This is below the first band.")
    else:
        yield say(
            "This is in the band {band}, which begins at {start}.",
            band=quoted(band.title),
            start=number(band.start or ""),
        )
    if band.above is not None and band.above.distance is not None:
        yield say(
            "The next, {band}, begins at {start}: {points} further up.",
            band=quoted(band.above.title),
            start=number(band.above.start or ""),
            points=points(band.above.distance),
        )
    if band.below is not None and band.below.distance is not None and not Decimal(band.below.distance):
        yield say(
            "The band below, {band}, ends where this one begins: at this very score.", band=quoted(band.below.title)
        )
    elif band.below is not None and band.below.distance is not None:
        yield say(
            "The band below, {band}, ends where this one begins: {points} further down.",
            band=quoted(band.below.title),
            points=points(band.below.distance),
        )


def _reached(band: BandPlace) -> Iterator[str]:
    """Say which band is reached by its needs, and how many of the next one's are missing."""
    if band.name is None:
        yield say("You are in no band: of each, something that it needs is missing.")
    else:
        yield say("You are in the band {title}: all that it needs is there.", title=quoted(band.title))
    above = next((each for each in band.levels if band.above is not None and each.name == band.above.name), None)
    if above is None:
        yield say("There is no band above it.")
    else:
        yield _lacking(above)


def _lacking(level: Level) -> str:
    """Say how many of a band's needs are missing."""
    if level.of == 0:
        return say("What {title} needs is private.", title=quoted(level.title))
    return say_n(
        "For {title}, {n} of {all} needs is missing.",
        "For {title}, {n} of {all} needs are missing.",
        level.missing,
        title=quoted(level.title),
        all=number(level.of),
    )


def needs_moved(before: Sequence[UnmetNeed], after: Sequence[UnmetNeed]) -> tuple[list[str], list[str]]:
    """Return which needs are met after and were not before, and which the other way round, each as its words."""
    return (
        [_of_band(each) for each in before if each not in after],
        [_of_band(each) for each in after if each not in before],
    )


def _of_band(need: UnmetNeed) -> str:
    return say("{words} (band {band})", words=quoted(need.words), band=quoted(need.title))


def bands_section(document: Explanation) -> Section:
    """Return what the person's band and those above it ask, each need with what there is; then how that was counted."""
    band = document.band
    blocks: list[Block] = []
    for level in _told(band):
        met = level.reached and level.of > 0
        heading = say("{title}: all needs are met.", title=quoted(level.title)) if met else _lacking(level)
        missing_first = sorted(level.needs, key=lambda need: need.met)
        blocks.append(Entry(heading, tuple(_need(each) for each in missing_first)))
    counted_there = tuple(_counted(document))
    if counted_there:
        blocks.append(Paragraph(say("How what is asked for was counted:")))
        blocks += counted_there
    return Section(say("What the bands need"), tuple(blocks))


def _told(band: BandPlace | None) -> tuple[Level, ...]:
    """Return the person's band and all above it; those below, which others come after, tell nothing more."""
    if band is None:
        return ()
    names = [each.name for each in band.levels]
    return band.levels[names.index(band.name) if band.name is not None else 0 :] if band.levels else ()


def _need(need: Need) -> str:
    """Say whether a need is met, what is asked, and what there is instead."""
    asked = condition(need.condition)
    worked = list(dict.fromkeys(_worked(need.condition)))
    if worked:
        asked = say("{condition} ({working})", condition=asked, working="; ".join(worked))
    there = [*map(_there, need.measures), *map(_given, need.inputs)]
    words = sentence(need.words)
    match need.met, there:
        case True, []:
            return say("Met: {words} Asked for: {asked}.", words=words, asked=asked)
        case True, _:
            return say(
                "Met: {words} Asked for: {asked}. There is: {there}.", words=words, asked=asked, there=listed(there)
            )
        case False, []:
            return say("Missing: {words} Asked for: {asked}.", words=words, asked=asked)
        case False, _:
            return say(
                "Missing: {words} Asked for: {asked}. There is: {there}.", words=words, asked=asked, there=listed(there)
            )
    raise AssertionError(need)


def _worked(node: Node) -> Iterator[str]:
    """Give the steps by which the numbers that are compared come about."""
    if not node.worked_out:
        return
    if node.type == "yes/no":
        for each in node.operands:
            yield from _worked(each)
    else:
        yield from steps(node)


def _there(measure: Measured) -> str:
    """Return a measure in a few words: ``8 topics replied to``."""
    return so_many(measure.singular, measure.plural, measure.state, measure.value, measure.about)


def so_many(singular: str, plural: str, state: MeasureState, value: str | None, about: str | None) -> str:
    """Return what there is of a measure in a few words, or why there is nothing."""
    if value is None:
        name = quoted(plural)
        if state == "not applicable":
            return say("{name}, which does not apply to you", name=name)
        return say("{name}, which is not known", name=name)
    if about is None:
        return counted(value, singular, plural)
    return say("{n} {things}", n=figure(value, about), things=unit(value, singular, plural))


def _given(given: Given) -> str:
    """Return an attribute in a few words."""
    name = quoted(called(given))
    if given.value is None:
        return say("{name}, which is not known", name=name)
    return say("{name}: {value}", name=name, value=written(given.type, given.value))


def _counted(document: Explanation) -> Iterator[Entry]:
    """Give, for each measure that a need reads and no line tells of, how it was counted."""
    told = {each.measure: line.title for line in document.lines for each in line.measures}
    for measure in measures_of_needs(document):
        if measure.measure not in told:
            yield Entry(capital(measure.plural), tuple(measure_sentences((measure,), told, measure.plural)))


def measures_of_needs(document: Explanation) -> Iterator[Measured]:
    """Give the measures that the needs read that are told of."""
    for level in _told(document.band):
        for need in level.needs:
            yield from need.measures
