"""Takes every page for readers; runs each code block in it as a reader would, and compares what is printed.

The blocks of a page run in order in one new folder that holds a copy of ``examples/``. The word after the backticks
says what a block is:

- ``tally``: a whole rulebook in which ``tally check`` finds nothing; ``tally wrong``: one in which it finds an error;
  ``tally warned``: one in which it finds warnings only; ``tally part``: declarations without a head, which parse.
- ``bash``: run with ``tally`` on the path; it exits 0, or as ``exit=1`` says. ``bash whole``: run by ``make test-all``
  alone, where there is Java, since it starts Spark. ``bash setup``: commands that set up a
  checkout; they are not run, but every target of make in them is there.
- ``python``: run; it exits 0.
- ``text`` straight after a ``bash`` or ``python`` block: what that printed on stdout; a line ``...`` is any lines.
- Any block with ``file=NAME`` is also written to that file first. Blocks in another language are not run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from standby.standby import standby

from tallystick.rules.diagnostics import has_errors
from tallystick.rules.load import read
from tallystick.rules.parse.parse import parse
from tallystick.rules.source import Source

ROOT = Path(__file__).parents[2]
PAGES = tuple(
    sorted(
        path
        for pattern in ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "examples/**/README.md")
        for path in ROOT.glob(pattern)
    )
)
PART_HEAD = 'rulebook "Part" version 1.0.0\n    owner "x"\n\n'
SECONDS, SECONDS_WHOLE = 120, 600


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: where it begins, what it is, and its text."""

    line: int
    language: str
    words: tuple[str, ...]
    text: str
    follows: bool
    """Whether nothing but blank lines stands between it and the block before."""

    @property
    def exit_code(self) -> int:
        """The exit code that the page says."""
        return int(next((word.removeprefix("exit=") for word in self.words if word.startswith("exit=")), "0"))

    @property
    def file(self) -> str | None:
        """The file that it is written to."""
        return next((word.removeprefix("file=") for word in self.words if word.startswith("file=")), None)


def blocks_of(page: str) -> Iterator[Block]:
    """Give the fenced blocks of a page, in order."""
    lines = page.split("\n")
    at, between = 0, True
    while at < len(lines):
        fence = re.fullmatch(r"(\s*)(```+)(\S*)(.*)", lines[at])
        if fence is None:
            between = between or lines[at].strip() != ""
            at += 1
            continue
        indent, marks, language, words = fence.groups()
        end = next(n for n in range(at + 1, len(lines)) if lines[n].strip() == marks)
        text = "".join(f"{line.removeprefix(indent)}\n" for line in lines[at + 1 : end])
        yield Block(at + 1, language, tuple(words.split()), text, follows=not between)
        at, between = end + 1, False


def surroundings(folder: Path, programs: Path) -> dict[str, str]:
    """Return the environment of a reader who has just installed the project."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TMPDIR") if name in os.environ}
    who = {"NAME": "Reader", "EMAIL": "reader@example.org"}
    git = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in who.items()}
    path = os.pathsep.join((str(programs), str(Path(sys.executable).parent), os.environ["PATH"]))
    fixed = {"HOME": str(folder), "PATH": path, "NO_COLOR": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
    return {**kept, **git, **fixed}


def run(block: Block, folder: Path, programs: Path, where: str) -> str:
    """Run a block and return what it printed."""
    shell = ("bash", "-euo", "pipefail", "-c", block.text)
    program = shell if block.language == "bash" else (str(programs / "python-block"), block.text)
    around = surroundings(folder, programs)
    most = SECONDS_WHOLE if "whole" in block.words else SECONDS
    ran = subprocess.run(program, cwd=folder, env=around, capture_output=True, text=True, timeout=most, check=False)
    assert ran.returncode == block.exit_code, f"{where}: exit {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def assert_printed(shown: str, printed: str, where: str) -> None:
    """Compare what a page shows with what was printed; ``...`` alone on a line stands for any lines."""
    pattern = "".join(".*" if line == "..." else f"{re.escape(line)}\n" for line in shown.rstrip("\n").split("\n"))
    text = f"{printed.rstrip()}\n"
    if re.fullmatch(pattern, text, re.DOTALL) is None:
        assert text == shown, f"{where} shows something else than is printed"


def check_rulebook(block: Block, where: str) -> None:
    """Check a rulebook, a part of one, or one that is wrong on purpose."""
    source = Source(where, f"{PART_HEAD}{block.text}" if "part" in block.words else block.text)
    if "part" in block.words:
        assert parse(source)[1] == (), f"{where} does not parse"
        return
    diagnostics = read(source)[1]
    if "wrong" in block.words:
        assert has_errors(diagnostics), f"{where} should be wrong, and is not"
    elif "warned" in block.words:
        assert diagnostics != (), f"{where} should be warned of, and is not"
        assert not has_errors(diagnostics), f"{where}: {[each.message for each in diagnostics]}"
    else:
        assert diagnostics == (), f"{where}: {[each.message for each in diagnostics]}"


def check_targets(block: Block, where: str) -> None:
    """Check that the targets named in a set-up block are there."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"^\s*make ([a-z-]+)", block.text, re.MULTILINE))
    assert named <= targets, f"{where} names {named - targets}, which Makefile does not have"


def follow(text: str, name: str, folder: Path, programs: Path, *, whole: bool = False) -> None:
    """Do what a page says, block by block; what is marked ``whole`` only if asked to."""
    printed: str | None = None
    for block in blocks_of(text):
        where = f"{name}:{block.line}"
        if block.file is not None:
            (folder / block.file).write_text(block.text, encoding="utf-8")
        before, printed = printed, None
        match block.language:
            case "tally":
                check_rulebook(block, where)
            case "bash" if "setup" in block.words:
                check_targets(block, where)
            case "bash" if "whole" in block.words and not whole:
                pass
            case "bash" | "python":
                printed = run(block, folder, programs, where)
            case "text" if before is not None and block.follows:
                assert_printed(block.text, before, where)


@pytest.fixture(scope="session")
def programs() -> Iterator[Path]:
    """Give the folder of a ``tally`` that is loaded already: the blocks call it two hundred times."""
    fixed = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "80"}
    with standby(fixed) as folder:
        yield folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_code_block_does_what_the_page_says(
    page: Path, tmp_path: Path, programs: Path, pytestconfig: pytest.Config
) -> None:
    """Whoever follows a page gets what it shows."""
    text = page.read_text(encoding="utf-8")
    if any(block.language in ("bash", "python") for block in blocks_of(text)):
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
    whole = pytestconfig.getoption("--whole") and shutil.which("java") is not None
    follow(text, page.relative_to(ROOT).as_posix(), tmp_path, programs, whole=whole)


def test_the_readme_has_blocks_of_each_sort() -> None:
    """The test above has something to run: the README shows the command, its output and Python."""
    languages = {block.language for block in blocks_of((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert {"bash", "text", "python"} <= languages


def test_what_is_marked_whole_waits_for_the_whole_run(tmp_path: Path, programs: Path) -> None:
    """Such a block is passed over with what it prints, unless all is run; then it is held to it."""
    page = "```bash whole\necho yes\n```\n\n```text\nno\n```\n"
    follow(page, "page.md", tmp_path, programs)
    with pytest.raises(AssertionError):
        follow(page, "page.md", tmp_path, programs, whole=True)


def test_a_page_that_is_wrong_is_found(tmp_path: Path, programs: Path) -> None:
    """The mechanism can fail: output that differs, a wrong exit code and a faulty rulebook are each told."""
    wrong = ("```bash\necho yes\n```\n\n```text\nno\n```\n", "```bash\nexit 3\n```\n", '```tally\nrulebook "x"\n```\n')
    for text in wrong:
        with pytest.raises(AssertionError):
            follow(text, "wrong.md", tmp_path, programs)
