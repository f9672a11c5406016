"""Takes the ledger's files of a run by a field; gives the run of one value, which is asked as any other run is."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.engine.by_field.rows import RecordsByValue, unknown_value
from tallystick.engine.corrections import CorrectionRow
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.ledger_columns import check_ledger
from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.query.wide import WIDE, wide_name
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun, of_several
from tallystick.engine.workshop import Workshop, open_workshop
from tallystick.rules.questions.by import of_one_value, values_of
from tallystick.rules.rulebook import Rulebook

BY = "by"
"""The column beside ``subject`` in the ledger's files: the value of the field that the score is by."""


def in_parts(run: FinishedRun, parts: LedgerParts) -> FinishedRun:
    """Return a run by a field, which as a whole tells of nobody's score."""

    def refuse(_asked: object) -> NoReturn:
        raise of_several(run.rulebook)

    return replace(run, parts_in=parts, evidence_of=refuse, evidence_of_many=refuse)


class LedgerParts(Struct):
    """The parts of a run by a field: for each value, the ledger that its records alone give.

    ``folder`` holds the wide tables with the column ``BY``. What is open is kept, since a part may be asked for again.
    """

    rulebook: Rulebook
    folder: Path
    records: RecordsByValue
    _open: dict[str, tuple[Workshop, LedgerTables]] = field(default_factory=dict)

    def part(self, whole: FinishedRun, value: str) -> FinishedRun:
        """Return the run of one value; raises ``UsageRefusal`` where there is no such value."""
        if value not in values_of(self.rulebook):
            raise unknown_value(self.rulebook, value)
        if value not in self._open:
            self._open[value] = self._opened(value)
        workshop, tables = self._open[value]
        place = [each.name for each in record_fields(self.rulebook)].index(self.rulebook.score.by or "")
        name = record_fields(self.rulebook)[place].name

        def touching(row: CorrectionRow) -> bool:
            """Say whether a correction struck out a record of the value, or put one in its place."""
            return row.values[place] == value or any(each.field == name and each.after == value for each in row.changes)

        return replace(
            whole,
            rulebook=of_one_value(whole.rulebook, value),
            value=value,
            parts_in=None,
            whole=whole.rulebook,
            tables=tables,
            workshop=workshop,
            evidence_of=lambda subject: self.records.evidence(value, subject),
            evidence_of_many=lambda subjects: self.records.evidence_of_many(value, subjects),
            rows=lambda: self.records.rows(value),
            near=lambda subject: self.records.near(value, subject),
            corrections_of=lambda subject: tuple(filter(touching, whole.corrections_of(subject))),
        )

    def close(self) -> None:
        """Let go of every part."""
        for workshop, _ in self._open.values():
            workshop.close()

    def _opened(self, value: str) -> tuple[Workshop, LedgerTables]:
        import duckdb  # noqa: PLC0415

        files = {table: self.folder / f"{table}.parquet" for table in WIDE}
        workshop = open_workshop(reads=files.values())
        try:
            for table, file in files.items():
                link = workshop.show(file, file.name)
                workshop.connection.execute(
                    f"CREATE VIEW {quote_name(wide_name(table))} AS SELECT * EXCLUDE ({quote_name(BY)}) "
                    f"FROM read_parquet({quote_text(str(link))}) WHERE {quote_name(BY)} = {quote_text(value)}"
                )
            check_ledger(workshop.connection, self.rulebook)
        except duckdb.Error as error:
            workshop.close()
            message = f"the run is damaged: {str(error).splitlines()[0]}"
            raise DataRefusal(message, help="score again") from error
        except DataRefusal:
            workshop.close()
            raise
        return workshop, LedgerTables(workshop.connection, self.rulebook)
