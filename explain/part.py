"""Takes nothing; names what every document is made of: parts that never change, outcomes, sorts of place."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal["scored", "no score", "insufficient data"]
AdjustmentKind = Literal["division", "cap", "floor", "rounding"]
PlaceKind = Literal["rule", AdjustmentKind]
"""The sorts of place at which points arise: a rule, or an adjustment of a facet or of the score."""


class Part(BaseModel):
    """A part of the document: it never changes and holds nothing that it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class UnmetNeed(Part):
    """A need of a band that is not met, in the author's words."""

    band: str
    title: str
    words: str


class ByValue(Part):
    """Of which value of the field that the score is by: from the records of that value alone.

    ``title``: what the rulebook says that the field is, where it does.
    """

    field: str
    title: str | None
    value: str
