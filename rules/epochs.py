"""Takes a rulebook whose parameters have dated values; gives the rulebook with the values that are in force on a day.

A rulebook as it is read has the values from before the first date. All that scores picks by the as-of day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace

from tallystick.rules.rulebook import DatedValue, Parameter, Rulebook

Epochs = tuple[tuple[date, Rulebook], ...]


def on_day(rulebook: Rulebook, day: date) -> Rulebook:
    """Return the rulebook with the values in force on a day.

    One that was made otherwise since it was picked, by exchanging a part of it, stays as it is.
    """
    if not _is_one_of(rulebook, rulebook.epochs):
        return rulebook
    found = [each for start, each in rulebook.epochs if start <= day]
    return replace(found[-1], epochs=rulebook.epochs)


def undated(rulebook: Rulebook) -> Rulebook:
    """Return the rulebook as it is read: with the values from before the first date."""
    return on_day(rulebook, date.min)


def held(rulebook: Rulebook) -> Rulebook:
    """Return the rulebook with the values that it has now, whatever the day."""
    return replace(rulebook, epochs=())


def every_epoch(rulebook: Rulebook) -> tuple[Rulebook, ...]:
    """Return the rulebook as it is in each stretch of days, the earliest first; only itself where no value is dated."""
    if not _is_one_of(rulebook, rulebook.epochs):
        return (rulebook,)
    return tuple(replace(each, epochs=rulebook.epochs) for _, each in rulebook.epochs)


def in_each(rulebook: Rulebook, change: Callable[[Rulebook], Rulebook]) -> Rulebook:
    """Make the same of a rulebook in each of its epochs; gives it in the epoch that it was in."""
    if not _is_one_of(rulebook, rulebook.epochs):
        return change(rulebook)
    now = [_is(rulebook, each) for _, each in rulebook.epochs].index(True)
    made = tuple((start, change(each)) for start, each in rulebook.epochs)
    return replace(made[now][1], epochs=made)


def begun(rulebook: Rulebook) -> date:
    """Return the day from which on the values that the rulebook has are in force."""
    return next((start for start, each in reversed(rulebook.epochs) if _is(rulebook, each)), date.min)


def value_on(parameter: Parameter, day: date) -> DatedValue | None:
    """Return the dated value that a parameter has on a day; None for the one from before the first date."""
    return next((each for each in reversed(parameter.dated) if each.start <= day), None)


def _is_one_of(rulebook: Rulebook, epochs: Epochs) -> bool:
    return any(_is(rulebook, each) for _, each in epochs)


def _is(rulebook: Rulebook, other: Rulebook) -> bool:
    """Say whether two rulebooks are made of the very same parts."""
    names = (name for name in Rulebook.__struct_fields__ if name != "epochs")
    return all(getattr(rulebook, name) is getattr(other, name) for name in names)
