"""Takes a ledger and how it came about; gives a run: all that can be asked of it afterwards, wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

from tallystick.engine.corrections import CorrectionRow
from tallystick.engine.ledger import EvidenceRow, InputRow, RunCounts, SubjectLedger
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.pauses import Stretch
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.statements import StatementRow
from tallystick.engine.workshop import Workshop
from tallystick.rules.questions.by import values_of
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.translation import Translation

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tallystick.engine.receipt import Receipt


class RejectedRow(NamedTuple):
    """A row that could not be read: its file, the line where it begins (of Parquet and frames, its number), the field
    (empty: the row as a whole), why, and how the value begins."""

    file: str
    line: int
    field: str
    reason: str
    value: str


class RunRows(Struct, frozen=True):
    """Where the rows lie that a run was made from: a connection, and queries for the records and the rows of subjects.

    Each gives ``#row`` and the declared fields under their own names, every accepted row once; None where the rulebook
    declares none. A field of type text is of a whole-number type where its column is. ``pauses`` gives ``subject``,
    ``from`` and ``to``; None where none were given. ``records`` are those that stand; ``voided`` those that corrections
    struck out, None where there are no corrections. ``fates`` gives ``#row``, ``#fate`` and ``#exclusion`` as a folder
    has kept them; None elsewhere.
    """

    connection: DuckDBPyConnection
    records: str | None
    subjects: str | None
    pauses: str | None = None
    voided: str | None = None
    fates: str | None = None


def of_several(rulebook: Rulebook) -> UsageRefusal:
    """Return the refusal of who asks a run by a field for the one score of somebody. INVARIANT: it tells of nobody as a
    whole, so that nothing that knows of one score for each person gives a wrong figure, or each person twice."""
    values = ", ".join(f"`{each}`" for each in values_of(rulebook))
    message = f"the score is by `{rulebook.score.by}`, so each person can have several, and this tells of one"
    return UsageRefusal(message, help=f"say for which value: {values}")


def _name(given: object) -> str:
    """Return what a person is asked for by; raises ``UsageRefusal`` for a number: an id is a text here, whatever it is
    in the data."""
    if not isinstance(given, str):
        message = f"a person is named by a text, and this is of the type {type(given).__name__}: {given}"
        raise UsageRefusal(message, help="give the name as a text, also where it is a number in the data")
    return given


class Parts(Protocol):
    """What gives the run of one value."""

    def part(self, whole: FinishedRun, value: str) -> FinishedRun:
        """Return it; raises ``UsageRefusal`` where there is no such value."""

    def close(self) -> None:
        """Let go of all that were given."""


class FinishedRun(Struct, frozen=True):
    """A run, just made or opened from its folder; it is a ``ledger.Run``.

    ``notices`` are words for whoever started it: what was ignored, what is missing from every row. It holds a database
    connection and a folder for it until ``close`` or until nobody holds it any more. ``evidence_of_many`` gives each of
    many people's evidence, much faster than one after another. ``rows`` finds the rows that it was made from, and
    raises a refusal where a run's folder was written without; ``near`` finds rows among which all are that have to do
    with one person, and can where the records lie elsewhere. By a field, ``parts_in`` gives the run of each value,
    which has that ``value``, and as its rulebook that of this value alone; ``declared`` is the one that was written.
    """

    rulebook: Rulebook
    as_of: date
    receipt_of: Callable[[], Receipt]
    counts_of: Callable[[], RunCounts]
    notices: tuple[str, ...]
    tables: LedgerTables
    workshop: Workshop
    rejected: Callable[[], Iterator[RejectedRow]]
    evidence_of: Callable[[str], Iterator[EvidenceRow]]
    evidence_of_many: Callable[[Sequence[str]], Iterator[tuple[str, tuple[EvidenceRow, ...]]]]
    rows: Callable[[], RunRows]
    near: Callable[[str], RunRows]
    pauses_of: Callable[[str], tuple[Stretch, ...]]
    attributes_of: Callable[[str], tuple[InputRow, ...]]
    corrections_of: Callable[[str], tuple[CorrectionRow, ...]]
    statements_of: Callable[[str], tuple[StatementRow, ...]]
    translations_of: Callable[[], tuple[Translation, ...]] = tuple
    value: str | None = None
    parts_in: Parts | None = None
    whole: Rulebook | None = None

    @property
    def declared(self) -> Rulebook:
        """The rulebook as it was written, with every value of the field that the score is by."""
        return self.rulebook if self.whole is None else self.whole

    @property
    def receipt(self) -> Receipt:
        """What was read, by which rules, and the digest of what came of it, which a run that is not written works out
        when it is first asked for."""
        return self.receipt_of()

    @property
    def counts(self) -> RunCounts:
        """What became of the rows read."""
        return self.counts_of()

    def subjects(self) -> Iterator[str]:
        """Give everyone with a row in ``scores``, in the order of code points."""
        return self._one.subjects()

    def subject(self, name: str) -> SubjectLedger | None:
        """Return one person's ledger; None if no input names the person."""
        return self._one.subject(_name(name))

    def ledgers(self) -> Iterator[SubjectLedger]:
        """Give everyone's ledger, in the order of ``subjects``."""
        return self._one.ledgers()

    def parts(self) -> Iterator[FinishedRun]:
        """Give the runs that tell of one score for each person: by a field, that of each value in the order of the
        rulebook; else this run alone."""
        if self.parts_in is None:
            yield self
            return
        for value in values_of(self.rulebook):
            yield self.part(value)

    def part(self, value: str) -> FinishedRun:
        """Return the run of one value; raises ``UsageRefusal`` where there is no such value. It is open as long as this
        run is."""
        if self.parts_in is None:
            message = f"each person has one score here, and none is of `{value[:64]}`"
            raise UsageRefusal(message, help="leave the value out")
        return self.parts_in.part(self, value)

    @property
    def _one(self) -> LedgerTables:
        """The ledger, in which each person has one score."""
        if self.parts_in is not None:
            raise of_several(self.rulebook)
        return self.tables

    def evidence(self, name: str) -> Iterator[EvidenceRow]:
        """Give the records behind one person's measures, measure by measure."""
        return self.evidence_of(_name(name))

    def pauses(self, name: str) -> tuple[Stretch, ...]:
        """Return one person's absences up to the as-of day, put together."""
        return self.pauses_of(_name(name))

    def attributes(self, name: str) -> tuple[InputRow, ...]:
        """Return what was read about one person, admitted or not; nothing where the rows are not at hand."""
        return self.attributes_of(_name(name))

    def corrections(self, name: str) -> tuple[CorrectionRow, ...]:
        """Return the corrections of records that touch one person, the earliest first."""
        return self.corrections_of(_name(name))

    def statements(self, name: str) -> tuple[StatementRow, ...]:
        """Return what one person states about the score, the earliest first."""
        return self.statements_of(_name(name))

    def translations(self) -> tuple[Translation, ...]:
        """Return the rulebook's words in other languages, as the run has kept them."""
        return self.translations_of()

    def close(self) -> None:
        """Let go of the connection and its folder; a part of a run by a field goes with the run."""
        if self.parts_in is not None:
            self.parts_in.close()
        if self.value is None:
            self.workshop.close()
