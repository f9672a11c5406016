"""Takes nothing; names the parts of the document that says how groups fare by a score."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.exactly import Exact
from tallystick.explain.part import ByValue, Outcome, Part, PlaceKind

SmallName = Literal["few people", "small share"]


class RejectedGroupRow(Part):
    """A row of the file that could not be read; the groups of whoever it is about are unknown."""

    line: int
    field: str = Field(description="Empty: the row as a whole.")
    reason: str


class GroupsFile(Part):
    """The file with the groups. ``rows`` = ``people`` + ``not_in_run`` + ``rejected`` + ``copies``."""

    name: str
    sha256: str | None
    rows: int
    people: int
    not_in_run: int
    copies: int
    rejected: tuple[RejectedGroupRow, ...]


class ReadByRules(Part):
    """A column that is called as an attribute of the rulebook is; ``read_by``: the rules and requirements that read
    that attribute, through measures, exclusions and discounts, too."""

    column: str
    read_by: tuple[str, ...]


class GroupWithout(Part):
    """How many have no score for want of one requirement. ``score``: no rule applied."""

    outcome: Outcome
    requirement: str
    words: str
    people: int


class ScoresOfGroup(Part):
    """How a group's scores lie. Quartiles are interpolated between the two scores next to them."""

    least: Exact
    lower_quartile: Exact
    median: Exact
    upper_quartile: Exact
    greatest: Exact
    mean: Exact


class InBand(Part):
    """How many, and what share of those with a score, are in a band or in a higher one."""

    band: str
    title: str
    people: int
    share: Exact | None


class GroupFigures(Part):
    """One group: ``values`` in the order of ``by``.

    INVARIANT: ``above`` + ``level`` + ``below`` = ``scored``; ``people`` = ``scored`` + those ``without``.
    ``scoring_rate`` = above / scored; ``impact_ratio`` = that rate / the highest rate.
    """

    values: tuple[str, ...]
    people: int
    scored: int
    without: tuple[GroupWithout, ...]
    scores: ScoresOfGroup | None
    above: int = Field(description="Whose score is above the median of the sample.")
    level: int
    below: int
    scoring_rate: Exact | None
    impact_ratio: Exact | None
    bands: tuple[InBand, ...]
    small: SmallName | None


class GapLine(Part):
    """What a rule, or a kind of adjustment, makes of a gap: the mean of its points in the group less that in the
    reference group. ``name``: the rule; of an adjustment the facet, or nothing for the score."""

    kind: PlaceKind
    name: str
    title: str
    mean: Exact
    reference: Exact
    points: Exact


class GroupGap(Part):
    """A group's mean score less that of the reference group.

    INVARIANT: the exact points of ``lines`` sum to those of ``points``; as shown, they and ``rounding_of_figures`` do.
    """

    values: tuple[str, ...]
    points: Exact
    lines: tuple[GapLine, ...]
    rounding_of_figures: Digits


class GroupsCompared(Part):
    """Groups by one column or by several crossed. The sample is everybody with a score whose group is known.

    ``highest`` has the highest scoring rate, ``reference`` the highest mean: of equal ones the first by name, and a
    small group only where all are small. ``unknown``: people whose group is not known, ``unknown_scored`` those of
    them with a score; no figure of a group holds them.
    """

    by: tuple[str, ...]
    people: int
    scored: int
    unknown: int
    unknown_scored: int
    median: Exact | None
    groups: tuple[GroupFigures, ...]
    highest: tuple[str, ...] | None
    reference: tuple[str, ...] | None
    gaps: tuple[GroupGap, ...]


class FairnessOfRun(Part):
    """How groups fare by a run's scores. ``read_by_rules``: columns called as an attribute of the rulebook."""

    schema_name: Literal["tallystick.fairness/1"] = Field(
        default="tallystick.fairness/1", serialization_alias="schema", validation_alias="schema"
    )
    title: str
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    rulebook: str
    version: str
    sha256: str
    as_of: date
    ledger_digest: str
    people: int
    scored: int
    file: GroupsFile
    fewest_people: int = Field(description="A group with fewer people with a score is small.")
    least_share: Digits = Field(description="A group with a lower share of the sample is small.")
    read_by_rules: tuple[ReadByRules, ...]
    comparisons: tuple[GroupsCompared, ...]
    withheld: tuple[str, ...] = Field(default=(), description="What is not shown to this reader, and why.")
