"""Takes nothing; names what a run came to: what is told after it, and a part of the document about it, for auditors."""

from __future__ import annotations

from typing import Literal

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact


class BandCount(Fact, frozen=True, kw_only=True):
    """How many are in a band; ``name`` is None in no band."""

    name: str | None
    title: str | None
    people: int


class WithoutScore(Fact, frozen=True, kw_only=True):
    """How many have no score for want of one requirement."""

    outcome: Literal["no score", "insufficient data"]
    requirement: str
    words: str
    people: int


class RuleShare(Fact, frozen=True, kw_only=True):
    """A rule's points over everyone, and their part of all points given or taken, by size."""

    rule: str
    title: str
    points: Digits
    percent: Digits | None


class ValueCount(Fact, frozen=True, kw_only=True):
    """How many have a result for one value of the field that the score is by, and which."""

    value: str
    people: int
    scored: int
    bands: tuple[BandCount, ...]
    without: tuple[WithoutScore, ...]


class Summary(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """What a run came to.

    Where the score is by a field (``by``), ``people`` are those with a result for any value, ``scored`` the scores, of
    which somebody can have several, ``values`` tell of bands and of what is lacking, and ``without_records`` are people
    who are known and have no result, since no record is about them. ``attributes_alone``: the rules read no records.
    """

    people: int
    scored: int
    by: str | None = None
    values: tuple[ValueCount, ...] = ()
    without_records: int = 0
    bands: tuple[BandCount, ...]
    without: tuple[WithoutScore, ...]
    attributes_alone: bool = False
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
    pause_rows: int = 0
    pause_rejected: int = 0
    rules: tuple[RuleShare, ...]

    @property
    def results(self) -> int:
        """How many results there are: one for each person, or by a field, for each person and value."""
        return sum(each.people for each in self.values) if self.by is not None else self.people
