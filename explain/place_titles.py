"""Takes a place at which points arise, a rule or an adjustment of a facet or of the score; gives what it is called."""

from __future__ import annotations

from tallystick.explain.part import AdjustmentKind, PlaceKind
from tallystick.explain.plain import capital
from tallystick.rules.rulebook import Rulebook

ADJUSTMENTS: dict[AdjustmentKind, str] = {
    "division": "division by the weights",
    "cap": "upper limit",
    "floor": "lower limit",
    "rounding": "rounding",
}


def place_title(rulebook: Rulebook, kind: PlaceKind, name: str) -> str:
    """Return the rule's title, or what an adjustment does and to what; ``name``: of an adjustment the facet, or
    nothing for the score."""
    if kind == "rule":
        return next(each.title for each in rulebook.rules if each.name == name)
    if name == "":
        return f"{capital(ADJUSTMENTS[kind])} of the score"
    facet = next(each.title for each in rulebook.facets if each.name == name)
    return f"{capital(ADJUSTMENTS[kind])} of “{facet}”"
