"""Takes nothing; gives the tests of the intake a way to read files and to see all that came of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from tallystick.engine.intake.lines import Lines
from tallystick.engine.intake.rows import Role, TakenIn, rejected_rows, take_in
from tallystick.engine.intake.shape import Skipping
from tallystick.engine.intake.sources import Given, ParquetInput, TextInput, inputs_of
from tallystick.engine.intake.table import Wanted
from tallystick.engine.run import RejectedRow
from tallystick.engine.workshop import open_workshop
from tallystick.rules.rulebook import Field
from tallystick.rules.value import Scalar


class Found(NamedTuple):
    """What came of an input: the accepted rows in order, the rejected ones, and the counts."""

    rows: list[tuple[Scalar | None, ...]]
    rejected: list[RejectedRow]
    taken: TakenIn

    @property
    def reasons(self) -> list[tuple[int, str, str]]:
        """Line, field and reason of each rejected row."""
        return [(row.line, row.field, row.reason) for row in self.rejected]


@dataclass(frozen=True)
class Reader:
    """Reads inputs by fields, each in a connection of its own."""

    def __call__(
        self,
        given: Given,
        fields: tuple[Field, ...],
        *,
        role: Role = "records",
        columns: dict[str, str] | None = None,
        kinds: dict[str, str] | None = None,
        skip: tuple[str, ...] = (),
    ) -> Found:
        """Read; every row must be accounted for."""
        inputs = inputs_of(given, role).inputs
        workshop = open_workshop(reads=[each.path for each in inputs if isinstance(each, ParquetInput)])
        try:
            wanted = tuple(Wanted(field, (columns or {}).get(field.name, field.column)) for field in fields)
            skipping = Skipping(kinds or {}, frozenset(skip))
            taken = take_in(workshop, role, wanted, inputs, skipping, lambda _doing, _rows: None)
            query = f'FROM ({taken.relation.select}) ORDER BY "#row"'
            rows = [tuple(map(_value, row[1:])) for row in workshop.connection.execute(query).fetchall()]
            rejected = list(rejected_rows(workshop, taken))
        finally:
            workshop.close()
        assert taken.rows == len(rows) + taken.rejected + taken.skipped + taken.copies
        assert taken.rejected == len(rejected)
        return Found(rows, rejected, taken)


def _value(value: Scalar | int | None) -> Scalar | None:
    """Return a value as ``read_cell`` gives it: moments know that they are in UTC, ids are texts."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.fixture(scope="session")
def reading() -> Reader:
    """Return what reads inputs."""
    return Reader()


@pytest.fixture(scope="session")
def lines_of() -> Callable[[bytes], Lines]:
    """Return what gives the lines of some bytes, as if they came in on stdin."""

    def lines(content: bytes) -> Lines:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
            return Lines(TextInput("<stdin>", None, "csv", None))

    return lines
