"""Takes small records whose scores are easily counted; checks each form in which `tally score` gives them."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tallystick.cli.score_document import PersonScore, ScoresDocument

Tally = Callable[..., Result]
AS_OF = ("--as-of", "2026-01-31")
HEADING = "at,subject,actor,kind\n"
RECORDS = HEADING + (
    "2026-01-01,ada,ada,post\n"
    "2026-01-02,ada,ada,post\n"
    "2026-01-03,ada,bob,share\n"
    "2026-01-04,bob,bob,post\n"
    "2026-01-05,cyd,ada,share\n"
    "2026-02-01,dee,dee,post\n"
)
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@home",
    "a,b",
    'say "x"',
    "line\nbreak",
    "\x1b[31mred",
    "\u202egnp",
    "ünï ☃",
    "日本",
    " x ",
    "carriage\rreturn",
)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Write the records."""
    path = tmp_path / "records.csv"
    path.write_text(RECORDS, encoding="utf-8")
    return path


def test_csv_has_the_columns_of_the_contract(tally: Tally, rulebook: Path, records: Path) -> None:
    """`subject,outcome,score,band`, then each rule in the order of the rulebook; empty where there is nothing."""
    result = tally("score", rulebook, "--records", records, *AS_OF, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == (
        "subject,outcome,score,band,posting,sharing\n"
        "ada,scored,4.5,low,2.0,2.5\n"
        "bob,scored,1.0,low,1.0,\n"
        "cyd,insufficient data,,,,\n"
    )


def test_days_taken_into_a_state_are_scored_as_one(tally: Tally, rulebook: Path, records: Path, tmp_path: Path) -> None:
    """The same bytes come out after two takings as after one reading; stderr says what was taken in, and what was left
    out because it was there already."""
    tuesday = tmp_path / "tuesday.csv"
    tuesday.write_text(f"{HEADING}2026-01-06,cyd,cyd,post\n", encoding="utf-8")
    options = (*AS_OF, "--format", "csv", "--state", tmp_path / "state")
    first = tally("score", rulebook, "--records", records, *options)
    assert "rows of records taken in now: 6; 6 rows from 1 taking in all in the state" in first.stderr
    second = tally("score", rulebook, "--records", records, tuesday, *options)
    assert "rows of records taken in now: 1; 7 rows from 2 takings in all in the state" in second.stderr
    assert f"note: `{records}` was taken in before, the same to the byte" in second.stderr
    once = tally("score", rulebook, "--records", records, tuesday, *AS_OF, "--format", "csv")
    assert first.exit_code == second.exit_code == 0
    assert second.stdout == once.stdout


def test_a_summary_follows_on_stderr(tally: Tally, rulebook: Path, records: Path) -> None:
    """How many are scored, who has no score and why, and each rule's share of all points; never on stdout."""
    result = tally("score", rulebook, "--records", records, *AS_OF, "--format", "csv")
    assert "3 people: 2 scored" in result.stderr
    assert "You have not posted." in result.stderr
    assert "54.5%" in result.stderr
    assert "people" not in result.stdout


def test_json_has_the_receipt_and_all_that_leads_to_the_score(tally: Tally, rulebook: Path, records: Path) -> None:
    """Lines plus adjustments are the score, exactly; the document fits its published model."""
    records.write_text(RECORDS + "".join(f"2026-01-06,ada,p{n},share\n" for n in range(8)), encoding="utf-8")
    result = tally("score", rulebook, "--records", records, *AS_OF, "--format", "json")
    document = ScoresDocument.model_validate_json(result.stdout)
    assert document.schema_name == "tallystick.scores/1"
    assert [person.subject for person in document.subjects] == ["ada", "bob", "cyd"]
    assert document.receipt.inputs[0].rows == 14
    ada = document.subjects[0]
    assert (ada.score, ada.facets[0].lines, ada.facets[0].subtotal) == ("10.0", "24.5", "10.0")
    assert [(each.kind, each.facet, each.amount) for each in ada.adjustments] == [("cap", "all", "-14.5")]
    assert document.subjects[2].requirement == "enough"


def test_json_without_anybody_is_a_document_all_the_same(tally: Tally, rulebook: Path, records: Path) -> None:
    """No records, no subjects: a list of nobody."""
    records.write_text(HEADING, encoding="utf-8")
    result = tally("score", rulebook, "--records", records, *AS_OF, "--format", "json")
    assert ScoresDocument.model_validate_json(result.stdout).subjects == ()


def test_the_schema_of_the_scores_is_published(tally: Tally, rulebook: Path, records: Path) -> None:
    """`tally schema scores` names every field of the document (a profile is there on request), and of a person's part
    of it."""
    schema = json.loads(tally("schema", "scores").stdout)
    written = json.loads(tally("score", rulebook, "--records", records, *AS_OF, "--format", "json").stdout)
    assert set(schema["properties"]) == {*written, "profile"}
    assert set(schema["$defs"]["PersonScore"]["properties"]) == {*written["subjects"][0], "by"}


def test_a_profile_says_what_each_part_took(tally: Tally, rulebook: Path, records: Path) -> None:
    """`--profile` adds a table on stderr of what the run did, and of every measure and rule by itself; the scores on
    stdout stay as they are."""
    words = ("score", rulebook, "--records", records, *AS_OF, "--format", "csv")
    result = tally(*words, "--profile")
    assert result.stdout == tally(*words).stdout
    did, by_itself = result.stderr.split("of processors")
    assert re.search(r"\n +\d+\.\d{3}  reading .*records\.csv\n", did) is not None
    assert re.search(r"\n +\d+\.\d{3}  printing the scores\n", did) is not None
    assert re.findall(r"^ +\d+\.\d{3} +\d+\.\d{3}  rule (\w+)$", by_itself, re.MULTILINE) == ["posting", "sharing"]


def test_a_profile_stands_in_the_document(tally: Tally, rulebook: Path, records: Path) -> None:
    """As JSON, the profile is a part of the scores document, which is otherwise the same but for when it was made."""
    words = ("score", rulebook, "--records", records, *AS_OF, "--format", "json")
    with_it = ScoresDocument.model_validate_json(tally(*words, "--profile").stdout)
    without = ScoresDocument.model_validate_json(tally(*words).stdout)
    assert without.profile is None
    assert with_it.profile is not None
    assert with_it.subjects == without.subjects
    assert with_it.receipt.ledger_digest == without.receipt.ledger_digest
    assert [each.name for each in with_it.profile.parts if each.part == "rule"] == ["posting", "sharing"]
    assert with_it.profile.stages[0].stage == "opening the files"


def test_ndjson_is_one_person_a_line(tally: Tally, rulebook: Path, records: Path) -> None:
    """Each line is a person's part of the scores document."""
    words = ("score", rulebook, "--records", records, *AS_OF)
    lines = tally(*words, "--format", "ndjson").stdout.splitlines()
    whole = ScoresDocument.model_validate_json(tally(*words, "--format", "json").stdout)
    assert tuple(PersonScore.model_validate_json(line) for line in lines) == whole.subjects


def test_the_table_is_for_people(tally: Tally, rulebook: Path, records: Path) -> None:
    """Figures stand under each other, and who has no score is told so."""
    result = tally("score", rulebook, "--records", records, *AS_OF)
    assert result.stdout == (
        "subject                      score  band  posting  sharing\n"
        "ada                            4.5  low       2.0      2.5\n"
        "bob                            1.0  low       1.0        -\n"
        "cyd      insufficient data: enough  -           -        -\n"
    )


def with_hostile_names(path: Path) -> None:
    """Write records about people with names that are none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADING.strip().split(","))
        writer.writerows(("2026-01-01", name, name, "post") for name in HOSTILE)


def test_csv_and_json_hold_hostile_names_exactly(tally: Tally, rulebook: Path, records: Path) -> None:
    """Programs get the names that the records have, whatever is in them, in the order of their code points."""
    with_hostile_names(records)
    words = ("score", rulebook, "--records", records, *AS_OF, "--format")
    rows = list(csv.reader(io.StringIO(tally(*words, "csv").stdout, newline="")))
    assert [row[0] for row in rows[1:]] == sorted(HOSTILE)
    written = tally(*words, "json").stdout
    assert [person.subject for person in ScoresDocument.model_validate_json(written).subjects] == sorted(HOSTILE)
    assert "\x1b" not in written


def test_the_table_shows_hostile_names_harmlessly(tally: Tally, rulebook: Path, records: Path) -> None:
    """No name can break a row, colour the terminal or turn the text around."""
    with_hostile_names(records)
    result = tally("score", rulebook, "--records", records, *AS_OF)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.split("\n")
    assert len(lines) == 1 + len(HOSTILE) + 1
    assert all(line.isprintable() for line in lines)
    assert "<U+001B>[31mred" in result.stdout


@pytest.mark.parametrize(
    "form",
    [
        "{r} --records {b} --records {a} {d}",
        "{r} --records {a} {b} {d}",
        "--records {a} {b} {d} {r}",
        "{d} --records {a} {b} {r}",
    ],
)
def test_several_files_may_follow_records_in_any_order(tally: Tally, rulebook: Path, tmp_path: Path, form: str) -> None:
    """`--records a b` reads both, whether FILE stands before or after."""
    lines = RECORDS.splitlines(keepends=True)
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("".join(lines[:3]), encoding="utf-8")
    second.write_text(HEADING + "".join(lines[3:]), encoding="utf-8")
    named = {"{r}": [rulebook], "{a}": [first], "{b}": [second], "{d}": AS_OF}
    words = [word for each in form.split() for word in named.get(each, [each])]
    result = tally("score", *words, "--format", "csv")
    assert result.exit_code == 0, result.stderr
    assert "ada,scored,4.5,low,2.0,2.5\n" in result.stdout


def test_records_come_from_stdin(tally: Tally, rulebook: Path) -> None:
    """`--records -` reads what is piped in."""
    result = tally("score", rulebook, "--records", "-", *AS_OF, "--format", "csv", stdin=RECORDS)
    assert result.exit_code == 0, result.stderr
    assert "ada,scored,4.5" in result.stdout


def test_the_rulebook_comes_from_stdin(tally: Tally, rulebook: Path, records: Path) -> None:
    """`-` in place of FILE reads the rulebook that is piped in."""
    text = rulebook.read_text(encoding="utf-8")
    result = tally("score", "-", "--records", records, *AS_OF, "--format", "csv", stdin=text)
    assert "ada,scored,4.5" in result.stdout


def test_records_without_their_option_are_told(tally: Tally, rulebook: Path, records: Path) -> None:
    """Whoever writes the records behind the rulebook reads which option they belong to."""
    result = tally("score", rulebook, records, *AS_OF)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: `{records}` is a word too many\n  = help: write `--records {records}`\n"


def test_stdin_is_read_once(tally: Tally) -> None:
    """Two dashes cannot both be stdin."""
    result = tally("score", "-", "--records", "-", *AS_OF, stdin="")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "once" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "today"),
        ("--as-of", "2026-1-31"),
        ("--as-of", "2026-02-30"),
        ("--as-of", "20260131"),
        (*AS_OF, "--no-records"),
        (*AS_OF, "--max-rejected", "many"),
        (*AS_OF, "--max-rejected", "-1%"),
        (*AS_OF, "--max-rejected", "NaN"),
        (*AS_OF, "--subjects", "nowhere.csv"),
        (*AS_OF, "--map", "nowhere.toml"),
        (*AS_OF, "--format", "xml"),
        (),
    ],
)
def test_wrong_usage_exits_2(tally: Tally, rulebook: Path, records: Path, words: tuple[str, ...]) -> None:
    """A day that is none, an option that fits nothing, a file that is not there: exit 2, nothing on stdout."""
    result = tally("score", rulebook, "--records", records, *words)
    assert (result.exit_code, result.stdout) == (2, ""), result.stderr
    assert "Traceback" not in result.stderr
    assert "mistake of ours" not in result.stderr


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("today", "nothing is taken from a clock"),
        ("20260131", "write `2026-01-31`"),
        ("20261331", "write a day of the calendar, as in `2026-01-31`"),
        ("2026-01-31T12:00:00Z", "write `2026-01-31`"),
        ("2026-02-30T12:00:00Z", "write a day of the calendar, as in `2026-01-31`"),
    ],
)
def test_help_says_how_a_day_is_written(tally: Tally, rulebook: Path, records: Path, given: str, meant: str) -> None:
    """A day in eight digits or with a time of day is refused with the day to write; a word for one, with why."""
    refused = tally("score", rulebook, "--records", records, "--as-of", given)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert meant in refused.stderr


@pytest.mark.parametrize("command", ["score", "check", "fmt", "explain"])
def test_records_in_place_of_the_rulebook_are_told(tally: Tally, rulebook: Path, records: Path, command: str) -> None:
    """Whoever swaps the two reads so, not a list of mistakes in a rulebook that is none; the file stays as it is."""
    options = {"score": ("--records", rulebook, *AS_OF), "explain": ("--subject", "ada", *AS_OF)}.get(command, ())
    result = tally(command, records, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"`{records}` is a file of records by its name, not a rulebook" in result.stderr
    assert "--records" in result.stderr
    assert records.read_text(encoding="utf-8") == RECORDS


def test_a_state_that_is_not_there_is_told(tally: Tally, rulebook: Path, records: Path, tmp_path: Path) -> None:
    """A slip in the name of a state is told: as a refusal where nothing begins it, else as a state that is new."""
    kept, slip = ("--state", tmp_path / "kept"), ("--state", tmp_path / "ketp")
    begun = tally("score", rulebook, "--records", records, *AS_OF, *kept)
    assert f"in all in the state {tmp_path / 'kept'}, which is new\n" in begun.stderr
    again = tally("score", rulebook, *AS_OF, *kept)
    assert f"in all in the state {tmp_path / 'kept'}\n" in again.stderr
    refused = tally("score", rulebook, *AS_OF, *slip)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"there is no state in `{tmp_path / 'ketp'}`, and no records were given to begin one" in refused.stderr
    assert not (tmp_path / "ketp").exists()


def test_a_rulebook_with_errors_is_not_scored_by(tally: Tally, records: Path) -> None:
    """Its mistakes are told on stderr, exit 1, and stdout stays empty."""
    result = tally("score", Path(__file__).with_name("ten_mistakes.tally"), "--records", records, *AS_OF)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("10 errors\n")


def test_too_many_rows_that_cannot_be_read_end_the_run(tally: Tally, rulebook: Path, records: Path) -> None:
    """Above the share that is allowed nothing is scored, exit 1; allowed more, the rest is, and they are counted."""
    records.write_text(RECORDS + "tomorrow,ada,ada,post\n", encoding="utf-8")
    words = ("score", rulebook, "--records", records, *AS_OF, "--format", "csv")
    refused = tally(*words)
    assert (refused.exit_code, refused.stdout) == (1, "")
    allowed = tally(*words, "--max-rejected", "20%")
    assert allowed.exit_code == 0
    assert "ada,scored,4.5" in allowed.stdout
    assert "1 rejected" in allowed.stderr


def test_bytes_flipped_at_random_never_give_a_traceback(tally: Tally, community: Path, tmp_path: Path) -> None:
    """Whatever 200 flipped bytes do to records, they are scored with the damage counted, or refused with a reason."""
    whole = (community / "records.csv").read_bytes()
    subjects = ("--subjects", community / "subjects.csv")
    codes: Counter[int] = Counter()
    for seed in range(6):
        chance = random.Random(seed)  # noqa: S311  the seed makes it the same each time
        damaged = bytearray(whole)
        for _ in range(200):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        file = tmp_path / f"{seed}.csv"
        file.write_bytes(damaged)
        words = ("score", community / "community.tally", "--records", file, *subjects, "--as-of", "2026-03-31")
        result = tally(*words, "--max-rejected", "100%", "--format", "csv")
        codes[result.exit_code] += 1
        assert result.exit_code in (0, 1), result.stderr
        assert result.exit_code == 1 or re.search(r"[1-9]\d* rejected", result.stderr)
    assert codes[0] > 0, codes


def test_a_run_folder_is_written_and_nothing_else_replaced(
    tally: Tally, rulebook: Path, records: Path, tmp_path: Path
) -> None:
    """`--out` writes a run that `tally explain` reads; a folder of anything else is left as it is, exit 2."""
    out = tmp_path / "run"
    words = ("score", rulebook, "--records", records, *AS_OF, "--out", out)
    assert tally(*words).exit_code == 0
    assert (out / "receipt.json").is_file()
    explained = tally("explain", out, "--subject", "ada")
    assert explained.exit_code == 0
    assert "4.5" in explained.stdout
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    refused = tally(*words[:-1], other)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert [path.name for path in other.iterdir()] == ["mine.txt"]


def test_the_run_that_goes_for_a_new_one_is_named(tally: Tally, rulebook: Path, records: Path, tmp_path: Path) -> None:
    """Whoever names February's folder in March reads that February's run is gone, and by which rules it was."""
    words = ("score", rulebook, "--records", records, "--out", tmp_path / "run", "--as-of")
    first = tally(*words, "2026-01-31")
    assert f"run written to {tmp_path / 'run'}\n" in first.stderr
    again = tally(*words, "2026-02-28")
    assert f"run written to {tmp_path / 'run'}, in place of that of 2026-01-31 by `Small` 1.0.0\n" in again.stderr


def test_why_rows_were_rejected_is_told(tally: Tally, rulebook: Path, records: Path) -> None:
    """Also when they are few enough to go on: the reason, and where the first of them stands."""
    records.write_text(RECORDS + "never,ada,ada,post\n", encoding="utf-8")
    result = tally("score", rulebook, "--records", records, *AS_OF, "--max-rejected", "50%")
    assert result.exit_code == 0
    assert (
        f"note: rejected records: 1 × `at`: not a date (YYYY-MM-DD); the first is {records}:8, `never`" in result.stderr
    )


@pytest.mark.parametrize("row", ['2026-01-01,ada,ada,"post', '2026-01-01,ada,a"da,post'])
def test_a_lost_quote_is_told_with_what_to_do(tally: Tally, rulebook: Path, records: Path, row: str) -> None:
    """Where it stands, and how quotes are written."""
    records.write_text(f"{RECORDS}{row}\n", encoding="utf-8")
    result = tally("score", rulebook, "--records", records, *AS_OF)
    assert result.exit_code == 1
    remedy = "(a cell that begins with a quote ends with one, and each quote in it is doubled)"
    assert f"the first is {records}:8, `{row}` {remedy}\n" in result.stderr


@pytest.mark.parametrize(
    ("was", "declared", "cell", "remedy"),
    [
        ("at      date", "at      time", "2026-01-01T10:00", 'declare the field as `time in "Europe/Berlin"`'),
        ("at      date", "at      date\n    paid    number", "12,50", "a number is written 1234.5: with a point"),
        ("at      date", "at      date\n    paid    number", "", "if it may be missing, declare it `optional`"),
        ("at      date", "at      date", "05.01.2026", "`tally read` takes days and numbers in other ways"),
        ("at      date", "at      date", "2026-01-05T10:00:00Z", "days are declared `date`, moments `time`: is `at`"),
        ("at      date", "at      time", "2026-01-05", "days are declared `date`, moments `time`: is `at`"),
        ("at      date", "at      date", "2026-02-30", None),
        ("at      date", "at      date", "", None),
    ],
)
def test_why_rows_were_rejected_is_told_with_what_to_do(
    tally: Tally, rulebook: Path, tmp_path: Path, was: str, declared: str, cell: str, remedy: str | None
) -> None:
    """A time without a zone, a decimal comma, a day first and an empty cell come with a remedy in the rulebook or the
    file; `at` can never be optional, and nothing says so."""
    rules, _ = rulebook.read_text(encoding="utf-8").split("example ", 1)
    rulebook.write_text(rules.replace(was, declared), encoding="utf-8")
    field = "paid" if "paid" in declared else "at"
    row = {"at": "2026-01-01", "subject": "ada", "actor": "ada", "kind": "post", field: cell}
    lines = (";".join(each) for each in (row, row.values()))
    (tmp_path / "r.csv").write_text("\n".join(lines), encoding="utf-8")
    result = tally("score", rulebook, "--records", tmp_path / "r.csv", *AS_OF)
    assert result.exit_code == 1, result.output
    assert f"1 × `{field}`: " in result.stderr
    assert remedy is None or f"({remedy}" in result.stderr.replace("if all are times of one zone, ", "")
    note = next(line for line in result.stderr.splitlines() if "1 × " in line)
    assert note.endswith(")") == (remedy is not None)
    assert ("optional" in result.stderr) == (remedy is not None and "optional" in remedy)


def test_records_of_no_use_are_told_of(tally: Tally, rulebook: Path, records: Path) -> None:
    """A kind that the rulebook does not list is mostly a slip, and everybody's score shows it only by being low."""
    records.write_text(RECORDS + "2026-01-02,ada,ada,Post\n", encoding="utf-8")
    result = tally("score", rulebook, "--records", records, *AS_OF)
    assert re.search(r"^ +1  of no use to any rule, such as those of a kind", result.stderr, re.MULTILINE)


def test_a_very_long_name_leaves_the_table_readable(tally: Tally, rulebook: Path, records: Path) -> None:
    """The table cuts it and says so; CSV has it whole."""
    name = "n" * 5_000
    records.write_text(RECORDS + f"2026-01-02,{name},ada,post\n", encoding="utf-8")
    words = ("score", rulebook, "--records", records, *AS_OF)
    table = tally(*words).stdout
    assert max(map(len, table.splitlines())) < 120
    assert "n…" in table
    assert f"\n{name},scored," in tally(*words, "--format", "csv").stdout


def test_only_errors_keep_a_rulebook_from_being_used(
    tally: Tally, rulebook: Path, records: Path, tmp_path: Path
) -> None:
    """Who wants scores is told what is in their way; what is only doubtful is told by ``tally check``."""
    text = rulebook.read_text(encoding="utf-8") + '\nparameter spare = 3 "read by nobody"\n'
    doubtful, wrong = tmp_path / "doubtful.tally", tmp_path / "wrong.tally"
    doubtful.write_text(text, encoding="utf-8")
    wrong.write_text(text + '\nparameter late = 3 days + 1 "days and a number"\n', encoding="utf-8")
    assert tally("score", doubtful, "--records", records, *AS_OF).exit_code == 0
    refused = tally("score", wrong, "--records", records, *AS_OF)
    assert "error[" in refused.stderr
    assert "warning[" not in refused.stderr
    assert refused.stderr.endswith("1 error\n")
    assert "warning[unused]" in tally("check", wrong).stdout


def test_rules_that_read_attributes_alone_tell_of_no_rows_of_records(tally: Tally, tmp_path: Path) -> None:
    """Where a rulebook reads no records, the rows about people are told of, and not that no record was read."""
    book, people = tmp_path / "grades.tally", tmp_path / "people.csv"
    book.write_text(
        'rulebook "Grades" version 1.0.0\n    owner "Us"\n\nsubjects\n    grade whole number 1 to 6\n\n'
        'rule grade "Grade"\n    points grade\n    because "So."\n\nscore "Grades"\n    sum of all rules\n',
        encoding="utf-8",
    )
    people.write_text("subject,grade\nada,2\nbob,9\n", encoding="utf-8")
    options = ("--subjects", people, "--as-of", "2026-01-31", "--max-rejected", "100%")
    told = tally("score", book, *options, "--out", tmp_path / "run").stderr
    assert "2 rows about people read, 1 rejected\n" in told
    assert "records" not in told
    assert "rows of subjects rejected" not in told
    assert tally("publish", tmp_path / "run", "--out", tmp_path / "site").exit_code == 0
    pages = [page.read_text(encoding="utf-8") for page in (tmp_path / "site" / "run").glob("*.html")]
    assert any("Rows about people: 2, of which 1 could not be read." in page for page in pages)
    assert not any("rows of records" in page for page in pages)
