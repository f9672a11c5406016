"""Takes rulebooks; gives every mistake in them, drawn or as a document."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from tallystick.cli.complaints import ExitCode, counted, plural
from tallystick.cli.drawing import PLAIN, Paint, draw_concise, draw_full
from tallystick.cli.rulebook_files import STDIN, STDIN_NAME, found_in
from tallystick.cli.streams import coloured, put, put_line, say
from tallystick.rules.diagnostics import Diagnostic, has_errors

EXAMPLES = """\b
Examples:
  tally check rules.tally
  tally check *.tally --format concise
  cat rules.tally | tally check -
"""


class Format(StrEnum):
    """How diagnostics are given."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Rulebooks; - is stdin.")],
    output: Annotated[
        Format, typer.Option("--format", help="In full with the lines at fault, one line each, or JSON.")
    ] = Format.FULL,
) -> None:
    """Find every mistake in rulebooks."""
    found = tuple(diagnostic for file in files for diagnostic in _found(file))
    paint = Paint(colour=True) if coloured(sys.stdout) else PLAIN
    match output:
        case Format.FULL:
            put("\n".join(draw_full(diagnostic, paint) for diagnostic in found))
        case Format.CONCISE:
            put("".join(draw_concise(diagnostic, paint) for diagnostic in found))
        case Format.JSON:
            _put_document(files, found)
    if found:
        say(f"{counted(found)} in {plural(len(files), 'file')}")
    else:
        say(f"{plural(len(files), 'file')} checked, no errors, no warnings")
    if has_errors(found):
        raise typer.Exit(ExitCode.FINDINGS)


def _found(file: str) -> tuple[Diagnostic, ...]:
    from tallystick.rules.load import read

    source, diagnostics = found_in(file)
    return diagnostics if source is None else read(source)[1]


def _put_document(files: list[str], found: tuple[Diagnostic, ...]) -> None:
    from tallystick.cli.diagnostic_document import diagnostic_document
    from tallystick.explain.document import printable_json

    names = [STDIN_NAME if file == STDIN else file for file in files]
    put_line(printable_json(diagnostic_document(names, found)))
