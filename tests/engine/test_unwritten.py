"""A disk that takes no more is told by the place, the system's cause and what to do, in no words of the database."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tallystick.engine.refusals import DataRefusal
from tallystick.engine.staging import staging
from tallystick.engine.unwritten import unwritten, why_told

COMMUNITY = Path(__file__).resolve().parents[2] / "examples/community"
AT_ONCE = 'IO Error: Could not write file "/a b/lines.parquet": No space left on device'
BESIDE = (
    'IO Error: Async write failed for range [offset=25, size=6573]: {"exception_type":"IO","exception_message":'
    '"Could not write file \\"/a b/lines.parquet\\": No space left on device","errno":"28"}'
)


@pytest.mark.parametrize("words", [AT_ONCE, BESIDE])
def test_the_system_s_error_is_taken_from_the_database_s_words(words: str) -> None:
    """Whether it wrote at once or beside other work, the number, the cause and the file are those of the system."""
    found = unwritten(duckdb.IOException(words))
    assert found is not None
    assert (found.errno, found.strerror, found.filename) == (
        errno.ENOSPC,
        os.strerror(errno.ENOSPC),
        "/a b/lines.parquet",
    )
    assert why_told(duckdb.IOException(words)) == "`/a b/lines.parquet` cannot be written: No space left on device"


def test_another_error_of_the_database_is_told_as_it_is() -> None:
    """By the first line of its words; nothing is taken for a file that could not be written."""
    error = duckdb.IOException("IO Error: no such file\nmore of it")
    assert unwritten(error) is None
    assert why_told(error) == "IO Error: no such file"


def test_a_full_disk_says_what_to_do(tmp_path: Path) -> None:
    """A run for which there is no room names the place and the cause, and says to make room."""
    error = unwritten(duckdb.IOException(BESIDE))
    assert error is not None
    with pytest.raises(DataRefusal) as refused, staging(tmp_path / "run"):
        raise error
    assert refused.value.message == f"the run cannot be written to `{tmp_path / 'run'}`: No space left on device"
    assert refused.value.help == "make room there and run the command again"


@pytest.mark.parametrize("blocks", [1, 24])
def test_a_run_whose_files_the_system_does_not_take_is_refused_in_words(blocks: int, tmp_path: Path) -> None:
    """Be it a table of the ledger, which is written beside other work, or the records, which are larger."""
    done = subprocess.run(
        (
            *("sh", "-c", 'ulimit -f "$0"; exec "$@"', str(blocks)),
            *(str(Path(sys.executable).parent / "tally"), "score", str(COMMUNITY / "community.tally")),
            *("--records", str(COMMUNITY / "records.csv"), "--subjects", str(COMMUNITY / "subjects.csv")),
            *("--as-of", "2026-03-31", "--out", "run"),
        ),
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"error: the run cannot be written to `run`: {os.strerror(errno.EFBIG)}" in done.stderr
    assert "{" not in done.stderr
    assert list(tmp_path.iterdir()) == []
