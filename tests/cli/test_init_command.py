"""Takes files of records as people have them; asks whether ``tally init`` makes a start that passes."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

from tallystick.cli.starts import Start, begun, measured, starts, told
from tallystick.engine.intake.glimpse import Glimpse, glimpse
from tallystick.engine.intake.proposal import kind_name, propose
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


@pytest.mark.parametrize("option", ["--name", "--owner"])
@pytest.mark.parametrize("more", [(), ("--like", "trust")], ids=["anew", "like"])
def test_words_that_no_line_can_hold_are_refused(
    tally: Tally, tmp_path: Path, option: str, more: tuple[str, ...]
) -> None:
    """A name that is empty or broken over lines, or holds what a terminal takes as a command, is refused; nothing is
    written."""
    for words in ("", " ", "two\nlines", "\x1b[31mred", "\udcff"):
        result = tally("init", tmp_path / "new", option, words, *more, "--yes")
        assert result.exit_code == 2, result.output
        assert "can be read on one line" in result.output
    assert not (tmp_path / "new").exists()


def test_a_column_that_cannot_be_guessed_is_asked_for(tally: Tally, tmp_path: Path) -> None:
    """Where a column cannot be guessed and nobody can be asked, the flag to name it is told, and nothing is written."""
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n", encoding="utf-8")
    result = tally("init", "--from", tmp_path / "a.csv", tmp_path / "new")
    assert result.exit_code == 2
    assert "--subject COLUMN" in result.output
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a,b\n", b'{"a": [1]}\n', b'"'])
def test_a_file_that_says_nothing_is_refused(tally: Tally, tmp_path: Path, content: bytes) -> None:
    """A file without rows to look at ends in words, never in a trace, and as a finding about the file; one whose row
    has no column, in asking for the option that names one."""
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.csv.gz", "a.csv.zst"):
        (tmp_path / name).write_bytes(content)
        result = tally("init", "--from", tmp_path / name, tmp_path / "new", "--yes")
        asks = name == "a.jsonl" and content.startswith(b"{")
        assert result.exit_code == (2 if asks else 1), (name, result.output)


@pytest.mark.parametrize("indent", [None, 1])
def test_a_json_list_is_told_as_one(tally: Tally, tmp_path: Path, indent: int | None) -> None:
    """One list of all rows, as many programs export them, is named as what it is, and who can take it apart."""
    (tmp_path / "a.json").write_text("\n" + json.dumps(ROWS, indent=indent), encoding="utf-8")
    result = tally("init", "--from", tmp_path / "a.json", tmp_path / "new")
    assert result.exit_code == 1
    assert "is one JSON list, not JSON Lines" in result.stderr
    assert "tally read" in result.stderr


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


def test_the_readme_finds_the_records_from_its_own_folder(tally: Tally, tmp_path: Path) -> None:
    """The commands of a README name the records as they are seen from the folder that it stands in."""
    made = tally("init", "--from", write_csv(tmp_path / "a.csv"), *FLAGS, tmp_path / "new")
    readme = (tmp_path / "new" / "README.md").read_text(encoding="utf-8")
    assert readme.count("--records ../a.csv ") == 2
    assert "whose score it counts toward: `who`; who did it: `by`; what happened: `type`; when: `when`" in made.stderr


def test_names_of_a_few_people_are_not_taken_for_kinds(tmp_path: Path) -> None:
    """In a small group the column of members has as few values as that of kinds; it goes by its name all the same."""
    rows = "".join(f"2026-01-{n + 1:02d},{'ab'[n % 2]},{('tea', 'cake', 'cup')[n % 3]},x{n}\n" for n in range(24))
    for called, found in (("deed", "deed"), ("thing", "thing")):
        (tmp_path / "a.csv").write_text(f"day,member,{called},by\n{rows}", encoding="utf-8")
        seen = propose(glimpse(str(tmp_path / "a.csv")))
        assert (seen.subject, seen.actor, seen.kind, seen.at) == ("member", "by", found, "day")


@pytest.mark.parametrize("name", ["community", "gallery/kred", "gallery/sourcerank"])
def test_a_start_like_an_example_passes_and_scores(tally: Tally, tmp_path: Path, name: str) -> None:
    """Whatever example is begun with: it loads with another name and owner, and the README's command scores."""
    assert tally("init", "--like", name, tmp_path / "new", "--name", 'The "best"', "--owner", "Us").exit_code == 0
    folder = tmp_path / "new"
    rulebook = load(folder / "rules.tally")
    assert (rulebook.name, rulebook.version, rulebook.owner) == ('The "best"', "0.1.0", "Us")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    words = next(line for line in readme.split("\n") if line.startswith("    tally score ")).split()[2:]
    placed = [folder / word if (folder / word).is_file() else word for word in words]
    scored = tally("score", *placed, "--map", folder / "mapping.toml", "--format", "csv")
    assert scored.exit_code == 0, scored.output
    assert ",scored," in scored.stdout


@pytest.mark.parametrize("start", [pytest.param(each, id=each.name) for each in starts()])
def test_a_start_is_what_the_page_of_the_example_scores(start: Start) -> None:
    """The index names data and a day that a command on the example's own page has, which other tests run."""
    commands = [line for line in start.about.read_text(encoding="utf-8").split("\n") if line.startswith("tally ")]
    tables = [each for each in (start.records, start.subjects) if each is not None]
    assert any(all(each.name in line for each in tables) and f"--as-of {start.as_of}" in line for line in commands), (
        commands
    )
    assert begun(start, None, None) == start.rulebook.read_text(encoding="utf-8")
    assert re.search('^    owner +"Us"$', begun(start, "Ours", "Us"), re.MULTILINE) is not None
    assert 'rulebook "Ours" version 0.1.0\n' in begun(start, "Ours", "Us")
    assert "```" not in told(start)
    assert measured(start) != ""


def test_the_examples_are_listed(tally: Tally, tmp_path: Path) -> None:
    """`--like` without a name, or with one that is not there, says which there are; nothing is written."""
    listed = tally("init", "--like").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [each.name for each in starts()]
    assert all(len(line.split()) > 3 for line in listed)
    refused = tally("init", "--like", "nothing", tmp_path / "new")
    assert refused.exit_code == 2
    assert "gallery/kred" in refused.stderr
    assert not (tmp_path / "new").exists()


def test_a_start_like_an_example_overwrites_nothing(tally: Tally, tmp_path: Path) -> None:
    """Where a file of records is there already, it stays, and nothing is copied."""
    (tmp_path / "votes.csv").write_text("mine", encoding="utf-8")
    assert tally("init", "--like", "gallery/wilson", tmp_path).exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["votes.csv"]
    assert (tmp_path / "votes.csv").read_text(encoding="utf-8") == "mine"


MESSY = (
    "\ufeffDatum;Kunde;Vorgang;Durch\r\n"
    "2026-01-05 10:00;Acme;Kauf;Acme\r\n"
    "2026-01-05 10:00;Acme;Kauf;Acme\r\n"
    "2026-01-06 10:00;Acme;KAUF;Acme\r\n"
    "2026-01-07 10:00;Bolt;Lob ;Acme\r\n"
    "2026-01-08 10:00;Bolt;Lob;\r\n"
    "2026-01-08 10:00;Acme;Lob;Cora\r\n"
    "2026-01-09 10:00;Bolt;Lob;Cora;one too many\r\n"
)
MESSY_FLAGS = ("--subject", "Kunde", "--actor", "Durch", "--kind", "Vorgang")


def test_a_file_is_looked_at_as_it_is_read_to_be_scored(tally: Tally, tmp_path: Path) -> None:
    """Semicolons, a byte order mark and Windows' line ends are no hindrance: what can be scored can be begun from, and
    what was begun can score it."""
    (tmp_path / "messy.csv").write_text(MESSY, encoding="utf-8", newline="")
    made = tally("init", "--from", tmp_path / "messy.csv", *MESSY_FLAGS, tmp_path / "new")
    assert made.exit_code == 0, made.output
    scored = tally(
        "score", tmp_path / "new" / "rules.tally", "--records", tmp_path / "messy.csv", "--map",
        tmp_path / "new" / "mapping.toml", "--as-of", "2026-01-31", "--max-rejected", "0.5", "--format", "csv",
    )  # fmt: skip
    assert scored.stdout.splitlines() == [
        "subject,outcome,score,band,kauf,lob",
        "Acme,scored,20.0,starting,15.0,5.0",
        "Bolt,insufficient data,,,,",
    ]


def test_kinds_that_differ_in_capitals_or_blanks_are_one(tally: Tally, tmp_path: Path) -> None:
    """Each spelling is mapped to the one kind, and the author is told."""
    (tmp_path / "messy.csv").write_text(MESSY, encoding="utf-8", newline="")
    made = tally("init", "--from", tmp_path / "messy.csv", *MESSY_FLAGS, tmp_path / "new")
    assert load(tmp_path / "new" / "rules.tally").kinds == ("kauf", "lob")
    mapping = (tmp_path / "new" / "mapping.toml").read_text(encoding="utf-8")
    assert {'"Lob" = "lob"', '"Lob " = "lob"', '"Kauf" = "kauf"', '"KAUF" = "kauf"'} <= set(mapping.splitlines())
    assert "note: taken for one kind: `Kauf`, `KAUF`" in made.stderr


def test_copies_are_told_where_no_column_tells_records_apart(tally: Tally, tmp_path: Path) -> None:
    """A row delivered twice counts twice; with an id it is a copy."""
    (tmp_path / "messy.csv").write_text(MESSY, encoding="utf-8", newline="")
    made = tally("init", "--from", tmp_path / "messy.csv", *MESSY_FLAGS, tmp_path / "new")
    assert "note: 1 row is a copy of another and counts too: if a column tells" in made.stderr
    numbered = [
        line + (";Beleg" if number == 0 else f";{7 if number in (1, 2) else number + 100}")
        for number, line in enumerate(MESSY.split("\r\n")[:7])
    ]
    (tmp_path / "numbered.csv").write_text("\n".join(numbered), encoding="utf-8")
    made = tally("init", "--from", tmp_path / "numbered.csv", *MESSY_FLAGS, "--id", "Beleg", tmp_path / "with")
    assert "which record it is: `Beleg`" in made.stderr
    assert "a copy of another" not in made.stderr
    scored = tally(
        "score", tmp_path / "with" / "rules.tally", "--records", tmp_path / "numbered.csv", "--map",
        tmp_path / "with" / "mapping.toml", "--as-of", "2026-01-31",
    )  # fmt: skip
    assert re.search(r"\b1  copies of another row", scored.stderr), scored.output


def test_a_column_that_was_named_is_not_guessed_to_be_anything_else(tally: Tally, tmp_path: Path) -> None:
    """Whoever says which column is who did it is not told that the same column is what happened."""
    rows = [f"{whose},{who},praise,2026-01-0{day}" for day, (whose, who) in enumerate(["ab", "ba", "ab", "bb"], 1)]
    rows = rows * 3
    (tmp_path / "a.csv").write_text("\n".join(["Kunde,Wer,Was,Wann", *rows]), encoding="utf-8")
    made = tally("init", "--from", tmp_path / "a.csv", "--subject", "Kunde", "--actor", "Wer", tmp_path / "new")
    assert "who did it: `Wer`; what happened: `Was`; when: `Wann`" in made.stderr


@pytest.mark.parametrize(
    ("flag", "other", "taken"),
    [
        ("--subject", "--kind", "what"),
        ("--subject", "--actor", "what"),
        ("--at", "--id", "at"),
        ("--kind", "--at", "at"),
    ],
)
def test_one_column_is_not_two_things(tally: Tally, tmp_path: Path, flag: str, other: str, taken: str) -> None:
    """Whoever names a column twice has made a slip, be there records or none: nothing is written."""
    (tmp_path / "a.csv").write_text("user,what,at\n" + "a,praise,2026-01-05\n" * 3, encoding="utf-8")
    for records in ((), ("--from", tmp_path / "a.csv")):
        result = tally("init", *records, flag, taken, other, taken, tmp_path / "new", "--yes")
        assert result.exit_code == 2, result.output
        assert f"column `{taken}` is taken for two things, `{flag}` and `{other}`" in result.stderr
        assert f"name another column with `{other} COLUMN`" in result.stderr
    assert not (tmp_path / "new").exists()


def test_the_usual_column_of_who_did_it_is_no_second_thing(tally: Tally, tmp_path: Path) -> None:
    """Without records, who did it is in `actor`: where that is said to be whose score it is, another is to be named."""
    result = tally("init", "--subject", "actor", tmp_path / "new", "--yes")
    assert result.exit_code == 2, result.output
    assert "column `actor` is taken for two things, `--subject` and `--actor`" in result.stderr
    result = tally("init", "--subject", "actor", "--actor", "from", tmp_path / "new", "--yes")
    assert result.exit_code == 0, result.output


def test_what_tells_records_apart_is_not_guessed_to_be_a_kind(tally: Tally, tmp_path: Path) -> None:
    """In a file of two rows, ids are as few as kinds: the column of what happened is asked for."""
    (tmp_path / "a.csv").write_text("id,user,at\nx,a,2026-01-01\ny,b,2026-01-02\n", encoding="utf-8")
    assert propose(glimpse(str(tmp_path / "a.csv"))).kind is None
    result = tally("init", "--from", tmp_path / "a.csv", tmp_path / "new", "--yes")
    assert result.exit_code == 2, result.output
    assert "name it with `--kind COLUMN`" in result.stderr


def test_lines_of_json_that_are_rejected_propose_nothing(tally: Tally, tmp_path: Path) -> None:
    """A key that stands twice, NaN, a list and half a character: no kind and no field comes of what is not scored."""
    row = '"user": "a", "what": "praise", "at": "2026-01-05", "n": 1.50'
    bad = ('"what": "twice"', '"share": NaN', '"share": 1e999, "what": "twice"')
    rows = [f"{{{row}}}"] * 9 + [f"{{{row}, {each}}}" for each in bad] * 3
    rows += [f'{{{row}, "half": "\\ud800", "\\ud800": 1, "all": [1]}}']
    (tmp_path / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    seen = glimpse(str(tmp_path / "a.jsonl"))
    assert seen.columns == ("user", "what", "at", "n")
    assert seen.rows == (("a", "praise", "2026-01-05", "1.50"),) * 10
    made = tally("init", "--from", tmp_path / "a.jsonl", tmp_path / "new")
    assert made.exit_code == 0, made.output
    assert load(tmp_path / "new" / "rules.tally").kinds == ("praise",)
    assert tally("check", tmp_path / "new" / "rules.tally").exit_code == 0


@pytest.mark.parametrize(("cell", "shown"), [("05.01.2026", "05.01.2026"), ("1767225600", "1767225600"), ("", "")])
def test_a_column_without_days_is_no_time(tally: Tally, tmp_path: Path, cell: str, shown: str) -> None:
    """A column named as the time, of which no row could be read, is refused with what stands in it, and nothing is
    written: every record would have been rejected."""
    rows = "\n".join(f"a,praise,{cell}" for _ in range(3))
    (tmp_path / "a.csv").write_text(f"user,what,Wann\n{rows}\n", encoding="utf-8")
    result = tally("init", "--from", tmp_path / "a.csv", "--at", "Wann", tmp_path / "new")
    assert result.exit_code == 2
    assert "holds no day and no moment that can be read" in result.stderr
    assert (f"such as `{shown}`" in result.stderr) == (shown != "")
    assert "2026-01-31T09:00:00Z" in result.stderr
    assert not (tmp_path / "new").exists()


def test_moments_of_parquet_are_moments(tally: Tally, tmp_path: Path) -> None:
    """A native column of moments is found, and its rulebook reads it."""
    rows = "FROM range(9) AS t(n) SELECT 'a' AS subject, 'post' AS kind, TIMESTAMPTZ '2026-01-01 10:00:00+00' + "
    duckdb.sql(f"{rows} to_days(n::INTEGER) AS x").write_parquet(str(tmp_path / "a.parquet"))
    made = tally("init", "--from", tmp_path / "a.parquet", tmp_path / "new")
    assert made.exit_code == 0, made.output
    assert "when: `x`" in made.stderr
    assert re.search(r"^    at +time$", (tmp_path / "new" / "rules.tally").read_text(encoding="utf-8"), re.MULTILINE)


def test_columns_of_parquet_that_differ_by_case_alone_keep_their_names(tally: Tally, tmp_path: Path) -> None:
    """The database renames the second; what is proposed bears the name that stands in the file, which is scored by."""
    names = [f"'p{number % 3}'" for number in range(9)]
    rows = ", ".join(f"('-', {name}, 'post', '2026-01-0{number + 1}')" for number, name in enumerate(names))
    pandas = duckdb.sql(f"FROM (VALUES {rows})").df()
    pandas.columns = ["Who", "who", "kind", "at"]
    pandas.to_parquet(tmp_path / "a.parquet")
    asked = tally("init", "--from", tmp_path / "a.parquet", "--subject", "nobody", tmp_path / "new")
    assert "`Who`, `who`, `kind`, `at`" in asked.stderr
    made = tally("init", "--from", tmp_path / "a.parquet", "--subject", "who", tmp_path / "new")
    assert made.exit_code == 0, made.output
    assert "whose score it counts toward: `who`;" in made.stderr
    new = tmp_path / "new"
    scored = tally(
        *("score", new / "rules.tally", "--records", tmp_path / "a.parquet", "--map", new / "mapping.toml"),
        *("--as-of", "2026-01-31"),
    )
    assert scored.exit_code == 0, scored.output
    assert "p2" in scored.stdout


def test_what_the_name_of_a_folder_says_is_no_column_of_parquet(tally: Tally, tmp_path: Path) -> None:
    """The database makes a column of a folder called `year=2026`; scoring reads none from there, so none is offered."""
    (tmp_path / "year=2026").mkdir()
    path = tmp_path / "year=2026" / "a.parquet"
    duckdb.sql("SELECT 'a' AS x, 'post' AS kind, DATE '2026-01-01' AS at").write_parquet(str(path))
    assert glimpse(str(path)) == Glimpse(str(path), ("x", "kind", "at"), (("a", "post", "2026-01-01"),))
    result = tally("init", "--from", path, "--subject", "year", tmp_path / "new")
    assert "has no column `year`\n  = help: its columns are `x`, `kind`, `at`\n" in result.stderr


def test_two_columns_of_parquet_by_one_name_are_refused(tally: Tally, tmp_path: Path) -> None:
    """Nobody can tell which is meant, and no run could be scored; of columns that are not taken it does not matter."""
    columns = {"id": ["1", "2"], "user": ["ada", "bob"], "who": ["bob", "ada"], "kind": ["post", "like"]}
    texts = [pa.array(column) for column in (*columns.values(), ["2026-01-01", "2026-01-02"])]
    table = pa.Table.from_arrays(texts, names=["id", "user", "user", "kind", "at"])
    pq.write_table(table, tmp_path / "a.parquet")
    result = tally("init", "--from", tmp_path / "a.parquet", "--subject", "user", tmp_path / "new")
    assert result.exit_code == 2
    assert "has two columns called `user`\n  = help: give each column a name of its own\n" in result.stderr
    assert not (tmp_path / "new").exists()
    pq.write_table(table.rename_columns(["id", "other", "other", "kind", "at"]), tmp_path / "a.parquet")
    given = ("--from", tmp_path / "a.parquet", "--subject", "id")
    assert tally("init", *given, tmp_path / "new").exit_code == 0


def test_rows_that_cannot_be_read_are_told(tally: Tally, tmp_path: Path) -> None:
    """A kind that stands in such rows alone gets no rule, so the author reads that there are some."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"user,kind,at\nada,post,2026-01-01\nad\xe4,like,2026-01-01\nbob,share\n")
    made = tally("init", "--from", path, tmp_path / "new")
    note = f"note: 2 rows cannot be read, and propose nothing; the first is {path}:3: not valid UTF-8\n"
    assert note in made.stderr
    path = tmp_path / "a.jsonl"
    path.write_text('{"user": "ada", "kind": "post", "at": "2026-01-01"}\n\n[1]\n', encoding="utf-8")
    made = tally("init", "--from", path, tmp_path / "newer")
    note = f"note: 1 row cannot be read, and proposes nothing; the first is {path}:3: not a JSON object\n"
    assert note in made.stderr
    path.write_text('{"user": \n', encoding="utf-8")
    made = tally("init", "--from", path, tmp_path / "newest")
    assert "holds no rows to propose from\n  = note: line 1 cannot be read: not JSON\n" in made.stderr


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_rows_that_were_not_looked_at_are_told(tally: Tally, tmp_path: Path, form: str) -> None:
    """Whoever has more rows than a proposal is made of reads that kinds and days may be missing; nobody else does."""
    days = ["2026-01-01"] * 20_000 + ["2026-02-01"]
    table = pa.table({"user": ["ada"] * len(days), "kind": ["post"] * 20_000 + ["like"], "at": days})
    note = "note: only the first 20,000 rows were looked at, of {}: a kind or a later day of others is not in the"
    for rows, said in ((20_001, True), (20_000, False)):
        path = tmp_path / f"{rows}.{form}"
        if form == "parquet":
            pq.write_table(table[:rows], path)
        elif form == "csv":
            lines = (",".join(each.values()) for each in table[:rows].to_pylist())
            path.write_text("\n".join(["user,kind,at", *lines]), encoding="utf-8")
        else:
            path.write_text("".join(json.dumps(each) + "\n" for each in table[:rows].to_pylist()), encoding="utf-8")
        made = tally("init", "--from", path, tmp_path / f"new{rows}")
        assert made.exit_code == 0
        assert (note.format(path) in made.stderr) == said
        assert "kind    one of post\n" in (tmp_path / f"new{rows}" / "rules.tally").read_text(encoding="utf-8")


def test_other_files_of_a_folder_are_told_of(tally: Tally, tmp_path: Path) -> None:
    """A proposal is made of the first file of a folder, and says so where there are others."""
    (tmp_path / "all").mkdir()
    for name in ("a", "b"):
        write_csv(tmp_path / "all" / f"{name}.csv")
        made = tally("init", "--from", tmp_path / "all", tmp_path / f"new{name}")
        assert made.exit_code == 0
        assert (f"looked at, of {tmp_path / 'all' / 'a.csv'}: a kind" in made.stderr) == (name == "b")


def test_records_in_place_of_a_folder_are_told_as_such(tally: Tally, tmp_path: Path) -> None:
    """Who leaves `--from` out reads that it is missing."""
    path = write_csv(tmp_path / "a.csv")
    result = tally("init", path)
    assert result.exit_code == 2
    said = f"error: `{path}` is a file, and a rulebook begins in a folder\n"
    assert result.stderr == f"{said}  = help: to begin from its records, write `tally init --from {path} my-score`\n"


def test_kinds_too_many_for_a_proposal_are_named(tally: Tally, tmp_path: Path) -> None:
    """The most frequent kinds have a rule; the author reads which have none."""
    rows = [f"a,k{number},2026-01-01" for number in range(14) for _ in range(30 - number)]
    (tmp_path / "a.csv").write_text("\n".join(["user,what,at", *rows]), encoding="utf-8")
    made = tally("init", "--from", tmp_path / "a.csv", tmp_path / "new")
    assert "note: the 12 most frequent kinds have a rule; no rule counts `k12`, `k13`\n" in made.stderr
    assert len(load(tmp_path / "new" / "rules.tally").kinds) == 12


def test_all_columns_that_are_missing_are_asked_for_at_once(tally: Tally, tmp_path: Path) -> None:
    """Who has to name three columns reads so the first time."""
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n", encoding="utf-8")
    result = tally("init", "--from", tmp_path / "a.csv", tmp_path / "new")
    assert "name it with `--subject COLUMN` and `--kind COLUMN` and `--at COLUMN`" in result.stderr
