"""Takes what a run was made of; gives its receipt: a document with which anybody can make the run again and compare."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tallystick.engine.canonical_json import canonical


class Part(BaseModel):
    """A part of the receipt: it never changes and holds nothing that it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RulebookReceipt(Part):
    """The rulebook: its name and version, its canonical text without comments, and that text's SHA-256."""

    name: str
    version: str
    text: str
    sha256: str


class InputReceipt(Part):
    """An input. ``sha256`` and ``size`` are of the file as it lay on the disk; a frame has none."""

    role: Literal["records", "subjects", "pauses", "corrections", "statements"]
    name: str
    sha256: str | None
    size: int | None
    rows: int


class MappingReceipt(Part):
    """The mapping file; ``sha256`` of None: it was given as a value in Python."""

    name: str
    sha256: str | None


class EngineReceipt(Part):
    """What worked the scores out: this engine's version and that of the database it ran on. ``elsewhere``: the one that
    read the records where they lie and brought them to one row for each person; None where none did."""

    name: str
    version: str
    duckdb: str
    elsewhere: str | None = None


class CountsReceipt(Part):
    """What became of the rows: of records ``rows`` + ``replaced`` = ``rejected`` + ``skipped`` + ``copies`` +
    ``not_admitted`` + those in accounts. Corrections struck out ``voided`` + ``replaced`` records, and put another in
    the place of each of the latter. ``exact``: function results near a rounding boundary that were worked out in
    decimals. ``pause_unknown``: pauses about people who are not in the run."""

    rows: int
    rejected: int
    skipped: int
    copies: int
    not_admitted: int
    subject_rows: int
    subject_rejected: int
    subject_copies: int
    exact: int
    voided: int = 0
    replaced: int = 0
    pause_rows: int = 0
    pause_rejected: int = 0
    pause_unknown: int = 0


class DayDigest(Part):
    """The records of a day (in UTC): how many, and the eight 32-bit parts of each one's SHA-256 summed modulo 2^64.

    Equal records in any order and any files have equal digests.
    """

    day: date
    records: int
    sum: tuple[str, ...]


class FileReceipt(Part):
    """A file of the run's folder and its SHA-256."""

    name: str
    sha256: str


class ForgottenReceipt(Part):
    """Somebody was removed from the run after it was made. ``was``: the seal that the receipt had before, which a later
    run may name as that of the run before it. ``on``: the day that was given for it. ``people``: how many rows of
    people the ledger lost (0: somebody who only acted on others), ``records``: how many records about them it had
    accounted for; ``voided`` and ``replaced``: how many of these a correction had struck out or replaced."""

    was: str
    on: date | None
    people: int
    records: int
    voided: int = 0
    replaced: int = 0


class TakingReceipt(Part):
    """What was taken into a state at one time, when, and by how many files: the next ``records`` of the inputs of that
    role, and the next ``corrections``. ``rows`` of records, of which ``rejected`` could not be read and ``skipped``
    were, as the mapping says; copies and ids that several rows share are found among all takings."""

    number: int
    taken_at: datetime
    records: int
    corrections: int
    rows: int
    rejected: int
    skipped: int


class ValueReceipt(Part):
    """A part of a run by a field: everybody whom a record of the value names, how many of them have a score, how many
    records their accounts tell of and of how many nobody's do, and the digest of this part of the ledger."""

    value: str
    people: int
    scored: int
    records: int
    not_admitted: int
    ledger_digest: str


class ByReceipt(Part):
    """The field that the score is by, how many people have a row for any of its values, and each value in the order of
    the rulebook."""

    field: str
    people: int
    values: tuple[ValueReceipt, ...]


class Receipt(Part):
    """What a run was made of, and the digest of what it gave. ``computed_at`` is in no digest.

    ``files`` are those of the run's folder, but for the receipt itself; none where no folder was written. ``seal`` is
    the SHA-256 of all the rest of the receipt's file: of what text exactly, ``is_sealed`` says. ``previous`` is the
    seal of the run before this one; none where no run was named as that. ``forgotten``: who was removed since, not by
    name; ``counts`` and ``inputs`` are as the run was made. ``takings``: where a state has kept the records, what was
    taken in each time, the earliest first; none elsewhere. ``by``: only where the score is by a field;
    ``ledger_digest`` is then that of the parts' digests.
    """

    schema_name: Literal["tallystick.receipt/1"] = Field(
        default="tallystick.receipt/1", serialization_alias="schema", validation_alias="schema"
    )
    rulebook: RulebookReceipt
    as_of: date
    inputs: tuple[InputReceipt, ...]
    mapping: MappingReceipt | None
    engine: EngineReceipt
    counts: CountsReceipt
    ledger_digest: str
    previous: str | None = None
    record_digest: tuple[DayDigest, ...] | None = None
    files: tuple[FileReceipt, ...] = ()
    computed_at: datetime
    forgotten: tuple[ForgottenReceipt, ...] = ()
    takings: tuple[TakingReceipt, ...] = ()
    by: ByReceipt | None = Field(default=None, exclude_if=lambda by: by is None)
    seal: str | None = None

    @property
    def removed(self) -> int:
        """How often somebody of whom the run told was removed since."""
        return sum(each.people > 0 for each in self.forgotten)


def sealed(receipt: Receipt) -> str:
    """Return a receipt as the text of its file, with its seal."""
    document = receipt.model_dump(mode="json", by_alias=True)
    return laid_out({**document, "seal": seal_of(document)})


def laid_out(document: dict[str, object]) -> str:
    """Return a document as it stands in a file of a run."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def is_sealed(content: bytes) -> bool:
    """Tell whether a receipt's file says what it said when it was sealed."""
    document = json.loads(content)
    return isinstance(document, dict) and document.get("seal") == seal_of(document)


def seal_of(document: dict[str, object]) -> str:
    """Return the SHA-256 of the canonical text (RFC 8785) of the document without its seal."""
    unsealed = {key: value for key, value in document.items() if key != "seal"}
    return hashlib.sha256(canonical(unsealed)).hexdigest()
