"""Takes an error that ends a command; gives what is said about it on stderr, and the exit code."""

from __future__ import annotations

import sys
import traceback
from enum import IntEnum

from tallystick.cli.drawing import PLAIN, Paint, draw_full
from tallystick.cli.streams import coloured, say
from tallystick.explain.harmless import harmless
from tallystick.rules.diagnostics import Diagnostic, Severity


class ExitCode(IntEnum):
    """What a command ends with; other programs rely on these."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    OUR_BUG = 3


BROKEN_PIPE = 141
"""What a program ends with whose reader has gone: 128 + SIGPIPE, as for any other in a shell."""
INTERRUPTED = 130
"""What a program ends with that was interrupted: 128 + SIGINT."""
TERMINATED = 143
"""What a program ends with that was asked to stop: 128 + SIGTERM."""


class Stop(Exception):  # noqa: N818  it is an answer, not a failure of ours
    """A command that cannot go on because of what it was given: one phrase, facts, and what to do instead."""

    def __init__(
        self,
        message: str,
        *,
        notes: tuple[str, ...] = (),
        help: str | None = None,  # noqa: A002  the field's word
        code: ExitCode = ExitCode.USAGE,
    ) -> None:
        """Keep the parts; ``complain`` draws them."""
        super().__init__(message)
        self.message = message
        self.notes = notes
        self.help = help
        self.code = code


class FaultyRulebook(Exception):  # noqa: N818  see Stop
    """A rulebook that cannot be used, with what is wrong with it."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Keep the diagnostics; ``complain`` draws them."""
        super().__init__("the rulebook has errors")
        self.diagnostics = diagnostics


def complain(stop: Stop) -> int:
    """Say why a command cannot go on, in the look of a diagnostic."""
    paint = _paint()
    say(paint.severity("error", Severity.ERROR) + paint.strong(f": {harmless(stop.message)}"))
    for note in stop.notes:
        say(f"  {paint.frame('=')} {paint.strong('note:')} {harmless(note)}")
    if stop.help is not None:
        say(f"  {paint.frame('=')} {paint.strong('help:')} {harmless(stop.help)}")
    return stop.code


def complain_of_rulebook(diagnostics: tuple[Diagnostic, ...]) -> int:
    """Draw what is wrong with a rulebook that was to be used; what is only doubtful is for ``tally check``."""
    paint = _paint()
    errors = [each for each in diagnostics if each.severity is Severity.ERROR]
    for diagnostic in errors:
        say(draw_full(diagnostic, paint))
    say(plural(len(errors), "error"))
    return ExitCode.FINDINGS


def own_up(error: BaseException, *, debug: bool) -> int:
    """Say in one line that we made a mistake and how to report it; with ``debug`` show where it happened."""
    if debug:
        say(harmless_lines("".join(traceback.format_exception(error))))
    about = " ".join(f"{type(error).__name__}: {error}".split())
    then = "report it with the trace above" if debug else "run it again with --debug and report what that prints"
    say(f"tally: this is a mistake of ours, not yours ({harmless(about[:200])}): please {then}")
    return ExitCode.OUR_BUG


def harmless_lines(text: str) -> str:
    """Return a text of several lines that can do nothing to a terminal."""
    return "\n".join(harmless(line) for line in text.split("\n"))


def counted(diagnostics: tuple[Diagnostic, ...]) -> str:
    """Say how many errors and warnings there are."""
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    return f"{plural(errors, 'error')}, {plural(len(diagnostics) - errors, 'warning')}"


def plural(number: int, singular: str, several: str | None = None) -> str:
    """Return a number with the word that fits it."""
    return f"{number:,} {singular if number == 1 else several or singular + 's'}"


def _paint() -> Paint:
    return Paint(colour=True) if coloured(sys.stderr) else PLAIN
