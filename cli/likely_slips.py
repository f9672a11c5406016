"""Takes a run; gives what whoever started it should know of what looks like a slip in the records or the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tallystick.cli.complaints import plural
from tallystick.explain.harmless import visible

if TYPE_CHECKING:
    from tallystick.engine.run import FinishedRun
    from tallystick.explain.summary_document import Summary

MOST_NAMED = 5
LONGEST = 100


def likely_slips(run: FinishedRun, told: Summary) -> Iterator[str]:
    """Give a sentence for each sort of slip; ``told`` is what the run came to."""
    from tallystick.engine.likely_slips import days_of_records, names_alike, unlisted_kinds

    days = days_of_records(run) if told.scored == 0 else None
    if days is not None:
        of = days[0] if days[0] == days[1] else f"{days[0]} to {days[1]}"
        yield f"nobody has a score as of {run.as_of}; the records are of {of}"
    kinds = unlisted_kinds(run) if told.unused else ()
    if kinds:
        records = plural(sum(each.records for each in kinds), "record is", "records are")
        named = [
            f"{_quoted(each.kind)} ({each.records:,}{'' if each.meant is None else f', perhaps `{each.meant}`'})"
            for each in kinds
        ]
        yield (
            f"{records} of a kind that the rulebook does not list: {_some(named)}; a mapping (`--map`) can say which "
            "kind is meant, under `[kinds]`, or skip it"
        )
    alike = [" and ".join(map(_quoted, names[:MOST_NAMED])) for names in names_alike(run)]
    if alike:
        yield (
            "these names differ only in capitals, in blanks, in how an accent is written or in what cannot be seen, "
            f"and each is a person of its own: {_some(alike, '; ')}"
        )


def somebody_removed(*runs: FinishedRun) -> tuple[str, ...]:
    """Say that people were removed from runs, of whom whoever is not found there may be one."""
    if not any(run.receipt.removed for run in runs):
        return ()
    which = "the run" if len(runs) == 1 else "one run or both"
    return (f"somebody was removed from {which} since it was made, which does not say who",)


def how_to_write(subject: str, *runs: FinishedRun) -> str:
    """Say how the name of somebody is to be written whom the runs do not know."""
    from tallystick.engine.likely_slips import written_otherwise

    there = sorted({name for run in runs for name in written_otherwise(run, subject)})
    if there:
        return f"written otherwise there is {_some([_quoted(name) for name in there])}"
    return "write the name exactly as the data has it, with its capital letters and blanks"


def _quoted(name: str) -> str:
    return f"`{visible(name if len(name) <= LONGEST else name[:LONGEST] + '…')}`"


def _some(named: Sequence[str], between: str = ", ") -> str:
    more = f"{between}and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return between.join(named[:MOST_NAMED]) + more
