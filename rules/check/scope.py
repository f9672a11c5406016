"""Takes where an expression stands; gives what it may read there, and what is known there."""

from __future__ import annotations

from typing import Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.rules import syntax
from tallystick.rules.check.names import Names
from tallystick.rules.check.narrowing import NO_FACTS, Facts, meet
from tallystick.rules.diagnostics import Diagnostic
from tallystick.rules.source import Source, Span
from tallystick.rules.spelling import near

D = TypeVar("D")
Remedy = Literal["when", "rule", "table", "test"]
"""How an author guards an expression: by a ``when``, an ``otherwise``, a ``missing`` row, or a test before it."""


class Check(Struct):
    """The work on one file: its names, what was found so far, and which names anything reads."""

    file: syntax.SyntaxFile
    source: Source
    names: Names
    diagnostics: list[Diagnostic] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    damaged: bool = False
    """Whether parts of the file could not be read, so that what is not there may only be unread."""
    unresolved: bool = False
    """Whether a name was not found, so that saying what is never read would be a guess."""
    formula_reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The names in each measure that is a formula."""
    _complained: set[tuple[str, syntax.Expr]] = field(default_factory=set)
    _said: set[str] = field(default_factory=set)

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep a mistake."""
        self.diagnostics.append(diagnostic)

    def declared(self, kind: type[D]) -> list[D]:
        """Return all declarations of a kind, in the order of the file."""
        return [each for each in self.file.declarations if isinstance(each, kind)]

    def text(self, span: Span) -> str:
        """Return what stands at a place, on one line."""
        return " ".join(self.source.text[span.start : span.end].split())

    def lost(self, *keywords: str) -> bool:
        """Say whether a line that begins with one of these words, or nearly, was written and could not be read."""
        return any(near(word.text, keywords) is not None for word in self.file.broken)

    def incomplete(self, name: Span) -> bool:
        """Say whether a declaration lacks lines that were written and could not be read."""
        return name in self.file.incomplete

    def once(self, subject: str) -> bool:
        """Say whether a subject comes up for the first time: what many declarations lack is one mistake."""
        fresh = subject not in self._said
        self._said.add(subject)
        return fresh

    def first_complaint(self, what: str, thing: syntax.Expr) -> bool:
        """Say whether a declaration has not yet been told that this can be missing."""
        fresh = (what, thing) not in self._complained
        self._complained.add((what, thing))
        return fresh


class Scope(Struct, frozen=True):
    """What an expression may read.

    ``record``: fields, attributes and parameters; ``person``: measures, attributes and parameters; ``constant``:
    parameters. ``given``: the record is the person's own act about anyone, who may have no row. ``absent``: the same
    for any record, and nothing need be done about it, since a condition that is missing does not hold. ``value``: only
    ``+ - *``, ``min``, ``max``, comparisons and ``if``. ``measuring``: it is of a measure, which may read what a
    record's actor earned.
    """

    reads: Literal["record", "person", "constant"]
    what: str
    remedy: Remedy = "when"
    given: bool = False
    absent: bool = False
    value: bool = False
    measuring: bool = False


class Here(Struct, frozen=True):
    """A place in the text: what may be read, what is known, and whether a missing value is taken care of outside.

    ``doubtful``: a test before it is wrong, and nobody knows what it would have told: nothing is said for lack of it.
    """

    check: Check
    scope: Scope
    facts: Facts = field(default=NO_FACTS)
    tolerant: bool = False
    doubtful: bool = False

    def behind(self, facts: Facts) -> Here:
        """Return the place behind a test that told something."""
        return replace(self, facts=meet(self.facts, facts))

    def doubting(self, *, wrong: bool) -> Here:
        """Return the place behind a test that may be wrong."""
        return replace(self, doubtful=True) if wrong else self

    def tolerating(self) -> Here:
        """Return the place under something that takes care of a missing value."""
        return replace(self, tolerant=True)
