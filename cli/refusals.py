"""Takes an error from a lower room or from the system; gives what to say when it is not a mistake of ours."""

from __future__ import annotations

import sys

from tallystick.cli.complaints import ExitCode, Stop


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
    return None
