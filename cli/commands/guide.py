"""Takes a rulebook; gives it as a public scoring guide in plain words."""

from __future__ import annotations

from typing import Annotated

import typer

from tallystick.cli.rulebook_files import checked
from tallystick.cli.streams import put_line

EXAMPLES = """\b
Examples:
  tally guide rules.tally > GUIDE.md
"""


def guide(file: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook; - is stdin.")]) -> None:
    """Print a rulebook as a public scoring guide in plain words."""
    rulebook = checked(file)
    from tallystick.explain.guide import guide as written

    put_line(written(rulebook))
