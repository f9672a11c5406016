"""Columns of other types than text mean what their text means, and those that no field can be read from are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.engine.intake import reasons
from tallystick.engine.intake.native import Part
from tallystick.engine.intake.reading import read_rows
from tallystick.engine.intake.shape import Shape, Skipping
from tallystick.engine.intake.table import Wanted
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.rules.rulebook import Field
from tallystick.rules.value import DateType, NumberType, OneOfType, TextType, TimeType, Type, YesNoType

TARGETS: tuple[Type, ...] = (
    TextType(),
    YesNoType(),
    DateType(),
    TimeType(),
    TimeType("Europe/Berlin"),
    NumberType(Decimal(-(10**12)), Decimal(10**12), 6),
    NumberType(Decimal("-1.5"), Decimal("2.25"), 2),
    NumberType(Decimal(0), Decimal(100), 0),
)
SUBJECT = Field("subject", "subject", TextType(), optional=False, title=None)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
MICROSECONDS = st.integers(-62_135_510_400_000_000, 253_402_214_400_000_000 - 1)
CLOSE = st.integers(1_585_440_000_000_000, 1_585_450_000_000_000)


def moment_text(microseconds: int, nanoseconds: int = 0) -> str:
    """Write a moment with as many places as it needs."""
    second = (EPOCH + timedelta(microseconds=microseconds)).replace(microsecond=0)
    places = f"{microseconds % 1_000_000:06}{nanoseconds:03}".rstrip("0")
    return second.isoformat(sep=" ") + (f".{places}" if places else "")


FLOATS = st.one_of(
    st.floats(),
    st.integers(-200, 10**13).map(float),
    st.decimals(-3, 200, places=3).map(float),
    st.just(-0.0),
    st.just(1e-5),
)
SORTS: dict[str, tuple[pa.DataType, st.SearchStrategy[object], Callable[[object], str]]] = {
    "int64": (pa.int64(), st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 105), str),
    "uint8": (pa.uint8(), st.integers(0, 255), str),
    "double": (pa.float64(), FLOATS, repr),
    "float": (pa.float32(), st.floats(width=32), lambda value: str(np.float32(value))),  # type: ignore[arg-type]
    "decimal": (pa.decimal128(20, 4), st.decimals(-(10**12), 10**12, places=4), lambda value: f"{value:f}"),
    "bool": (pa.bool_(), st.booleans(), lambda value: "true" if value else "false"),
    "date": (pa.date32(), st.dates(), lambda value: value.isoformat()),  # type: ignore[attr-defined]
    "time": (pa.timestamp("us"), MICROSECONDS | CLOSE, moment_text),  # type: ignore[dict-item]
    "moment": (pa.timestamp("us", "UTC"), MICROSECONDS, lambda value: moment_text(value) + "Z"),  # type: ignore[arg-type]
    "second": (pa.timestamp("s"), st.integers(-(10**9), 10**10), lambda value: moment_text(value * 1_000_000)),  # type: ignore[operator]
    "fine": (
        pa.timestamp("ns", "+02:00"),
        st.integers(-(10**18), 10**18) | st.integers(-(10**15), 10**15).map(lambda each: each * 1000),
        lambda value: moment_text(value // 1000, value % 1000) + "Z",  # type: ignore[operator]
    ),
}


@given(data=st.data(), sort=st.sampled_from(sorted(SORTS)), target=st.sampled_from(TARGETS), optional=st.booleans())
@settings(max_examples=settings().max_examples // 2)
def test_a_native_column_means_what_its_text_means(
    reading: Callable[..., object], data: st.DataObject, sort: str, target: Type, *, optional: bool
) -> None:
    """Numbers by their shortest text, moments in UTC, dates and yes/no: each is accepted or rejected as its text is; a
    time of midnight without a zone is a date, too."""
    arrow_type, values, text = SORTS[sort]
    cells = data.draw(st.lists(st.none() | values, min_size=1, max_size=12))
    fields = (SUBJECT, Field("x", "x", target, optional, None))
    texts = [None if cell is None else text(cell) for cell in cells]
    if isinstance(target, DateType) and sort in ("time", "second"):
        texts = [None if each is None else each.removesuffix(" 00:00:00") for each in texts]
    expected = read_rows(fields, ["subject", "x"], [["ada", each] for each in texts])
    table = pa.table({"subject": ["ada"] * len(cells), "x": pa.array(cells, arrow_type)})
    found = reading(table, fields)
    assert [row[1] for row in found.rows] == [row[1] for row in expected.rows]
    assert found.reasons == [(each.index + 1, "x", each.because.reason) for each in expected.rejected]


def fields_of(**types: Type) -> tuple[Field, ...]:
    """Return optional fields of these types, and the subject."""
    return (SUBJECT, *(Field(name, name, type_, optional=True, title=None) for name, type_ in types.items()))


def test_pandas_columns_are_read_whatever_holds_their_missing_values(reading: Callable[..., object]) -> None:
    """None, NaN, NaT and NA are missing in every kind of pandas column, and never the text `nan`."""
    frame = pd.DataFrame(
        {
            "subject": pd.Categorical(["ada", "bob"]),
            "a": pd.array([1, None], dtype="Int64"),
            "b": [1.5, float("nan")],
            "c": pd.array(["x", None], dtype="string"),
            "d": pd.Series(["x", float("nan")], dtype=object),
            "e": pd.to_datetime(["2020-01-01T12:00:00Z", None]),
            "f": pd.Series([date(2020, 1, 1), None], dtype=object),
            "g": pd.array([True, None], dtype="boolean"),
        }
    )
    number = NumberType(Decimal(-5), Decimal(5), 1)
    fields = fields_of(a=number, b=number, c=TextType(), d=TextType(), e=TimeType(), f=DateType(), g=YesNoType())
    found = reading(frame, fields)
    moment = datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert found.rows == [
        ("ada", Decimal(1), Decimal("1.5"), "x", "x", moment, date(2020, 1, 1), True),
        ("bob", None, None, None, None, None, None, None),
    ]


@pytest.mark.parametrize("dtype", ["datetime64[ns, UTC]", "datetime64[ns]", object])
def test_a_moment_finer_than_a_millionth_of_a_second_is_rejected_from_pandas_too(
    reading: Callable[..., object], dtype: object
) -> None:
    """As from text, Arrow and Parquet: no digit is left out in silence, and the other rows are read."""
    cells = ["2020-01-01T00:00:00.123456789", "2020-01-01T00:00:00.123456", "2020-01-01T12:00:00", None]
    zone = None if dtype == "datetime64[ns]" else "UTC"
    moments = [None if each is None else pd.Timestamp(each, tz=zone) for each in cells]
    frame = pd.DataFrame({"subject": list("abcd"), "x": pd.Series(moments, dtype=dtype)})
    found = reading(frame, fields_of(x=TimeType(zone="UTC")))
    fine, whole = datetime(2020, 1, 1, microsecond=123456, tzinfo=UTC), datetime(2020, 1, 1, 12, tzinfo=UTC)
    assert [row[1] for row in found.rows] == [fine, whole, None]
    assert found.reasons == [(1, "x", reasons.TOO_FINE)]


def test_polars_columns_are_read(reading: Callable[..., object]) -> None:
    """Categories, dates and moments of polars are read as what they are."""
    frame = pl.DataFrame(
        {
            "subject": pl.Series(["ada", "bob"], dtype=pl.Categorical),
            "day": [date(2020, 1, 1), None],
            "at": pl.Series([datetime(2020, 1, 1, tzinfo=UTC), None], dtype=pl.Datetime("ms", "UTC")),
        }
    )
    found = reading(frame, fields_of(day=DateType(), at=TimeType()))
    assert found.rows == [("ada", date(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC)), ("bob", None, None)]


def test_whole_numbers_of_a_text_field_are_ids(reading: Callable[..., object]) -> None:
    """They keep their own type for the engine, and equal ids are one record whatever the type."""
    table = pa.table({"subject": pa.array([7, 7, None], pa.int32()), "id": [1, 1, 2]})
    fields = (
        Field("id", "id", TextType(), optional=False, title=None),
        Field("subject", "subject", TextType(), optional=False, title=None),
    )
    found = reading(table, fields)
    assert found.rows == [("1", "7")]
    assert found.taken.copies == 1
    assert found.reasons == [(3, "subject", "missing")]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pa.array([["x"]]), "lists"),
        (pa.array([{"x": 1}]), "objects"),
        (pa.array([b"x"]), "bytes"),
        (pa.array([[("x", 1)]], pa.map_(pa.string(), pa.int64())), "objects"),
    ],
)
def test_nested_columns_are_refused(reading: Callable[..., object], column: pa.Array, words: str) -> None:
    """A declared field is never read from a list, an object or bytes, and the column is named."""
    with pytest.raises(UsageRefusal, match=f"`x` .* holds {words}"):
        reading(pa.table({"subject": ["ada"], "x": column}), fields_of(x=TextType()))


def test_nested_objects_in_a_pandas_column_are_refused(reading: Callable[..., object]) -> None:
    """Even if they hide among texts."""
    with pytest.raises(UsageRefusal, match="holds lists, objects or bytes"):
        reading(pd.DataFrame({"subject": ["ada", "bob"], "x": ["x", {"y": 1}]}), fields_of(x=TextType()))


def test_a_dotted_path_leads_through_structs(reading: Callable[..., object], tmp_path: Path) -> None:
    """In Parquet as in JSON; a column of that very name goes first."""
    path = tmp_path / "r.parquet"
    pq.write_table(
        pa.table({"actor": [{"login": {"name": "ada"}}, None], "a.b": ["x", "y"], "a": [{"b": 1}] * 2}), path
    )
    fields = fields_of(x=TextType())
    found = reading(path, fields, columns={"subject": "actor.login.name", "x": "a.b"})
    assert found.rows == [("ada", "x")]
    assert found.reasons == [(2, "subject", "missing")]


@pytest.mark.parametrize("arrow_type", [pa.float64(), pa.float32()], ids=str)
@pytest.mark.parametrize("optional", [False, True])
def test_what_is_no_number_is_found_beside_one_number(
    reading: Callable[..., object], tmp_path: Path, arrow_type: pa.DataType, *, optional: bool
) -> None:
    """The statistics of a Parquet file do not tell of NaN: by them all values here are 2.5."""
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({"subject": ["ada", "bob"], "x": pa.array([float("nan"), 2.5], arrow_type)}), path)
    found = reading(path, (SUBJECT, Field("x", "x", NumberType(Decimal(0), Decimal(5), 1), optional, None)))
    assert found.rows == [("bob", Decimal("2.5"))]
    assert found.reasons == [(1, "x", "not a number")]


def test_decimals_of_more_digits_than_the_database_has_are_refused(
    reading: Callable[..., object], tmp_path: Path
) -> None:
    """They would be read as binary numbers, with other digits; a column that no field is read from may be as it is."""
    path = tmp_path / "r.parquet"
    wide = pa.array([Decimal("123456789012345678.89")], pa.decimal256(39, 2))
    struct = pa.StructArray.from_arrays([wide], ["y"])
    pq.write_table(pa.table({"subject": ["ada"], "x": wide, "s": struct, "z": wide.cast(pa.decimal128(38, 2))}), path)
    fields = fields_of(x=NumberType(Decimal(0), Decimal(10) ** 20, 2))
    for column in ("x", "s.y"):
        with pytest.raises(UsageRefusal, match=f"`{column}` .* holds decimals of more than 38 digits"):
            reading(path, fields, columns={"x": column})
    assert reading(path, fields, columns={"x": "z"}).rows == [("ada", Decimal("123456789012345678.89"))]


def test_times_in_the_old_form_have_six_places(reading: Callable[..., object], tmp_path: Path) -> None:
    """The database cuts what is finer in INT96, as the page of the language says; in today's form it is rejected."""
    path = tmp_path / "r.parquet"
    table = pa.table({"subject": ["ada"], "x": pa.array([1_767_225_599_123_456_789], pa.timestamp("ns"))})
    pq.write_table(table, path, use_deprecated_int96_timestamps=True)
    moment = datetime(2025, 12, 31, 23, 59, 59, 123_456, UTC)
    assert reading(path, fields_of(x=TimeType("UTC"))).rows == [("ada", moment)]
    pq.write_table(table, path, version="2.6")
    assert [each[1:] for each in reading(path, fields_of(x=TimeType("UTC"))).reasons] == [("x", reasons.TOO_FINE)]


@pytest.mark.parametrize(
    "ends", [[2**63 - 1], [-(2**63) + 1], [1_767_225_600_000_000, 2**63 - 1], [-(2**63), 0]], ids=str
)
@pytest.mark.parametrize("optional", [False, True])
@pytest.mark.parametrize("target", [TimeType(), TimeType("Europe/Berlin"), DateType()], ids=repr)
def test_a_moment_beyond_the_calendar_is_rejected(
    reading: Callable[..., object], tmp_path: Path, ends: list[int], target: Type, *, optional: bool
) -> None:
    """Databases write `infinity`, and others the least whole number for nothing: neither is a moment, and neither is
    taken for a missing one, whatever a Parquet file's statistics say of the rest."""
    table = pa.table({"subject": ["ada"] * len(ends), "x": pa.array(ends, pa.int64()).view(pa.timestamp("us", "UTC"))})
    path = tmp_path / "r.parquet"
    pq.write_table(table, path)
    beyond = [number for number, each in enumerate(ends, 1) if not 0 <= each < 10**16]
    reason = reasons.NOT_A_TIME if isinstance(target, TimeType) else reasons.NOT_A_DATE
    for given_ in (table, path):
        found = reading(given_, (SUBJECT, Field("x", "x", target, optional, None)))
        assert [each for each in found.reasons if each[0] in beyond] == [(each, "x", reason) for each in beyond]


@pytest.mark.parametrize("cell", [-(2**63), -(2**63) + 2, 2**63 - 2])
@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize("target", [TimeType("Europe/Berlin"), DateType()], ids=repr)
def test_a_time_without_a_zone_beyond_the_calendar_is_rejected(
    reading: Callable[..., object], tmp_path: Path, cell: int, unit: str, target: Type
) -> None:
    """The database stops at some of them, whatever it is to make of them: the other rows are read."""
    table = pa.table({"subject": ["ada", "bob"], "x": pa.array([cell, 0], pa.int64()).view(pa.timestamp(unit))})
    path = tmp_path / "r.parquet"
    if unit == "us":  # what is coarser the database does not read from such a file
        pq.write_table(table, path)
    written = (unit, cell) == ("us", 2**63 - 2)  # in the year 294247, as the database writes it
    no_moment = reasons.NOT_A_TIME if isinstance(target, TimeType) else reasons.NOT_A_DATE
    for given_ in (table, path) if unit == "us" else (table,):
        found = reading(given_, fields_of(x=target))
        assert [row[0] for row in found.rows] == ["bob"]
        assert found.reasons == [(1, "x", no_moment if written else reasons.BEYOND)]


def test_a_moment_that_nobody_can_write_is_no_text(reading: Callable[..., object], tmp_path: Path) -> None:
    """A field of texts, or of kinds, is not read as what stands for any moment beyond the calendar."""
    ends = [-(2**63), 0, -(2**63) + 2, None]
    table = pa.table({"subject": ["ada", "bob", "cy", "dee"], "x": pa.array(ends, pa.timestamp("us"))})
    path = tmp_path / "r.parquet"
    pq.write_table(table, path)
    words = ("(beyond the calendar)", "1970-01-01 00:00:00")
    text = Field("x", "x", TextType(), optional=True, title=None)
    kind = Field("kind", "x", OneOfType(words), optional=True, title=None)
    for given_ in (table, path):
        for field in (text, kind):
            found = reading(given_, (SUBJECT, field))
            assert found.rows == [("bob", words[1]), ("dee", None)]
            assert found.reasons == [(1, field.name, reasons.BEYOND), (3, field.name, reasons.BEYOND)]


@pytest.mark.parametrize(
    ("unit", "library"),
    [*product(("s", "ms"), ("arrow", "pandas", "pandas of arrow")), ("ms", "polars")],  # polars has no seconds
)
def test_a_coarse_moment_with_a_zone_beyond_the_calendar_rejects_its_row_alone(
    reading: Callable[..., object], unit: str, library: str
) -> None:
    """Where 64 bits of microseconds cannot hold it, the database would read no row of the frame at all."""
    cells = [2**63 - 1, 1_767_225_600 * (1 if unit == "s" else 1000), None, -(2**62)]
    column = pa.array(cells, pa.timestamp(unit, "Europe/Berlin"))
    table = pa.table({"subject": ["ada", "bob", "cy", "dee"], "x": column})
    frames = {
        "arrow": lambda: table,
        "pandas": lambda: pd.DataFrame({"subject": table["subject"].to_pandas(), "x": column.to_pandas()}),
        "pandas of arrow": lambda: table.to_pandas(types_mapper=pd.ArrowDtype),
        "polars": lambda: pl.from_arrow(table),
    }
    frame = frames[library]()
    for target, value in ((TimeType(), datetime(2026, 1, 1, tzinfo=UTC)), (TextType(), "2026-01-01 00:00:00Z")):
        found = reading(frame, (SUBJECT, Field("x", "x", target, optional=True, title=None)))
        assert found.rows == [("bob", value), ("cy", None)]
        assert found.reasons == [(1, "x", reasons.BEYOND), (4, "x", reasons.BEYOND)]


def test_a_file_that_the_database_stops_at_is_told_why(reading: Callable[..., object], tmp_path: Path) -> None:
    """Of Parquet in thousandths of a second it reads no row where one is beyond its calendar; that is said."""
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({"subject": ["ada"], "x": pa.array([2**63 - 2], pa.timestamp("ms", "UTC"))}), path)
    with pytest.raises(DataRefusal, match="holds moments beyond the calendar") as refused:
        reading(path, fields_of(x=TimeType()))
    assert refused.value.help == "write its moments in microseconds, or leave out those after the year 294246"
    pq.write_table(pa.table({"subject": ["ada"], "x": pa.array([2**63 - 2], pa.timestamp("us", "UTC"))}), path)
    assert reading(path, fields_of(x=TimeType())).reasons == [(1, "x", reasons.NOT_A_TIME)]


def test_the_first_moment_of_fine_times_is_no_day(reading: Callable[..., object]) -> None:
    """Some writers put the least whole number where nothing is: the other rows are read."""
    table = pa.table({"subject": ["ada", "bob"], "x": pa.array([-(2**63), 0], pa.int64()).view(pa.timestamp("ns"))})
    found = reading(table, fields_of(x=DateType()))
    assert found.rows == [("bob", date(1970, 1, 1))]
    assert found.reasons == [(1, "x", reasons.NOT_A_DATE)]


@pytest.mark.parametrize("places", [0, 2, 9, 38])
def test_decimals_as_wide_as_the_database_has_are_read_or_rejected(
    reading: Callable[..., object], tmp_path: Path, places: int
) -> None:
    """A number of 38 digits is rejected by itself, and no other row with it."""
    texts = [f"{'9' * (38 - places) or 0}{'.' if places else ''}{'9' * places}", "0"]
    column = pa.array([Decimal(each) for each in texts], pa.decimal128(38, places))
    table = pa.table({"subject": ["ada", "bob"], "x": column})
    path = tmp_path / "r.parquet"
    pq.write_table(table, path)
    for target in (each for each in TARGETS if isinstance(each, NumberType)):
        fields = fields_of(x=target)
        expected = read_rows(fields, ["subject", "x"], list(zip(["ada", "bob"], texts, strict=True)))
        for given_ in (table, path):
            found = reading(given_, fields)
            assert [row[1] for row in found.rows] == [row[1] for row in expected.rows]
            assert found.reasons == [(each.index + 1, "x", each.because.reason) for each in expected.rejected]


@pytest.mark.parametrize("wide", [pa.decimal256(50, 2), pa.decimal256(20, 2), pa.float16()], ids=str)
def test_types_of_frames_that_the_database_does_not_read_are_refused(
    reading: Callable[..., object], wide: pa.DataType
) -> None:
    """The column, its type and what to give in its place are said, also in a struct and in pandas; a column that no
    field is read from may be as it is."""
    value = np.float16(2.5) if pa.types.is_float16(wide) else Decimal("2.5")
    column = pa.array([value], wide)
    struct = pa.StructArray.from_arrays([column], ["y"])
    table = pa.table({"subject": ["ada"], "x": column, "s": struct, "z": [2.5]})
    of_pandas = pd.DataFrame({"subject": ["ada"], "x": pd.Series(column, dtype=pd.ArrowDtype(wide)), "z": [2.5]})
    fields = fields_of(x=NumberType(Decimal(0), Decimal(10), 2))
    for frame, at, shown in ((table, "x", "x"), (table, "s.y", "s"), (of_pandas, "x", "x")):
        with pytest.raises(UsageRefusal, match=rf"column `{shown}` of `.*` holds values of the type ") as refused:
            reading(frame, fields, columns={"x": at})
        assert refused.value.help is not None
        assert refused.value.help.startswith("give it as ")
    for frame in (table, of_pandas):
        assert reading(frame, fields, columns={"x": "z"}).rows == [("ada", Decimal("2.5"))]


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (pd.DataFrame({"subject": ["ada"], "x": pd.period_range("2026-01", periods=1)}), r"period\[D\]"),
        (pd.DataFrame({"subject": ["ada"], "x": pd.arrays.SparseArray([1.0])}), r"Sparse\[float64, nan\]"),
    ],
    ids=["periods", "sparse"],
)
def test_a_frame_that_the_database_does_not_know_is_not_called_a_damaged_file(
    reading: Callable[..., object], frame: object, told: str
) -> None:
    """There is no file to fetch again: what to give in place of the column is said."""
    with pytest.raises(DataRefusal, match=f"`<DataFrame 1>` cannot be read: .*{told}") as refused:
        reading(frame, fields_of(x=TextType()))
    assert refused.value.help == "give its columns as texts, numbers, yes/no, dates or times"


def test_a_column_that_is_there_twice_is_refused(reading: Callable[..., object], tmp_path: Path) -> None:
    """In a Parquet file as in a frame and a text: nobody can tell which is meant. Two that differ by case are two."""
    path = tmp_path / "r.parquet"
    columns = [pa.array(["ada"]), pa.array(["a"]), pa.array(["b"]), pa.array(["c"])]
    for table in (pa.table(columns, ["subject", "X", "x", "x"]), pa.table(columns, ["subject", "X", "z", "x"])):
        pq.write_table(table, path)
        fields = fields_of(x=TextType())
        if table.column_names.count("x") == 2:
            for given in (table, path):
                with pytest.raises(UsageRefusal, match="has two columns called `x`"):
                    reading(given, fields)
        else:
            assert reading(table, fields).rows == reading(path, fields).rows == [("ada", "c")]


@pytest.mark.parametrize("frame", [pa.table, pd.DataFrame, pl.DataFrame])
def test_columns_of_a_frame_that_differ_by_case_alone_are_refused(
    reading: Callable[..., object], frame: Callable[[dict[str, list[object]]], object]
) -> None:
    """If both are read: the database shows the first for both. One of them alone is read."""
    made = frame({"subject": ["ada"], "amount": [1.0], "Amount": [5.0]})
    number = NumberType(Decimal(0), Decimal(100), 0)
    one, other = (Field(name, name, number, optional=False, title=None) for name in ("one", "other"))
    with pytest.raises(UsageRefusal, match="differ by case alone: `amount` and `Amount`"):
        reading(made, (SUBJECT, one, other), columns={"one": "amount", "other": "Amount"})
    assert reading(made, (SUBJECT, one), columns={"one": "Amount"}).rows == [("ada", Decimal(5))]


def test_a_parquet_file_with_a_column_called_as_the_numbers_of_rows_is_refused(
    reading: Callable[..., object], tmp_path: Path
) -> None:
    """In words, and not as a damaged one."""
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({"subject": ["ada"], "File_Row_Number": [1]}), path)
    with pytest.raises(UsageRefusal, match="has a column called `file_row_number`"):
        reading(path, fields_of())


def test_a_frame_may_have_a_name_with_a_dot(reading: Callable[..., object]) -> None:
    """A column of that very name goes first, as in Parquet."""
    table = pa.table({"subject": ["ada"], "a.b": ["x"]})
    assert reading(table, fields_of(x=TextType()), columns={"x": "a.b"}).rows == [("ada", "x")]


def test_a_column_that_is_not_there_is_named(reading: Callable[..., object]) -> None:
    """With the columns that are there, before anything is read."""
    with pytest.raises(UsageRefusal, match="no column `subject`") as caught:
        reading(pa.table({"user": ["ada"], "x": ["y"]}), fields_of(x=TextType()))
    assert caught.value.notes == ("it has `user`, `x`",)


def test_a_parquet_file_may_have_any_name(reading: Callable[..., object], tmp_path: Path) -> None:
    """A name is never a pattern, a quote or an address."""
    for number, name in enumerate(["*.parquet", "a'b\".parquet", "[ab]?.parquet", "http:--x;drop.parquet"]):
        pq.write_table(pa.table({"subject": [str(number)]}), tmp_path / name)
        assert reading(tmp_path / name, fields_of()).rows == [(str(number),)]
    assert len(reading(tmp_path, fields_of()).rows) == 4


def test_no_field_of_many_is_looked_at_through_a_filter() -> None:
    """For each filter the database makes room for what is asked of all fields: 1,800 fields of 20 rows took 8 GB."""
    fields = tuple(Field(f"y{n}", f"y{n}", each, optional=False, title=None) for n, each in enumerate(TARGETS))
    part = Part("SELECT 1", tuple("text" for _ in fields), "records", lasting=False)
    shape = Shape("records", part, tuple(Wanted(each, each.name) for each in fields), Skipping({}, frozenset()))
    assert shape.survey().count("bool_or") == 2 * len(fields)
    assert "FILTER" not in shape.survey()
