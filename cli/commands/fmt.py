"""Takes rulebooks; gives them in the one canonical layout, in place or on stdout."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.complaints import ExitCode, FaultyRulebook, complain_of_rulebook, plural
from tallystick.cli.rulebook_files import STDIN, read_source
from tallystick.cli.streams import put, say
from tallystick.engine.undisturbed import undisturbed
from tallystick.explain.harmless import harmless
from tallystick.rules.diagnostics import has_errors
from tallystick.rules.source import Source

EXAMPLES = """\b
Examples:
  tally fmt rules.tally
  tally fmt --check *.tally
  tally fmt --diff rules.tally
  cat rules.tally | tally fmt -
"""


def fmt(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Rulebooks; - formats stdin onto stdout.")],
    *,
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a file is not in the canonical layout.")
    ] = False,
    only_diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; print what would change as a unified diff.")
    ] = False,
) -> None:
    """Put rulebooks into the one canonical layout."""
    faulty = changed = 0
    for given in files:
        try:
            source = read_source(given)
            laid_out = _laid_out(source)
        except FaultyRulebook as error:
            complain_of_rulebook(error.diagnostics)
            faulty += 1
            continue
        differs = laid_out != source.text
        changed += differs
        if only_diff:
            put("".join(_difference(source, laid_out)))
        if only_check or only_diff:
            if differs:
                say(f"would change {harmless(source.name)}")
        elif given == STDIN:
            put(laid_out)
        elif differs:
            _replace(Path(given), laid_out)
            say(f"changed {harmless(source.name)}")
    say(_summary(len(files), changed, faulty, written=not (only_check or only_diff)))
    if faulty > 0 or (only_check and changed > 0):
        raise typer.Exit(ExitCode.FINDINGS)


def _laid_out(source: Source) -> str:
    """Return the text in the canonical layout; raises ``FaultyRulebook`` where it does not parse."""
    from tallystick.rules.format.format import format_file
    from tallystick.rules.parse.parse import parse
    from tallystick.rules.parse.taking_in import parsed

    file, diagnostics = parse(source)
    if file is None or has_errors(diagnostics):
        raise FaultyRulebook(tuple(each for each in parsed(source)[2] if each.source is source))
    return format_file(file)


def _difference(source: Source, laid_out: str) -> Iterator[str]:
    """Give a unified diff that ``patch`` can apply."""
    old, new = (text.split("\n") for text in (source.text, laid_out))
    lines = difflib.unified_diff(_ended(old), _ended(new), source.name, source.name)
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _ended(lines: list[str]) -> list[str]:
    """Put the ends of lines back; what stands after the last one is a line if it is anything."""
    return [*(f"{line}\n" for line in lines[:-1]), *(lines[-1:] if lines[-1] != "" else [])]


@undisturbed
def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all, through a link if it is one, its permissions kept."""
    place = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        written.chmod(place.stat().st_mode)
        written.replace(place)
    except BaseException:
        written.unlink(missing_ok=True)
        raise


def _summary(files: int, changed: int, faulty: int, *, written: bool) -> str:
    what = "changed" if written else "would change"
    parts = [f"{plural(files, 'file')}: {changed:,} {what}, {files - changed - faulty:,} as it should be"]
    if faulty > 0:
        parts.append(
            f"{faulty:,} with errors left as it is" if faulty == 1 else f"{faulty:,} with errors left as they are"
        )
    return ", ".join(parts)
