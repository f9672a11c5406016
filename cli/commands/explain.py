"""Takes a run, or a rulebook and records, and a person; gives the explanation of that person's score."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.complaints import ExitCode, Stop, plural
from tallystick.cli.rulebook_files import STDIN
from tallystick.cli.scoring import Inputs, run_of
from tallystick.cli.streams import put_line, say

if TYPE_CHECKING:
    from tallystick.engine.run import FinishedRun

EXAMPLES = """\b
Examples:
  tally explain run --subject ada
  tally explain run --subject ada --evidence --format markdown
  tally explain rules.tally --records activity.csv --as-of 2026-03-01 --subject ada
"""


class Format(StrEnum):
    """How an explanation is given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def explain(
    source: Annotated[str, typer.Argument(metavar="RUN|FILE", help="A run folder, or a rulebook; - is stdin.")],
    *,
    subject: Annotated[str, typer.Option("--subject", metavar="S", help="The person whose score it is.")],
    output: Annotated[Format, typer.Option("--format", help="Text for a person, Markdown or JSON.")] = Format.TEXT,
    evidence: Annotated[bool, typer.Option("--evidence", help="List the records behind each line.")] = False,
    records: Annotated[
        list[str] | None,
        typer.Option("--records", metavar="PATH...", help="Files or folders of records; for a RUN, those it left out."),
    ] = None,
    subjects: Annotated[
        str | None,
        typer.Option("--subjects", metavar="PATH", help="The file with a row of attributes for each person."),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option("--map", metavar="FILE", help="A mapping of the file's names to the rulebook's (TOML)."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The last day that counts, YYYY-MM-DD; a RUN has its own."),
    ] = None,
) -> None:
    """Explain one person's score."""
    run = _run(source, tuple(records or ()), subjects, mapping, as_of)
    if _is_run(source):
        for notice in _unread(run, {"--records": records, "--subjects": subjects, "--map": mapping}, evidence=evidence):
            say(f"note: {notice}")
    from tallystick.explain import AbsentSubject
    from tallystick.explain import explain as explained

    try:
        explanation = explained(run, subject, evidence=evidence, computed_at=datetime.now(UTC))
    except AbsentSubject as error:
        raise _absent(run, subject) from error
    match output:
        case Format.TEXT:
            put_line(explanation.text())
        case Format.MARKDOWN:
            put_line(explanation.markdown())
        case Format.JSON:
            put_line(explanation.json())


def _absent(run: FinishedRun, subject: str) -> Stop:
    """Say of somebody who is not in the run who would be, and why somebody may be missing."""
    counts = run.counts
    if run.rulebook.subjects is None:
        why = f"no record up to {run.as_of.isoformat()} is about anybody of that name"
        rows, rejected, skipped = counts.rows, counts.rejected, counts.skipped
        read = f"{plural(rows, 'row')} of records read; whoever one of them is about can have it explained"
    else:
        why = "the data about people has no row with that name"
        rows, rejected, skipped = counts.subject_rows, counts.subject_rejected, 0
        read = f"{plural(rows, 'row')} about people read; whoever has one can have it explained"
    notes = [f"{read}, with a score or without"]
    if rejected > 0:
        notes.append(f"{plural(rejected, 'row')} could not be read and may name this person")
    if skipped > 0:
        notes.append(f"{plural(skipped, 'row')} skipped by the mapping may name this person")
    return Stop(
        f"there is no score of `{subject}` and nothing to explain: {why}",
        notes=tuple(notes),
        help="write the name exactly as the data has it, with its capital letters and blanks",
        code=ExitCode.FINDINGS,
    )


def _unread(run: FinishedRun, given: dict[str, object], *, evidence: bool) -> Iterator[str]:
    """Say which inputs given beside a run's folder it had no need of, so that nobody takes them for read."""
    from tallystick.engine.folder_writing import RECORDS

    kept = any(each.name == RECORDS for each in run.receipt.files)
    for option, value in given.items():
        if value is not None and kept:
            yield f"`{option}` was not read: the run has kept its records"
        elif value is not None and not evidence:
            yield f"`{option}` was not read: only `--evidence` needs it"


def _is_run(source: str) -> bool:
    return source != STDIN and Path(source).is_dir()


def _run(
    source: str, records: tuple[str, ...], subjects: str | None, mapping: str | None, as_of: str | None
) -> FinishedRun:
    if _is_run(source):
        if as_of is not None:
            message = f"the run `{source}` has its own as-of day"
            raise Stop(message, help="leave `--as-of` out")
        from tallystick.engine import open_run

        return open_run(source, records=list(records) or None, subjects=subjects, mapping=mapping)
    if source != STDIN and not Path(source).exists():
        message = f"there is no run and no rulebook `{source}`"
        raise Stop(message)
    if as_of is None:
        message = "--as-of is missing"
        raise Stop(message, help="add the last day that counts, such as `--as-of 2026-03-01`")
    return run_of(Inputs(source, records, subjects, mapping, as_of))
