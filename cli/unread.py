"""Takes a run and the inputs given beside its folder; gives words on stderr about those that it had no need of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tallystick.cli.streams import say

if TYPE_CHECKING:
    from tallystick.engine.run import FinishedRun


def say_unread(run: FinishedRun, given: Mapping[str, object], *, needed: bool = True) -> None:
    """Say of each option that was given (one without a value was not) why its file was not read, so that nobody takes
    it for read; ``needed``: whether what is asked needs records."""
    from tallystick.engine.folder_writing import RECORDS

    kept = any(each.name == RECORDS for each in run.receipt.files)
    for option, value in given.items():
        if value is not None and kept:
            say(f"note: `{option}` was not read: the run has kept its records")
        elif value is not None and not needed:
            say(f"note: `{option}` was not read: nothing that was asked needs it")
