"""Takes corrections and statements in files; checks that `tally score` and `tally explain` take them as they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Tally = Callable[..., Result]
AS_OF = ("--as-of", "2026-03-31")


@pytest.fixture
def given(community: Path) -> tuple[str | Path, ...]:
    """Give what the community is scored with."""
    return ("--records", community / "records.csv", "--subjects", community / "subjects.csv")


def test_a_run_is_made_with_both_and_explained(
    tally: Tally, community: Path, given: tuple[str | Path, ...], tmp_path: Path
) -> None:
    """The summary counts what was corrected; the folder's explanation has both scores, and JSON has all of it."""
    acts = ("--corrections", community / "corrections.csv", "--statements", community / "statements.csv")
    made = tally("score", community / "community.tally", *given, *acts, *AS_OF, "--out", tmp_path / "run")
    assert made.exit_code == 0, made.stderr
    assert "3  struck out by a correction" in made.stderr
    assert "1  replaced by a correction" in made.stderr
    told = tally("explain", tmp_path / "run", "--subject", "jun", "--format", "json")
    document = json.loads(told.stdout)
    assert (document["score"], document["uncorrected"]["score"]) == ("22.3", "16.3")
    # Without the records nobody can say what the score was; all else is told as before.
    (tmp_path / "run" / "records.parquet").unlink()
    again = tally("explain", tmp_path / "run", "--subject", "jun", "--format", "json")
    assert again.exit_code == 0, again.stderr
    told_again = json.loads(again.stdout)
    assert told_again == {**document, "uncorrected": None, "computed_at": told_again["computed_at"]}
    assert [each["record"] for each in document["corrections"]] == ["3812", "3974", "4108", "4262"]
    assert [each["rule"] for each in document["statements"]] == ["reports"]
    assert [each["role"] for each in document["receipt"]["inputs"]] == [
        "records", "subjects", "corrections", "statements"
    ]  # fmt: skip


@pytest.mark.parametrize("option", ["--corrections", "--statements"])
def test_what_does_not_fit_exits_1_with_its_place(
    tally: Tally, community: Path, given: tuple[str | Path, ...], tmp_path: Path, option: str
) -> None:
    """A row that does not fit is told with file and line; nothing is printed, no folder is made."""
    texts = {
        "--corrections": "record,action,reason,who,when\nnope,void,r,w,2026-01-01\n",
        "--statements": "subject,text,since\nnobody,x,2026-01-01\n",
    }
    file = tmp_path / "acts.csv"
    file.write_text(texts[option], encoding="utf-8")
    out = tmp_path / "run"
    result = tally("score", community / "community.tally", *given, option, file, *AS_OF, "--out", out)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "acts.csv`:2: " in result.stderr
    assert not out.exists()


@pytest.mark.parametrize("option", ["--corrections", "--statements"])
def test_a_run_has_its_own(tally: Tally, rulebook: Path, tmp_path: Path, option: str) -> None:
    """What a run was made with cannot be exchanged when it is explained: exit 2, and what to do."""
    records = tmp_path / "records.csv"
    records.write_text("at,subject,actor,kind\n2026-01-01,ada,ada,post\n", encoding="utf-8")
    assert tally("score", rulebook, "--records", records, *AS_OF, "--out", tmp_path / "run").exit_code == 0
    result = tally("explain", tmp_path / "run", "--subject", "ada", option, records)
    assert result.exit_code == 2
    assert f"has its own {option.removeprefix('--')}" in result.stderr


def test_a_rulebook_whose_records_have_no_id_takes_no_corrections(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """Nothing names a record there: exit 2, with the remedy."""
    records = tmp_path / "records.csv"
    records.write_text("at,subject,actor,kind\n2026-01-01,ada,ada,post\n", encoding="utf-8")
    result = tally("score", rulebook, "--records", records, "--corrections", records, *AS_OF)
    assert result.exit_code == 2
    assert "declare `id` among the fields of `records`" in result.stderr


def test_somebody_whose_records_are_all_struck_out_is_told_so(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """Who is in no record that counts is not in the run; whoever asks learns that a correction did it."""
    text = rulebook.read_text(encoding="utf-8").partition("example")[0]
    rulebook.write_text(text.replace("    subject text\n", "    id text\n    subject text\n", 1), encoding="utf-8")
    records, corrections = tmp_path / "records.csv", tmp_path / "corrections.csv"
    rows = "1,2026-01-01,ada,ada,post\n2,2026-01-01,bob,bob,post\n"
    records.write_text(f"id,at,subject,actor,kind\n{rows}", encoding="utf-8")
    corrections.write_text("record,action,reason,who,when\n2,void,Never was.,cyd,2026-01-02\n", encoding="utf-8")
    words = ("explain", rulebook, "--records", records, "--corrections", corrections, *AS_OF)
    result = tally(*words, "--subject", "bob")
    assert result.exit_code == 1
    assert "a correction struck out records about this person" in result.stderr
