"""Takes records and files of corrections; gives proof that each is made exactly as it says, or that all are refused."""

from __future__ import annotations

import csv
import json
from collections import Counter
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from generators.accepted import accepted
from generators.rulebooks import Case, cases
from generators.rulebooks import scored as scored_by_reference
from hypothesis import given, settings
from ledgers.from_files import scored_from_files

from tallystick.engine import open_run, score
from tallystick.engine.arithmetic import text_of
from tallystick.engine.corrections import Change
from tallystick.engine.digest import digest_of
from tallystick.engine.intake import corrections as intake_corrections
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun

RULEBOOK = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    id      text
    subject text
    actor   text
    kind    one of like, post
    at      time
    action  text optional
    worth   number 0 to 10 with 1 place optional

measure likes "like" / "likes"
    count like

measure worth_in_all "point" / "points"
    sum worth or else 0 of post

rule liked "People like it"
    points likes + worth_in_all

score "Likes"
    sum of all rules
"""
RECORDS = """\
id,subject,actor,kind,at,action,worth
1,10,20,like,2026-01-01T00:00:00Z,x,
2,10,30,like,2026-01-02T00:00:00Z,-,
3,20,10,post,2026-01-03T00:00:00Z,,2.5
4,30,10,like,2026-01-04T00:00:00Z,,
4,30,10,like,2026-01-04T00:00:00Z,,
5,30,10,like,never,,
"""
CORRECTIONS = (
    "record,action,reason,who,when,subject,kind,at,new action,worth\n"
    "1,void,Not hers.,bob,2026-02-01,,,,,\n"
    '2,replace,"Another person, another deed.",bob,2026-02-02,forty,,2026-01-02T12:30:00.5+01:00,"""-""",\n'
    "3,replace,Worth nothing.,cyd,2026-02-03,,,,,-\n"
)
AS_OF = date(2026, 3, 1)
FEW = max(3, settings.default.max_examples // 33) if settings.default is not None else 3


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Give a folder with the records and the corrections."""
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    (tmp_path / "corrections.csv").write_text(CORRECTIONS, encoding="utf-8")
    return tmp_path


def scored(here: Path, corrections: object = "corrections.csv", **more: object) -> FinishedRun:
    """Score the records with corrections."""
    given = None if corrections is None else here / str(corrections)
    options: dict[str, object] = {"as_of": AS_OF, "max_rejected": Decimal(1), "corrections": given, **more}
    return score(accepted(RULEBOOK), here / "records.csv", **options)  # type: ignore[arg-type]


def test_each_correction_does_what_it_says(here: Path) -> None:
    """Worked by hand: 10 loses one like to nobody and one to `forty`; 20's post is worth nothing that is known."""
    run = scored(here)
    scores = {ledger.score.subject: ledger.score.score for ledger in run.ledgers()}
    assert scores == {"20": 0, "30": 1, "forty": 1}
    counts = run.counts
    assert (counts.rows, counts.rejected, counts.copies) == (6, 1, 1)
    assert (counts.voided, counts.replaced, counts.not_admitted) == (1, 2, 2)
    told = sum(row.records for ledger in run.ledgers() for row in ledger.accounts)
    assert counts.rows + counts.replaced == counts.rejected + counts.copies + counts.not_admitted + told
    (moved,) = run.corrections("forty")
    assert (moved.record, moved.action, moved.who, moved.when) == ("2", "replace", "bob", date(2026, 2, 2))
    assert moved.changes == (
        Change("subject", "10", "forty"),
        Change("at", "2026-01-02T00:00:00Z", "2026-01-02T11:30:00.5Z"),
    )
    (lost,) = run.corrections("20")
    assert lost.changes == (Change("worth", "2.5", None),)
    assert [each.record for each in run.corrections("10")] == ["1", "2"]
    assert run.corrections("30") == ()


def test_each_correction_is_made_once_however_many_are_held_at_a_time(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more than are put into the table in one go, none is put there twice."""
    whole = scored(here)
    monkeypatch.setattr(intake_corrections, "BATCH", 1)
    run = scored(here)
    assert list(run.ledgers()) == list(whole.ledgers())
    assert (run.counts.voided, run.counts.replaced) == (1, 2)
    assert [each.record for each in run.corrections("10")] == ["1", "2"]


def test_a_record_put_in_place_of_another_is_taken_for_no_third(here: Path) -> None:
    """The first record of the file and the one that the first correction puts in place are each told of whom they are
    about, and of nobody else: here, and where the run is opened again."""
    rows = [f"{number},{who},20,post,2026-01-01T00:00:00Z,,{number}\n" for number, who in enumerate("abcde", start=1)]
    (here / "records.csv").write_text(RECORDS.splitlines(keepends=True)[0] + "".join(rows), encoding="utf-8")
    (here / "corrections.csv").write_text(
        "record,action,reason,who,when,worth\n5,replace,So.,bob,2026-02-01,9\n4,replace,So.,bob,2026-02-01,8\n",
        encoding="utf-8",
    )
    worths = {"a": ["1"], "b": ["2"], "c": ["3"], "d": ["4", "8"], "e": ["5", "9"]}
    for run in (scored(here, out=here / "run"), open_run(here / "run")):
        assert {who: sorted(row.values[-1] or "" for row in run.evidence(who)) for who in worths} == worths


DISCOUNT = 'discount favours "likes returned"\n    to 50%\n    when kind = like and returned within 9 days\n'
BY_ACTIONS = {
    "their own acts": ("    count like\n", "    count like given\n"),
    "favours returned": ("measure likes", DISCOUNT + '    because "x"\n\nmeasure likes'),
    "what actors earned": ("    count like\n", "    count like\n    when actor.worth_in_all > 0\n"),
}


@pytest.mark.parametrize("what", BY_ACTIONS)
def test_who_did_what_was_corrected_is_told_where_it_can_matter_to_their_score(here: Path, what: str) -> None:
    """20 gave the like that was struck out: where what people do counts for themselves, 20 is told of it, too."""
    rulebook = accepted(RULEBOOK.replace(*BY_ACTIONS[what], 1))
    run = score(
        rulebook,
        here / "records.csv",
        as_of=AS_OF,
        max_rejected=Decimal(1),
        corrections=here / "corrections.csv",
        out=here / "run",
    )
    run.close()
    run = open_run(here / "run")
    told = {name: [each.record for each in run.corrections(name)] for name in ("10", "20", "30", "forty")}
    run.close()
    assert told == {"10": ["1", "2", "3"], "20": ["1", "3"], "30": ["2"], "forty": ["2"]}


def test_a_dash_in_quotes_is_a_dash_and_a_bare_one_is_missing(here: Path) -> None:
    """`-` says that a field is missing now; `"-"` is the text; a column named as one of ours has `new` before it."""
    (here / "corrections.csv").write_text(
        'record,action,reason,who,when,new action\n1,replace,r,w,2026-01-01,-\n3,replace,r,w,2026-01-01,"""-"""\n',
        encoding="utf-8",
    )
    run = scored(here)
    assert [each.changes for each in run.corrections("10")] == [(Change("action", "x", None),)]
    assert [each.changes for each in run.corrections("20")] == [(Change("action", None, "-"),)]


def test_every_form_of_file_says_the_same(here: Path) -> None:
    """CSV, TSV, JSON Lines, Parquet and a table in memory give one ledger and the same corrections."""
    rows = list(csv.reader(CORRECTIONS.splitlines()))
    (here / "c.tsv").write_text("\n".join("\t".join(row) for row in rows).replace('"-"', '"""-"""'), encoding="utf-8")
    objects = [dict(zip(rows[0], (cell or None for cell in row), strict=True)) for row in rows[1:]]
    (here / "c.jsonl").write_text("\n".join(json.dumps(each) for each in objects), encoding="utf-8")
    typed = [
        {**each, "record": int(each["record"] or 0), "when": date.fromisoformat(each["when"] or "")} for each in objects
    ]
    table = pa.Table.from_pylist(typed)
    pq.write_table(table, here / "c.parquet")
    expected = scored(here)
    for file in ("c.tsv", "c.jsonl", "c.parquet"):
        run = scored(here, file)
        assert run.receipt.ledger_digest == expected.receipt.ledger_digest
        assert run.corrections("forty") == expected.corrections("forty")
    run = score(accepted(RULEBOOK), here / "records.csv", as_of=AS_OF, max_rejected=Decimal(1), corrections=table)
    assert run.receipt.ledger_digest == expected.receipt.ledger_digest


def test_the_receipt_lists_the_file_and_digests_the_records_as_they_were_read(here: Path) -> None:
    """A correction is an input like any other; the digest of each day's records tells of the records, not of it."""
    run = scored(here, digest_records=True)
    plain = scored(here, None, digest_records=True)
    assert [(each.role, each.rows) for each in run.receipt.inputs] == [("records", 6), ("corrections", 3)]
    assert run.receipt.record_digest == plain.receipt.record_digest
    assert run.receipt.ledger_digest != plain.receipt.ledger_digest


# ---- the run's folder --------------------------------------------------------------------------------------------


def test_an_opened_run_knows_its_corrections(here: Path) -> None:
    """What was corrected, the evidence and the fates are the same in the run's folder as in the run just made."""
    run = scored(here, out=here / "run")
    opened = open_run(here / "run")
    for name in ("10", "20", "30", "forty"):
        assert opened.corrections(name) == run.corrections(name)
        assert list(opened.evidence(name)) == list(run.evidence(name))
    fates = Counter(pq.read_table(here / "run" / "records.parquet").column("#fate").to_pylist())
    assert fates == {"voided": 3, "taken in": 3}
    assert opened.rows().voided is not None


def test_a_run_without_records_is_corrected_again(here: Path) -> None:
    """Given its records again, in files of another order, a run makes its own corrections again: the same evidence."""
    lines = RECORDS.splitlines(keepends=True)
    (here / "a.csv").write_text("".join(lines[:3]), encoding="utf-8")
    (here / "b.csv").write_text("".join([lines[0], *lines[3:]]), encoding="utf-8")
    files = [here / "a.csv", here / "b.csv"]
    corrections, out = here / "corrections.csv", here / "run"
    options = {"as_of": AS_OF, "max_rejected": Decimal(1), "corrections": corrections, "keep_records": False}
    run = score(accepted(RULEBOOK), files, out=out, **options)  # type: ignore[arg-type]
    opened = open_run(here / "run", records=files[::-1])
    for name in ("20", "30", "forty"):
        assert list(opened.evidence(name)) == list(run.evidence(name))


@pytest.mark.parametrize(
    ("kind", "ids", "named"),
    [
        ("text", "1 10 100", "10"),
        ("text", "1 1.0 1.00", "1.0"),
        ("whole number", "1 10 100", "010"),
        ("number with 1 place", "1 10 1.5", "10.0"),
        ("number with 2 places", "1 10 1.5", "10.00"),
        ("number with 2 places", "5 0.50 50", "0.5"),
    ],
)
def test_ids_that_differ_in_zeros_are_of_different_records(tmp_path: Path, kind: str, ids: str, named: str) -> None:
    """Ten is not one, and as a number 10.00 is ten: of three likes the second is struck out, and so it is where the
    run without records is given them again."""
    rows = "".join(f"{each},ada,bob,like,2026-01-01T00:00:00Z\n" for each in ids.split())
    (tmp_path / "records.csv").write_text(f"id,subject,actor,kind,at\n{rows}", encoding="utf-8")
    (tmp_path / "corrections.csv").write_text(
        f"record,action,reason,who,when\n{named},void,So.,bob,2026-02-01\n", encoding="utf-8"
    )
    rulebook = accepted(RULEBOOK.replace("id      text", f"id      {kind}"))
    files = {"out": tmp_path / "run", "corrections": tmp_path / "corrections.csv"}
    run = score(rulebook, tmp_path / "records.csv", as_of=AS_OF, keep_records=False, **files)  # type: ignore[arg-type]
    opened = open_run(tmp_path / "run", records=[tmp_path / "records.csv"])
    shown = [each if kind == "text" else text_of(Decimal(each)) for each in ids.split()]
    for each in (run, opened):
        fates = {row.values[0]: row.fate for row in each.evidence("ada") if row.measure == "likes"}
        assert fates == dict(zip(shown, ("counted", "voided", "counted"), strict=True))


def test_a_changed_file_of_corrections_is_found(here: Path) -> None:
    """One byte of the kept corrections changed, and the run is refused, naming the file."""
    scored(here, out=here / "run")
    kept = here / "run" / "corrections.parquet"
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    kept.write_bytes(bytes(content))
    with pytest.raises(DataRefusal, match=r"corrections\.parquet` is not as the run wrote it"):
        open_run(here / "run")


# ---- what is refused ---------------------------------------------------------------------------------------------

HEAD = "record,action,reason,who,when,id,subject,kind,at,worth"
WRONG = (
    ("77,void,r,w,2026-01-01,,,,,", "record `77`: no record that was read has this id; "),
    ("5,void,r,w,2026-01-01,,,,,", "record `5`: no record that was read has this id; "),
    ("{},erase,r,w,2026-01-01,,,,,", "`action` `erase`: not one of void, replace; "),
    ("{},void,,w,2026-01-01,,,,,", "`reason`: missing; "),
    ("{},void,r,,2026-01-01,,,,,", "`who`: missing; "),
    ("{},void,r,w,,,,,,", "`when`: missing; "),
    ("{},void,r,w,soon,,,,,", "`when` `soon`: not a date (YYYY-MM-DD); "),
    (",void,r,w,2026-01-01,,,,,", "`record`: missing; "),
    ("{},void,r,w,2026-01-01,,,post,,", "record `{}`: a void takes no new values, and `kind` has one; "),
    ("{},replace,r,w,2026-01-01,,,,,", "record `{}`: it changes nothing; "),
    ("{0},replace,r,w,2026-01-01,{0},10,like,2026-01-01T00:00:00Z,", "record `{}`: it changes nothing; "),
    ("{},replace,r,w,2026-01-01,9,,,,", "record `{}`: a record keeps its id; "),
    ("{},replace,r,w,2026-01-01,,-,,,", "record `{}`: `subject` `-`: missing; "),
    ("{},replace,r,w,2026-01-01,,,liked,,", "record `{}`: `kind` `liked`: not one of like, post; "),
    (
        "{},replace,r,w,2026-01-01,,,,2026-01-01,",
        "record `{}`: `at` `2026-01-01`: not a time (YYYY-MM-DDThh:mm:ssZ); ",
    ),
    ("{},replace,r,w,2026-01-01,,,,,0.25", "record `{}`: `worth` `0.25`: more than 1 decimal place; "),
    ("{},void,r,w", "4 cells"),
    ('{},replace,r,w,2026-01-01,,"x', "a quote that is opened and not closed"),
)


def test_what_does_not_fit_is_refused_with_its_place(here: Path) -> None:
    """Each row is told with file, line, cause and remedy, beside one that fits; nothing is scored, nothing written."""
    ids = range(100, 100 + len(WRONG))
    rows = [f"{number},10,20,like,2026-01-01T00:00:00Z,," for number in ids]
    (here / "records.csv").write_text(RECORDS + "\n".join(rows) + "\n", encoding="utf-8")
    wrong = [row.format(number) for number, (row, _) in zip(ids, WRONG, strict=True)]
    text = "\n".join([HEAD, "3,void,r,w,2026-01-01,,,,,", *wrong])
    (here / "corrections.csv").write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(DataRefusal) as refused:
        scored(here, out=here / "run")
    assert refused.value.message == f"{len(WRONG)} of {len(WRONG) + 1} corrections cannot be taken; nothing was scored"
    assert refused.value.help is not None
    assert not (here / "run").exists()
    told = zip(refused.value.notes, ids, WRONG, strict=True)
    for line, (note, number, (_, cause)) in enumerate(told, start=3):
        assert note.startswith(f"`{here / 'corrections.csv'}`:{line}: {cause.format(number)}")
        assert note.rpartition("; ")[2].startswith(("write ", "correct ", "empty ", "give ", "void "))


def test_a_record_is_corrected_once(here: Path) -> None:
    """The second correction of a record names the first, also across files; the first alone would have been made."""
    (here / "more").mkdir()
    for name, line in (("a.csv", "1,void,r,w,2026-01-01"), ("b.csv", "1,void,again,w,2026-01-02")):
        (here / "more" / name).write_text(f"record,action,reason,who,when\n{line}\n", encoding="utf-8")
    with pytest.raises(DataRefusal) as refused:
        scored(here, "more")
    (note,) = refused.value.notes
    assert note.startswith(f"`{here / 'more' / 'b.csv'}`:2: record `1` is corrected already, at ")
    assert f"`{here / 'more' / 'a.csv'}`:2" in note


def test_all_that_is_wrong_is_counted_and_its_beginning_told(here: Path) -> None:
    """Thirty wrong rows of thirty-one: all counted, twenty told, and that there are others."""
    rows = "".join(f"x{n},void,r,w,2026-01-01\n" for n in range(30))
    text = f"record,action,reason,who,when\n1,void,r,w,2026-01-01\n{rows}"
    (here / "corrections.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataRefusal, match="30 of 31 corrections") as refused:
        scored(here)
    assert len(refused.value.notes) == 21
    assert refused.value.notes[-1] == "… and others"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("record,action,reason,who\n1,void,r,w\n", "has no column `when`"),
        ("record,action,reason,who,when,knd\n1,void,r,w,2026-01-01,\n", "has a column `knd`, which means nothing here"),
        ("record,action,reason,who,when,action\n", "two columns"),
    ],
    ids=["too few", "a slip of the pen", "one twice"],
)
def test_columns_are_those_that_mean_something(here: Path, text: str, cause: str) -> None:
    """A column too few, or one that means nothing (a slip of the pen would lose a correction), is refused."""
    (here / "corrections.csv").write_text(text, encoding="utf-8")
    with pytest.raises((UsageRefusal, DataRefusal)) as refused:
        scored(here)
    assert cause in str(refused.value) or "twice" in str(refused.value)


def test_a_key_that_means_nothing_is_refused_in_json_too(here: Path) -> None:
    """JSON Lines have no heading: the row with the key that means nothing is named, and the key."""
    good = {"record": "1", "action": "void", "reason": "r", "who": "w", "when": "2026-01-01"}
    lines = [json.dumps(good), json.dumps({**good, "record": "2", "knd": "x"})]
    (here / "c.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataRefusal) as refused:
        scored(here, "c.jsonl")
    assert "c.jsonl`:2: a JSON object with a key that means nothing here, `knd`" in refused.value.notes[0]


def test_records_without_a_name_cannot_be_corrected(here: Path) -> None:
    """Where records have no id, or there are none, a file of corrections is refused before anything is read."""
    nameless = accepted(RULEBOOK.replace("    id      text\n", ""))
    with pytest.raises(UsageRefusal, match="names a record by its id"):
        score(
            nameless, here / "records.csv", as_of=AS_OF, max_rejected=Decimal(1), corrections=here / "corrections.csv"
        )  # type: ignore[arg-type]
    alone = accepted(
        'rulebook "A" version 1.0.0\n    owner "x"\n\nsubjects\n    age number\n\n'
        'rule age "Age"\n    points age\n\nscore "A"\n    sum of all rules\n'
    )
    (here / "people.csv").write_text("subject,age\n10,5\n", encoding="utf-8")
    with pytest.raises(UsageRefusal, match="reads no records"):
        score(alone, subjects=here / "people.csv", as_of=AS_OF, corrections=here / "corrections.csv")


def test_damaged_bytes_are_refused_or_read_never_half_made(here: Path) -> None:
    """Eight files, each with a byte changed: the run is refused with words, or every correction in it was made."""
    content = (here / "corrections.csv").read_bytes()
    rng = Random(7)  # noqa: S311  made up on purpose
    refused = 0
    for _ in range(8):
        place = rng.randrange(len(content))
        damaged = bytes((*content[:place], rng.randrange(256), *content[place + 1 :]))
        (here / "corrections.csv").write_bytes(damaged)
        counts = None
        with suppress(DataRefusal, UsageRefusal):
            counts = scored(here).counts
        refused += counts is None
        assert counts is None or (counts.voided, counts.replaced) == (1, 2)
    assert refused > 0


# ---- whatever the rulebook ---------------------------------------------------------------------------------------


@settings(max_examples=FEW)
@given(cases(by=False).filter(lambda case: bool(case.corrections)))
def test_files_of_corrections_give_the_reference_s_ledger(tmp_path_factory: pytest.TempPathFactory, case: Case) -> None:
    """I2: corrections written to a file, as text, are made as the reference makes them of their values."""
    run = scored_from_files(case, tmp_path_factory.mktemp("case"))
    reference = scored_by_reference(case, corrected=True)
    assert run.receipt.ledger_digest == digest_of(reference.ledgers())
    assert (run.counts.voided, run.counts.replaced) == (reference.counts.voided, reference.counts.replaced)
    assert run.counts.not_admitted == reference.counts.not_admitted
    run.close()
