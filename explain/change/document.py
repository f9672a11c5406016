"""Takes nothing; names the parts of the document that accounts for the difference between two runs."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from pydantic import Field

from tallystick.explain.digits import Digits
from tallystick.explain.part import AdjustmentKind, ByValue, Outcome, Part, UnmetNeed
from tallystick.explain.tree.measures import MeasureState
from tallystick.rules.diff.aspects import Aspect

StepName = Literal["time passed", "dated values", "corrections", "own records", "other records", "edit", "everything"]
PlaceName = Literal["rule", "facet", "score"]
KINDS: tuple[AdjustmentKind, ...] = get_args(AdjustmentKind)


class ComparedRun(Part):
    """One of the two runs: by which rules and up to which day, and the digest of its ledger.

    ``removed``: how many people were removed from it since it was made; it does not say who.
    """

    rulebook: str
    version: str
    sha256: str
    as_of: date
    ledger_digest: str
    removed: int = Field(default=0, exclude_if=lambda removed: removed == 0)


class ChangedDeclaration(Part):
    """A declaration that was edited; without a ``name``, the order of all of its ``kind``."""

    kind: str
    name: str


class RuleEdit(Part):
    """An edit of the rules. ``name`` is what ``edit`` says elsewhere.

    ``together``: what else had to be edited with it, since the rulebook does not check in between. ``not_alone``: why
    it cannot be made without the others, if so. ``aspects``: whether it concerns the criteria, the weights or the
    scale.
    """

    name: str
    declaration: ChangedDeclaration
    together: tuple[ChangedDeclaration, ...]
    title: str | None
    aspects: tuple[Aspect, ...]
    sentences: tuple[str, ...]
    not_alone: str | None


class DatedChange(Part):
    """A parameter that has another value since a day, as the rulebook said that it would. Durations are in days."""

    name: str
    title: str
    unit: Literal["number", "duration"]
    before: Digits
    after: Digits
    since: date
    because: str | None


class ChangeStage(Part):
    """What was done to come here from the stage before; stage 0 is the earlier run, the last one the later run.

    ``dated``: at the step of that name, the parameters that got another value.
    ``unread``: rows of the later run that the rules of this stage cannot read, and that count for nothing there.
    """

    stage: int
    step: StepName
    as_of: date
    edit: RuleEdit | None
    unread: int
    dated: tuple[DatedChange, ...] = ()


class MeasureThere(Part):
    """A measure that a requirement looks at which is not met, and what there is of it; None: it has no value."""

    measure: str
    singular: str
    plural: str
    state: MeasureState
    value: Digits | None
    about: Digits | None


class ComparedResult(Part):
    """A person's result in a run. ``requirement`` is the one that is not met, with its words, and ``there`` is what
    there is of the measures that it looks at; ``missing`` are the needs of bands that are not met."""

    outcome: Outcome
    score: Digits | None
    band: str | None
    band_title: str | None
    requirement: str | None
    requirement_title: str | None
    words: str | None
    there: tuple[MeasureThere, ...] = ()
    missing: tuple[UnmetNeed, ...] = ()


class ChangePart(Part):
    """By how many points one place moved at one stage.

    ``rule`` is the rule's code; None for a facet's or the score's cap, floor, division or rounding (``place``,
    ``kind``, ``facet``). ``was`` and ``now``: the points there; None where there were none. ``since``: the stage that
    it is held against, where that is not the one before: in between the person had no score.
    """

    stage: int
    step: StepName
    edit: str | None
    since: int | None
    place: PlaceName
    rule: str | None
    facet: str | None
    kind: AdjustmentKind | None
    title: str
    was: Digits | None
    now: Digits | None
    points: Digits


class AloneEffect(Part):
    """What an edit moves without the other edits, where it moves anything. These do not sum."""

    stage: int
    edit: str
    points: Digits


class StepPoints(Part):
    """What all stages of one step moved together."""

    step: StepName
    points: Digits


class StagePoints(Part):
    """What one stage moved."""

    stage: int
    step: StepName
    edit: str | None
    points: Digits


class OutcomeTurn(Part):
    """A stage at which a person's outcome became another; None: the data of that stage does not name the person."""

    stage: int
    step: StepName
    edit: str | None
    outcome: Outcome | None
    requirement: str | None
    requirement_title: str | None
    words: str | None


class PersonChange(Part):
    """One person. INVARIANT: ``parts`` sum to ``points``, which is after less before; so do ``steps`` and ``stages``.

    There are ``points`` and ``parts`` only with a score in both runs; else ``turns`` tell at which stage it came or
    went. ``before`` and ``after`` are the scores, None without one; the results tell the outcome, the band and the
    words, and are None where the run does not name the person. ``meaningful`` is False where the rulebook declares so
    small a change to be no meaningful one, None where it declares nothing.
    """

    subject: str
    before: Digits | None
    after: Digits | None
    result_before: ComparedResult | None
    result_after: ComparedResult | None
    points: Digits | None
    meaningful: bool | None
    steps: tuple[StepPoints, ...]
    stages: tuple[StagePoints, ...]
    parts: tuple[ChangePart, ...]
    alone: tuple[AloneEffect, ...]
    turns: tuple[OutcomeTurn, ...]


class StageTotal(Part):
    """What a stage did to everybody who has a score in both runs.

    INVARIANT: ``points`` of all stages sum to the total. ``late``: people who had no score at the stage before, so that
    what happened to them there is counted here, too.
    """

    stage: int
    step: StepName
    edit: str | None
    points: Digits
    moved: int
    up: int
    down: int
    most_up: Digits | None
    most_down: Digits | None
    late: int
    alone_points: Digits | None
    alone_moved: int | None


class PlaceTotal(Part):
    """What one place moved at one stage, over everybody."""

    stage: int
    step: StepName
    edit: str | None
    place: PlaceName
    rule: str | None
    facet: str | None
    kind: AdjustmentKind | None
    title: str
    points: Digits
    moved: int


class OtherBand(Part):
    """People with a score in both runs who went from one band to another; None: from or to no band."""

    before: str | None
    before_title: str | None
    after: str | None
    after_title: str | None
    people: int


class ChangeSummary(Part):
    """Everybody: how many have a score in both runs, how many of them moved, and by how much together.

    ``both`` = ``up`` + ``down`` + ``same``. ``within_noise``: of those that moved, whose change is no meaningful one.
    ``came``, ``lost``, ``gone``: a score in one run alone; the later run names who ``lost`` theirs, and does not name
    who is ``gone``. ``neither``: in none. ``bands``: who is in another band, of ``both``; None where neither run has
    bands.
    """

    people: int
    both: int
    up: int
    down: int
    same: int
    within_noise: int | None
    came: int
    lost: int
    gone: int
    neither: int
    points: Digits
    stages: tuple[StageTotal, ...]
    places: tuple[PlaceTotal, ...]
    bands: tuple[OtherBand, ...] | None = Field(default=None, exclude_if=lambda bands: bands is None)


class Change(Part):
    """The difference between two runs. ``net_because``: why only the whole difference is known, if so.

    ``people`` is one person, or everybody in the order of code points; ``summary`` is there with everybody.
    ``band_alone``: neither run has rules, so that not the score of nothing is the result but the band.
    """

    schema_name: Literal["tallystick.change/1"] = Field(
        default="tallystick.change/1", serialization_alias="schema", validation_alias="schema"
    )
    title: str
    by: ByValue | None = Field(default=None, exclude_if=lambda by: by is None)
    band_alone: bool = Field(default=False, exclude_if=lambda alone: not alone)
    before: ComparedRun
    after: ComparedRun
    noise: Digits | None
    net_because: str | None
    stages: tuple[ChangeStage, ...]
    summary: ChangeSummary | None
    people: tuple[PersonChange, ...]
