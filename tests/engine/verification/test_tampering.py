"""A run in which any byte was changed, or anything was added or taken away, is found, and the file is named."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from ledgers.forged import Made, finding

from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.verifying.checks import verify
from tallystick.engine.verifying.signature import new_key, sign

FILES = (
    *("receipt.json", "rulebook.tally", "rejected.csv", "records.parquet", "subjects.parquet", "pauses.parquet"),
    *("corrections.parquet", "statements.parquet", "scores.parquet", "lines.parquet", "adjustments.parquet"),
    *("measures.parquet", "inputs.parquet", "accounts.parquet"),
)


def test_a_run_as_it_was_written_agrees(made: Made) -> None:
    """Every check is made and agrees, those of the kept records too; the test of each file below is of all files."""
    found = verify(made.folder, independent=3)
    assert found.agrees
    assert {check.name: check.outcome for check in found.checks} == {
        "receipt": "agrees",
        "signature": "not made",
        **dict.fromkeys(("files", "rulebook", "people", "sums", "rules", "counts", "digest"), "agrees"),
        **dict.fromkeys(("replay", "reference"), "agrees"),
    }
    assert {path.name for path in made.folder.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_found_and_its_file_named(made: Made, name: str) -> None:
    """At the beginning, at the end, and anywhere between."""
    path = made.folder / name
    whole = path.read_bytes()
    chance = random.Random(name)  # noqa: S311  the same each time
    for place in (0, len(whole) - 1, *chance.sample(range(len(whole)), 2)):
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        check = finding(verify(made.folder))
        assert check.difference is not None
        assert check.difference.file == name, place


@pytest.mark.parametrize("name", FILES[1:])
def test_a_missing_file_is_named(made: Made, name: str) -> None:
    """A run is its folder whole."""
    (made.folder / name).unlink()
    check = finding(verify(made.folder))
    assert (check.name, check.difference.file, check.difference.found) == ("files", name, None)  # type: ignore[union-attr]


def test_a_folder_without_a_receipt_is_no_run(made: Made) -> None:
    """There is nothing to hold it against, which is another thing than a run that is wrong."""
    (made.folder / "receipt.json").unlink()
    with pytest.raises(UsageRefusal, match="is not a run"):
        verify(made.folder)


def test_a_file_of_somebody_else_is_named(made: Made) -> None:
    """What lies in a run's folder may be taken for a part of it."""
    (made.folder / "more.parquet").write_bytes(b"")
    check = finding(verify(made.folder))
    assert (check.name, check.difference.file) == ("files", "more.parquet")  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_only_looks_like_a_file_of_a_run_is_none(made: Made, kind: str) -> None:
    """A run comes from strangers: nothing elsewhere is read, and nothing that never ends."""
    for name in ("rejected.csv", "receipt.json"):
        path = made.folder / name
        path.rename(made.folder.parent / name)
        match kind:
            case "link":
                path.symlink_to(made.folder.parent / name)
            case "pipe":
                os.mkfifo(path)
            case "folder":
                path.mkdir()
        if name == "receipt.json":
            with pytest.raises(UsageRefusal, match="is not a run"):
                verify(made.folder)
        else:
            check = finding(verify(made.folder))
            assert (check.name, check.difference.file) == ("files", "rejected.csv")  # type: ignore[union-attr]


def test_a_changed_byte_of_a_signature_is_found(made: Made, tmp_path: Path) -> None:
    """Also by whoever has no key to trust."""
    new_key(tmp_path / "key.pem")
    sign(made.folder, tmp_path / "key.pem")
    path = made.folder / "signature.json"
    whole = path.read_bytes()
    assert verify(made.folder).agrees
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        check = finding(verify(made.folder))
        assert (check.name, check.difference.file) == ("signature", "signature.json"), place  # type: ignore[union-attr]
