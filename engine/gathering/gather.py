"""Takes a source of records as it comes and a recipe; writes flat records to a file and gives the account of them."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from msgspec import Struct, field

from tallystick.engine.folder_writing import refuse_in_a_run
from tallystick.engine.gathering.documents import Placed, documents
from tallystick.engine.gathering.git_history import history, is_repository
from tallystick.engine.gathering.recipe import Recipe
from tallystick.engine.gathering.records import LeftOut, Record, Skipped, Unreadable, record_of
from tallystick.engine.intake.batch import insert_batch
from tallystick.engine.intake.csv_rows import Damaged
from tallystick.engine.intake.sources import inputs_of
from tallystick.engine.intake.table import Progress
from tallystick.engine.query.sql import quote_name, quote_target
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import RejectedRow
from tallystick.engine.unwritten import FULL, unwritten

_BATCH = 50_000
_FORMS = {".parquet": "FORMAT parquet", ".csv": "FORMAT csv, HEADER"}
_SHOWN = 100
REJECTED = ".rejected.csv"
"""What is put after the name of the records' file for that of the rows that could not be read."""


class Account(Struct, frozen=True):
    """What became of every row of a source. ``rows`` = written + skipped + left out + rejected.

    ``kinds`` counts what was written by kind, ``skipped`` by the source's kind, ``left_out`` by reason, ``rejected`` by
    field (empty: the whole row) and reason.
    """

    rows: int
    kinds: dict[str, int]
    skipped: dict[str, int]
    left_out: dict[str, int]
    rejected: dict[tuple[str, str], int]
    files: tuple[str, ...]
    fields: tuple[str, ...]
    notices: tuple[str, ...]

    @property
    def written(self) -> int:
        """How many records there are now."""
        return sum(self.kinds.values())


def gather(source: str | tuple[str, ...], recipe: Recipe, out: Path, progress: Progress) -> Account:
    """Read a repository, files or folders of files, write the records to ``out``, and return the account.

    Rows that cannot be read go to ``out`` with ``.rejected.csv`` after its name. Both are written whole or not at all.
    Raises a refusal when a source cannot be read, or ``out`` is there already.
    """
    form = _FORMS.get(out.suffix.lower())
    if form is None:
        message = f"`{out}` does not tell in which format to write"
        raise UsageRefusal(message, help=f"let its name end with {' or '.join(_FORMS)}")
    beside = out.with_name(out.name + REJECTED)
    there = next((each for each in (out, beside) if each.exists()), None)
    if there is not None:
        message = f"`{there}` exists already"
        raise UsageRefusal(message, help="remove it, or name another file")
    refuse_in_a_run(out)
    placed, names, notices = _placed(source, recipe)
    with _Writing(tuple(recipe.fields), form) as writing:
        sorting = _Sorting(recipe, writing, progress)
        sorting.take(placed)
        account = Account(
            sorting.rows,
            dict(sorted(sorting.kinds.items())),
            dict(sorted(sorting.skipped.items())),
            dict(sorted(sorting.left_out.items())),
            dict(sorted(sorting.rejected.items())),
            names,
            tuple(recipe.fields),
            notices,
        )
        counts = (account.kinds, account.skipped, account.left_out, account.rejected)
        # INVARIANT: every row has become something.
        if account.rows != sum(sum(each.values()) for each in counts):
            message = f"{account.rows} rows were read, and not all of them became something"
            raise AssertionError(message)
        writing.publish(out, beside if account.rejected else None)
    return account


def _placed(source: str | tuple[str, ...], recipe: Recipe) -> tuple[Iterator[Placed], tuple[str, ...], tuple[str, ...]]:
    """Return the documents of a source, the names of what is read, and words about what was left aside."""
    given = (source,) if isinstance(source, str) else source
    if len(given) == 1 and is_repository(Path(given[0])):
        return history(Path(given[0])), given, ()
    inputs = inputs_of(given, "records")
    return documents(inputs.inputs, recipe.rows), tuple(each.name for each in inputs.inputs), inputs.notices


class _Sorting(Struct):
    """Tells what each document is, and counts."""

    recipe: Recipe
    writing: _Writing
    progress: Progress
    rows: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, placed: Iterable[Placed]) -> None:
        """Take every document."""
        kind = tuple(self.recipe.fields).index("kind")
        for file, line, document in placed:
            self.rows += 1
            found = (
                Unreadable("", document.reason, document.value)
                if isinstance(document, Damaged)
                else record_of(document, self.recipe)
            )
            match found:
                case Skipped():
                    self.skipped[found.kind] += 1
                case LeftOut():
                    self.left_out[found.because] += 1
                case Unreadable():
                    self.rejected[found.field, found.reason] += 1
                    self.writing.reject(RejectedRow(file, line, found.field, found.reason, found.value[:_SHOWN]))
                case _:
                    self.kinds[found[kind] or ""] += 1
                    self.writing.add(found)
            if self.rows % _BATCH == 0:
                self.progress(f"reading {file}", self.rows)


class _Writing:
    """Keeps records and rejected rows in a database until they are written, in bounded memory."""

    def __init__(self, fields: tuple[str, ...], form: str) -> None:
        """Open a database in memory; what is too much for it goes to a temporary file."""
        import duckdb  # noqa: PLC0415

        self._connection = duckdb.connect(":memory:")
        self._form = form
        self._records: list[Record] = []
        self._rejected: list[tuple[str, ...]] = []
        self._make("records", fields)
        self._make("rejected", ("file", "line", "field", "reason", "value"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _make(self, table: str, columns: tuple[str, ...]) -> None:
        texts = ", ".join(f"{quote_name(each)} VARCHAR" for each in columns)
        self._connection.execute(f"CREATE TABLE {table} ({texts})")

    def add(self, record: Record) -> None:
        """Take a record."""
        self._records.append(record)
        if len(self._records) >= _BATCH:
            self._flush()

    def reject(self, row: RejectedRow) -> None:
        """Take a row that could not be read."""
        self._rejected.append((row.file, str(row.line), row.field, row.reason, row.value))
        if len(self._rejected) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        for table, rows in (("records", self._records), ("rejected", self._rejected)):
            if rows:
                columns = {f"c{i}": ("object", column) for i, column in enumerate(zip(*rows, strict=True))}
                insert_batch(self._connection, table, columns)
        self._records.clear()
        self._rejected.clear()

    def publish(self, out: Path, beside: Path | None) -> None:
        """Write the records, and the rejected rows if there are any, and only then give both their names."""
        self._flush()
        mark = secrets.token_hex(4)
        wanted = [("records", out, self._form)]
        if beside is not None:
            wanted.append(("rejected", beside, _FORMS[".csv"]))
        made: list[tuple[Path, Path]] = []
        try:
            for table, path, form in wanted:
                part = path.with_name(f".{path.name}.{mark}.part")
                made.append((part, path))
                self._copy(table, part, form, path)
            for part, path in made:
                os.replace(part, path)  # noqa: PTH105
        finally:
            for part, _ in made:
                part.unlink(missing_ok=True)

    def _copy(self, table: str, part: Path, form: str, path: Path) -> None:
        import duckdb  # noqa: PLC0415

        try:
            self._connection.execute(f"COPY {table} TO {quote_target(part)} ({form})")
        except duckdb.IOException as error:
            message, cause = f"`{path}` cannot be written", unwritten(error)
            if cause is not None:
                message = f"{message}: {cause.strerror}"
            if cause is not None and cause.errno in FULL:
                raise DataRefusal(message, help="make room there and run the command again") from error
            raise UsageRefusal(message, help="name a file in a folder that is there and can be written to") from error
