"""Takes several rulebooks and one set of inputs; gives how far the definitions agree, and on whom they do not."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from tallystick.cli.commands.by_options import InValue, part_of
from tallystick.cli.commands.explain import absent
from tallystick.cli.commands.input_options import Audience, Corrections, MapFile, MaxRejected, Pauses, Records, Subjects
from tallystick.cli.commands.page_formats import AskedFormat, PageFormat, put_document
from tallystick.cli.complaints import Stop
from tallystick.cli.rulebook_files import STDIN, checked
from tallystick.cli.scoring import MOST_REJECTED, Inputs, run_of
from tallystick.cli.streams import say
from tallystick.explain.harmless import harmless
from tallystick.rules import audience as audiences

EXAMPLES = """\b
Examples:
  tally compare reach.tally trust.tally --records activity.csv --as-of 2026-03-01
  tally compare *.tally --records activity.csv --as-of 2026-03-01 --subject ada
"""


def compare(  # noqa: PLR0913  one parameter for each option
    rulebooks: Annotated[list[str], typer.Argument(metavar="RULEBOOK...", help="Two rulebooks or more.")],
    *,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The last day that counts, YYYY-MM-DD.")],
    records: Records = None,
    subjects: Subjects = None,
    pauses: Pauses = None,
    corrections: Corrections = None,
    mapping: MapFile = None,
    max_rejected: MaxRejected = MOST_REJECTED,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="S", help="Somebody whose lines are put side by side.")
    ] = None,
    among: InValue = None,
    output: AskedFormat = PageFormat.TEXT,
    audience: Audience = audiences.Audience.AUDITOR,
) -> None:
    """Score the same records by several rulebooks, side by side."""
    if len(rulebooks) < 2:  # noqa: PLR2004
        message = "one rulebook agrees with itself"
        raise Stop(message, help="name two rulebooks or more")
    if [*rulebooks, *(records or ()), subjects, pauses, corrections].count(STDIN):
        message = "every rulebook reads the inputs again, and stdin can be read once only"
        raise Stop(message, help="name files")
    if subject is not None and audience is not audiences.Audience.AUDITOR:
        message = "one person by several definitions is for the auditor"
        raise Stop(message, help="leave `--subject` out; `tally explain … --audience` shows one definition")
    from tallystick.engine.change.comparison import compare as compared
    from tallystick.explain.comparison.comparison import comparison_document
    from tallystick.explain.comparison.pages import comparison_page

    with ExitStack() as open_runs:
        runs = []
        for each in rulebooks:
            declared = checked(each)
            given = Inputs(
                each,
                tuple(records or ()) if declared.records is not None else (),
                subjects if declared.subjects is not None else None,
                mapping,
                as_of,
                max_rejected,
                pauses,
                corrections if declared.records is not None else None,
            )
            run = run_of(given)
            open_runs.callback(run.close)
            runs.append(part_of(run, among))
        for notice in dict.fromkeys(notice for run in runs for notice in run.notices):
            say(f"note: {harmless(notice)}")
        found = compared(runs)
        if subject is not None and subject not in found.results:
            raise absent(runs[0], subject)
        document = comparison_document(found, runs, subject)
    if audience is not audiences.Audience.AUDITOR:
        from tallystick.explain.audience.without_names import comparison_without_names

        document = comparison_without_names(document)
    put_document(document, comparison_page, output)
