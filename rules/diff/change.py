"""Takes nothing; names what can be said of two versions of a rulebook: a change of meaning or of words, as a value."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from tallystick.rules.questions.reach import Reach
from tallystick.rules.rulebook import Kind
from tallystick.rules.source import Span

Scope = Literal[
    "the whole score",
    "bands",
    "facet",
    "rule",
    "measure",
    "parameter",
    "what counts",
    "who is scored",
    "what is read",
    "who may see",
    "words only",
    "promises",
    "examples",
]
"""What a change reaches first. ``who may see`` and ``words only`` change no score, band or outcome."""

Form = Literal["added", "removed", "renamed", "changed", "reordered", "put otherwise"]
"""``put otherwise``: another text, the same result for everybody (``30 days`` in place of a parameter of 30 days)."""


class Effect(Struct, frozen=True):
    """What a change does to a rule's points, where that follows exactly.

    ``old`` and ``new``: what the line can give. ``share``: where nothing but the weight changed, the new weight over
    the old one, in lowest terms: before its rounding, each line is so many times what it was.
    """

    old: Reach
    new: Reach
    share: tuple[int, int] | None


class Change(Struct, frozen=True):
    """One thing that is different, with its old and its new text side by side.

    ``name`` is the name in the new version (in the old one if it was removed), ``old_name`` the one before a renaming.
    ``part`` is the clause (``weight``, ``at most``, ``row under 1``), empty for the whole declaration. ``old`` and
    ``new`` are None where there was or is nothing. ``reaches`` names the rules, requirements and bands of the new
    version that read what changed, through measures and parameters; empty where it is the rule itself.
    """

    scope: Scope
    form: Form
    kind: Kind
    name: str
    part: str = ""
    old: str | None = None
    new: str | None = None
    old_name: str | None = None
    title: str | None = None
    reaches: tuple[str, ...] = ()
    effect: Effect | None = None
    old_span: Span | None = None
    new_span: Span | None = None
