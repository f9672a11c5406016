"""Takes a rulebook and records; gives everybody's score, and a run folder where one is asked for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from tallystick.cli.commands.input_options import (
    Audience,
    Corrections,
    MapFile,
    MaxRejected,
    Pauses,
    Records,
    Statements,
    Subjects,
)
from tallystick.cli.complaints import Stop, plural
from tallystick.cli.scoring import MOST_REJECTED, Inputs, run_of
from tallystick.cli.streams import say
from tallystick.explain.harmless import harmless
from tallystick.rules import audience as audiences

if TYPE_CHECKING:
    from tallystick.cli.score_formats import Form
    from tallystick.engine.receipt import Receipt
    from tallystick.rules.rulebook import Rulebook

EXAMPLES = """\b
Examples:
  tally score rules.tally --records activity.csv --as-of 2026-03-01
  tally score rules.tally --records 2025.parquet 2026.parquet --subjects people.csv --as-of 2026-03-01 --out run
  zcat activity.csv.gz | tally score rules.tally --records - --as-of 2026-03-01 --format csv
"""


class Format(StrEnum):
    """How scores are given."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"


def score(  # noqa: PLR0913  one parameter for each option
    file: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook; - is stdin.")],
    *,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The last day that counts, YYYY-MM-DD.")],
    records: Records = None,
    subjects: Subjects = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="RUN", help="Write the run into this new folder, for tally explain.")
    ] = None,
    no_records: Annotated[bool, typer.Option("--no-records", help="Leave the records out of the run folder.")] = False,
    previous: Annotated[
        Path | None,
        typer.Option("--previous", metavar="RUN", help="The run before this one: the receipt then holds its seal."),
    ] = None,
    digest_records: Annotated[
        bool, typer.Option("--digest-records", help="Put a digest of each day's records into the receipt.")
    ] = False,
    output: Annotated[
        Format, typer.Option("--format", help="A table for a person, or CSV, JSON or one JSON object a line.")
    ] = Format.TABLE,
    mapping: MapFile = None,
    pauses: Pauses = None,
    corrections: Corrections = None,
    statements: Statements = None,
    max_rejected: MaxRejected = MOST_REJECTED,
    audience: Audience = audiences.Audience.AUDITOR,
) -> None:
    """Score everybody by a rulebook."""
    if audience is audiences.Audience.SUBJECT:
        message = "everybody's scores name everybody, and are not for one person scored"
        raise Stop(message, help="write `--out RUN`, then `tally explain RUN --subject S --audience subject`")
    if no_records and out is None:
        message = "--no-records says what to leave out of a run folder, and there is none"
        raise Stop(message, help="add `--out RUN`")
    inputs = Inputs(file, tuple(records or ()), subjects, mapping, as_of, max_rejected, pauses, corrections, statements)
    run = run_of(inputs, out=out, keep_records=not no_records, previous=previous, digest_records=digest_records)
    from tallystick.cli.score_formats import printed
    from tallystick.explain.summary import summarise

    if audience is audiences.Audience.PUBLIC:
        from tallystick.explain.public_scores import PublicScores, public_receipt

        shown = PublicScores.of(run.rulebook)
        form = _form(output, shown.rulebook, public_receipt(run.receipt), public=True)
        for _ in printed(shown.ledgers(run.ledgers()), form):
            pass
        told = summarise(run)
        say(f"not listed, for want of a score: {plural(told.people - told.scored, 'person', 'people')}")
    else:
        told = summarise(run, printed(run.ledgers(), _form(output, run.rulebook, run.receipt)))
    if out is not None:
        say(f"run written to {harmless(str(out))}")
    for notice in run.notices:
        say(f"note: {harmless(notice)}")
    say(told.text().rstrip("\n"))


def _form(output: Format, rulebook: Rulebook, receipt: Receipt, *, public: bool = False) -> Form:
    from tallystick.cli.score_formats import CsvForm, JsonForm, NdjsonForm, TableForm

    match output:
        case Format.TABLE:
            return TableForm(rulebook)
        case Format.CSV:
            return CsvForm(rulebook, guarded=public)
        case Format.JSON:
            return JsonForm(rulebook, receipt)
        case Format.NDJSON:
            return NdjsonForm(rulebook)
        case _:
            assert_never(output)
