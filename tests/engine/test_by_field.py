"""A score by a field is one for each value, made of the records of that value as if there were no others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from generators.accepted import accepted

from tallystick.engine import open_run, score
from tallystick.engine.change.between import between
from tallystick.engine.digest import digest_of, digest_of_values
from tallystick.engine.folder_writing import read_receipt, sha256_of_file
from tallystick.engine.forgetting import forget
from tallystick.engine.receipt import sealed
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.verifying.checks import GivenAgain, verify
from tallystick.rules.rulebook import Rulebook

RULES = """
rulebook "Heard" version 1.0.0
    owner "Us"

records
    id      text
    subject text
    actor   text
    kind    one of like, endorse
    at      date
    topic   one of tea, jazz, chess

subjects
    level whole number 0 to 9

exclude twice "the same like again"
    when kind = like
    repeats of actor
    because "Once is enough."

discount favours "endorsements returned"
    to 50%
    when kind = endorse and returned within 10 days
    because "A favour returned says less."

measure likes "like" / "likes"
    count like
    diluted per actor per day

measure endorsed "endorsement" / "endorsements"
    count endorse

rule liked "You are liked"
    points likes
    because "It counts."

rule praised "You are endorsed"
    points endorsed + level
    because "It counts, too."

score "Heard" by topic
    sum of all rules
    rounded to 2 places
"""
RECORDS = """id,subject,actor,kind,at,topic
1,ada,bob,like,2026-03-01,tea
2,ada,bob,like,2026-03-02,tea
3,ada,bob,like,2026-03-01,jazz
4,cyd,bob,like,2026-03-01,tea
5,ada,cyd,endorse,2026-03-05,tea
6,cyd,ada,endorse,2026-03-04,jazz
7,eve,bob,like,2026-03-20,jazz
"""
PEOPLE = "subject,level\nada,1\nbob,2\ncyd,0\neve,3\n"
MOVED = "record,action,reason,who,when,topic\n4,replace,it was about jazz,Us,2026-03-09,jazz\n"
AS_OF = date(2026, 3, 10)


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    """Return the rulebook."""
    return accepted(RULES)


@pytest.fixture(scope="module")
def here(rules: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the inputs and a run of them, called ``run``, and a corrected one, ``moved``."""
    folder = tmp_path_factory.mktemp("by")
    for name, text in (("records.csv", RECORDS), ("people.csv", PEOPLE), ("moved.csv", MOVED)):
        (folder / name).write_text(text, encoding="utf-8")
    for name, corrections in (("run", None), ("moved", folder / "moved.csv")):
        score(
            rules,
            folder / "records.csv",
            folder / "people.csv",
            as_of=AS_OF,
            corrections=corrections,
            out=folder / name,
        ).close()
    return folder


@pytest.fixture(scope="module")
def run(here: Path) -> Iterator[FinishedRun]:
    """Give the run, opened from its folder."""
    opened = open_run(here / "run")
    yield opened
    opened.close()


def told(run: FinishedRun) -> dict[tuple[str, str], Decimal | None]:
    """Return everybody's score for each value."""
    return {(str(part.value), each.score.subject): each.score.score for part in run.parts() for each in part.ledgers()}


def test_each_value_is_worked_out_from_its_own_records_alone(run: FinishedRun) -> None:
    """By hand: in tea, bob's like of 1 March is shared with cyd, and his second one repeats it; in jazz neither is so,
    and cyd's endorsement there makes no favour returned of the one in tea. Attributes are the same for all values."""
    assert told(run) == {
        ("tea", "ada"): Decimal("2.5"),  # ½ like, 1 endorsement, level 1
        ("tea", "cyd"): Decimal("0.5"),
        ("jazz", "ada"): Decimal(2),  # 1 like, level 1
        ("jazz", "cyd"): Decimal(1),
    }


def test_who_has_no_record_of_a_value_up_to_the_day_has_no_row_for_it(run: FinishedRun) -> None:
    """bob only acted, eve's one record is later, and nothing is about chess: each is counted, and none is a score."""
    by = run.receipt.by
    assert by is not None
    assert [(each.value, each.people, each.records, each.not_admitted) for each in by.values] == [
        ("tea", 2, 4, 0),
        ("jazz", 2, 2, 1),
        ("chess", 0, 0, 0),
    ]
    assert (by.people, run.counts.rows, run.counts.not_admitted) == (2, 7, 1)


def test_a_run_by_a_field_tells_of_nobody_as_a_whole(run: FinishedRun) -> None:
    """What asks for one score of each person is refused, with the values to choose from; so is a value unknown."""
    asked: tuple[Callable[[], object], ...] = (
        lambda: run.subject("ada"),
        lambda: list(run.ledgers()),
        lambda: run.evidence("ada"),
        lambda: run.evidence_of_many(("ada",)),
    )
    for each in asked:
        with pytest.raises(UsageRefusal, match="`tea`, `jazz`, `chess`"):
            each()
    with pytest.raises(UsageRefusal, match="`polo` is no value of `topic`"):
        run.part("polo")
    with pytest.raises(UsageRefusal, match="each person has one score here"):
        run.part("tea").part("tea")


def test_evidence_is_that_of_the_value(run: FinishedRun) -> None:
    """The records behind a part's measures are those of its value, in whatever turn the parts are asked."""
    parts = [run.part(value) for value in ("tea", "jazz", "tea")]
    ids = [[(row.values[0], row.fate) for row in part.evidence("ada") if row.measure == "likes"] for part in parts]
    assert ids == [[("2", "excluded"), ("1", "counted")], [("3", "counted")], [("2", "excluded"), ("1", "counted")]]


def test_a_correction_can_give_a_record_another_value(here: Path) -> None:
    """Record 4 counts for jazz, where bob's like is shared then; cyd is told of in tea no more, and nothing is lost."""
    moved = open_run(here / "moved")
    assert told(moved) == {
        ("tea", "ada"): Decimal(3),
        ("jazz", "ada"): Decimal("1.5"),
        ("jazz", "cyd"): Decimal("1.5"),
    }
    assert moved.counts.not_admitted == 2  # the record struck out in tea, and eve's
    assert [len(moved.part(value).corrections("cyd")) for value in ("tea", "jazz", "chess")] == [1, 1, 0]
    moved.close()


def test_an_explanation_tells_what_a_correction_did_to_the_score_of_a_value(here: Path) -> None:
    """Without record 4 in jazz, where it came from tea, cyd's score there would be the endorsement alone."""
    from tallystick.explain import explain  # noqa: PLC0415

    moved = open_run(here / "moved")
    told = explain(moved.part("jazz"), "cyd", evidence=True)
    assert told.score == "1.50"
    assert told.uncorrected is not None
    assert told.uncorrected.score == "1.00"
    assert [each.record for each in told.corrections] == ["4"]
    moved.close()


@pytest.mark.parametrize("name", [pytest.param("run", marks=pytest.mark.whole), "moved"])
def test_a_run_by_a_field_is_verified_like_any_other(here: Path, name: str) -> None:
    """The ledger comes from the records again, by both engines, with the digest of each value and of all."""
    given = GivenAgain(here / "records.csv", here / "people.csv")
    if name == "moved":
        given = GivenAgain(here / "records.csv", here / "people.csv", corrections=here / "moved.csv")
    found = verify(here / name, given=given, independent=10)
    assert found.agrees, [each for each in found.checks if each.outcome == "differs"]


FORGERIES = {
    "score": ("scores", "UPDATE it SET score = score + 1 WHERE {ada}", "sums"),
    "twice": ("scores", "INSERT INTO it SELECT * FROM it WHERE {ada}", "people"),
    "nowhere": ("scores", "DELETE FROM it WHERE {ada}", "people"),
    "rule": ("lines", 'UPDATE it SET "liked: points" = "liked: points" + 1, "liked: value" = 2 WHERE {ada}', "rules"),
    "records": ("measures", 'UPDATE it SET "likes: records" = 7 WHERE {ada}', "replay"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_number_of_a_value_that_was_forged_is_found(here: Path, tmp_path: Path, what: str) -> None:
    """And the value is named behind the person, who has another result for another value."""
    file, statement, name = FORGERIES[what]
    forged = copied(here / "run", tmp_path / "run")
    with duckdb.connect() as connection:
        change(connection, forged / f"{file}.parquet", statement.format(ada="subject = 'ada' AND \"by\" = 'jazz'"))
        if what == "rule":  # with a score that it adds up to
            change(connection, forged / "scores.parquet", "UPDATE it SET score = 3 WHERE score = 2")
    seal_again(forged)
    check = next(each for each in verify(forged).checks if each.outcome == "differs")
    assert (check.name, check.results) == (name, True)
    assert check.difference is not None
    assert check.difference.subject == "ada in jazz"


RECEIPTS = {
    "scored": ("counts", "by: tea"),
    "records": ("counts", "by: tea"),
    "not_admitted": ("counts", "by: not_admitted"),
    "people": ("counts", "by: people"),
    "values": ("counts", "by: values"),
    "ledger_digest": ("digest", "ledger_digest of tea"),
}


@pytest.mark.parametrize("what", RECEIPTS)
def test_what_the_receipt_says_of_a_value_is_checked(here: Path, tmp_path: Path, what: str) -> None:
    """A receipt that says of a value what its ledger does not is found out, whoever sealed it again."""
    forged = copied(here / "run", tmp_path / "run")
    receipt = read_receipt(forged)
    assert receipt.by is not None
    first, *others = receipt.by.values
    if what == "people":
        by = receipt.by.model_copy(update={"people": receipt.by.people + 1})
    elif what == "values":
        by = receipt.by.model_copy(update={"values": (*others, first)})
    else:
        other = "0" * 64 if what == "ledger_digest" else getattr(first, what) + 1
        by = receipt.by.model_copy(update={"values": (first.model_copy(update={what: other}), *others)})
    (forged / "receipt.json").write_text(sealed(receipt.model_copy(update={"by": by})), encoding="utf-8")
    (check,) = (each for each in verify(forged).checks if each.outcome == "differs")
    assert check.difference is not None
    assert (check.name, check.difference.column or check.difference.row) == RECEIPTS[what]


def copied(folder: Path, to: Path) -> Path:
    """Return a run of one's own."""
    shutil.copytree(folder, to)
    return to


def change(connection: duckdb.DuckDBPyConnection, path: Path, statement: str) -> None:
    """Change a file of a run by a statement about ``it``."""
    connection.execute(f"CREATE OR REPLACE TABLE it AS SELECT * FROM '{path}'")  # noqa: S608  of the test's own
    connection.execute(statement)
    connection.execute(f"COPY it TO '{path}' (FORMAT parquet)")


def seal_again(folder: Path) -> None:
    """Put the digests that a run's files and its values' ledgers now have into its receipt, and seal it."""
    receipt = read_receipt(folder)
    assert receipt.by is not None
    files = tuple(each.model_copy(update={"sha256": sha256_of_file(folder / each.name)}) for each in receipt.files)
    receipt = receipt.model_copy(update={"files": files})
    (folder / "receipt.json").write_text(sealed(receipt), encoding="utf-8")
    run = open_run(folder)
    try:
        digests = {str(part.value): digest_of(part.ledgers()) for part in run.parts()}
    except DataRefusal:  # a ledger that cannot be read has no digest
        return
    finally:
        run.close()
    values = tuple(each.model_copy(update={"ledger_digest": digests[each.value]}) for each in receipt.by.values)
    by = receipt.by.model_copy(update={"values": values})
    receipt = receipt.model_copy(update={"ledger_digest": digest_of_values(digests.items()), "by": by})
    (folder / "receipt.json").write_text(sealed(receipt), encoding="utf-8")


@pytest.mark.whole
def test_somebody_can_be_forgotten_in_all_values_at_once(here: Path, tmp_path: Path) -> None:
    """Their rows of every value go, nobody else's number changes, and the rest is vouched for; without the records,
    since bob's like of ada would not be shared any more."""
    copy = copied(here / "run", tmp_path / "run")
    gone = forget(copy, "cyd")
    left = open_run(copy)
    assert (gone.people, gone.records, gone.unkept) == (2, 2, True)
    assert told(left) == {("tea", "ada"): Decimal("2.5"), ("jazz", "ada"): Decimal(2)}
    left.close()
    assert verify(copy).agrees


@pytest.mark.whole
def test_a_state_adds_up_to_the_run_of_all_its_records(rules: Rulebook, here: Path, tmp_path: Path) -> None:
    """Records that come day by day into a state are parted by value as those of one run are."""
    head, *rows = RECORDS.splitlines(keepends=True)
    digests = []
    for number, part in enumerate((rows[:3], rows[3:])):
        (tmp_path / f"{number}.csv").write_text(head + "".join(part), encoding="utf-8")
        inputs = (tmp_path / f"{number}.csv", here / "people.csv")
        run = score(rules, *inputs, as_of=AS_OF, state=tmp_path / "state")
        digests.append(run.receipt.ledger_digest)
        run.close()
    whole = open_run(here / "run")
    assert digests[1] == whole.receipt.ledger_digest != digests[0]
    whole.close()


def test_each_edit_is_told_apart_in_every_value(rules: Rulebook, here: Path) -> None:
    """Between runs by two versions, a rule with another name and points, another rule, and a value of the field that
    came are three edits, as they would be without a field; by hand, ada's in tea are ½ (½ like), 1 (level 1) and 0."""
    text = rules.text.replace("rule liked", "rule loved").replace("points likes", "points 2 * likes")
    text = text.replace("endorsed + level", "endorsed + 2 * level").replace("jazz, chess", "jazz, chess, go")
    later = score(accepted(text), here / "records.csv", here / "people.csv", as_of=AS_OF)
    earlier = open_run(here / "run")
    found = between(earlier.part("tea"), later.part("tea"), again=True)
    assert found.unbalanced() == ()
    edits = {number: stage.edit.name for number, stage in enumerate(found.stages, start=1) if stage.edit is not None}
    assert sorted(edits.values()) == ["loved", "praised", "topic"]
    move = found.move("ada")
    assert move is not None
    parts = {edits[each.stage]: each.points for each in move.parts}
    assert parts == {"loved": Decimal("0.5"), "praised": Decimal(1)}
    assert {edits[stage]: points for stage, points in move.alone if points} == parts
    found.close()
    earlier.close()
    later.close()


def test_only_parts_of_the_same_value_are_compared(run: FinishedRun, here: Path) -> None:
    """Who was heard about tea is not who was heard about jazz, nor who was heard at all."""
    plain = accepted(RULES.replace('score "Heard" by topic', 'score "Heard"'))
    whole = score(plain, here / "records.csv", here / "people.csv", as_of=AS_OF)
    for before, after in ((run.part("tea"), run.part("jazz")), (whole, run.part("tea")), (run.part("tea"), whole)):
        with pytest.raises(UsageRefusal, match="by different fields, or of different values"):
            between(before, after)
    whole.close()


def test_without_by_a_receipt_says_nothing_of_it(rules: Rulebook, here: Path) -> None:
    """A rulebook by no field has the receipt that it had: no key more, and one score for each person."""
    plain = accepted(RULES.replace(" by topic", ""))
    run = score(plain, here / "records.csv", here / "people.csv", as_of=AS_OF)
    assert "by" not in json.loads(run.receipt.model_dump_json())
    assert [part.value for part in run.parts()] == [None]
    assert len(list(run.subjects())) == 4
    with pytest.raises(UsageRefusal):
        run.part("tea")
    run.close()
    assert rules.score.by == "topic"
