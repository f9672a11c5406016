"""Takes the commands as they are; writes what ``docs/commands.md`` says of them.

What stands between ``<!-- commands -->`` or ``<!-- options of NAME -->`` and ``<!-- end -->`` is made here; the rest is
written by hand.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from tallystick.cli.commands.usage import left_out, written
from tallystick.cli.main import app

if TYPE_CHECKING:
    from typer._click.core import Parameter

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "commands.md"
MADE = re.compile(r"(<!-- options of ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
LISTED = re.compile(r"(<!-- commands -->\n).*?(<!-- end -->)", re.DOTALL)


def section(command: TyperCommand) -> str:
    """Return what is made for one command: its usage, its words and its examples."""
    rows = [said_of(each) for each in command.params]
    examples = (command.epilog or "").replace("\b\n", "").removeprefix("Examples:\n")
    lines = [line.removeprefix("  ") for line in examples.strip("\n").split("\n")]
    return "\n".join(
        (
            command.help or "",
            "",
            "| | |",
            "|---|---|",
            *rows,
            "",
            "```console",
            *(f"$ {line}" for line in lines),
            "```",
            "",
        )
    )


def listed(commands: dict[str, TyperCommand]) -> str:
    """Return the list of commands, in the order of the page, each with its first sentence and a link to its part."""
    rows = (
        f"| [`{name}`](#tally-{name.replace(' ', '-')}) | {(command.help or '').partition('. ')[0].rstrip('.')} |"
        for name, command in commands.items()
    )
    return "\n".join(("| | |", "|---|---|", *rows, ""))


def said_of(parameter: Parameter) -> str:
    """Return a row of the page: a word as it is written, what it is for, and what holds without it."""
    value = left_out(parameter)
    without = f" `{value}` if left out." if value is not None else ""
    if parameter.required and parameter.param_type_name == "option":
        without = " Must be given."
    word, what = (each.replace("|", "\\|") for each in (written(parameter), getattr(parameter, "help", "")))
    return f"| `{word}` | {what}{without} |"


def commands_of(group: object, before: str = "") -> dict[str, TyperCommand]:
    """Return every command by its name, one inside a group by both names."""
    found: dict[str, TyperCommand] = {}
    for name, command in getattr(group, "commands", {}).items():
        if isinstance(command, TyperGroup):
            found |= commands_of(command, f"{before}{name} ")
        elif isinstance(command, TyperCommand):
            found[f"{before}{name}"] = command
    return found


def made(page: str) -> str:
    """Return the page with every made part made anew; each command must have one."""
    commands = commands_of(get_command(app))
    there = [match[2] for match in MADE.finditer(page)]
    if set(there) != set(commands):
        sys.exit(f"{PAGE.name} and the commands differ: {', '.join(sorted(set(there) ^ set(commands)))}")
    if LISTED.search(page) is None:
        sys.exit(f"{PAGE.name} has no list of the commands")
    in_order = listed({name: commands[name] for name in there})
    page = LISTED.sub(lambda match: f"{match[1]}\n{in_order}\n{match[2]}", page)
    return MADE.sub(lambda match: f"{match[1]}\n{section(commands[match[2]])}\n{match[3]}", page)


def main() -> None:
    """Write the page anew."""
    ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(made(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
