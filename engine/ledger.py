"""Takes nothing; names the tables of the ledger, the one source of every number that is shown.

Every engine gives these rows, and everything else is a view of them. Numbers are decimals with at most 9 places. Only
what says so may be None. Rows of one person are in the order of the rulebook; people in the order of code points.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol, get_args

from msgspec import Struct

from tallystick.engine.pauses import Stretch
from tallystick.rules.rulebook import Rulebook

Outcome = Literal["scored", "no score", "insufficient data"]
State = Literal["applies", "not applicable", "missing"]
AdjustmentKind = Literal["division", "cap", "floor", "rounding"]
PlaceKind = Literal["rule", AdjustmentKind]
"""The sorts of place at which points arise: a rule's line, or an adjustment of a facet or of the score."""
PLACE_KINDS: tuple[PlaceKind, ...] = get_args(PlaceKind)


class ScoreRow(Struct, frozen=True, gc=False):
    """A person's result. Without a score, ``requirement`` names the ``require`` that was not met (``score``: no rule
    applied); with one, it is None. ``band`` is None below the first band, where the needs of none are all met, and
    without a score."""

    subject: str
    outcome: Outcome
    score: Decimal | None
    band: str | None
    requirement: str | None


class LineRow(Struct, frozen=True, gc=False):
    """A rule's result for a person who is scored.

    ``state`` says how the points came: ``applies``; ``not applicable``: its ``when`` did not hold; ``missing``: a
    value that it needs is missing, and ``missing`` names it (the first in the text that is). In the last two
    ``points`` are those of its ``otherwise``, of a table's ``missing`` or ``otherwise`` row, or None when the rule
    does not apply. ``input`` is the number that level or table looked at (None for texts, dates, yes/no and
    ``points``); ``row`` the index of the row taken, from 0. ``value`` + ``given`` - ``taken`` + ``rounding`` =
    ``points``: the value before bounds, what ``at least`` gave, what ``at most`` took, and the line's rounding
    (signed). Under a mean these are weight times level.
    """

    subject: str
    rule: str
    state: State
    missing: str | None
    input: Decimal | None
    level: Decimal | None
    weight: Decimal | None
    row: int | None
    value: Decimal | None
    taken: Decimal | None
    given: Decimal | None
    rounding: Decimal | None
    points: Decimal | None


class FacetRow(Struct, frozen=True, gc=False):
    """A facet of a person who is scored: the sum of its lines, and that sum held within its bounds."""

    subject: str
    facet: str
    lines: Decimal
    subtotal: Decimal


class NeedRow(Struct, frozen=True, gc=False):
    """What a band asks of a person who is scored, and whether it is met; ``need`` counts from 1 within the band.
    Every need of every band has one. INVARIANT: the person's band is the last of which all are met."""

    subject: str
    band: str
    need: int
    met: bool


class AdjustmentRow(Struct, frozen=True, gc=False):
    """A signed amount, never zero, that leads from the lines to the score.

    ``place`` is ``score`` or ``facet``, ``name`` the facet's name (empty for the score). ``kind``: ``division``
    (mean: quotient less sum of the lines), ``cap`` (negative), ``floor`` (positive), ``rounding``. Points of all
    lines plus all amounts are the score.
    """

    subject: str
    place: Literal["facet", "score"]
    name: str
    kind: AdjustmentKind
    amount: Decimal


class MeasureRow(Struct, frozen=True, gc=False):
    """A measure of a person who was admitted (step 4). Every declared measure has one.

    ``state``: ``value``, ``missing`` (nothing to take an average, highest, … of, or a part of a formula is missing)
    or ``not applicable`` (its ``when`` does not hold for the person). ``records``: those that count after every
    exclusion and limit (cut ones too); None for a formula.
    """

    subject: str
    measure: str
    state: Literal["value", "missing", "not applicable"]
    value: Decimal | None
    records: int | None


Step = Literal["excluded", "window", "discount", "dilution", "keep", "total", "fading", "paused"]


class StepRow(Struct, frozen=True, gc=False):
    """What one step left out of a measure; no row where it left out nothing.

    Only records of the measure's kinds that pass its ``when`` are looked at. ``name`` is the exclusion or discount,
    else empty. ``excluded``: inside the window (each charged to the first exclusion that takes it); ``window``: not
    excluded, too old; ``keep``: left out altogether; ``total``: left out or cut; ``discount``, ``dilution``,
    ``fading``: those whose value became another. ``value``: what they would have added at that point less what they
    did (None for excluded, window and others where a record has no value of its own: ``distinct``, average, highest,
    lowest, latest, days, h index). Under ``except pauses``, ``fading`` is what would have faded without any pause, and
    ``paused`` those whose fading a pause slowed: its ``value`` is what they got back, with the sign turned round.

    For ``count``, ``sum``, ``sum by kind``: gross value of all records looked at - all ``value`` = the measure. For
    ``distinct``: each distinct value counts through its record with the highest final factor (ties: highest day, then
    the highest value before fading, then least in field order); ``discount``, ``fading`` and ``paused`` charge what
    was taken from those records, so that number of distinct values - all ``value`` = the measure, and ``records``
    counts those among them whose factor became another.
    """

    subject: str
    measure: str
    step: Step
    name: str
    records: int
    value: Decimal | None


class InputRow(Struct, frozen=True, gc=False):
    """An attribute of a person who was admitted, as canonical text (``yes``, ``2026-01-31``, ``1.5``); None:
    missing."""

    subject: str
    attribute: str
    value: str | None


Fate = Literal["voided", "not yet", "excluded", "taken in", "outside window", "unused"]


class AccountRow(Struct, frozen=True, gc=False):
    """How many of a person's records met which fate; no row for none. ``name`` is the exclusion, else empty.
    Only of people who were admitted. INVARIANT: the fates partition the records about the person that were read."""

    subject: str
    fate: Fate
    name: str
    records: int


class RunCounts(Struct, frozen=True, gc=False):
    """What became of all rows of the records, over the run.

    ``rows`` + ``replaced`` = ``rejected`` + ``skipped`` (by the mapping) + ``copies`` + ``not_admitted`` (records about
    people who were not) + those in ``accounts``. Corrections struck out ``voided`` + ``replaced`` of the records, and
    put another in the place of each of the latter. ``exact``: function results near a rounding boundary that were
    worked out in ``decimal``. ``pause_unknown``: pauses about people who are not in the run.
    """

    rows: int
    rejected: int
    skipped: int
    copies: int
    not_admitted: int
    subject_rows: int
    subject_rejected: int
    subject_copies: int
    exact: int = 0
    pause_rows: int = 0
    pause_rejected: int = 0
    pause_unknown: int = 0
    voided: int = 0
    replaced: int = 0


class SubjectLedger(Struct, frozen=True, gc=False):
    """Everything that the ledger holds about one person."""

    score: ScoreRow
    lines: tuple[LineRow, ...]
    facets: tuple[FacetRow, ...]
    adjustments: tuple[AdjustmentRow, ...]
    measures: tuple[MeasureRow, ...]
    steps: tuple[StepRow, ...]
    inputs: tuple[InputRow, ...]
    accounts: tuple[AccountRow, ...]
    needs: tuple[NeedRow, ...] = ()


class EvidenceRow(Struct, frozen=True, gc=False):
    """A record behind a measure, with the step that left it out, if one did, and what it added.

    ``order`` counts from 1 in the order: latest day first, then least in field order. ``values`` are the declared
    fields as canonical text in the order declared (None: missing). ``fate``: ``counted``, or the step that left it
    out or cut it to nothing (``voided``: a correction struck it out; ``excluded``, ``window``, ``keep``, ``total``; for
    ``distinct`` also ``repeated``: another record of the same value counts). ``name``: the exclusion. ``effect``: what
    it added to the measure (None where a record has no effect of its own: average, highest, lowest, latest, days, h
    index).
    """

    subject: str
    measure: str
    order: int
    values: tuple[str | None, ...]
    fate: Literal["counted", "voided", "excluded", "window", "keep", "total", "repeated"]
    name: str
    effect: Decimal | None


class Run(Protocol):
    """A ledger that can be asked, whichever engine made it."""

    @property
    def rulebook(self) -> Rulebook:
        """The rules that were run."""

    @property
    def as_of(self) -> date:
        """The last day taken in."""

    @property
    def counts(self) -> RunCounts:
        """What became of the rows read."""

    def subjects(self) -> Iterator[str]:
        """Everyone with a row in ``scores``, in the order of code points."""

    def subject(self, name: str) -> SubjectLedger | None:
        """One person's ledger; None if no input names the person."""

    def ledgers(self) -> Iterator[SubjectLedger]:
        """Everyone's ledger, in the order of ``subjects``."""

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """The records behind one person's measures, measure by measure."""

    def pauses(self, name: str) -> tuple[Stretch, ...]:
        """One person's absences up to the as-of day, put together, the earliest first."""

    def attributes(self, name: str) -> tuple[InputRow, ...]:
        """What was read about one person, who may not be in the ledger's inputs for not being admitted; nothing where
        the rows are not at hand."""
