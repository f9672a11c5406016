"""Takes nothing; gives the options by which several commands name the files that they read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tallystick.explain.duties.clauses import DutyName
from tallystick.rules import audience as audiences

Records = Annotated[
    list[str] | None,
    typer.Option("--records", metavar="PATH...", help="Files or folders of records: CSV, TSV, JSON Lines, Parquet."),
]
Subjects = Annotated[
    str | None, typer.Option("--subjects", metavar="PATH", help="The file with a row of attributes for each person.")
]
Pauses = Annotated[
    str | None,
    typer.Option(
        "--pauses", metavar="PATH", help="A file of when people were away: subject, from, to (empty: still away)."
    ),
]
Corrections = Annotated[
    str | None,
    typer.Option(
        "--corrections", metavar="PATH", help="A file of records to strike out or replace: by whom, when and why."
    ),
]
Statements = Annotated[
    str | None,
    typer.Option("--statements", metavar="PATH", help="A file of what people state or contest; no score changes."),
]
Duties = Annotated[
    list[DutyName] | None,
    typer.Option(
        "--duty",
        metavar="gdpr-15|dsa-27|reg-b",
        help="Hold it against what a law asks of an explanation, clause by clause; may be repeated.",
    ),
]
Audience = Annotated[
    audiences.Audience,
    typer.Option(
        "--audience",
        metavar="auditor|subject|public",
        help="Who reads it: others' names and what is private are hidden from those who may not see them.",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="TAG",
        help="The language of the words: en or de; a rulebook's own from the file beside it, NAME.de.toml.",
    ),
]
MapFile = Annotated[
    str | None, typer.Option("--map", metavar="FILE", help="A mapping of the file's names to the rulebook's (TOML).")
]
MaxRejected = Annotated[
    str,
    typer.Option(
        "--max-rejected", metavar="SHARE", help="Give up if a greater share of the rows of an input cannot be read."
    ),
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="DIR",
        help="Keep records and corrections here, add those given now, and score all; made where there is none.",
    ),
]


class EngineName(StrEnum):
    """What reads the records."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"


Engine = Annotated[
    EngineName,
    typer.Option("--engine", help="What reads the records; all but duckdb leave them where they lie."),
]
Master = Annotated[
    str | None,
    typer.Option(
        "--master", metavar="URL", help="Where Spark runs: local[2], spark://HOST, sc://HOST; else this machine."
    ),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit", metavar="SIZE", help="The most memory to work in, such as 500MB; the rest waits on the disk."
    ),
]
