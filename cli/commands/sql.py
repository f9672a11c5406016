"""Takes a rulebook; gives the query that scores by it."""

from __future__ import annotations

from typing import Annotated

import typer

from tallystick.cli.rulebook_files import checked
from tallystick.cli.scoring import day_of
from tallystick.cli.streams import put_line

EXAMPLES = """\b
Examples:
  tally sql rules.tally
  tally sql rules.tally --as-of 2026-07-01
"""


def sql(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook; - is stdin.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day whose values the query has; YYYY-MM-DD.")
    ] = None,
) -> None:
    """Print the query that is run, readable, with comments."""
    rulebook = checked(file)
    day = None if as_of is None else day_of(as_of)
    from tallystick.engine.readable import readable_sql

    put_line(readable_sql(rulebook, day))
