"""Holds the bench to its word: the query written by hand and the rulebook are the same job."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
ROWS = 20_000


def run_bench(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the bench as ``make bench`` does, with its made records in a folder."""
    command = [sys.executable, "-m", "benchmarks", "--rows", str(ROWS), "--threads", "1", "--folder", str(folder)]
    return subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the records made for these tests are kept."""
    return tmp_path_factory.mktemp("bench-data")


@pytest.fixture(scope="module")
def agreed(folder: Path) -> subprocess.CompletedProcess[str]:
    """Make the records, and hold the query by hand and the engine to each other."""
    return run_bench(folder, "--agree")


def test_by_hand_and_engine_agree(agreed: subprocess.CompletedProcess[str]) -> None:
    """Both give the same total and the same eight lines for everybody, to the last digit."""
    assert agreed.stdout == f"{ROWS:,} rows: the same totals and lines\n", agreed.stderr
    assert agreed.returncode == 0


def test_disagreement_is_found(folder: Path, tmp_path: Path) -> None:
    """A query by hand that fades by another half-life is told from the rulebook."""
    other = tmp_path / "other.sql"
    text = (BENCHMARKS / "by_hand.sql").read_text()
    assert "-age / 30.0" in text
    other.write_text(text.replace("-age / 30.0", "-age / 31.0"))
    done = run_bench(folder, "--agree", "--by-hand", str(other))
    assert "NOT THE SAME" in done.stdout
    assert done.returncode == 1


@pytest.mark.whole
def test_prints_ratios_growth_and_goals(folder: Path) -> None:
    """Two sizes print a table each with every task, how time grows between them, and each goal beside what was
    measured; the exit code says whether the limit was kept."""
    done = run_bench(folder, "--rounds", "1", "--rows", "10000", "20000")
    for rows in ("10,000", "20,000"):
        assert f"| {rows} rows | clock |" in done.stdout, done.stderr
    assert len(re.findall(r"^\| engine \| .* \| \*\*[0-9]+\.[0-9]{2}\*\* \|", done.stdout, re.MULTILINE)) == 2
    assert len(re.findall(r"^\| engine, content digest \| ", done.stdout, re.MULTILINE)) == 2
    assert "| 10,000 to 20,000 | engine |" in done.stdout
    limits = re.findall(r"\(the limit\) \| 2\.00 \| [0-9.]+ \| (met|missed by [0-9.]+) \|", done.stdout)
    assert len(limits) == 2
    assert done.returncode == (0 if limits == ["met", "met"] else 1)
    assert f"DuckDB {duckdb.__version__}" in done.stdout
    assert "round 1 of 1  engine" in done.stderr


@pytest.mark.whole
def test_other_shapes_agree(folder: Path) -> None:
    """One rule and two hundred, texts for identifiers, one person with a twentieth of all records, CSV, JSON Lines: for
    each, the query by hand gives the engine's totals and lines."""
    done = run_bench(folder, "--shapes", "--agree")
    lines = done.stdout.splitlines()
    assert len(lines) == 9, done.stderr
    assert all(line.endswith(": the same totals and lines") for line in lines)
    assert done.returncode == 0


@pytest.mark.whole
def test_peers_agree(tmp_path: Path) -> None:
    """The other rule engines give everybody the total that ours gives, and their speed is told as a ratio to ours."""
    for each in ("rule_engine", "zen", "openfisca_core"):
        pytest.importorskip(each)
    command = [sys.executable, "-c", "import sys; from pathlib import Path; from benchmarks.peers import run_peers; "]
    command[-1] += "sys.exit(not run_peers(Path(sys.argv[1]), 1, 500))"
    done = subprocess.run([*command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the same totals") == 4
    assert re.search(r"^\| rule-engine \| [0-9,]+ \| [0-9.]+ \| [0-9.]+ \|$", done.stdout, re.MULTILINE) is not None


@pytest.mark.usefixtures("agreed")
def test_records_are_those_of_the_job(folder: Path) -> None:
    """The records have the shares that the job names: kinds, actions on oneself, copies, pairs, returned words."""
    records = duckdb.read_parquet(str(folder / f"records-{ROWS}.parquet"))
    query = """
        SELECT
            count(*),
            count(DISTINCT kind),
            count(DISTINCT subject) <= 200,
            max("at") - min("at") < INTERVAL 180 DAYS,
            avg(CAST(subject = actor AS INTEGER)) FILTER (kind <> 'post'),
            count(*) - count(DISTINCT record)
        FROM (SELECT *, record FROM records AS record)
    """
    rows, kinds, few_people, half_a_year, own, copies = records.query("records", query).fetchall()[0]
    assert (rows, kinds, few_people, half_a_year) == (ROWS, 10, True, True)
    assert 0.03 < own < 0.08
    assert 0.01 < copies / ROWS < 0.03


@pytest.mark.whole
def test_a_day_beside_all(folder: Path) -> None:
    """One more day by a state is printed beside all from Parquet, with the run's folder and without, once both have
    given the same ledger."""
    done = run_bench(folder, "--day", "--rounds", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("| a day / all, ") == 2
    assert "\nthe same ledger\n" in done.stdout
