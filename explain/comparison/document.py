"""Takes nothing; names the document ``tallystick.comparison/1``: the same people by several definitions of a score."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.part import Outcome, Part


class Definition(Part):
    """A rulebook, and how many people it scores."""

    rulebook: str
    version: str
    sha256: str
    score: str = Field(description="What its score is called.")
    low: Digits | None
    high: Digits | None
    people: int
    scored: int


class Agreement(Part):
    """How far two definitions put the people whom both score in one order."""

    first: int = Field(description="The place of a definition in `definitions`, from 0.")
    second: int
    both: int = Field(description="People with a score by both.")
    tau_b: Digits | None = Field(description="Kendall's tau-b, 4 places; null: one of them has all level.")


class Result(Part):
    """A person's result by one definition; null in its place: the definition does not know the person."""

    outcome: Outcome
    score: Digits | None
    band: str | None


class Compared(Part):
    """A person by every definition, in the order of `definitions`."""

    subject: str
    results: tuple[Result | None, ...]


class LineUnder(Part):
    """A line of a score, or what a bound, a division or a rounding did."""

    title: str
    points: Digits | None


class Under(Part):
    """A person by one definition: the result, its place among those whom all score, and the lines that sum to it."""

    result: Result
    below: int | None = Field(description="How many of them have less; null: not scored by all.")
    level: int | None = Field(description="How many others of them have just as much.")
    ahead: tuple[LineUnder, ...] = Field(
        description="The rules that give most beyond what the middle one of those scored by all has, with by how much."
    )
    behind: tuple[LineUnder, ...] = Field(description="The rules that give less than that by most, below 0.")
    lines: tuple[LineUnder, ...]


class Person(Part):
    """A person, closely."""

    subject: str
    apart: Digits | None = Field(description="The distance of the furthest places, of 1; null: not scored by all.")
    under: tuple[Under | None, ...]


class ComparedDefinitions(Part):
    """Several definitions of a score over the same records."""

    schema_name: Literal["tallystick.comparison/1"] = Field(default="tallystick.comparison/1", alias="schema")
    as_of: date
    definitions: tuple[Definition, ...]
    agreements: tuple[Agreement, ...]
    scored_by_all: int
    people: tuple[Compared, ...]
    furthest: tuple[Person, ...] = Field(description="On whom they disagree most, the furthest apart first.")
    person: Person | None = Field(description="Who was asked for.")
    withheld: tuple[str, ...] = Field(default=(), description="What this audience may not see.")
