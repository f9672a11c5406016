"""Takes diagnostics and the hooks for a team's checks; asks whether GitHub and pre-commit get what they can use."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import Result

from tallystick.cli.annotations import draw_annotation
from tallystick.cli.main import app
from tallystick.rules.diagnostics import Diagnostic, Label
from tallystick.rules.source import Source, Span

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(
    r"::(error|warning) file=[^,:]+,line=\d+,col=\d+(,endColumn=\d+)?,title=tally%3A [a-z-]+::\S[^\n]*"
)


def test_every_mistake_is_a_command_for_github(tally: Callable[..., Result]) -> None:
    """Each of ten mistakes is one well-formed workflow command, and the exit code says that there are some."""
    result = tally("check", Path(__file__).with_name("ten_mistakes.tally"), "--format", "github")
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert len(lines) == 10
    assert [line for line in lines if not COMMAND.fullmatch(line)] == []


@pytest.mark.parametrize("hostile", ["\n::error::x", "\r::stop-commands::x", "%0A::error::x", ",line=1", "\x1b[2J"])
def test_nothing_in_a_rulebook_becomes_a_command(hostile: str) -> None:
    """What a rulebook or a file's name holds stays within its own command."""
    source = Source(f"f{hostile}.tally", "abc\n")
    diagnostic = Diagnostic("x", f"m{hostile}", source, Label(Span(0, 3)), notes=(f"n{hostile}",), help=f"h{hostile}")
    drawn = draw_annotation(diagnostic)
    assert drawn.count("\n") == 1
    assert COMMAND.fullmatch(drawn.rstrip("\n")) is not None
    assert "\r" not in drawn
    assert "\x1b" not in drawn
    assert drawn.count("line=1") == drawn.partition(",col=")[0].count("line=1") + drawn.partition("::m")[2].count(
        "line=1"
    )


def test_the_hooks_run_commands_that_there_are() -> None:
    """Each hook calls a command of `tally` on rulebooks, and the page for teams names every hook."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"entry: tally (\w+)", text)
    assert entries == ["check", "fmt", "test"]
    assert set(entries) <= set(getattr(get_command(app), "commands", {}))
    page = (ROOT / "docs" / "team.md").read_text(encoding="utf-8")
    for hook in re.findall(r"- id: ([\w-]+)", text):
        assert f"- id: {hook}" in page
