"""Takes a run and a file of groups; gives how each group fares, and which rule makes what part of a gap."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from tallystick.cli.commands.by_options import InValue, part_of
from tallystick.cli.commands.input_options import Audience
from tallystick.cli.commands.page_formats import AskedFormat, PageFormat, put_document
from tallystick.cli.progress import Progress
from tallystick.rules import audience as audiences

EXAMPLES = """\b
Examples:
  tally audit fairness run --groups groups.csv --by sex
  tally audit fairness run --groups groups.csv --by sex --by age --format html > fairness.html
"""


def audit_fairness(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    *,
    groups: Annotated[
        str,
        typer.Option("--groups", metavar="FILE", help="Who is in which group: `subject` and the columns, a row each."),
    ],
    by: Annotated[
        list[str],
        typer.Option("--by", metavar="COLUMN", help="A column of it; may be repeated, and several are crossed, too."),
    ],
    among: InValue = None,
    output: AskedFormat = PageFormat.TEXT,
    audience: Audience = audiences.Audience.AUDITOR,
) -> None:
    """Say how groups fare, and which rule makes a gap."""
    from tallystick.engine import open_run
    from tallystick.engine.groups.fairness import fairness
    from tallystick.explain.audit.fairness import fairness_of
    from tallystick.explain.audit.fairness_pages import fairness_page

    with closing(open_run(run)) as opened:
        part = part_of(opened, among)
        with Progress() as progress:
            found = fairness(part, groups, by, progress)
        document = fairness_of(part, found)
    if audience is not audiences.Audience.AUDITOR:
        from tallystick.explain.audience.without_names import fairness_without_few

        document = fairness_without_few(document)
    put_document(document, fairness_page, output)
