"""Takes diagnostics; gives them as a document that another program reads (``tallystick.diagnostics/1``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from tallystick.explain.part import Part
from tallystick.rules.diagnostics import Diagnostic, Fix, Label, Severity
from tallystick.rules.source import Source, Span

Counted = Field(ge=1)


class PlaceInFile(Part):
    """A line and a column, both counted from 1; columns count code points."""

    line: int = Counted
    column: int = Counted


class Stretch(Part):
    """From ``start`` up to, not including, ``end``."""

    start: PlaceInFile
    end: PlaceInFile


class Pointed(Part):
    """A stretch of the file, and a few words about it."""

    at: Stretch
    text: str


class SafeFix(Part):
    """An edit that can be made without asking: put ``replacement`` in place of the stretch."""

    at: Stretch
    replacement: str
    title: str


class Mistake(Part):
    """One diagnostic."""

    file: str = Field(description="As it was given on the command line; <stdin> for what was read from there.")
    severity: Severity
    name: str = Field(pattern=r"^[a-z0-9-]+$", description="Stable; docs/diagnostics has a page of this name.")
    message: str
    primary: Pointed
    secondary: Pointed | None
    notes: tuple[str, ...]
    help: str | None
    fix: SafeFix | None


class DiagnosticDocument(Part):
    """Everything that was found in the files that were checked, in the order of the files and of their text."""

    schema_name: Literal["tallystick.diagnostics/1"] = Field(
        default="tallystick.diagnostics/1", serialization_alias="schema", validation_alias="schema"
    )
    notes: tuple[str, ...] = Field(default=(), description="What is to be known of all of them.")
    files: tuple[str, ...]
    errors: int = Field(ge=0)
    warnings: int = Field(ge=0)
    diagnostics: tuple[Mistake, ...]


def diagnostic_document(
    files: Sequence[str], diagnostics: Sequence[Diagnostic], notes: Sequence[str]
) -> DiagnosticDocument:
    """Return the document about these files."""
    errors = sum(d.severity is Severity.ERROR for d in diagnostics)
    return DiagnosticDocument(
        notes=tuple(notes),
        files=tuple(files),
        errors=errors,
        warnings=len(diagnostics) - errors,
        diagnostics=tuple(_mistake(d) for d in diagnostics),
    )


def _mistake(diagnostic: Diagnostic) -> Mistake:
    source = diagnostic.source
    return Mistake(
        file=source.name,
        severity=diagnostic.severity,
        name=diagnostic.name,
        message=diagnostic.message,
        primary=_pointed(source, diagnostic.primary),
        secondary=None if diagnostic.secondary is None else _pointed(source, diagnostic.secondary),
        notes=diagnostic.notes,
        help=diagnostic.help,
        fix=None if diagnostic.fix is None else _fix(source, diagnostic.fix),
    )


def _pointed(source: Source, label: Label) -> Pointed:
    return Pointed(at=_stretch(source, label.span), text=label.text)


def _fix(source: Source, fix: Fix) -> SafeFix:
    return SafeFix(at=_stretch(source, fix.span), replacement=fix.replacement, title=fix.title)


def _stretch(source: Source, span: Span) -> Stretch:
    start, end = source.place(span.start), source.place(span.end)
    return Stretch(
        start=PlaceInFile(line=start.line, column=start.column), end=PlaceInFile(line=end.line, column=end.column)
    )
