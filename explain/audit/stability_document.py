"""Takes nothing; names the parts of the document that says how a score behaves over time."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.exactly import Exact
from tallystick.explain.part import ByValue, Part, PlaceKind


class ValueOverTime(Part):
    """A value that a parameter got on one of the days, as the rulebook said before. Durations are in days."""

    name: str
    day: date
    unit: Literal["number", "duration"]
    value: Digits
    because: str


class StepOverTime(Part):
    """What happened from one day to the next.

    ``both`` have a score on both days; of these ``moved`` = ``up`` + ``down``. ``quiet`` of them moved without a record
    of their own in the step, by time: fading, windows and ages, and dated values of the rules. ``came``, ``lost``: a
    score on one of the days alone.
    """

    since: date
    day: date
    both: int
    moved: int
    up: int
    down: int
    most_up: Digits | None
    most_down: Digits | None
    came: int
    lost: int
    quiet: int


class MovedLineOverTime(Part):
    """A line, or an adjustment, that moved. ``name``: the rule; of an adjustment the facet, or nothing for the
    score."""

    kind: PlaceKind
    name: str
    title: str
    before: Digits | None
    after: Digits | None
    points: Digits


class MoveOverTime(Part):
    """A move in one step. INVARIANT: ``lines`` sum to ``points``; the first moved furthest."""

    subject: str
    since: date
    day: date
    before: Digits
    after: Digits
    points: Digits
    own_records: int = Field(
        description="Records about the person that came in the step, and by them where a measure takes what is given."
    )
    lines: tuple[MovedLineOverTime, ...]


class BackAndForth(Part):
    """Somebody whose band became another and then the former again. Null: in no band."""

    subject: str
    times: int
    fewest_days: int = Field(description="From leaving a band to being back in it, by the days looked at.")
    home: str | None
    there: str | None


class ShareOfPoints(Part):
    """What a rule or an adjustment gives to everybody on the last day; the points sum to the total of all scores."""

    kind: PlaceKind
    name: str
    title: str
    points: Digits
    share: Exact | None = Field(description="Of the total; below 0 where it takes. Null where the total is 0.")


class FileOfRecords(Part):
    """What a file of records does on the last day, against a run without its rows. Null where there is one file, or
    more than are tried. ``points``: less without it, over those with a score in both; these do not sum."""

    name: str
    rows: int
    points: Digits | None
    share: Exact | None
    would_lose: int | None
    would_come: int | None


class Pairs(Part):
    """Pairs of people by their score and by how many records there are, and Kendall's tau-b."""

    concordant: int
    discordant: int
    tied_scores: int
    tied_records: int
    tied_both: int
    tau_b: Digits | None = Field(description="With 4 places; null where all are tied on one side.")


class HowPointsLie(Part):
    """How points lie on the last day. The shares and Gini's coefficient are null where a score is below 0 or all are
    0."""

    scored: int
    total: Digits
    top_1_people: int = Field(description="A hundredth of those with a score, rounded up.")
    top_1_share: Exact | None
    top_10_people: int = Field(description="A tenth of those with a score, rounded up.")
    top_10_share: Exact | None
    gini: Exact | None


class StabilityOfScore(Part):
    """How a score behaves over time, by the same rules and inputs as of one day after another."""

    schema_name: Literal["tallystick.stability/1"] = Field(
        default="tallystick.stability/1", serialization_alias="schema", validation_alias="schema"
    )
    title: str
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    rulebook: str
    version: str
    sha256: str
    effective: date | None
    days: tuple[date, ...]
    dated: tuple[ValueOverTime, ...] = Field(default=(), description="Values that came on a day after the first.")
    people: int = Field(description="Whom the run of the last day knows.")
    rows: int
    rejected: int
    steps: tuple[StepOverTime, ...]
    furthest: tuple[MoveOverTime, ...]
    furthest_quiet: tuple[MoveOverTime, ...] = Field(
        description="The furthest moves without a record of the person's own in the step."
    )
    reads_earned: bool = Field(
        default=False,
        description="Whether the rules read what actors earned, so that records about somebody else can move a score.",
    )
    takes_given: bool = Field(
        default=False,
        description="Whether a measure takes what people give, so that what they do about others is their own record.",
    )
    banded: bool = Field(description="Whether the rulebook has bands.")
    back_and_forth: int = Field(description="How many people came back into a band that they had left.")
    most_back_and_forth: tuple[BackAndForth, ...]
    volume: Pairs | None = Field(
        description="By how many records there are about them. Null where the rulebook reads no records."
    )
    activity: Pairs | None = Field(
        default=None, description="By how many records they did. Null where records have no actor."
    )
    shares: tuple[ShareOfPoints, ...]
    files: tuple[FileOfRecords, ...]
    points: HowPointsLie
    withheld: tuple[str, ...] = Field(default=(), description="What is not shown to this reader, and why.")
