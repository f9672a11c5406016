"""Takes a rulebook; gives what gives points, how they become the score, and what the score is called."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.engine.arithmetic import text_of
from tallystick.explain.guide.measures import condition_words, constant_words
from tallystick.explain.guide.rules import SCORE, TOGETHER, ends, rule_blocks
from tallystick.explain.page import Entry, Grid, Items, Paragraph, Section
from tallystick.explain.person.planner import Planner
from tallystick.explain.plain import points, quoted, readable, sentence
from tallystick.explain.tongue import listed, number, say, say_as, say_n
from tallystick.rules.decimals import PLACES
from tallystick.rules.questions.by import field_by, values_of
from tallystick.rules.rule import Facet, Rule
from tallystick.rules.rulebook import Rulebook


def what_gives_points(rulebook: Rulebook, planner: Planner) -> Iterator[Section]:
    """Yield what gives points, facet by facet in the order of the rules."""
    facets = {each.name: each for each in rulebook.facets}
    groups: list[tuple[str | None, list[Rule]]] = []
    for rule in rulebook.rules:
        if groups and groups[-1][0] == rule.facet:
            groups[-1][1].append(rule)
        else:
            groups.append((rule.facet, [rule]))
    for name, rules in groups:
        facet = None if name is None else facets[name]
        blocks = [block for rule in rules for block in rule_blocks(rulebook, planner, rule)]
        told = () if facet is None else _facet(planner, facet)
        if told:
            blocks = [Items(told), *blocks]
        heading = say("What gives points") if facet is None else say("What gives points: {facet}", facet=facet.title)
        yield Section(heading, tuple(blocks))


def _facet(planner: Planner, facet: Facet) -> tuple[str, ...]:
    """Return a facet's bounds and reason."""
    why = () if facet.because is None else (say("Why: {why}", why=sentence(facet.because)),)
    return (*ends(planner, TOGETHER, facet.at_most, facet.at_least), *why)


def how_the_score_is_made(rulebook: Rulebook, planner: Planner) -> Section:
    """Return how the points become the score."""
    score = rulebook.score
    if score.out_of is None:
        told = [say("The points of all rules are added up.")]
    else:
        told = [
            say("Each rule gives a part of its weight. The parts are added up."),
            say(
                "Their sum is put on a scale of {out_of} by the weights of the rules that apply.",
                out_of=constant_words(planner, score.out_of),
            ),
        ]
    told.extend(ends(planner, SCORE, score.at_most, score.at_least))
    field = field_by(rulebook)
    if field is not None:
        told.append(
            say(
                "You have such a score for each {field} of which there is a record about you: {values}. Each is made "
                "of the records of that one alone.",
                field=quoted(field.name if field.title is None else field.title),
                values=listed([quoted(each) for each in values_of(rulebook)]),
            )
        )
    if score.reasons is not None:
        told.append(
            say_n(
                "At most one reason is told of what raised a score, and as many of what held it back.",
                "At most {n} reasons are told of what raised a score, and as many of what held it back.",
                score.reasons,
            )
        )
    if score.places is not None:
        told.extend(_rounding(score.places, score.line_places, mean=score.out_of is not None))
    if rulebook.noise is not None:
        least = points(text_of(rulebook.noise))
        told.append(say("A change of the score by less than {points} is called no meaningful change.", points=least))
    told.append(say("A day is a calendar day in {zone}.", zone=rulebook.time_zone))
    return Section(say("How {score} is made of them", score=quoted(score.title)), (Items(tuple(told)),))


def _rounding(places: int, line_places: int, *, mean: bool) -> Iterator[str]:
    """Yield how lines and score are rounded."""
    if line_places == places == 0 and not mean:
        yield say("Each line is rounded to a whole number, half away from zero: the printed lines add up to the score.")
        return
    if line_places == places and not mean:
        yield say_n(
            "Each line is rounded to {n} place, half away from zero: the printed lines add up to the score.",
            "Each line is rounded to {n} places, half away from zero: the printed lines add up to the score.",
            places,
        )
        return
    if line_places == 0:
        yield say("Each line is rounded to a whole number, half away from zero.")
    elif line_places < PLACES:
        yield say_n(
            "Each line is rounded to {n} place, half away from zero.",
            "Each line is rounded to {n} places, half away from zero.",
            line_places,
        )
    if places == 0:
        yield say("The score is rounded to a whole number, half away from zero; what that changes is shown as a line.")
        return
    yield say_n(
        "The score is rounded to {n} place, half away from zero; what that changes is shown as a line.",
        "The score is rounded to {n} places, half away from zero; what that changes is shown as a line.",
        places,
    )


def what_the_score_is_called(rulebook: Rulebook, planner: Planner) -> Section:
    """Return the bands: from which score on, or what each needs."""
    if any(each.needs for each in rulebook.bands):
        return _bands_by_needs(rulebook, planner)
    rows = tuple(
        (number(text_of(each.start)), each.title, readable(each.name))
        for each in rulebook.bands
        if each.start is not None
    )
    if not rows:
        return Section("", ())
    heading = (say_as("heading", "from"), say_as("heading", "band"), say_as("heading", "code"))
    return Section(say("What the score is called"), (Grid(heading, rows),))


def _bands_by_needs(rulebook: Rulebook, planner: Planner) -> Section:
    """Return what each band needs."""
    entries = tuple(
        Entry(
            say("{band} ({code})", band=quoted(band.title), code=readable(band.name)),
            tuple(
                say(
                    "{words} Asked for: {asked}.", words=sentence(need.words), asked=condition_words(planner, need.when)
                )
                for need in band.needs
            ),
        )
        for band in rulebook.bands
    )
    told = say("Everybody with a score is in the last of these bands of which all needs are met, or in none.")
    return Section(say("What the bands need"), (Paragraph(told), *entries))
