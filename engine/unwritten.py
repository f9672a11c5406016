"""Takes an error of the database; gives the system's own, where it is that a file could not be written.

The database tells it in its own words, or in JSON where it wrote beside other work.
"""

from __future__ import annotations

import errno
import os
import re

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNWRITTEN = re.compile(r'Could not write file \\?"(?P<file>.*?)\\?": (?P<why>[^"\n]*)')


def unwritten(error: Exception) -> OSError | None:
    """Return the system's error, with the file that it is about; None where the database failed for another cause."""
    found = _UNWRITTEN.search(str(error))
    if found is None:
        return None
    why = found["why"].strip()
    number = next((each for each in sorted(errno.errorcode) if os.strerror(each) == why), 0)
    return OSError(number, why, found["file"])


def why_told(error: Exception) -> str:
    """Return why the database failed: which file could not be written and why, else the first line of its words."""
    cause = unwritten(error)
    return str(error).splitlines()[0] if cause is None else f"`{cause.filename}` cannot be written: {cause.strerror}"
