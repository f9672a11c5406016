"""Takes the files that a run may read; gives a DuckDB connection that can read those and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from msgspec import Struct

from tallystick.engine.locked_folder import PARTIAL, PassingFolder, locked_beside, temporary_folder
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.unwritten import why_told

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "python_enable_replacements": "false",
    "pandas_analyze_sample": "0",
}
_NOT_WORTH_IT = ("cte_filter_pusher", "projection_placement")
"""Optimizers. The first puts what all readers of the records in play ask for before these, as one OR that costs more
than it saves; the time of the second grows with the square of the rules, and none of our queries is quicker for it."""


class Workshop(Struct, frozen=True, weakref=True):
    """A connection and the folder that belongs to it; both go when nobody holds it any more."""

    connection: DuckDBPyConnection
    folder: PassingFolder

    @property
    def scratch(self) -> Path:
        """Where its folder stands."""
        return self.folder.path

    def show(self, path: Path, name: str) -> Path:
        """Return the link, called ``name``, by which the connection reads a file; raises ``UsageRefusal`` for a name
        that the database cannot find."""
        refuse_backslash(path, f"`{path}` cannot be read")
        link = self.scratch / name
        link.symlink_to(path.resolve())
        return link

    def close(self) -> None:
        """Close the connection and remove the folder."""
        _OPEN.pop(id(self), None)
        self.connection.close()
        self.folder.clear()


_OPEN: WeakValueDictionary[int, Workshop] = WeakValueDictionary()


def stop_asking() -> None:
    """Let no open connection go on with what it was asked. Whoever is stopped would else wait until the database's
    other threads are through with their parts of it."""
    for workshop in list(_OPEN.values()):
        import duckdb  # noqa: PLC0415  it is there, since a workshop is

        with suppress(duckdb.ConnectionException):  # it is closed
            workshop.connection.interrupt()


def open_workshop(
    *,
    reads: Iterable[Path] = (),
    out: Path | None = None,
    state: Path | None = None,
    threads: int | None = None,
    memory: str | None = None,
    beside: Path | None = None,
) -> Workshop:
    """Open a connection that reads only the files ``reads``, and writes only in the folders ``out`` and ``state`` and
    one of its own.

    A file is read by a link in its own folder (``show``), so that no name of a user's is a pattern or an address to it.
    ``memory``: the most that the database may take; what is more waits in its own folder, which stands hidden
    ``beside`` a place, if one is given, and else where temporary files do.
    """
    import duckdb  # noqa: PLC0415  it takes a tenth of a second, which `tally check` need not spend

    connection = duckdb.connect(config=dict(_SETTINGS))
    workshop = Workshop(connection, temporary_folder() if beside is None else locked_beside(beside, PARTIAL))
    _OPEN[id(workshop)] = workshop
    scratch = workshop.scratch
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")  # where Python is interactive it is on, and stands on stdout
    # An older DuckDB refuses the name of an optimizer that it does not have.
    known = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()
    disabled = ",".join(name for name in _NOT_WORTH_IT if (name,) in known)
    connection.execute(f"SET disabled_optimizers = '{disabled}'")
    # Of a rulebook of a thousand measures that fade, so many parts of a query stand within each other.
    connection.execute("SET max_expression_depth = 10000")
    if threads is not None:
        connection.execute("SET threads = ?", [threads])
    if memory is not None:
        connection.execute("SET memory_limit = ?", [memory])
    connection.execute("SET temp_directory = ?", [str(scratch / "spill")])
    connection.execute("SET allowed_paths = ?", [[str(path.resolve()) for path in reads]])
    connection.execute("SET allowed_directories = ?", [[f"{folder}/" for folder in (scratch, out, state) if folder]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return workshop


def refuse_backslash(path: Path, why: str) -> None:
    """Raise ``UsageRefusal`` for a place that the database cannot find; ``why``: what cannot be done there. Where names
    may have a backslash, it takes that for a slash."""
    if os.sep != "\\" and "\\" in str(path.resolve()):
        message = f"{why}: the database takes the `\\` in `{path.resolve()}` for a `/`"
        raise UsageRefusal(message, help="use a place without one in its name, or in those of the folders above it")


@contextmanager
def with_room(what: str) -> Iterator[None]:
    """Raise ``DataRefusal`` where there is too little memory, or room on the disk, for ``what``."""
    import duckdb  # noqa: PLC0415

    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        message = f"the {what} needs more memory or more room on the disk: {why_told(error)}"
        raise DataRefusal(message) from error


def scratch_of(connection: DuckDBPyConnection) -> Path:
    """Return the folder of the workshop that a connection belongs to: the one place in which it may write."""
    ((spill,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    return Path(str(spill)).parent
