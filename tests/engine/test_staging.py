"""A run gets to its place whole or not at all, whenever its process is killed; what that leaves behind goes."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest
from generators.accepted import accepted
from killed import killed_at_any_moment
from ledgers.forged import RULEBOOK, Made, make, write_inputs

from tallystick.cli import main
from tallystick.engine.locked_folder import PassingFolder, locked_beside
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.staging import RUN, Kind, clear_leftovers, staging
from tallystick.engine.verifying.checks import verify

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make a run."""
    folder = tmp_path_factory.mktemp("earlier")
    return make(accepted(RULEBOOK), write_inputs(folder), folder / "run")


def test_what_a_dead_process_left_goes(tmp_path: Path) -> None:
    """The next run to the same place clears it away; what is beside it and belongs to others stays."""
    for name in (".run.abcd_123.partial", ".run.zyxw9876.old"):
        (tmp_path / name / "run").mkdir(parents=True)
        (tmp_path / name / "half.parquet").write_bytes(b"x")
    others = {".other.abcd_123.partial", ".run.too.abcd_123.partial", ".run.short.partial", "run.abcd_123.partial"}
    for name in others:
        (tmp_path / name).mkdir()
    (tmp_path / ".run.abcd_124.partial").write_bytes(b"a file")
    (tmp_path / ".run.abcd_125.partial").symlink_to(tmp_path / "run.abcd_123.partial")
    with staging(tmp_path / "run") as made:
        (made.folder / "whole").write_bytes(b"x")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {*others, "run", ".run.abcd_124.partial", ".run.abcd_125.partial"}


def test_what_a_living_process_makes_stays(tmp_path: Path) -> None:
    """Two runs to one place at the same time do not take each other's folders away."""
    with staging(tmp_path / "run") as one:
        (one.folder / "mine").write_bytes(b"x")
        clear_leftovers(tmp_path / "run")
        with staging(tmp_path / "run") as other:
            assert (one.folder / "mine").exists()
            assert other.folder != one.folder
        assert (tmp_path / "run").is_dir()
        (tmp_path / "run").rmdir()
    assert (tmp_path / "run" / "mine").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_nothing_is_made_in_the_folder_of_a_run(earlier: Made) -> None:
    """A run with a site or another run in it would not be what its receipt says, and could not be replaced."""
    folder = earlier.folder
    before = sorted(folder.iterdir())
    for kind in (RUN, Kind("site", lambda _: False)):
        with pytest.raises(UsageRefusal, match="a run holds nothing else"), staging(folder / "site", kind):
            pass
    assert sorted(folder.iterdir()) == before


def test_a_place_that_cannot_be_written_to_is_wrong_usage(tmp_path: Path) -> None:
    """Whenever that is found, at first or when the folder is put in its place; too little room is not."""
    with pytest.raises(UsageRefusal, match="cannot be written to"), staging(tmp_path / "run"):
        raise OSError(13, "Permission denied")
    with pytest.raises(DataRefusal, match="cannot be written to"), staging(tmp_path / "run"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_run_taken_away_and_not_yet_replaced_is_put_back(earlier: Made, tmp_path: Path) -> None:
    """Killed in the one moment at which neither run is in its place, a process has lost neither."""
    shutil.copytree(earlier.folder, tmp_path / ".run.abcd_123.old" / "run")
    with pytest.raises(DataRefusal, match="No space left"), staging(tmp_path / "run"):
        raise OSError(28, "No space left on device")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert verify(tmp_path / "run").agrees


def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    """No folder stays locked for ever: what is locked is the open folder, not a file in it."""
    folder = tmp_path / ".run.abcd_123.partial"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    clear_leftovers(tmp_path / "run")
    assert folder.exists()
    os.close(descriptor)
    clear_leftovers(tmp_path / "run")
    assert not folder.exists()


@pytest.mark.whole
@pytest.mark.parametrize("before", ["nothing", "a run"])
def test_a_process_killed_at_any_moment_leaves_nothing_or_a_whole_run(
    before: str, earlier: Made, tmp_path: Path
) -> None:
    """Ten processes each time end by a signal that nothing catches, from their first moment to after their last."""
    out = tmp_path / "run"

    def begin() -> subprocess.Popen[bytes]:
        shutil.rmtree(out, ignore_errors=True)
        if before == "a run":
            shutil.copytree(earlier.folder, out)
        return _scoring(out)

    for _ in killed_at_any_moment(begin, before):
        clear_leftovers(out)
        assert [path.name for path in tmp_path.iterdir()] in ([], ["run"])
        if before == "a run":
            assert out.exists()
        if out.exists():
            assert verify(out).agrees


def _scoring(out: Path) -> subprocess.Popen[bytes]:
    example = ROOT / "examples" / "community"
    words = ("--records", example / "records.csv", "--subjects", example / "subjects.csv", "--as-of", "2026-03-31")
    return subprocess.Popen(
        (Path(sys.executable).parent / "tally", "score", example / "community.tally", *words, "--out", out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_one_run_takes_the_place_of_another_undisturbed(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped while one takes the place of the other, a process ends when that is done: one of both stands there."""
    renamed = Path.rename
    moments: list[str] = []

    def reached(name: str) -> None:
        moments.append(name)
        if name == moment:
            signal.raise_signal(signal.SIGTERM)

    def rename(path: Path, target: Path) -> Path:
        reached("between" if moments else "before")
        done = renamed(path, target)
        if len(moments) > 1:
            reached("after")
        return done

    monkeypatch.setattr(main, "_terminated", Event())
    monkeypatch.setattr(Path, "rename", rename)
    usual = signal.signal(signal.SIGTERM, main._terminate)  # noqa: SLF001  no user can time this
    try:
        with pytest.raises(SystemExit):
            replace_and_wait(tmp_path / "run")
    finally:
        signal.signal(signal.SIGTERM, usual)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert (tmp_path / "run" / "receipt.json").read_text() == "new"
    assert moments == ["before", "between", "after"]


def replace_and_wait(final: Path) -> None:
    """Put a run in the place of an earlier one, and be there for some seconds."""
    final.mkdir()
    (final / "receipt.json").write_text("old")
    with staging(final, Kind("run", Path.is_dir)) as made:
        (made.folder / "receipt.json").write_text("new")
    for _ in range(200):
        time.sleep(0.02)


@pytest.mark.parametrize("held", [True, False], ids=["cleared", "let go"])
def test_a_folder_for_a_while_is_cleared_away_undisturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, held: bool
) -> None:
    """Stopped while its folder is removed, a process ends when that is done."""
    removed = shutil.rmtree

    def rmtree(path: Path, *, ignore_errors: bool) -> None:
        if tmp_path in path.parents:  # and no folder of another test, cleared away since nothing holds it any more
            signal.raise_signal(signal.SIGTERM)
        removed(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(main, "_terminated", Event())
    monkeypatch.setattr("tallystick.engine.locked_folder.shutil.rmtree", rmtree)
    usual = signal.signal(signal.SIGTERM, main._terminate)  # noqa: SLF001  no user can time this
    made = [locked_beside(tmp_path / "run", ".partial")]
    try:
        with pytest.raises(SystemExit):
            clear_and_wait(made, held=held)
    finally:
        signal.signal(signal.SIGTERM, usual)
    assert list(tmp_path.iterdir()) == []


def clear_and_wait(made: list[PassingFolder], *, held: bool) -> None:
    """Have a folder cleared away, and be there for some seconds."""
    if held:
        made[0].clear()
    made.clear()
    for _ in range(200):
        time.sleep(0.02)
