"""A run from beginning to end: the same records give the same scores in any form, and what does not fit is refused."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from generators.accepted import accepted

from tallystick.cli.score_formats import CsvForm, told
from tallystick.engine import open_run, score
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.rules import load
from tallystick.rules.rulebook import Rulebook

RULEBOOK = """\
rulebook "Replies" version 1.0.0
    owner     "x"
    effective 2026-01-01
    time zone "Europe/Berlin"

records
    id      text
    subject text
    actor   text
    kind    one of post, like
    at      time
    value   number -10 to 10 with 2 places optional

subjects
    joined date optional

exclude twice "the same like twice"
    when kind = like
    repeats of actor, kind
    because "Once is enough."

measure likes "like" / "likes"
    count like
    within 30 days
    keep at most 2 per actor per week
    halving every 10 days

measure worth "point" / "points"
    sum value or else 0 of post, like

rule liked "People like it"
    points likes
    because "A like is a like."

rule worthy "It is worth something"
    points worth
    because "Worth is worth."

score "Replies"
    sum of all rules
    rounded to 2 places
"""
AS_OF = date(2026, 3, 1)
NAMES = ("id", "subject", "actor", "kind", "at", "value")
SUBJECTS = "subject,joined\n" + "".join(f"s{n},2025-01-{n + 1:02}\n" for n in range(7)) + "late,\n"
Rows = list[tuple[str, ...]]


def made_up() -> Rows:
    """Make up rows: some equal to the last digit, some about people who are in no file, moments near midnight."""
    chance = random.Random(7)  # noqa: S311  made up once, the same each time
    rows = [
        (
            str(number),
            f"s{chance.randrange(9)}",
            f"s{chance.randrange(9)}",
            chance.choice(("post", "like", "like", "other")),
            f"2026-{chance.randrange(1, 4):02}-{chance.randrange(1, 29):02}T{chance.choice((0, 22, 23)):02}:30:00Z",
            chance.choice(("", "1.5", "-2.25", "0.1", "3")),
        )
        for number in range(400)
    ]
    return [*rows, *rows[:20]]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return a rulebook in which the order of records could matter, if anything were wrong."""
    return accepted(RULEBOOK)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Return the file of subjects."""
    path = tmp_path / "people.csv"
    path.write_text(SUBJECTS)
    return path


def csv_text(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Write rows as CSV."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([NAMES, *rows])
    return file.getvalue().encode()


def json_text(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Write rows as JSON Lines, their values as numbers."""
    texts = ({name: cell for name, cell in zip(NAMES, row, strict=True) if cell} for row in rows)
    return "".join(
        json.dumps(each | ({"value": float(each["value"])} if "value" in each else {})) + "\n" for each in texts
    ).encode()


def arrow(rows: Rows) -> pa.Table:
    """Return rows as an Arrow table with columns of their own types."""
    columns = dict(zip(NAMES, zip(*rows, strict=True), strict=True))
    return pa.table(
        {
            **{name: columns[name] for name in ("subject", "actor", "kind")},
            "id": [int(each) for each in columns["id"]],
            "at": [datetime.fromisoformat(each) for each in columns["at"]],
            "value": [float(each) if each else None for each in columns["value"]],
        }
    )


def shown(run: FinishedRun) -> tuple[str, str, int, int]:
    """Return what must not depend on the form of the records."""
    form = CsvForm(run.rulebook)
    printed = form.begin(()) + form.people(tuple(told(run)))
    return printed, run.receipt.ledger_digest, run.counts.copies, run.counts.not_admitted


def test_the_form_and_order_of_records_change_nothing(rulebook: Rulebook, people: Path, tmp_path: Path) -> None:
    """CSV, JSON Lines, Parquet and frames, compressed or not, shuffled and split: the same bytes and digest."""
    rows = made_up()
    (tmp_path / "r.csv").write_bytes(csv_text(rows))
    expected = score(rulebook, tmp_path / "r.csv", people, as_of=AS_OF)
    assert expected.counts.copies == 20
    assert expected.counts.not_admitted > 0
    due, ledgers = shown(expected), list(expected.ledgers())
    digests = {expected.receipt.ledger_digest}
    random.Random(8).shuffle(rows)  # noqa: S311
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "1.csv").write_bytes(csv_text(rows[:100]))
    (folder / "2.jsonl.gz").write_bytes(gzip.compress(json_text(rows[100:200])))
    (folder / "3.csv.zst").write_bytes(zstandard.compress(csv_text(rows[200:300])))
    pq.write_table(arrow(rows[300:]), folder / "4.parquet")
    pq.write_table(arrow(rows[:200]), tmp_path / "a.parquet")
    pq.write_table(arrow(rows[200:]), tmp_path / "b.parquet")
    table = arrow(rows)
    forms: list[object] = [
        folder,
        [tmp_path / "b.parquet", tmp_path / "a.parquet"],
        table,
        table.to_pandas(),
        pl.from_arrow(table),
        pd.DataFrame([dict(zip(NAMES, row, strict=True)) for row in rows], dtype=object),
    ]
    for form in forms:
        for threads in (1, 2):
            run = score(rulebook, form, people, as_of=AS_OF, threads=threads)
            assert shown(run) == due
            assert list(run.ledgers()) == ledgers
            digests.add(run.receipt.ledger_digest)
            run.close()
    assert len(digests) == 1


def test_a_changed_value_changes_the_ledger_and_its_day_is_named(
    rulebook: Rulebook, people: Path, tmp_path: Path
) -> None:
    """The record digest is the same for any order, and differs on the day of the change alone."""
    rows = made_up()
    receipts = []
    for name, form in (("a", rows), ("b", rows[::-1]), ("c", [(*rows[0][:-1], "9.99"), *rows[1:400]])):
        (tmp_path / f"{name}.csv").write_bytes(csv_text(form))
        run = score(rulebook, tmp_path / f"{name}.csv", people, as_of=AS_OF, digest_records=True)
        receipts.append(run.receipt)
    first, second, third = ({each.day: each for each in receipt.record_digest or ()} for receipt in receipts)
    assert first == second
    assert receipts[0].ledger_digest == receipts[1].ledger_digest
    assert [day for day in first if first[day] != third[day]] == [date.fromisoformat(rows[0][4][:10])]
    assert sum(each.records for each in first.values()) == 400


def test_the_receipt_says_what_the_run_was_made_of(rulebook: Rulebook, people: Path, tmp_path: Path) -> None:
    """Inputs with digest, size and rows; rulebook and mapping with digests; and no clock but the one given."""
    content = csv_text(made_up()[:50])
    (tmp_path / "r.csv.gz").write_bytes(gzip.compress(content))
    (tmp_path / "map.toml").write_text('skip = ["other"]\n')
    now = datetime(2026, 3, 2, tzinfo=UTC)
    run = score(
        rulebook, [str(tmp_path / "r.csv.gz")], people, as_of=AS_OF, mapping=tmp_path / "map.toml", computed_at=now
    )
    receipt = run.receipt
    records, subjects = receipt.inputs
    assert (records.role, records.name, records.rows) == ("records", str(tmp_path / "r.csv.gz"), 50)
    assert records.sha256 == hashlib.sha256((tmp_path / "r.csv.gz").read_bytes()).hexdigest()
    assert records.size == (tmp_path / "r.csv.gz").stat().st_size
    assert (subjects.role, subjects.rows) == ("subjects", 8)
    assert receipt.rulebook.sha256 == hashlib.sha256(rulebook.text.encode()).hexdigest()
    assert receipt.mapping is not None
    assert receipt.mapping.sha256 == hashlib.sha256((tmp_path / "map.toml").read_bytes()).hexdigest()
    assert receipt.computed_at == now
    assert receipt.counts.skipped == sum(row[3] == "other" for row in made_up()[:50])
    assert json.loads(receipt.model_dump_json(by_alias=True))["schema"] == "tallystick.receipt/1"


def test_every_row_is_accounted_for(rulebook: Rulebook, people: Path, tmp_path: Path) -> None:
    """Rows = rejected + skipped + copies + about people not admitted + in accounts."""
    rows = made_up()
    rows[5] = (*rows[5][:4], "yesterday", "")
    (tmp_path / "r.csv").write_bytes(csv_text(rows) + b"lost\n")
    (tmp_path / "map.toml").write_text('skip = ["other"]\n')
    run = score(rulebook, tmp_path / "r.csv", people, as_of=AS_OF, mapping=tmp_path / "map.toml")
    counts = run.counts
    in_accounts = sum(row.records for ledger in run.ledgers() for row in ledger.accounts)
    assert counts.rejected == len(list(run.rejected())) == 2
    assert counts.skipped > 0
    assert counts.rows == counts.rejected + counts.skipped + counts.copies + counts.not_admitted + in_accounts


def test_too_many_rejected_rows_end_the_run(rulebook: Rulebook, people: Path, tmp_path: Path) -> None:
    """With the commonest reasons and where each is first met; one more may be allowed."""
    rows = made_up()[:100]
    rows[3] = (*rows[3][:5], "11")
    rows[7] = (*rows[7][:4], "2026-01-01", "")
    rows[9] = (*rows[9][:5], "12")
    (tmp_path / "r.csv").write_bytes(csv_text(rows))
    with pytest.raises(DataRefusal, match="3 of 100 rows of records cannot be read, more than the 1 %") as caught:
        score(rulebook, tmp_path / "r.csv", people, as_of=AS_OF, out=tmp_path / "run")
    other = "(days are declared `date`, moments `time`: is `at` the other?)"
    assert caught.value.notes == (
        f"2 × `value`: not from -10 to 10; the first is {tmp_path / 'r.csv'}:5, `11`",
        f"1 × `at`: not a time (YYYY-MM-DDThh:mm:ssZ); the first is {tmp_path / 'r.csv'}:9, `2026-01-01` {other}",
    )
    assert not (tmp_path / "run").exists()
    run = score(rulebook, tmp_path / "r.csv", people, as_of=AS_OF, max_rejected=Decimal("0.03"))
    assert [(row.line, row.field) for row in run.rejected()] == [(5, "value"), (9, "at"), (11, "value")]


def test_splitting_files_does_not_change_whether_too_many_are_rejected(
    rulebook: Rulebook, people: Path, tmp_path: Path
) -> None:
    """The share is of all rows of records, not of a file's."""
    rows = made_up()[:200]
    rows[0] = (*rows[0][:5], "x")
    (tmp_path / "a.csv").write_bytes(csv_text(rows[:1]))
    (tmp_path / "b.csv").write_bytes(csv_text(rows[1:]))
    assert score(rulebook, [tmp_path / "a.csv", tmp_path / "b.csv"], people, as_of=AS_OF).counts.rejected == 1


def test_ids_and_subjects_that_are_shared(rulebook: Rulebook, tmp_path: Path) -> None:
    """Equal rows are one, the others counted as copies; those that differ are all rejected, their person is nobody."""
    row = ("1", "ada", "bob", "post", "2026-02-01T00:00:00Z", "1.5")
    (tmp_path / "r.csv").write_bytes(csv_text([row, (*row[:5], "1.50"), ("2", *row[1:]), ("2", *row[1:5], "2")]))
    (tmp_path / "s.csv").write_text("subject,joined\nada,\nada,\nbob,2020-01-01\nbob,2020-01-02\n")
    run = score(rulebook, tmp_path / "r.csv", tmp_path / "s.csv", as_of=AS_OF, max_rejected=Decimal("0.5"))
    assert [(each.line, each.field, each.reason, each.value) for each in run.rejected()] == [
        (4, "id", "shares its id with a row that differs", "2"),
        (5, "id", "shares its id with a row that differs", "2"),
        (4, "subject", "shares its subject with a row that differs", "bob"),
        (5, "subject", "shares its subject with a row that differs", "bob"),
    ]
    assert (run.counts.copies, run.counts.subject_copies, run.counts.subject_rejected) == (1, 1, 2)
    assert list(run.subjects()) == ["ada"]


def test_what_does_not_fit_the_rulebook_is_refused(rulebook: Rulebook, people: Path, tmp_path: Path) -> None:
    """Before anything is read: what is declared is given, what is given is declared, and the day is not too early."""
    (tmp_path / "r.csv").write_bytes(csv_text(made_up()[:5]))
    without = accepted(RULEBOOK.replace("subjects\n    joined date optional\n\n", ""))
    for book, records, subjects, as_of, words in (
        (rulebook, tmp_path / "r.csv", None, AS_OF, "the rulebook reads subjects, and none were given"),
        (rulebook, None, people, AS_OF, "the rulebook reads records, and none were given"),
        (without, tmp_path / "r.csv", people, AS_OF, "subjects were given, and the rulebook declares none"),
        (rulebook, tmp_path / "r.csv", people, date(2025, 12, 31), "effective from 2026-01-01"),
        (rulebook, "-", "-", AS_OF, "stdin is given twice"),
    ):
        with pytest.raises(UsageRefusal, match=words) as caught:
            score(book, records, subjects, as_of=as_of)
        assert caught.value.exit_code == 2


@pytest.mark.parametrize("form", [csv_text, json_text])
def test_records_come_in_on_stdin(
    rulebook: Rulebook, people: Path, monkeypatch: pytest.MonkeyPatch, form: object
) -> None:
    """Their format is told from their first line."""
    content = csv_text(made_up()) if form is csv_text else json_text(made_up())
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    run = score(rulebook, "-", people, as_of=AS_OF)
    assert run.receipt.inputs[0].sha256 == hashlib.sha256(content).hexdigest()
    assert run.counts.copies == 20


def test_an_absent_optional_column_and_ignored_files_are_told(rulebook: Rulebook, people: Path, tmp_path: Path) -> None:
    """A slip of the pen in a header would else be a silent zero."""
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "r.csv").write_bytes(csv_text(made_up()[:5]).replace(b",value", b",valeu"))
    (tmp_path / "records" / "notes.txt").touch()
    run = score(rulebook, tmp_path / "records", people, as_of=AS_OF)
    assert run.notices == (
        f"ignored in `{tmp_path / 'records'}`: notes.txt",
        f"`{tmp_path / 'records' / 'r.csv'}` has no column `value`: missing in every row",
    )


def test_names_and_texts_are_never_queries(rulebook: Rulebook, people: Path, tmp_path: Path) -> None:
    """Whatever a file is called and whatever stands in it, it is read as that and no more."""
    evil = "x'; DROP TABLE scores; --\".csv"
    row = ("1", "s1", "'); ATTACH 'x'; --", "post", "2026-02-01T00:00:00Z", "1")
    (tmp_path / evil).write_bytes(csv_text([row]))
    run = score(rulebook, tmp_path / evil, people, as_of=AS_OF)
    ledger = run.subject("s1")
    assert ledger is not None
    assert ledger.score.score == 1
    assert run.subject("s1' OR '1'='1") is None


DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.realdata
@pytest.mark.skipif(not DATA.exists(), reason="the real records are not there")
def test_real_events_are_read_by_a_mapping(tmp_path: Path) -> None:
    """Events of a forge, in their own shape: paths lead into them, and kinds are renamed and skipped."""
    text = (
        RULEBOOK.replace("    value   number -10 to 10 with 2 places optional\n", "    item text\n")
        .replace("sum value or else 0 of", "count")
        .replace("effective 2026-01-01", "effective 2022-01-01")
        .replace("subjects\n    joined date optional\n\n", "")
    )
    rulebook = accepted(text)
    (tmp_path / "map.toml").write_text(
        'skip = ["PushEvent", "DeleteEvent"]\n[fields]\nsubject = "repo.name"\nactor = "actor.login"\nkind = "type"\n'
        'at = "created_at"\nitem = "repo.id"\n[kinds]\nWatchEvent = "like"\nCreateEvent = "post"\nNever = "post"\n'
    )
    events = DATA / "github-events" / "events.jsonl.gz"
    run = score(rulebook, events, as_of=date(2022, 8, 18), mapping=tmp_path / "map.toml")
    assert (run.counts.rows, run.counts.skipped, run.counts.rejected) == (150, 94, 0)
    fates = [row for ledger in run.ledgers() for row in ledger.accounts]
    assert sum(row.records for row in fates if row.fate == "taken in") > 10
    assert sum(row.records for row in fates) == 56


@pytest.mark.realdata
@pytest.mark.skipif(not DATA.exists(), reason="the real records are not there")
def test_real_credit_gives_the_same_bytes_in_every_form(tmp_path: Path) -> None:
    """Fifteen thousand records of real work, as CSV, Parquet and JSON Lines, shuffled and split."""
    rulebook = load(Path(__file__).parents[2] / "examples" / "maintainers" / "maintainers.tally")
    source = DATA / "iproute2" / "credit.csv"
    due = shown(score(rulebook, source, as_of=date(2026, 7, 1)))
    rows = list(csv.DictReader(io.StringIO(source.read_text())))
    random.Random(3).shuffle(rows)  # noqa: S311
    forms = {name: tmp_path / name for name in ("csv", "jsonl", "parquet")}
    for folder in forms.values():
        folder.mkdir()
    for number in range(3):
        part = rows[number::3]
        with (forms["csv"] / f"{number}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(reversed(rows[0])))
            writer.writeheader()
            writer.writerows(part)
        (forms["jsonl"] / f"{number}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part))
        pq.write_table(pa.Table.from_pylist(part), forms["parquet"] / f"{number}.parquet")
    for folder in forms.values():
        assert shown(score(rulebook, folder, as_of=date(2026, 7, 1))) == due


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"as_of": "2026-03-31"}, "`as_of` is a day, and this is of the type str: 2026-03-31"),
        ({"as_of": datetime(2026, 3, 31, 12, tzinfo=UTC)}, "`as_of` is a day, and this is of the type datetime"),
        ({"as_of": None}, "`as_of` is a day, and this is of the type NoneType"),
        ({"max_rejected": 2}, "`max_rejected` is a share of the rows, and this is none: 2"),
        ({"max_rejected": Decimal("NaN")}, "and this is none: NaN"),
        ({"max_rejected": Decimal("sNaN")}, "and this is none: sNaN"),
        ({"max_rejected": 10**400}, "and this is none: 1000"),
        ({"max_rejected": True}, "and this is none: True"),
        ({"threads": True}, "and this is none: True"),
        ({"threads": 0}, "`threads` is how many work at once, and this is none: 0"),
        ({"engine": "sqlite"}, "there is no engine `sqlite`"),
        ({"rulebook": "replies.tally"}, "what scores is a rulebook, and this is of the type str"),
        ({"out": 5}, "`out` is the name of a file or a folder, and this is of the type int"),
        ({"state": b"x"}, "`state` is the name of a file or a folder, and this is of the type bytes"),
        ({"mapping": {"a": "b"}}, "`mapping` is the name of a file or a folder, and this is of the type dict"),
        ({"previous": []}, "`previous` is the name of a file or a folder, and this is of the type list"),
        ({"out": "a\0b"}, "`out` is the name of a file or a folder, and no name has a NUL in it"),
        ({"memory_limit": 4_000_000_000}, "`4000000000` is not an amount of memory"),
        ({"records": 5}, "records cannot be read from a int"),
        ({"computed_at": date(2026, 1, 1)}, "`computed_at` is a moment, and this is of the type date: 2026-01-01"),
        ({"translations": "de"}, "`translations` are translations of the rulebook, and this is of the type str"),
        (
            {"translations": ((), None)},
            "`translations` are translations of the rulebook, and this is of the type tuple",
        ),
        ({"progress": True}, "`progress` is called as the run goes on, and this is of the type bool"),
    ],
)
def test_arguments_of_the_wrong_sort_are_refused_in_words(given: dict[str, object], said: str) -> None:
    """A program without a checker of types reads what does not fit and what to write, not an error from deep within."""
    fitting: dict[str, object] = {"rulebook": accepted(RULEBOOK), "as_of": date(2026, 3, 31)}
    with pytest.raises(UsageRefusal) as refused:
        score(**(fitting | given))  # type: ignore[arg-type]
    assert said in str(refused.value)
    assert "help: " in str(refused.value)


def test_a_person_is_asked_for_by_a_text(tmp_path: Path) -> None:
    """Ids that are numbers in the data are texts in a run."""
    (tmp_path / "records.csv").write_text(
        "id,subject,actor,kind,at\n1,5,6,post,2026-01-02T10:00:00Z\n", encoding="utf-8"
    )
    people = pd.DataFrame({"subject": ["5"]})
    run = score(accepted(RULEBOOK), tmp_path / "records.csv", people, as_of=date(2026, 1, 31))
    assert run.subject("5") is not None
    asked = (run.subject, run.evidence, run.pauses, run.attributes, run.corrections, run.statements)
    for ask in asked:
        with pytest.raises(UsageRefusal, match="a person is named by a text, and this is of the type int: 5"):
            ask(5)  # type: ignore[operator]
    run.close()


@pytest.mark.parametrize(
    "given", [{"path": 5}, {"path": None}, {"path": "a\0b"}, {"path": "run", "mapping": 5}], ids=str
)
def test_a_run_is_opened_by_the_name_of_a_folder(given: dict[str, object]) -> None:
    """What no file can be called is refused in words, and so is what is no name at all."""
    with pytest.raises(UsageRefusal, match="is the name of a file or a folder, and "):
        open_run(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "a'b", "{a,b}", "a*b", "~"], ids=repr)
def test_a_run_stands_wherever_a_folder_may(tmp_path: Path, name: str) -> None:
    """Whatever a folder is called, a run and the records it reads may lie in it."""
    folder = tmp_path / name
    folder.mkdir()
    row = {"id": "1", "subject": "ada", "actor": "bob", "kind": "like", "at": datetime(2026, 1, 2, tzinfo=UTC)}
    pq.write_table(pa.Table.from_pylist([row]), folder / "records.parquet")
    people = pd.DataFrame({"subject": ["ada"]})
    given = {"as_of": date(2026, 1, 31), "out": folder / name, "state": folder / "state"}
    run = score(accepted(RULEBOOK), folder / "records.parquet", people, **given)  # type: ignore[arg-type]
    again = open_run(folder / name)
    assert [*again.evidence("ada")] == [*run.evidence("ada")] != []
    run.close()
    again.close()


@pytest.mark.skipif(os.sep == "\\", reason="there, a backslash stands between folders")
def test_a_backslash_in_a_name_is_refused_before_any_work(tmp_path: Path) -> None:
    """The database would look for such a file in another folder: that is said, and nothing is written."""
    (tmp_path / "a\\b").mkdir()
    people = pd.DataFrame({"subject": ["ada"]})
    records = pa.table({"id": ["1"], "subject": ["ada"], "actor": ["bob"], "kind": ["like"]})
    records = records.append_column("at", pa.array([datetime(2026, 1, 2, tzinfo=UTC)]))
    pq.write_table(records, tmp_path / "a\\b" / "records.parquet")
    in_it = {"out": tmp_path / "a\\b" / "run"}, {"state": tmp_path / "a\\b" / "state"}
    for given in (*in_it, {"records": tmp_path / "a\\b" / "records.parquet"}):
        fitting = {"records": records, "subjects": people, "as_of": date(2026, 1, 31)}
        with pytest.raises(UsageRefusal, match=r"the database takes the `\\` in `.*` for a `/`"):
            score(accepted(RULEBOOK), **(fitting | given))  # type: ignore[arg-type]
    score(accepted(RULEBOOK), records, people, as_of=date(2026, 1, 31), out=tmp_path / "run").close()
    (tmp_path / "run").rename(tmp_path / "a\\b" / "run")
    with pytest.raises(UsageRefusal, match=r"cannot be read: the database takes the `\\` in `.*` for a `/`"):
        open_run(tmp_path / "a\\b" / "run")
    assert sorted(each.name for each in (tmp_path / "a\\b").iterdir()) == ["records.parquet", "run"]
