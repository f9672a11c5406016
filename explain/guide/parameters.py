"""Takes a rulebook; gives the figures that its rules share, and from which day on each holds."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.explain.guide.measures import constant_words
from tallystick.explain.page import Grid, Section
from tallystick.explain.person.planner import Planner
from tallystick.explain.plain import readable
from tallystick.explain.tongue import day, say, say_as
from tallystick.rules.epochs import undated
from tallystick.rules.rulebook import Parameter, Rulebook


def shared_figures(rulebook: Rulebook) -> Section:
    """Return the constants that the rules use."""
    if not rulebook.parameters:
        return Section("", ())
    rows = tuple(row for each in undated(rulebook).parameters for row in _parameter(rulebook, each))
    heading = (
        say_as("heading", "name"),
        say_as("heading", "value"),
        say_as("heading", "what it is"),
        say_as("heading", "why"),
    )
    return Section(say("The figures that the rules share"), (Grid(heading, rows),))


def _parameter(rulebook: Rulebook, parameter: Parameter) -> Iterator[tuple[str, str, str, str]]:
    """Give a parameter's row, and one for each value that it gets on a day, be it by another parameter's."""
    planner, before = Planner(undated(rulebook)), parameter.value
    yield readable(parameter.name), constant_words(planner, before), parameter.title, parameter.because or ""
    whys = {each.start: each.because for each in parameter.dated}
    for start, epoch in rulebook.epochs[1:]:
        now = next(each.value for each in epoch.parameters if each.name == parameter.name)
        if start in whys or now.value != before.value:
            value = constant_words(Planner(epoch), now)
            yield "", say("from {day} on: {value}", day=day(start), value=value), "", whys.get(start, "")
        before = now
