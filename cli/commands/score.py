"""Takes a rulebook and records; gives everybody's score, and a run folder where one is asked for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from tallystick.cli.commands.input_options import (
    Audience,
    Corrections,
    Engine,
    EngineName,
    MapFile,
    Master,
    MaxRejected,
    MemoryLimit,
    Pauses,
    Records,
    State,
    Statements,
    Subjects,
)
from tallystick.cli.complaints import Stop, plural
from tallystick.cli.scoring import MOST_REJECTED, Inputs, run_of
from tallystick.cli.streams import say
from tallystick.explain.harmless import harmless
from tallystick.rules import audience as audiences

if TYPE_CHECKING:
    from collections.abc import Callable

    from tallystick.cli.score_document import Profile
    from tallystick.cli.score_formats import Form
    from tallystick.engine.costs import Stages
    from tallystick.engine.receipt import Receipt
    from tallystick.engine.run import FinishedRun
    from tallystick.rules.rulebook import Rulebook

EXAMPLES = """\b
Examples:
  tally score rules.tally --records activity.csv --as-of 2026-03-01
  tally score rules.tally --records 2025.parquet 2026.parquet --subjects people.csv --as-of 2026-03-01 --out run
  zcat activity.csv.gz | tally score rules.tally --records - --as-of 2026-03-01 --format csv
  tally score rules.tally --state kept --records today.csv --as-of 2026-03-01 --out today
  tally score rules.tally --engine postgres --records 'postgresql://me@db/app?table=app.events' --as-of 2026-03-01
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
    state: State = None,
    engine: Engine = EngineName.DUCKDB,
    master: Master = None,
    memory_limit: MemoryLimit = None,
    audience: Audience = audiences.Audience.AUDITOR,
    profile: Annotated[
        bool, typer.Option("--profile", help="Say how long each step took, and each measure and rule by itself.")
    ] = False,
) -> None:
    """Score everybody by a rulebook."""
    if audience is audiences.Audience.SUBJECT:
        message = "everybody's scores name everybody, and are not for one person scored"
        raise Stop(message, help="write `--out RUN`, then `tally explain RUN --subject S --audience subject`")
    if no_records and out is None:
        message = "--no-records says what to leave out of a run folder, and there is none"
        raise Stop(message, help="add `--out RUN`")
    if profile and engine is not EngineName.DUCKDB:
        message = "--profile times the steps of the embedded engine alone"
        raise Stop(message, help="leave it out, or score a copy of the records without `--engine`")
    inputs = Inputs(file, tuple(records or ()), subjects, mapping, as_of, max_rejected, pauses, corrections, statements)
    stages = _watch() if profile else None
    replaced = "" if out is None else _replaced(out)
    run = run_of(
        inputs,
        out=out,
        keep_records=not no_records,
        previous=previous,
        digest_records=digest_records,
        state=state,
        engine=engine.value,
        master=master,
        memory_limit=memory_limit,
        stages=stages,
    )
    profiled = None if stages is None else _profiled(run, stages)
    from tallystick.cli.score_formats import Told, printed, told_in_brief
    from tallystick.cli.score_formats import told as results_of
    from tallystick.explain.summary import summarise
    from tallystick.explain.summary_words import summary_text

    if audience is audiences.Audience.PUBLIC:
        from tallystick.explain.audience.public_scores import PublicScores, public_receipt

        shown = PublicScores.of(run.rulebook)
        form = _form(output, shown.rulebook, lambda: public_receipt(run.receipt), profiled, public=True)
        results = (Told(part.value, each) for part in run.parts() for each in shown.ledgers(part.ledgers()))
        for _ in printed(results, form):
            pass
        told = summarise(run)
        unlisted = told.results - told.scored
        what = ("person", "people") if run.rulebook.score.by is None else ("result", "results")
        say(f"not listed, for want of a score: {plural(unlisted, *what)}")
    else:
        form = _form(output, run.rulebook, lambda: run.receipt, profiled)
        if output in {Format.TABLE, Format.CSV}:
            for _ in printed(told_in_brief(run), form):
                pass
            told = summarise(run)
        else:
            told = summarise(run, printed(results_of(run), form))
    if state is not None:
        say(_taken_in(run.receipt, harmless(str(state))))
    if out is not None:
        say(f"run written to {harmless(str(out))}{replaced}")
    from tallystick.cli.likely_slips import likely_slips

    for notice in (*run.notices, *likely_slips(run, told)):
        say(f"note: {harmless(notice)}")
    say(summary_text(told).rstrip("\n"))
    if profiled is not None:
        from tallystick.cli.profile import drawn

        say(drawn(profiled()))


def _replaced(out: Path) -> str:
    """Say which run will go for the new one to stand in its place: who named it by a slip must know what is gone."""
    from tallystick.engine.folder_writing import is_run, read_receipt

    if not is_run(out):
        return ""
    earlier = read_receipt(out)
    book = earlier.rulebook
    return harmless(f", in place of that of {earlier.as_of} by `{book.name}` {book.version}")


def _watch() -> Stages:
    """Begin to note how long each thing takes."""
    from tallystick.engine.costs import Stages

    return Stages()


def _profiled(run: FinishedRun, stages: Stages) -> Callable[[], Profile]:
    """Note that printing begins, and return what gives the profile when it is done."""
    from tallystick.cli.profile import PRINTING, profile_of

    stages.turn(PRINTING)
    return profile_of(run, stages)


def _taken_in(receipt: Receipt, state: str) -> str:
    """Say what was taken in now, and what there is; a state that begins now is told, as its name may be a slip."""
    last = receipt.takings[-1]
    is_now = last.taken_at == receipt.computed_at
    there = f"{plural(receipt.counts.rows, 'row')} from {plural(len(receipt.takings), 'taking')}"
    new = ", which is new" if is_now and len(receipt.takings) == 1 else ""
    return f"rows of records taken in now: {last.rows if is_now else 0:,}; {there} in all in the state {state}{new}"


def _form(
    output: Format,
    rulebook: Rulebook,
    receipt: Callable[[], Receipt],
    profile: Callable[[], Profile] | None,
    *,
    public: bool = False,
) -> Form:
    from tallystick.cli.score_formats import CsvForm, TableForm

    match output:
        case Format.TABLE:
            return TableForm(rulebook)
        case Format.CSV:
            return CsvForm(rulebook, guarded=public)
        case Format.JSON:
            from tallystick.cli.score_json import JsonForm

            return JsonForm(rulebook, receipt(), profile)
        case Format.NDJSON:
            from tallystick.cli.score_json import NdjsonForm

            return NdjsonForm(rulebook)
        case _:
            assert_never(output)
