"""Takes a connection to which a state is attached; gives what it has kept, and keeps what one more taking read.

Its tables: ``about`` (one row), ``takings``, ``files``, and for each role ``ROLE read`` and ``ROLE rejected``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date
from typing import TYPE_CHECKING

from msgspec import Struct

from tallystick.engine.intake.earlier import LATELY, REJECTED_LATELY, Earlier
from tallystick.engine.intake.rows import Role
from tallystick.engine.intake.table import FileRead
from tallystick.engine.ledger_columns import columns_of, has_columns
from tallystick.engine.query.native_ids import INTEGERS
from tallystick.engine.query.sql import quote_name, quote_text, quote_value
from tallystick.rules.rulebook import Field

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tallystick.engine.receipt import TakingReceipt

STATE = "state"
"""What the connection calls a state's file."""
KEPT_OF = "kept "
"""How the name of each table begins that holds work, not what was taken in."""
FORMAT = 1
KEPT: tuple[Role, ...] = ("records", "corrections")
"""The roles whose rows are kept; others are given anew each time."""
_OWN = {
    "about": {"format": "INTEGER", "rulebook": "VARCHAR", "reading": "VARCHAR", "engine": "VARCHAR"},
    "takings": {
        "number": "INTEGER",
        "taken": "TIMESTAMP",
        "records": "INTEGER",
        "corrections": "INTEGER",
        "rows": "BIGINT",
        "rejected": "BIGINT",
        "skipped": "BIGINT",
    },
    "files": {
        "role": "VARCHAR",
        "place": "INTEGER",
        "taking": "INTEGER",
        "name": "VARCHAR",
        "sha256": "VARCHAR",
        "size": "BIGINT",
        "rows": "BIGINT",
    },
}
"""The tables of every state, each with its columns."""
_KEPT_ABOUT = {"key": "VARCHAR", "rows": "BIGINT", "as_of": "DATE", "left_out": "BIGINT"}
_MAY_LACK = frozenset({"sha256", "size"})
"""What is not known of what lies in no file."""
_PLACE = {"#row": "BIGINT", "#file": "INTEGER", "#line": "BIGINT"}
_REJECTED = {**_PLACE, "field": "VARCHAR", "reason": "VARCHAR", "value": "VARCHAR"}


class About(Struct, frozen=True):
    """What a state is: its format, the rulebook's name, and how it reads records."""

    format: int
    rulebook: str
    reading: str


class KeptAbout(Struct, frozen=True):
    """What the last work over records was, of which each table is kept: of which query (``key``), of how many rows
    taken in, as of which day; and how many of those rows copies and shared ids left out."""

    key: str
    rows: int
    as_of: date
    left_out: int

    @property
    def select(self) -> str:
        """A query for it."""
        return (
            f"SELECT {quote_text(self.key)} AS key, CAST({self.rows} AS BIGINT) AS rows, "
            f"{quote_value(self.as_of)} AS as_of, CAST({self.left_out} AS BIGINT) AS left_out"
        )


def table(name: str) -> str:
    """Return the quoted name of a state's table."""
    return f"{quote_name(STATE)}.{quote_name(name)}"


def tables_in(connection: DuckDBPyConnection) -> frozenset[str]:
    """Return the names of the tables there are: nothing else in the file is ever read."""
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main'", [STATE]
    ).fetchall()
    return frozenset(name for (name,) in found)


def has_views(connection: DuckDBPyConnection) -> bool:
    """Tell whether there are views in the file: a state has none, and one could ask for anything."""
    asked = "SELECT count(*) FROM duckdb_views() WHERE database_name = ? AND NOT internal"
    ((count,),) = connection.execute(asked, [STATE]).fetchall()
    return bool(count > 0)


def own_tables(connection: DuckDBPyConnection) -> frozenset[str]:
    """Return the names of the connection's own tables."""
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory'").fetchall()
    return frozenset(name for (name,) in found)


def is_own(connection: DuckDBPyConnection, name: str) -> bool:
    """Tell whether a table that every state has is as a state writes it: its columns, nothing missing in them, and no
    moment that Python does not have."""
    columns = _OWN[name]
    if not has_columns(connection, table(name), columns):
        return False
    wrong = [f"{column} IS NULL" for column in columns if column not in _MAY_LACK]
    moments = (column for column, type_ in columns.items() if type_ == "TIMESTAMP")
    wrong += [f"{column} NOT BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31'" for column in moments]
    counts = f"SELECT count(*), count(*) FILTER ({' OR '.join(wrong)}) FROM {table(name)}"
    ((rows, others),) = connection.execute(counts).fetchall()
    return bool(others == 0 and (rows == 1 or name != "about"))


def has_rows_of(connection: DuckDBPyConnection, role: Role, fields: Sequence[Field]) -> bool:
    """Tell whether the rows kept of a role have its fields, and each stands in one of its files."""
    read, rejected = table(f"{role} read"), table(f"{role} rejected")
    due = _PLACE | columns_of(connection, read, fields)
    if not (has_columns(connection, read, due) and has_columns(connection, rejected, _REJECTED)):
        return False
    files = f"(SELECT count(*) FROM {table('files')} WHERE role = {quote_text(role)})"
    astray = f'("#file" >= 0 AND "#file" < {files} AND "#row" >= 0 AND "#line" >= 0) IS NOT TRUE'
    counts = " + ".join(f"(SELECT count(*) FROM {each} WHERE {astray})" for each in (read, rejected))
    ((count,),) = connection.execute(f"SELECT {counts}").fetchall()
    return bool(count == 0)


def about(connection: DuckDBPyConnection) -> About:
    """Return what the state is."""
    ((format_, rulebook, reading),) = connection.execute(
        f"SELECT format, rulebook, reading FROM {table('about')}"
    ).fetchall()
    return About(format_, rulebook, reading)


def kept_about(connection: DuckDBPyConnection, there: frozenset[str]) -> KeptAbout | None:
    """Return what the last work over records was; None where none is kept, or no such work: then all is worked out."""
    if "kept" not in there or not has_columns(connection, table("kept"), _KEPT_ABOUT):
        return None
    found = connection.execute(f"SELECT key, rows, as_of, left_out FROM {table('kept')}").fetchall()
    if len(found) != 1 or None in found[0]:
        return None
    return KeptAbout(*found[0]) if isinstance(found[0][2], date) else None  # a day that Python does not have is a text


def left_out_before(connection: DuckDBPyConnection, rows: int) -> int:
    """Count the rows of records before a number that are copies, or share their id with others."""
    name = "records left out"
    if name not in own_tables(connection):
        return 0
    ((count,),) = connection.execute(f'SELECT count(*) FROM {quote_name(name)} WHERE "#row" < {rows}').fetchall()
    return int(count)


def takings(connection: DuckDBPyConnection) -> tuple[TakingReceipt, ...]:
    """Return what was taken in, in order."""
    from tallystick.engine.receipt import TakingReceipt  # noqa: PLC0415  it loads pydantic

    found = connection.execute(
        f"SELECT number, taken, records, corrections, rows, rejected, skipped FROM {table('takings')} ORDER BY number"
    ).fetchall()
    return tuple(
        TakingReceipt(
            number=number,
            taken_at=taken.replace(tzinfo=UTC),
            records=records,
            corrections=corrections,
            rows=rows,
            rejected=rejected,
            skipped=skipped,
        )
        for number, taken, records, corrections, rows, rejected, skipped in found
    )


def earlier(connection: DuckDBPyConnection, role: Role, there: frozenset[str], skipped: int) -> Earlier:
    """Return what was taken in before of a role."""
    files = tuple(
        FileRead(name, rows, sha256, size, ())
        for name, rows, sha256, size in connection.execute(
            f"SELECT name, rows, sha256, size FROM {table('files')} WHERE role = ? ORDER BY place", [role]
        ).fetchall()
    )
    read = f"{role} read"
    if read not in there:
        return Earlier(files=files)
    types = types_of(connection, table(read))
    wholes = frozenset(name for name, type_ in types.items() if type_ in INTEGERS)
    shared = f"{role} shared"
    known = table(shared) if shared in there else None
    return Earlier(table(read), table(f"{role} rejected"), files, skipped, wholes, known)


def rows_kept(connection: DuckDBPyConnection, role: Role) -> int:
    """Count a role's rows."""
    ((count,),) = connection.execute(
        f"SELECT (SELECT count(*) FROM {table(f'{role} read')}) + (SELECT count(*) FROM {table(f'{role} rejected')})"
    ).fetchall()
    return int(count)


def types_of(connection: DuckDBPyConnection, source: str) -> Mapping[str, str]:
    """Return the columns of a table or view, each with its type."""
    return {row[0]: row[1] for row in connection.execute(f"DESCRIBE {source}").fetchall()}


# ---- keeping ---------------------------------------------------------------------------------------------------------


def begin(connection: DuckDBPyConnection, what: About, engine: str) -> None:
    """Make the tables of a new state."""
    for name, columns in _OWN.items():
        declared = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
        connection.execute(f"CREATE TABLE {table(name)} ({declared})")
    connection.execute(
        f"INSERT INTO {table('about')} VALUES (?, ?, ?, ?)", [what.format, what.rulebook, what.reading, engine]
    )


def keep_rows(connection: DuckDBPyConnection, role: Role) -> None:
    """Add the rows of a role that were read now.

    Texts that lie as the whole numbers they are become texts, or longer numbers, where the new ones are.
    """
    kept, read = table(f"{role} read"), quote_name(f"{role} read")
    lately = f"SELECT * FROM {quote_name(f'{role} {LATELY}')}"
    rejected, apart = table(f"{role} rejected"), quote_name(f"{role} {REJECTED_LATELY}")
    if f"{role} read" not in tables_in(connection):
        connection.execute(f"CREATE TABLE {kept} AS {lately}")
        connection.execute(f"CREATE TABLE {rejected} AS SELECT * FROM {apart}")
        return
    was, is_ = types_of(connection, kept), types_of(connection, read)
    for name, type_ in is_.items():
        if was[name] != type_:
            connection.execute(f"ALTER TABLE {kept} ALTER COLUMN {quote_name(name)} TYPE {type_}")
    connection.execute(f"INSERT INTO {kept} BY NAME {lately}")
    connection.execute(f"INSERT INTO {rejected} SELECT * FROM {apart}")


def drop_others(connection: DuckDBPyConnection, used: frozenset[str]) -> None:
    """Drop what was kept of work that is done otherwise now, by this version or by these rules; rows taken in stay.
    ``used``: the tables of the work, quoted."""
    for name in tables_in(connection):
        if name.startswith(KEPT_OF) and table(name) not in used:
            connection.execute(f"DROP TABLE {table(name)}")


def keep_shared(connection: DuckDBPyConnection, role: Role) -> None:
    """Keep the keys that several rows have, where rows have a key."""
    name = f"{role} shared"
    if name in own_tables(connection):
        connection.execute(f"CREATE OR REPLACE TABLE {table(name)} AS SELECT * FROM {quote_name(name)}")


def keep_taking(connection: DuckDBPyConnection, made: TakingReceipt) -> None:
    """Add what a taking was."""
    connection.execute(
        f"INSERT INTO {table('takings')} VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            made.number,
            made.taken_at.astimezone(UTC).replace(tzinfo=None),
            made.records,
            made.corrections,
            made.rows,
            made.rejected,
            made.skipped,
        ],
    )


def keep_files(
    connection: DuckDBPyConnection, role: Role, taking: int, first: int, files: tuple[FileRead, ...]
) -> None:
    """Add the files of a role that were read now; ``first``: how many there are already."""
    for place, file in enumerate(files, start=first):
        connection.execute(
            f"INSERT INTO {table('files')} VALUES (?, ?, ?, ?, ?, ?, ?)",
            [role, place, taking, file.name, file.sha256, file.size, file.rows],
        )
