"""Takes two runs and a person, or everybody; gives what brought the difference about, to the last digit."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.commands.by_options import InValue, part_of
from tallystick.cli.commands.input_options import Audience, Language
from tallystick.cli.complaints import ExitCode, Stop
from tallystick.cli.likely_slips import how_to_write, somebody_removed
from tallystick.cli.progress import Progress
from tallystick.cli.streams import put_line, say
from tallystick.cli.unread import say_unread
from tallystick.cli.worded import wording_of
from tallystick.rules import audience as audiences

if TYPE_CHECKING:
    from tallystick.engine.run import FinishedRun

EXAMPLES = """\b
Examples:
  tally why march june --subject ada
  tally why march june --subject ada --language de
  tally why march june --all --format markdown
  tally why march june --all --format json > why.json
"""
_RECORDS = "The records of the {} run, if it was written without."
_SUBJECTS = "The file about people that the {} run read, if it was written without records."
_MAP = "The mapping that the {} run was made with, if it was written without records."


class Format(StrEnum):
    """How the account is given."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def why(  # noqa: PLR0913  one parameter for each option
    before: Annotated[str, typer.Argument(metavar="RUN_BEFORE", help="The folder of the earlier run.")],
    after: Annotated[str, typer.Argument(metavar="RUN_AFTER", help="The folder of the later run.")],
    *,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="S", help="The person whose score it is, told line by line.")
    ] = None,
    among: InValue = None,
    everybody: Annotated[bool, typer.Option("--all", help="Everybody together; in JSON also one by one.")] = False,
    output: Annotated[Format, typer.Option("--format", help="Text for a person, Markdown or JSON.")] = Format.TEXT,
    records_before: Annotated[
        list[str] | None,
        typer.Option("--records-before", metavar="PATH...", help=_RECORDS.format("earlier")),
    ] = None,
    records_after: Annotated[
        list[str] | None,
        typer.Option("--records-after", metavar="PATH...", help=_RECORDS.format("later")),
    ] = None,
    subjects_before: Annotated[
        str | None, typer.Option("--subjects-before", metavar="PATH", help=_SUBJECTS.format("earlier"))
    ] = None,
    subjects_after: Annotated[
        str | None, typer.Option("--subjects-after", metavar="PATH", help=_SUBJECTS.format("later"))
    ] = None,
    mapping_before: Annotated[
        str | None, typer.Option("--map-before", metavar="FILE", help=_MAP.format("earlier"))
    ] = None,
    mapping_after: Annotated[str | None, typer.Option("--map-after", metavar="FILE", help=_MAP.format("later"))] = None,
    audience: Audience = audiences.Audience.AUDITOR,
    language: Language = None,
) -> None:
    """Say what brought about the difference between two runs."""
    _refuse_what_does_not_fit(subject, audience, language, everybody=everybody)
    from tallystick.engine import open_run
    from tallystick.engine.change.between import between
    from tallystick.explain.change.account import Accounting
    from tallystick.explain.change.for_audience import ShowingChanges
    from tallystick.explain.change.pages import change_json, change_markdown, change_text
    from tallystick.explain.errors import AbsentSubject
    from tallystick.explain.printable import printable_json

    with (
        closing(open_run(before, records=records_before, subjects=subjects_before, mapping=mapping_before)) as earlier,
        closing(open_run(after, records=records_after, subjects=subjects_after, mapping=mapping_after)) as later,
    ):
        befores = {"records": records_before, "subjects": subjects_before, "map": mapping_before}
        afters = {"records": records_after, "subjects": subjects_after, "map": mapping_after}
        for run, given, which in ((earlier, befores, "before"), (later, afters, "after")):
            say_unread(run, {f"--{name}-{which}": each or None for name, each in given.items()})
            if given["records"]:
                run.rows()  # what was given and does not fit is refused here, not passed over
        if earlier.as_of > later.as_of:
            say(f"note: the run named first is of {earlier.as_of}, a later day than {later.as_of}: are they swapped?")
        before_, after_ = _same_value(earlier, later, among)
        if subject is not None and before_.subject(subject) is None and after_.subject(subject) is None:
            raise _absent(subject, before_, after_)
        with Progress() as progress:
            found = between(before_, after_, progress=lambda doing: progress(doing, 0))
        with closing(found), wording_of(language, later, earlier) as worded:
            if found.net_because is not None and not all(map(_has_rows, (earlier, later))):
                say("note: records that a run has not kept can be given: `--records-before`, `--records-after`")
            accounting = Accounting(found, worded)
            try:
                if subject is None:
                    document = accounting.everybody()
                else:
                    document = ShowingChanges(accounting.rulebooks, audience).of(accounting.person(subject))
            except AbsentSubject as error:
                raise _absent(error.subject, before_, after_) from error
            match output:
                case Format.TEXT:
                    put_line(change_text(document))
                case Format.MARKDOWN:
                    put_line(change_markdown(document))
                case Format.JSON if subject is None:
                    for line in change_json(document, accounting.people()):
                        put_line(line)
                case Format.JSON:
                    put_line(printable_json(document))


def _has_rows(run: FinishedRun) -> bool:
    """Say whether the rows that a run was made from are at hand."""
    from tallystick.engine.refusals import RowsNotKept

    try:
        run.rows()
    except RowsNotKept:
        return False
    return True


def _same_value(earlier: FinishedRun, later: FinishedRun, value: str | None) -> tuple[FinishedRun, FinishedRun]:
    """Return what tells of one score for each person: both runs, or of both the part of one value."""
    fields = [each.rulebook.score.by for each in (earlier, later)]
    if fields[0] != fields[1]:
        said = ["by no field" if each is None else f"by `{each}`" for each in fields]
        message = f"the score of the earlier run is {said[0]}, and that of the later one {said[1]}"
        raise Stop(message, help="compare runs whose scores are by the same field")
    return part_of(earlier, value), part_of(later, value)


def _refuse_what_does_not_fit(
    subject: str | None, audience: Audience, language: str | None, *, everybody: bool
) -> None:
    """Refuse options that ask for two things at once, or for what is for auditors."""
    if (subject is None) is not everybody:
        message = "name the person with `--subject`, or ask about everybody with `--all`"
        raise Stop(message, help="one of the two, not both")
    if everybody and language is not None:
        message = "what changed for everybody is for the auditor, and in English"
        raise Stop(message, help="name one person with `--subject`, or leave `--language` out")
    if everybody and audience is not audiences.Audience.AUDITOR:
        message = "what changed for everybody is for the auditor"
        raise Stop(message, help="name one person with `--subject`, or leave `--audience` out")


def _absent(subject: str, *runs: FinishedRun) -> Stop:
    among = "" if runs[0].value is None else f" of {runs[0].value}"
    message = f"neither run has a result{among} for anybody called `{subject}`, so there is nothing to account for"
    help_ = how_to_write(subject, *runs)
    return Stop(message, notes=somebody_removed(*runs), help=help_, code=ExitCode.FINDINGS)
