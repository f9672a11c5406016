"""Takes records and days that look like slips of the pen; checks that `tally score` tells of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import Result

Tally = Callable[..., Result]
AS_OF = ("--as-of", "2026-01-31", "--format", "csv")
HEADING = "at,subject,actor,kind\n"
OF_KINDS = "of a kind that the rulebook does not list"
OF_NAMES = "differ only in capitals, in blanks, in how an accent is written or in what cannot be seen"


def scored(tally: Tally, tmp_path: Path, rulebook: Path, rows: str, *more: str | Path) -> Result:
    """Score rows of records."""
    (tmp_path / "records.csv").write_text(HEADING + rows, encoding="utf-8")
    result = tally("score", rulebook, "--records", tmp_path / "records.csv", *AS_OF, *more)
    assert result.exit_code == 0, result.output
    return result


def test_kinds_that_are_not_listed_are_named(tally: Tally, tmp_path: Path, rulebook: Path) -> None:
    """Each is told with how many records it has, the most frequent first, and which kind of the rulebook it may be."""
    rows = "".join(f"2026-01-01,ada,ada,{kind}\n" for kind in ("Post", "Post", "post ", "coffee"))
    result = scored(tally, tmp_path, rulebook, rows)
    assert (
        f"note: 4 records are {OF_KINDS}: `Post` (2, perhaps `post`), `coffee` (1), `post ` (1, perhaps `post`); "
        "a mapping (`--map`) can say which kind is meant, under `[kinds]`, or skip it\n"
    ) in result.stderr
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('skip = ["coffee"]\n[kinds]\nPost = "post"\n"post " = "post"\n', encoding="utf-8")
    result = scored(tally, tmp_path, rulebook, rows, "--map", mapping)
    assert OF_KINDS not in result.stderr
    assert result.stdout.endswith("ada,scored,3.0,low,3.0,\n")


def test_many_kinds_that_are_not_listed_do_not_fill_the_screen(tally: Tally, tmp_path: Path, rulebook: Path) -> None:
    """The most frequent are named and the others counted; a long one is cut, and a hostile one is harmless."""
    kinds = ["x" * 500, "x" * 500, "\x1b[31mred", *(f"k{number}" for number in range(9))]
    result = scored(tally, tmp_path, rulebook, "".join(f"2026-01-01,ada,ada,{kind}\n" for kind in kinds))
    assert f"`{'x' * 100}…` (2), `<U+001B>[31mred` (1), `k0` (1), `k1` (1), `k2` (1), and 6 more;" in result.stderr


def test_names_alike_are_told(tally: Tally, tmp_path: Path, rulebook: Path) -> None:
    """Capitals, blanks around, the two ways to write an accent and what cannot be seen, such as the mark with which a
    second file began, tell people apart, and whoever scores is told."""
    names = ["Ada", "ada", " bob ", "bob", "Ren\u00e9", "Rene\u0301", "cyd", "c yd"]
    names += ["\ufeff eve", "eve", "d\u200ban", "dan"]
    result = scored(tally, tmp_path, rulebook, "".join(f"2026-01-01,{name},x,post\n" for name in names))
    assert (
        f"note: these names {OF_NAMES}, and each is a person of its own: ` bob ` and `bob`; `Ada` and `ada`; "
        "`Rene\u0301` and `Ren\u00e9`; `dan` and `d<U+200B>an`; `eve` and `<U+FEFF> eve`\n"
    ) in result.stderr
    assert len(result.stdout.splitlines()) == 1 + len(names)


def test_names_and_kinds_that_are_as_they_should_be_are_not_told(tally: Tally, tmp_path: Path, rulebook: Path) -> None:
    """People named in one way, and kinds that the rulebook lists, deserve no words."""
    result = scored(tally, tmp_path, rulebook, "2026-01-01,ada,ada,post\n2026-01-01,bob,ada,share\n")
    assert OF_KINDS not in result.stderr
    assert OF_NAMES not in result.stderr


def test_whom_the_subjects_name_otherwise_is_told(tally: Tally, tmp_path: Path, rulebook: Path) -> None:
    """Records about `Ada` are lost where the subjects say `ada`: that is told, though `Ada` has no result."""
    rules, _ = rulebook.read_text(encoding="utf-8").split("example ", 1)
    text = rules.replace("require enough", "subjects\n    subject text\n\nrequire enough")
    rulebook.write_text(text, encoding="utf-8")
    subjects = tmp_path / "subjects.csv"
    subjects.write_text("subject\nada\nbob\n", encoding="utf-8")
    rows = "2026-01-01,Ada,x,post\n2026-01-01,bob,x,post\n2026-01-01,eve,x,post\n"
    result = scored(tally, tmp_path, rulebook, rows, "--subjects", subjects)
    assert f"these names {OF_NAMES}, and each is a person of its own: `Ada` and `ada`\n" in result.stderr
    assert "2  about people without a result: not admitted, or not known by that day\n" in result.stderr


def test_a_line_end_in_a_name_is_a_blank(tally: Tally, tmp_path: Path, rulebook: Path) -> None:
    """A cell in quotes may end with its line, or with a blank that does not break: that is a slip like any blank."""
    names = ["Ada", "ada ", '"ada\n"', "ada\u00a0", "\tada", "ad\u00e1"]
    rows = "".join(f"2026-01-01,{name},x,post\n" for name in names) + "2026-01-01,bob,x,\u00a0Post\n"
    result = scored(tally, tmp_path, rulebook, rows, "--out", tmp_path / "run")
    told = result.stderr.replace("\n", " ")
    assert OF_NAMES in told
    assert all(each in told for each in ("`Ada`", "`ada `", "`ada\u00a0`", "`ada<U+000A>`", "`<U+0009>ada`")), told
    assert "ad\u00e1" not in told
    assert "perhaps `post`" in told
    asked = tally("explain", tmp_path / "run", "--subject", "ADA")
    assert asked.exit_code == 1, asked.output
    assert "`ada<U+000A>`" in asked.stderr


@pytest.mark.parametrize("state", [False, True], ids=["files", "state"])
def test_people_and_kinds_come_from_any_file(tally: Tally, tmp_path: Path, rulebook: Path, *, state: bool) -> None:
    """Names that are numbers in Parquet, and records kept between runs, are looked at like those of CSV."""
    rows = duckdb.sql("SELECT DATE '2026-01-01' AS at, n AS subject, n AS actor, 'Post' AS kind FROM range(7) AS t(n)")
    rows.write_parquet(str(tmp_path / "records.parquet"))
    kept = ("--state", tmp_path / "state") if state else ()
    result = tally("score", rulebook, "--records", tmp_path / "records.parquet", *AS_OF, *kept)
    assert result.exit_code == 0, result.output
    assert f"7 records are {OF_KINDS}: `Post` (7, perhaps `post`)" in result.stderr
    assert OF_NAMES not in result.stderr


@pytest.mark.parametrize("as_of", ["2020-12-31", "2035-01-31"])
def test_a_day_far_from_all_records_is_told(tally: Tally, tmp_path: Path, rulebook: Path, as_of: str) -> None:
    """Where nobody has a score, be the day before or after all records, it is told of which days there are any."""
    text = rulebook.read_text(encoding="utf-8").replace("    count post\n", "    count post\n    within 365 days\n", 1)
    rulebook.write_text(text, encoding="utf-8")
    rows = f"{HEADING}2026-01-03,ada,ada,post\n2026-01-20,bob,bob,post\n"
    (tmp_path / "records.csv").write_text(rows, encoding="utf-8")
    words = f"note: nobody has a score as of {as_of}; the records are of 2026-01-03 to 2026-01-20\n"
    away = tally("score", rulebook, "--records", tmp_path / "records.csv", "--as-of", as_of)
    assert away.exit_code == 0, away.output
    assert words in away.stderr
    assert "nobody has a score" not in scored(tally, tmp_path, rulebook, rows.removeprefix(HEADING)).stderr
    (tmp_path / "records.csv").write_text(f"{HEADING}2026-01-03,ada,ada,post\n", encoding="utf-8")
    away = tally("score", rulebook, "--records", tmp_path / "records.csv", "--as-of", as_of)
    assert f"note: nobody has a score as of {as_of}; the records are of 2026-01-03\n" in away.stderr


def test_without_records_no_day_is_told(tally: Tally, tmp_path: Path, rulebook: Path) -> None:
    """A file with a header alone has no first day."""
    assert "nobody has a score" not in scored(tally, tmp_path, rulebook, "").stderr


@pytest.mark.parametrize("command", ["explain", "whatif", "why"])
def test_a_name_written_otherwise_is_told(tally: Tally, tmp_path: Path, rulebook: Path, command: str) -> None:
    """Who asks for `BOB` reads that ` bob ` is there; who asks for somebody else, how to write a name."""
    scored(tally, tmp_path, rulebook, "2026-01-01, bob ,x,post\n2026-01-01,ada,x,post\n", "--out", tmp_path / "run")
    words = {"whatif": ("--as-of", "2026-02-01"), "why": (tmp_path / "run",)}.get(command, ())
    result = tally(command, tmp_path / "run", *words, "--subject", "BOB")
    assert result.exit_code == 1, result.output
    assert "help: written otherwise there is ` bob `\n" in result.stderr
    result = tally(command, tmp_path / "run", *words, "--subject", "cyd")
    assert result.exit_code == 1, result.output
    assert "help: write the name exactly as the data has it, with its capital letters and blanks\n" in result.stderr


def test_names_that_show_nothing_are_written_out(tally: Tally, tmp_path: Path, rulebook: Path) -> None:
    """A name of a blank alone is told as one, so that the reader sees it."""
    result = scored(tally, tmp_path, rulebook, "".join(f"2026-01-01,{name},x,post\n" for name in (" ", "\u00a0")))
    assert "is a person of its own: `<U+0020>` and `<U+00A0>`\n" in result.stderr
