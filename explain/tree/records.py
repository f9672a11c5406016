"""Takes nothing; names the records behind measures: what became of each, and what it added."""

from __future__ import annotations

from typing import Literal

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact


class Evidence(Fact, frozen=True, kw_only=True):
    """A record behind a measure, with what became of it and what it added; ``so_far``: what it and the records of the
    measure that stand before it added together.

    Those of one measure stand with the latest first; ``order`` is the place in the ledger, which goes by day and then
    by fields. ``name`` is the exclusion of those ``excluded``, and of those ``repeated`` the field that is the same.
    """

    measure: str
    singular: str
    plural: str
    order: int
    record: dict[str, str | None]
    fate: Literal["counted", "voided", "excluded", "window", "keep", "total", "repeated"]
    name: str | None
    title: str | None
    effect: Digits | None
    so_far: Digits | None = None


class EvidenceSum(Fact, frozen=True, kw_only=True):
    """What the records behind a measure added together: exactly the measure."""

    measure: str
    value: Digits


class AskedMeasure(Fact, frozen=True, kw_only=True):
    """A measure whose records are listed, and a requirement that looks at it."""

    measure: str
    requirement: str
    title: str
