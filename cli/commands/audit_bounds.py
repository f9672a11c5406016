"""Takes a rulebook; gives what each rule can give, who can move it, and what an auditor should look at."""

from __future__ import annotations

from typing import Annotated

import typer

from tallystick.cli.commands.page_formats import AskedFormat, PageFormat, put_document
from tallystick.cli.rulebook_files import checked

EXAMPLES = """\b
Examples:
  tally audit bounds rules.tally
  tally audit bounds rules.tally --format html > bounds.html
"""


def audit_bounds(
    rulebook: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook.")],
    *,
    output: AskedFormat = PageFormat.TEXT,
) -> None:
    """Say what rules can give, and who can move it."""
    rules = checked(rulebook)
    from tallystick.engine.gaming.without_records import without_records
    from tallystick.explain.audit.bounds import bounds_told
    from tallystick.explain.audit.bounds_pages import bounds_page
    from tallystick.rules.analysis.bounds import bounds_of

    document = bounds_told(rules, bounds_of(rules), without_records(rules))
    put_document(document, bounds_page, output)
