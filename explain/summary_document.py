"""Takes what a run came to; gives it as a part of the document about the run, for auditors."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tallystick.explain.part import Digits, Part
from tallystick.explain.summary import RunSummary


class BandCount(Part):
    """How many are in a band; ``name`` is None below the first."""

    name: str | None
    title: str | None
    people: int


class WithoutScore(Part):
    """How many have no score for want of one requirement."""

    outcome: Literal["no score", "insufficient data"]
    requirement: str
    words: str
    people: int


class RuleShare(Part):
    """A rule's points over everyone, and their part of all points given or taken, by size."""

    rule: str
    title: str
    points: Digits
    percent: Digits | None


class ValueCount(Part):
    """How many have a result for one value of the field that the score is by, and which."""

    value: str
    people: int
    scored: int
    bands: tuple[BandCount, ...]
    without: tuple[WithoutScore, ...]


class Summary(Part):
    """What a run came to.

    Where the score is by a field (``by``), ``people`` are those with a result for any value, ``scored`` the scores, of
    which somebody can have several, ``values`` tell of bands and of what is lacking, and ``without_records`` are people
    who are known and have no result, since no record is about them.
    """

    people: int
    scored: int
    by: str | None = Field(default=None, exclude_if=lambda by: by is None)
    values: tuple[ValueCount, ...] = Field(default=(), exclude_if=lambda values: not values)
    without_records: int = Field(default=0, exclude_if=lambda people: people == 0)
    bands: tuple[BandCount, ...]
    without: tuple[WithoutScore, ...]
    rows: int
    rejected: int
    skipped: int
    copies: int
    not_admitted: int
    not_yet: int
    unused: int
    voided: int
    replaced: int
    subject_rows: int
    subject_rejected: int
    rules: tuple[RuleShare, ...]


def summary_document(found: RunSummary) -> Summary:
    """Return what a run came to, as the document says it."""
    return Summary.model_validate(found, from_attributes=True)
