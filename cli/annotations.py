"""Takes diagnostics; gives them as workflow commands of GitHub, which shows each at its line of a pull request.

The form is that of GitHub's documentation, "Workflow commands for GitHub Actions". INVARIANT: what comes from a
rulebook can neither end its line nor begin another command.
"""

from __future__ import annotations

from tallystick.explain.harmless import harmless
from tallystick.rules.diagnostics import Diagnostic


def draw_annotation(diagnostic: Diagnostic) -> str:
    """Write one diagnostic as a command on a line of its own."""
    source, span = diagnostic.source, diagnostic.primary.span
    start = source.place(span.start)
    end = source.place(max(span.end, span.start))
    place = {"file": source.name, "line": str(start.line), "col": str(start.column)}
    if end.line == start.line:
        place["endColumn"] = str(end.column)
    place["title"] = f"tally: {diagnostic.name}"
    properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
    said = [diagnostic.message, *diagnostic.notes]
    if diagnostic.help is not None:
        said.append(f"help: {diagnostic.help}")
    return f"::{diagnostic.severity} {properties}::{_message(chr(10).join(map(harmless, said)))}\n"


def draw_note(text: str) -> str:
    """Write a sentence about all of them as a command of its own."""
    return f"::notice::{_message(harmless(text))}\n"


def _message(text: str) -> str:
    """Escape what would end the command; a line break within a message is kept."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape what would end a property, too."""
    return _message(harmless(text)).replace(":", "%3A").replace(",", "%2C")
