"""Inputs given once more are held against those that the run read: by their bytes, by days, and by what they give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ledgers.forged import Forge, Made, make
from msgspec.structs import replace

from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.verifying.by_reference import chosen
from tallystick.engine.verifying.checks import verify
from tallystick.engine.verifying.verification import Check


def test_inputs_by_another_name_are_the_same(made: Made, tmp_path: Path) -> None:
    """Files are told by their bytes, wherever they lie."""
    moved = {}
    for name in ("records", "subjects", "pauses", "corrections"):
        path = Path(str(getattr(made.given, name)))
        moved[name] = tmp_path / f"moved {name}.csv"
        moved[name].write_bytes(path.read_bytes())
    found = verify(made.folder, given=replace(made.given, statements=None, **moved))
    assert found.agrees, found.checks


def test_another_input_is_named_and_what_it_changes(made: Made, tmp_path: Path) -> None:
    """The file, the first day whose records differ where the receipt knows, and the first number that is another."""
    with_days = make(made.rulebook, made.given, tmp_path / "days", digest_records=True)
    other = tmp_path / "other.csv"
    lines = Path(str(made.given.records)).read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if re.search(",p3,p.,like,2026-02", line))
    day = lines[place].split(",")[4][:10]
    other.write_text("".join([*lines[:place], *lines[place + 1 :]]), encoding="utf-8")
    found = verify(with_days.folder, given=replace(made.given, records=other))
    inputs, replay = (each for each in found.checks if each.outcome == "differs")
    assert (inputs.name, inputs.difference.file, inputs.difference.day) == ("inputs", str(other), day)  # type: ignore[union-attr]
    assert (replay.name, replay.difference.subject, replay.difference.table) == ("replay", "p3", "accounts")  # type: ignore[union-attr]


@pytest.mark.whole
def test_inputs_that_lack_a_file_are_found(made: Made, tmp_path: Path) -> None:
    """An input that the run read and that is not given again is named."""
    more = tmp_path / "more.csv"
    more.write_text("id,subject,actor,kind,at\nx,p1,p4,like,2026-02-01T10:00:00Z\n", encoding="utf-8")
    both = make(made.rulebook, replace(made.given, records=[made.given.records, more]), tmp_path / "both")
    check = _of(verify(both.folder, given=made.given).checks, "inputs")
    assert check.outcome == "differs"
    assert (check.difference.file, check.difference.found) == (str(more), None)  # type: ignore[union-attr]


@pytest.mark.whole
def test_inputs_that_cannot_be_read_are_a_finding(made: Made, tmp_path: Path) -> None:
    """The auditor was given something else than the run read, and is told so."""
    other = tmp_path / "other.csv"
    lines = Path(str(made.given.records)).read_text(encoding="utf-8").splitlines(keepends=True)
    other.write_text("".join(line for line in lines if not line.startswith("20,")), encoding="utf-8")
    found = verify(made.folder, given=replace(made.given, records=other))
    check = _of(found.checks, "inputs")
    assert check.outcome == "differs"
    assert "corrections" in str(check.difference.found)  # type: ignore[union-attr]
    other.write_text("what,is,this\n1,2,3\n", encoding="utf-8")
    with pytest.raises(UsageRefusal, match="has no column"):
        verify(made.folder, given=replace(made.given, records=other))


KEPT = {
    "records.parquet": "UPDATE it SET id = '1000' WHERE id = '30'",
    "subjects.parquet": "UPDATE it SET joined = DATE '2021-01-02' WHERE subject = 'p2'",
}


@pytest.mark.whole
@pytest.mark.parametrize("file", sorted(KEPT))
def test_rows_kept_otherwise_than_the_inputs_have_them_are_found(made: Made, forge: Forge, file: str) -> None:
    """Also where no number comes of it: whoever looks at the evidence sees them."""
    forge(made, {file: KEPT[file]})
    assert verify(made.folder).agrees
    check = _of(verify(made.folder, given=made.given).checks, "replay")
    assert (check.outcome, check.difference.file) == ("differs", file)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["pauses", "corrections"])
def test_what_the_run_was_made_with_has_to_be_given(made: Made, name: str) -> None:
    """Else every number would be found to be another, for no fault of the run's."""
    with pytest.raises(UsageRefusal, match=f"{name}.csv") as caught:
        verify(made.folder, given=replace(made.given, **{name: None}))
    assert caught.value.help == f"add `--{name} PATH`"


def test_who_is_worked_out_slowly_is_settled_by_the_run_alone(made: Made) -> None:
    """Neither who verifies nor who scored chooses: the same people each time, spread by a digest."""
    from tallystick.engine import open_run  # noqa: PLC0415

    run = open_run(made.folder)
    assert chosen(run, 3) == chosen(run, 3)
    everybody = [(None, name) for name in run.subjects()]
    assert sorted(chosen(run, 100)) == everybody
    assert chosen(run, 6) != everybody
    assert set(chosen(run, 2)) < set(chosen(run, 4))
    run.close()


def _of(checks: tuple[Check, ...], name: str) -> Check:
    return next(each for each in checks if each.name == name)
