"""Takes a rulebook; gives it as a public scoring guide in plain words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, assert_never

import typer

from tallystick.cli.commands.input_options import Language
from tallystick.cli.rulebook_files import checked, translated
from tallystick.cli.streams import put_line
from tallystick.cli.worded import worded_rulebook

EXAMPLES = """\b
Examples:
  tally guide rules.tally > GUIDE.md
  tally guide rules.tally --format html > guide.html
  tally guide rules.tally --language de > LEITFADEN.md
"""


class Format(StrEnum):
    """How a guide is given."""

    MARKDOWN = "markdown"
    HTML = "html"


def guide(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook; - is stdin.")],
    *,
    output: Annotated[Format, typer.Option("--format", help="Markdown or one HTML file.")] = Format.MARKDOWN,
    language: Language = None,
) -> None:
    """Print a rulebook as a public scoring guide in plain words."""
    rulebook = checked(file)
    from tallystick.explain.guide.guide import guide as written
    from tallystick.explain.guide.guide import guide_html

    with worded_rulebook(rulebook, language, () if language is None else translated(file, rulebook)) as told:
        match output:
            case Format.MARKDOWN:
                put_line(written(told))
            case Format.HTML:
                put_line(guide_html(told))
            case _:
                assert_never(output)
