"""Takes the oldest DuckDB that pyproject.toml allows; checks that scores made with it are the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole
ROOT = Path(__file__).parents[2]
MEANING = ("tests/engine/reference", "tests/engine/test_duckdb_is_reference.py", "tests/engine/test_digest.py")


def test_the_oldest_duckdb_gives_the_reference_s_ledgers(tmp_path: Path) -> None:
    """I2: with the oldest version that may be installed, the engine equals the reference to the last digit."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (oldest,) = (found[1] for each in project["dependencies"] if (found := re.match(r"duckdb>=([\d.]+)", each)))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path / "older")]
    subprocess.run([*pip, f"duckdb=={oldest}.*"], check=True)
    around = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "older"), os.environ.get("PYTHONPATH", "")])}
    told = "import duckdb; print(duckdb.__version__)"
    version = subprocess.run([sys.executable, "-c", told], check=True, env=around, capture_output=True, text=True)
    assert version.stdout.startswith(f"{oldest}.")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *MEANING]
    ran = subprocess.run(words, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert " passed" in ran.stdout
