"""Takes a run, or a rulebook and records, and a person; gives the explanation of that person's score."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from tallystick.cli.commands.by_options import InValue, part_of, unsaid
from tallystick.cli.commands.input_options import (
    Audience,
    Corrections,
    Duties,
    Language,
    MapFile,
    Master,
    Pauses,
    Statements,
    Subjects,
)
from tallystick.cli.complaints import ExitCode, Stop, plural
from tallystick.cli.everybody import Told, form_of, tell_everybody
from tallystick.cli.likely_slips import how_to_write, somebody_removed
from tallystick.cli.rulebook_files import STDIN
from tallystick.cli.scoring import MOST_REJECTED, Inputs, day_of, run_of
from tallystick.cli.streams import put_line, say
from tallystick.cli.unread import say_unread
from tallystick.cli.worded import worded
from tallystick.explain.harmless import harmless
from tallystick.rules import audience as audiences

if TYPE_CHECKING:
    from tallystick.engine.run import FinishedRun
    from tallystick.explain.document import Explanation
    from tallystick.explain.duties.clauses import DutyName
    from tallystick.explain.several import Explanations

EXAMPLES = """\b
Examples:
  tally explain run --subject ada
  tally explain run --subject ada --evidence --format markdown
  tally explain run --subject ada --could-change --by 2026-06-30
  tally explain run --subject ada --evidence --audience subject
  tally explain run --subject ada --language de
  tally explain run --subject ada --in music
  tally explain run --all --format ndjson --audience subject > everybody.ndjson
  tally explain run --subject ada --evidence --could-change --duty gdpr-15
  tally explain rules.tally --records activity.csv --as-of 2026-03-01 --subject ada
"""


class Format(StrEnum):
    """How an explanation is given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    NDJSON = "ndjson"


def explain(  # noqa: PLR0913  one parameter for each option
    source: Annotated[str, typer.Argument(metavar="RUN|FILE", help="A run folder, or a rulebook; - is stdin.")],
    *,
    subject: Annotated[str | None, typer.Option("--subject", metavar="S", help="The person whose score it is.")] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Explain everybody's, one after another; for programs, as ndjson.")
    ] = False,
    output: Annotated[
        Format, typer.Option("--format", help="Text for a person, Markdown, one HTML file, JSON, or JSON on one line.")
    ] = Format.TEXT,
    evidence: Annotated[bool, typer.Option("--evidence", help="List the records behind each line.")] = False,
    could_change: Annotated[
        bool, typer.Option("--could-change", help="Try what would raise the score, and what doing nothing does.")
    ] = False,
    value: InValue = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="DATE", help="For --could-change: the day on which it is tried.")
    ] = None,
    records: Annotated[
        list[str] | None,
        typer.Option(
            "--records",
            metavar="PATH...",
            help="Files or folders of records; for a RUN, those it left out, its state, or its table.",
        ),
    ] = None,
    subjects: Subjects = None,
    mapping: MapFile = None,
    master: Master = None,
    pauses: Pauses = None,
    corrections: Corrections = None,
    statements: Statements = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="The last day that counts, YYYY-MM-DD; a RUN has its own."),
    ] = None,
    audience: Audience = audiences.Audience.AUDITOR,
    duty: Duties = None,
    language: Language = None,
) -> None:
    """Explain one person's score."""
    _refuse_records(audience, evidence=evidence, could_change=could_change)
    if everybody:
        _refuse_one({"--subject": subject is not None, "--could-change": could_change, "--duty": bool(duty)})
        form_of(output.value)
    elif subject is None:
        message = "nobody is named"
        raise Stop(message, help="add `--subject NAME`, or `--all` for everybody")
    if by is not None and not could_change:
        message = "`--by` says on which day to try what could change the score"
        raise Stop(message, help="add `--could-change`")
    acts = {"pauses": pauses, "corrections": corrections, "statements": statements}
    run = _run(source, tuple(records or ()), subjects, mapping, as_of, acts, master)
    if _is_folder(source):
        given: dict[str, object] = {
            "--records": records,
            "--subjects": subjects,
            "--map": mapping,
            "--master": master,
        }
        needed = evidence or could_change or (subject is not None and bool(run.corrections(subject)))
        say_unread(run, given, needed=needed)
    for notice in run.notices:
        say(f"note: {harmless(notice)}")
    if subject is None:
        tell_everybody(run, Told(form_of(output.value), language, audience, evidence, value))
        return
    assert subject is not None  # noqa: S101  refused above
    day = _day(by, run)
    several = run.parts_in is not None and value is None
    if several and duty:
        raise unsaid(run.rulebook)
    asked = _Asked(subject, evidence, could_change, day, audience)
    with worded(run, language) as told:
        parts = told.parts() if several else iter((part_of(told, value),))
        explanations = tuple(each for each in map(asked.of, parts) if each is not None)
        if not explanations:
            raise absent(part_of(run, value) if value is not None else run, subject)
        if several:
            from tallystick.explain.several import Explanations

            _put(Explanations(subject=subject, by=run.rulebook.score.by or "", explanations=explanations), output)
            return
    if duty:
        _hold_against(explanations[0], duty, output)
        return
    _put(explanations[0], output)


class _Asked(Struct, frozen=True):
    """What is asked of one person's score."""

    subject: str
    evidence: bool
    could_change: bool
    day: date | None
    audience: audiences.Audience

    def of(self, run: FinishedRun) -> Explanation | None:
        """Return the explanation as its audience may see it; None where the run does not know the person."""
        from tallystick.explain import AbsentSubject
        from tallystick.explain import explain as explained

        try:
            explanation = explained(run, self.subject, evidence=self.evidence, computed_at=datetime.now(UTC))
        except AbsentSubject:
            return None
        if self.could_change:
            from tallystick.explain.what_if.could_change import could_change as what_could

            found = what_could(run, self.subject, by=self.day)
            explanation = explanation.model_copy(update={"could_change": found})
        if self.audience is not audiences.Audience.AUDITOR:
            from tallystick.explain.audience.for_audience import for_audience

            explanation = for_audience(explanation, run.rulebook, self.audience)
        return explanation


def _put(explanation: Explanation | Explanations, output: Format) -> None:
    """Put out an explanation, or those of all values."""
    match output:
        case Format.TEXT:
            put_line(explanation.text())
        case Format.MARKDOWN:
            put_line(explanation.markdown())
        case Format.HTML:
            put_line(explanation.html())
        case Format.JSON:
            put_line(explanation.json())
        case Format.NDJSON:
            put_line(explanation.json(indent=None))


def _refuse_one(given: dict[str, bool]) -> None:
    """Refuse options about one person."""
    for option in (each for each, is_given in given.items() if is_given):
        message = f"`{option}` is about one person, and `--all` about everybody"
        raise Stop(message, help="leave one of them out")


def _refuse_records(audience: Audience, *, evidence: bool, could_change: bool) -> None:
    """Refuse what the public would not see any of."""
    if audience is audiences.Audience.PUBLIC and (evidence or could_change):
        option = "--evidence" if evidence else "--could-change"
        message = f"`{option}` shows records, and the public sees none"
        raise Stop(message, help=f"leave `{option}` out, or write `--audience subject` for the person scored")


def _hold_against(explanation: Explanation, duties: list[DutyName], output: Format) -> None:
    """Put out the checklist in place of the explanation; something missing or forbidden is a finding."""
    from tallystick.explain.duties.checklist import duties_checked
    from tallystick.explain.duties.pages import duty_html, duty_markdown, duty_text
    from tallystick.explain.printable import printable_json

    found = duties_checked(explanation, duties)
    match output:
        case Format.TEXT:
            put_line(duty_text(found))
        case Format.MARKDOWN:
            put_line(duty_markdown(found))
        case Format.HTML:
            put_line(duty_html(found))
        case Format.JSON:
            put_line(printable_json(found))
        case Format.NDJSON:
            put_line(printable_json(found, indent=None))
    if not found.complies:
        raise typer.Exit(ExitCode.FINDINGS)


def _day(given: str | None, run: FinishedRun) -> date | None:
    """Read the day on which actions are imagined: not before the run's, whose records are what is known."""
    if given is None:
        return None
    day = day_of(given, "--by")
    if day < run.as_of:
        message = f"{day} is before the last day of the run, {run.as_of}"
        raise Stop(message, help="name that day or a later one")
    return day


def absent(run: FinishedRun, subject: str) -> Stop:
    """Say of somebody who is not in the run who would be, and why somebody may be missing."""
    counts = run.counts
    record = f"record{'' if run.value is None else f' of {run.value}'} up to {run.as_of.isoformat()}"
    rows, people = plural(counts.rows, "row"), plural(counts.subject_rows, "row")
    rejected, skipped = counts.rejected + counts.subject_rejected, counts.skipped
    if run.rulebook.subjects is None:
        why = f"no {record} is about anybody of that name"
        read = f"{rows} of records read; whoever such a record is about can have it explained"
    elif run.rulebook.score.by is not None:
        why = f"nobody of that name has both a row in the data about people and a {record}"
        read = f"{rows} of records and {people} about people read; whoever has both can have it explained"
    else:
        why = "the data about people has no row with that name"
        read = f"{people} about people read; whoever has one can have it explained"
        rejected, skipped = counts.subject_rejected, 0
    notes = [f"{read}, with a score or without", *somebody_removed(run)]
    if run.corrections(subject):
        notes.append("a correction struck out records about this person, which count no longer")
    if rejected > 0:
        notes.append(f"{plural(rejected, 'row')} could not be read and may name this person")
    if skipped > 0:
        notes.append(f"{plural(skipped, 'row')} skipped by the mapping may name this person")
    return Stop(
        f"there is no score of `{subject}` and nothing to explain: {why}",
        notes=tuple(notes),
        help=how_to_write(subject, run),
        code=ExitCode.FINDINGS,
    )


def _is_folder(source: str) -> bool:
    """Say whether a folder was named, which only a run is."""
    return source != STDIN and Path(source).is_dir()


def _run(
    source: str,
    records: tuple[str, ...],
    subjects: str | None,
    mapping: str | None,
    as_of: str | None,
    acts: dict[str, str | None],
    master: str | None,
) -> FinishedRun:
    if _is_folder(source):
        if as_of is not None:
            message = f"the run `{source}` has its own as-of day"
            raise Stop(message, help="leave `--as-of` out")
        for name, given in acts.items():
            if given is not None:
                message = f"the run `{source}` has its own {name}"
                raise Stop(message, help=f"leave `--{name}` out, or score again with them")
        from tallystick.engine import open_run

        return open_run(source, records=list(records) or None, subjects=subjects, mapping=mapping, master=master)
    if master is not None:
        message = "`--master` says where Spark runs, and Spark is not asked"
        raise Stop(message, help="leave it out, or name a RUN that was scored there")
    if source != STDIN and not Path(source).exists():
        message = f"there is no run and no rulebook `{source}`"
        raise Stop(message, help="name a folder that `tally score … --out RUN` has written, or a rulebook")
    if as_of is None:
        message = "--as-of is missing"
        raise Stop(message, help="add the last day that counts, such as `--as-of 2026-03-01`")
    return run_of(Inputs(source, records, subjects, mapping, as_of, MOST_REJECTED, **acts))
