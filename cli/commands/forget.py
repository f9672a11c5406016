"""Takes the name of a person and runs; gives the runs without that person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.complaints import ExitCode, Stop
from tallystick.cli.scoring import day_of
from tallystick.cli.streams import put_line, say
from tallystick.explain.harmless import harmless

EXAMPLES = """\b
Examples:
  tally forget ada run
  tally forget ada january february march --on 2026-05-01
"""


def forget(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="The person, as the records call them.")],
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders, which are changed.")],
    *,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day that the receipts are to name for it.")
    ] = None,
) -> None:
    """Remove a person from runs; nobody else's numbers change."""
    day = None if on is None else day_of(on, "--on")
    if subject == "":
        message = "a person has a name"
        raise Stop(message)
    from tallystick.engine.forgetting import forget as forgotten
    from tallystick.engine.forgetting import whole_receipt
    from tallystick.explain.forgetting_words import forgotten_words

    if Path(subject).is_dir() and not runs[-1].exists():
        message = f"`{subject}` is a folder, and `{runs[-1]}` is none"
        raise Stop(message, help=f"the person comes first: write `tally forget {runs[-1]} {subject}`")
    for run in runs:
        whole_receipt(run)
    found = [forgotten(run, subject, day) for run in runs]
    for each in found:
        for line in forgotten_words(each):
            put_line(f"{harmless(line)}\n")
    if not any(each.there for each in found):
        message = "nobody of that name is in these runs"
        raise Stop(
            message,
            help="write the name as the records do; a run that keeps no records knows only who was scored",
            code=ExitCode.FINDINGS,
        )
    say("note: sites that were published from these runs still show the person: publish them again")
    say("note: the files that the runs were made from are not touched")
