"""Takes a finished run and its folder in the making; gives the run's files in it, and reads its receipt again."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING

from tallystick.engine.acts import ACTS
from tallystick.engine.csv_lines import csv_line
from tallystick.engine.query.sql import quote_name, quote_target
from tallystick.engine.query.wide import WIDE, wide_name
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.unwritten import unwritten
from tallystick.rules.library import Unread, regular_file

if TYPE_CHECKING:
    from tallystick.engine.receipt import Receipt

RECEIPT = "receipt.json"
RULEBOOK = "rulebook.tally"
REJECTED = "rejected.csv"
RECORDS = "records.parquet"
SUBJECTS = "subjects.parquet"
PAUSES = "pauses.parquet"
SIGNATURE = "signature.json"
FATE, EXCLUSION = "#fate", "#exclusion"
"""Columns of ``records.parquet`` beside the declared fields; no field can be called so."""
_MOST_BYTES = 1 << 28
"""A file of a run that is read as a whole has no more bytes: its receipt, its rulebook and the words of that."""
_TRANSLATION = re.compile(r"rulebook\.([a-z]{2}(?:-[A-Za-z0-9]{2,8})*)\.toml")
_HEADER = ("file", "line", "field", "reason", "value")


def write_run(
    folder: Path,
    run: FinishedRun,
    *,
    records: str | None,
    subjects: str | None,
    pauses: str | None = None,
    acts: Mapping[str, str],
) -> Receipt:
    """Write a run's files into a folder that holds only those of its ledger; the others are queries for the rows read,
    if kept, and ``acts`` those for corrections and statements, by the name of the file.

    Return the receipt with the digests of the files; raises ``OSError`` when the disk does not take them.
    """
    import duckdb  # noqa: PLC0415

    from tallystick.engine.receipt import FileReceipt, Receipt, sealed  # noqa: PLC0415  it loads pydantic

    queries: dict[str, str] = {}
    if records is not None:
        queries[RECORDS] = records
    if subjects is not None:
        queries[SUBJECTS] = subjects
    if pauses is not None:
        queries[PAUSES] = f'SELECT CAST(subject AS VARCHAR) AS subject, "from", "to" FROM ({pauses}) ORDER BY ALL'
    queries |= acts
    try:
        # Frames that were given are known to this connection alone, not to others beside it.
        for name, query in queries.items():
            run.workshop.connection.execute(parquet_copy(query, folder / name))
    except duckdb.IOException as error:
        raise unwritten(error) or OSError(0, str(error).splitlines()[0]) from error
    (folder / RULEBOOK).write_text(run.rulebook.text, encoding="utf-8", newline="\n")
    for each in run.translations():
        (folder / translation_name(each.language)).write_bytes(each.written)
    with (folder / REJECTED).open("w", encoding="utf-8", newline="") as file:
        file.write(csv_line(_HEADER))
        file.writelines(csv_line(map(str, row)) for row in run.rejected())
    files = tuple(FileReceipt(name=path.name, sha256=sha256_of_file(path)) for path in sorted(folder.iterdir()))
    receipt = run.receipt.model_copy(update={"files": files})
    text = sealed(receipt)
    (folder / RECEIPT).write_text(text, encoding="utf-8", newline="\n")
    return Receipt.model_validate_json(text)


def ledger_copies(folder: Path) -> Mapping[str, str]:
    """Return the statements that write the ledger's files into a folder, by the table; those that take longest
    first."""
    longest = ("lines", "measures", "scores")
    return {
        table: parquet_copy(
            f"SELECT * FROM {quote_name(wide_name(table))} ORDER BY subject", folder / f"{table}.parquet"
        )
        for table in (*longest, *(each for each in WIDE if each not in longest))
    }


def parquet_copy(query: str, path: Path) -> str:
    """Return the statement that writes what a query gives into a file of a run."""
    # The lowest level takes three quarters of the time and a twentieth more room than the usual one.
    return f"COPY ({query}) TO {quote_target(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"


def translation_name(language: str) -> str:
    """Return the name of the file with the rulebook's words in another language."""
    return f"rulebook.{language}.toml"


def language_of(name: str) -> str | None:
    """Return the language of such a file; None of any other."""
    found = _TRANSLATION.fullmatch(name)
    return None if found is None else found[1]


def opened(path: Path) -> BufferedReader:
    """Open a file of a run; raises ``OSError``, also where a link or a pipe has taken its place: whoever put it there
    could lead us anywhere, or let us wait for ever."""
    found = regular_file(path)
    if isinstance(found, Unread):
        raise OSError(errno.EINVAL, "it is a link" if found.why == "a link" else "it is no file", str(path))
    return found


def content_of(path: Path) -> bytes:
    """Return the bytes of a file of a run that is read as a whole; raises ``OSError``."""
    with opened(path) as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise OSError(errno.EFBIG, "it is larger than any that a run holds", str(path))
    return content


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file of a run; raises ``OSError``."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def receipt_content(folder: Path) -> bytes:
    """Return the bytes of a run's receipt; raises ``UsageRefusal`` where a place is no run."""
    try:
        return content_of(folder / RECEIPT)
    except OSError as error:
        if not folder.exists():
            message = f"there is no run `{folder}`"
        elif not folder.is_dir():
            message = f"`{folder}` is a file, not a run"
        elif isinstance(error, FileNotFoundError):
            message = f"`{folder}` is not a run: it has no {RECEIPT}"
        else:
            message = f"`{folder}` is not a run: its {RECEIPT} cannot be read ({error.strerror})"
        raise UsageRefusal(message, help="name a folder that `tally score … --out RUN` has written") from error


def read_receipt(folder: Path) -> Receipt:
    """Return a run's receipt; raises a refusal when the folder is no run."""
    from tallystick.engine.receipt import Receipt, is_sealed  # noqa: PLC0415  it loads pydantic

    content = receipt_content(folder)
    try:
        receipt = Receipt.model_validate_json(content)
        whole = is_sealed(content)
    except (ValueError, RecursionError) as error:
        message = f"`{folder / RECEIPT}` is damaged or of another version"
        raise DataRefusal(message, help="score again") from error
    if not whole:
        message = f"`{folder / RECEIPT}` is not as the run wrote it"
        raise DataRefusal(message, help="score again")
    return receipt


def is_run(folder: Path) -> bool:
    """Tell a run by its receipt, and by holding nothing that a run does not hold."""
    own = (RECEIPT, SIGNATURE, RULEBOOK, REJECTED, RECORDS, SUBJECTS, PAUSES)
    names = {*own, *ACTS.values(), *(f"{table}.parquet" for table in WIDE)}
    try:
        read_receipt(folder)
    except (DataRefusal, UsageRefusal):
        return False
    return all(entry.name in names or language_of(entry.name) is not None for entry in folder.iterdir())


def run_around(path: Path) -> Path | None:
    """Return the run in whose folder a place lies: with anything else in it, it is no longer what its receipt says."""
    return next((each for each in path.parents if (each / RECEIPT).is_file() and is_run(each)), None)


def refuse_in_a_run(place: Path) -> None:
    """Raise ``UsageRefusal`` where something that a run does not hold would be written into its folder."""
    if (run := run_around(place.absolute())) is not None:
        message = f"`{place}` lies in the run `{run}`, and a run holds nothing else"
        raise UsageRefusal(message, help="name a place outside of it")
