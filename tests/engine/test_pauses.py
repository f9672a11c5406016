"""A file of pauses, from its rows to a run's folder: in any form the same, kept, counted, and refused where it does not
fit."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from generators.accepted import accepted

from tallystick.engine import open_run, score
from tallystick.engine.pauses import Pause, Stretch, paused_days, stretches
from tallystick.engine.refusals import DataRefusal, UsageRefusal
from tallystick.engine.run import FinishedRun, RejectedRow
from tallystick.rules.rulebook import Rulebook

RULEBOOK = """\
rulebook "Likes" version 1.0.0
    owner "x"

records
    subject text
    actor   text
    kind    one of like
    at      date

measure likes "like" / "likes"
    count like
    halving every 10 days except pauses

rule liked "People like it"
    points likes
    because "A like is a like."

score "Likes"
    sum of all rules
"""
RECORDS = "subject,actor,kind,at\nada,bob,like,2026-02-19\nbob,ada,like,2026-02-19\n"
ROWS = (("ada", "2026-02-20", "2026-02-22"), ("ada", "2026-02-23", "2026-02-24"), ("bob", "2026-02-25", ""))
AS_OF = date(2026, 3, 1)
SLOWED = Decimal("0.707106781")
"""2^(-5/10): both were away on five of the ten days since their record."""


def rulebook(text: str = RULEBOOK) -> Rulebook:
    """Check a rulebook."""
    return accepted(text)


def pauses_file(folder: Path, form: str) -> Path:
    """Write the pauses in a form, with a column that nobody asked for."""
    path = folder / f"pauses.{form}"
    match form:
        case "csv" | "tsv":
            mark = "," if form == "csv" else "\t"
            lines = [("reason", "to", "subject", "from"), *(("ill", to, who, start) for who, start, to in ROWS)]
            path.write_text("".join(f"{mark.join(line)}\n" for line in lines), encoding="utf-8")
        case "jsonl":
            told = [{"subject": who, "from": start, "to": to or None, "reason": "ill"} for who, start, to in ROWS]
            path.write_text("".join(f"{json.dumps(each)}\n" for each in told), encoding="utf-8")
        case _:
            who, starts, ends = zip(*ROWS, strict=True)
            days = [pa.array([date.fromisoformat(each) if each else None for each in one]) for one in (starts, ends)]
            pq.write_table(pa.table({"subject": who, "from": days[0], "to": days[1]}), path)
    return path


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Write the records."""
    path = tmp_path / "records.csv"
    path.write_text(RECORDS, encoding="utf-8")
    return path


def scores(run: FinishedRun) -> dict[str, Decimal | None]:
    """Return everybody's score."""
    return {each.score.subject: each.score.score for each in run.ledgers()}


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet"])
def test_every_form_of_the_file_is_read_alike(form: str, records: Path, tmp_path: Path) -> None:
    """CSV, TSV, JSON Lines and Parquet give the same fading; no other column is read; the receipt has the file."""
    run = score(rulebook(), records, as_of=AS_OF, pauses=pauses_file(tmp_path, form))
    assert scores(run) == {"ada": SLOWED, "bob": SLOWED}
    assert run.notices == ()
    assert [(each.role, each.rows, each.sha256 is None) for each in run.receipt.inputs] == [
        ("records", 2, False),
        ("pauses", 3, False),
    ]
    assert (run.counts.pause_rows, run.counts.pause_rejected, run.counts.pause_unknown) == (3, 0, 0)
    assert run.pauses("ada") == (Stretch(date(2026, 2, 20), date(2026, 2, 24)),)
    run.close()


def test_whole_numbers_name_people_as_text_does(tmp_path: Path) -> None:
    """Where records keep their people as numbers, a pause finds its person, whether its own file does so or not."""
    records = pa.table({"subject": [7], "actor": [8], "kind": ["like"], "at": [date(2026, 2, 19)]})
    as_number = pa.table({"subject": [7], "from": [date(2026, 2, 20)], "to": [date(2026, 2, 24)]})
    as_text = tmp_path / "pauses.csv"
    as_text.write_text("subject,from,to\n7,2026-02-20,2026-02-24\n", encoding="utf-8")
    for pauses in (as_number, as_text):
        run = score(rulebook(), records, as_of=AS_OF, pauses=pauses)
        assert scores(run) == {"7": SLOWED}
        assert run.counts.pause_unknown == 0
        assert run.pauses("7") == (Stretch(date(2026, 2, 20), date(2026, 2, 24)),)
        run.close()


def test_a_pause_can_be_of_one_day(records: Path, tmp_path: Path) -> None:
    """It ends on the day on which it begins."""
    path = tmp_path / "pauses.csv"
    path.write_text("subject,from,to\nada,2026-02-20,2026-02-20\n", encoding="utf-8")
    run = score(rulebook(), records, as_of=AS_OF, pauses=path)
    assert run.pauses("ada") == (Stretch(date(2026, 2, 20), date(2026, 2, 20)),)
    assert list(run.rejected()) == []
    run.close()


def test_a_pause_that_cannot_be_read_is_rejected(records: Path, tmp_path: Path) -> None:
    """An end before its beginning, a day that is none, a pause of nobody: each with line, field, reason and value."""
    path = tmp_path / "pauses.csv"
    path.write_text(
        "subject,from,to\nada,2026-02-20,2026-02-24\nada,2026-02-24,2026-02-20\nada,2026-02-30,\n,2026-02-20,\n",
        encoding="utf-8",
    )
    run = score(rulebook(), records, as_of=AS_OF, pauses=path, max_rejected=Decimal(1))
    assert scores(run) == {"ada": SLOWED, "bob": Decimal("0.5")}
    assert list(run.rejected()) == [
        RejectedRow(str(path), 3, "to", "before its `from`", "2026-02-20"),
        RejectedRow(str(path), 4, "from", "not a date (YYYY-MM-DD)", "2026-02-30"),
        RejectedRow(str(path), 5, "subject", "missing", ""),
    ]
    assert (run.counts.pause_rows, run.counts.pause_rejected) == (4, 3)
    assert any(each.startswith("rejected pauses: 1 × `to`: before its `from`") for each in run.notices)
    run.close()
    with pytest.raises(DataRefusal, match="3 of 4 rows of pauses cannot be read"):
        score(rulebook(), records, as_of=AS_OF, pauses=path)


def test_pauses_of_nobody_are_counted_and_told(records: Path, tmp_path: Path) -> None:
    """Pauses about people whom no other input names change nothing, and are not dropped in silence."""
    path = tmp_path / "pauses.csv"
    path.write_text("subject,from,to\ndan,2026-02-20,\ndan,2026-02-21,\neve,2026-02-20,\n", encoding="utf-8")
    run = score(rulebook(), records, as_of=AS_OF, pauses=path)
    assert run.counts.pause_unknown == 3
    assert run.notices == ("3 pauses are about nobody in the run: `dan` and 1 more",)
    assert scores(run) == {"ada": Decimal("0.5"), "bob": Decimal("0.5")}
    run.close()


def test_one_day_between_pauses_fades_and_what_is_to_come_does_not_yet(records: Path, tmp_path: Path) -> None:
    """Of ten days three pauses take five; the single days between them fade, and a pause after the last day taken in
    changes nothing, be it told first or last."""
    stretches = ["20,2026-02-21", "23,2026-02-24", "26,2026-02-26"]
    told = [f"ada,2026-02-{each}\n" for each in stretches] + ["ada,2026-03-04,2026-03-09\n", "ada,2026-03-12,\n"]
    path = tmp_path / "pauses.csv"
    for rows in (told, told[::-1]):
        path.write_text("subject,from,to\n" + "".join(rows), encoding="utf-8")
        run = score(rulebook(), records, as_of=AS_OF, pauses=path)
        assert scores(run) == {"ada": SLOWED, "bob": Decimal("0.5")}
        run.close()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("dan,2026-02-20,\n", "1 pause is about nobody in the run: `dan`"),
        ("dan,2026-02-20,\ndan,2026-02-22,\n", "2 pauses are about nobody in the run: `dan`"),
        ("dan,2026-02-20,\neve,2026-02-22,\n", "2 pauses are about nobody in the run: `dan` and 1 more"),
    ],
)
def test_one_unknown_and_several_are_counted_as_they_are(rows: str, told: str, records: Path, tmp_path: Path) -> None:
    """Pauses and people are counted each by themselves, and a single one is told, too."""
    path = tmp_path / "pauses.csv"
    path.write_text(f"subject,from,to\n{rows}ada,2026-02-20,2026-02-22\n", encoding="utf-8")
    run = score(rulebook(), records, as_of=AS_OF, pauses=path)
    assert run.notices == (told,)
    run.close()


def test_without_a_file_everything_fades(records: Path) -> None:
    """A rulebook that says `except pauses` needs no file, and a notice says that there was none."""
    run = score(rulebook(), records, as_of=AS_OF)
    assert scores(run) == {"ada": Decimal("0.5"), "bob": Decimal("0.5")}
    assert run.notices == ("no pauses were given, so nothing stops the fading that the rulebook calls `except pauses`",)
    run.close()


def test_a_file_that_no_measure_asks_for_is_refused(records: Path, tmp_path: Path) -> None:
    """Nobody takes pauses for read that are not."""
    book = rulebook(RULEBOOK.replace(" except pauses", ""))
    with pytest.raises(UsageRefusal, match="no measure of the rulebook says `except pauses`"):
        score(book, records, as_of=AS_OF, pauses=pauses_file(tmp_path, "csv"))


def test_a_column_that_is_missing_is_refused(records: Path, tmp_path: Path) -> None:
    """The columns have fixed names: `from` must be there, and no mapping is offered as the remedy."""
    path = tmp_path / "pauses.csv"
    path.write_text("subject,since,to\nada,2026-02-20,\n", encoding="utf-8")
    with pytest.raises(UsageRefusal, match="has no column `from`") as caught:
        score(rulebook(), records, as_of=AS_OF, pauses=path)
    assert caught.value.help == "the columns of this file have fixed names; call them so"


@pytest.mark.parametrize("keep_records", [True, False])
def test_a_run_keeps_its_pauses(keep_records: bool, records: Path, tmp_path: Path) -> None:  # noqa: FBT001
    """The folder has them as they were told, whether it keeps the records or not, and tells the same of everybody."""
    made = score(
        rulebook(),
        records,
        as_of=AS_OF,
        pauses=pauses_file(tmp_path, "csv"),
        out=tmp_path / "run",
        keep_records=keep_records,
    )
    kept = pq.read_table(tmp_path / "run" / "pauses.parquet").to_pydict()
    assert kept["subject"] == ["ada", "ada", "bob"]
    assert kept["to"] == [date(2026, 2, 22), date(2026, 2, 24), None]
    opened = open_run(tmp_path / "run", records=None if keep_records else records)
    for name in ("ada", "bob", "nobody"):
        assert opened.pauses(name) == made.pauses(name)
        assert opened.subject(name) == made.subject(name)
        assert list(opened.evidence(name)) == list(made.evidence(name))
    assert [row.effect for row in opened.evidence("ada")] == [SLOWED]
    made.close()
    opened.close()


def test_changed_pauses_of_a_run_are_found(records: Path, tmp_path: Path) -> None:
    """A run whose pauses are not those that it wrote is not opened."""
    score(rulebook(), records, as_of=AS_OF, pauses=pauses_file(tmp_path, "csv"), out=tmp_path / "run").close()
    path = tmp_path / "run" / "pauses.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(DataRefusal, match=r"pauses\.parquet` is not as the run wrote it"):
        open_run(tmp_path / "run")


def test_days_at_the_ends_of_the_calendar_are_counted() -> None:
    """The first and the last day that there are can lie in a pause."""
    away = stretches([Pause("ada", date.min, date.max), Pause("ada", date.max, None)], date.max)["ada"]
    assert away == (Stretch(date.min, date.max),)
    assert paused_days(away, date.min, date.max) == (date.max - date.min).days == away[0].days - 1
