"""Takes the rows of a run by a field; gives everybody's ledger for each value, as files, and what the receipt says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tallystick.engine.by_field.parts import BY
from tallystick.engine.by_field.rows import of_value
from tallystick.engine.digest import digest_of_people, digest_of_values, digest_query, digest_told
from tallystick.engine.duckdb import Beside, Ledger, run_ledger
from tallystick.engine.folder_writing import parquet_copy
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.query.wide import WIDE, wide_name
from tallystick.engine.run import RunRows
from tallystick.engine.workshop import Workshop
from tallystick.rules.questions.by import values_of
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from tallystick.engine.elsewhere.part import Elsewhere
    from tallystick.engine.receipt import ByReceipt, ValueReceipt

_FATES = "fates of all values"


class ScoredParts(Struct, frozen=True):
    """Everybody's ledger for each value: ``folder`` holds its wide tables, ``told`` what the receipt says of each.

    ``ledger`` is the last value's in the connection, but for the fates and counts, which are of all values.
    """

    folder: Path
    ledger: Ledger
    told: ByReceipt

    @property
    def digest(self) -> str:
        """The digest of the whole ledger."""
        return digest_of_values((each.value, each.ledger_digest) for each in self.told.values)


def score_parts(
    workshop: Workshop,
    rulebook: Rulebook,
    rows: RunRows,
    as_of: date,
    progress: Callable[[str, int], None],
    *,
    elsewhere: Elsewhere | None,
) -> ScoredParts:
    """Score everybody for each value, as if there were no other records than those of the value; ``elsewhere``: where
    the records lie, if not in ``rows``.

    What is left in the connection are the names of everybody in any part, in the wide table of scores, and everybody's
    fates, of records that lie here.
    """
    by = rulebook.score.by
    assert by is not None  # noqa: S101  nobody parts another rulebook's run
    connection, folder = workshop.connection, workshop.scratch / "parts"
    folder.mkdir()
    there = {} if elsewhere is None else elsewhere.by_value(by)
    ledgers: list[Ledger] = []
    told: list[ValueReceipt] = []
    for place, value in enumerate(values_of(rulebook)):
        ledger = run_ledger(
            connection,
            rulebook,
            None if rows.records is None else of_value(rulebook, rows.records, value),
            rows.subjects,
            as_of,
            pauses=rows.pauses,
            voided=None if rows.voided is None else of_value(rulebook, rows.voided, value),
            beside=Beside(early=(digest_of_people(rulebook),), late=(digest_query(rulebook),)),
            elsewhere=None if elsewhere is None else elsewhere.of_value(by, value, there.get(value, 0)),
            progress=progress,
        )
        ledgers.append(ledger)
        told.append(_told(ledger, rulebook, value))
        if elsewhere is None:
            fates = f"SELECT {quote_name('#row')}, fate, name FROM ({ledger.fates_sql})"
            _add(workshop, _FATES, fates, first=place == 0)
        for table in WIDE:
            wide = quote_name(wide_name(table))
            query = f'SELECT {place} AS "#place", {quote_text(value)} AS {quote_name(BY)}, * FROM {wide}'
            _add(workshop, f"{table} of all values", query, first=place == 0)
    for table in WIDE:
        every = quote_name(f"{table} of all values")
        # The person first, as in every other run's files.
        query = f'SELECT subject, * EXCLUDE ("#place", subject) FROM {every} ORDER BY "#place", subject'
        connection.execute(parquet_copy(query, folder / f"{table}.parquet"))
    everybody = quote_name("scores of all values")
    connection.execute(f"CREATE TABLE {quote_name('people of all values')} AS SELECT DISTINCT subject FROM {everybody}")
    for table in WIDE:
        connection.execute(f"DROP TABLE {quote_name(f'{table} of all values')}")
    scores = quote_name(wide_name("scores"))
    connection.execute(f"CREATE OR REPLACE VIEW {scores} AS SELECT subject FROM {quote_name('people of all values')}")
    last = ledgers[-1]
    whole = replace(
        last,
        query=replace(last.query, fates="" if elsewhere is not None else f"SELECT * FROM {quote_name(_FATES)}"),
        exact=sum(each.exact for each in ledgers),
        not_admitted=sum(each.not_admitted for each in ledgers),
        told=(),
    )
    from tallystick.engine.receipt import ByReceipt  # noqa: PLC0415  it loads pydantic

    ((people,),) = connection.execute(f"SELECT count(*) FROM {quote_name('people of all values')}").fetchall()
    return ScoredParts(folder, whole, ByReceipt(field=by, people=people, values=tuple(told)))


def _add(workshop: Workshop, table: str, query: str, *, first: bool) -> None:
    """Make a table of what a query gives, or put it below what is there."""
    begin = f"CREATE TABLE {quote_name(table)} AS" if first else f"INSERT INTO {quote_name(table)}"
    workshop.connection.execute(f"{begin} {query}")


def _told(ledger: Ledger, rulebook: Rulebook, value: str) -> ValueReceipt:
    """Count a part, which is in the connection now."""
    from tallystick.engine.receipt import ValueReceipt  # noqa: PLC0415  it loads pydantic

    ((people, scored, records),) = ledger.connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE outcome = 'scored'), "
        f"(SELECT CAST(coalesce(sum(records), 0) AS BIGINT) FROM {ledger.tables.table('accounts')}) "
        f"FROM {ledger.tables.table('scores')}"
    ).fetchall()
    return ValueReceipt(
        value=value,
        people=people,
        scored=scored,
        records=records,
        not_admitted=ledger.not_admitted,
        ledger_digest=digest_told(ledger.connection, rulebook, ledger.told[0]),
    )
