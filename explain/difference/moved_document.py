"""Takes nothing; names the part of a difference that says who is moved by it: facts, in decimals as text."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from tallystick.explain.part import ByValue, Outcome, Part, PlaceKind
from tallystick.rules.rulebook import Kind


class Where(Part):
    """Where somebody stands by one version. All are null of who is not in its ledger."""

    outcome: Outcome | None
    score: str | None
    band: str | None
    requirement: str | None = Field(description="What was not met, of who has no score.")


class MovedPerson(Part):
    """Somebody whose score, band or outcome is another."""

    subject: str
    before: Where
    after: Where
    points: str | None = Field(description="The score after less the one before; null unless there are both.")


class MovedLine(Part):
    """A rule's points by both versions, or what a cap, a floor, a division or a rounding took or gave.

    Where a version's score is a mean by weight (its ``out_of``), a rule's points are what they make of the score.
    """

    kind: PlaceKind
    name: str = Field(description="The rule; of what is not a rule the facet, or nothing for the score.")
    title: str | None
    before: str | None
    after: str | None
    points: str


class MovedByEdit(Part):
    """What an edit did to one person's score."""

    edit: int = Field(description="Its place in `edits`, from 0.")
    points: str


class FarMoved(MovedPerson):
    """Somebody who is moved far, and why: the lines sum to the points, and so do the edits."""

    lines: tuple[MovedLine, ...]
    edits: tuple[MovedByEdit, ...]


class Furthest(Part):
    """Who was moved furthest one way."""

    subject: str
    points: str


class EffectOnPeople(Part):
    """What an edit did, over people with a score before and after it."""

    total: str
    people: int = Field(description="How many moved.")
    furthest_up: Furthest | None
    furthest_down: Furthest | None
    came: int = Field(description="How many came to a score.")
    lost: int = Field(description="How many lost theirs.")
    bands: int = Field(description="How many, with a score before and after it, are in another band.")


class Edited(Part):
    """A declaration that was edited; no name: the order of all of its kind."""

    kind: Kind
    name: str


class MovedEdit(Edited):
    """An edit and what it did after those before it; the totals of all edits sum to `total`."""

    title: str | None
    together: tuple[Edited, ...] = Field(description="What had to be edited with it.")
    sentences: tuple[str, ...]
    effect: EffectOnPeople
    alone: EffectOnPeople | None = Field(
        description="What it does to the old version by itself; these do not sum. Null where it cannot be by itself."
    )
    not_alone: str | None = Field(description="Why it cannot be by itself.")


class Bar(Part):
    """How many are moved by more than one end, the one nearer to 0, and at most the other."""

    least: str
    most: str
    people: int


class Spread(Part):
    """How many are moved how far."""

    width: str | None = Field(description="Of a bar, in points; null where nobody is moved.")
    unmoved: int
    bars: tuple[Bar, ...] = Field(description="From the lowest up, from 0 to the furthest move each way.")


class OtherBand(Part):
    """People with a score by both versions who go from one band to another; null: to or from no band."""

    before: str | None
    after: str | None
    people: int


class ByRequirement(Part):
    """People who came to a score or lost theirs by a requirement. ``score``: no rule applied. Null: they are not in the
    ledger of the version without a score."""

    requirement: str | None
    outcome: Outcome | None
    title: str | None
    people: int


class Ranks(Part):
    """Pairs of people in the order of their scores, and Kendall's tau-b: 1 the same order, -1 the reverse."""

    concordant: int
    discordant: int
    tied_before: int
    tied_after: int
    tied_both: int
    tau_b: str | None = Field(description="With 4 places; null where all are tied by one version.")


class VersionScored(Part):
    """How many one version knows and scores, and what it read."""

    people: int
    scored: int
    rows: int
    rejected: int
    subject_rows: int
    subject_rejected: int
    effective: date | None
    out_of: str | None = Field(
        default=None,
        exclude_if=lambda out_of: out_of is None,
        description="What the score is out of, where it is a mean by weight.",
    )


class Beyond(Part):
    """Who is moved by more than a limit. Who loses a score is, too; who comes to one is not."""

    limit: str
    people: tuple[MovedPerson, ...] = Field(description="First who lost a score, then the furthest first.")


class MovedPeople(Part):
    """Who is moved by the changes: the same records and the same day, by the old version and by the new one."""

    as_of: date
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    before: VersionScored
    after: VersionScored
    both: int = Field(description="How many have a score by both.")
    up: int
    down: int
    total: str = Field(description="Of all moves, in points.")
    noise: str | None = Field(description="What the new version calls no meaningful change, where it says so.")
    within_noise: int = Field(description="How many are moved, and by less than that.")
    spread: Spread
    furthest_up: tuple[FarMoved, ...]
    furthest_down: tuple[FarMoved, ...]
    bands: tuple[OtherBand, ...]
    came: tuple[ByRequirement, ...]
    lost: tuple[ByRequirement, ...]
    ranks: Ranks
    edits: tuple[MovedEdit, ...] = Field(description="In the order in which they are taken.")
    beyond: Beyond | None = Field(description="Null where no limit was given.")
    people: tuple[MovedPerson, ...] = Field(description="Everybody whose score, band or outcome is another.")
    withheld: tuple[str, ...] = Field(default=(), description="What is not shown to this reader, and why.")
