"""Damaged and unusual CSV: each row is accepted whole or rejected with its line and a reason; nothing is swallowed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallystick.engine.intake import csv_rows as intake_csv
from tallystick.engine.intake import lines as intake_lines
from tallystick.engine.intake import table as intake_table
from tallystick.engine.intake.batch import Column, insert_batch
from tallystick.engine.intake.behind import Behind
from tallystick.engine.intake.csv_rows import (
    OPEN_QUOTE,
    STRAY_QUOTE,
    Cells,
    Columns,
    CsvReader,
    Damaged,
    damaged_lines,
)
from tallystick.engine.intake.lines import NOT_UTF8, TOO_LONG, Block, Lines
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.rules.rulebook import Field
from tallystick.rules.value import TextType

FIELDS = (
    Field("subject", "subject", TextType(), optional=False, title=None),
    Field("item", "item", TextType(), optional=True, title=None),
)


@pytest.fixture
def read(reading: Callable[..., object], tmp_path: Path) -> Callable[..., object]:
    """Read bytes as a CSV file with the columns `subject` and `item`."""

    def read(content: bytes, name: str = "r.csv", header: bytes = b"subject,item\n") -> object:
        (tmp_path / name).write_bytes(header + content)
        return reading(tmp_path / name, FIELDS)

    return read


CELLS = st.text(st.sampled_from(list('a,;"\n\r é\t')), max_size=4)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6), st.sampled_from([",", "\t", ";"]))
@settings(max_examples=settings().max_examples * 2)
def test_what_pythons_writer_writes_is_read_as_it_was(
    lines_of: Callable[[bytes], Lines], rows: list[list[str]], delimiter: str
) -> None:
    """Every text comes back, with quotes, delimiters and line endings inside it."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([["a", "b", "c"], *rows])
    found = list(CsvReader(lines_of(file.getvalue().encode()), delimiter).rows())
    assert [row.cells for row in found if isinstance(row, Cells)] == rows
    assert len(found) == len(rows)


@given(st.text(st.sampled_from(list('aab,,""\n\n\r é')), max_size=40), st.sampled_from(["", "\n", "\r\n"]))
@settings(max_examples=settings().max_examples * 4)
@example('"a","b","é"\n"a","","b"\n"b","","a"', "\n")
@example('a,"b","é"\r\n"a",b"b,"b"\r\n', "")
@example('"a","b\n","é"', "\n")
@example('"a",b,c\r\r', "\n")
@example('"a,"b","é"\n"a","b","é', "\n")
def test_many_rows_in_one_go_are_the_same_rows(lines_of: Callable[[bytes], Lines], text: str, ending: str) -> None:
    """As blocks, column by column, or one by one."""
    content = f"a,b,c\n{text}{ending}".encode()
    found: list[Cells | Damaged] = []
    for some in CsvReader(lines_of(content), ",").batches():
        match some:
            case Block():
                damaged = dict(damaged_lines(some, ",", 3))
                for place, line in enumerate(some.text.split("\n")):
                    cells = Cells(some.first + place, line.removesuffix("\r").split(","))
                    found.append(damaged.get(place, cells))
            case Columns():
                rows = list(zip(*some.cells, strict=True))
                assert len(rows) == some.lines
                found += [Cells(line, list(cells)) for line, cells in enumerate(rows, some.first)]
            case _:
                found.append(some)
    assert found == list(CsvReader(lines_of(content), ",").rows())


def test_quoted_cells_are_read_together(lines_of: Callable[[bytes], Lines]) -> None:
    """Where each stands on one line and holds no quote itself."""
    content = "a,b\r\n" + "".join(f'"s{n}","x, {n}"\r\n' for n in range(50))
    (found,) = CsvReader(lines_of(content.encode()), ",").batches()
    assert isinstance(found, Columns)
    assert list(found.cells) == [tuple(f"s{n}" for n in range(50)), tuple(f"x, {n}" for n in range(50))]
    kinds = {type(row) for row in CsvReader(lines_of((content + '"a ""b""",c\n').encode()), ",").batches()}
    assert kinds == {Cells}


def test_a_quoted_cell_may_span_lines(read: Callable[..., object]) -> None:
    """The row's line is the one where it begins, and the lines after it are numbered on."""
    found = read(b'ada,"one\ntwo\r\nthree"\nbob,x\n,y\n')
    assert found.rows == [("ada", "one\ntwo\r\nthree"), ("bob", "x")]
    assert found.reasons == [(6, "subject", "missing")]


@pytest.mark.parametrize("lost", [b'ada,"one', b'"ada,one'])
def test_a_lost_quote_costs_its_own_line(read: Callable[..., object], lost: bytes) -> None:
    """What stands after it, quoted or not, over lines or not, is read as if it were not there."""
    found = read(b"eve,x\n" + lost + b'\nbob,"two, three"\ncy,"4\n5"\ndan,y\n')
    assert found.rows == [("eve", "x"), ("bob", "two, three"), ("cy", "4\n5"), ("dan", "y")]
    assert [(line, reason) for line, _, reason in found.reasons] == [(3, STRAY_QUOTE)]


def test_a_quote_that_is_never_closed_costs_its_own_line(read: Callable[..., object]) -> None:
    """To the end of the file there is no other quote."""
    found = read(b'ada,"one\nbob,two\ncy,three\n')
    assert found.rows == [("bob", "two"), ("cy", "three")]
    assert found.reasons == [(2, "", OPEN_QUOTE)]
    assert found.rejected[0].value == 'ada,"one'


def test_a_quote_opened_and_closed_too_far_away_is_lost(
    read: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record has a greatest size; beyond it the quote is taken as lost and its lines as rows."""
    monkeypatch.setattr(intake_csv, "LONGEST_LINE", 100)
    found = read(b'ada,"one\n' + b"bob,two\n" * 20 + b'cy,three"\n')
    assert len(found.rows) == 20
    assert found.reasons == [(2, "", OPEN_QUOTE), (23, "", STRAY_QUOTE)]


@pytest.mark.parametrize("line", [b'ada,5" disc', b'ada,"x"y', b'ada, "x"', b'ada,"x""'])
def test_a_stray_quote_is_rejected(read: Callable[..., object], line: bytes) -> None:
    """A quote stands around a whole cell or doubled within one, nowhere else."""
    found = read(line + b"\nbob,x\n")
    assert found.rows == [("bob", "x")]
    assert [line for line, _, _ in found.reasons] == [2]


def test_a_row_has_as_many_cells_as_the_header(read: Callable[..., object]) -> None:
    """Too few and too many are told with their numbers; a line with nothing on it is no row."""
    found = read(b'ada\n\nada,x,y\n"a\nb"\n\r\nbob,x')
    assert found.rows == [("bob", "x")]
    assert found.reasons == [
        (2, "", "1 cell where the header has 2"),
        (4, "", "3 cells where the header has 2"),
        (5, "", "1 cell where the header has 2"),
    ]


def test_lines_of_a_block_that_are_no_rows_are_held_some_at_a_time(
    read: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block is 4 MiB, of which two bytes can be such a line: what is told of each takes a hundred times that."""
    sizes: list[int] = []

    def insert(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, Column], select: object) -> None:
        sizes.append(len(columns["row"][1]))
        insert_batch(connection, table, columns, select)  # type: ignore[arg-type]

    monkeypatch.setattr(intake_table, "BATCH", 100)
    monkeypatch.setattr(intake_table, "insert_batch", insert)
    monkeypatch.setattr(intake_table, "_FEW", 0)  # so that the block is one, and not a few lines
    found = read(b"a\r\n" * 250 + b"bob,x\n" + b",,,\n" * 80)
    assert found.rows == [("bob", "x")]
    assert [(line, reason.partition(" ")[0]) for line, _, reason in found.reasons] == [
        *((line, "1") for line in range(2, 252)),
        *((line, "4") for line in range(253, 333)),
    ]
    assert sizes == [100, 100, 100, 30]


@pytest.mark.parametrize("few", [0, 1_000])
def test_many_small_files_are_read_as_each_would_be(
    reading: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Their rows go into the tables together, each with its file and line, whatever else the files hold."""
    sizes: list[int] = []

    def insert(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, Column], select: object) -> None:
        sizes.append(len(columns["row"][1]))
        insert_batch(connection, table, columns, select)  # type: ignore[arg-type]

    monkeypatch.setattr(intake_table, "_FEW", few)
    monkeypatch.setattr(intake_table, "insert_batch", insert)
    (tmp_path / "files").mkdir()
    for number in range(20):
        rows = f"subject,item\r\np{number},1\r\n\nlonely\n" if number % 2 else f'item,subject\n"2",p{number}\n'
        (tmp_path / "files" / f"{number:02}.csv").write_bytes(rows.encode())
    (tmp_path / "files" / "20.jsonl").write_text('{"subject": "p20", "item": "3"}\n', encoding="utf-8")
    found = reading(tmp_path / "files", FIELDS)
    assert found.rows == [*((f"p{number}", "1" if number % 2 else "2") for number in range(20)), ("p20", "3")]
    because = "1 cell where the header has 2"
    assert [(Path(each.file).name, each.line, each.reason) for each in found.rejected] == [
        (f"{number:02}.csv", 4, because) for number in range(1, 20, 2)
    ]
    if few:
        assert sizes == [21, 10]


@pytest.mark.parametrize("row", [b'"ada",x\n', b'"ada",x,"too many"\n'])
def test_rows_that_are_read_one_by_one_are_held_some_at_a_time(
    read: Callable[..., object], monkeypatch: pytest.MonkeyPatch, row: bytes
) -> None:
    """Whether they can be used or not: a file of them may be longer than there is memory."""
    sizes: list[int] = []

    def insert(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, Column], select: object) -> None:
        sizes.append(len(columns["row"][1]))
        insert_batch(connection, table, columns, select)  # type: ignore[arg-type]

    monkeypatch.setattr(intake_table, "BATCH", 100)
    monkeypatch.setattr(intake_table, "insert_batch", insert)
    found = read(b'bob,"a ""b"""\n' + row * 249)  # one doubled quote has them all looked at closely
    assert found.taken.rows == 250
    assert len(found.rows) + len(found.rejected) == 250
    assert max(sizes) == 100
    assert sum(sizes) == 250


@pytest.fixture(params=[0, 1_000], ids=["blocks", "lines"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have plain lines taken apart by the database, or one by one."""
    monkeypatch.setattr(intake_table, "_FEW", request.param)


@pytest.mark.usefixtures("few")
def test_what_cannot_be_read_is_told_in_the_order_of_the_file(read: Callable[..., object]) -> None:
    """Also where some lines are no rows, and of some rows a cell is not what it should be."""
    found = read(b"ada,x\n,y\nbob\n,z\ncy,1,2\n,w\n")
    assert [(line, field) for line, field, _ in found.reasons] == [
        (3, "subject"),
        (4, ""),
        (5, "subject"),
        (6, ""),
        (7, "subject"),
    ]
    assert found.rows == [("ada", "x")]


@pytest.mark.usefixtures("few")
def test_a_row_that_cannot_be_read_is_told_with_its_own_file(reading: Callable[..., object], tmp_path: Path) -> None:
    """Of several files, lines with too few cells and rows with a cell that is missing alike."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"subject,item\n{name},x\n,y\nbob\n")
    found = reading(tmp_path, FIELDS)
    assert [(Path(row.file).name, row.line) for row in found.rejected] == [
        ("a.csv", 3),
        ("a.csv", 4),
        ("b.csv", 3),
        ("b.csv", 4),
    ]
    assert found.rows == [("a", "x"), ("b", "x")]


def test_bytes_that_are_not_utf8_reject_their_row(read: Callable[..., object]) -> None:
    """Also inside a quoted cell over lines, which stays one row; the value shown is text."""
    found = read(b'ada,\xff\nbob,"\xe9\nx,y"\ncy,\xc3\xa9\n')
    assert found.rows == [("cy", "é")]
    assert [(line, reason) for line, _, reason in found.reasons] == [(2, NOT_UTF8), (3, NOT_UTF8)]
    assert found.rejected[0].value == "ada,�"


def test_a_line_too_long_is_rejected_and_not_kept(read: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is passed over to its end; the next line is read, with its own number."""
    monkeypatch.setattr(intake_lines, "LONGEST_LINE", 50)
    found = read(b"ada," + b"x" * 1_000 + b"\nbob,x\n,y\n")
    assert found.rows == [("bob", "x")]
    assert found.reasons == [(2, "", TOO_LONG), (4, "subject", "missing")]


def test_a_nul_rejects_its_row_alone(read: Callable[..., object]) -> None:
    """It ends no line and no file."""
    found = read(b"ada,x\0y\nbob,x\n")
    assert found.rows == [("bob", "x")]
    assert found.reasons == [(2, "item", "holds a NUL character")]


def test_a_byte_order_mark_is_no_part_of_the_first_column(read: Callable[..., object]) -> None:
    """As programs of one maker write it."""
    assert read(b"ada,x\n", header=b"\xef\xbb\xbfsubject,item\r\n").rows == [("ada", "x")]


@pytest.mark.parametrize("delimiter", [b";", b"\t"])
def test_a_csv_file_may_be_divided_by_semicolons_or_tabs(read: Callable[..., object], delimiter: bytes) -> None:
    """If its header has none but those between names."""
    found = read(b'ada%b"x,y"\n' % delimiter, header=b"subject%bitem\n" % delimiter)
    assert found.rows == [("ada", "x,y")]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (b"subject;paid, EUR;item\n", b"ada;1,50;x\n"),
        (b"subject\tpaid, EUR\tpaid; CHF\titem\n", b"ada\t1,50\t1\tx\n"),
        (b"subject,paid; EUR,item\n", b"ada,1;50,x\n"),
        (b'subject,"paid; or; not; yet",item\n', b"ada,1,x\n"),
        (b'subject,item,"paid; or; not; yet;\nso"\n', b"ada,x,1\n"),
        (b"subject,item\n", b"ada,x\n"),
    ],
)
def test_the_sign_that_divides_most_names_divides_the_columns(
    read: Callable[..., object], header: bytes, row: bytes
) -> None:
    """A comma in the name of a column does not cut a file that semicolons divide, nor the other way round; a sign in
    quotes divides nothing."""
    assert read(row, header=header).rows == [("ada", "x")]


@pytest.mark.parametrize("line", [b"sep=;", b'"sep=;"', b"SEP=;", b"\xef\xbb\xbfsep=;", b"sep=;;;", b"\r\nsep=;"])
def test_a_line_that_names_the_sign_is_no_header(read: Callable[..., object], line: bytes) -> None:
    """As spreadsheets write it above the header, for each other: the sign it names divides the columns, and lines are
    counted from it on."""
    found = read(b"ada;x\nbob\n", header=line + b"\r\nsubject;item\n")
    assert found.rows == [("ada", "x")]
    assert [row.line for row in found.rejected] == [4 + line.count(b"\n")]


def test_a_line_that_names_the_sign_counts_more_than_the_header(read: Callable[..., object]) -> None:
    """A header of one column has no sign to tell by, and names may hold others."""
    assert read(b"ada;1,5\n", header=b"sep=;\nsubject;item, in, all\n").rejected == []


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"subject,\xff\n", "save it as UTF-8"),
        (b'[{"subject": "ada"}]\n', "JSON is read from a file that is called `.jsonl`, one object on a line"),
        (b'sub"ject,item\n', "a name with a quote in it stands in quotes, and the quote in it is doubled"),
    ],
)
def test_a_header_that_cannot_be_read_comes_with_help(read: Callable[..., object], header: bytes, said: str) -> None:
    """What to do depends on what it looks like."""
    with pytest.raises(DataRefusal) as caught:
        read(b"", header=header)
    assert caught.value.help == said


def test_a_tsv_file_is_divided_by_tabs(read: Callable[..., object]) -> None:
    """A comma is a character like any other there."""
    assert read(b"ada\tx,y\n", name="r.tsv", header=b"subject\titem\n").rows == [("ada", "x,y")]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"subject,item,subject\n", "names the column `subject` twice"),
        (b"subject,\xff\n", "cannot be read: not valid UTF-8"),
        (b'subject,"item\n', "cannot be read: a quote"),
        (b"subject,item\rada,x\rbob,y\r", "end with a carriage return alone"),
        (b"\xff\xfes\0u\0", "is UTF-16 or UTF-32"),
        ("subject,item\n".encode("utf-32-le"), "is UTF-16 or UTF-32"),
        ("subject,item\n".encode("utf-32-be"), "is UTF-16 or UTF-32"),
        (b"s\0u\0b\0\n\0", "is UTF-16"),
        (b"\0s\0u\0b\0\n", "is UTF-16"),
        ("имя,id,kind,at\nюля,1,post,2026-01-01\n".encode("utf-16-le"), "is UTF-16"),
        (b"\0" * 900_000, "begins with zeros"),
        (b"sep=;\r\n", "is empty"),
        (b"Report of March,,\nsubject,item,at\n", "leaves 2 columns without a name"),
        (b"sep=;\nsubject;item;subject\n", "names the column `subject` twice"),
        (",".join(f"c{n}" for n in range(10_001)).encode(), "names 10,001 columns, more than 10,000"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(read: Callable[..., object], header: bytes, words: str) -> None:
    """The file is named, and nothing is read."""
    with pytest.raises(DataRefusal, match=rf"`.*r\.csv`.*{words}|{words}"):
        read(b"", header=header)


def test_a_needed_column_that_is_not_there_is_refused(read: Callable[..., object]) -> None:
    """The columns that there are, and two ways to name the right one, are told."""
    with pytest.raises(UsageRefusal, match="has no column `subject`") as caught:
        read(b"ada,x\n", header=b"user,item\n")
    assert caught.value.notes == ("it has `user`, `item`",)
    assert "mapping" in str(caught.value.help)
    with pytest.raises(UsageRefusal, match="has no column `subject`") as caught:
        read(b"", header=b"x" * 900_000)
    assert caught.value.notes == (f"it has `{'x' * 100}`",)


def test_zeros_at_the_end_are_told_as_rows_that_cannot_be_read(read: Callable[..., object]) -> None:
    """Such as a disk leaves that was switched off: they say nothing of how the file is encoded."""
    found = read(b"ada,x\n" + b"\0" * 5_000, header=b"subject,item\n")
    assert found.rows == [("ada", "x")]
    assert [(each.line, each.reason) for each in found.rejected] == [(3, "1 cell where the header has 2")]


def test_an_optional_column_that_is_not_there_is_told(read: Callable[..., object]) -> None:
    """Its values are missing in every row."""
    found = read(b"ada\n", header=b"subject\n")
    assert found.rows == [("ada", None)]
    assert found.taken.files[0].absent == ("item",)


def test_columns_that_are_not_declared_are_not_read(read: Callable[..., object]) -> None:
    """Whatever stands in them, even a NUL or a text without end."""
    found = read(b"ada,x,\0" + b"y" * 20_000 + b"\n", header=b"subject,item,other\n")
    assert found.rows == [("ada", "x")]


def test_rows_far_from_one_another_are_numbered_alike(
    reading: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a row comes in a block of plain ones or by itself, it has its line, its place and its values."""
    monkeypatch.setattr(intake_lines, "_BLOCK", 64)
    rows = [f"s{n},x{n}" if n % 9 else f's{n},"x{n}"' for n in range(200)]
    rows[50], rows[120], rows[121] = "", ",lost", "one"
    (tmp_path / "r.csv").write_text("subject,item\n" + "\r\n".join(rows))
    found = reading(tmp_path / "r.csv", FIELDS)
    assert found.rows == [(f"s{n}", f"x{n}") for n in range(200) if n not in (50, 120, 121)]
    assert found.reasons == [(122, "subject", "missing"), (123, "", "1 cell where the header has 2")]
    assert found.taken.rows == 199


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("ending", ["", "\n", "\n\n", "\r\n", "\n\r\n"])
@pytest.mark.parametrize("first", ["", "\n", "\r\n"])
def test_lines_with_nothing_on_them_are_no_rows(
    reading: Callable[..., object], tmp_path: Path, first: str, ending: str
) -> None:
    """Wherever they stand, also where a row is one cell."""
    (tmp_path / "r.csv").write_text(f"subject\n{first}ada\n\nbob{ending}", newline="")
    found = reading(tmp_path / "r.csv", FIELDS[:1])
    assert found.rows == [("ada",), ("bob",)]
    assert found.taken.rows == 2
    for between in ("\n", "\r\n\r\n"):
        (tmp_path / "r.csv").write_text(f"subject\nada{between}bob{ending}", newline="")
        found = reading(tmp_path / "r.csv", FIELDS[:1])
        assert (found.rows, found.taken.rows) == ([("ada",), ("bob",)], 2)


def test_what_fails_behind_the_reading_is_raised() -> None:
    """By whoever asks for more, or in the end; what was begun ends first."""
    done: list[int] = []

    def work(place: int) -> Callable[[object], None]:
        def do(connection: duckdb.DuckDBPyConnection) -> None:
            connection.execute("SELECT 1" if place != 1 else "SELECT error('no room')")
            done.append(place)

        return do

    connection = duckdb.connect(config={"threads": 2})
    with pytest.raises(duckdb.Error, match="no room"), Behind(connection) as behind:  # noqa: PT012  the last may raise
        behind.do(work(0))
        behind.do(work(1))
    assert done == [0]
    with pytest.raises(duckdb.Error, match="no room"), Behind(connection) as behind:  # noqa: PT012  any of them may
        for place in range(1, 9):
            behind.do(work(place))
    assert len(done) < 8
