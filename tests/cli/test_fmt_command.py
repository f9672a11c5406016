"""Takes rulebooks in any layout; checks what `tally fmt` does to the files, and what it leaves alone."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Tally = Callable[..., Result]


def untidy(rulebook: Path) -> str:
    """Give a rulebook another layout; return it."""
    text = rulebook.read_text(encoding="utf-8").replace("    subject text\n", "    subject     text # who\n")
    rulebook.write_text(text, encoding="utf-8")
    return text


def test_a_file_is_laid_out_in_place_and_a_second_time_changes_nothing(tally: Tally, rulebook: Path) -> None:
    """The file is rewritten with its comments and its permissions; what is canonical is not touched."""
    untidy(rulebook)
    rulebook.chmod(0o640)
    first = tally("fmt", rulebook)
    assert (first.exit_code, first.stdout) == (0, "")
    assert f"changed {rulebook}" in first.stderr
    after = rulebook.read_text(encoding="utf-8")
    assert "# who" in after
    assert stat.S_IMODE(rulebook.stat().st_mode) == 0o640
    second = tally("fmt", rulebook)
    assert second.stderr == "1 file: 0 changed, 1 as it should be\n"
    assert rulebook.read_text(encoding="utf-8") == after
    assert list(rulebook.parent.iterdir()) == [rulebook], "something was left behind"


def test_check_writes_nothing_and_says_which_files_would_change(tally: Tally, rulebook: Path) -> None:
    """`--check` exits 1 for a file in another layout, 0 for a canonical one, and writes neither."""
    tally("fmt", rulebook)
    assert tally("fmt", "--check", rulebook).exit_code == 0
    text = untidy(rulebook)
    result = tally("fmt", "--check", rulebook)
    assert result.exit_code == 1
    assert f"would change {rulebook}" in result.stderr
    assert rulebook.read_text(encoding="utf-8") == text


def test_the_diff_can_be_applied(tally: Tally, rulebook: Path) -> None:
    """`--diff` prints a patch that makes the file canonical, and writes nothing itself."""
    tally("fmt", rulebook)
    text = untidy(rulebook).removesuffix("\n")
    rulebook.write_text(text, encoding="utf-8")
    result = tally("fmt", "--diff", rulebook)
    assert result.exit_code == 0
    assert rulebook.read_text(encoding="utf-8") == text
    subprocess.run(("git", "apply", "--unsafe-paths", "-p0", "-"), input=result.stdout.encode(), check=True, cwd="/")
    assert tally("fmt", "--check", rulebook).exit_code == 0


def test_stdin_is_laid_out_on_stdout(tally: Tally, rulebook: Path) -> None:
    """`tally fmt -` is a filter for editors."""
    text = untidy(rulebook)
    result = tally("fmt", "-", stdin=text)
    tally("fmt", rulebook)
    assert result.stdout == rulebook.read_text(encoding="utf-8")


def test_a_file_with_a_mistake_is_left_as_it_is(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """What does not parse is told of, exit 1, and not written; the other files are laid out all the same."""
    untidy(rulebook)
    wrong = tmp_path / "wrong.tally"
    wrong.write_text("rulebook ???\n", encoding="utf-8")
    result = tally("fmt", wrong, rulebook)
    assert result.exit_code == 1
    assert "error[" in result.stderr
    assert result.stdout == ""
    assert wrong.read_text(encoding="utf-8") == "rulebook ???\n"
    assert "# who" in rulebook.read_text(encoding="utf-8")
    assert tally("fmt", "--check", rulebook).exit_code == 0


def test_windows_line_ends_become_line_feeds(tally: Tally, rulebook: Path) -> None:
    """Canonical text has line feeds only, also in strings that a formatter could overlook."""
    tally("fmt", rulebook)
    canonical = rulebook.read_bytes()
    rulebook.write_bytes(canonical.replace(b"\n", b"\r\n"))
    assert tally("fmt", rulebook).exit_code == 0
    assert rulebook.read_bytes() == canonical


def test_a_link_stays_a_link(tally: Tally, rulebook: Path, tmp_path: Path) -> None:
    """The file that a link leads to is rewritten, not the link."""
    untidy(rulebook)
    link = tmp_path / "link.tally"
    link.symlink_to(rulebook)
    assert tally("fmt", link).exit_code == 0
    assert link.is_symlink()
    assert tally("fmt", "--check", rulebook).exit_code == 0
