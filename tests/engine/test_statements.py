"""Takes records and files of statements; gives proof that each is kept as it was said, and changes no number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from generators.accepted import accepted

from tallystick.engine import open_run, score
from tallystick.engine.refusals import DataRefusal
from tallystick.engine.run import FinishedRun
from tallystick.engine.statements import StatementRow

RULEBOOK = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    id      whole number
    subject text
    actor   text
    kind    one of like, post
    at      date

measure likes "like" / "likes"
    count like

rule liked "People like it"
    points likes

score "Likes"
    sum of all rules
"""
RECORDS = "id,subject,actor,kind,at\n1,10,20,like,2026-01-01\n2,20,10,like,2026-01-02\n3,30,20,like,2026-01-03\n"
HEAD = "subject,rule,record,text,since,answer by,kind\n"
STATEMENTS = HEAD + (
    '10,,,"All of it, ""wrong"".",2026-02-01,,\n'
    "10,liked,,I never posted.,2026-02-02,2026-03-02,\n"
    "10,,1,Nobody liked that.,2026-02-03,,contest\n"
    "10,,2,I did that by mistake.,2026-02-04,,\n"
)
AS_OF = date(2026, 3, 1)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Give a folder with the records, the statements and one correction."""
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    (tmp_path / "statements.csv").write_text(STATEMENTS, encoding="utf-8")
    line = "record,action,reason,who,when\n1,void,So it is.,bob,2026-02-05\n"
    (tmp_path / "corrections.csv").write_text(line, encoding="utf-8")
    return tmp_path


def scored(here: Path, **more: object) -> FinishedRun:
    """Score the records with what is stated about them."""
    options: dict[str, object] = {"as_of": AS_OF, "statements": here / "statements.csv", **more}
    return score(accepted(RULEBOOK), here / "records.csv", **options)  # type: ignore[arg-type]


def test_a_statement_is_kept_as_it_was_said(here: Path) -> None:
    """Each has its place, its days and its words; with a day by which to answer, it is a contest unless it says so."""
    run = scored(here, out=here / "run")
    expected = (
        StatementRow("10", None, None, "statement", 'All of it, "wrong".', date(2026, 2, 1), None),
        StatementRow("10", "liked", None, "contest", "I never posted.", date(2026, 2, 2), date(2026, 3, 2)),
        StatementRow("10", None, "1", "contest", "Nobody liked that.", date(2026, 2, 3), None),
        StatementRow("10", None, "2", "statement", "I did that by mistake.", date(2026, 2, 4), None),
    )
    assert run.statements("10") == expected
    assert run.statements("20") == ()
    assert open_run(here / "run").statements("10") == expected
    assert [(each.role, each.rows) for each in run.receipt.inputs] == [("records", 3), ("statements", 4)]


def test_a_statement_changes_no_number(here: Path) -> None:
    """The ledger's digest is the same with and without any statements."""
    assert scored(here).receipt.ledger_digest == scored(here, statements=None).receipt.ledger_digest


def test_a_record_struck_out_can_be_spoken_of(here: Path) -> None:
    """What was struck out is still a record of the run: a statement about it is taken."""
    line = "40,liked,,x,2026-02-01,,\n"
    (here / "records.csv").write_text(RECORDS + "4,40,10,like,2026-01-04\n5,10,20,like,2026-01-05\n", encoding="utf-8")
    (here / "statements.csv").write_text(STATEMENTS + line, encoding="utf-8")
    run = scored(here, corrections=here / "corrections.csv")
    assert [each.record for each in run.statements("10")] == [None, None, "1", "2"]


def test_the_other_spelling_of_the_day_is_taken(here: Path) -> None:
    """The column may be called `answer_by`, and columns that are not needed may be left out."""
    (here / "statements.csv").write_text("subject,text,since,answer_by\n10,x,2026-02-01,2026-02-09\n", encoding="utf-8")
    (only,) = scored(here).statements("10")
    assert (only.kind, only.answer_by) == ("contest", date(2026, 2, 9))


def test_both_spellings_of_the_day_say_the_same_or_are_refused(here: Path) -> None:
    """Where both columns are there, one may be empty, both may say the same day, and two days are refused; a contest
    can be answered on the day that it was made, in either spelling, and a statement in neither."""
    head = "subject,text,since,kind,answer by,answer_by\n"
    both = "10,a,2026-02-01,,2026-02-09,2026-02-09\n10,b,2026-02-01,,,2026-02-01\n10,c,2026-02-01,,2026-02-01,\n"
    (here / "statements.csv").write_text(head + both, encoding="utf-8")
    days = [(each.kind, each.answer_by) for each in scored(here).statements("10")]
    assert days == [("contest", date(2026, 2, day)) for day in (9, 1, 1)]
    differ = "10,d,2026-02-01,,2026-02-09,2026-02-10\n10,e,2026-02-01,statement,,2026-02-09\n"
    (here / "statements.csv").write_text(head + both + differ, encoding="utf-8")
    with pytest.raises(DataRefusal) as refused:
        scored(here)
    causes = ["`answer by` and `answer_by` differ; give one", "a statement is not answered by a day; say `contest`"]
    file = here / "statements.csv"
    for line, (note, cause) in enumerate(zip(refused.value.notes, causes, strict=True), start=5):
        assert note.startswith(f"`{file}`:{line}: {cause}")


def test_ids_with_places_are_told_as_the_records_have_them(tmp_path: Path) -> None:
    """What is said of record 1.50 is kept as about 1.5, and what is said of 10.00 as about 10, not 1; a record without
    an actor is near its subject alone: for anybody else it is refused."""
    text = RULEBOOK.replace("whole number", "number with 2 places").replace("actor   text", "actor   text optional")
    book = accepted(text)
    rows = "1.50,10,,like,2026-01-01\n10,10,20,like,2026-01-02\n100.00,20,,post,2026-01-02\n"
    (tmp_path / "records.csv").write_text(f"id,subject,actor,kind,at\n{rows}", encoding="utf-8")
    path = tmp_path / "statements.csv"
    lines = "10,,1.50,a,2026-02-01,,\n10,,10.00,b,2026-02-02,,\n20,,100,c,2026-02-03,,\n"
    path.write_text(HEAD + lines, encoding="utf-8")
    run = score(book, tmp_path / "records.csv", as_of=AS_OF, statements=path)
    assert [each.record for each in (*run.statements("10"), *run.statements("20"))] == ["1.5", "10", "100"]
    path.write_text(HEAD + lines + "20,,1.5,d,2026-02-03,,\n", encoding="utf-8")
    with pytest.raises(DataRefusal) as refused:
        score(book, tmp_path / "records.csv", as_of=AS_OF, statements=path)
    assert refused.value.notes[0].startswith(f"`{path}`:5: no record `1.5")
    assert len(refused.value.notes) == 1


WRONG = (
    ("99,,,x,2026-02-01,,", "nobody called `99` was scored"),
    ("10,nope,,x,2026-02-01,,", "there is no rule `nope`; name one of `liked`"),
    ("10,,7,x,2026-02-01,,", "no record `7` is about `10` or by them"),
    ("10,,3,x,2026-02-01,,", "no record `3` is about `10` or by them"),
    ("10,,one,x,2026-02-01,,", "`record` `one`: not a number"),
    ("10,liked,1,x,2026-02-01,,", "it is about a rule and about a record"),
    ("10,,,,2026-02-01,,", "`text`: missing"),
    (",,,x,2026-02-01,,", "`subject`: missing"),
    ("10,,,x,,,", "`since`: missing"),
    ("10,,,x,2026-02-01,2026-01-31,", "it is to be answered before it was made"),
    ("10,,,x,2026-02-01,2026-02-09,statement", "a statement is not answered by a day"),
    ("10,,,x,2026-02-01,,lawsuit", "`kind`: not one of statement, contest"),
    ("99,,7,x,2026-02-01,,", "nobody called `99` was scored"),
)


def test_what_does_not_fit_is_refused_with_its_place(here: Path) -> None:
    """Each row is told with file, line, cause and remedy, beside statements that fit; nothing is written."""
    rows = "".join(f"{row}\n" for row, _ in WRONG)
    (here / "statements.csv").write_text(STATEMENTS + rows, encoding="utf-8")
    with pytest.raises(DataRefusal) as refused:
        scored(here, out=here / "run")
    assert refused.value.message == f"{len(WRONG)} of {len(WRONG) + 4} statements cannot be taken; nothing was scored"
    assert not (here / "run").exists()
    for line, (note, (_, cause)) in enumerate(zip(refused.value.notes, WRONG, strict=True), start=6):
        place = f"`{here / 'statements.csv'}`:{line}: "
        assert note.startswith(f"{place}{cause}")
        assert "; " in note.removeprefix(place)


def test_without_names_of_records_no_statement_is_about_one(here: Path) -> None:
    """Where records have no id, a statement about a record is refused with the remedy."""
    nameless = accepted(RULEBOOK.replace("    id      whole number\n", ""))
    (here / "statements.csv").write_text(HEAD + "10,,1,x,2026-02-01,,\n", encoding="utf-8")
    with pytest.raises(DataRefusal) as refused:
        score(nameless, here / "records.csv", as_of=AS_OF, statements=here / "statements.csv")
    assert "records have no `id` here; name a rule, or neither" in refused.value.notes[0]
