"""Takes sources of records; asks whether ``tally read`` accounts for every row, in words and for programs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tallystick.explain.gathering.document import Reading

Tally = Callable[..., Result]
SOURCES = Path(__file__).parents[2] / "examples" / "sources"
LIKES = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like
    at      time

measure likes "like" / "likes"
    count like

rule liked "Liked"
    points likes
    because "x"

score "S"
    sum of all rules
"""


def test_the_account_adds_up(tally: Tally, tmp_path: Path) -> None:
    """The document holds every row once: written, skipped, left out or rejected."""
    done = tally(
        "read", SOURCES / "mastodon.json", "--map", "mastodon", "--out", tmp_path / "o.csv", "--format", "json"
    )
    assert done.exit_code == 0
    told = Reading.model_validate(json.loads(done.stdout))
    parts = (*told.kinds, *told.skipped, *told.left_out, *told.rejected)
    assert told.rows == sum(each.rows for each in parts) == 8
    assert told.written == sum(each.rows for each in told.kinds) == 5
    assert told.rejected_file is None


@pytest.mark.parametrize(("kinds", "last"), [(13, "1 other 1"), (1500, "1,488 others 1,488")])
def test_of_many_kinds_the_most_frequent_are_named(tally: Tally, tmp_path: Path, kinds: int, last: str) -> None:
    """Twelve kinds stand in a line each, those with most records first; the others are counted, and are together."""
    rows = [f"ada,kind {place},2026-01-01" for place in (*range(kinds), kinds - 1)]
    (tmp_path / "in.csv").write_text("\n".join(["who,what,when", *rows]) + "\n", encoding="utf-8")
    fields = '[fields]\nsubject = "who"\nkind = "what"\nat = "when"\n'
    (tmp_path / "map.toml").write_text(fields, encoding="utf-8")
    done = tally("read", tmp_path / "in.csv", "--map", tmp_path / "map.toml", "--out", tmp_path / "o.csv")
    named = [line for line in done.stdout.splitlines() if line.startswith("  kind ")]
    assert named[0].split() == ["kind", str(kinds - 1), "2"]
    assert len(named) == 12
    assert last in [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_where_all_kinds_are_named_there_are_no_others(tally: Tally, tmp_path: Path) -> None:
    """Of twelve kinds none is left over, and nothing is said of others."""
    rows = "".join(f"ada,kind {place},2026-01-01\n" for place in range(12))
    (tmp_path / "in.csv").write_text(f"who,what,when\n{rows}", encoding="utf-8")
    (tmp_path / "map.toml").write_text('[fields]\nsubject = "who"\nkind = "what"\nat = "when"\n', encoding="utf-8")
    done = tally("read", tmp_path / "in.csv", "--map", tmp_path / "map.toml", "--out", tmp_path / "o.csv")
    assert done.stdout.count("\n  kind ") == 12
    assert "other" not in done.stdout


def test_what_is_read_can_be_scored(tally: Tally, tmp_path: Path) -> None:
    """Records read from a source score as they are."""
    rules = tmp_path / "r.tally"
    rules.write_text(LIKES, encoding="utf-8")
    out = tmp_path / "forum.parquet"
    assert tally("read", SOURCES / "discourse.json", "--map", "discourse", "--out", out).exit_code == 0
    scored = tally("score", rules, "--records", out, "--as-of", "2026-02-01", "--format", "csv")
    assert scored.stdout == "subject,outcome,score,band,liked\nada,scored,2,,2\n"


def test_what_is_called_as_a_mapping_here_is_not_taken_for_it(
    tally: Tally, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder `git` is common. A file of that name is a mapping where it is asked for, and nowhere else."""
    repository = tmp_path / "mine"
    for words in (("init", "-q", "mine"), ("-C", "mine", "commit", "-q", "--allow-empty", "-m", "x")):
        identity = ("-c", "user.name=ada", "-c", "user.email=ada@x")
        subprocess.run(("git", *identity, *words), check=True, cwd=tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "git").mkdir()
    assert tally("read", repository, "--out", "a.csv").exit_code == 0
    assert tally("read", repository, "--map", "git", "--out", "b.csv").exit_code == 0
    (tmp_path / "git").rmdir()
    (tmp_path / "git").write_text("no mapping", encoding="utf-8")
    assert tally("read", repository, "--out", "c.csv").exit_code == 0
    assert "`git` is not valid TOML" in tally("read", repository, "--map", "git", "--out", "d.csv").stderr


def test_words_for_what_is_missing(tally: Tally, tmp_path: Path) -> None:
    """Without a mapping, or with one that is not there, the command says what to do and writes nothing."""
    out = tmp_path / "o.csv"
    without = tally("read", SOURCES / "discourse.json", "--out", out)
    assert (without.exit_code, "add `--map MAPPING`" in without.stderr) == (2, True)
    unknown = tally("read", SOURCES / "discourse.json", "--map", "forum", "--out", out)
    assert (unknown.exit_code, "github-events, mastodon" in unknown.stderr) == (2, True)
    other = tally("read", SOURCES / "discourse.json", "--map", "discourse", "--out", tmp_path / "o.xlsx")
    assert (other.exit_code, ".parquet or .csv" in other.stderr) == (2, True)
    for mapping in ((), ("--map", "github-events")):  # what is not there needs no mapping, and has no format
        absent = tally("read", tmp_path / "nowhere", *mapping, "--out", out)
        assert (absent.exit_code, absent.stderr) == (2, f"error: there is no file and no folder `{tmp_path}/nowhere`\n")
    assert list(tmp_path.iterdir()) == []


def test_rows_that_cannot_be_read_are_told(tally: Tally, tmp_path: Path) -> None:
    """The text names how many rows failed, for which field and why, and the file in which they stand."""
    source = tmp_path / "a.jsonl"
    source.write_text('{"type": "PushEvent", "created_at": "2026-01-01T00:00:00Z"}\nbroken\n', encoding="utf-8")
    done = tally("read", source, "--map", "github-events", "--out", tmp_path / "o.csv")
    assert done.exit_code == 0
    assert "not JSON" in done.stdout
    assert '"subject": missing' in done.stdout
    assert "o.csv.rejected.csv" in done.stdout.replace("\n", "")
