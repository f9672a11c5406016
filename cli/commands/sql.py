"""Takes a rulebook; gives the query that scores by it."""

from __future__ import annotations

from typing import Annotated

import typer

from tallystick.cli.rulebook_files import checked
from tallystick.cli.streams import put_line

EXAMPLES = """\b
Examples:
  tally sql rules.tally
"""


def sql(file: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook; - is stdin.")]) -> None:
    """Print the query that is run, readable, with comments."""
    rulebook = checked(file)
    from tallystick.engine.readable import readable_sql

    put_line(readable_sql(rulebook))
