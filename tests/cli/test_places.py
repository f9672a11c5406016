"""Takes every word of the commands that names a place or a person; checks with which code a command ends that cannot
use it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner, Result

from tallystick.cli.main import app, made

RULEBOOK = """\
rulebook "Places" version 1.0.0
    owner "Tests"

subjects
    subject text
    country text

records
    id      text
    subject text
    actor   text
    kind    one of post, like
    at      date

measure posts "post" / "posts"
    count post
    halving every 10 days except pauses

rule posting "You post"
    points posts
    because "Posts count."

score "Places"
    sum of all rules
    rounded to 1 place

promise "Is false."
    own actions give at most 2
"""
FILES = {
    "rules.tally": RULEBOOK,
    "records.csv": "id,subject,actor,kind,at\n1,ada,ada,post,2026-01-02\n2,bob,bob,post,2026-01-03\n",
    "imagined.csv": "id,subject,actor,kind,at\n3,ada,ada,post,2026-01-04\n",
    "subjects.csv": "subject,country\nada,uk\nbob,de\n",
    "pauses.csv": "subject,from,to\nada,2026-01-05,2026-01-06\n",
    "corrections.csv": "record,action,reason,who,when\n2,void,Sent twice.,the desk,2026-01-09\n",
    "statements.csv": "subject,text,since\nada,I was away.,2026-01-09\n",
    "map.toml": '[fields]\nid = "id"\n',
    "events.jsonl": '{"id": "1", "type": "WatchEvent", "actor": {"login": "a"}, "repo": {"name": "r"}}\n',
    "secret.key": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
    "file": "x",
}
"""What lies in the folder where the commands are run."""
GIVEN = "--records records.csv --subjects subjects.csv --map map.toml --pauses pauses.csv --corrections corrections.csv"
AGAIN = (("records", "records.csv"), ("subjects", "subjects.csv"), ("map", "map.toml"))
DAY = "--as-of 2026-02-01"
LIGHT = (
    "check rules.tally --against rules.tally",
    "fmt rules.tally",
    "test rules.tally --out new",
    "read events.jsonl --map github-events --out new.csv",
    f"score rules.tally {GIVEN} --statements statements.csv {DAY} --previous run --out new --format csv",
    f"score rules.tally --records records.csv --subjects subjects.csv {DAY} --state new --format csv",
    f"explain rules.tally {GIVEN} --statements statements.csv {DAY} --subject ada",
    "explain run --subject ada",
    "whatif run --subject ada --add imagined.csv --rulebook rules.tally",
    "verify run --trust key.pem.pub",
    "forget bob other",
    "sign run --key key.pem",
    "sign --new-key new.pem",
    "sql rules.tally",
    "guide rules.tally",
    "publish run --since run --out new --key secret.key",
    "init new --from records.csv --yes",
    "audit bounds rules.tally",
    "audit fairness run --groups subjects.csv --by country",
    f"audit gaming rules.tally {DAY} --actions 1 --accounts 1 --out new",
)
HEAVY = (
    "explain bare --subject ada --evidence --records records.csv --subjects subjects.csv --map map.toml",
    "whatif bare --subject ada --as-of 2026-02-02 --records records.csv --subjects subjects.csv --map map.toml",
    f"why bare bare --subject ada {' '.join(f'--{each}-before {there}' for each, there in AGAIN)} "
    + " ".join(f"--{each}-after {there}" for each, there in AGAIN),
    f"diff rules.tally rules.tally {GIVEN} {DAY}",
    f"compare rules.tally rules.tally {GIVEN} {DAY}",
    f"verify bare {GIVEN}",
    f"audit gaming rules.tally {GIVEN} {DAY} --actions 1 --accounts 1",
    f"audit stability rules.tally {GIVEN} --from 2026-01-01 --to 2026-02-01",
)
LINES = (*LIGHT, *HEAVY)
"""Invocations in which every word that names a place stands somewhere; the heavy ones wait for the whole run."""
RUNS = frozenset({"run", "bare", "other"})
TO_READ = {
    **dict.fromkeys((*FILES, "key.pem", "key.pem.pub"), ("missing.csv", "folder.csv", "loop.csv")),
    **dict.fromkeys(RUNS, ("missing", "folder.csv", "loop.csv/x")),
}
TO_WRITE = {
    "new": ("file/x", "loop.csv/x", "run/x"),
    "new.csv": ("nowhere/x.csv", "file/x.csv", "loop.csv/x.csv", "run/x.csv"),
    "new.pem": ("nowhere/x", "file/x", "folder.csv", "loop.csv", "run/x"),
}
"""What each name is replaced by: places that are not there, are of another sort, lead nowhere, or lie in a run."""
NAMING = {"FILE", "PATH", "RUN", "DIR", "SITE", "OLD", "NEW", "SOURCE", "MAPPING", "RUN_BEFORE", "RUN_AFTER"}
NAMING |= {"RULEBOOK", "KEY", "RECORDS"}
"""What stands for a place in the commands' help."""


def marked(lines: Iterable[str]) -> list[ParameterSet]:
    """Give lines to a test, each with how it begins."""
    return [pytest.param(each, marks=(pytest.mark.whole,) if each in HEAVY else (), id=each[:36]) for each in lines]


def ran(line: str) -> Result:
    """Run a line of words."""
    return CliRunner().invoke(app, line.split())


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with all that the lines name."""
    place = tmp_path_factory.mktemp("places")
    with chdir(place):
        for name, text in FILES.items():
            Path(name).write_text(text, encoding="utf-8")
        Path("folder.csv").mkdir()
        Path("loop.csv").symlink_to("loop.csv")
        scored = f"score rules.tally {GIVEN} {DAY} --format csv --out"
        for line in (
            f"{scored} run",
            f"{scored} other",
            f"{scored} bare --no-records",
            "sign --new-key key.pem",
            "sign run --key key.pem",
        ):
            assert ran(line).exit_code == 0, line
    return place


@pytest.fixture
def folder(made_once: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in the folder, and leave it as it was."""
    monkeypatch.chdir(made_once)
    there = frozenset(made_once.iterdir())
    yield made_once
    for path in frozenset(made_once.iterdir()) - there:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def commands(group: TyperGroup, before: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Give each command with those of its options that name a place."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{before}{name} ")
            continue
        options = (each for each in command.params if each.param_type_name == "option")
        yield (
            f"{before}{name}",
            frozenset(each.opts[0] for each in options if str(each.metavar).strip("[].") in NAMING),
        )


def test_the_lines_name_every_place() -> None:
    """No command, and no option that names a place, is passed over below."""
    group = get_command(made())
    assert isinstance(group, TyperGroup)
    for command, options in commands(group):
        lines = [line for line in LINES if f"{line} ".startswith(f"{command} ")]
        assert lines or command == "schema", command
        assert options <= {word for line in lines for word in line.split()}, command


@pytest.mark.usefixtures("folder")
@pytest.mark.whole
@pytest.mark.parametrize("line", marked(LINES))
def test_the_lines_fit(line: str) -> None:
    """With the places as they stand no line is refused, so that a place is all that is wrong in those below."""
    result = ran(line)
    assert result.exit_code in {0, 1}, result.output
    assert "error: " not in result.stderr


@pytest.mark.parametrize("line", marked(LINES))
def test_a_place_that_cannot_be_used_is_wrong_usage(folder: Path, line: str) -> None:
    """Whatever reads or writes there: exit 2, one message that names it, nothing on stdout, and nothing written."""
    there = sorted(os.walk(folder))
    tried = 0
    for at, word in enumerate(line.split()):
        for other in (*TO_READ.get(word, ()), *TO_WRITE.get(word, ())):
            asked = with_other(line, at, other)
            result = ran(asked)
            assert (result.exit_code, result.stdout) == (2, ""), (asked, result.output)
            (message,) = (each for each in result.stderr.splitlines() if each.startswith("error: "))
            assert other.partition("/")[0] in message, (asked, message)
            tried += 1
    assert tried >= 2, line
    assert sorted(os.walk(folder)) == there


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("line", marked([line for line in LINES if RUNS & set(line.split())]))
def test_a_run_that_is_damaged_is_a_finding(line: str) -> None:
    """A run that lacks one of its files: exit 1 of every command that reads that, and the file is named."""
    for at, word in enumerate(line.split()):
        if word in RUNS and line.split()[at - 1] != "--previous":  # of which only the receipt is read
            shutil.copytree(word, "hurt")
            Path("hurt/scores.parquet").unlink()
            asked = with_other(line, at, "hurt")
            result = ran(asked)
            assert result.exit_code == 1, (asked, result.output)
            assert "scores.parquet" in result.output, (asked, result.output)
            shutil.rmtree("hurt")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "line",
    [
        "explain run --subject zoe",
        "whatif run --subject zoe --as-of 2026-02-02",
        "why run run --subject zoe",
        f"compare rules.tally rules.tally {GIVEN} {DAY} --subject zoe",
        "forget zoe run",
    ],
)
def test_nobody_of_that_name_is_a_finding(line: str) -> None:
    """Exit 1 of every command that is asked about a person."""
    result = ran(line)
    assert result.exit_code == 1, result.output
    assert "zoe" in result.output or "of that name" in result.output


def with_other(line: str, at: int, other: str) -> str:
    """Put another word in a place of a line."""
    words = line.split()
    return " ".join((*words[:at], other, *words[at + 1 :]))
