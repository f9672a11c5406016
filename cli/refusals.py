"""Takes an error from a lower room or from the system; gives what to say when it is not a mistake of ours."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tallystick.cli.complaints import ExitCode, Stop

_LOOP = "Symlink loop from "
"""How Python's own words begin where a path is followed along links and never ends."""


def as_stop(error: Exception) -> Stop | None:
    """Return the answer to an error that the user can do something about; None for any other.

    Only rooms that are loaded can have raised something, so none is loaded to find out.
    """
    if "tallystick.engine.refusals" in sys.modules:
        from tallystick.engine.refusals import Refusal

        if isinstance(error, Refusal):
            return Stop(error.message, notes=error.notes, help=error.help, code=ExitCode(error.exit_code))
    if isinstance(error, OSError) and error.strerror is not None:
        where = f"`{error.filename}`: " if error.filename is not None else ""
        return Stop(f"{where}{error.strerror}")
    if isinstance(error, RuntimeError) and str(error).startswith(_LOOP):  # before Python 3.13
        return Stop(f"{str(error).removeprefix(_LOOP).replace(chr(39), chr(96))}: a link that leads to itself")
    return None


def as_unwritable_name(error: Exception, words: Sequence[str]) -> Stop | None:
    """Return the answer to an error that comes of a word of a command with bytes that are no UTF-8: names of files can
    have such, but neither the database nor what we write; None for any other."""
    if not (isinstance(error, UnicodeEncodeError) or "cannot encode str as UTF-8" in str(error)):
        return None
    name = next((word for word in words if any("\ud800" <= char <= "\udfff" for char in word)), None)
    if name is None:
        return None
    given = name.partition("=")[2] if name.startswith("--") else name
    return Stop(f"`{given}` is not written in UTF-8", help="write it in UTF-8; a file or folder is to be renamed")


def as_forged_run(words: Sequence[str]) -> Stop | None:
    """Return the answer to an error that comes of a run, named among the words of a command, that somebody changed and
    sealed again; None where each run is what its rulebook and its records give, so that the mistake is ours."""
    if "tallystick.engine.folder" not in sys.modules:
        return None
    from tallystick.cli.progress import Progress
    from tallystick.engine.folder_writing import is_run
    from tallystick.engine.verifying.checks import verify
    from tallystick.explain.verifying.words import check_sentence

    for run in dict.fromkeys(word.rpartition("=")[2] for word in words):
        with suppress(Exception):  # what verification itself stumbles over is a mistake of ours, too
            if not is_run(Path(run)):
                continue
            with Progress() as progress:
                checks = verify(Path(run), progress=progress).checks
            differing = next((each for each in checks if each.outcome == "differs"), None)
            if differing is not None:
                message = f"the run `{run}` is not what its rulebook and its records give"
                help_ = f"score again; `tally verify {run}` says what agrees"
                return Stop(message, notes=(check_sentence(differing),), help=help_, code=ExitCode.FINDINGS)
    return None
