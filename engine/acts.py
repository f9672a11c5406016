"""Takes what people did to records and said about scores: corrections and statements, as taken in or kept; gives those
of a person, and the queries for the files in which a run keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tallystick.engine.corrections import CorrectionRow, id_field
from tallystick.engine.corrections_kept import corrections_of
from tallystick.engine.intake import corrections as corrections_intake
from tallystick.engine.intake import statements as statements_intake
from tallystick.engine.intake.corrections import CORRECTIONS
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.intake.statements import STATEMENTS, check_statements, statements_of
from tallystick.engine.intake.taking import Taken
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.statements import StatementRow
from tallystick.engine.workshop import Workshop
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ACTS = {CORRECTIONS: "corrections.parquet", STATEMENTS: "statements.parquet"}
"""The table of each sort of act, and the file of a run in which it is kept."""
KINDS: Mapping[str, dict[str, str]] = {CORRECTIONS: corrections_intake.KINDS, STATEMENTS: statements_intake.KINDS}
"""The columns of each of these tables, with their types."""
_QUERIES = {
    CORRECTIONS: f'SELECT {corrections_intake.COLUMNS} FROM {quote_name(CORRECTIONS)} ORDER BY "#row"',
    STATEMENTS: f"SELECT {statements_intake.COLUMNS} FROM {quote_name(STATEMENTS)} ORDER BY ALL",
}


class Acts(Struct, frozen=True):
    """How to ask for a person's corrections and statements, and the query of each file that keeps some."""

    corrections: Callable[[str], tuple[CorrectionRow, ...]]
    statements: Callable[[str], tuple[StatementRow, ...]]
    kept: Mapping[str, str] = field(default_factory=dict)


def acts_of(workshop: Workshop, rulebook: Rulebook, taken: Taken) -> Acts:
    """Hold statements against the ledger in the workshop, and return the acts that were taken in.

    Raises ``DataRefusal`` where a statement is of nobody or about nothing that there is.
    """
    there: set[str] = set()
    if taken.corrections is not None:
        there.add(CORRECTIONS)
    if taken.statements is not None:
        check_statements(workshop, rulebook, taken.statements, _named(workshop, rulebook, taken), taken.voided)
        there.add(STATEMENTS)
    return acts_in(workshop.connection, rulebook, there)


def _named(workshop: Workshop, rulebook: Rulebook, taken: Taken) -> str | None:
    """Return a query for the records that stand; of those elsewhere, for the ones that statements are about."""
    key = id_field(rulebook)
    if taken.elsewhere is None or key is None:
        return None if taken.records is None else taken.records.relation.select
    ids = f"SELECT record FROM {quote_name('statements read')}"
    return taken.elsewhere.named(workshop.connection, key, ids, "records stated")


def are_acts(connection: DuckDBPyConnection, rulebook: Rulebook, table: str) -> bool:
    """Tell whether the rows of such a table, as one from elsewhere may not be, are acts by this rulebook."""
    days = "BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
    if table == CORRECTIONS:
        fields = len(record_fields(rulebook))
        valid = (
            f'record IS NOT NULL AND reason IS NOT NULL AND who IS NOT NULL AND "when" {days} '
            f"AND len(before) = {fields} AND CASE action WHEN 'void' THEN after IS NULL "
            f"WHEN 'replace' THEN len(after) = {fields} ELSE false END"
        )
    else:
        rules = ", ".join(quote_text(each.name) for each in rulebook.rules) or "NULL"
        valid = (
            "subject IS NOT NULL AND text IS NOT NULL AND kind IN ('statement', 'contest') "
            f"AND since {days} AND (answer_by IS NULL OR answer_by {days}) AND (rule IS NULL OR rule IN ({rules}))"
        )
    query = f"SELECT count(*) FROM {quote_name(table)} WHERE ({valid}) IS NOT TRUE"
    ((count,),) = connection.execute(query).fetchall()
    return bool(count == 0)


def acts_in(connection: DuckDBPyConnection, rulebook: Rulebook, there: set[str]) -> Acts:
    """Return the acts of those tables that are there."""

    def corrections(name: str) -> tuple[CorrectionRow, ...]:
        return corrections_of(connection, rulebook, name) if CORRECTIONS in there else ()

    def statements(name: str) -> tuple[StatementRow, ...]:
        return statements_of(connection, name) if STATEMENTS in there else ()

    return Acts(corrections, statements, {ACTS[table]: _QUERIES[table] for table in ACTS if table in there})
