"""Takes a checked rulebook and another value for one of its parameters; gives the rulebook with it, checked again."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from tallystick.rules import syntax
from tallystick.rules.decimals import EXACT, plainly
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.epochs import begun
from tallystick.rules.load import read
from tallystick.rules.parse.parse import parse
from tallystick.rules.rulebook import Parameter, Rulebook
from tallystick.rules.source import Source, Span
from tallystick.rules.value import DurationType

_VALUE = re.compile(r"(-?\d+(?:\.\d+)?)\s*(%|days?|weeks?)?", re.ASCII)


class Value(Struct, frozen=True):
    """A parameter's value, worked out: a duration in days, and with its sign what the rulebook has in percent."""

    unit: Literal["number", "duration"]
    text: str


class OtherValue(Struct, frozen=True):
    """A rulebook in which a parameter has another value; None where the checker does not take it, with why.

    ``before`` and ``after`` are the values, worked out: durations in days, and with their sign what the rulebook has in
    percent. There is no ``after`` where there is no rulebook.
    """

    rulebook: Rulebook | None
    diagnostics: tuple[Diagnostic, ...]
    unit: Literal["number", "duration"]
    before: str
    after: str | None


class Unfit(Struct, frozen=True):
    """Why a value cannot be tried at all, and what to write instead."""

    message: str
    help: str


def other_value(rulebook: Rulebook, name: str, value: str) -> OtherValue | Unfit:
    """Put another value for a parameter into a rulebook, for all days; one without a unit has that of the parameter's
    declaration. ``before`` is the value in force on the days for which the rulebook was picked."""
    names = [each.name for each in rulebook.parameters]
    if name not in names:
        known = f"the parameters are {', '.join(names)}" if names else "this rulebook has no parameter"
        return Unfit(f"there is no parameter `{name}`", known)
    found = _VALUE.fullmatch(value.strip())
    if found is None:
        return Unfit(
            f"`{value}` is not a value for `{name}`",
            "write a number such as 60, or one with its unit, such as `8 weeks`",
        )
    now = value_in_force(rulebook, name)
    declared = _declared(rulebook, name)
    after = _with_unit(found[1], found[2] or _unit_of(declared, rulebook, name))
    text, source = rulebook.text, f"{rulebook.source.name} with {name} = {after}"
    dated = [each for each in declared.clauses if isinstance(each, syntax.DatedValue)]
    changed = text
    for each in reversed(dated):
        changed = _without_lines(changed, each.span)
    span = declared.value.span
    changed = f"{changed[: span.start]}{after}{changed[span.end :]}"
    checked, diagnostics = read(Source(source, changed))
    then = None if checked is None else _worked_out(checked, name, percent=after.endswith("%"))
    return OtherValue(checked, diagnostics, now.unit, now.text, then)


def value_in_force(rulebook: Rulebook, name: str) -> Value:
    """Return the value that a parameter has on the days for which the rulebook was picked."""
    declared, begins = _declared(rulebook, name), begun(rulebook)
    dated = (each for each in reversed(declared.clauses) if isinstance(each, syntax.DatedValue))
    now = next((each.value for each in dated if each.start.value <= begins), declared.value)
    return Value(
        "duration" if isinstance(_parameter(rulebook, name).value.expr.type, DurationType) else "number",
        _worked_out(rulebook, name, percent=isinstance(now, syntax.NumberLiteral) and now.percent),
    )


def _parameter(rulebook: Rulebook, name: str) -> Parameter:
    return next(each for each in rulebook.parameters if each.name == name)


def _worked_out(rulebook: Rulebook, name: str, *, percent: bool) -> str:
    """Return a parameter's value; a rulebook that was picked for a day has the one that is in force on it."""
    value = _parameter(rulebook, name).value.value
    return f"{plainly(value.scaleb(2, EXACT))}%" if percent else plainly(value)


def _without_lines(text: str, span: Span) -> str:
    """Leave out the lines on which something stands."""
    start, end = text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)
    return text[:start] + ("" if end < 0 else text[end + 1 :])


def _declared(rulebook: Rulebook, name: str) -> syntax.Parameter:
    """Find the parameter in the canonical text."""
    file, _ = parse(Source(rulebook.source.name, rulebook.text))
    for each in () if file is None else file.declarations:
        if isinstance(each, syntax.Parameter) and each.name.text == name:
            return each
    message = f"the canonical text has no parameter {name}"
    raise AssertionError(message)


def _unit_of(declared: syntax.Parameter, rulebook: Rulebook, name: str) -> str:
    match declared.value:
        case syntax.DurationLiteral(unit=unit):
            return f"{unit}s"
        case syntax.NumberLiteral(percent=True):
            return "%"
        case _:
            return "days" if isinstance(_parameter(rulebook, name).value.expr.type, DurationType) else ""


def _with_unit(number: str, unit: str) -> str:
    match unit:
        case "" | "%":
            return f"{number}{unit}"
        case _:
            one = number == "1"
            return f"{number} {unit.removesuffix('s')}{'' if one else 's'}"
