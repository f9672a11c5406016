"""Takes what a user names as records (paths, folders, ``-``, frames); gives the inputs to read, in order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from tallystick.engine.elsewhere.postgres.address import TableAddress, is_table_address, table_address
from tallystick.engine.refusals import UsageRefusal

TextFormat = Literal["csv", "tsv", "jsonl"]
Compression = Literal["gz", "zst"]
STDIN = "-"
_IN_CATALOG = "table:"
STATE_FILE = "state.duckdb"
"""What a folder has in it that keeps records between runs."""

_TEXT_FORMATS: dict[str, TextFormat] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
_SHEETS = frozenset([".xlsx", ".xls", ".xlsm", ".ods", ".numbers"])
_COMPRESSIONS: dict[str, Compression] = {".gz": "gz", ".zst": "zst"}
_NAMED = 20
"""So many files that are ignored are named."""
FORMATS = ".csv, .tsv, .jsonl or .ndjson (each also with .gz or .zst after it) and .parquet"


class TextInput(Struct, frozen=True):
    """A text file; ``path`` of None: what comes in on stdin, whose ``format`` of None its first bytes tell."""

    name: str
    path: Path | None
    format: TextFormat | None
    compression: Compression | None


class ParquetInput(Struct, frozen=True):
    """A Parquet file."""

    name: str
    path: Path


class FrameInput(Struct, frozen=True):
    """An Arrow table, or a pandas or polars frame, held in memory by the caller."""

    name: str
    frame: object


class TableInput(Struct, frozen=True):
    """A table in a database."""

    name: str
    address: TableAddress


class CatalogInput(Struct, frozen=True):
    """A table that a Spark knows by name; ``name``: as it was given."""

    name: str

    @property
    def table(self) -> str:
        """What Spark calls it."""
        return self.name.removeprefix(_IN_CATALOG)


Input: TypeAlias = TextInput | ParquetInput | FrameInput | TableInput | CatalogInput
Given: TypeAlias = object
"""A path, ``-``, a folder, a frame, the address of a table, ``table:`` and its name in Spark, or several of them in a
sequence."""


class Inputs(Struct, frozen=True):
    """What is read, in order, and words about what was left aside."""

    inputs: tuple[Input, ...]
    notices: tuple[str, ...] = ()


def is_in_catalog(given: str) -> bool:
    """Whether what was given names a table that Spark knows."""
    return given.startswith(_IN_CATALOG)


def inputs_of(given: Given, what: str) -> Inputs:
    """Return the inputs that ``given`` names; ``what`` is ``records`` or ``subjects``, for the words.

    Raises ``UsageRefusal`` for a path that is not there, cannot be read as any format, or is named twice.
    """
    inputs: list[Input] = []
    notices: list[str] = []
    for each in _items(given):
        found = _found(each, what, len(inputs))
        inputs.extend(found.inputs)
        notices.extend(found.notices)
    if not inputs:
        message = f"no file of {what} was given"
        raise UsageRefusal(message, help=f"name at least one file: {FORMATS}")
    _refuse_twice(inputs, what)
    return Inputs(tuple(inputs), tuple(notices))


def _items(given: Given) -> tuple[Given, ...]:
    return tuple(given) if isinstance(given, Sequence) and not isinstance(given, str | bytes) else (given,)


def _found(given: Given, what: str, number: int) -> Inputs:
    if isinstance(given, str) and given == STDIN:
        return Inputs((TextInput("<stdin>", None, None, None),))
    if isinstance(given, str) and is_table_address(given):
        address = table_address(given, what)
        return Inputs((TableInput(address.shown, address),))
    if isinstance(given, str) and is_in_catalog(given):
        return Inputs((CatalogInput(given),))
    if isinstance(given, str | Path):
        path = Path(given)
        if path.is_dir():
            return _folder(path, what)
        if not path.exists():
            message = f"there is no file `{path}`"
            raise UsageRefusal(message)
        found = _file(path)
        if found is None:
            message = f"`{path}` is not in a format that can be read"
            sheet = "; of a spreadsheet, save the sheet as CSV in UTF-8" if path.suffix.lower() in _SHEETS else ""
            raise UsageRefusal(message, help=f"the name of a file tells its format: {FORMATS}{sheet}")
        return Inputs((found,))
    if _is_frame(given):
        return Inputs((FrameInput(f"<{type(given).__name__} {number + 1}>", given),))
    message = f"{what} cannot be read from a {type(given).__name__}"
    raise UsageRefusal(message, help="give a path, an Arrow table, a pandas or a polars frame, or a list of them")


def _is_frame(given: Given) -> bool:
    kind = type(given)
    module = kind.__module__.split(".")[0]
    return (module, kind.__name__) in {
        ("pyarrow", "Table"),
        ("pyarrow", "RecordBatch"),
        ("pandas", "DataFrame"),
        ("polars", "DataFrame"),
    }


def is_named_as_records(path: Path) -> bool:
    """Whether a file's name says that it holds records, in a format that is read."""
    return _file(path) is not None


def _file(path: Path) -> Input | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    match suffixes:
        case [*_, ".parquet"]:
            return ParquetInput(str(path), path)
        case [*_, format_, compression] if format_ in _TEXT_FORMATS and compression in _COMPRESSIONS:
            return TextInput(str(path), path, _TEXT_FORMATS[format_], _COMPRESSIONS[compression])
        case [*_, format_] if format_ in _TEXT_FORMATS:
            return TextInput(str(path), path, _TEXT_FORMATS[format_], None)
        case _:
            return None


def _folder(folder: Path, what: str) -> Inputs:
    """Take the readable files of a folder in the order of their names; folders inside it are not looked into, and no
    link that leads out of it is followed: whoever filled the folder would choose what else is read."""
    if (folder / "receipt.json").exists():
        message = f"`{folder}` is a run, not a folder of {what}"
        raise UsageRefusal(message, help="name the files that the run was made from")
    if (folder / STATE_FILE).exists():
        message = f"`{folder}` is a state, not a folder of {what}"
        raise UsageRefusal(message, help="add `--state`, or name files")
    read: list[Input] = []
    ignored: list[str] = []
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        message = f"the folder `{folder}` cannot be read: {error.strerror}"
        raise UsageRefusal(message) from error
    for name in names:
        path = folder / name
        found = _file(path) if path.is_file() and not name.startswith(".") else None
        if found is None:
            ignored.append(name)
        elif path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            message = f"`{path}` is a link to a file outside of its folder"
            raise UsageRefusal(message, help="name that file by itself if it is meant")
        else:
            read.append(found)
    if not read:
        message = f"there is no file in `{folder}` that can be read"
        raise UsageRefusal(message, help=f"the name of a file tells its format: {FORMATS}")
    more = f" and {len(ignored) - _NAMED:,} more" if len(ignored) > _NAMED else ""
    notices = (f"ignored in `{folder}`: {', '.join(ignored[:_NAMED])}{more}",) if ignored else ()
    return Inputs(tuple(read), notices)


def _refuse_twice(inputs: list[Input], what: str) -> None:
    """Refuse a file named twice: its records would count double without anyone having meant it."""
    seen: set[tuple[int, int] | str | None] = set()
    for each in inputs:
        match each:
            case TextInput(path=None):
                key: tuple[int, int] | str | None = None
            case TextInput(path=Path() as path) | ParquetInput(path=path):
                stat = path.stat()
                key = (stat.st_dev, stat.st_ino)
            case TableInput(name=name) | CatalogInput(name=name):
                key = name
            case _:
                continue
        if key in seen:
            message = f"`{each.name}` is given twice as {what}"
            raise UsageRefusal(message, help="name each file once")
        seen.add(key)
