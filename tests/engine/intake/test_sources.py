"""What a user names as input becomes a list of files in one order, or an answer that says what to name instead."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tallystick.engine.intake.sources import FrameInput, ParquetInput, TextInput, inputs_of
from tallystick.engine.refusals import UsageRefusal


def touch(folder: Path, *names: str) -> None:
    """Make empty files."""
    for name in names:
        (folder / name).touch()


def test_a_name_tells_the_format(tmp_path: Path) -> None:
    """And the compression, whatever the case and however many points a name has."""
    names = {
        "a.csv": ("csv", None),
        "b.TSV": ("tsv", None),
        "c.x.jsonl.gz": ("jsonl", "gz"),
        "d.ndjson.zst": ("jsonl", "zst"),
        "e.csv.GZ": ("csv", "gz"),
    }
    touch(tmp_path, *names)
    for name, (format_, compression) in names.items():
        (found,) = inputs_of(str(tmp_path / name), "records").inputs
        assert isinstance(found, TextInput)
        assert (found.format, found.compression) == (format_, compression)


def test_a_folder_is_its_readable_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    """What is not readable, hidden or a folder is named and left aside."""
    touch(tmp_path, "b.parquet", "a.csv", "c.jsonl.gz", "README.md", ".hidden.csv", "x.csv.bz2")
    (tmp_path / "deeper").mkdir()
    found = inputs_of(tmp_path, "records")
    assert [Path(each.name).name for each in found.inputs] == ["a.csv", "b.parquet", "c.jsonl.gz"]
    assert isinstance(found.inputs[1], ParquetInput)
    assert found.notices == (f"ignored in `{tmp_path}`: .hidden.csv, README.md, deeper, x.csv.bz2",)


def test_several_things_are_read_in_the_order_given(tmp_path: Path) -> None:
    """Files, folders, frames and stdin mix."""
    touch(tmp_path, "b.csv", "a.csv")
    frame = pd.DataFrame({"subject": ["ada"]})
    found = inputs_of([tmp_path / "b.csv", frame, "-", str(tmp_path / "a.csv")], "records").inputs
    assert [Path(each.name).name for each in found] == ["b.csv", "<DataFrame 2>", "<stdin>", "a.csv"]
    assert isinstance(found[1], FrameInput)


@pytest.mark.parametrize("name", ["x.txt", "x", "x.xlsx", "x.gz", "x.parquet.gz"])
def test_an_unknown_format_is_refused_with_those_known(tmp_path: Path, name: str) -> None:
    """By its name alone, whatever lies in it."""
    touch(tmp_path, name)
    with pytest.raises(UsageRefusal, match="not in a format") as caught:
        inputs_of(tmp_path / name, "records")
    assert ".csv" in str(caught.value.help)
    assert ("save the sheet as CSV" in str(caught.value.help)) == (name == "x.xlsx")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    """By its name: of what may have been meant for a folder, no format is asked."""
    for name in ("x.csv", "x", "x.xlsx"):
        with pytest.raises(UsageRefusal, match=rf"there is no file `.*{re.escape(name)}`"):
            inputs_of(tmp_path / name, "records")


def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    """Nothing read is never taken for no records."""
    touch(tmp_path, "x.txt")
    with pytest.raises(UsageRefusal, match="there is no file in"):
        inputs_of(tmp_path, "records")


def test_a_run_is_not_a_folder_of_records(tmp_path: Path) -> None:
    """Its Parquet files are results."""
    touch(tmp_path, "receipt.json", "records.parquet")
    with pytest.raises(UsageRefusal, match="is a run"):
        inputs_of(tmp_path, "records")


def test_a_file_given_twice_is_refused(tmp_path: Path) -> None:
    """Also under another name, by a folder or a link: its records would count double."""
    touch(tmp_path, "a.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    for given in ([tmp_path / "a.csv"] * 2, [tmp_path], [tmp_path / "b.csv", tmp_path / "a.csv"], ["-", "-"]):
        with pytest.raises(UsageRefusal, match="twice"):
            inputs_of(given, "records")


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    """Whoever filled the folder would choose what else is read; a link within it is a file like others."""
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    touch(folder / "deeper", "x.csv")
    (folder / "a.csv").symlink_to(folder / "deeper" / "x.csv")
    assert [each.name for each in inputs_of(folder, "records").inputs if isinstance(each, TextInput)] == [
        str(folder / "a.csv")
    ]
    touch(tmp_path, "secret.csv")
    (folder / "b.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(UsageRefusal, match=r"b\.csv` is a link to a file outside of its folder"):
        inputs_of(folder, "records")


def test_not_all_of_many_ignored_files_are_named(tmp_path: Path) -> None:
    """They are counted."""
    touch(tmp_path, "a.csv", *(f"{n:04}.txt" for n in range(1_234)))
    named = ", ".join(f"{n:04}.txt" for n in range(20))
    assert inputs_of(tmp_path, "records").notices == (f"ignored in `{tmp_path}`: {named} and 1,214 more",)


def test_nothing_and_other_things_are_refused() -> None:
    """An empty list names no file; a number is no input."""
    with pytest.raises(UsageRefusal, match="no file of records"):
        inputs_of([], "records")
    with pytest.raises(UsageRefusal, match="cannot be read from a int"):
        inputs_of(7, "records")
