"""Takes machines that lack something; checks that the set-up says what, and the command that installs it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Make a folder of programs that has a shell and no Python."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "dirname", "mktemp", "rm", "sleep", "tail"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    return programs


def set_up(machine: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the set-up on a machine."""
    return subprocess.run(
        (str(machine / "bash"), str(ROOT / "environment.sh"), *map(str, words)),
        env={"PATH": str(machine), "PAUSE": "0", "POSTGRESQL": str(machine)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def pretend(machine: Path, name: str, answer: str) -> None:
    """Put a program on the machine that answers with a shell command."""
    program = machine / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!{shutil.which('bash')}\n{answer}\n", encoding="utf-8")
    program.chmod(0o755)


def test_without_python_it_says_so(machine: Path, tmp_path: Path) -> None:
    """No Python at all: what is missing and how to install it, exit 1, nothing made."""
    ran = set_up(machine, tmp_path / "venv")
    assert ran.returncode == 1
    assert "Missing: Python 3.11 or newer" in ran.stderr
    assert "apt-get install python3 python3-venv" in ran.stderr
    assert not (tmp_path / "venv").exists()


def test_a_python_that_is_too_old_or_does_not_run_is_none(machine: Path, tmp_path: Path) -> None:
    """A python3 that fails when asked for its version is passed over."""
    pretend(machine, "python3", "exit 1")
    assert "Missing: Python 3.11 or newer" in set_up(machine, tmp_path / "venv").stderr


def test_without_the_module_venv_it_says_so(machine: Path, tmp_path: Path) -> None:
    """Debian ships Python without venv: the package that has it is named."""
    pretend(machine, "python3", 'case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac')
    ran = set_up(machine, tmp_path / "venv")
    assert ran.returncode == 1
    assert "Missing: the module venv" in ran.stderr
    assert "apt-get install python3-venv" in ran.stderr


def test_all_names_each_program_that_lacks(machine: Path, tmp_path: Path) -> None:
    """Without a browser, PostgreSQL and Java, and no right to install: all three in one go, and nothing is made."""
    pretend(machine, "id", "echo 1000")
    pretend(machine, "java", """echo 'openjdk version "11.0.2" 2019-01-15' >&2""")
    ran = set_up(machine, "--all", tmp_path / "venv")
    assert ran.returncode == 1
    assert "Missing: the browser chromium, a PostgreSQL server, Java 17 or newer" in ran.stderr
    assert "sudo apt-get install chromium postgresql openjdk-17-jre-headless" in ran.stderr
    assert not (tmp_path / "venv").exists()


def test_all_names_only_what_lacks(machine: Path, tmp_path: Path) -> None:
    """Programs that are there are not asked for, be they on the path or where Debian keeps them."""
    pretend(machine, "id", "echo 1000")
    pretend(machine, "15/bin/initdb", "exit 0")
    pretend(machine, "java", """echo 'openjdk version "21.0.1" 2023-10-17' >&2""")
    ran = set_up(machine, "--all", tmp_path / "venv")
    assert "Missing: the browser chromium\n" in ran.stderr
    assert "sudo dnf install chromium\n" in ran.stderr


APT_GET = """
import sys
from pathlib import Path
machine, told = Path(sys.argv[0]).parent, Path(sys.argv[0]).with_name("told")
with told.open("a") as lines:
    lines.write(" ".join(word for word in sys.argv[1:] if not word.startswith("-") and "::" not in word) + "\\n")
if "update" in sys.argv:
    sys.exit(told.read_text().count("update") < 3)
for name, answer in (("chromium", ""), ("initdb", ""), ("java", "echo 'version \\"17.0.1\\"' >&2")):
    (machine / name).write_text(f"#!{(machine / 'bash').resolve()}\\n{answer}\\n")
    (machine / name).chmod(0o755)
"""
"""Breaks off twice, then makes the programs."""


def test_all_installs_what_lacks_and_tries_again(machine: Path, tmp_path: Path) -> None:
    """Root's machine gets what it lacks, though the network breaks off twice; then come the packages of Python."""
    pretend(machine, "id", "echo 0")
    pretend(machine, "apt-cache", "exit 0")
    (machine / "apt-get").write_text(f"#!{sys.executable} -IS\n{APT_GET}", encoding="utf-8")
    (machine / "apt-get").chmod(0o755)
    pretend(tmp_path / "venv" / "bin", "python", f'echo "$@" >> "{machine / "told"}"')
    ran = set_up(machine, "--all", tmp_path / "venv")
    assert ran.returncode == 0, ran.stderr
    *tries, installed, packages = (machine / "told").read_text(encoding="utf-8").splitlines()
    assert tries == ["update"] * 3
    assert installed == "install chromium postgresql openjdk-17-jre-headless"
    assert packages.endswith("--constraint constraints.txt --editable .[dev,browser,postgres,spark,bench]")


def test_ci_runs_the_words_of_the_readme() -> None:
    """`.ci/run` is `make test`, then what `make test-all` has beyond it, stopping at the first failure."""
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make test test-all"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_every_target_is_told_by_make_help() -> None:
    """`make` alone names every target that a person may call."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    described = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert {"demo", "test", "test-all", "check", "bench", "prove", "docs"} <= targets
    assert described == targets
