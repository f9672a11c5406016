"""Takes nothing; names the parts of what is said of a promise: proved with its derivation, refuted by records, or not
settled."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.part import Part

Verdict = Literal["proved", "refuted", "not settled"]


class DerivedStep(Part):
    """By how much a measure, a rule, a facet or the score can be more (or, below 0, less) after than before.

    None: nothing bounds it. ``because`` is a word of ours for what that follows from, ``words`` the same for a reader.
    """

    place: Literal["measure", "rule", "facet", "score"]
    name: str
    least: Digits | None
    most: Digits | None
    because: str
    words: str


class Derivation(Part):
    """How far the scores of two results of one person can be apart, derived from the rulebook alone, step by step."""

    pair: Literal["another's records", "own records", "silence", "one more record"]
    days: int | None
    kind: str | None
    least: Digits
    most: Digits
    steps: tuple[DerivedStep, ...]


class InTheWay(Part):
    """What kept the derivation from a narrower bound."""

    kind: Literal["measure", "exclusion", "discount", "rule", "parameter"]
    name: str
    words: str


class ExampleTable(Part):
    """Rows as an example writes them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


class Refutation(Part):
    """Records that show a claim false: two results for ``person``, which both engines gave alike.

    ``records`` are those after. Those before: without all of ``actor``, where there is one; without the ``last`` ones,
    where records came; else the same, on an earlier day.
    """

    person: str
    actor: str | None
    as_of_before: date
    as_of_after: date
    before: Digits
    after: Digits
    last: int = Field(description="So many of the records, the last ones, are not there before.")
    subjects: ExampleTable | None
    records: ExampleTable | None


class ClaimTold(Part):
    """What became of one line of a promise. ``bound``: the most that the derivation allows; ``farthest``: the most that
    any of ``tries`` came to (None: nothing was tried, or no try had a score on both sides)."""

    claim: str
    line: int
    verdict: Verdict
    promised: Digits
    bound: Digits
    most_records: int | None = Field(description="The bound holds where a measure counts no more records of a person.")
    derivations: tuple[Derivation, ...]
    in_the_way: tuple[InTheWay, ...]
    tries: int | None
    farthest: Digits | None
    refuted_by: Refutation | None


class PromiseTold(Part):
    """What became of a promise: refuted where one of its claims is, proved where all are."""

    text: str
    line: int
    verdict: Verdict
    claims: tuple[ClaimTold, ...]
