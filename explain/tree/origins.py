"""Takes nothing; names what a score was made from: rules, values in force, data, and what it can be made again with."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import field

from tallystick.explain.digits import Digits
from tallystick.explain.fact import Fact

FieldType = Literal["text", "one of", "yes/no", "date", "time", "number"]


class InputFacts(Fact, frozen=True, kw_only=True):
    """A file or frame that was read; ``sha256`` is of the file, None for a frame."""

    role: Literal["records", "subjects", "pauses", "corrections", "statements"]
    name: str
    sha256: str | None
    rows: int


class ReceiptFacts(Fact, frozen=True, kw_only=True):
    """With what anybody can make this score again: the data, what worked it out, and the digest of the whole ledger."""

    inputs: tuple[InputFacts, ...]
    mapping: str | None
    engine: str
    ledger_digest: str


class RulebookFacts(Fact, frozen=True, kw_only=True):
    """Which rules these are, whose, and what they are for."""

    name: str
    version: str
    sha256: str
    effective: date | None
    owner: str | None
    contact: str | None
    purpose: str | None
    measures: str | None
    not_for: str | None
    source: str | None
    time_zone: str


class ComingValue(Fact, frozen=True, kw_only=True):
    """A value that a parameter has from a day on that is after the day of the score, and why."""

    value: Digits
    start: date
    because: str | None


class DatedFigure(Fact, frozen=True, kw_only=True):
    """A parameter whose value changes on days that the rulebook names: the one in force on the day of the score, since
    when (None: from the beginning) and why; and all that come, the next one first. Durations are in days."""

    name: str
    title: str
    unit: Literal["number", "duration"]
    value: Digits
    since: date | None
    because: str | None
    coming: tuple[ComingValue, ...]


class DataFacts(Fact, frozen=True, kw_only=True):
    """What was read: of this person (``records`` = ``taken_in`` + all ``not_counted``), and by the whole run.

    ``types``: what the values of each field are. ``titles``: what the rulebook says that a field is, where it does.
    """

    fields: tuple[str, ...]
    types: dict[str, FieldType]
    attributes: tuple[str, ...]
    titles: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...]
    records: int | None
    taken_in: int | None
    latest_record: str | None
    run_rows: int
    run_rejected: int
    run_skipped: int
    run_copies: int
    run_subject_rows: int
    run_subject_rejected: int
    run_pause_rows: int = 0
    run_pause_rejected: int = 0
