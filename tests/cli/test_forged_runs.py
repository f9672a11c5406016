"""Takes runs that somebody changed and sealed again; asks that every command calls them so, and none a mistake of
ours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from generators.accepted import accepted
from ledgers.forged import RULEBOOK, Made, forged, make, seal_again, write_inputs
from typer.testing import CliRunner, Result

import tallystick.engine
from tallystick.cli.main import app
from tallystick.cli.progress import CLEAR

NOT_ITS_RULES = "is not what its rulebook and its records give"
NO_ACTS = "holds what is not one of the "
OTHER_COLUMNS = "has other columns than this version reads"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Give a run with every file that a run can have."""
    folder = tmp_path_factory.mktemp("whole")
    return make(accepted(RULEBOOK), write_inputs(folder), folder / "run")


@pytest.fixture
def run(whole: Made, tmp_path: Path) -> Made:
    """Give such a run of one's own."""
    shutil.copytree(whole.folder, tmp_path / "run")
    return Made(tmp_path / "run", whole.rulebook, whole.given)


def tally(*words: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, [str(word) for word in words])


FORGERIES = {
    "a band": ("scores", "UPDATE it SET band = 'many' WHERE subject = 'p4'", NOT_ITS_RULES),
    "an attribute": ("inputs", "UPDATE it SET \"joined: value\" = 'x' WHERE subject = 'p4'", NOT_ITS_RULES),
    "an object in the place of an attribute": (
        "subjects",
        "ALTER TABLE it ALTER trusted TYPE STRUCT(a BOOLEAN) USING {'a': trusted}",
        OTHER_COLUMNS,
    ),
    "numbers of rows of the subjects": (
        "subjects",
        'ALTER TABLE it ALTER "#row" TYPE BIGINT[] USING ["#row"]',
        OTHER_COLUMNS,
    ),
    "a list in the ledger": (
        "inputs",
        'ALTER TABLE it ALTER "joined: value" TYPE VARCHAR[] USING ["joined: value"]',
        OTHER_COLUMNS,
    ),
    "binary numbers in the ledger": ("scores", "ALTER TABLE it ALTER score TYPE DOUBLE", OTHER_COLUMNS),
    "a column of corrections": ("corrections", 'ALTER TABLE it DROP "#instead"', OTHER_COLUMNS),
    "days of statements": ("statements", "ALTER TABLE it ALTER since TYPE VARCHAR", OTHER_COLUMNS),
    "another rule of statements": ("statements", "UPDATE it SET rule = 'nowhere'", NO_ACTS),
    "a statement of nobody": ("statements", "UPDATE it SET subject = NULL", NO_ACTS),
    "another action of corrections": ("corrections", "UPDATE it SET action = 'praise'", NO_ACTS),
    "fewer values of corrections": ("corrections", "UPDATE it SET before = ['p0']", NO_ACTS),
    "days of pauses": ("pauses", 'ALTER TABLE it ALTER "from" TYPE VARCHAR', OTHER_COLUMNS),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_run_is_called_so(run: Made, what: str) -> None:
    """Exit 1 with what differs: whoever is given such a run must not take it for a fault of the program."""
    table, change, said = FORGERIES[what]
    forged(run, {f"{table}.parquet": change})
    found = tally("explain", run.folder, "--subject", "p4", "--evidence")
    assert found.exit_code == 1
    assert said in found.stderr
    assert "mistake of ours" not in found.stderr
    assert found.stdout == ""


@pytest.mark.parametrize("command", [("verify",), ("forget", "p4")], ids=" ".join)
def test_a_table_that_does_not_unpack_is_called_so(run: Made, command: tuple[str, ...]) -> None:
    """The bytes of the names are others, under a digest that fits them."""
    path = run.folder / "lines.parquet"
    names = pq.read_metadata(path).row_group(0).column(0)
    assert names.path_in_schema == "subject"
    content = bytearray(path.read_bytes())
    start = names.dictionary_page_offset or names.data_page_offset
    content[start : start + names.total_compressed_size] = b"\xff" * names.total_compressed_size
    path.write_bytes(content)
    seal_again(run)
    found = tally(*command, run.folder)
    assert found.exit_code == 1
    assert "mistake of ours" not in found.stderr
    assert " ".join((found.stdout + found.stderr).split()).count("the ledger cannot be read: ") == 1


def test_what_verification_found_is_told(run: Made) -> None:
    """The same sentence as `tally verify` has, so that nobody needs to ask again."""
    forged(run, {"scores.parquet": FORGERIES["a band"][1]})
    found = tally("explain", run.folder, "--subject", "p4")
    (note,) = (line.partition("note: ")[2] for line in found.stderr.splitlines() if "note: " in line)
    assert note in " ".join(tally("verify", run.folder).stdout.split())


def test_an_error_about_a_run_that_is_whole_stays_ours(run: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is blamed for it."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(tallystick.engine, "open_run", broken)
        found = tally("explain", run.folder, "--subject", "p4")
    assert found.exit_code == 3
    assert "this is a mistake of ours" in found.stderr


def test_to_look_for_a_forgery_shows_on_a_terminal(run: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large run takes as long as `tally verify`: whoever waits for the answer reads what is being done, as there."""
    forged(run, {"scores.parquet": FORGERIES["a band"][1]})
    monkeypatch.setattr("tallystick.cli.progress.is_terminal", lambda _stream: True)
    monkeypatch.setattr("tallystick.engine.verifying.ledger._TOLD_EVERY", 1)
    found = tally("explain", run.folder, "--subject", "p4")
    assert found.exit_code == 1
    shown, _, said = found.stderr.rpartition(CLEAR)
    assert f"{CLEAR}checking people: 1" in shown
    assert "people: 1 rows" not in shown
    assert NOT_ITS_RULES in said
