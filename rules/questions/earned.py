"""Takes a rulebook; gives the measures that its records read of their actors, level by level: each needs only earlier
ones."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from tallystick.rules.expression import EarnedOf, MeasureOf
from tallystick.rules.measure import Formula, Measure
from tallystick.rules.once import once
from tallystick.rules.placed import nodes
from tallystick.rules.rulebook import Rulebook


@once(1 << 13)
def earned_in(measure: Measure) -> tuple[str, ...]:
    """Return the measures that a measure of records reads of their actors, each once."""
    return tuple(
        dict.fromkeys(each.name for each in nodes((measure.aggregate, measure.when)) if isinstance(each, EarnedOf))
    )


def reads_earned(rulebook: Rulebook) -> bool:
    """Say whether anything reads what an actor earned."""
    return any(earned_in(each) for each in rulebook.measures)


def opened(measures: Iterable[Measure], names: Iterable[str]) -> tuple[Measure, ...]:
    """Return the measures of these names and those that their formulas read, in the order of the text."""
    declared = {each.name: each for each in measures}
    waiting, found = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += read_in(declared[name])
    return tuple(each for name, each in declared.items() if name in found)


def levels(measures: tuple[Measure, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the measures that are read of actors, in groups: nothing that a group is worked out from reads of its
    records' actors anything but what stands in the groups before it."""
    earned = {each.name: earned_in(each) for each in measures}
    wanted = {name for names in earned.values() for name in names}
    needs = {
        name: {below for each in opened(measures, [name]) for below in earned[each.name]}
        for name in earned
        if name in wanted
    }
    found: list[tuple[str, ...]] = []
    waiting = dict(needs)
    while waiting:
        level = tuple(name for name, below in waiting.items() if not below & waiting.keys())
        found.append(level)
        waiting = {name: below for name, below in waiting.items() if name not in level}
    return tuple(found)


def measuring(rulebook: Rulebook, names: Iterable[str]) -> Rulebook:
    """Return a rulebook that takes these measures, and no more of anybody: nobody is refused, and nothing is scored."""
    measures = opened(rulebook.measures, names)
    of_records = any(not isinstance(each.aggregate, Formula) for each in measures)
    return replace(
        rulebook,
        records=rulebook.records if of_records else None,
        requires=(),
        excludes=rulebook.excludes if of_records else (),
        discounts=rulebook.discounts if of_records else (),
        measures=measures,
        facets=(),
        rules=(),
        bands=(),
        promises=(),
        examples=(),
        epochs=(),
    )


def read_in(measure: Measure) -> list[str]:
    """Return the measures of the same person that a measure reads."""
    return [each.name for each in nodes((measure.aggregate, measure.when)) if isinstance(each, MeasureOf)]
