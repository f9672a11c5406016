"""Takes a rulebook; says whether what people do about others counts for themselves."""

from __future__ import annotations

from tallystick.rules.measure import Formula
from tallystick.rules.rulebook import Rulebook


def takes_given(rulebook: Rulebook) -> bool:
    """Say whether a measure takes the records of which a person is the actor."""
    return any(not isinstance(each.aggregate, Formula) and each.aggregate.given for each in rulebook.measures)
