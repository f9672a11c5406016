"""Takes two versions of a rulebook; gives what changed in meaning."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tallystick.cli.complaints import ExitCode, Stop
from tallystick.cli.rulebook_files import STDIN, check_source, read_version
from tallystick.cli.streams import put_line

EXAMPLES = """\b
Examples:
  tally diff old.tally new.tally
  tally diff rules.tally@HEAD~1 rules.tally --format markdown
"""


class Format(StrEnum):
    """How a difference is given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The older rulebook: a file, or FILE@REV as git has it.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The newer rulebook, likewise.")],
    *,
    output: Annotated[Format, typer.Option("--format", help="Text for a person, Markdown or JSON.")] = Format.TEXT,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 if anything changed in meaning.")] = False,
) -> None:
    """Say in plain words what changed in meaning between versions."""
    if old == new == STDIN:
        message = "stdin can be read once only, and `-` stands here twice"
        raise Stop(message)
    before, after = check_source(read_version(old)), check_source(read_version(new))
    from tallystick.explain.difference import difference
    from tallystick.explain.difference_pages import difference_markdown, difference_text
    from tallystick.explain.document import printable_json

    found = difference(before, after)
    match output:
        case Format.TEXT:
            put_line(difference_text(found))
        case Format.MARKDOWN:
            put_line(difference_markdown(found))
        case Format.JSON:
            put_line(printable_json(found))
    if exit_code and not found.same:
        raise typer.Exit(ExitCode.FINDINGS)
