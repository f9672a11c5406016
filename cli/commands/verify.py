"""Takes runs, and their records if they are at hand; gives whether everything in them is as it should be."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.commands.input_options import MapFile, Master, Subjects
from tallystick.cli.complaints import ExitCode, Stop
from tallystick.cli.progress import Progress
from tallystick.cli.streams import put_line

if TYPE_CHECKING:
    from tallystick.engine.verifying.records import GivenAgain

EXAMPLES = """\b
Examples:
  tally verify run
  tally verify run --records activity.csv --subjects people.csv --independent 20
  tally verify january february march --chain --trust key.pem.pub
"""


class Format(StrEnum):
    """How the checks are given."""

    TEXT = "text"
    JSON = "json"


def verify(  # noqa: PLR0913  one parameter for each option
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders; for --chain the earliest first.")],
    *,
    records: Annotated[
        list[str] | None,
        typer.Option(
            "--records",
            metavar="PATH...",
            help="Make the run again from these, or its state; else from the records it has kept.",
        ),
    ] = None,
    subjects: Subjects = None,
    mapping: MapFile = None,
    pauses: Annotated[
        str | None, typer.Option("--pauses", metavar="PATH", help="The pauses that it was made with.")
    ] = None,
    corrections: Annotated[
        str | None, typer.Option("--corrections", metavar="PATH", help="The corrections that it was made with.")
    ] = None,
    master: Master = None,
    independent: Annotated[
        int | None,
        typer.Option(
            "--independent", metavar="N", min=1, help="Work out N people by the slow reference, too, and compare."
        ),
    ] = None,
    chain: Annotated[
        bool, typer.Option("--chain", help="Check that each run names the one before it as that.")
    ] = False,
    trust: Annotated[
        Path | None, typer.Option("--trust", metavar="KEY", help="The public key of whoever is to have signed it.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="Text for a person or JSON.")] = Format.TEXT,
) -> None:
    """Check a run, and make it again from its records."""
    given = _given(records, subjects, mapping, pauses, corrections, master)
    if given.any and len(runs) > 1:
        message = "records are those of one run, and several runs are given"
        raise Stop(message, help="verify the runs one by one, or without `--records`")
    if chain and len(runs) == 1:
        message = "a chain has two runs at least, and one is given"
        raise Stop(message, help="name the runs, the earliest first")
    from tallystick.engine.verifying.chain import links_between
    from tallystick.engine.verifying.checks import verify as verified
    from tallystick.explain.verifying.document import verification_document

    with Progress() as progress:
        found = [verified(run, given=given, independent=independent, trust=trust, progress=progress) for run in runs]
    receipts = [each.receipt for each in found if each.receipt is not None]
    links = links_between(receipts) if chain and len(receipts) == len(runs) else None
    document = verification_document(found, links, chain_asked=chain)
    if output is Format.JSON:
        from tallystick.explain.printable import printable_json

        put_line(printable_json(document))
    else:
        from tallystick.explain.verifying.pages import verification_text

        put_line(verification_text(document))
    if not document.agrees:
        raise typer.Exit(ExitCode.FINDINGS)


def _given(
    records: list[str] | None,
    subjects: str | None,
    mapping: str | None,
    pauses: str | None,
    corrections: str | None,
    master: str | None,
) -> GivenAgain:
    """Return what the run is to be made from again."""
    from tallystick.engine.verifying.records import GivenAgain

    kept = None if mapping is None else Path(mapping)
    given = GivenAgain(records, subjects, kept, pauses, corrections, master=master)
    others = {"--map": mapping, "--pauses": pauses, "--corrections": corrections, "--master": master}
    for option, value in others.items():
        if value is not None and not given.any:
            message = f"`{option}` belongs to records that are given, and none are"
            raise Stop(message, help="add `--records PATH`")
    return given
