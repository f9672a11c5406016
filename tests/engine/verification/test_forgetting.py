"""Somebody who is removed from a run is in no byte of it; nobody else's numbers change, and whoever checks is told."""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, cases
from hypothesis import given, settings
from ledgers.forged import Made, edited, finding, make, seal_again
from ledgers.from_files import scored_from_files

from tallystick.engine import forgetting
from tallystick.engine.folder import open_run
from tallystick.engine.folder_writing import read_receipt
from tallystick.engine.forgetting import forget
from tallystick.engine.intake.table import Progress
from tallystick.engine.ledger import SubjectLedger
from tallystick.engine.receipt import ForgottenReceipt, Receipt, sealed
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.verifying.chain import Link, links_between
from tallystick.engine.verifying.checks import verify
from tallystick.engine.verifying.records import GivenAgain
from tallystick.engine.verifying.verification import Check

ZOE = "zoe-quist"
DAY = date(2026, 6, 1)
FEW = 8 if settings.default is None else max(8, settings.default.max_examples // 40)


@pytest.fixture(scope="module")
def with_zoe(tmp_path_factory: pytest.TempPathFactory, _whole: Made) -> Made:
    """Make the run with everything, in which p0 is called zoe-quist and spoken of, and p1 has p0's name in a longer
    one."""
    folder = tmp_path_factory.mktemp("zoe")
    for path in _whole.given.records.parent.glob("*.csv"):  # type: ignore[union-attr]
        text = re.sub(r"\bp0\b", ZOE, path.read_text(encoding="utf-8"))
        text = text.replace("I do not agree.", f"It was {ZOE} {ZOE} not I.").replace("a slip,x", f"of {ZOE},{ZOE}", 1)
        (folder / path.name).write_text(re.sub(r"\bp1\b", "zoe-quisty", text), encoding="utf-8")
    with (folder / "statements.csv").open("a", encoding="utf-8") as file:
        file.write(f"p3,Ask {ZOE}.,2026-02-04\n")
    names = ("records", "subjects", "pauses", "corrections", "statements")
    inputs = GivenAgain(**{name: folder / f"{name}.csv" for name in names})
    return make(_whole.rulebook, inputs, folder / f"run of {ZOE}", digest_records=True)


@pytest.fixture
def zoe(with_zoe: Made, tmp_path: Path) -> Made:
    """Return a run of one's own with zoe-quist in it."""
    shutil.copytree(with_zoe.folder, tmp_path / "run")
    return Made(tmp_path / "run", with_zoe.rulebook, with_zoe.given)


def ledgers(folder: Path) -> dict[str, SubjectLedger]:
    """Return everybody's ledger."""
    run = open_run(folder)
    found = {each.score.subject: each for each in run.ledgers()}
    run.close()
    return found


def words(folder: Path) -> Iterator[tuple[str, str]]:
    """Give every text in a run: each file's bytes, and each cell of what is packed."""
    for path in sorted(folder.iterdir()):
        yield path.name, path.read_bytes().decode("latin-1")
        if path.suffix == ".parquet":
            yield path.name, str(pq.read_table(path).to_pylist())
            yield path.name, str(pq.read_metadata(path).to_dict())


def test_nothing_of_the_name_is_left(zoe: Made) -> None:
    """In no file of the run, packed or not, while longer names that begin with it stay; the receipt says that somebody
    went, and how much."""
    before = ledgers(zoe.folder)
    assert sum(re.search(rf"{ZOE}(?!y)", text) is not None for _, text in words(zoe.folder)) > 8
    found = forget(zoe.folder, ZOE, DAY)
    assert [(name, text) for name, text in words(zoe.folder) if re.search(rf"{ZOE}(?!y)", text)] == []
    assert "zoe-quisty" in ledgers(zoe.folder)
    assert (found.there, found.people, found.mark, found.unkept) == (True, 1, "(removed 1)", False)
    assert found.in_rulebook is False
    assert found.others > 5
    (entry,) = read_receipt(zoe.folder).forgotten
    assert (entry.on, entry.people) == (DAY, 1)
    assert entry.records == found.records == sum(row.records for row in before[ZOE].accounts)
    assert {name: each for name, each in before.items() if name != ZOE} == ledgers(zoe.folder)
    run = open_run(zoe.folder)
    assert [each.text for each in run.statements_of("p3")] == ["Ask (removed 1)."]
    assert "(removed 1)" in {row.values[2] for name in run.subjects() for row in run.evidence(name)}
    run.close()
    checked = verify(zoe.folder)
    assert checked.agrees, checked.checks
    assert {check.name for check in checked.checks if check.outcome == "agrees"} >= {"forgotten", "counts", "replay"}
    assert forget(zoe.folder, ZOE, DAY).there is False


@pytest.mark.whole
def test_what_is_left_is_in_order(zoe: Made) -> None:
    """The check of the run holds and says that somebody was removed; with the records it was made from, too; and a
    second removal is counted beside the first."""
    forget(zoe.folder, ZOE)
    kept = verify(zoe.folder)
    assert kept.agrees, kept.checks
    assert [check.number for check in kept.checks if check.name == "forgotten"] == [1]
    assert next(check for check in kept.checks if check.name == "replay").outcome == "agrees"
    again = verify(zoe.folder, given=zoe.given)
    assert again.agrees, again.checks
    was = [str(read_receipt(zoe.folder).forgotten[0].was), str(read_receipt(zoe.folder).seal)]
    assert forget(zoe.folder, "p3").mark == "(removed 2)"
    assert [each.was for each in read_receipt(zoe.folder).forgotten] == was
    twice = verify(zoe.folder, given=zoe.given)
    assert twice.agrees, twice.checks
    assert [check.number for check in twice.checks if check.name == "forgotten"] == [2]


def test_the_chain_holds_and_says_so(with_zoe: Made) -> None:
    """A run that names the one before it as that was, before any removal, still follows it; one that names another
    still does not."""
    first = read_receipt(with_zoe.folder)
    once, twice = (ForgottenReceipt(was=seal, on=None, people=1, records=1) for seal in (str(first.seal), "1" * 64))
    now = Receipt.model_validate_json(sealed(first.model_copy(update={"forgotten": (once, twice)})))

    def after(seal: str | None) -> Link:
        later = Receipt.model_validate_json(sealed(first.model_copy(update={"previous": seal})))
        return links_between((now, later))[1]

    assert after(first.seal) == after("1" * 64) == Link(1, "follows", forgotten=True)
    assert after(now.seal) == Link(1, "follows")
    assert after("2" * 64) == Link(1, "gap")


@pytest.mark.whole
def test_who_only_acted_on_others_is_removed_too(made: Made) -> None:
    """p6 has no ledger; whoever p6 liked keeps the likes."""
    before = ledgers(made.folder)
    found = forget(made.folder, "p6")
    assert (found.there, found.people, found.records) == (True, 0, 0)
    assert found.others > 5
    assert ledgers(made.folder) == before
    assert verify(made.folder, given=made.given, independent=3).agrees


def test_records_that_no_longer_fit_are_not_kept(tmp_path: Path) -> None:
    """ada's favour to bob is worth half because he had done the same to her: a record about somebody who was
    removed. The number stays, and the run keeps no records that would give another. Who has the inputs finds out a
    receipt that counts more people as removed than are."""
    text = (
        'rulebook "Likes" version 1.0.0\n    owner "The club of ada"\n\nrecords\n    subject text\n    actor text\n'
        "    kind one of like\n    at date\n\n"
        'discount favours "favours returned"\n    to 50%\n    when returned within 90 days\n    because "x"\n\n'
        'measure likes "like" / "likes"\n    count like\n\n'
        'rule liked "Liked"\n    points likes\n    because "x"\n\nscore "Likes"\n    sum of all rules\n'
    )
    (tmp_path / "r.csv").write_text(
        "subject,actor,kind,at\nada,bob,like,2026-01-01\nbob,ada,like,2026-01-02\nbob,cem,like,2026-01-02\n",
        encoding="utf-8",
    )
    run = make(accepted(text), GivenAgain(records=tmp_path / "r.csv"), tmp_path / "run")
    before = ledgers(run.folder)
    assert before["bob"].score.score == Decimal("1.5")
    found = forget(run.folder, "ada")
    assert (found.unkept, found.in_rulebook) == (True, True)
    assert not (run.folder / "records.parquet").exists()
    assert ledgers(run.folder) == {"bob": before["bob"]}
    checked = verify(run.folder)
    assert checked.agrees
    assert next(check for check in checked.checks if check.name == "replay").reason == "no records"
    assert verify(run.folder, given=run.given).agrees
    edited(run, "receipt.json", lambda document: document["forgotten"][0].update(people=2))  # type: ignore[index]
    seal_again(run)
    check = finding(verify(run.folder, given=run.given))
    assert check.difference is not None
    assert (check.name, check.difference.column) == ("replay", "people")
    assert (check.difference.found, check.difference.expected) == ("2", "1")


@pytest.mark.whole
@pytest.mark.parametrize("gone", ["2", "a.*b", "x'y\"z", "ü", "scored", "excluded", "like", "$1", "a\\b"])
def test_any_name_can_be_removed(gone: str, tmp_path: Path) -> None:
    """A number, a pattern, quotes, a word of another's name, a word of the ledger: that person goes and nobody else,
    and what is left is in order."""
    names = ["2", "a.*b", "x'y\"z", "ü", "ü ber", "(removed 1)", "scored", "excluded", "like", "$1", "a\\b"]
    text = (
        'rulebook "Likes" version 1.0.0\n    owner "x"\n\nrecords\n    id text\n    subject text\n    actor text\n'
        "    kind one of like\n    at date\n    item text\n\nsubjects\n    team text\n\n"
        'exclude own "own"\n    when actor = subject\n    because "x"\n\n'
        'measure likes "like" / "likes"\n    distinct actor of like\n\n'
        'rule liked "Liked"\n    points likes\n    because "x"\n\nscore "Likes"\n    sum of all rules\n'
    )
    pairs = [(one, other) for one in names for other in names]
    with (tmp_path / "r.csv").open("w", encoding="utf-8", newline="") as file:
        rows = ([n, one, other, "like", "2026-01-02", f"{other} of {one}"] for n, (one, other) in enumerate(pairs))
        csv.writer(file).writerows([["id", "subject", "actor", "kind", "at", "item"], *rows])
    with (tmp_path / "s.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["subject", "team"], *([name, name] for name in names)])
    inputs = GivenAgain(tmp_path / "r.csv", tmp_path / "s.csv")
    run = make(accepted(text), inputs, tmp_path / "run")
    before = {name: each.score for name, each in ledgers(run.folder).items() if name != gone}
    found = forget(run.folder, gone)
    assert (found.people, found.records, found.unkept, found.mark) == (1, len(names), False, "(removed 2)")
    assert {name: each.score for name, each in ledgers(run.folder).items()} == before
    kept, again = verify(run.folder, independent=3), verify(run.folder, given=inputs, independent=3)
    assert kept.agrees, kept.checks
    assert again.agrees, again.checks


@pytest.mark.whole
def test_more_than_was_removed_is_found(zoe: Made) -> None:
    """Whoever takes out another person, or counts other rows as gone, is found by the counts or the records."""
    forget(zoe.folder, ZOE)
    edited(zoe, "receipt.json", lambda document: document["forgotten"][0].update(records=1))  # type: ignore[index]
    seal_again(zoe)
    check = finding(verify(zoe.folder))
    assert (check.name, check.difference.column if check.difference else "") == ("counts", "rows")


def test_a_run_is_as_it_was_or_as_it_is_to_be(zoe: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where anything fails on the way, every byte is as it was and nothing lies about; a damaged run is not touched."""
    before = {path.name: path.read_bytes() for path in zoe.folder.iterdir()}

    def broken(*_: object) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr(forgetting, "digest_of", broken)
    with pytest.raises(DataRefusal, match="no room"):
        forget(zoe.folder, ZOE)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in zoe.folder.iterdir()} == before
    assert [path.name for path in zoe.folder.parent.iterdir()] == ["run"]
    with (zoe.folder / "rejected.csv").open("a", encoding="utf-8") as file:
        file.write("r.csv,1,x,y,z\n")
    with pytest.raises(DataRefusal, match="is not as the run wrote it"):
        forget(zoe.folder, ZOE)


@pytest.mark.whole
@settings(max_examples=FEW)
@given(cases(by=False))
def test_anybody_can_be_removed_from_any_run(case: Case) -> None:
    """Whatever the rulebook and the records, everybody else's ledger stays and the run is in order."""
    with tempfile.TemporaryDirectory() as here:
        folder = Path(here)
        scored_from_files(case, folder, out=folder / "run").close()
        before = ledgers(folder / "run")
        if not before:
            return
        name = sorted(before)[len(before) // 2]
        assert forget(folder / "run", name).people == 1
        assert ledgers(folder / "run") == {other: each for other, each in before.items() if other != name}
        kept = verify(folder / "run")
        assert kept.agrees, kept.checks
        names = ("records", "subjects", "pauses", "corrections")
        inputs = {each: folder / f"{each}.csv" for each in names if getattr(case, each)}
        again = verify(folder / "run", given=GivenAgain(**inputs))
        assert again.agrees, again.checks


@pytest.mark.whole
def test_two_removals_at_once_bring_nobody_back(zoe: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody else is removed from the same run meanwhile, the later one gives up and the earlier one stays."""
    real = forgetting.check_kept

    def meanwhile(run: FinishedRun, progress: Progress) -> Check:
        monkeypatch.undo()
        forget(zoe.folder, "p3")
        return real(run, progress)

    monkeypatch.setattr(forgetting, "check_kept", meanwhile)
    with pytest.raises(DataRefusal, match="meanwhile"):
        forget(zoe.folder, ZOE)
    assert "p3" not in ledgers(zoe.folder)
    assert ZOE in ledgers(zoe.folder)
    assert forget(zoe.folder, ZOE).mark == "(removed 2)"
