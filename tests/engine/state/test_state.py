"""A state is whole or not there, belongs to one reading of records, and says what is wrong with it."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from contextlib import chdir, closing
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from generators.accepted import accepted
from killed import killed_at_any_moment
from ledgers.day_by_day import ANYTHING
from typer.testing import CliRunner

from tallystick.cli.main import app
from tallystick.engine import score
from tallystick.engine.folder import open_run
from tallystick.engine.forgetting import forget
from tallystick.engine.intake.sources import STATE_FILE as FILE
from tallystick.engine.refusals import DataRefusal, Refusal, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.state.folder import place_of
from tallystick.engine.verifying.checks import verify
from tallystick.engine.verifying.records import GivenAgain
from tallystick.rules.rulebook import Rulebook

ROOT = Path(__file__).parents[3]
TEXT = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    id      text
    subject text
    actor   text optional
    kind    one of like, share
    at      date
    value   number 0 to 9 with 1 places optional

measure likes "like" / "likes"
    count like

rule liked "Liked"
    points likes
    because "A like is a like."

score "Likes"
    sum of all rules
"""
MON = "id,subject,actor,kind,at\n1,ada,bob,like,2026-01-05\n2,bob,ada,like,2026-01-05\nx,,,like,2026-01-05\n"
TUE = "id,subject,actor,kind,at\n3,ada,eve,like,2026-01-06\n1,ada,bob,like,2026-01-05\n"
AS_OF = date(2026, 1, 31)


def _book(text: str = TEXT) -> Rulebook:
    return accepted(text)


def _file(here: Path, name: str, text: str) -> Path:
    path = here / name
    path.write_text(text, encoding="utf-8")
    return path


def _take(state: Path, *files: Path, text: str = TEXT, **more: object) -> FinishedRun:
    return score(_book(text), list(files) or None, as_of=AS_OF, state=state, max_rejected=ANYTHING, **more)  # type: ignore[arg-type]


def _begun(state: Path, *files: Path) -> Path:
    _take(state, *files).close()
    return state


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a state with one taking; copies of it are tried."""
    here = tmp_path_factory.mktemp("monday")
    _take(here / "state", _file(here, "mon.csv", MON)).close()
    return here / "state"


@pytest.fixture
def state(monday: Path, tmp_path: Path) -> Path:
    """Copy that state."""
    return shutil.copytree(monday, tmp_path / "state")


def test_a_run_of_a_state_has_the_folder_of_one_run(tmp_path: Path) -> None:
    """Every file is the same to the byte, but for the receipt, which names the takings besides; and the files verify
    the run."""
    files = [_file(tmp_path, "mon.csv", MON), _file(tmp_path, "tue.csv", TUE)]
    _take(tmp_path / "state", files[0]).close()
    run = _take(tmp_path / "state", files[1], out=tmp_path / "run")
    takings = run.receipt.takings
    run.close()
    once = score(_book(), files, as_of=AS_OF, out=tmp_path / "once", max_rejected=ANYTHING)
    once.close()
    names = sorted(path.name for path in (tmp_path / "once").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "run").iterdir())
    assert "records.parquet" in names
    for name in names:
        same = (tmp_path / "once" / name).read_bytes() == (tmp_path / "run" / name).read_bytes()
        assert same == (name != "receipt.json"), name
    assert [(each.number, each.records, each.rows, each.rejected) for each in takings] == [(1, 1, 3, 1), (2, 1, 2, 0)]
    assert verify(tmp_path / "run", given=GivenAgain(records=files)).agrees


def test_a_run_without_records_takes_them_from_its_state(tmp_path: Path) -> None:
    """After later takings, too, a state gives what a run was scored from: its evidence, and a replay that agrees;
    another state does not."""
    fix = "record,action,reason,who,when\n2,void,mistake,eve,2026-01-09\n"
    files = [_file(tmp_path, "mon.csv", MON), _file(tmp_path, "tue.csv", TUE), _file(tmp_path, "fix.csv", fix)]
    state = tmp_path / "state"
    _take(state, files[0], corrections=files[2], keep_records=False, out=tmp_path / "run").close()
    due = score(_book(), files[0], as_of=AS_OF, corrections=files[2], max_rejected=ANYTHING)
    _take(state, files[1]).close()
    found = open_run(tmp_path / "run", records=state)
    for person in ("ada", "bob"):
        assert list(found.evidence(person)) == list(due.evidence(person))
    found.close()
    due.close()
    told = verify(tmp_path / "run", given=GivenAgain(records=[state]))
    assert told.agrees
    assert [each.outcome for each in told.checks if each.name in {"inputs", "replay"}] == ["agrees", "agrees"]
    _take(tmp_path / "other", files[1]).close()
    with pytest.raises(UsageRefusal, match="was not scored from the state"):
        verify(tmp_path / "run", given=GivenAgain(records=tmp_path / "other"))
    with pytest.raises(UsageRefusal, match="is a state, not a folder of records"):
        score(_book(), state, as_of=AS_OF)


def test_a_text_called_as_a_table_is_a_text(tmp_path: Path) -> None:
    """A rulebook can hold the names of tables in its texts: its days are scored as one, all the same."""
    text = TEXT.replace("    count like\n", '    count like\n    when subject != "\\"records accepted\\""\n')
    assert "records accepted" in text
    about_it = '4,"""records accepted""",eve,like,2026-01-06\n'
    files = [_file(tmp_path, "mon.csv", MON), _file(tmp_path, "tue.csv", TUE + about_it)]
    for file in files:
        run = _take(tmp_path / "state", file, text=text)
        digest = run.receipt.ledger_digest
        run.close()
    once = score(_book(text), files, as_of=AS_OF, max_rejected=ANYTHING)
    assert digest == once.receipt.ledger_digest
    once.close()


def test_a_file_taken_in_before_counts_once(state: Path, tmp_path: Path) -> None:
    """A command that is run twice, because its process was killed or by mistake, takes its files in once, and says
    so."""
    before = (state / FILE).read_bytes()
    run = _take(state, _file(tmp_path, "again.csv", MON))
    assert run.receipt.counts.rows == 3
    assert len(run.receipt.takings) == 1
    assert any("`again.csv`" in each.replace(f"{tmp_path}/", "") and "taken in before" in each for each in run.notices)
    run.close()
    assert (state / FILE).read_bytes() == before


def test_ids_of_whole_numbers_and_of_text_are_the_same_ids(tmp_path: Path) -> None:
    """What lies as numbers in one taking and as text in the next is one thing: a copy is found, and people add up."""
    days = [date(2026, 1, 5)] * 2
    table = {"id": [1, 2], "subject": [70, 71], "actor": [71, 70], "kind": ["like", "like"], "at": days}
    pq.write_table(pa.table(table), tmp_path / "mon.parquet")
    text = "id,subject,actor,kind,at\n2,71,70,like,2026-01-05\n3,70,x,like,2026-01-05\n"
    far = {**table, "id": [2**40, 2**40 + 1], "subject": [70, 2**40]}
    pq.write_table(pa.table(far), tmp_path / "wed.parquet")
    files = [tmp_path / "mon.parquet", tmp_path / "wed.parquet", _file(tmp_path, "tue.csv", text)]
    for until in range(1, 4):
        run = _take(tmp_path / "state", files[until - 1])
        once = score(_book(), files[:until], as_of=AS_OF)
        assert run.receipt.ledger_digest == once.receipt.ledger_digest
        assert list(run.evidence("70")) == list(once.evidence("70"))
        run.close()
        once.close()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"Likes" version', '"Others" version'), "belongs to the rulebook `Likes`, and this is `Others`"),
        (("0 to 9 with", "0 to 99 with"), "`value` is declared otherwise"),
        (("    value ", "    worth "), "`value` was read, and is not any more"),
        (("actor   text", 'actor from "who" text'), "from the column `actor`, and is now from `who`"),
    ],
)
def test_a_state_of_another_reading_is_refused_by_name(
    change: tuple[str, str], says: str, state: Path, tmp_path: Path
) -> None:
    """Another rulebook, and a version that reads records otherwise, are told what is other; nothing is taken in."""
    before = (state / FILE).read_bytes()
    text = TEXT.replace(*change)
    with pytest.raises(UsageRefusal) as refused:
        _take(state, _file(tmp_path, "tue.csv", TUE), text=text)
    assert says in str(refused.value)
    assert (state / FILE).read_bytes() == before


def test_a_version_that_reads_the_same_goes_on(state: Path) -> None:
    """What a rulebook makes of records is its own affair: other points and one more kind need no other state."""
    text = TEXT.replace("1.0.0", "2.0.0").replace("points likes", "points likes * 2").replace("share\n", "share, pin\n")
    run = _take(state, text=text)
    ledger = run.subject("ada")
    assert ledger is not None
    assert ledger.score.score == 2
    run.close()


def test_what_no_run_reads_any_more_does_not_stay(state: Path) -> None:
    """Tables that an earlier version kept, or an earlier text of the rulebook, go when the work is done anew; what was
    taken in stays."""

    def tables() -> set[str]:
        with closing(duckdb.connect(str(state / FILE))) as connection:
            return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}

    before = tables()
    with closing(duckdb.connect(str(state / FILE))) as connection:
        connection.execute('CREATE TABLE "kept by an earlier version" AS SELECT 1 AS value')
    other = TEXT.replace("count like", "distinct actor of like\n    when actor is not missing")
    _take(state, _file(state.parent, "tue.csv", TUE), text=other).close()
    kept = {each for each in tables() if each.startswith("kept ")}
    assert kept
    assert "kept by an earlier version" not in kept
    assert {"about", "takings", "files", "records read", "records rejected"} <= tables() & before


def test_what_is_refused_takes_nothing_in(state: Path, tmp_path: Path) -> None:
    """Too many rows that cannot be read, of those read now, end the run, and neither an old nor a new state has
    them."""
    before = (state / FILE).read_bytes()
    bad = _file(tmp_path, "bad.csv", MON.replace("2026-01-05", "soon"))
    for place in (state, tmp_path / "new"):
        with pytest.raises(DataRefusal, match="nothing was"):
            score(_book(), bad, as_of=AS_OF, state=place)
    assert (state / FILE).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "state"]


def test_one_at_a_time_has_a_state_open(state: Path) -> None:
    """A second run is told to wait, and does not touch the state."""
    run = _take(state)
    with pytest.raises(UsageRefusal, match="in use by another run"):
        _take(state)
    run.close()
    _take(state).close()


def test_one_at_a_time_begins_a_state(tmp_path: Path) -> None:
    """What one run takes in is not lost because another begins a state in the same place meanwhile: the other is
    refused, and goes on from the first when that has ended; an empty folder may stand there."""
    mon, tue = _file(tmp_path, "mon.csv", MON), _file(tmp_path, "tue.csv", TUE)
    (tmp_path / "state").mkdir()
    with place_of(tmp_path / "state") as place:
        assert place.begins
        with pytest.raises(UsageRefusal, match="in use by another run"):
            _take(tmp_path / "state", tue)
        shutil.copy(_begun(tmp_path / "other", mon) / FILE, place.folder / FILE)
    run = _take(tmp_path / "state", tue)
    assert [each.rows for each in run.receipt.takings] == [3, 2]
    run.close()


def test_a_damaged_state_is_refused(state: Path) -> None:
    """Where any bit of the file is other, or its end is missing, a run refuses it or did not need that bit."""
    due = _take(state)
    whole, digest = (state / FILE).read_bytes(), due.receipt.ledger_digest
    due.close()
    chance = random.Random(11)  # noqa: S311  any places will do
    refused = 0
    for _ in range(5):
        damaged = bytearray(whole)
        # Rows lie behind the headers; most of a small file is empty.
        damaged[chance.choice([each for each in range(0, len(whole), 61) if whole[each]])] ^= 1 << chance.randrange(8)
        (state / FILE).write_bytes(damaged)
        try:
            run = _take(state)
        except DataRefusal as error:
            assert "is damaged" in error.message  # noqa: PT017  which one is refused is up to chance
            refused += 1
        else:
            assert run.receipt.ledger_digest == digest
            run.close()
    (state / FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataRefusal, match="is damaged"):
        _take(state)
    assert refused >= 1


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE files ADD COLUMN more INTEGER",
        "ALTER TABLE takings ALTER rows TYPE DOUBLE",
        'ALTER TABLE "records read" ALTER "#line" TYPE BIGINT[] USING ["#line"]',
        'ALTER TABLE "records read" ALTER kind TYPE DOUBLE USING 1',
        'ALTER TABLE "records rejected" DROP reason',
        "UPDATE takings SET skipped = NULL",
        "INSERT INTO about SELECT * FROM about",
        "DELETE FROM about",
        "CREATE VIEW more AS SELECT 1",
        "UPDATE takings SET taken = 'infinity'",
        "UPDATE files SET name = NULL",
        "UPDATE about SET reading = NULL",
        "UPDATE about SET reading = 'no document'",
        "UPDATE about SET reading = '[1]'",
        'UPDATE "records rejected" SET "#file" = 7',
        'UPDATE "records rejected" SET "#file" = NULL',
        'UPDATE "records read" SET "#row" = NULL',
        'DROP TABLE "kept in play"',
        'ALTER TABLE "kept in play" RENAME "left out" TO more',
        'ALTER TABLE "kept in play" ALTER "the day" TYPE INTEGER[] USING [1]',
        'ALTER TABLE "kept people named" ALTER person TYPE DOUBLE USING 1',
        'ALTER TABLE "kept people gathered" DROP "likes: value"',
        'UPDATE "kept people gathered" SET "records taken in" = 9223372036854775807',
    ],
)
def test_a_state_that_somebody_changed_is_refused(state: Path, change: str) -> None:
    """What is no table of a state is called damage, whatever comes next, and not a mistake of ours."""
    with duckdb.connect(str(state / FILE)) as connection:
        connection.execute(change)
    with pytest.raises(DataRefusal, match="is damaged"):
        _take(state, _file(state.parent, "more.csv", TUE))


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("Query interrupted")])
def test_what_goes_wrong_beside_a_state_is_no_damage_of_it(
    state: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A disk that is full where the run is written, a query that was stopped: it is told as what it is, though the run
    went on from kept work."""

    def fail(*_: object, **__: object) -> None:
        raise error

    tue = _file(state.parent, "tue.csv", TUE)
    with monkeypatch.context() as patched:
        patched.setattr("tallystick.engine.scoring.acts_of", fail)
        with pytest.raises(type(error), match=str(error.args[-1])):
            _take(state, tue)
    _take(state, tue).close()


def test_a_mistake_of_ours_is_no_damage_of_the_state_from_which_a_run_went_on(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong without the kept work, too, has not come of it."""

    def fail(*_: object) -> None:
        message = "of ours"
        raise duckdb.BinderException(message)

    tue = _file(state.parent, "tue.csv", TUE)
    with monkeypatch.context() as patched:
        patched.setattr("tallystick.engine.duckdb.side_by_side", fail)
        with pytest.raises(duckdb.BinderException, match="of ours"):
            _take(state, tue)
    _take(state, tue).close()


@pytest.mark.parametrize("kind", [duckdb.OutOfMemoryException, duckdb.IOException])
def test_what_the_machine_lacks_is_no_damage_of_the_state(
    state: Path, monkeypatch: pytest.MonkeyPatch, kind: type[duckdb.Error]
) -> None:
    """Memory and room on the disk are told as that, though the run went on from kept work."""

    def fail(*_: object) -> None:
        message = "no more"
        raise kind(message)

    tue = _file(state.parent, "tue.csv", TUE)
    monkeypatch.setattr("tallystick.engine.duckdb.side_by_side", fail)
    with pytest.raises(DataRefusal, match=r"^the run needs more memory or more room on the disk: no more"):
        _take(state, tue)


def test_a_damaged_file_is_no_damage_of_the_state_that_it_is_added_to(state: Path, tmp_path: Path) -> None:
    """The database says that a page of Parquet is corrupt in words that it has for its own files, too."""
    tue = tmp_path / "tue.parquet"
    rows = {"id": ["3"], "subject": ["ada"], "actor": ["eve"], "kind": ["like"], "at": [date(2026, 1, 6)]}
    pq.write_table(pa.table(rows), tue, compression="none", use_dictionary=False)
    column = pq.ParquetFile(tue).metadata.row_group(0).column(4)
    damaged = bytearray(tue.read_bytes())
    damaged[column.data_page_offset : column.data_page_offset + 8] = b"\xff" * 8
    tue.write_bytes(damaged)
    with pytest.raises(DataRefusal) as caught:
        _take(state, tue)
    assert caught.value.message.startswith(f"`{tue}` is damaged")


def test_work_kept_as_of_a_day_that_nobody_has_is_done_again(state: Path, tmp_path: Path) -> None:
    """As any work is that is not kept, or not as a state keeps it."""
    with duckdb.connect(str(state / FILE)) as connection:
        connection.execute("UPDATE kept SET as_of = '290000-01-01'")
    tue = _file(tmp_path, "tue.csv", TUE)
    other = _begun(tmp_path / "other", _file(tmp_path, "mon.csv", MON))
    with closing(_take(state, tue)) as run, closing(_take(other, tue)) as same:
        assert run.receipt.ledger_digest == same.receipt.ledger_digest


def test_what_is_no_state_is_left_alone(tmp_path: Path, state: Path) -> None:
    """A folder with other things in it is not made a state; a state is no run, and nobody is taken out of it."""
    (tmp_path / "other").mkdir()
    note = _file(tmp_path / "other", "note.txt", "mine")
    with pytest.raises(UsageRefusal, match="not a state"):
        _take(tmp_path / "other", _file(tmp_path, "mon.csv", MON))
    assert list((tmp_path / "other").iterdir()) == [note]
    with pytest.raises(Refusal, match="nobody is taken out of one"):
        forget(state, "ada")
    with pytest.raises(UsageRefusal, match="no records were given to begin one"):
        _take(tmp_path / "empty")
    with pytest.raises(UsageRefusal, match="both the state and the run"):
        _take(tmp_path / "empty", tmp_path / "mon.csv", out=tmp_path / "other" / ".." / "empty")
    with pytest.raises(UsageRefusal, match=r"ends the name of a file at a `[?]`"):
        _take(tmp_path / "why?" / "state", tmp_path / "mon.csv")
    (tmp_path / "text").mkdir()
    _file(tmp_path / "text", FILE, "not a database, though it is called so" * 500)
    with pytest.raises(DataRefusal, match="is damaged"):
        _take(tmp_path / "text", tmp_path / "mon.csv")


@pytest.fixture(scope="module")
def halfway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a state that has taken in one of two files, and what a run over both gives; copies of it are tried."""
    here = tmp_path_factory.mktemp("halfway")
    lines = (ROOT / "examples/community/records.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    _file(here, "one.csv", "".join(lines[:2000]))
    _file(here, "two.csv", "".join([lines[0], *lines[2000:4000]]))
    _run(here, "once", "one.csv", "two.csv")
    _run(here, "first", "one.csv", state=True)
    return here


@pytest.mark.parametrize(
    ("room", "words", "scored"),
    [
        (1, "cannot be written", "first"),
        (300, "has taken in what was given, but there is no room to go on", "once"),
    ],
)
def test_a_disk_that_is_full_is_told_and_leaves_the_last_whole_state(
    room: int, words: str, scored: str, halfway: Path, tmp_path: Path
) -> None:
    """Where the disk takes no byte of what is added, or all of it but not in its place, it is said which; and once
    there is room, the next run ends as if there had always been."""
    shutil.copytree(halfway, tmp_path, dirs_exist_ok=True)
    process = _begin(tmp_path, "full", "two.csv", state=True, room=room)
    said = process.communicate()[1].decode()
    assert process.returncode == 1
    assert said.startswith(f"error: the state `state` {words}: {os.strerror(errno.EFBIG)}")
    assert "nothing is taken in twice" in said
    shutil.copytree(tmp_path / "state", tmp_path / "kept")
    _run(tmp_path, "there", state=True)
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / f"{scored}.csv").read_bytes()
    shutil.rmtree(tmp_path / "state")
    shutil.move(tmp_path / "kept", tmp_path / "state")
    _run(tmp_path, "after", "two.csv", state=True)
    assert (tmp_path / "after.csv").read_bytes() == (tmp_path / "once.csv").read_bytes()


@pytest.mark.whole
@pytest.mark.parametrize("before", ["nothing", "a state"])
def test_a_process_killed_at_any_moment_leaves_the_last_whole_state(before: str, tmp_path: Path) -> None:
    """Ten processes each time end by a signal that nothing catches; the next run starts from all or nothing of the
    killed one's files, and ends as if none had been killed."""
    example = ROOT / "examples" / "community"
    lines = (example / "records.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    _file(tmp_path, "one.csv", "".join(lines[:3000]))
    _file(tmp_path, "two.csv", "".join([lines[0], *lines[3000:]]))
    _run(tmp_path, "once", "one.csv", "two.csv")
    due = (tmp_path / "once.csv").read_bytes()
    _run(tmp_path, "first", "one.csv", state=True)
    shutil.move(tmp_path / "state", tmp_path / "kept")

    def begin() -> subprocess.Popen[bytes]:
        shutil.rmtree(tmp_path / "state", ignore_errors=True)
        if before == "a state":
            shutil.copytree(tmp_path / "kept", tmp_path / "state")
        return _begin(tmp_path, "killed", "one.csv", "two.csv", state=True)

    for _ in killed_at_any_moment(begin, before):
        _run(tmp_path, "after", "one.csv", "two.csv", state=True)
        assert (tmp_path / "after.csv").read_bytes() == due
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def _run(here: Path, name: str, *records: str, state: bool = False) -> None:
    """Run it in this process."""
    with chdir(here):
        done = CliRunner().invoke(app, _words(*records, state=state))
    assert done.exit_code == 0, done.stderr
    _file(here, f"{name}.csv", done.stdout)


def _words(*records: str, state: bool) -> list[str]:
    example = ROOT / "examples" / "community"
    given = ["--records", *records] if records else []
    words = ["score", str(example / "community.tally"), *given, "--format", "csv"]
    words += ["--subjects", str(example / "subjects.csv"), "--as-of", "2026-03-31"]
    return [*words, "--state", "state"] if state else words


def _begin(
    here: Path, name: str, *records: str, state: bool = False, room: int | None = None
) -> subprocess.Popen[bytes]:
    """Begin a run; ``room``: the most blocks of half a kilobyte that a file of it may have, in which no compiled module
    is kept: Python keeps one cut short as if it were whole."""
    within = () if room is None else ("sh", "-c", 'ulimit -f "$0"; exec "$@"', str(room))
    around = os.environ if room is None else {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with (here / f"{name}.csv").open("wb") as scores:
        return subprocess.Popen(
            (*within, Path(sys.executable).parent / "tally", *_words(*records, state=state)),
            cwd=here,
            stdout=scores,
            stderr=subprocess.DEVNULL if room is None else subprocess.PIPE,
            env=around,
        )
