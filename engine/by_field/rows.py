"""Takes the rows that a run by a field was made from; gives those of one value, and the records behind its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.engine.duckdb import evidence_from
from tallystick.engine.evidence import Evidence
from tallystick.engine.ledger import EvidenceRow
from tallystick.engine.query.compile import WHOLE
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import RunRows
from tallystick.rules.questions.by import values_of
from tallystick.rules.rulebook import Rulebook


def of_value(rulebook: Rulebook, select: str, value: str) -> str:
    """Return the query for the records of one value, from one for all records."""
    assert rulebook.score.by is not None  # noqa: S101  nobody asks of another rulebook
    return f"SELECT * FROM ({select}) WHERE CAST({quote_name(rulebook.score.by)} AS VARCHAR) = {quote_text(value)}"


def only_value(rulebook: Rulebook, value: str | None) -> None:
    """Raise ``UsageRefusal`` unless there is one score for each person: by no field, or of one of its values."""
    field, values = rulebook.score.by, values_of(rulebook)
    if field is None and value is not None:
        message = f"the score of `{rulebook.name}` is by no field, so none is of `{value[:64]}`"
        raise UsageRefusal(message, help="leave the value out")
    if field is not None and value is None:
        message = f"the score is by `{field}`, and this tells of one score for each person"
        raise UsageRefusal(message, help=f"add `--in VALUE`: {', '.join(values)}")
    if value is not None and value not in values:
        raise unknown_value(rulebook, value)


def unknown_value(rulebook: Rulebook, value: str) -> UsageRefusal:
    """Return the refusal of a value that the field does not have."""
    message = f"`{value[:64]}` is no value of `{rulebook.score.by}`"
    return UsageRefusal(message, help=f"write one of {', '.join(f'`{each}`' for each in values_of(rulebook))}")


def rows_of_value(rulebook: Rulebook, rows: RunRows, value: str) -> RunRows:
    """Return where the rows of one value lie; attributes and pauses are the same for all values."""
    fates = rows.fates
    if fates is not None and rows.records is not None:
        own = f'SELECT "#row" FROM ({of_value(rulebook, rows.records, value)})'
        fates = f'SELECT * FROM ({fates}) WHERE "#row" IN ({own})'
    return replace(
        rows,
        records=None if rows.records is None else of_value(rulebook, rows.records, value),
        voided=None if rows.voided is None else of_value(rulebook, rows.voided, value),
        fates=fates,
    )


class RecordsByValue(Struct):
    """The records of a run, asked for one value after another over one connection.

    What evidence asks is made ready for one value at a time, and anew for the next. INVARIANT: all that is asked of the
    connection for a value has been read when another value is made ready.
    """

    rulebook: Rulebook
    as_of: date
    all_rows: Callable[[], RunRows]
    near_rows: Callable[[str], RunRows] | None = None
    """Gives the rows near one person, where others lie elsewhere."""
    _ready: tuple[tuple[str, str], Evidence] | None = field(default=None)

    def rows(self, value: str) -> RunRows:
        """Return where the rows of a value lie; whoever asks may make tables there, so that nothing is ready after."""
        self._ready = None
        return rows_of_value(self.rulebook, self.all_rows(), value)

    def near(self, value: str, name: str) -> RunRows:
        """Return where rows of a value lie among which all are that have to do with one person."""
        if self.near_rows is None:
            return self.rows(value)
        self._ready = None
        return rows_of_value(self.rulebook, self.near_rows(name), value)

    def evidence(self, value: str, name: str) -> Iterator[EvidenceRow]:
        """Give the records of a value behind one person's measures."""
        return iter(tuple(self._of(value, name)(name)))

    def evidence_of_many(self, value: str, names: Sequence[str]) -> Iterator[tuple[str, tuple[EvidenceRow, ...]]]:
        """Give the same of many people."""
        return iter(tuple(self._of(value).of_many(names)))

    def _of(self, value: str, name: str | None = None) -> Evidence:
        """Make ready what evidence of a value asks: of everybody, unless only the rows near one person can be had."""
        whose = "" if name is None or self.near_rows is None else name
        if self._ready is None or self._ready[0] != (value, whose):
            rows = self.near(value, whose) if whose else self.rows(value)
            rows.connection.execute(f"DROP TABLE IF EXISTS {quote_name(WHOLE)}")
            evidence = evidence_from(
                rows.connection,
                self.rulebook,
                rows.records,
                rows.subjects,
                self.as_of,
                pauses=rows.pauses,
                voided=rows.voided,
            )
            self._ready = ((value, whose), evidence)
        return self._ready[1]
