"""Takes rulebooks; gives what their examples expected and what came, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.complaints import ExitCode, plural
from tallystick.cli.rulebook_files import check_source, read_source
from tallystick.cli.streams import put, say

if TYPE_CHECKING:
    from tallystick.engine.examples import ExampleResult

EXAMPLES = """\b
Examples:
  tally test rules.tally
  tally test examples/*/*.tally
"""


def test(files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Rulebooks; - is stdin.")]) -> None:
    """Run the examples in rulebooks; say which line differs and why."""
    rulebooks = [check_source(read_source(file)) for file in files]
    from tallystick.cli.example_words import example_text
    from tallystick.engine.examples import run_examples

    results: list[ExampleResult] = []
    for file, rulebook in zip(files, rulebooks, strict=True):
        for result in run_examples(rulebook):
            put(example_text(rulebook, result))
            results.append(result)
        if not rulebook.examples:
            say(f"{file} has no examples")
    failed = sum(not result.passed for result in results)
    say(f"{plural(len(results), 'example')}: {len(results) - failed:,} passed, {failed:,} failed")
    if failed > 0:
        raise typer.Exit(ExitCode.FINDINGS)
