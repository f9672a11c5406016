"""Takes what a run, and each of its parts by itself, took; gives it as a table for a person, and as a part of the
scores document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from tallystick.cli.score_document import PartTook, Profile, StageTook
from tallystick.engine.costs import Cost, Stages, costs_of
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.run import FinishedRun
from tallystick.explain.harmless import harmless

PRINTING = "printing the scores"
_PARTS = "Each part worked out again by itself, once more from the records. What several share is counted once, apart."
_ELSEWHERE = "The records lie in another database, where no part is worked out by itself."
_NOT_A_SUM = "Side by side they take less than their sum, so they are not parts of the time above."


def profile_of(run: FinishedRun, stages: Stages) -> Callable[[], Profile]:
    """Return what gives the profile, once everything has been printed."""

    @cache
    def profile() -> Profile:
        stages.turn(None)
        return Profile(
            stages=tuple(StageTook(stage=stage, seconds=_figure(took)) for stage, took in stages.seconds.items()),
            parts=_parts(run),
        )

    return profile


def _parts(run: FinishedRun) -> tuple[PartTook, ...]:
    """Return what each part took; none where the records lie in another database."""
    try:
        return tuple(map(_part, costs_of(run)))
    except UsageRefusal:
        return ()


def _part(cost: Cost) -> PartTook:
    return PartTook(part=cost.part, name=cost.name, seconds=_figure(cost.seconds), processors=_figure(cost.processors))


def _figure(seconds: float) -> str:
    return f"{seconds:.3f}"


def drawn(profile: Profile) -> str:
    """Draw the profile: what the run took, stage by stage, and then each of its parts."""
    return "\n".join(_lines(profile))


def _lines(profile: Profile) -> Iterator[str]:
    yield "   seconds  what the run did"
    yield from (f"{each.seconds:>10}  {harmless(each.stage)}" for each in profile.stages)
    yield ""
    if not profile.parts:
        yield _ELSEWHERE
        return
    yield _PARTS
    yield _NOT_A_SUM
    yield "   seconds  of processors  what is worked out"
    for each in profile.parts:
        name = f"{each.part} {each.name}" if each.part in {"measure", "rule"} else each.name
        yield f"{each.seconds:>10}  {each.processors:>13}  {harmless(name)}"
