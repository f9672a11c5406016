"""Takes what a check found; gives one mistake as a value, ready to be drawn or printed as JSON."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tallystick.rules.source import Source, Span


class Severity(StrEnum):
    """How much a diagnostic matters: an error stops the rulebook from being used."""

    ERROR = "error"
    WARNING = "warning"


class Label(Struct, frozen=True):
    """A stretch of the source and a few words about it."""

    span: Span
    text: str = ""


class Fix(Struct, frozen=True):
    """A safe edit: replace ``span`` by ``replacement``."""

    span: Span
    replacement: str
    title: str


class Diagnostic(Struct, frozen=True):
    """One mistake: what is wrong, where, what else is known, and what to write instead.

    ``name`` is kebab-case and has a page in ``docs/diagnostics``. ``message`` is one lower-case phrase that says
    what is wrong and names the author's thing in backticks; only ``help`` says what to write.
    """

    name: str
    message: str
    source: Source
    primary: Label
    secondary: Label | None = None
    notes: tuple[str, ...] = ()
    help: str | None = None
    fix: Fix | None = None
    severity: Severity = Severity.ERROR


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Say whether any of them stops the rulebook from being used."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def in_order(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return them in the order of the text, each once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.source.name, d.primary.span, d.name)))
