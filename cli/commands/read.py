"""Takes records as they come from elsewhere and a mapping; writes them flat, with an account of every row."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.complaints import Stop
from tallystick.cli.progress import Progress
from tallystick.cli.rulebook_files import STDIN
from tallystick.cli.streams import put_line, say
from tallystick.explain.harmless import harmless

EXAMPLES = """\b
Examples:
  tally read path/to/repository --out credit.parquet
  tally read 2026-01-01-15.json.gz --map github-events --out events.parquet
  tally read answers/ --map discourse --out forum.csv
"""
_GIT = "git"


class Format(StrEnum):
    """How the account is given."""

    TEXT = "text"
    JSON = "json"


def read(
    source: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="A git repository, or files or folders of JSON, JSON Lines or CSV."),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The records to write: .parquet or .csv.")],
    mapping: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="MAPPING",
            help="A mapping (TOML), or one of those shipped: git, github-events, discourse, mastodon.",
        ),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="Text for a person or JSON.")] = Format.TEXT,
) -> None:
    """Make a file of records from what other programs write."""
    from tallystick.engine.gathering.gather import REJECTED, gather
    from tallystick.engine.gathering.git_history import is_repository
    from tallystick.engine.gathering.recipe import load_recipe, shipped_recipe
    from tallystick.explain.gathering.document import reading_document

    absent = next((each for each in source if each != STDIN and not os.path.lexists(each)), None)
    if absent is not None:
        message = f"there is no file and no folder `{absent}`"
        raise Stop(message)
    of_git = len(source) == 1 and is_repository(Path(source[0]))
    if mapping is None and not of_git:
        message = "nothing says where the fields of these records are found"
        raise Stop(message, help="add `--map MAPPING`; a git repository alone needs none")
    recipe = shipped_recipe(_GIT) if mapping is None else load_recipe(mapping)
    with Progress() as progress:
        account = gather(tuple(source), recipe, out, progress)
    for notice in account.notices:
        say(f"note: {harmless(notice)}")
    document = reading_document(account, mapping=recipe.name, records=str(out), rejected=f"{out}{REJECTED}")
    if output is Format.JSON:
        from tallystick.explain.printable import printable_json

        put_line(printable_json(document))
    else:
        from tallystick.explain.gathering.pages import reading_text

        put_line(reading_text(document))
