"""Takes nothing; names what was corrected, the score without that, and what the person states."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact
from tallystick.explain.part import Outcome


class FieldChange(Fact, frozen=True, kw_only=True):
    """A field of a record that a correction replaced: what it was, and what it is now. None is missing."""

    field: str
    title: str | None
    before: str | None
    after: str | None


class Correction(Fact, frozen=True, kw_only=True):
    """A correction of a record about the person, or of what the person did: by whom, when and why.

    ``was`` is the record as it was, which no longer counts; of a ``replace``, ``changes`` is what is otherwise in the
    one that took its place. ``rules`` are those that look at records of its kind, before or after.
    """

    record: str
    action: Literal["void", "replace"]
    reason: str
    who: str
    when: date
    was: dict[str, str | None]
    changes: tuple[FieldChange, ...]
    rules: tuple[str, ...]


class CorrectedLine(Fact, frozen=True, kw_only=True):
    """A line whose points the corrections changed: without them, and with them. None: no points."""

    rule: str
    title: str
    without: Digits | None
    with_them: Digits | None


class Uncorrected(Fact, frozen=True, kw_only=True):
    """The result without the corrections of ``corrections``, all else being the same. ``lines`` are those that differ;
    there are none where either side has no score."""

    outcome: Outcome
    score: Digits | None
    words: str | None
    lines: tuple[CorrectedLine, ...]


class Statement(Fact, frozen=True, kw_only=True):
    """What the person states about the score, or contests: about a rule, a record, or (neither) all of it. It changes
    no number."""

    kind: Literal["statement", "contest"]
    rule: str | None
    title: str | None
    record: str | None
    text: str
    since: date
    answer_by: date | None
