"""Takes what ``score`` is called with; refuses in words what does not fit, also where no checker of types has."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import get_args

from tallystick.engine.elsewhere.engines import EngineName
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.rulebook import Rulebook


def refuse_unfit(rulebook: object, as_of: object, max_rejected: object, threads: object, engine: object) -> None:
    """Raise ``UsageRefusal`` for the first that does not fit."""
    if not isinstance(rulebook, Rulebook):
        message = f"what scores is a rulebook, and this is of the type {type(rulebook).__name__}"
        raise UsageRefusal(message, help="load it first: `tallystick.rules.load(path)`")
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        message = f"`as_of` is a day, and this is of the type {type(as_of).__name__}: {as_of}"
        raise UsageRefusal(message, help="give the last day that counts, such as `date(2026, 3, 31)`")
    if not _is_share(max_rejected):
        message = f"`max_rejected` is a share of the rows, and this is none: {max_rejected}"
        raise UsageRefusal(message, help="give a number from 0 to 1, such as `Decimal('0.01')`")
    if threads is not None and (not isinstance(threads, int) or isinstance(threads, bool) or threads < 1):
        message = f"`threads` is how many work at once, and this is none: {threads}"
        raise UsageRefusal(message, help="give a whole number from 1 on, or None for as many as there are processors")
    if engine not in get_args(EngineName):
        message = f"there is no engine `{engine}`"
        raise UsageRefusal(message, help=f"there are {', '.join(get_args(EngineName))}")
    if rulebook.effective is not None and as_of < rulebook.effective:
        message = f"the rulebook is effective from {rulebook.effective}, and {as_of} is before that"
        raise UsageRefusal(message, help=f"score as of {rulebook.effective} or later, or by an earlier rulebook")


def _is_share(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and 0 <= value <= 1
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
