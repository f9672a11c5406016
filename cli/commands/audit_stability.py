"""Takes a rulebook, its inputs and a stretch of days; gives how the score behaves over these days."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.commands.by_options import InValue
from tallystick.cli.commands.input_options import Audience, Corrections, MapFile, MaxRejected, Pauses, Records, Subjects
from tallystick.cli.commands.page_formats import AskedFormat, PageFormat, put_document
from tallystick.cli.complaints import Stop
from tallystick.cli.progress import Progress
from tallystick.cli.rulebook_files import STDIN, checked
from tallystick.cli.scoring import MOST_REJECTED, day_of, share_of
from tallystick.cli.streams import say
from tallystick.explain.harmless import harmless
from tallystick.rules import audience as audiences

EXAMPLES = """\b
Examples:
  tally audit stability rules.tally --records activity.csv --from 2026-01-01 --to 2026-06-30 --every 7d
  tally audit stability rules.tally --records a.csv b.csv --subjects people.csv --from 2026-01-01 --to 2026-03-31
"""
MOST_DAYS = 1000
_EVERY = re.compile(r"([1-9][0-9]{0,3})([dw])", re.ASCII)


def audit_stability(  # noqa: PLR0913  one parameter for each option
    rulebook: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook.")],
    *,
    records: Records = None,
    subjects: Subjects = None,
    pauses: Pauses = None,
    corrections: Corrections = None,
    mapping: MapFile = None,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day.")],
    every: Annotated[str, typer.Option("--every", metavar="STEP", help="The step between days: 7d, 4w.")] = "7d",
    max_rejected: MaxRejected = MOST_REJECTED,
    among: InValue = None,
    output: AskedFormat = PageFormat.TEXT,
    audience: Audience = audiences.Audience.AUDITOR,
) -> None:
    """Say how a score behaves from day to day."""
    if [rulebook, *(records or ()), subjects, pauses, corrections].count(STDIN) > 1:
        message = "stdin can be read once only, and `-` stands here twice"
        raise Stop(message)
    days = _days(day_of(first, "--from"), day_of(last, "--to"), every)
    share = share_of(max_rejected)
    rules = checked(rulebook)
    from tallystick.engine.change.stability import stability
    from tallystick.engine.change.trials import TrialInputs
    from tallystick.explain.audit.stability import stability_of
    from tallystick.explain.audit.stability_pages import stability_page

    given = None if mapping is None else Path(mapping)
    inputs = TrialInputs(days[-1], records, subjects, pauses, corrections, given, share, among)
    with Progress() as progress:
        found = stability(rules, inputs, days, progress)
    for notice in found.notices:
        say(f"note: {harmless(notice)}")
    document = stability_of(rules, found, among)
    if audience is not audiences.Audience.AUDITOR:
        from tallystick.explain.audience.without_names import stability_without_names

        document = stability_without_names(document)
    put_document(document, stability_page, output)


def _days(first: date, last: date, every: str) -> tuple[date, ...]:
    """Return the days, the last of them whatever the step."""
    step = _EVERY.fullmatch(every)
    if step is None:
        message = f"`{every}` is not a step for --every"
        raise Stop(message, help="write it as 7d or 4w")
    width = int(step[1]) * (7 if step[2] == "w" else 1)
    if last <= first:
        message = f"--to {last} is not after --from {first}"
        raise Stop(message, help="a score behaves from one day to a later one")
    days = [first + timedelta(days) for days in range(0, (last - first).days, width)]
    if len(days) >= MOST_DAYS:
        message = f"these are {len(days) + 1:,} days, and each is a run"
        raise Stop(message, help=f"take a longer step, or fewer than {MOST_DAYS:,} of them")
    return (*days, last)
