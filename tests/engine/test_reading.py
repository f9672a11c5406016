"""Takes text cells; gives proof of what they mean and of why a row is rejected."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tallystick.engine.intake import reasons
from tallystick.engine.intake.reading import Rejected, read_cell, read_rows, written
from tallystick.rules.rulebook import Field
from tallystick.rules.value import DateType, NumberType, OneOfType, Scalar, TextType, TimeType, Type, YesNoType

NUMBER = NumberType(Decimal(-100), Decimal(1000), 2)
WHOLE = NumberType(Decimal(0), Decimal(10), 0)


def field(type_: Type, name: str = "x", *, optional: bool = False) -> Field:
    """Make a field that is read from the column of its own name."""
    return Field(name, name, type_, optional=optional, title=None)


def value_of(type_: Type, text: str | None, name: str = "x") -> Scalar | None:
    """Return the value of a cell that is accepted."""
    found = read_cell(field(type_, name), text)
    assert not isinstance(found, Rejected)
    return found


def reason_of(type_: Type, text: str | None) -> str:
    """Return why a cell is not accepted."""
    found = read_cell(field(type_), text)
    assert isinstance(found, Rejected)
    assert found.value == text
    return found.reason


@pytest.mark.parametrize("text", [None, ""])
def test_nothing_is_missing(text: str | None) -> None:
    """An absent cell and an empty text are missing, which rejects a row unless the field is optional."""
    assert read_cell(field(TextType(), optional=True), text) is None
    assert reason_of(TextType(), text) == reasons.MISSING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", "5"), ("-5", "-5"), ("+5", "5"), (".5", "0.5"), ("5.", "5"), ("1.50", "1.5"), ("007", "7"), ("-0", "0"),
        ("1e2", "100"), ("1E+2", "100"), ("2.5e1", "25"), ("1e-2", "0.01"), ("1000.00", "1000"),
        ("0e999999999999", "0"), ("0.00001e5", "1"),
    ],
)  # fmt: skip
def test_numbers_mean_what_they_say(text: str, expected: str) -> None:
    """A decimal may have a sign and an exponent, and noughts behind its places."""
    assert value_of(NUMBER, text) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["", " 5", "5 ", "1,5", "1_000", "0x10", "1e", "e5", ".", "-", "NaN", "inf", "\u0661", "1.5.2", "--1"]
)
def test_what_is_no_number_is_rejected(text: str) -> None:
    """No blanks, no commas, no other digits, nothing that is not finite."""
    assert reason_of(NUMBER, text) == (reasons.NOT_A_NUMBER if text else reasons.MISSING)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234", "more than 2 decimal places"),
        ("1e-3", "more than 2 decimal places"),
        ("1e-99999999999999999999", "more than 2 decimal places"),
        ("1000.01", "not from -100 to 1000"),
        ("-100.01", "not from -100 to 1000"),
        ("1e99999999999999999999", "not from -100 to 1000"),
        ("9" * 9_000, "not from -100 to 1000"),
    ],
)
def test_a_number_is_never_rounded_to_fit(text: str, expected: str) -> None:
    """More places than declared, or a value outside the range, rejects the row, whatever its size."""
    assert reason_of(NUMBER, text) == expected


def test_a_whole_number_has_no_places() -> None:
    """3.0 is whole, 3.5 is not; the ends of the range are inside it."""
    assert value_of(WHOLE, "3.0") == 3
    assert [value_of(WHOLE, text) for text in ("0", "10")] == [0, 10]
    assert reason_of(WHOLE, "3.5") == "not a whole number"
    assert reason_of(NumberType(Decimal(0), Decimal(9), 1), "3.55") == "more than 1 decimal place"


@pytest.mark.parametrize(("text", "expected"), [("yes", True), ("TRUE", True), ("No", False), ("false", False)])
def test_yes_and_no(text: str, expected: bool) -> None:  # noqa: FBT001  the value itself
    """Yes, no, true and false are read in any case."""
    assert value_of(YesNoType(), text) is expected


@pytest.mark.parametrize("text", ["1", "0", "y", " yes", "ja"])
def test_what_is_not_yes_or_no_is_rejected(text: str) -> None:
    """Nothing else means yes or no."""
    assert reason_of(YesNoType(), text) == reasons.NOT_YES_NO


def test_a_listed_value_and_a_kind_that_is_not_listed() -> None:
    """A value that is not listed rejects the row; a kind that is not listed is kept, for its record is only unused."""
    colours = OneOfType(("red", "green"))
    assert value_of(colours, "red") == "red"
    assert reason_of(colours, "Red") == "not one of red, green"
    assert value_of(colours, "blue", name="kind") == "blue"


@pytest.mark.parametrize(
    "text", ["2026-2-1", "2026-02-30", "2025-02-29", "0000-01-01", "2026-02-01T00:00:00Z", "20260201"]
)
def test_what_is_no_day_is_rejected(text: str) -> None:
    """A date is YYYY-MM-DD and a day of the calendar; a time is not a date."""
    assert reason_of(DateType(), text) == reasons.NOT_A_DATE


def test_a_day_is_read() -> None:
    """29 February is a day of a leap year."""
    assert value_of(DateType(), "2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-20T09:00:00Z", datetime(2026, 2, 20, 9, tzinfo=UTC)),
        ("2026-02-20 09:00Z", datetime(2026, 2, 20, 9, tzinfo=UTC)),
        ("2026-02-20T09:00:00.25+02:00", datetime(2026, 2, 20, 7, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-02-20T23:30:00-05:30", datetime(2026, 2, 21, 5, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_to_the_microsecond(text: str, expected: datetime) -> None:
    """A `T` or a blank between, seconds at will, up to 6 places of one, and an offset."""
    assert value_of(TimeType(), text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-02-20T09:00:00", reasons.NO_OFFSET),
        ("2026-02-20", reasons.NOT_A_TIME),
        ("2026-02-20T24:00:00Z", reasons.NOT_A_TIME),
        ("2026-02-20T23:59:60Z", reasons.NOT_A_TIME),
        ("2026-02-20T09:00:00+24:00", reasons.NOT_A_TIME),
        ("2026-02-20T09:00:00 Z", reasons.NOT_A_TIME),
        ("2026-02-20T09:00:00.1234567Z", reasons.TOO_FINE),
        ("0001-01-01T00:00:00Z", reasons.OUT_OF_TIME),
        ("0001-01-01T00:00:00+05:00", reasons.OUT_OF_TIME),
        ("9999-12-31T00:00:00Z", reasons.OUT_OF_TIME),
    ],
)
def test_what_is_no_time_is_rejected(text: str, reason: str) -> None:
    """A time without an offset, of no day, too fine, or at the very ends of the calendar rejects its row."""
    assert reason_of(TimeType(), text) == reason


def test_a_time_without_an_offset_in_a_zone() -> None:
    """It is that of the zone's clocks: the first of two, and none where the clocks jump; an offset still counts."""
    berlin = TimeType("Europe/Berlin")
    assert value_of(berlin, "2026-07-01T12:00:00") == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert value_of(berlin, "2026-10-25T02:30:00") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert value_of(berlin, "2026-10-25T02:30:00+01:00") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert reason_of(berlin, "2026-03-29T02:30:00") == "a time that never comes in Europe/Berlin"


def test_texts_are_kept_as_they_are() -> None:
    """Blanks and any characters stay; what is too long or holds a NUL is rejected, of every type."""
    assert value_of(TextType(), "  Zoë \u2028x ") == "  Zoë \u2028x "
    assert value_of(TextType(), "x" * 10_000) == "x" * 10_000
    assert reason_of(TextType(), "x" * 10_001) == reasons.TOO_LONG
    assert reason_of(TextType(), "a\0b") == reasons.HOLDS_NUL
    assert reason_of(NUMBER, "1\0") == reasons.HOLDS_NUL


def test_the_first_field_that_cannot_be_read_rejects_the_row() -> None:
    """A row has one reason: that of the first field in the order declared; other columns do not matter."""
    fields = (field(NUMBER, "n"), field(DateType(), "d"), field(TextType(), "t", optional=True))
    read = read_rows(fields, ("d", "other", "n"), [("x", "a", "y"), ("2026-01-01", "b", "1"), ("x", "c", "2")])
    assert read.rows == ((Decimal(1), date(2026, 1, 1), None),)
    assert [(each.index, each.because.field) for each in read.rejected] == [(0, "n"), (2, "d")]


def test_equal_rows_that_share_an_id_are_one_record() -> None:
    """Copies are equal in every declared field, by value; 1.0 and 1 are equal."""
    fields = (field(TextType(), "id"), field(NUMBER, "n"))
    read = read_rows(fields, ("id", "n"), [("a", "1"), ("b", "1"), ("a", "1.0"), ("a", "1")], "id")
    assert read.rows == (("a", Decimal(1)), ("b", Decimal(1)))
    assert (read.rejected, read.copies) == ((), 2)


def test_rows_that_share_an_id_and_differ_are_all_rejected() -> None:
    """Nobody can say which of them is right; a copy among them is no copy."""
    fields = (field(TextType(), "id"), field(NUMBER, "n"))
    read = read_rows(fields, ("id", "n"), [("a", "1"), ("a", "1"), ("b", "7"), ("a", "2")], "id")
    assert read.rows == (("b", Decimal(7)),)
    assert [each.index for each in read.rejected] == [0, 1, 3]
    assert {each.because for each in read.rejected} == {Rejected("id", reasons.ID_SHARED, "a")}
    assert read.copies == 0


def test_rows_without_an_id_are_each_a_record() -> None:
    """Where an optional id is missing, and where none is declared, equal rows are not one."""
    fields = (field(TextType(), "id", optional=True), field(NUMBER, "n"))
    assert len(read_rows(fields, ("id", "n"), [(None, "1"), (None, "1")], "id").rows) == 2
    assert len(read_rows(fields[1:], ("n",), [("1",), ("1",)], "id").rows) == 2


def test_true_and_one_are_not_the_same_id() -> None:
    """Rows are compared as values of one type, so a text of digits is not a number."""
    fields = (field(TextType(), "subject"), field(YesNoType(), "consent"))
    read = read_rows(fields, ("subject", "consent"), [("1", "yes"), ("1", "true"), ("1.0", "yes")], "subject")
    assert read.rows == (("1", True), ("1.0", True))
    assert read.copies == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, "yes"),
        (False, "no"),
        ("a", "a"),
        (Decimal("1E+2"), "100"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 9, tzinfo=UTC), "2026-01-31T09:00:00Z"),
        (datetime(2026, 1, 31, 9, 0, 0, 500_000, tzinfo=UTC), "2026-01-31T09:00:00.5Z"),
    ],
)
def test_values_are_written_one_way(value: Scalar | None, expected: str | None) -> None:
    """The canonical text of a value does not depend on how it was written before."""
    assert written(value) == expected
