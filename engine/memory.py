"""Takes how much memory a run may use, as a person writes it; gives it as the database reads it."""

from __future__ import annotations

import re

from tallystick.engine.refusals import UsageRefusal

_SIZE = re.compile(r"([1-9][0-9]{0,8})(MB|GB|TB|MiB|GiB|TiB)", re.ASCII)
_BYTES = {"MB": 10**6, "GB": 10**9, "TB": 10**12, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
LEAST = 64 * 10**6
"""The database needs about so much to read one file and write another."""


def checked_limit(given: str) -> str:
    """Return the same, once it is known to be an amount of memory in which something can be worked out; raises
    ``UsageRefusal``."""
    size = _SIZE.fullmatch(given) if isinstance(given, str) else None
    if size is None:
        message = f"`{given}` is not an amount of memory"
        raise UsageRefusal(message, help="write a whole number and MB, GB, MiB or GiB, such as 500MB or 4GB")
    if int(size[1]) * _BYTES[size[2]] < LEAST:
        message = f"`{given}` of memory are too little to work in"
        raise UsageRefusal(message, help=f"give at least {LEAST // 10**6}MB")
    return given
