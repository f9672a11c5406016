"""Takes a run and the value named for it; gives the run of that value, or says that one has to be named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.complaints import Stop

if TYPE_CHECKING:
    from tallystick.engine.run import FinishedRun
    from tallystick.rules.rulebook import Rulebook

InValue = Annotated[
    str | None,
    typer.Option("--in", metavar="VALUE", help="Where the score is by a field: the value of it that is meant."),
]


def part_of(run: FinishedRun, value: str | None) -> FinishedRun:
    """Return the run in which each person has one score: of the value named, which a run by a field needs."""
    if value is None and run.parts_in is None:
        return run
    if value is None:
        raise unsaid(run.rulebook)
    return run.part(value)


def unsaid(rulebook: Rulebook) -> Stop:
    """Say that a value has to be named."""
    from tallystick.rules.questions.by import values_of

    message = f"the score is by `{rulebook.score.by}`, and this tells of one score for each person"
    return Stop(message, help=f"add `--in VALUE`: {', '.join(values_of(rulebook))}")
