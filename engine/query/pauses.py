"""Takes the pauses accepted; gives SQL for how many of the days since a record a person was away, and what is left of
1 with those days and without.

Days are told by their age, as those of records are: the as-of day has the age 0. A record of age G fades on the days
of the ages 0 to G - 1.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tallystick.engine.pauses import Pause, Stretch, stretches
from tallystick.engine.query.fading import LEFT_OF_ONE
from tallystick.engine.query.sql import indented, quote_name
from tallystick.engine.query.steps import AS_OF, DAYS_OLD, PAUSES, Step

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STRETCHES = "days paused"
LEFT_UNPAUSED = '"what is left without pauses"'


def show_pauses(connection: DuckDBPyConnection, pauses: str | None) -> None:
    """Show a connection the pauses accepted: a query with ``subject``, ``from`` and ``to``; None: there are none."""
    none = 'SELECT NULL AS subject, CAST(NULL AS DATE) AS "from", CAST(NULL AS DATE) AS "to" WHERE false'
    connection.execute(
        f"CREATE OR REPLACE VIEW {quote_name(PAUSES)} AS "
        f'SELECT CAST(subject AS VARCHAR) AS subject, "from", "to" FROM ({none if pauses is None else pauses})'
    )


def pauses_in(connection: DuckDBPyConnection, subject: str) -> tuple[Pause, ...]:
    """Return what a connection that was shown pauses holds about one person."""
    found = connection.cursor().execute(
        f'SELECT subject, "from", "to" FROM {quote_name(PAUSES)} WHERE subject = ? ORDER BY ALL', [subject]
    )
    return tuple(Pause(*row) for row in found.fetchall())


def stretches_in(connection: DuckDBPyConnection, subject: str, as_of: date) -> tuple[Stretch, ...]:
    """Return one person's absences up to the as-of day, put together."""
    return stretches(pauses_in(connection, subject), as_of).get(subject, ())


def pause_steps() -> tuple[Step, ...]:
    """Return the steps to each person's stretches of days paused: the youngest age, how many days, and how many
    younger ones."""
    last = f'least(coalesce("to", {AS_OF}), {AS_OF})'
    told = Step(
        "pauses told",
        "each pause by the ages of its days, up to the as-of day",
        f'SELECT subject AS person, {AS_OF} - {last} AS youngest, {AS_OF} - "from" AS oldest\n'
        f'FROM {quote_name(PAUSES)} WHERE "from" <= {last}',
    )
    ordered = "PARTITION BY person ORDER BY youngest, oldest ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    begun = Step(
        "pauses begun",
        "which of them neither overlap nor touch one with younger days",
        f"SELECT *, coalesce(youngest > max(oldest) OVER ({ordered}) + 1, true) AS begins\n"
        f"FROM {quote_name(told.name)}",
    )
    numbered = (
        "SELECT *, count(*) FILTER (WHERE begins) OVER (\n"
        "    PARTITION BY person ORDER BY youngest, oldest ROWS UNBOUNDED PRECEDING) AS place\n"
        f"FROM {quote_name(begun.name)}"
    )
    whole = (
        "SELECT person, min(youngest) AS youngest, max(oldest) - min(youngest) + 1 AS days\n"
        f"FROM (\n{indented(numbered)}\n) GROUP BY person, place"
    )
    stretches = Step(
        STRETCHES,
        "each person's days paused, in stretches with a gap between them",
        "SELECT *, coalesce(sum(days) OVER (\n"
        "    PARTITION BY person ORDER BY youngest ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS younger\n"
        f"FROM (\n{indented(whole)}\n)",
    )
    return (told, begun, stretches)


def slowed(source: str, fading: str) -> str:
    """Return what to select from: a source with ``person`` and ``days old``, what is left of 1 at the age by which its
    records fade, and what would be left at their age in full. Both are quoted already."""
    # Only the ages of who was away at all are looked up, so that others cost next to nothing.
    asked = (
        f"SELECT DISTINCT person, {DAYS_OLD} FROM {source}\n"
        f"WHERE CAST(person AS VARCHAR) IN (SELECT person FROM {quote_name(STRETCHES)})"
    )
    told = (
        f"SELECT asked.person, asked.{DAYS_OLD},\n"
        f"    CAST(younger + least(days, asked.{DAYS_OLD} - youngest) AS BIGINT) AS paused\n"
        f"FROM (\n{indented(asked)}\n) AS asked ASOF JOIN {quote_name(STRETCHES)} AS paused\n"
        f"    ON CAST(asked.person AS VARCHAR) = paused.person AND asked.{DAYS_OLD} > paused.youngest"
    )
    aged = (
        f'SELECT this.*, this.{DAYS_OLD} - coalesce(told.paused, 0) AS "days faded"\n'
        f"FROM {source} AS this LEFT JOIN (\n{indented(told)}\n) AS told\n"
        f"    ON told.person = this.person AND told.{DAYS_OLD} = this.{DAYS_OLD}"
    )
    return (
        f'(\n    SELECT aged.* EXCLUDE ("days faded"), slow.{LEFT_OF_ONE}, fast.{LEFT_OF_ONE} AS {LEFT_UNPAUSED}\n'
        f"    FROM (\n{indented(indented(aged))}\n    ) AS aged\n"
        f'    LEFT JOIN {fading} AS slow ON slow.{DAYS_OLD} = aged."days faded"\n'
        f"    LEFT JOIN {fading} AS fast ON fast.{DAYS_OLD} = aged.{DAYS_OLD}\n)"
    )
