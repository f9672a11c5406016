"""Takes the folder of a run and a file of groups; checks what `tally audit fairness` says, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from left_alone import left_alone
from small_rulebook import SMALL
from typer.testing import CliRunner, Result

from tallystick.cli.main import app

Tally = Callable[..., Result]
PEOPLE = {"ada": (1, 1), "bob": (2, 0), "cem": (1, 2), "dan": (4, 0), "eve": (1, 0), "fay": (1, 0), "gus": (2, 0)}
"""Posts and shares; the scores are 3.5, 2, 6, 4, 1, 1 and 2."""
GROUPS = "subject,sort\nada,x\nbob,y\ncem,x\ndan,y\neve,y\nfay,x\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Score seven people, once for this file."""
    here = tmp_path_factory.mktemp("seven")
    rows = [
        f"2026-01-02,{name},bob,{kind}"
        for name, each in PEOPLE.items()
        for kind, number in zip(("post", "share"), each, strict=True)
        for _ in range(number)
    ]
    (here / "small.tally").write_text(SMALL, encoding="utf-8")
    (here / "records.csv").write_text("at,subject,actor,kind\n" + "\n".join(rows) + "\n", encoding="utf-8")
    words = ["score", here / "small.tally", "--records", here / "records.csv"]
    words += ["--as-of", "2026-01-31", "--out", here / "run"]
    made = CliRunner().invoke(app, [str(word) for word in words])
    assert made.exit_code == 0, made.stderr
    with left_alone(here / "run") as folder:
        yield folder


def file_of(tmp_path: Path, text: str) -> Path:
    """Write the file of groups."""
    path = tmp_path / "groups.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_text_pins_the_gap_on_the_rule(tally: Tally, run: Path, tmp_path: Path) -> None:
    """x: 3.5, 6, 1, mean 3.5. y: 2, 4, 1, mean 2.333. Posts give y 1.333 more, shares 2.5 less: the gap is -1.167."""
    result = tally("audit", "fairness", run, "--groups", file_of(tmp_path, GROUPS), "--by", "sort")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["You", "post", "+1.333", "2.333", "against", "1.000"] in lines
    assert ["People", "share", "-2.500", "0.000", "against", "2.500"] in lines
    assert ["difference", "of", "the", "mean", "scores", "-1.167"] in lines
    assert "Of 1 person the group is unknown (1 with a score)" in result.stdout


def test_what_is_shown_adds_up(tally: Tally, run: Path, tmp_path: Path) -> None:
    """As shown, the parts of a gap and the rounding of the figures sum to the gap; as fractions, the parts alone do."""
    groups = file_of(tmp_path, GROUPS.replace("fay,x", "fay,z").replace("dan,y", "dan,z"))
    words = ("audit", "fairness", run, "--groups", groups, "--by", "sort", "--format", "json")
    document = json.loads(tally(*words).stdout)
    assert document["schema"] == "tallystick.fairness/1"
    assert {*document, "by"} == set(json.loads(tally("schema", "fairness").stdout)["properties"])
    gaps = [gap for each in document["comparisons"] for gap in each["gaps"]]
    assert len(gaps) == 2
    for gap in gaps:
        shown = [Decimal(each["points"]["shown"]) for each in gap["lines"]]
        assert sum(shown) + Decimal(gap["rounding_of_figures"]) == Decimal(gap["points"]["shown"])
        assert sum(Fraction(each["points"]["exact"]) for each in gap["lines"]) == Fraction(gap["points"]["exact"])


def test_every_format_says_the_same(tally: Tally, run: Path, tmp_path: Path) -> None:
    """Markdown and HTML have the gap, too; a group's name that is markup is text there."""
    groups = file_of(tmp_path, GROUPS.replace(",y", ",<script>|\x1b"))
    words = ("audit", "fairness", run, "--groups", groups, "--by", "sort", "--format")
    for output in ("text", "markdown", "html"):
        result = tally(*words, output)
        assert result.exit_code == 0, result.stderr
        assert "1.167" in result.stdout
        assert "\x1b" not in result.stdout
        assert output == "text" or "<script>" not in result.stdout


def test_rows_that_cannot_be_read_are_named(tally: Tally, run: Path, tmp_path: Path) -> None:
    """Somebody with two groups has none: the lines are named, and the command goes on."""
    groups = file_of(tmp_path, f"{GROUPS}ada,y\nzoe,x\n")
    result = tally("audit", "fairness", run, "--groups", groups, "--by", "sort")
    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    assert '2 rows of the file could not be read, so these people\'s groups are unknown: line 2: "subject"' in words
    assert "1 person of the file is not in the run." in words


def test_a_column_that_the_rulebook_reads_is_said_to_be_one(tally: Tally, community: Path, tmp_path: Path) -> None:
    """Where a column is called as an attribute that rules read, the page names these rules before all else."""
    folder, subjects = tmp_path / "run", community / "subjects.csv"
    words = ("--records", community / "records.csv", "--subjects", subjects, "--as-of", "2026-03-31", "--out", folder)
    assert tally("score", community / "community.tally", *words).exit_code == 0
    result = tally("audit", "fairness", folder, "--groups", subjects, "--by", "joined", "--by", "consent")
    assert 'The rulebook itself reads an attribute "joined": "tenure".' in result.stdout
    assert 'The rulebook itself reads an attribute "consent": "consent".' in result.stdout


def test_the_run_is_as_it_was(tally: Tally, run: Path, tmp_path: Path) -> None:
    """Nothing of the groups gets into the run's folder."""
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    tally("audit", "fairness", run, "--groups", file_of(tmp_path, GROUPS), "--by", "sort")
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--by", "other"), 2, "no column `other`"),
        (("--by", "subject"), 2, "everybody is a group of one"),
        ((), 2, "--by"),
    ],
)
def test_what_does_not_fit_is_refused(
    tally: Tally, run: Path, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """A column that cannot be compared by, or none, is wrong usage: nothing on stdout, and what to do instead."""
    result = tally("audit", "fairness", run, "--groups", file_of(tmp_path, GROUPS), *words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
