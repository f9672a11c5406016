"""Takes texts as other programs write them; checks that a mapping reads each in the way named, and in no other."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.engine.gathering.gather import gather
from tallystick.engine.gathering.recipe import read_recipe
from tallystick.engine.gathering.ways_of_writing import WAYS, WrittenOtherwiseError, rewritten
from tallystick.engine.refusals import UsageRefusal


@pytest.mark.parametrize(
    ("way", "text", "meant"),
    [
        ("31.01.2026", "31.01.2026", "2026-01-31"),
        ("31.01.2026", "1.2.2026", "2026-02-01"),
        ("31.01.2026", "31.01.2026 9:05", "2026-01-31T09:05"),
        ("31.01.2026", "31.01.2026, 09:05:07.25", "2026-01-31T09:05:07.25"),
        ("31.01.2026", "31.01.2026T09:05:07 +01:00", "2026-01-31T09:05:07+01:00"),
        ("31.01.2026", "29.02.2024 00:00Z", "2024-02-29T00:00Z"),
        ("31/01/2026", "02/01/2026", "2026-01-02"),
        ("01/31/2026", "02/01/2026", "2026-02-01"),
        ("1.234,5", "1.234.567,89", "1234567.89"),
        ("1.234,5", "-3,20", "-3.20"),
        ("1.234,5", "1.250", "1250"),
        ("1.234,5", "1234", "1234"),
        ("1 234,5", "1 234\u00a0567,5", "1234567.5"),
        ("1 234,5", "1\u202f234", "1234"),
        ("1,234.5", "1,250.5", "1250.5"),
        ("1'234.5", "1'250.5", "1250.5"),
        ("1'234.5", "1\u2019250", "1250"),
        ("seconds since 1970", "1767225600", "2026-01-01T00:00:00Z"),
        ("seconds since 1970", "-1", "1969-12-31T23:59:59Z"),
        ("milliseconds since 1970", "1767225600250", "2026-01-01T00:00:00.250000Z"),
    ],
)
def test_each_way_is_read(way: str, text: str, meant: str) -> None:
    """What stands there in the way that is named becomes what records have."""
    assert rewritten(text, way) == meant


@pytest.mark.parametrize(
    ("way", "text"),
    [
        ("31.01.2026", "2026-01-31"),
        ("31.01.2026", "31.02.2026"),
        ("31.01.2026", "31.01.26"),
        ("31.01.2026", "31/01/2026"),
        ("31.01.2026", "31.01.2026 soon"),
        ("31.01.2026", "01.31.2026"),
        ("31.01.2026", "00.01.2026"),
        ("01/31/2026", "31/01/2026"),
        ("1.234,5", "12.50"),
        ("1.234,5", "1.2345,6"),
        ("1.234,5", "1,234.5"),
        ("1.234,5", "12,"),
        ("1.234,5", ",5"),
        ("1.234,5", "12,50 €"),
        ("1.234,5", "\u0661\u0662"),
        ("1,234.5", "12,50"),
        ("1 234,5", "1 23"),
        ("1'234.5", "1'25"),
        ("seconds since 1970", "1767225600.5"),
        ("seconds since 1970", "999999999999999999"),
        ("milliseconds since 1970", "now"),
    ],
)
def test_what_is_written_otherwise_is_not_read(way: str, text: str) -> None:
    """Nothing is guessed: a text in another way, or of a day that is none, is refused with the way that was meant."""
    with pytest.raises(WrittenOtherwiseError, match=way.split(" ", 1)[-1].replace("+", r"\+")) as caught:
        rewritten(text, way)
    assert caught.value.text == text


@given(day=st.dates(), whole=st.integers(-(10**12), 10**12), places=st.integers(0, 999))
def test_days_and_numbers_come_back_as_they_were(day: date, whole: int, places: int) -> None:
    """Whatever the day or the number, written in a way and read in it, it is what it was."""
    for way, form in (
        ("31.01.2026", "{d}.{m}.{y:04}"),
        ("31/01/2026", "{d:02}/{m:02}/{y:04}"),
        ("01/31/2026", "{m}/{d}/{y:04}"),
    ):
        assert rewritten(form.format(d=day.day, m=day.month, y=day.year), way) == day.isoformat()
    number = f"{whole:,}.{places:03}"
    for way, signs in (("1.234,5", ".,"), ("1 234,5", " ,"), ("1,234.5", ",."), ("1'234.5", "'.")):
        written = number.translate(str.maketrans(",.", signs))
        assert Decimal(rewritten(written, way)) == Decimal(number.replace(",", ""))


MINE = b"""\
[fields]
subject = "Kunde"
kind    = "Vorgang"
at      = { path = "Datum", written = "31.01.2026" }
betrag  = { path = "Betrag", written = "1.234,5" }
"""


def test_a_mapping_names_the_way(tmp_path: Path) -> None:
    """A spreadsheet's days and amounts become records; a row written otherwise is kept with the reason and its text,
    and an empty cell is nothing."""
    rows = (
        "Kunde;Vorgang;Datum;Betrag",
        "a;Kauf;31.01.2026;1.250,00",
        "b;Kauf;1.2.2026 10:00;",
        "c;Kauf;2026-02-01;1,00",
    )
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    account = gather(str(tmp_path / "a.csv"), read_recipe(MINE, "m"), tmp_path / "out.csv", lambda _doing, _rows: None)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["a", "Kauf", "2026-01-31", "1250.00"],
            ["b", "Kauf", "2026-02-01T10:00", ""],
        ]
    assert account.rejected == {("at", "not written like 31.01.2026"): 1}
    kept = (tmp_path / "out.csv.rejected.csv").read_text(encoding="utf-8")
    assert kept.endswith("a.csv,4,at,not written like 31.01.2026,2026-02-01\n")


def test_a_way_that_is_not_known_is_refused() -> None:
    """A slip in the way is told with its place and with all that there are."""
    with pytest.raises(
        UsageRefusal, match=r"^m:4: `at` in `\[fields\]` is written in a way that is not known"
    ) as caught:
        read_recipe(MINE.replace(b"31.01.2026", b"DD.MM.YYYY"), "m")
    assert caught.value.help is not None
    assert all(f'"{way}"' in caught.value.help for way in WAYS)
