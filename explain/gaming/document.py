"""Takes nothing; names the parts of the document that says how a score can be gamed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.engine.gaming.attacks import AttackName
from tallystick.engine.gaming.gaming import Lacking
from tallystick.explain.digits import Digits
from tallystick.explain.part import ByValue, Part
from tallystick.rules.variants.safeguards import SafeguardSort


class GamingBeginning(Part):
    """Records that an imagined newcomer has before any attack, so that there is a score."""

    kind: str | None
    own: bool = Field(description="Whether the newcomer is their actor.")
    records: int


class GamingPerson(Part):
    """On whose behalf the score is gamed: an imagined newcomer, or whoever has the median score of a real run."""

    imagined: bool
    subject: str | None = Field(description="Null where the name of a real person is withheld.")
    score: Digits = Field(description="Without any attack.")
    scored: int | None = Field(description="How many people have a score in the real run; null without one.")
    beginnings: tuple[GamingBeginning, ...]


class GamingDeed(Part):
    """An action of an attack: its kind, and the fields that are the same each time."""

    kind: str | None
    toward_others: bool = Field(description="Whether the person does it to others.")
    fields: dict[str, str | None]


class GamingClause(Part):
    """A clause, and the measure that it is put into."""

    measure: str
    clause: str


class GamingRemedy(Part):
    """A declaration that was put into the rulebook, checked and tried, and takes at least half of what the attack
    gains, and at least half of the most that any form of it gains."""

    sort: SafeguardSort
    name: str = Field(description="The declaration, or the first of the clauses.")
    clauses: tuple[GamingClause, ...] = Field(description="None where it is a declaration of its own.")
    text: str = Field(description="What to paste; a measure in place of the one of its name.")
    without: Digits
    reached: Digits
    points: Digits = Field(description="What the same attack gains under it: `reached` - `without`.")
    most: Digits = Field(description="The most that any form of the attack that was tried gains under it.")
    examples_changed: int = Field(description="How many of the rulebook's examples come out otherwise.")


class GamingAttack(Part):
    """An attack at its cheapest: the fewest actions that gain nine tenths of the most. INVARIANT: ``points`` =
    ``reached`` - ``without``."""

    attack: AttackName
    points: Digits
    without: Digits = Field(description="The score without it, or with the same actions done plainly.")
    reached: Digits
    against_plain: bool = Field(description="Whether it is held against the same actions done plainly.")
    most: Digits = Field(description="The most that any form of it gains within the limits.")
    actions: int
    accounts: int = Field(description="Accounts that take part beside the person's own.")
    days: int
    deeds: tuple[GamingDeed, ...] = Field(description="Done in turn.")
    spread: int = Field(description="The days over which the actions lie.")
    ago: int = Field(description="How many days before the as-of day the last of them are done.")
    topics: Literal["one", "another", "square"] = Field(description="What they are about.")
    safeguards_tried: int
    remedy: GamingRemedy | None = Field(description="Null where none that was tried stops it.")
    words: tuple[str, ...]


class GamingImpossible(Part):
    """An attack that cannot be made on this rulebook."""

    attack: AttackName
    why: Lacking


class GamingOfRulebook(Part):
    """How a score can be gamed, worst first."""

    schema_name: Literal["tallystick.gaming/1"] = Field(
        default="tallystick.gaming/1", serialization_alias="schema", validation_alias="schema"
    )
    title: str
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    rulebook: str
    version: str
    sha256: str
    as_of: date
    person: GamingPerson
    most_actions: int
    ring: int = Field(description="How many accounts a ring has at most.")
    examples: int = Field(description="How many examples the rulebook has.")
    scores_worked_out: int
    attacks: tuple[GamingAttack, ...]
    idle: tuple[AttackName, ...] = Field(description="Attacks that gain nothing.")
    impossible: tuple[GamingImpossible, ...]
