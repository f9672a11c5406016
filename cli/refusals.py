"""Takes an error from a lower room or from the system; gives what to say when it is not a mistake of ours."""

from __future__ import annotations

import sys

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
