"""Takes rulebooks; gives every mistake in them, drawn or as a document."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.annotations import draw_annotation, draw_note
from tallystick.cli.commands.input_options import Duties
from tallystick.cli.complaints import ExitCode, Stop, counted, plural
from tallystick.cli.drawing import PLAIN, Paint, draw_concise, draw_full
from tallystick.cli.rulebook_files import (
    STDIN,
    STDIN_NAME,
    check_source,
    found_in,
    read_version,
    translation_mistakes,
)
from tallystick.cli.streams import coloured, put, put_line, say
from tallystick.explain.duties.clauses import DUTIES, NOTE, DutyName
from tallystick.rules.diagnostics import Diagnostic, has_errors, in_order

if TYPE_CHECKING:
    from tallystick.rules.rulebook import Rulebook

EXAMPLES = """\b
Examples:
  tally check rules.tally
  tally check *.tally --format concise
  tally check rules.tally --against rules.tally@HEAD
  tally check rules.tally --duty gdpr-15 --duty reg-b
  cat rules.tally | tally check -
"""


class Format(StrEnum):
    """How diagnostics are given."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Rulebooks; - is stdin.")],
    output: Annotated[
        Format, typer.Option("--format", help="In full with the lines at fault, one line each, JSON, or for GitHub.")
    ] = Format.FULL,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="OLD",
            help="Refuse another meaning under the version number of this older rulebook: a file, or FILE@REV.",
        ),
    ] = None,
    duty: Duties = None,
) -> None:
    """Find every mistake in rulebooks."""
    duties = tuple(duty or ())
    if against is not None and len(files) > 1:
        message = "--against compares with one rulebook, and several are given"
        raise Stop(message, help="check one file at a time")
    if [*files, against].count(STDIN) > 1:
        message = "stdin can be read once only, and `-` stands here twice"
        raise Stop(message)
    found = tuple(diagnostic for file in files for diagnostic in _found(file, against, duties))
    notes = (NOTE,) if duties else ()
    paint = Paint(colour=True) if coloured(sys.stdout) else PLAIN
    match output:
        case Format.FULL:
            put("\n".join([*(f"{note}\n" for note in notes), *(draw_full(each, paint) for each in found)]))
        case Format.CONCISE:
            put("".join([*(f"{note}\n" for note in notes), *(draw_concise(each, paint) for each in found)]))
        case Format.GITHUB:
            put("".join([*map(draw_note, notes), *map(draw_annotation, found)]))
        case Format.JSON:
            _put_document(files, found, notes)
    if found:
        say(f"{counted(found)} in {plural(len(files), 'file')}")
    else:
        say(f"{plural(len(files), 'file')} checked, no errors, no warnings")
    if duties:
        say(_left(duties))
    if has_errors(found):
        raise typer.Exit(ExitCode.FINDINGS)


def _left(duties: tuple[DutyName, ...]) -> str:
    """Say what no rulebook alone can settle."""
    clauses = [each for name in dict.fromkeys(duties) for each in DUTIES[name].clauses]
    for_you = sum(each.for_you is not None for each in clauses)
    return (
        f"of {plural(len(clauses), 'clause')}, {for_you} are for a person to look at; `tally explain --duty` looks at "
        "one explanation and names them all"
    )


def _found(file: str, against: str | None, duties: tuple[DutyName, ...]) -> tuple[Diagnostic, ...]:
    from tallystick.rules.load import read

    source, diagnostics = found_in(file)
    if source is None:
        return diagnostics
    rulebook, diagnostics = read(source)
    if rulebook is None:
        return diagnostics
    if against is not None:
        diagnostics = (*diagnostics, *_since(check_source(read_version(against)), rulebook))
    if file != STDIN:
        diagnostics = (*diagnostics, *translation_mistakes(file, rulebook))
    if duties:
        from tallystick.explain.duties.diagnostics import with_duties

        diagnostics = with_duties(diagnostics, rulebook, duties)
    return in_order(diagnostics)


def _since(old: Rulebook, new: Rulebook) -> tuple[Diagnostic, ...]:
    """Find a version number that hides what was changed since an older version."""
    from tallystick.explain.difference.words import sentence
    from tallystick.rules.check_errors.versions import version_mistakes
    from tallystick.rules.diff.diff import diff
    from tallystick.rules.diff.versions import judge_version, version_place

    judged = judge_version(old, new, diff(old, new))
    return version_mistakes(judged, new.source, version_place(new.source), [sentence(each) for each in judged.changes])


def _put_document(files: list[str], found: tuple[Diagnostic, ...], notes: tuple[str, ...]) -> None:
    from tallystick.cli.diagnostic_document import diagnostic_document
    from tallystick.explain.printable import printable_json

    names = [STDIN_NAME if file == STDIN else file for file in files]
    put_line(printable_json(diagnostic_document(names, found, notes)))
