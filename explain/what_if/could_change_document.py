"""Takes nothing; names the parts that say what could change a score: each is one thing that was tried by scoring."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.part import Outcome, Part
from tallystick.explain.tree.nodes import ValueType


class Assumed(Part):
    """A field of a record, or an attribute of who acts, and what it was taken to be; None: missing. ``names_others``: a
    name of somebody else's stands in it."""

    name: str
    title: str | None
    type: ValueType
    value: str | None
    names_others: bool = Field(default=False, exclude_if=lambda named: not named)


class ImaginedAction(Part):
    """An action that was imagined. ``same``: the other fields that have this value each time; ``different``: those that
    have another each time, which no record had before. ``attributes``: those that people whom nobody knows were taken
    to have, who act or (of ``you to others``) are acted on; None: not asked. ``earned_nothing``: it is asked what they
    earned, and nothing else is known about them. ``noon``: each is of noon on that day; else records have no time of
    day.
    What nothing reads of such a record is not told, as it changes nothing.

    ``who``: ``others``: each time another person who has not acted yet; ``another``: whoever else acted last about
    the person, each time the same; ``you``; ``you to others``: each time toward another person; ``somebody``: records
    have no actor.
    """

    kind: str | None
    who: Literal["others", "another", "you", "you to others", "somebody"]
    on: date
    same: tuple[Assumed, ...]
    different: tuple[str, ...]
    attributes: tuple[Assumed, ...] | None
    earned_nothing: bool = Field(default=False, exclude_if=lambda nothing: not nothing)
    noon: bool = Field(default=False, exclude_if=lambda noon: not noon)


class Goal(Part):
    """What the actions are to reach: a step of the printed score, the next band, or a score at all; or more points on
    the rule's line, where one action fewer brings the score a step up without it.

    ``at_least`` is the score that it takes; None for the line, for a score at all, and for a step where the score is
    not rounded: any higher score is one.
    """

    form: Literal["one step", "this line", "the next band", "a score"]
    at_least: Digits | None
    band: str | None
    band_title: str | None


class EnoughActions(Part):
    """So many actions reach a goal through a rule, and one fewer does not.

    ``points_now`` and ``points_then`` are the rule's line. ``one_fewer`` is the score with one action fewer; None: no
    score. ``still_on``: the last day on which as many, done that day, were seen to bring the goal's score (of
    "this line": its points); on the day after they do not, unless it is ``tried_until``. ``band_alone``: there are no
    rules, so that not the score of nothing is the result but the band, whose title is ``band_then`` (None: no band).
    """

    form: Literal["enough actions"] = "enough actions"
    rule: str | None
    title: str | None
    goal: Goal
    actions: int
    action: ImaginedAction
    score: Digits
    one_fewer: Digits | None
    points_now: Digits | None
    points_then: Digits | None
    still_on: date
    tried_until: date
    band_alone: bool = Field(default=False, exclude_if=lambda alone: not alone)
    band_then: str | None = Field(default=None, exclude_if=lambda band: band is None)


class FullFacet(Part):
    """A facet whose lines come to more than it gives: it is held to its most."""

    title: str
    limit: Digits


class TooFewActions(Part):
    """Actions raise a rule's line, and with no number of them that was tried, up to ``tried``, does the score reach a
    goal; of these numbers, ``actions`` brings the highest. ``full``: the rule's facet, where it is held to its most."""

    form: Literal["too few actions"] = "too few actions"
    rule: str
    title: str
    goal: Goal
    actions: int
    tried: int
    action: ImaginedAction
    score: Digits | None
    full: FullFacet | None = Field(default=None, exclude_if=lambda full: full is None)


class Lowering(Part):
    """One action, and the rule's line after it, lower than it is."""

    action: ImaginedAction
    points: Digits | None


class NoActionRaises(Part):
    """No action tried raises a rule's line.

    ``why``: the rule reads nothing that is counted from records; it is at its most, so that the next record of all that
    were tried adds 0, and none lowers it; every action tried lowers it; or none tried raises it. ``full``: it gives the
    most points that the rule can. ``lowered_by``: the actions tried that lower it.
    ``rises_on``: the first day found on which the line is higher with nothing done; None: on none of the days tried,
    the last of which is ``tried_until``. ``scored_until``: the last day on which there is a score, and so a line, with
    nothing done; None: there is one on all days tried.
    """

    form: Literal["no action raises it"] = "no action raises it"
    rule: str
    title: str
    why: Literal["no records", "at its most", "only lowered", "not raised"]
    full: bool = False
    points_now: Digits | None
    next_adds: Digits | None
    lowered_by: tuple[Lowering, ...]
    rises_on: date | None
    rises_to: Digits | None
    scored_until: date | None
    tried_until: date


class NoActionScores(Part):
    """There is no score, and no action tried brings one. ``of_records``: whether what is required looks at anything
    that is counted from records."""

    form: Literal["no action brings a score"] = "no action brings a score"
    requirement: str | None
    words: str | None
    of_records: bool
    actions: int


class EnoughForNeed(Part):
    """So many actions meet a need of the next band, and one fewer does not. ``band_then`` is the title of the band that
    there is with them; ``still_on`` and ``tried_until`` are as in ``EnoughActions``."""

    form: Literal["enough for a need"] = "enough for a need"
    band: str
    title: str
    words: str
    actions: int
    action: ImaginedAction
    one_fewer: int
    band_then: str | None
    still_on: date
    tried_until: date


class NoActionMeets(Part):
    """No action tried meets a need of the next band.

    ``of_records``: whether it looks at anything that is counted from records. ``met_on``: a day on which it is met with
    nothing done, as it is not on the day before; None: on none of the days tried, the last of which is ``tried_until``.
    ``scored_until``: the last day on which there is a score with nothing done; None: there is one on all days tried.
    """

    form: Literal["no action meets it"] = "no action meets it"
    band: str
    title: str
    words: str
    of_records: bool
    met_on: date | None
    scored_until: date | None
    tried_until: date


class NothingDone(Part):
    """What there is after so many days with nothing done; ``points`` is how much that is more than now. ``band`` is the
    title of the band then, where bands are by needs, or the result, and there is one; ``band_alone`` is as in
    ``EnoughActions``."""

    form: Literal["nothing done"] = "nothing done"
    days: int
    on: date
    outcome: Outcome | None
    score: Digits | None
    points: Digits | None
    words: str | None
    band: str | None = None
    band_alone: bool = Field(default=False, exclude_if=lambda alone: not alone)


CouldChange = Annotated[
    EnoughActions | TooFewActions | NoActionRaises | NoActionScores | EnoughForNeed | NoActionMeets | NothingDone,
    Field(discriminator="form"),
]
