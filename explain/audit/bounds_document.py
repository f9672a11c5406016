"""Takes nothing; names the parts of the document that says what each rule can give, and who can move it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.part import Part


class MovedTold(Part):
    """By how much two results of one person can be apart: after less before; null where nothing bounds it.

    ``another's records`` and ``own records``: without somebody's records, and with them; ``silence``: ``days`` later;
    ``one more record``: with one more of ``kind`` on the as-of day. It never is farther apart; it need not be so far.
    """

    pair: Literal["another's records", "own records", "silence", "one more record"]
    days: int | None
    kind: str | None
    least: Digits | None
    most: Digits | None


class RuleBounded(Part):
    """What a rule can give; null where nothing bounds it. ``attributes``: those of the person that it reads."""

    name: str
    title: str
    least: Digits | None
    most: Digits | None
    moved: tuple[MovedTold, ...]
    attributes: tuple[str, ...]


class FindingTold(Part):
    """Something to look at."""

    kind: Literal[
        "dead rule", "band never", "falls as it rises", "goes both ways", "cliff", "small divisor", "no records read"
    ]
    place: Literal["rule", "band", "measure"]
    name: str
    words: str


class PointsWithoutRecords(Part):
    """An imagined person without a record who has a score, the highest that was found, and what gave it."""

    score: Digits
    rules: dict[str, Digits]


class BoundsOfRulebook(Part):
    """What the rules can give, who can move it, and what to look at."""

    schema_name: Literal["tallystick.bounds/1"] = Field(
        default="tallystick.bounds/1", serialization_alias="schema", validation_alias="schema"
    )
    rulebook: str
    version: str
    title: str
    least: Digits | None
    most: Digits | None
    silence: int = Field(description="Days without a record, for which it is said what they can cost.")
    most_records: int = Field(description="What fading takes is bounded where a measure counts no more records.")
    moved: tuple[MovedTold, ...]
    rules: tuple[RuleBounded, ...]
    findings: tuple[FindingTold, ...]
    without_records: PointsWithoutRecords | None
