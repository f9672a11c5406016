"""Takes the rows of people in a connection; gives what was read about one of them, admitted or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from tallystick.engine.intake.reading import as_scalar, subject_fields, written
from tallystick.engine.ledger import InputRow
from tallystick.engine.query.sql import quote_name
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AHEAD = 1_000
"""So many people are read at once, in the order of code points: whoever explains many asks in that order, and to look
for one takes as long as to look for all."""


class Attributes(Struct):
    """What is asked of the relation called ``subjects``, which has a row for each person."""

    connection: DuckDBPyConnection
    rulebook: Rulebook
    subjects: str
    _ahead: dict[str, tuple[InputRow, ...]] = field(default_factory=dict)

    def of(self, name: str) -> tuple[InputRow, ...]:
        """Return one person's, as the ledger's inputs have them of who was admitted; nothing of who has no row."""
        if self.rulebook.subjects is None:
            return ()
        if name not in self._ahead:
            self._read_from(name)
        return self._ahead.get(name, ())

    def _read_from(self, name: str) -> None:
        """Read the next people, from one of that name on."""
        fields = [each for each in subject_fields(self.rulebook) if each.name != "subject"]
        columns = ", ".join(quote_name(each.name) for each in fields)
        subject = "CAST(subject AS VARCHAR)"
        rows = self.connection.execute(
            f"SELECT {subject} AS person, {columns} FROM {quote_name(self.subjects)} "
            f"WHERE {subject} >= $name ORDER BY person LIMIT {_AHEAD}",
            {"name": name},
        ).fetchall()
        self._ahead = {
            person: tuple(
                InputRow(person, each.name, written(as_scalar(value)))
                for each, value in zip(fields, values, strict=True)
            )
            for person, *values in rows
        }
