"""Takes two checked rulebooks; gives what is different between them as a document: facts, each with its sentence."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from tallystick.explain.difference.deserved_version import DeservedVersion, deserved_version
from tallystick.explain.difference.moved_document import MovedPeople
from tallystick.explain.difference.words import effect_sentences, sentence
from tallystick.explain.part import Part
from tallystick.rules.decimals import plainly
from tallystick.rules.diff.aspects import Aspect, aspects_of
from tallystick.rules.diff.change import Change, Effect, Form, Scope
from tallystick.rules.diff.diff import diff
from tallystick.rules.diff.versions import judge_version
from tallystick.rules.questions.reach import Reach, sum_reach
from tallystick.rules.rulebook import Kind, Rulebook
from tallystick.rules.source import Span

SCOPES: tuple[Scope, ...] = get_args(Scope)
"""In the order in which they are told: what reaches everybody first, words and examples last."""


class Version(Part):
    """One of the two rulebooks."""

    rulebook: str
    version: str
    sha256: str = Field(description="Of the canonical text.")


class PointsReach(Part):
    """The least and the most points, as decimals in text; null where the rulebook sets no limit."""

    least: str | None
    most: str | None


class LineEffect(Part):
    """What a change does to a rule's points."""

    old: PointsReach
    new: PointsReach
    share: tuple[int, int] | None = Field(
        description="By this alone, before rounding, everybody's line is the first over the second of what it was."
    )


class DocumentedChange(Part):
    """One change, old and new side by side."""

    scope: Scope
    aspects: tuple[Aspect, ...] = Field(
        description="Whether it concerns the criteria, the weights or the scale; empty where it concerns no points."
    )
    form: Form
    kind: Kind
    name: str = Field(description="The name in the new version; in the old one if it was removed.")
    old_name: str | None
    title: str | None
    part: str = Field(description="The clause that is different; empty for the whole declaration.")
    old: str | None
    new: str | None
    old_line: int | None
    new_line: int | None
    reaches: tuple[str, ...] = Field(description="Rules, requirements and bands that read what changed.")
    effect: LineEffect | None
    sentence: str
    effects: tuple[str, ...] = Field(description="Sentences that say what follows exactly.")


class RulebookDifference(Part):
    """Everything that is different by meaning between two versions of a rulebook."""

    schema_name: Literal["tallystick.diff/1"] = Field("tallystick.diff/1", alias="schema")
    old: Version
    new: Version
    same: bool = Field(description="Whether nothing is different.")
    old_points: PointsReach = Field(
        description="What all rules can give together, before the score's own bounds; of a mean, after it has divided."
    )
    new_points: PointsReach
    deserves: DeservedVersion = Field(description="Which version number the changes deserve.")
    changes: tuple[DocumentedChange, ...] = Field(description="In the order of the new text.")
    moved: MovedPeople | None = Field(None, description="Who is moved; null where no records were given.")


def difference(old: Rulebook, new: Rulebook, moved: MovedPeople | None = None) -> RulebookDifference:
    """Compare two versions and say what is different, and who is moved by it where that was found out."""
    changes = diff(old, new)
    return RulebookDifference(
        old=_version(old),
        new=_version(new),
        same=not changes,
        old_points=_reach(sum_reach(old)),
        new_points=_reach(sum_reach(new)),
        deserves=deserved_version(judge_version(old, new, changes)),
        changes=tuple(_documented(change, old, new) for change in changes),
        moved=moved,
    )


def _version(rulebook: Rulebook) -> Version:
    return Version(rulebook=rulebook.name, version=rulebook.version, sha256=rulebook.sha256)


def _documented(change: Change, old: Rulebook, new: Rulebook) -> DocumentedChange:
    return DocumentedChange(
        scope=change.scope,
        aspects=aspects_of(change, old, new),
        form=change.form,
        kind=change.kind,
        name=change.name,
        old_name=change.old_name,
        title=change.title,
        part=change.part,
        old=change.old,
        new=change.new,
        old_line=_line(change.old_span, old),
        new_line=_line(change.new_span, new),
        reaches=change.reaches,
        effect=_effect(change.effect),
        sentence=sentence(change),
        effects=effect_sentences(change),
    )


def _line(span: Span | None, rulebook: Rulebook) -> int | None:
    return None if span is None or span == Span(0, 0) else rulebook.source.place(span.start).line


def _effect(effect: Effect | None) -> LineEffect | None:
    return None if effect is None else LineEffect(old=_reach(effect.old), new=_reach(effect.new), share=effect.share)


def _reach(reach: Reach) -> PointsReach:
    return PointsReach(
        least=None if reach.least is None else plainly(reach.least),
        most=None if reach.most is None else plainly(reach.most),
    )
