"""Takes the address of a table in PostgreSQL, as a user writes it; gives what to connect to, and the table's name."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from msgspec import Struct

from tallystick.engine.refusals import UsageRefusal

_SCHEMES = ("postgresql://", "postgres://")
_FORM = "write it as `postgresql://USER@HOST/DATABASE?table=SCHEMA.TABLE`"


class TableAddress(Struct, frozen=True):
    """A table. ``server`` is an address for the driver, and may hold a password: it is never shown. ``timeout``: how
    many seconds a statement may take, None for as long as the server lets it."""

    server: str
    schema: str
    table: str
    timeout: int | None

    def __repr__(self) -> str:
        """Print what anybody may read."""
        return f"{type(self).__name__}({self.shown!r})"

    @property
    def shown(self) -> str:
        """Where the table lies, as it may be read by anybody: without user and password."""
        parts = urlsplit(self.server)
        hosts = ",".join(each.rpartition("@")[2] for each in parts.netloc.split(","))
        hosts = hosts or dict(parse_qsl(parts.query)).get("host", "")
        return f"postgresql://{quote(unquote(hosts), safe='/:,[]')}/{parts.path.lstrip('/')} {self.schema}.{self.table}"


def is_table_address(given: str) -> bool:
    """Whether what was given names a table, not a file."""
    return given.lower().startswith(_SCHEMES)


def table_address(given: str, what: str) -> TableAddress:
    """Read an address; ``what`` it holds is for the words. Raises ``UsageRefusal``, which repeats no part of it."""
    try:
        given.encode()
        parts = urlsplit(given)
        named = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        message = f"the address of the {what} cannot be read"
        raise UsageRefusal(message, help=_FORM) from error
    ours = {name: value for name, value in named if name in {"table", "schema", "timeout"}}
    theirs = [(name, value) for name, value in named if name not in ours]
    table = ours.get("table", "")
    schema = ours.get("schema", "")
    if not schema and "." in table:
        schema, _, table = table.partition(".")
    if not table:
        message = f"the address of the {what} names no table"
        raise UsageRefusal(message, help=_FORM)
    server = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(theirs, quote_via=quote), ""))
    return TableAddress(server, schema or "public", table, _seconds(ours.get("timeout")))


def _seconds(given: str | None) -> int | None:
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and 0 < int(given) <= 1_000_000):  # noqa: PLR2004  eleven days
        message = f"`{given[:20]}` is no time to wait"
        raise UsageRefusal(message, help="write `timeout=` with a whole number of seconds")
    return int(given)
