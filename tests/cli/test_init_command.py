"""Takes files of records as people have them; asks whether ``tally init`` makes a start that passes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import Result

from tallystick.engine.glimpse import glimpse
from tallystick.engine.proposal import kind_name, propose
from tallystick.rules.load import load

Tally = Callable[..., Result]

KINDS = ("Post It", "WatchEvent", "if")
ROWS = [
    {
        "id": str(n),
        "who": f"p{n % 4}",
        "by": f"p{(n * 7) % 5}",
        "type": KINDS[n % 3],
        "when": f"2026-01-{n % 28 + 1:02d}T10:00:00Z",
    }
    for n in range(60)
]
FLAGS = ("--subject", "who", "--actor", "by", "--at", "when", "--yes")


def write_csv(path: Path) -> Path:
    """Write the rows as CSV."""
    lines = [",".join(ROWS[0]), *(",".join(row.values()) for row in ROWS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_json_lines(path: Path) -> Path:
    """Write the rows as compressed JSON Lines."""
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in ROWS)
    return path


def write_parquet(path: Path) -> Path:
    """Write the rows as Parquet."""
    source = write_csv(path.with_suffix(".csv"))
    duckdb.connect().execute(f"COPY (FROM read_csv('{source}', all_varchar=true)) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize(
    ("write", "name"), [(write_csv, "a.csv"), (write_json_lines, "a.jsonl.gz"), (write_parquet, "a.parquet")]
)
def test_a_start_from_records_passes(tally: Tally, tmp_path: Path, write: Callable[[Path], Path], name: str) -> None:
    """From a file of any format comes a rulebook without a diagnostic, laid out, whose example passes."""
    made = tally("init", "--from", write(tmp_path / name), *FLAGS, tmp_path / "new")
    assert made.exit_code == 0, made.output
    rulebook = tmp_path / "new" / "rules.tally"
    for words in (("check", rulebook), ("test", rulebook), ("fmt", "--check", rulebook)):
        result = tally(*words)
        assert result.exit_code == 0, result.output
        assert "warning" not in result.output.replace("no warnings", "")


def test_kinds_become_names_and_the_mapping_leads_back(tally: Tally, tmp_path: Path) -> None:
    """Kinds that cannot be names are renamed in the rulebook, and the mapping says which is which."""
    tally("init", "--from", write_csv(tmp_path / "a.csv"), *FLAGS, tmp_path / "new")
    assert set(load(tmp_path / "new" / "rules.tally").kinds) == {"post_it", "watch_event", "kind_if"}
    mapping = (tmp_path / "new" / "mapping.toml").read_text(encoding="utf-8")
    assert '"WatchEvent" = "watch_event"' in mapping
    assert 'subject = "who"' in mapping


def test_without_records_a_start_passes_too(tally: Tally, tmp_path: Path) -> None:
    """Nothing but a folder is needed."""
    assert tally("init", tmp_path / "new", "--name", 'The "best" \\ one', "--yes").exit_code == 0
    assert tally("test", tmp_path / "new" / "rules.tally").exit_code == 0
    assert load(tmp_path / "new" / "rules.tally").name == 'The "best" \\ one'


@pytest.mark.parametrize("there", ["rules.tally", "mapping.toml", "README.md"])
def test_nothing_is_overwritten(tally: Tally, tmp_path: Path, there: str) -> None:
    """If one of the files is there, it stays as it is, and none of the others is made."""
    (tmp_path / there).write_text("mine", encoding="utf-8")
    result = tally("init", tmp_path, "--yes")
    assert result.exit_code == 2
    assert [each.name for each in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


def test_a_column_that_cannot_be_guessed_is_asked_for(tally: Tally, tmp_path: Path) -> None:
    """Where a column cannot be guessed and nobody can be asked, the flag to name it is told, and nothing is written."""
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n", encoding="utf-8")
    result = tally("init", "--from", tmp_path / "a.csv", tmp_path / "new")
    assert result.exit_code == 2
    assert "--subject COLUMN" in result.output
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a,b\n", b'{"a": [1]}\n', b'"'])
def test_a_file_that_says_nothing_is_refused(tally: Tally, tmp_path: Path, content: bytes) -> None:
    """A file without rows to look at ends in words, never in a trace."""
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.csv.gz", "a.csv.zst"):
        (tmp_path / name).write_bytes(content)
        result = tally("init", "--from", tmp_path / name, tmp_path / "new", "--yes")
        assert result.exit_code == 2, (name, result.output)


def test_a_proposal_goes_by_names_first(tmp_path: Path) -> None:
    """Columns with the names that the language itself uses are taken for what they say."""
    (tmp_path / "a.csv").write_text(
        "actor,subject,kind,at\na,b,like,2026-01-01\nc,b,like,2026-01-02\n", encoding="utf-8"
    )
    found = propose(glimpse(str(tmp_path / "a.csv")))
    assert (found.subject, found.actor, found.kind, found.at, found.id) == ("subject", "actor", "kind", "at", None)


def test_names_of_kinds_are_names() -> None:
    """Whatever a kind is called in a file, its name can stand in a rulebook, and no two are the same."""
    taken: set[str] = set()
    for text in ("Watch Event", "watch-event", "WatchEvent", "2nd", "if", "", "score", "é", "x" * 500):
        name = kind_name(text, taken=frozenset(taken))
        assert name not in taken
        assert name[0].isalpha()
        assert name.replace("_", "").isalnum()
        assert name.isascii()
        taken.add(name)


def test_the_readme_scores_as_of_the_last_day_there_is(tally: Tally, tmp_path: Path) -> None:
    """The first command that a newcomer copies scores somebody: its day is the last of the records."""
    tally("init", "--from", write_csv(tmp_path / "a.csv"), *FLAGS, tmp_path / "new")
    readme = (tmp_path / "new" / "README.md").read_text(encoding="utf-8")
    assert readme.count("--as-of 2026-01-28") == 2
