"""A run's folder holds all that the run was; it is whole or not there, and nothing else is ever replaced by it."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from generators.accepted import accepted
from left_alone import left_alone
from msgspec.structs import replace

from tallystick.engine import open_run, score, staging
from tallystick.engine.ledger import InputRow
from tallystick.engine.refusals import DataRefusal, Refusal, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.verifying.checks import verify
from tallystick.explain import explain
from tallystick.rules.rulebook import Rulebook

RULEBOOK = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    id      text
    subject text
    actor   text
    kind    one of like, share
    at      time
    fate    text optional

subjects
    trusted yes/no

require trust "being trusted"
    when trusted
    otherwise no score "Nobody trusts you."

exclude own "your own likes"
    when actor = subject
    because "Nobody can vouch for themselves."

exclude strangers "likes of people nobody trusts"
    when actor.trusted is missing
    because "They may not exist."

measure likes "like" / "likes"
    count like
    within 30 days
    halving every 7 days

rule liked "People like it"
    points likes
    because "A like is a like."

score "Likes"
    sum of all rules
    rounded to 1 place

bands
    from 0 some "Some"
    from 5 many "Many"
"""
AS_OF = date(2026, 3, 1)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FILES = {
    *("receipt.json", "rulebook.tally", "rejected.csv", "records.parquet", "subjects.parquet"),
    *("scores.parquet", "lines.parquet", "adjustments.parquet", "measures.parquet", "inputs.parquet"),
    "accounts.parquet",
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return a rulebook whose evidence needs the attributes of people who are not scored."""
    return accepted(RULEBOOK)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return files of records and subjects, with two rows that cannot be read."""
    return write_files(tmp_path)


@pytest.fixture(scope="module")
def _whole(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("whole")
    run_into(rulebook, write_files(folder), folder / "run").close()
    with left_alone(folder / "run") as run:
        yield run


@pytest.fixture
def made(_whole: Path, tmp_path: Path) -> Path:
    """Return the folder of a run of one's own, to be damaged."""
    return Path(shutil.copytree(_whole, tmp_path / "run"))


def write_files(folder: Path) -> tuple[Path, Path]:
    """Write files of records and subjects, with two rows that cannot be read."""
    chance = random.Random(5)  # noqa: S311  made up once, the same each time
    rows = [
        f"{n},p{chance.randrange(5)},p{chance.randrange(6)},{chance.choice(('like', 'share', 'other'))},"
        f"2026-{chance.randrange(1, 4):02}-{chance.randrange(1, 28):02}T10:00:00Z,"
        for n in range(300)
    ]
    rows[10], rows[11] = 'x,"', "11,p0,p1,like,when,"
    (folder / "r.csv").write_text("id,subject,actor,kind,at,fate\n" + "\n".join(rows))
    (folder / "s.csv").write_text(
        "subject,trusted\n" + "".join(f"p{n},{'no' if n == 3 else 'yes'}\n" for n in range(5))
    )
    return folder / "r.csv", folder / "s.csv"


def run_into(rulebook: Rulebook, files: tuple[Path, Path], out: Path, **how: bool) -> FinishedRun:
    """Score into a folder."""
    return score(rulebook, *files, as_of=AS_OF, out=out, computed_at=NOW, max_rejected=Decimal("0.1"), **how)


def same(one: FinishedRun, other: FinishedRun) -> None:
    """Assert that two runs give the same answers."""
    assert other.receipt == one.receipt
    assert other.counts == one.counts
    assert list(other.subjects()) == list(one.subjects())
    assert list(other.ledgers()) == list(one.ledgers())
    assert [other.subject(name) for name in one.subjects()] == list(one.ledgers())
    assert list(other.rejected()) == list(one.rejected())
    for name in one.subjects():
        assert list(other.evidence(name)) == list(one.evidence(name))
    assert list(other.evidence_of_many(list(one.subjects()))) == list(one.evidence_of_many(list(one.subjects())))


def test_an_opened_run_answers_as_it_did_when_it_was_made(
    rulebook: Rulebook, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """Ledgers, counts, rejected rows, receipt, and the evidence with it."""
    run = run_into(rulebook, files, tmp_path / "run")
    assert {entry.name for entry in (tmp_path / "run").iterdir()} == FILES
    opened = open_run(tmp_path / "run")
    assert len(list(opened.evidence("p0"))) > 10
    assert [row.line for row in opened.rejected()] == [12, 13]
    same(run, opened)
    assert opened.rulebook == rulebook
    assert opened.subject("nobody") is None


def test_what_was_read_about_who_was_not_admitted_is_there(
    rulebook: Rulebook, files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger tells of nobody before they are admitted: the rows do, as long as the run has kept them, in whatever
    order people are asked for."""
    monkeypatch.setattr("tallystick.engine.attributes._AHEAD", 2)
    run, bare = run_into(rulebook, files, tmp_path / "run"), tmp_path / "bare"
    run_into(rulebook, files, bare, keep_records=False).close()
    for each in (run, open_run(tmp_path / "run")):
        ledger = each.subject("p3")
        assert ledger is not None
        assert ledger.inputs == ()
        assert each.attributes("p3") == (InputRow("p3", "trusted", "no"),)
        assert each.attributes("nobody") == ()
        found = {name: each.attributes(name) for name in ("p4", "p1", "p2", "p3", "p0", "p0", "p4")}
        assert found == {f"p{n}": (InputRow(f"p{n}", "trusted", "no" if n == 3 else "yes"),) for n in range(5)}
    assert open_run(bare).attributes("p3") == ()


def test_the_records_kept_have_their_fates(rulebook: Rulebook, files: tuple[Path, Path], tmp_path: Path) -> None:
    """One row for each record read, under names that no field can have; what the ledger counts is what stands there."""
    run = run_into(rulebook, files, tmp_path / "run")
    table = pq.read_table(tmp_path / "run" / "records.parquet").to_pylist()
    assert list(table[0]) == ["#row", "id", "subject", "actor", "kind", "at", "fate", "#fate", "#exclusion"]
    assert len(table) == run.counts.rows - run.counts.rejected - run.counts.copies
    for ledger in run.ledgers():
        for row in ledger.accounts:
            found = [
                each
                for each in table
                if (each["subject"], each["#fate"], each["#exclusion"] or "") == (row.subject, row.fate, row.name)
            ]
            assert len(found) == row.records
    assert sum(each["#fate"] is None for each in table) == run.counts.not_admitted > 0


def test_two_runs_of_the_same_have_the_same_bytes(rulebook: Rulebook, files: tuple[Path, Path], tmp_path: Path) -> None:
    """But for the moment at which they were made, which is told in the receipt alone."""
    run_into(rulebook, files, tmp_path / "a").close()
    run_into(rulebook, files, tmp_path / "b").close()
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_a_run_without_records_takes_them_when_they_are_needed(
    rulebook: Rulebook, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """And only those that it was made from; everything else it answers without."""
    run = run_into(rulebook, files, tmp_path / "run", keep_records=False)
    assert {entry.name for entry in (tmp_path / "run").iterdir()} == FILES - {"records.parquet", "subjects.parquet"}
    assert list(open_run(tmp_path / "run").ledgers()) == list(run.ledgers())
    with pytest.raises(UsageRefusal, match="has not kept its records") as caught:
        open_run(tmp_path / "run").evidence("p0")
    assert "--records" in str(caught.value.help)
    same(run, open_run(tmp_path / "run", records=files[0], subjects=files[1]))
    files[0].write_text(files[0].read_text().replace("like", "lake", 1))
    with pytest.raises(DataRefusal, match="not the records that the run") as caught_other:
        open_run(tmp_path / "run", records=files[0], subjects=files[1]).evidence("p0")
    assert len(caught_other.value.notes) == 2


def test_a_run_replaces_a_run_and_nothing_else(rulebook: Rulebook, files: tuple[Path, Path], tmp_path: Path) -> None:
    """An empty folder or an earlier run goes; a file, a link, a folder with anything else in it stays as it was."""
    out = tmp_path / "run"
    out.mkdir()
    run_into(rulebook, files, out)
    run_into(rulebook, files, out, keep_records=False)
    assert not (out / "records.parquet").exists()
    (out / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(out)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "receipt.json").write_text("{}")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    for name in ("run", "file", "link", "other"):
        with pytest.raises(UsageRefusal, match="not a run"):
            run_into(rulebook, files, tmp_path / name)
    with pytest.raises(UsageRefusal, match="there is no folder"):
        run_into(rulebook, files, tmp_path / "no" / "run")
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("failing", ["write_run", "rename"])
def test_what_fails_leaves_nothing_behind(
    rulebook: Rulebook,
    files: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
) -> None:
    """Neither a half-made run nor a folder beside it; an earlier run stays as it was."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if failing == "rename":
        monkeypatch.setattr(staging.Staging, "publish", fail)
    else:
        monkeypatch.setattr("tallystick.engine.scoring.write_run", fail)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DataRefusal, match="No space left on device"):
        run_into(rulebook, files, tmp_path / "run")
    assert sorted(tmp_path.iterdir()) == before


def test_rows_that_cannot_be_read_are_kept_with_why(
    rulebook: Rulebook, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """File, line, field, reason and value, in a file that any program can read."""
    run_into(rulebook, files, tmp_path / "run")
    lines = (tmp_path / "run" / "rejected.csv").read_text().splitlines()
    assert lines == [
        "file,line,field,reason,value",
        f'{files[0]},12,,a quote that is opened and not closed,"x,"""',
        f"{files[0]},13,at,not a time (YYYY-MM-DDThh:mm:ssZ),when",
    ]


def test_what_is_no_run_is_not_opened(tmp_path: Path) -> None:
    """A folder without a receipt, no folder at all, and a file are told to be what they are, and what a run is."""
    file = tmp_path / "file"
    file.write_text("x")
    for path, told in (
        (tmp_path, f"`{tmp_path}` is not a run: it has no receipt.json"),
        (tmp_path / "nothing", f"there is no run `{tmp_path}/nothing`"),
        (file, f"`{file}` is a file, not a run"),
    ):
        for opens in (open_run, verify):
            with pytest.raises(UsageRefusal) as refused:
                opens(path)
            assert (refused.value.message, "tally score" in str(refused.value.help)) == (told, True)
    (tmp_path / "receipt.json").write_text('{"schema": "tallystick.receipt/2"}')
    with pytest.raises(DataRefusal, match="damaged or of another version"):
        open_run(tmp_path)


def test_a_run_that_was_closed_says_so(made: Path) -> None:
    """What is asked of it after `close` is refused for that, and not as a ledger that is damaged."""
    opened = open_run(made)
    name = next(opened.subjects())
    opened.close()
    for asked in (lambda: opened.subject(name), lambda: list(opened.subjects()), lambda: list(opened.ledgers())):
        with pytest.raises(UsageRefusal, match="the run is closed"):
            asked()


def test_a_run_whose_rulebook_another_version_put_into_other_lines_is_read(
    rulebook: Rulebook, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """What was written then is what counts: how this version formats a rulebook is no part of it."""
    text = rulebook.text.replace("when actor = subject", "when (actor = subject)")
    assert text != rulebook.text == accepted(text).text
    run_into(replace(rulebook, text=text), files, tmp_path / "run").close()
    opened = open_run(tmp_path / "run")
    assert opened.rulebook.text == opened.receipt.rulebook.text == text
    assert verify(tmp_path / "run").agrees
    explained = explain(opened, "p1")
    assert explained.rulebook.sha256 == opened.receipt.rulebook.sha256


def test_another_rulebook_in_a_run_is_found(made: Path) -> None:
    """The explanation would quote rules that did not make the scores."""
    path = made / "rulebook.tally"
    path.write_text(path.read_text().replace("within 30 days", "within 31 days"))
    with pytest.raises(DataRefusal, match="not the rulebook that the run was made with"):
        open_run(made)


@pytest.mark.parametrize("name", sorted(FILES - {"rulebook.tally"}))
def test_a_damaged_run_is_refused_in_words(made: Path, name: str) -> None:
    """Whatever bytes of whatever file changed: nothing that is asked of the run is answered from them, and there is no
    other exception."""
    path = made / name
    whole = path.read_bytes()
    for seed in range(6):
        chance = random.Random(f"{name} {seed}")  # noqa: S311
        content = bytearray(whole)
        for place in chance.sample(range(len(content)), min(len(content), 1 + seed * 3)):
            content[place] ^= chance.randrange(1, 256)
        path.write_bytes(content if seed else b"")
        with pytest.raises(Refusal):
            asked_of(made)
    path.write_bytes(whole)
    asked_of(made)


def asked_of(folder: Path) -> None:
    """Read all that a run holds."""
    with closing(open_run(folder)) as opened:
        assert list(opened.ledgers())
        assert opened.subject("p0") is not None
        assert list(opened.rejected())
        assert opened.evidence("p0")
        assert opened.attributes("p3")


@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_but_a_file_of_the_run_is_read(made: Path, tmp_path: Path, name: str) -> None:
    """A run comes from strangers: no link in it is followed, no pipe waited for, and nothing without end is read."""
    path = made / name
    path.rename(tmp_path / name)
    path.symlink_to(tmp_path / name)
    refused_to_read(made)
    path.unlink()
    path.symlink_to("/dev/zero")
    refused_to_read(made)
    path.unlink()
    os.mkfifo(path)
    refused_to_read(made)


def refused_to_read(run: Path) -> None:
    """Ask for all that lies in a run of which a file cannot be read."""
    with pytest.raises(Refusal, match=rf"`{run}.* cannot be read"):
        open_run(run).evidence("p0")


@pytest.mark.parametrize("name", ["receipt.json", "rulebook.tally"])
def test_no_text_of_any_size_is_read(made: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read as a whole has a size that a run can have."""
    monkeypatch.setattr("tallystick.engine.folder_writing._MOST_BYTES", 1 << 20)
    with (made / name).open("wb") as file:
        file.truncate(1 << 40)
    refused_to_read(made)


def test_a_receipt_that_was_edited_is_found(made: Path) -> None:
    """Another as-of day in the receipt would stand on every explanation."""
    receipt = made / "receipt.json"
    text = receipt.read_text()
    edited = text.replace(f'"as_of": "{AS_OF}"', '"as_of": "2031-01-01"')
    assert edited != text
    receipt.write_text(edited)
    with pytest.raises(DataRefusal, match=r"receipt.json` is not as the run wrote it"):
        open_run(made)


@pytest.mark.parametrize("content", ["", "[]", "{", "null", "{}"])
def test_a_receipt_of_anything_else_is_refused(made: Path, content: str) -> None:
    """Whatever JSON or no JSON at all stands in its place."""
    (made / "receipt.json").write_text(content)
    with pytest.raises(DataRefusal, match="damaged or of another version"):
        open_run(made)


def test_records_that_were_taken_away_are_missed(made: Path) -> None:
    """A run that has lost its records does not say that it was written without."""
    (made / "records.parquet").unlink()
    with pytest.raises(DataRefusal, match=r"records.parquet` cannot be read"):
        open_run(made).evidence("p0")


def test_rejected_rows_that_were_changed_since_the_run_was_opened_are_not_told(made: Path) -> None:
    """They are read when somebody asks for them, and are held to the receipt then."""
    with closing(open_run(made)) as opened:
        path = made / "rejected.csv"
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
        with pytest.raises(DataRefusal, match=r"rejected.csv` is not as the run wrote it"):
            list(opened.rejected())


def test_a_run_without_its_rejected_rows_is_refused(made: Path) -> None:
    """The folder is the run whole; a part of it is not taken for it."""
    (made / "rejected.csv").unlink()
    with pytest.raises(DataRefusal, match=r"rejected.csv` cannot be read"):
        open_run(made)
