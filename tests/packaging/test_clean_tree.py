"""Takes the tracked files; checks that none names a place that only one machine has."""

from __future__ import annotations

import itertools
import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOSTS = r"pypi\.org|pythonhosted\.org|registry\.npmjs|crates\.io|conda\.anaconda|ghcr\.io|quay\.io|artifactory"
PLACES = r"(?<![\w.<>])/(?:work|farm|opt/pypi|home/[a-z]|root|Users)\b/?"
FORBIDDEN = re.compile(rf"{HOSTS}|{PLACES}|file:///")
TEXT = {
    *(".py", ".md", ".toml", ".txt", ".sh", ".yml", ".yaml", ".cfg", ".tally", ".lark", ".json"),
    *(".jinja", ".css", ".js", ""),
}


def tracked() -> list[Path]:
    """Return the files that git has, or would have at the next commit."""
    listed = subprocess.run(
        ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"),
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name != ""]
    return [ROOT / name for name in names if (ROOT / name).is_file() and not (ROOT / name).is_symlink()]


def test_no_path_of_one_machine_and_no_registry_is_named() -> None:
    """A clone works on any machine: nothing in it names a folder of ours or a host that packages come from."""
    looked_at = [path for path in tracked() if path.suffix in TEXT and path != Path(__file__)]
    assert len(looked_at) > 50, "there should be more files to look at"
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in looked_at
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1)
        if FORBIDDEN.search(line)
    ]
    assert found == []


def test_pins_are_exact_and_name_no_address() -> None:
    """Each line of constraints.txt pins one release, and every dependency of pyproject.toml is among them."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in pins), pins
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    packages = {re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", each)[0]).lower() for each in declared}
    assert {"pydantic", "duckdb", "pytest", "playwright", "psycopg", "pyspark"} <= packages
    assert packages - pinned == set()
