"""Takes machines that lack something; checks that the set-up says what, and the command that installs it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Make a folder of programs that has a shell and no Python."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "dirname", "mktemp", "rm"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    return programs


def set_up(machine: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the set-up on a machine."""
    return subprocess.run(
        (str(machine / "bash"), str(ROOT / "environment.sh"), str(folder)),
        env={"PATH": str(machine)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def pretend_python(machine: Path, answer: str) -> None:
    """Put a program called python3 on the machine that answers with a shell command."""
    program = machine / "python3"
    program.write_text(f"#!{machine / 'bash'}\n{answer}\n", encoding="utf-8")
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
    pretend_python(machine, "exit 1")
    assert "Missing: Python 3.11 or newer" in set_up(machine, tmp_path / "venv").stderr


def test_without_the_module_venv_it_says_so(machine: Path, tmp_path: Path) -> None:
    """Debian ships Python without venv: the package that has it is named."""
    pretend_python(machine, 'case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac')
    ran = set_up(machine, tmp_path / "venv")
    assert ran.returncode == 1
    assert "Missing: the module venv" in ran.stderr
    assert "apt-get install python3-venv" in ran.stderr


def test_ci_runs_the_words_of_the_readme() -> None:
    """`.ci/run` is `make test`, stopping at the first failure."""
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == "make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_every_target_is_told_by_make_help() -> None:
    """`make` alone names every target that a person may call."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    described = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert {"demo", "test", "test-all", "check", "bench", "prove", "docs"} <= targets
    assert described == targets
