"""Takes a rulebook; gives the query that scores by it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, assert_never

import typer

from tallystick.cli.rulebook_files import checked
from tallystick.cli.scoring import day_of
from tallystick.cli.streams import put_line

EXAMPLES = """\b
Examples:
  tally sql rules.tally
  tally sql rules.tally --as-of 2026-07-01
  tally sql rules.tally --dialect postgres --as-of 2026-07-01
"""


class Dialect(StrEnum):
    """Whose words the query is in."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"


def sql(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook; - is stdin.")],
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="The last day that counts in the query, YYYY-MM-DD; else the day the rules take effect.",
        ),
    ] = None,
    dialect: Annotated[
        Dialect, typer.Option("--dialect", help="For all but duckdb: the part that is worked out where records lie.")
    ] = Dialect.DUCKDB,
) -> None:
    """Print the query that is run, readable, with comments."""
    rulebook = checked(file)
    day = None if as_of is None else day_of(as_of)
    match dialect:
        case Dialect.DUCKDB:
            from tallystick.engine.query.readable import readable_sql

            put_line(readable_sql(rulebook, day))
        case Dialect.POSTGRES | Dialect.SPARK:
            from tallystick.engine.elsewhere.readable import readable_elsewhere

            put_line(readable_elsewhere(rulebook, "postgres" if dialect is Dialect.POSTGRES else "spark", day))
        case _:
            assert_never(dialect)
