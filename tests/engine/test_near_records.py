"""Records that lie elsewhere come here for one person at a time: none twice, and enough for all that is told."""

from __future__ import annotations

from datetime import date
from typing import cast

import duckdb
import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, cases, scored
from hypothesis import given, settings
from ledgers.in_duckdb import in_duckdb, typed
from msgspec import Struct

from tallystick.engine.duckdb import evidence_from
from tallystick.engine.elsewhere import near as near_records
from tallystick.engine.elsewhere.near import BROUGHT, bring_near
from tallystick.engine.elsewhere.part import Agreeing, Elsewhere, agreeing
from tallystick.engine.intake.corrections import COLUMNS, CORRECTIONS
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.query.sql import quote_name
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import RunRows
from tallystick.engine.what_if.neighbourhood import is_settled, neighbourhood

FEW = max(4, settings.default.max_examples // 25) if settings.default is not None else 4
NEAR = """rulebook "Near" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like
    at      date

measure likes "like" / "likes"
    count like

rule liked "Likes"
    points likes

score "Sum"
    sum of all rules
"""


class _Beside(Struct, frozen=True):
    """Records that lie in a table of the same connection, as if it were another database: ``elsewhere.Elsewhere``, as
    far as it is asked for single records."""

    names: tuple[str, ...]

    def bring_agreeing(
        self, connection: duckdb.DuckDBPyConnection, asked: tuple[Agreeing, ...], table: str, most: int
    ) -> None:
        """Add the records that agree."""
        ((there,),) = connection.execute(f"SELECT count(*) FROM {quote_name(table)}").fetchall()  # noqa: S608  ours
        found = f"{agreeing('rows', self.names, asked)} LIMIT {most + 1}"
        number = f"{there} + row_number() OVER ()"
        connection.execute(f"INSERT INTO {quote_name(table)} SELECT {number}, * FROM ({found})")  # noqa: S608  ours


def _brought(case: Case, connection: duckdb.DuckDBPyConnection, name: str) -> RunRows:
    kept = f"SELECT {COLUMNS} FROM {quote_name(CORRECTIONS)}"  # noqa: S608  ours
    return bring_near(
        connection,
        cast("Elsewhere", _Beside(tuple(field.name for field in record_fields(case.rulebook)))),
        case.rulebook,
        name,
        case.as_of,
        corrections=kept if case.corrections else None,
        subjects=None if case.rulebook.subjects is None else 'SELECT * FROM "people given"',
        pauses='SELECT * FROM "pauses told"' if case.pauses else None,
    )


@settings(max_examples=FEW)
@given(cases())
def test_what_is_brought_gives_ledger_and_evidence(case: Case) -> None:
    """I2, I4: whatever the rulebook, the records and their corrections, what comes here of a person gives the person's
    ledger, and evidence record by record; nothing of it comes twice."""
    if case.rulebook.records is None:
        return
    reference, given_ = scored(case, corrected=True), case.read_records.rows
    run = in_duckdb(case.rulebook, given_, case.read_subjects.rows, case.as_of, case.pauses, case.corrections)
    connection = run.ledger.connection
    try:
        for name in list(reference.subjects())[:2]:
            rows = _brought(case, connection, name)
            assert is_settled(neighbourhood(rows, case.rulebook, name, case.as_of), reference.subject(name))
            evidence = evidence_from(
                connection,
                case.rulebook,
                rows.records,
                rows.subjects,
                case.as_of,
                pauses=rows.pauses,
                voided=rows.voided,
            )
            assert list(evidence(name)) == list(reference.evidence(name))
            columns = ", ".join(quote_name(field.name) for field in record_fields(case.rulebook))
            more = f"SELECT {columns} FROM {quote_name(BROUGHT)} EXCEPT ALL SELECT {columns} FROM rows"  # noqa: S608  ours
            assert connection.execute(more).fetchall() == []
    finally:
        run.close()


def test_too_many_records_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of somebody with whom more records have to do than can be worked through one by one, nothing is told, and no more
    of them come than it takes to know that; the records of others are left where they are."""
    rulebook = accepted(NEAR)
    monkeypatch.setattr(near_records, "MOST_ROWS", 3)
    day, connection = date(2026, 1, 1), duckdb.connect()
    rows = [("ada", f"actor {place}", "like", day) for place in range(9)] + [("bo", "ada", "like", day)] * 2
    typed(connection, "rows", record_fields(rulebook), rows)
    there = cast("Elsewhere", _Beside(("subject", "actor", "kind", "at")))
    given_ = {"corrections": None, "subjects": None, "pauses": None}
    brought = f"SELECT count(*) FROM {quote_name(BROUGHT)}"  # noqa: S608  ours
    with pytest.raises(DataRefusal, match="more than 3 records have to do with `ada`"):
        bring_near(connection, there, rulebook, "ada", day, **given_)
    assert connection.execute(brought).fetchall() == [(4,)]
    bring_near(connection, there, rulebook, "bo", day, **given_)
    assert connection.execute(brought).fetchall() == [(2,)]
