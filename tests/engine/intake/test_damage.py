"""Whatever bytes a file holds: a run is refused in words, or each of its rows is accepted or counted as rejected."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from generators.accepted import accepted

from tallystick.engine import score
from tallystick.engine.intake import lines, native
from tallystick.engine.refusals import DataRefusal, Refusal
from tallystick.rules.rulebook import Field
from tallystick.rules.value import NumberType, OneOfType, TextType, TimeType

FIELDS = (
    Field("id", "id", TextType(), optional=False, title=None),
    Field("subject", "subject", TextType(), optional=False, title=None),
    Field("kind", "kind", OneOfType(("a", "b")), optional=False, title=None),
    Field("at", "at", TimeType(), optional=False, title=None),
    Field("number", "number", NumberType(Decimal(-10), Decimal(10), 2), optional=True, title=None),
    Field("item", "item", TextType(), optional=True, title=None),
)
NAMES = [field.name for field in FIELDS]
ROWS = [
    [str(n), f"s{n % 7}", "ab"[n % 2], f"2026-01-{1 + n % 28:02}T09:00:00+02:00", str(n % 10), f"a, {'é' * (n % 3)}"]
    for n in range(300)
]


def csv_bytes() -> bytes:
    """Return the rows as CSV, texts with commas in quotes."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([NAMES, *ROWS])
    return file.getvalue().encode()


def json_bytes() -> bytes:
    """Return the rows as JSON Lines."""
    return "".join(json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS).encode()


def parquet_bytes(compression: str) -> bytes:
    """Return the rows as Parquet."""
    sink = io.BytesIO()
    pq.write_table(pa.table(dict(zip(NAMES, zip(*ROWS, strict=True), strict=True))), sink, compression=compression)
    return sink.getvalue()


BOOK = """\
rulebook "Damage" version 1.0.0
    owner "x"

records
    id      text
    subject text
    kind    one of a, b
    at      time

measure many "a" / "as"
    count a

rule first "First"
    points many
    because "Each counts."

score "Points"
    sum of all rules
"""


FILES: dict[str, Callable[[], bytes]] = {
    "r.csv": csv_bytes,
    "r.jsonl": json_bytes,
    "r.csv.gz": lambda: gzip.compress(csv_bytes(), mtime=0),
    "r.jsonl.zst": lambda: zstandard.compress(json_bytes()),
    "r.parquet": lambda: parquet_bytes("none"),
    "s.parquet": lambda: parquet_bytes("zstd"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_is_read_whole(reading: Callable[..., object], tmp_path: Path, name: str) -> None:
    """The files that the other tests damage have nothing wrong with them."""
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    assert len(reading(path, FIELDS).rows) == len(ROWS)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("flips", [1, 5, 200])
def test_flipped_bytes_are_refused_or_counted(
    reading: Callable[..., object], tmp_path: Path, name: str, flips: int
) -> None:
    """Never another exception; the reading itself asserts that every row is accounted for."""
    path = tmp_path / name
    whole = FILES[name]()
    outcomes = set()
    for seed in range(4):
        chance = random.Random(f"{name} {flips} {seed}")  # noqa: S311  made up once, the same each time
        content = bytearray(whole)
        for place in chance.sample(range(len(content)), min(flips, len(content))):
            content[place] ^= chance.randrange(1, 256)
        path.write_bytes(content)
        try:
            found = reading(path, FIELDS)
        except Refusal:
            outcomes.add("refused")
        else:
            outcomes.add("read")
            if flips > 100 and name in ("r.csv", "r.jsonl"):
                assert found.rejected
    assert outcomes


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_refused_or_counted(reading: Callable[..., object], tmp_path: Path, name: str) -> None:
    """A compressed or Parquet file that ends too early is always refused: what is left is not the whole."""
    path = tmp_path / name
    whole = FILES[name]()
    for share in (0, 1, 2, 3, 5, 7, 9):
        path.write_bytes(whole[: len(whole) * share // 10])
        if name in ("r.csv", "r.jsonl") and share > 0:
            found = reading(path, FIELDS)
            assert len(found.rows) < len(ROWS)
        elif name == "r.jsonl":
            assert reading(path, FIELDS).taken.rows == 0
        else:
            with pytest.raises(DataRefusal, match=r"damaged|empty"):
                reading(path, FIELDS)


@pytest.mark.parametrize("name", FILES)
def test_bytes_of_chance_are_refused_or_counted(reading: Callable[..., object], tmp_path: Path, name: str) -> None:
    """A file that is not at all what its name says is an answer in words, too."""
    path = tmp_path / name
    for seed in range(5):
        path.write_bytes(random.Random(seed).randbytes(5_000))  # noqa: S311
        try:
            found = reading(path, FIELDS)
        except Refusal:
            continue
        assert not found.rows


def test_frames_follow_one_another(reading: Callable[..., object], tmp_path: Path) -> None:
    """Compressed files that were put end to end, as their formats allow, are read to the end of the last."""
    content = csv_bytes().splitlines(keepends=True)
    first, second = b"".join(content[:100]), b"".join(content[100:])
    for name, compress in (("r.csv.gz", gzip.compress), ("r.csv.zst", zstandard.compress)):
        (tmp_path / name).write_bytes(compress(first) + compress(second))
        assert len(reading(tmp_path / name, FIELDS).rows) == len(ROWS)


def test_a_small_file_that_would_be_a_great_one_takes_little_memory(
    reading: Callable[..., object], tmp_path: Path
) -> None:
    """A line without end, compressed to nearly nothing, is passed over, not held."""
    for name, compress in (("r.csv.gz", gzip.compress), ("r.csv.zst", zstandard.compress)):
        (tmp_path / name).write_bytes(compress(b"id,subject,kind,at,number,item\n" + b"x" * 100_000_000))
        tracemalloc.start()
        found = reading(tmp_path / name, FIELDS)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert [row.line for row in found.rejected] == [2]
        assert peak < 80_000_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (gzip.compress(b"a,b"), "compressed with gzip"),
        (zstandard.compress(b"a,b"), "compressed with zstd"),
        (parquet_bytes("none"), "Parquet"),
        (b"PK\x03\x04rest", "a zip archive or a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "a spreadsheet or another document of an office program"),
        (b"%PDF-1.4\n", "a PDF"),
    ],
    # gzip writes the hour into its bytes, and every worker must call a test by the same name.
    ids=["gzip", "zstd", "parquet", "zip", "office", "pdf"],
)
@pytest.mark.parametrize("name", ["r.csv", "r.tsv", "r.jsonl"])
def test_what_is_no_text_is_called_by_its_name(
    reading: Callable[..., object], tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    """People rename files; that a header is not UTF-8 would tell them nothing."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataRefusal, match=words):
        reading(path, FIELDS)


def test_a_damaged_parquet_file_is_told_of_without_our_link_to_it(
    reading: Callable[..., object], tmp_path: Path
) -> None:
    """The database names the link by which it reads; nobody else has ever seen that."""
    for content in (b"", csv_bytes()):
        path = tmp_path / "r.parquet"
        path.write_bytes(content)
        with pytest.raises(DataRefusal) as caught:
            reading(path, FIELDS)
        assert str(path) in caught.value.message
        assert "tally-" not in caught.value.message.replace(str(path), "")


def test_a_parquet_file_that_is_damaged_while_it_is_scored_is_told_of(tmp_path: Path) -> None:
    """The database reads it once more, for what the rules ask; a file can be such that only then it is of no use."""
    path = tmp_path / "r.parquet"
    path.write_bytes(parquet_bytes("none"))

    def progress(doing: str, _rows: int) -> None:
        if doing == "scoring":
            path.write_bytes(bytes(path.stat().st_size))

    with pytest.raises(DataRefusal, match="is damaged or cannot be read: ") as caught:
        score(accepted(BOOK), path, as_of=date(2026, 3, 1), progress=progress)
    assert caught.value.message.startswith(f"`{path}` ")
    assert "tally-" not in caught.value.message.replace(str(path), "")


def test_a_parquet_file_for_which_there_is_no_room_is_not_told_as_damaged(tmp_path: Path) -> None:
    """Texts that together are larger than the memory allowed: the file is whole, and the machine is too small."""
    path = tmp_path / "wide.parquet"
    long = [str(number) * 2_000_000 for number in range(10, 50)]
    rows = {"id": long, "subject": long, "kind": ["a"] * 40, "at": ["2026-01-01T00:00:00Z"] * 40}
    pq.write_table(pa.table(rows), path, compression="zstd")
    with pytest.raises(DataRefusal, match="takes more memory, or more room on the disk: ") as caught:
        score(accepted(BOOK), path, as_of=date(2026, 3, 1), memory_limit="64MB")
    assert "damaged" not in str(caught.value)
    assert caught.value.help == "allow it more memory, or make room on the disk"


def test_which_parquet_file_is_damaged_is_told_also_while_it_is_scored(tmp_path: Path) -> None:
    """By its statistics alone a column is found to hold times, and only when it is asked for does its damage show, of
    which the database says "don't know what type" and no more: it was a mistake of ours."""
    rows: dict[str, list[object]] = {name: [*each] for name, each in zip(NAMES, zip(*ROWS, strict=True), strict=True)}
    rows["at"] = [datetime(2026, 1, 1 + number % 28, tzinfo=UTC) for number in range(300)]
    files = [tmp_path / name for name in ("one.parquet", "two.parquet", "three.parquet")]
    for file in files:
        rows["id"] = [f"{file.name} {number}" for number in range(300)]
        pq.write_table(pa.table(rows), file, compression="none", row_group_size=100, use_dictionary=False)
    column = pq.ParquetFile(files[1]).metadata.row_group(2).column(NAMES.index("at"))
    damaged = bytearray(files[1].read_bytes())
    damaged[column.data_page_offset : column.data_page_offset + 20] = b"\xff" * 20
    files[1].write_bytes(damaged)
    doing: list[str] = []
    with pytest.raises(DataRefusal, match="is damaged or cannot be read: don't know what type") as caught:
        score(accepted(BOOK), files, as_of=date(2026, 3, 1), progress=lambda what, _rows: doing.append(what))
    assert caught.value.message.startswith(f"`{files[1]}` ")
    assert "scoring" in doing


def test_rows_without_end_in_a_few_bytes_are_refused(
    reading: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a packed text is that becomes so much."""
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({name: pa.nulls(50_000, pa.string()) for name in NAMES}), path, compression="zstd")
    most = 50_000 // path.stat().st_size
    monkeypatch.setattr(native, "_MOST_ROWS", most)
    assert reading(path, FIELDS).taken.rows == 50_000
    monkeypatch.setattr(native, "_ALWAYS_READ", 49_999)
    with pytest.raises(DataRefusal, match=f"more than {most} rows for each of its bytes"):
        reading(path, FIELDS)


def test_what_is_left_of_a_large_block_is_not_copied_with_each_piece_taken(tmp_path: Path) -> None:
    """A kilobyte of zstd becomes megabytes, which are handed on piece by piece: a copy of the rest with each would take
    time that grows with its square."""
    path = tmp_path / "r.csv.zst"
    path.write_bytes(zstandard.compress(b" " * (1 << 26), 1))
    with path.open("rb") as file:
        pieces, piece = lines._Zst(lines.Bytes(file)), bytearray(1 << 16)  # noqa: SLF001  what is held is not to be seen otherwise
        assert pieces.readinto(piece) == len(piece)
        tracemalloc.start()
        assert pieces.readinto(piece) == len(piece)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize(("name", "compress"), [("r.csv.gz", gzip.compress), ("r.csv.zst", zstandard.compress)])
@pytest.mark.parametrize(("repeated", "block"), [(b"x", 1 << 22), (b"\n", 1 << 17)], ids=["one line", "blank lines"])
def test_a_file_that_unpacks_without_end_is_refused(
    reading: Callable[..., object],
    name: str,
    compress: Callable[[bytes], bytes],
    repeated: bytes,
    block: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a small file becomes is bounded by its size, beyond what takes no time; so many blank lines as make a block
    are enough, since each is looked at."""
    monkeypatch.setattr(lines, "_BLOCK", block)
    monkeypatch.setattr(lines, "_ALWAYS_UNPACKED", block)
    monkeypatch.setattr(lines, "_MOST_TIMES", 20)
    path = tmp_path / name
    path.write_bytes(compress(csv_bytes() + repeated * (block * 9 // 4)))
    with pytest.raises(DataRefusal, match=r"unpacks to more than 20 times its size"):
        reading(path, FIELDS)
    path.write_bytes(compress(csv_bytes() + repeated * (block * 3 // 4)))
    reading(path, FIELDS)
