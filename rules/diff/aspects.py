"""Takes a change between two versions of a rulebook; gives what it concerns: what counts, for how much, or the scale.

What people ask first about new rules is whether the criteria are others or the numbers have only been stretched. The
answer follows from the part that is different, and for a parameter from where it is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, assert_never, get_args

from tallystick.rules.diff.change import Change
from tallystick.rules.diff.versions import parameters_of
from tallystick.rules.rule import Points, Rule, Table, Weighted
from tallystick.rules.rulebook import Rulebook

Aspect = Literal["criteria", "weights", "scale"]
"""``criteria``: what is read, who is scored and what counts. ``weights``: how many points it can give.
``scale``: how far a value goes toward its full points, and what the whole score runs from and to."""

ASPECTS: tuple[Aspect, ...] = get_args(Aspect)


def aspects_of(change: Change, old: Rulebook, new: Rulebook) -> tuple[Aspect, ...]:
    """Say what a change concerns, in the order of ``ASPECTS``; nothing where no meaning is different."""
    found = frozenset(_aspects(change, old, new))
    return tuple(each for each in ASPECTS if each in found)


def aspects_together(changes: Iterable[Change], old: Rulebook, new: Rulebook) -> tuple[Aspect, ...]:
    """Say what several changes concern."""
    found = {aspect for change in changes for aspect in aspects_of(change, old, new)}
    return tuple(each for each in ASPECTS if each in found)


def _aspects(change: Change, old: Rulebook, new: Rulebook) -> Iterator[Aspect]:
    match change.scope:
        case "who may see" | "words only" | "promises" | "examples":
            return
        case "what is read" | "who is scored" | "measure":
            yield "criteria"
        case "what counts":
            yield "weights" if change.part == "to" else "criteria"
        case "facet":
            yield "weights"
        case "bands":
            yield "scale" if _is_by_score(change, old, new) else "criteria"
        case "the whole score":
            # From when on the rules are in force concerns none of the three.
            if change.part != "effective":
                yield "scale" if change.kind == "score" and change.part != "by" else "criteria"
        case "rule":
            yield from _of_rule(change)
        case "parameter":
            yield from _of_parameter(change.name, new)
            yield from _of_parameter(change.old_name or change.name, old)
        case _:
            assert_never(change.scope)


def _is_by_score(change: Change, old: Rulebook, new: Rulebook) -> bool:
    """Say whether a band is, or was, a stretch of the scale; by needs it is asked for what counts."""
    return change.part == "from" or any(
        each.start is not None for book in (old, new) for each in book.bands if each.name == change.name
    )


def _of_rule(change: Change) -> Iterator[Aspect]:
    match change.part:
        case "weight" | "at most" | "at least" | "facet":
            yield "weights"
        case "shape of the level":
            yield "scale"
        case "points":
            yield "weights"
            if _words(change.old) != _words(change.new):
                yield "criteria"
        case "how points are worked out":
            yield from ("criteria", "weights")
        case part if part == "row" or part.startswith("row "):
            yield "weights"
        case _:
            yield "criteria"


def _words(formula: str | None) -> frozenset[str]:
    """Return the words of a formula: the same ones with other numbers are the same criteria, weighed otherwise."""
    return frozenset(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", formula or ""))


def _of_parameter(name: str, rulebook: Rulebook) -> Iterator[Aspect]:
    places: dict[Aspect, list[object]] = {"criteria": [], "weights": [], "scale": [rulebook.score]}
    places["criteria"] += [rulebook.requires, rulebook.excludes, rulebook.measures, rulebook.bands]
    places["criteria"] += [discount.when for discount in rulebook.discounts]
    places["weights"] += [discount.to for discount in rulebook.discounts]
    places["weights"] += [(facet.at_most, facet.at_least) for facet in rulebook.facets]
    for rule in rulebook.rules:
        places["criteria"] += [rule.when, rule.otherwise]
        places["weights"] += [rule.at_most, rule.at_least]
        for aspect, node in _body(rule):
            places[aspect].append(node)
    yield from (aspect for aspect, nodes in places.items() if name in parameters_of(tuple(nodes)))


def _body(rule: Rule) -> Iterator[tuple[Aspect, object]]:
    match rule.body:
        case Weighted(weight, value, shape):
            yield from (("weights", weight), ("criteria", value), ("scale", shape))
        case Points(value):
            yield "weights", value
        case Table(by, rows):
            yield "criteria", by
            yield "weights", tuple(rows)
        case _:
            assert_never(rule.body)
