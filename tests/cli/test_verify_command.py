"""Takes runs; checks what `tally verify` says of them and ends with, and how `tally sign` vouches for one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from generators.accepted import accepted
from ledgers.forged import RULEBOOK, make, write_inputs
from typer.testing import Result

from tallystick.engine.receipt import Receipt, sealed
from tallystick.explain.verifying.document import RunsVerified

Tally = Callable[..., Result]
RECORDS = "at,subject,actor,kind\n2026-01-01,ada,ada,post\n2026-01-02,ada,bob,share\n2026-01-03,bob,ada,share\n"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Score into a folder that every test leaves as it is."""
    folder = tmp_path_factory.mktemp("finished")
    return make(accepted(RULEBOOK), write_inputs(folder), folder / "run").folder


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """Return a run of one's own."""
    return Path(shutil.copytree(finished, tmp_path / "copied"))


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Write a few records."""
    path = tmp_path / "records.csv"
    path.write_text(RECORDS, encoding="utf-8")
    return path


@pytest.fixture
def run(tally: Tally, rulebook: Path, records: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a way to score into a folder."""

    def scored(name: str, *words: str | Path) -> Path:
        out = tmp_path / name
        result = tally("score", rulebook, "--records", records, "--as-of", "2026-01-31", "--out", out, *words)
        assert result.exit_code == 0, result.stderr
        return out

    return scored


def test_a_run_in_order_ends_with_0(tally: Tally, finished: Path) -> None:
    """How many were looked at is said, and what could not be checked."""
    result = tally("verify", finished, "--independent", "5")
    assert result.exit_code == 0, result.stdout
    for words in ("for 6 people", "5 of 6 people", "The run is not signed"):
        assert words in result.stdout
    assert "WHAT DIFFERS" not in result.stdout


def test_a_changed_file_ends_with_1_and_is_named(tally: Tally, copied: Path) -> None:
    """First of all, and that nothing after it was looked at."""
    (copied / "rejected.csv").write_text("", encoding="utf-8")
    result = tally("verify", copied)
    assert result.exit_code == 1
    assert "WHAT DIFFERS\n\n- `rejected.csv` is not as the run wrote it.\n" in result.stdout
    assert "the sums. Something before it differs." in result.stdout


@pytest.mark.whole
def test_a_run_of_another_version_is_told_to_be_one(tally: Tally, copied: Path) -> None:
    """What differs may then be nobody's fault; what agrees agrees."""
    path = copied / "receipt.json"
    receipt = Receipt.model_validate_json(path.read_bytes())
    older = receipt.model_copy(update={"engine": receipt.engine.model_copy(update={"version": "0.0.1"})})
    path.write_text(sealed(older), encoding="utf-8")
    assert "tallystick 0.0.1" not in tally("verify", copied).stdout
    (copied / "rejected.csv").write_text("", encoding="utf-8")
    assert "It was made by tallystick 0.0.1 and checked by" in tally("verify", copied).stdout


def test_the_records_are_asked_for_where_they_are_needed(tally: Tally, run: Callable[..., Path], records: Path) -> None:
    """Without its records a run is in order as far as it goes; what takes them is a finding where it is asked for."""
    folder = run("run", "--no-records")
    assert tally("verify", folder).exit_code == 0
    asked = tally("verify", folder, "--independent", "1")
    assert asked.exit_code == 1
    assert "give them with `--records`" in " ".join(asked.stdout.split())
    assert tally("verify", folder, "--independent", "1", "--records", records).exit_code == 0
    records.write_text(RECORDS.replace("bob,share", "eve,share"), encoding="utf-8")
    other = tally("verify", folder, "--records", records)
    assert other.exit_code == 1
    assert "is not what the run read" in " ".join(other.stdout.split())


def test_where_spark_runs_belongs_to_records_that_are_given(tally: Tally, run: Callable[..., Path]) -> None:
    """Without records nothing is read by Spark, and where it runs is refused in place of being passed over."""
    refused = tally("verify", run("run"), "--master", "local[2]")
    assert refused.exit_code == 2
    assert "`--master` belongs to records that are given" in " ".join(refused.stderr.split())


def test_the_json_is_the_published_document(tally: Tally, run: Callable[..., Path]) -> None:
    """Every check with its outcome, how far it came and its words; `tally schema verification` describes it."""
    first = run("first")
    second = run("second", "--previous", first)
    result = tally("verify", first, second, "--chain", "--format", "json")
    assert result.exit_code == 0
    document = RunsVerified.model_validate_json(result.stdout)
    assert document.agrees
    assert [each.run for each in document.runs] == [str(first), str(second)]
    assert document.runs[1].previous == document.runs[0].seal
    assert [link.state for link in document.chain or ()] == ["begins", "follows"]
    schema = json.loads(tally("schema", "verification").stdout)
    assert set(schema["properties"]) == set(json.loads(result.stdout))


@pytest.mark.whole
def test_a_chain_that_lacks_a_run_ends_with_1(tally: Tally, run: Callable[..., Path]) -> None:
    """Each run is in order by itself; the link is not."""
    first = run("first")
    second = run("second", "--previous", first)
    third = run("third", "--previous", second)
    result = tally("verify", first, third, "--chain")
    assert result.exit_code == 1
    assert "The chain does not hold" in result.stdout
    assert "a run between them is missing" in " ".join(result.stdout.split())
    assert tally("verify", first, third).exit_code == 0


def test_a_signature_says_who_vouches(tally: Tally, copied: Path, tmp_path: Path) -> None:
    """Unsigned, signed by another, and changed after signing: words and exit 1."""
    folder, key, public = copied, tmp_path / "key.pem", tmp_path / "key.pem.pub"
    assert tally("sign", "--new-key", key).exit_code == 0
    assert tally("sign", "--new-key", tmp_path / "other.pem").exit_code == 0
    unsigned = tally("verify", folder, "--trust", public)
    assert unsigned.exit_code == 1
    assert "The run is not signed." in unsigned.stdout
    assert tally("sign", folder, "--key", key).exit_code == 0
    assert tally("verify", folder, "--trust", public).exit_code == 0
    other = tally("verify", folder, "--trust", tmp_path / "other.pem.pub")
    assert other.exit_code == 1
    assert "another key than the one that you trust" in " ".join(other.stdout.split())
    assert tally("explain", folder, "--subject", "p0").exit_code == 0
    receipt = folder / "receipt.json"
    receipt.write_text(receipt.read_text(encoding="utf-8").replace("2026-03-01", "2026-03-02"), encoding="utf-8")
    changed = tally("verify", folder, "--trust", public)
    assert changed.exit_code == 1
    assert "`receipt.json` is not as the run wrote it." in changed.stdout


def test_a_name_from_a_file_cannot_command_the_terminal(tally: Tally, copied: Path) -> None:
    """A run comes from strangers: what stands in it is written out."""
    (copied / "a\x1b[31mb").write_bytes(b"")
    result = tally("verify", copied)
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    assert "`a<U+001B>[31mb` is in the folder" in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("verify", "nowhere"),
        ("verify", "RUN", "--chain"),
        ("verify", "RUN", "RUN", "--records", "r.csv"),
        ("verify", "RUN", "--independent", "0"),
        ("verify", "RUN", "--pauses", "p.csv"),
        ("verify", "RUN", "--map", "m.toml"),
        ("verify", "RUN", "--trust", "nowhere.pem"),
        ("sign",),
        ("sign", "RUN"),
        ("sign", "--key", "k.pem"),
        ("sign", "RUN", "--key", "nowhere.pem"),
        ("sign", "nowhere", "--key", "nowhere.pem"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2(tally: Tally, finished: Path, words: tuple[str, ...]) -> None:
    """What does not fit is said, and nothing is printed as if it had been checked."""
    result = tally(*(finished if word == "RUN" else word for word in words))
    assert (result.exit_code, result.stdout) == (2, ""), result.stderr
    assert "mistake of ours" not in result.stderr


@pytest.mark.whole
def test_records_can_have_a_digest_of_each_day(tally: Tally, run: Callable[..., Path], records: Path) -> None:
    """`--digest-records` lets whoever verifies other records learn from which day on they are others."""
    folder = run("run", "--digest-records")
    records.write_text(RECORDS.replace("2026-01-02,ada,bob", "2026-01-02,ada,eve"), encoding="utf-8")
    result = tally("verify", folder, "--records", records)
    assert "The first day whose records differ is 2026-01-02." in " ".join(result.stdout.split())
