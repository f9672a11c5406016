"""Takes a rulebook; gives what each rule can give, who can move it, and what an auditor should look at."""

from __future__ import annotations

from typing import Annotated, assert_never

import typer

from tallystick.cli.commands.audit_fairness import Format
from tallystick.cli.rulebook_files import checked
from tallystick.cli.streams import put_line

EXAMPLES = """\b
Examples:
  tally audit bounds rules.tally
  tally audit bounds rules.tally --format html > bounds.html
"""


def audit_bounds(
    rulebook: Annotated[str, typer.Argument(metavar="FILE", help="The rulebook.")],
    *,
    output: Annotated[
        Format, typer.Option("--format", help="Text for a person, Markdown, one HTML file or JSON.")
    ] = Format.TEXT,
) -> None:
    """Say what rules can give, and who can move it."""
    rules = checked(rulebook)
    from tallystick.engine.gaming.without_records import without_records
    from tallystick.explain.audit.bounds import bounds_told
    from tallystick.explain.audit.bounds_pages import bounds_html, bounds_markdown, bounds_text
    from tallystick.explain.printable import printable_json
    from tallystick.rules.analysis.bounds import bounds_of

    document = bounds_told(rules, bounds_of(rules), without_records(rules))
    match output:
        case Format.TEXT:
            put_line(bounds_text(document))
        case Format.MARKDOWN:
            put_line(bounds_markdown(document))
        case Format.HTML:
            put_line(bounds_html(document))
        case Format.JSON:
            put_line(printable_json(document))
        case _:
            assert_never(output)
