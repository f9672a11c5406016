"""Takes the folder of a state; gives what was taken in before, and keeps what a run has taken in besides.

A state is one file of the database that runs work with, so what a taking adds is there whole or not at all, whenever a
process is killed, and one process at a time has it open. A new one is made beside its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tallystick import __version__
from tallystick.engine.corrections import correction_fields, id_field
from tallystick.engine.intake.earlier import LATELY, REJECTED_LATELY, Before, Earlier, is_damage
from tallystick.engine.intake.mapping import Mapping
from tallystick.engine.intake.native import digest_beside
from tallystick.engine.intake.reading import record_fields
from tallystick.engine.intake.rows import Role
from tallystick.engine.intake.sources import STATE_FILE, Given, Input, Inputs, ParquetInput, TextInput
from tallystick.engine.intake.table import FileRead
from tallystick.engine.intake.taking import GivenInputs, Taken
from tallystick.engine.query.plan import plan
from tallystick.engine.query.sql import quote_name, quote_text
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.staging import Kind, staging
from tallystick.engine.state import tables as state_tables
from tallystick.engine.state.measures import KeptMeasures, can_be_kept
from tallystick.engine.state.reading import read_otherwise, reading_of
from tallystick.engine.state.tables import FORMAT, KEPT, STATE, About, KeptAbout
from tallystick.engine.unwritten import unwritten
from tallystick.engine.workshop import refuse_backslash
from tallystick.rules.rulebook import Field, Rulebook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tallystick.engine.receipt import Receipt, TakingReceipt

_WHY = 200
_ANEW = "begin a new state: take in the files that it was made from, the earliest first"


def is_state(folder: Path) -> bool:
    """Tell the folder of a state by its file."""
    return (folder / STATE_FILE).is_file()


class AsItWas(Struct, frozen=True):
    """A state as it was after the takings that a run names: to be read, not added to."""

    folder: Path
    takings: tuple[TakingReceipt, ...]


def as_it_was(records: Given, receipt: Receipt) -> AsItWas | None:
    """Return the state that is given in place of a run's records, as it was then; None where files are given."""
    given = records[0] if isinstance(records, list | tuple) and len(records) == 1 else records
    if isinstance(given, str | Path) and is_state(Path(given)):
        return AsItWas(Path(given), receipt.takings)
    return None


def has_records(state: str | Path | AsItWas | None, *, needed: bool) -> bool:
    """Tell whether a state that is given has something in it already; raises ``UsageRefusal`` where that is ``needed``,
    as nothing is given to begin one with: its name may be a slip."""
    found = isinstance(state, AsItWas) or (state is not None and is_state(Path(state)))
    if needed and state is not None and not found:
        message = f"there is no state in `{state}`, and no records were given to begin one"
        raise UsageRefusal(message, help="name the folder where the state is, or add `--records PATH`")
    return found


class Place(Struct, frozen=True):
    """Where a state lies: ``given`` as somebody named it, ``folder`` where it is written now; ``begins``: it is
    new; ``until``: the takings after which it is to be read, and not added to."""

    given: Path
    folder: Path
    begins: bool
    until: tuple[TakingReceipt, ...] | None = None


@contextmanager
def place_of(state: str | Path | AsItWas, out: str | Path | None = None) -> Iterator[Place]:
    """Find a state, or make a new one beside its place, which gets there if all goes well.

    Raises ``UsageRefusal`` where something else stands there, another process begins one there, the run is to be
    written there (``out``), or its name has a ``?`` or a backslash.
    """
    if isinstance(state, AsItWas):
        yield Place(state.folder, state.folder.resolve(), begins=False, until=state.takings)
        return
    given = Path(state)
    if out is not None and Path(out).resolve() == given.resolve():
        message = f"`{given}` cannot be both the state and the run"
        raise UsageRefusal(message, help="name two folders")
    if "?" in str(given.resolve()):
        message = f"a state cannot lie in `{given.resolve()}`: the database ends the name of a file at a `?`"
        raise UsageRefusal(message, help="keep it in a folder without one in its name, or in those above it")
    refuse_backslash(given, f"a state cannot lie in `{given}`")
    if is_state(given):
        yield Place(given, given.resolve(), begins=False)
        return
    with staging(given, Kind("state", is_state, replaces=False)) as made:
        yield Place(given, made.folder, begins=True)


class State(Struct, frozen=True):
    """A state that a connection has open. ``takings``: what was taken in before, and ``rows`` the rows themselves."""

    place: Place
    connection: DuckDBPyConnection
    about: About
    takings: tuple[TakingReceipt, ...]
    rows: Before
    kept: KeptAbout | None = None

    def unseen(self, given: GivenInputs) -> GivenInputs:
        """Leave out the files that were taken in before, and say so: nothing counts twice because a command was run
        twice."""
        return replace(
            given,
            records=self._unseen(given.records, "records"),
            corrections=self._unseen(given.corrections, "corrections"),
        )

    def _unseen(self, inputs: Inputs | None, role: Role) -> Inputs | None:
        known = {each.sha256: each.name for each in self._files(role)}
        if inputs is None or not known:
            return inputs
        kept: list[Input] = []
        notices: list[str] = []
        for each in inputs.inputs:
            before = known.get(_sha256(each) or "")
            if before is None:
                kept.append(each)
                continue
            also = "" if before == each.name else f" as `{before}`"
            notices.append(f"`{each.name}` was taken in before{also}, the same to the byte: it is not taken in again")
        return Inputs(tuple(kept), (*inputs.notices, *notices))

    def _refuse(self, taken: Taken, share: Decimal) -> None:
        """Raise ``DataRefusal`` where too many of the rows read now cannot be read, or stdin brought what was taken in
        before."""
        records, rejected = taken.records, self._rejected()
        rows = 0 if records is None else records.rows - self.rows.records.rows
        if rejected > share * rows:
            message = (
                f"{rejected:,} of the {rows:,} rows read now cannot be read, more than is allowed; nothing was taken in"
            )
            raise DataRefusal(message, help="repair them, or allow more with `--max-rejected`")
        for role in KEPT:
            known = {each.sha256 for each in self._files(role) if each.sha256 is not None}
            for file in self._lately(taken, role):
                if file.sha256 in known:
                    message = f"`{file.name}` was taken in before, the same to the byte"
                    raise DataRefusal(message, help="leave it out; a file that is named is left out by itself")

    def takings_with(self, taken: Taken, taken_at: datetime, most_rejected: Decimal) -> tuple[TakingReceipt, ...]:
        """Return all takings, with that of what was read now; where nothing was, there is none.

        Raises ``DataRefusal`` where more than a share of the rows read now cannot be read.
        """
        from tallystick.engine.receipt import TakingReceipt  # noqa: PLC0415  it loads pydantic

        self._refuse(taken, most_rejected)
        records = self._lately(taken, "records")
        corrections = self._lately(taken, "corrections")
        if taken.records is None or not (records or corrections):
            return self.takings
        made = TakingReceipt(
            number=len(self.takings) + 1,
            taken_at=taken_at,
            records=len(records),
            corrections=len(corrections),
            rows=taken.records.rows - self.rows.records.rows,
            rejected=self._rejected(),
            skipped=taken.records.skipped - self.rows.records.skipped,
        )
        return (*self.takings, made)

    def measures(self, rulebook: Rulebook, taken: Taken) -> KeptMeasures | None:
        """Return the work over records, where what was kept of it can be gone on from; None where all must be worked
        out each time."""
        made = plan(rulebook)
        other = taken.corrections is not None or self.place.until is not None
        if taken.records is None or other or not can_be_kept(made):
            return None
        earlier, read = self.rows.records.read, quote_name(f"records {LATELY}")
        lately = (read,) if self._lately(taken, "records") else ()
        rows_in = lately if earlier is None else (earlier, *lately)
        return KeptMeasures(self.connection, made, self.kept, taken.records.rows, rows_in)

    def keep(self, taken: Taken, takings: tuple[TakingReceipt, ...], measures: KeptMeasures | None) -> None:
        """Add what was read now, and its taking, the last of them, and what was worked out: whole or not at all.

        Raises ``DataRefusal`` where the disk does not take it.
        """
        import duckdb  # noqa: PLC0415

        if len(takings) == len(self.takings):
            return
        words = "cannot be written"
        try:
            self._keep(taken, takings, measures)
            if not self.place.begins:
                words = "has taken in what was given, but there is no room to go on"
            self.connection.execute(f"CHECKPOINT {quote_name(STATE)}")
        except duckdb.Error as error:
            cause = unwritten(error)
            if cause is None:
                raise
            message = f"the state `{self.place.given}` {words}: {cause.strerror}"
            raise DataRefusal(message, help="make room and run the command again: nothing is taken in twice") from error
        if self.place.begins:  # nothing that the run is asked later lies in it, and it is about to be moved
            self.connection.execute(f"DETACH {quote_name(STATE)}")

    def _keep(self, taken: Taken, takings: tuple[TakingReceipt, ...], measures: KeptMeasures | None) -> None:
        import duckdb  # noqa: PLC0415

        self.connection.execute("BEGIN")
        try:
            if self.place.begins:
                state_tables.begin(self.connection, self.about, __version__)
            state_tables.keep_taking(self.connection, takings[-1])
            for role in KEPT:
                if lately := self._lately(taken, role):
                    state_tables.keep_rows(self.connection, role)
                    state_tables.keep_shared(self.connection, role)
                    state_tables.keep_files(self.connection, role, len(takings), len(self._files(role)), lately)
            if measures is not None:
                measures.keep()
            self.connection.execute("COMMIT")
        except BaseException:
            with suppress(duckdb.Error):  # where it was the disk that did not take it, nothing is left to take back
                self.connection.execute("ROLLBACK")
            raise

    def _rejected(self) -> int:
        """Count the rows of records that could not be read now."""
        apart = f"records {REJECTED_LATELY}"
        if apart not in state_tables.own_tables(self.connection):
            return 0
        ((count,),) = self.connection.execute(f"SELECT count(*) FROM {quote_name(apart)}").fetchall()
        return int(count)

    def _files(self, role: Role) -> tuple[FileRead, ...]:
        """Return the files of a role that were taken in before."""
        return (self.rows.records if role == "records" else self.rows.corrections).files

    def _lately(self, taken: Taken, role: Role) -> tuple[FileRead, ...]:
        """Return the files of a role that were read now."""
        found = taken.records if role == "records" else taken.corrections
        return () if found is None else found.files[len(self._files(role)) :]


def open_state(connection: DuckDBPyConnection, place: Place, rulebook: Rulebook, mapping: Mapping) -> State:
    """Open a state for a run by a rulebook.

    Raises ``UsageRefusal`` where it belongs to another rulebook or is in use, ``DataRefusal`` where it is damaged.
    """
    import duckdb  # noqa: PLC0415

    if rulebook.records is None:
        message = "a state keeps records, and the rulebook reads none"
        raise UsageRefusal(message, help="leave `--state` out")
    now = About(FORMAT, rulebook.name, reading_of(rulebook, mapping))
    try:
        how = "" if place.until is None else " (READ_ONLY)"
        connection.execute(f"ATTACH {quote_text(str(place.folder / STATE_FILE))} AS {quote_name(STATE)}{how}")
        there = state_tables.tables_in(connection)
        if place.begins:
            return State(place, connection, now, (), Before())
        state = _opened(connection, place, there, now, rulebook)
    except duckdb.Error as error:
        raise refused(place.given, error) from error
    return state


def refused(given: Path, error: Exception) -> UsageRefusal | DataRefusal:
    """Return the refusal of a state that the database does not open, or cannot read."""
    words = str(error)
    if "set lock on file" in words or "file handle conflict" in words:
        message = f"the state `{given}` is in use by another run"
        return UsageRefusal(message, help="wait until that has ended: one at a time writes to a state")
    if is_damage(error):
        return DataRefusal(f"the state `{given}` is damaged: {words.splitlines()[0]}", help=_ANEW)
    message = f"the state `{given}` cannot be opened: {words.splitlines()[0]}"
    return UsageRefusal(message, help=f"use the version of DuckDB that wrote it or a later one, or {_ANEW}")


def cannot_go_on(given: Path, error: Exception) -> DataRefusal:
    """Return the refusal of a state from whose last work a run went on, and failed.

    What is kept of work is made by us alone and is never looked at but in going on from it; from the rows taken in, all
    can be worked out without it.
    """
    why = " ".join(f"{type(error).__name__}: {error}".split())[:_WHY]
    message = f"the state `{given}` is damaged: one cannot go on from what it keeps of its last work ({why})"
    return DataRefusal(message, help=f"{_ANEW}; if that fails too, it is a mistake of ours")


def _opened(
    connection: DuckDBPyConnection, place: Place, there: frozenset[str], now: About, rulebook: Rulebook
) -> State:
    whole = {"about", "takings", "files", "records read", "records rejected"} <= there
    if not whole or state_tables.has_views(connection):
        message = f"the state `{place.given}` is damaged: its file has not the tables of a state"
        raise DataRefusal(message, help=_ANEW)
    _refuse_not_own(place, connection, "about")
    kept = state_tables.about(connection)
    _refuse_another(place.given, kept, now)
    for name in ("takings", "files"):
        _refuse_not_own(place, connection, name)
    for role, fields in _fields(rulebook).items():
        if f"{role} read" in there and not state_tables.has_rows_of(connection, role, fields):
            message = f"the state `{place.given}` is damaged: the {role} that it keeps are of other columns or files"
            raise DataRefusal(message, help=_ANEW)
    takings = state_tables.takings(connection)
    skipped = sum(each.skipped for each in takings)
    before = Before(
        state_tables.earlier(connection, "records", there, skipped),
        state_tables.earlier(connection, "corrections", there, 0),
    )
    told = before.records.rows - skipped
    found = state_tables.rows_kept(connection, "records")
    if found != told or sum(each.rows for each in takings) != before.records.rows:
        message = f"the state `{place.given}` is damaged: it has {found:,} rows of records, and {told:,} were taken in"
        raise DataRefusal(message, help=_ANEW)
    if place.until is not None:
        return State(place, connection, kept, place.until, _until(place, takings, before))
    return State(place, connection, kept, takings, before, state_tables.kept_about(connection, there))


def _refuse_not_own(place: Place, connection: DuckDBPyConnection, name: str) -> None:
    """Refuse a table that every state has, where it is not as a state writes it."""
    if not state_tables.is_own(connection, name):
        message = f"the state `{place.given}` is damaged: its table `{name}` is not that of a state"
        raise DataRefusal(message, help=_ANEW)


def _fields(rulebook: Rulebook) -> dict[Role, tuple[Field, ...]]:
    """Return the fields of the rows that are kept, by their role."""
    key = id_field(rulebook)
    return {
        "records": record_fields(rulebook),
        "corrections": () if key is None else correction_fields(rulebook, key),
    }


def _until(place: Place, takings: tuple[TakingReceipt, ...], before: Before) -> Before:
    """Return what had been taken in after some takings, which must be the first of a state."""
    until = place.until or ()
    if not until or takings[: len(until)] != until:
        message = f"the run was not scored from the state `{place.given}`"
        raise UsageRefusal(message, help="give the state that it was scored from, or the files")
    records = before.records.files[: sum(each.records for each in until)]
    corrections = before.corrections.files[: sum(each.corrections for each in until)]
    skipped = sum(each.skipped for each in until)
    # The ids that several rows share are of all takings.
    return Before(
        replace(before.records, files=records, skipped=skipped, shared=None),
        replace(before.corrections, files=corrections) if corrections else Earlier(),
    )


def _refuse_another(given: Path, kept: About, now: About) -> None:
    """Refuse a state that does not keep what this run would read."""
    if kept.format != now.format:
        message = f"the state `{given}` is of another version of Tallystick"
        raise UsageRefusal(message, help=_ANEW)
    if kept.rulebook != now.rulebook:
        message = f"the state `{given}` belongs to the rulebook `{kept.rulebook}`, and this is `{now.rulebook}`"
        raise UsageRefusal(message, help="name another folder with `--state` for this rulebook")
    if kept.reading != now.reading:
        message = f"the state `{given}` keeps records that were read otherwise than this rulebook reads them"
        try:
            notes = read_otherwise(kept.reading, now.reading)
        except (ValueError, LookupError, TypeError, AttributeError) as error:  # it is no text that we wrote
            damaged = f"the state `{given}` is damaged: what it says of how it reads records is not what a state says"
            raise DataRefusal(damaged, help=_ANEW) from error
        raise UsageRefusal(message, notes=notes, help=_ANEW)


def _sha256(given: Input) -> str | None:
    """Return the digest of a file; None of what can be read only once, or lies in no file."""
    match given:
        case ParquetInput(path=path) | TextInput(path=Path() as path):
            try:
                # A pipe can be read once only.
                return digest_beside(path).result() if path.is_file() else None
            except OSError:  # whoever reads it next says so
                return None
        case _:
            return None
