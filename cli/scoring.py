"""Takes the words of a command that name a rulebook and its inputs; gives the run."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tallystick.cli.complaints import Stop
from tallystick.cli.progress import Progress
from tallystick.cli.rulebook_files import STDIN, checked, translated
from tallystick.rules.written_days import how_written

if TYPE_CHECKING:
    from tallystick.engine.costs import Stages
    from tallystick.engine.elsewhere.engines import EngineName
    from tallystick.engine.run import FinishedRun

MOST_REJECTED = "1%"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Inputs(Struct, frozen=True):
    """What a run is made from, as it was given."""

    rulebook: str
    records: tuple[str, ...]
    subjects: str | None
    mapping: str | None
    as_of: str
    max_rejected: str = MOST_REJECTED
    pauses: str | None = None
    corrections: str | None = None
    statements: str | None = None

    @property
    def files(self) -> tuple[str | None, ...]:
        """Everything that is read, as it was named."""
        others = (self.subjects, self.pauses, self.corrections, self.statements)
        return (self.rulebook, *self.records, *others)


def run_of(  # noqa: PLR0913  one parameter for each thing that a run depends on
    inputs: Inputs,
    *,
    out: Path | None = None,
    keep_records: bool = True,
    previous: Path | None = None,
    digest_records: bool = False,
    state: Path | None = None,
    engine: EngineName = "duckdb",
    master: str | None = None,
    memory_limit: str | None = None,
    stages: Stages | None = None,
) -> FinishedRun:
    """Score by what was given; raises ``Stop``, ``FaultyRulebook`` or a refusal of the engine where that cannot be.
    ``stages`` notes how long each thing took that the run does."""
    if inputs.files.count(STDIN) > 1:
        message = "stdin can be read once only, and `-` stands here twice"
        raise Stop(message)
    as_of = day_of(inputs.as_of)
    share = share_of(inputs.max_rejected)
    rulebook = checked(inputs.rulebook)
    translations = translated(inputs.rulebook, rulebook)
    from tallystick.engine import score

    with Progress() as progress:
        return score(
            rulebook,
            records=list(inputs.records) or None,
            subjects=inputs.subjects,
            as_of=as_of,
            mapping=None if inputs.mapping is None else Path(inputs.mapping),
            pauses=inputs.pauses,
            corrections=inputs.corrections,
            statements=inputs.statements,
            out=out,
            keep_records=keep_records,
            previous=previous,
            digest_records=digest_records,
            translations=translations,
            state=state,
            engine=engine,
            master=master,
            memory_limit=memory_limit,
            progress=progress if stages is None else stages.over(progress),
            max_rejected=share,
        )


def day_of(given: str, option: str = "--as-of") -> date:
    """Read a day, always YYYY-MM-DD: nothing is taken from a clock."""
    try:
        if _DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    day = re.sub("^([0-9]{4})-?([0-9]{2})-?([0-9]{2})([T ].*)?$", r"\1-\2-\3", given)
    remedy = how_written(day)
    message = f"`{given}` is not a day for {option}"
    raise Stop(message, help=remedy or "write it as YYYY-MM-DD, such as 2026-03-01: nothing is taken from a clock")


def share_of(given: str) -> Decimal:
    """Read a share: ``0.01`` or ``1%``."""
    try:
        share = Decimal(given.removesuffix("%")) / (100 if given.endswith("%") else 1)
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= 1:
        message = f"`{given}` is not a share for --max-rejected"
        raise Stop(message, help="write it as 1% or 0.01")
    return share
