"""Takes a call of ``tally`` from its first moment; gives the command, or ends quietly if stopped while it loads."""

from __future__ import annotations

import sys

_INTERRUPTED = 130


def main() -> None:
    """Load the command and run it; who stops it meanwhile sees no trace of ours."""
    try:
        from tallystick.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
