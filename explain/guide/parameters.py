"""Takes a rulebook; gives the figures that its rules share, and from which day on each holds."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.engine.arithmetic import text_of
from tallystick.explain.page import Grid, Section
from tallystick.explain.plain import days_in_words, readable
from tallystick.explain.tongue import day, number, say, say_as
from tallystick.rules.epochs import undated
from tallystick.rules.expression import Constant
from tallystick.rules.rulebook import Parameter, Rulebook
from tallystick.rules.value import DurationType


def shared_figures(rulebook: Rulebook) -> Section:
    """Return the constants that the rules use."""
    if not rulebook.parameters:
        return Section("", ())
    rows = tuple(row for each in undated(rulebook).parameters for row in _parameter(each))
    heading = (
        say_as("heading", "name"),
        say_as("heading", "value"),
        say_as("heading", "what it is"),
        say_as("heading", "why"),
    )
    return Section(say("The figures that the rules share"), (Grid(heading, rows),))


def _parameter(parameter: Parameter) -> Iterator[tuple[str, str, str, str]]:
    """Give a parameter's row, and one for each value that it gets on a day."""
    yield readable(parameter.name), _value(parameter.value), parameter.title, parameter.because or ""
    for each in parameter.dated:
        yield "", say("from {day} on: {value}", day=day(each.start), value=_value(each.value)), "", each.because


def _value(constant: Constant) -> str:
    """Return a parameter's value."""
    value = text_of(constant.value)
    return days_in_words(value) if isinstance(constant.expr.type, DurationType) else number(value)
