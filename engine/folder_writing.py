"""Takes a finished run; gives its folder, made beside its final place and renamed, so that it is whole or not there."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tallystick.engine.csv_lines import csv_line
from tallystick.engine.ledger_tables import TABLES
from tallystick.engine.receipt import FileReceipt, Receipt, is_sealed, sealed
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.sql import quote_name, quote_text

RECEIPT = "receipt.json"
RULEBOOK = "rulebook.tally"
REJECTED = "rejected.csv"
RECORDS = "records.parquet"
SUBJECTS = "subjects.parquet"
FATE, EXCLUSION = "#fate", "#exclusion"
"""Columns of ``records.parquet`` beside the declared fields; no field can be called so."""
_HEADER = ("file", "line", "field", "reason", "value")


@dataclass(frozen=True, slots=True)
class Staging:
    """A folder in the making, beside the place where it will stand."""

    final: Path
    folder: Path

    def publish(self) -> None:
        """Put the folder in its place; an earlier run that stands there goes."""
        if not self.final.exists():
            self.folder.rename(self.final)
            return
        old = Path(tempfile.mkdtemp(prefix=f".{self.final.name}.", suffix=".old", dir=self.final.parent))
        self.final.rename(old / "run")
        self.folder.rename(self.final)
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def staging(out: Path) -> Iterator[Staging]:
    """Make a folder beside ``out``; publish it if all goes well, else remove it.

    Raises ``UsageRefusal`` where something else than a run stands at ``out``.
    """
    # Its own name is kept as it is: a link that stands there is not followed.
    final = out.absolute().parent.resolve() / out.name
    _refuse_other(final, out)
    try:
        made = Staging(final, Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".partial", dir=final.parent)))
    except OSError as error:
        message = f"the run cannot be written to `{out}`: {error.strerror}"
        raise UsageRefusal(message) from error
    try:
        yield made
        made.folder.chmod(0o755)
        made.publish()
    except OSError as error:
        message = f"the run cannot be written to `{out}`: {error.strerror}"
        raise DataRefusal(message) from error
    finally:
        shutil.rmtree(made.folder, ignore_errors=True)


def write_run(folder: Path, run: FinishedRun, *, records: str | None, subjects: str | None) -> Receipt:
    """Write a run's files into an empty folder; ``records`` and ``subjects`` are queries for the rows read, if kept.

    Return the receipt with the digests of the files; raises ``OSError`` when the disk does not take them.
    """
    import duckdb  # noqa: PLC0415

    queries = {f"{table}.parquet": f"SELECT * FROM {quote_name(table)} ORDER BY ALL" for table in TABLES}
    if records is not None:
        queries[RECORDS] = records
    if subjects is not None:
        queries[SUBJECTS] = subjects
    for name, query in queries.items():
        try:
            run.workshop.connection.execute(
                f"COPY ({query}) TO {quote_text(str(folder / name))} (FORMAT parquet, COMPRESSION zstd)"
            )
        except duckdb.IOException as error:
            raise OSError(0, str(error).splitlines()[0]) from error
    (folder / RULEBOOK).write_text(run.rulebook.text, encoding="utf-8", newline="\n")
    with (folder / REJECTED).open("w", encoding="utf-8", newline="") as file:
        file.write(csv_line(_HEADER))
        file.writelines(csv_line(map(str, row)) for row in run.rejected())
    files = tuple(FileReceipt(name=path.name, sha256=sha256_of_file(path)) for path in sorted(folder.iterdir()))
    receipt = run.receipt.model_copy(update={"files": files})
    text = sealed(receipt)
    (folder / RECEIPT).write_text(text, encoding="utf-8", newline="\n")
    return Receipt.model_validate_json(text)


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_receipt(folder: Path) -> Receipt:
    """Return a run's receipt; raises a refusal when the folder is no run."""
    try:
        content = (folder / RECEIPT).read_bytes()
    except OSError as error:
        message = f"`{folder}` is not a run: its {RECEIPT} cannot be read ({error.strerror})"
        raise UsageRefusal(message) from error
    try:
        receipt = Receipt.model_validate_json(content)
        whole = is_sealed(content)
    except (ValidationError, ValueError, RecursionError) as error:
        message = f"`{folder / RECEIPT}` is damaged or of another version"
        raise DataRefusal(message, help="score again") from error
    if not whole:
        message = f"`{folder / RECEIPT}` is not as the run wrote it"
        raise DataRefusal(message, help="score again")
    return receipt


def _refuse_other(final: Path, out: Path) -> None:
    """Refuse a place where something stands that is not a run, so that nothing else is ever replaced."""
    if final.is_symlink() or (final.exists() and not final.is_dir()):
        message = f"`{out}` is there already and is not a run"
    elif final.is_dir() and any(final.iterdir()) and not _is_run(final):
        message = f"`{out}` is a folder with other things in it, not a run"
    elif not final.parent.is_dir():
        message = f"there is no folder `{out.parent}` to write the run into"
    else:
        return
    raise UsageRefusal(message, help="name a new folder")


def _is_run(folder: Path) -> bool:
    """Tell a run by its receipt, and by holding nothing that a run does not hold."""
    names = {RECEIPT, RULEBOOK, REJECTED, RECORDS, SUBJECTS, *(f"{table}.parquet" for table in TABLES)}
    try:
        read_receipt(folder)
    except (DataRefusal, UsageRefusal):
        return False
    return all(entry.name in names for entry in folder.iterdir())
