"""Takes a call of ``tally`` from its first moment; gives the command, or ends quietly if stopped while it loads."""

from __future__ import annotations

import os
import sys

_INTERRUPTED = 130
_THREADS = "OPENBLAS_NUM_THREADS"
"""NumPy, which DuckDB loads to call our functions, starts a thread for each core unless this says otherwise; none of
them is used, and to start them is a quarter of what loading it takes."""


def main() -> None:
    """Load the command and run it; who stops it meanwhile sees no trace of ours."""
    os.environ.setdefault(_THREADS, "1")
    try:
        from tallystick.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
