"""Takes a run; gives what looks like a slip: kinds not listed, people's names alike, a day far from all records.

Nothing of it changes a score. A name is what it is to the last character, in capitals and blanks too; but who wrote the
same name in two ways meant one person, and who wrote a kind otherwise than the rulebook meant the rulebook's.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import RowsNotKept
from tallystick.engine.run import FinishedRun, RunRows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PLAIN = r"lower(nfc_normalize(regexp_replace({}, '^[\s\v\pZ\p{{Cf}}]+|\p{{Cf}}+|[\s\v\pZ\p{{Cf}}]+$', '', 'g')))"
"""A name in plain letters, as SQL: without capitals, the blanks and line ends around it and what cannot be seen, each
accent written in one way."""
_SUBJECT = _PLAIN.format("subject")


class UnlistedKind(NamedTuple):
    """A kind of which there are records and which the rulebook does not list; ``meant``: the one that it does list and
    that is the same in plain letters."""

    kind: str
    records: int
    meant: str | None


def unlisted_kinds(run: FinishedRun) -> tuple[UnlistedKind, ...]:
    """Return the kinds of records that the rulebook does not list, the most frequent first; none where the records lie
    elsewhere."""
    listed, rows = run.rulebook.kinds, _rows(run)
    if not listed or rows is None or rows.records is None:
        return ()
    kind = quote_name("kind")
    counted = rows.connection.execute(
        f"SELECT {kind}, count(*), {_PLAIN.format(kind)} FROM ({rows.records}) "
        f"WHERE {kind} NOT IN ({', '.join(map(quote_text, listed))}) GROUP BY {kind} ORDER BY count(*) DESC, {kind}"
    )
    found = counted.fetchall()
    plain = rows.connection.execute(
        f"SELECT {', '.join(_PLAIN.format(quote_text(each)) for each in listed)}"
    ).fetchone()
    alike = dict(zip(reversed(plain or ()), reversed(listed), strict=True))
    return tuple(UnlistedKind(name, records, alike.get(folded)) for name, records, folded in found)


def names_alike(run: FinishedRun) -> tuple[tuple[str, ...], ...]:
    """Return sets of people's names that are the same in plain letters, in order: of those who have a result, and of
    those whom records are about and who have none because the subjects do not name them."""
    found = [names for part in run.parts() for names in _alike(part.tables.connection, part.tables.table("scores"))]
    rows = _rows(run) if run.rulebook.subjects is not None and run.counts.not_admitted else None
    if rows is not None and rows.records is not None and rows.subjects is not None:
        subject = f"CAST({quote_name('subject')} AS VARCHAR) AS subject"
        both = " UNION ".join(f"SELECT {subject} FROM ({each})" for each in (rows.records, rows.subjects))
        found += _alike(rows.connection, f"({both})")
    return tuple(sorted(set(found)))


def written_otherwise(run: FinishedRun, name: str) -> tuple[str, ...]:
    """Return the names of those who have a result that are the same as ``name`` in plain letters, in order."""
    found = {
        each
        for part in run.parts()
        for (each,) in part.tables.connection.execute(
            f"SELECT subject FROM {part.tables.table('scores')} WHERE {_SUBJECT} = {_PLAIN.format('$name')}",
            {"name": name},
        ).fetchall()
    }
    return tuple(sorted(found - {name}))


def days_of_records(run: FinishedRun) -> tuple[date, date] | None:
    """Return the first and the last day of which there are records; None where there are none, or they lie elsewhere.
    A moment has its day in UTC."""
    rows = _rows(run)
    if rows is None or rows.records is None:
        return None
    at = f"CAST({quote_name('at')} AS DATE)"
    first, last = rows.connection.execute(f"SELECT min({at}), max({at}) FROM ({rows.records})").fetchall()[0]
    return None if first is None else (first, last)


def _rows(run: FinishedRun) -> RunRows | None:
    try:
        return run.rows()
    except RowsNotKept:
        return None


def _alike(connection: DuckDBPyConnection, people: str) -> list[tuple[str, ...]]:
    """Return the sets of names in ``people``, where each stands once, that are one in plain letters."""
    several = f"FROM {people} GROUP BY {_SUBJECT} HAVING count(*) > 1"
    # To look for them takes a third of what it takes to name them, and nearly always there are none.
    if not connection.execute(f"SELECT 1 {several} LIMIT 1").fetchall():
        return []
    names = connection.execute(f"SELECT list(subject ORDER BY subject) {several}").fetchall()
    return [tuple(each) for (each,) in names]
