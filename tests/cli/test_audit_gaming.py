"""Takes a rulebook, perhaps with records; checks what `tally audit gaming` says and writes, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import Result

from tallystick.cli.commands import audit_gaming
from tallystick.engine import score
from tallystick.engine.gaming.files import ATTACK_FOLDER
from tallystick.engine.gaming.typical import typical
from tallystick.rules import load

Tally = Callable[..., Result]
ALL = ("self", "friend", "ring", "favours", "burst", "waiting")
FEW = ("--actions", "4", "--accounts", "2")


def document(result: Result) -> dict[str, object]:
    """Return what was printed as JSON."""
    assert result.exit_code == 0, result.stderr
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_a_place_that_cannot_be_written_is_refused_before_the_search(
    tally: Tally, rulebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for attacks that have no place to go."""
    monkeypatch.setattr(audit_gaming, "_imagined", lambda *_given: pytest.fail("attacks were sought"))
    (tmp_path / "file").touch()
    refused = tally("audit", "gaming", rulebook, *FEW, "--out", tmp_path / "file")
    assert refused.exit_code == 2
    assert "is there already and is not" in refused.stderr


@pytest.mark.parametrize("names", [("friend",), pytest.param(ALL, marks=pytest.mark.whole)], ids=["friend", "all"])
def test_attacks_replay(
    names: tuple[str, ...], tally: Tally, rulebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands that are written beside the records, run as they stand, give the scores that the page says."""
    folder = tmp_path / "attacks"
    rulebook.write_text(rulebook.read_text(encoding="utf-8").replace("2.5 * shares", "2.5 * fading"), encoding="utf-8")
    with rulebook.open("a", encoding="utf-8") as file:
        file.write('\nmeasure fading "share" / "shares"\n    count share\n    halving every 7 days\n')
    words = ("audit", "gaming", rulebook, *FEW, "--format", "json", "--out", folder)
    told = document(tally(*words))
    assert told["schema"] == "tallystick.gaming/1"
    assert {*told, "by"} == set(json.loads(tally("schema", "gaming").stdout)["properties"])
    monkeypatch.chdir(folder)
    lines = (folder / "replay.sh").read_text(encoding="utf-8").splitlines()
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("tally ")]
    files = {_last_file(words): words for words in commands}
    wanted = {"before.csv", *(f"{name}.csv" for name in names), *(f"{name}-plain.csv" for name in names)}
    by_file = {file: _score(tally(*words), "newcomer") for file, words in files.items() if file in wanted}
    assert by_file["before.csv"] == told["person"]["score"]  # type: ignore[index]
    attacks = told["attacks"]
    assert isinstance(attacks, list)
    assert {each["attack"] for each in attacks} == set(ALL)
    for each in (each for each in attacks if each["attack"] in names):
        plain = f"{each['attack']}-plain.csv" if each["against_plain"] else "before.csv"
        assert by_file[f"{each['attack']}.csv"] == each["reached"]
        assert by_file[plain] == each["without"]
        assert Decimal(each["reached"]) - Decimal(each["without"]) == Decimal(each["points"])


def _score(result: Result, name: str) -> str:
    assert result.exit_code == 0, result.stderr
    return next(row["score"] for row in csv.DictReader(io.StringIO(result.stdout)) if row["subject"] == name)


def _last_file(words: list[str]) -> str:
    return next(word for word in reversed(words) if word.endswith(".csv"))


SHARED = "\n".join(
    ["at,subject,actor,kind"]
    + [f"2026-01-02,{name},{name},post" for name in ("ada", "bob", "cem", "cem", "dan", "dan", "dan")]
)


@pytest.mark.whole
def test_a_real_person_is_withheld(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """Of scores 1, 1, 2 and 3 the lower median is the second 1: bob's, whose name is nowhere. A share brings 2.5
    points, and four of them the 9 that are left below the 10 of the facet."""
    records = tmp_path / "records.csv"
    records.write_text(SHARED + "\n", encoding="utf-8")
    words = ("audit", "gaming", rulebook, "--records", records, "--as-of", "2026-01-31", *FEW)
    result = tally(*words, "--format", "json", "--audience", "public")
    told = document(result)
    assert told["person"] == {"imagined": False, "subject": None, "score": "1.0", "scored": 4, "beginnings": []}
    assert "bob" not in result.stdout
    attacks = told["attacks"]
    assert isinstance(attacks, list)
    friend = next(each for each in attacks if each["attack"] == "friend")
    assert (friend["without"], friend["reached"], friend["actions"]) == ("1.0", "10.0", 4)
    run = score(load(rulebook), records, as_of=date(2026, 1, 31))
    assert typical(run).subject == "bob"
    run.close()


def test_a_rulebook_without_records_is_told_apart(tally: Tally, tmp_path: Path) -> None:
    """Where no records are read, the page says that nothing can be done to gain by it."""
    path = tmp_path / "known.tally"
    path.write_text(
        'rulebook "Known" version 1.0.0\n    owner "x"\n\nsubjects\n    stars whole number 0 to 9\n\n'
        'rule starry "Stars"\n    points stars\n    because "x"\n\nscore "Known"\n    sum of all rules\n',
        encoding="utf-8",
    )
    result = tally("audit", "gaming", path, "--as-of", "2026-01-31")
    assert result.exit_code == 0, result.stderr
    assert "reads no records" in result.stdout


def test_without_records_somebody_is_imagined_to_whom_a_rule_applies(tally: Tally, tmp_path: Path) -> None:
    """Where only attributes that can be missing bring a score, the newcomer has one of them."""
    rulebook = tmp_path / "mean.tally"
    rulebook.write_text(
        'rulebook "Mean" version 1.0.0\n\nsubjects\n    a number 0 to 10 optional\n\n'
        'rule one "One"\n    weight 3\n    level a, linear to 10\n    otherwise not applicable\n    because "…"\n\n'
        'score "S"\n    mean of all rules by weight, out of 100\n',
        encoding="utf-8",
    )
    result = tally("audit", "gaming", rulebook, "--as-of", "2026-01-01")
    assert result.exit_code == 0, result.stderr
    assert "reads no records" in result.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--subjects", "people.csv"), "`--subjects` belongs to real records"),
        (("--records", "r.csv"), "real records need a day"),
        (
            ("--records", "r.csv", "--as-of", "2026-01-31", "--out", "x", "--audience", "public"),
            "name the person with the median score",
        ),
    ],
    ids=["subjects alone", "no day", "files that name somebody"],
)
def test_what_does_not_go_together_is_refused(
    tally: Tally, rulebook: Path, words: tuple[str, ...], message: str
) -> None:
    """Options that do not fit end with 2, and say which and why."""
    result = tally("audit", "gaming", rulebook, *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_nothing_else_is_written_over(tmp_path: Path) -> None:
    """A folder of attacks is told by its commands and its files, so that nothing else is ever replaced."""
    (tmp_path / "replay.sh").write_text(
        "# Attacks on a score, each replayed: run this in its folder.\n", encoding="utf-8"
    )
    (tmp_path / "ring.csv").write_text("", encoding="utf-8")
    assert ATTACK_FOLDER.is_one(tmp_path)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert not ATTACK_FOLDER.is_one(tmp_path)
    (tmp_path / "mine.txt").unlink()
    (tmp_path / "replay.sh").write_text("rm -r .\n", encoding="utf-8")
    assert not ATTACK_FOLDER.is_one(tmp_path)
