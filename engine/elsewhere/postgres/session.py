"""Takes the address of a table in PostgreSQL; gives a session that reads one state of the database, and only reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tallystick.engine.elsewhere.dialects.postgres import quote_name, quote_text
from tallystick.engine.elsewhere.postgres.address import TableAddress
from tallystick.engine.refusals import UsageRefusal, not_installed

if TYPE_CHECKING:
    import psycopg

_LEAST_VERSION = 140_000
_SETTINGS = {
    "search_path": "pg_catalog, pg_temp",  # so that nobody's function stands in for one of theirs
    "row_security": "off",  # rows that a policy hides are refused, not left out in silence
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "client_encoding": "UTF8",
    "standard_conforming_strings": "on",
    "extra_float_digits": "1",
    "jit": "off",
    "idle_in_transaction_session_timeout": "0",  # it waits while the rest is worked out here
    "enable_nestloop": "off",  # of a step's rows the planner knows no number; every join of ours can be one by hashing
}


class Session(Struct, frozen=True):
    """A session in one transaction, which sees the database as it was when it began and can change nothing.

    ``version`` is the server's own word for it.
    """

    address: TableAddress
    connection: psycopg.Connection
    version: str

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return what a query gives; raises ``UsageRefusal`` where the server does not take it."""
        with _told(self.address):
            return self.connection.execute(query.encode()).fetchall()

    def copy(self, query: str, path: Path) -> None:
        """Write what a query gives into a CSV file without a heading; what is missing is empty, texts are quoted."""
        statement = f"COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)".encode()
        with (
            _told(self.address),
            path.open("wb") as file,
            self.connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            for block in copy:
                file.write(block)

    @property
    def table(self) -> str:
        """The table, quoted."""
        return _quoted(self.address)

    def close(self) -> None:
        """End the session."""
        self.connection.close()


def open_session(address: TableAddress) -> Session:
    """Begin a session; raises ``UsageRefusal`` where there is no driver, no server, or it is too old."""
    try:
        import psycopg  # noqa: PLC0415
    except ImportError as error:
        what = "reading from PostgreSQL needs a driver"
        raise not_installed(what, "postgres") from error
    try:
        connection = psycopg.connect(address.server, autocommit=True, application_name="tallystick")
    except psycopg.Error as error:
        message = f"the database cannot be reached: {_first_line(error)}"
        raise UsageRefusal(message, help="check host, database and user, and that the server lets you in") from error
    session = Session(address, connection, f"PostgreSQL {connection.info.parameter_status('server_version')}")
    if connection.info.server_version < _LEAST_VERSION or not _is_unicode(session):
        session.close()
        message = f"the server is {session.version} with the encoding {_encoding(connection)}"
        raise UsageRefusal(message, help="PostgreSQL 14 or later with the encoding UTF8 can be read")
    settings = dict(_SETTINGS)
    if address.timeout is not None:
        settings["statement_timeout"] = f"{address.timeout}s"
    for name, value in settings.items():
        session.connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    session.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return session


def columns_of_table(session: Session) -> dict[str, str]:
    """Return the table's columns in order, each with its type; of a domain that which it is made from, ``enum`` of
    any list of values, ``citext`` whichever schema that lies in. Raises ``UsageRefusal`` where there is no such table
    or it may not be read."""
    schema, table = quote_text(session.address.schema), quote_text(session.address.table)
    found = session.rows(
        "SELECT c.oid, pg_catalog.has_table_privilege(c.oid, 'SELECT') "
        "OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT') "
        "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
        f"WHERE n.nspname = {schema} AND c.relname = {table} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    )
    if not found:
        message = f"there is no table `{session.address.schema}.{session.address.table}` in the database"
        raise UsageRefusal(message, help="name the schema, too: `table=SCHEMA.TABLE`")
    ((oid, may_read),) = found
    if may_read is not True:
        raise _not_allowed(session.address)
    columns = session.rows(
        "WITH RECURSIVE of AS (\n"
        "    SELECT a.attnum, a.attname, t.oid, t.typname, t.typtype, t.typbasetype FROM pg_catalog.pg_attribute AS a\n"
        "    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid\n"
        f"    WHERE a.attrelid = {oid} AND a.attnum > 0 AND NOT a.attisdropped\n"
        "    UNION ALL SELECT of.attnum, of.attname, t.oid, t.typname, t.typtype, t.typbasetype FROM of\n"
        "    JOIN pg_catalog.pg_type AS t ON t.oid = of.typbasetype WHERE of.typtype = 'd'\n"
        ") SELECT attname, CASE WHEN typtype = 'e' THEN 'enum'\n"
        "    WHEN typtype = 'b' AND typname = 'citext' THEN 'citext'\n"
        "    ELSE pg_catalog.format_type(oid, NULL) END\n"
        "FROM of WHERE typtype <> 'd' ORDER BY attnum"
    )
    return {str(name): str(kind) for name, kind in columns}


@contextmanager
def _told(address: TableAddress) -> Iterator[None]:
    """Tell a user what the server did not take, and what to do."""
    import psycopg  # noqa: PLC0415

    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        if "row-level security" in _first_line(error):
            message = f"a row policy hides rows of `{address.schema}.{address.table}` from this user"
            raise UsageRefusal(message, help="read as a user who sees every row, or from a view of those") from error
        raise _not_allowed(address) from error
    except psycopg.errors.QueryCanceled as error:
        message = f"the database stopped the query: {_first_line(error)}"
        raise UsageRefusal(message, help="allow more with `timeout=SECONDS` in the address") from error
    except psycopg.OperationalError as error:
        message = f"the database did not answer: {_first_line(error)}"
        raise UsageRefusal(message, help="look at the server's log, then score again") from error
    except psycopg.Error as error:
        message = f"the database cannot work out `{address.schema}.{address.table}`: {_first_line(error)}"
        how = "see what a view is made of: it must name the schemas of its functions, and so must these"
        raise UsageRefusal(message, help=how) from error


def _not_allowed(address: TableAddress) -> UsageRefusal:
    message = f"you may not read `{address.schema}.{address.table}`"
    return UsageRefusal(message, help=f"have the owner run `GRANT SELECT ON {_quoted(address)} TO …`")


def _quoted(address: TableAddress) -> str:
    return f"{quote_name(address.schema)}.{quote_name(address.table)}"


def _first_line(error: psycopg.Error) -> str:
    told = error.diag.message_primary or str(error)
    return next((line.strip() for line in told.splitlines() if line.strip()), "no reason was given")


def _is_unicode(session: Session) -> bool:
    return _encoding(session.connection) == "UTF8"


def _encoding(connection: psycopg.Connection) -> str:
    return connection.info.parameter_status("server_encoding") or "unknown"
