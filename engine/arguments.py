"""Takes what ``score`` and ``open_run`` are called with; refuses in words what does not fit, also where no checker of
types has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

from tallystick.engine.elsewhere.engines import EngineName
from tallystick.engine.intake.mapping import Mapping as FieldMapping
from tallystick.engine.refusals import UsageRefusal
from tallystick.engine.state.folder import AsItWas
from tallystick.engine.workshop import refuse_backslash
from tallystick.rules.rulebook import Rulebook
from tallystick.rules.translation import Translation


def refuse_unfit(
    rulebook: object,
    as_of: object,
    how: tuple[object, object, object],
    beside: tuple[object, object, object],
    places: Mapping[str, object],
) -> None:
    """Raise ``UsageRefusal`` for the first that does not fit. ``how``: ``max_rejected``, ``threads`` and ``engine``;
    ``beside``: ``computed_at``, ``translations`` and ``progress``; ``places``: names of files and folders."""
    max_rejected, threads, engine = how
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
    _refuse_odd(*beside)
    refuse_no_places(places)


def refuse_no_places(places: Mapping[str, object]) -> None:
    """Raise ``UsageRefusal`` for the first that is neither None nor the name of a file or a folder, and nothing else
    that may stand in its place; the ``path`` of a run is never None."""
    for name, given in places.items():
        if isinstance(given, FieldMapping | AsItWas) or (given is None and name != "path"):
            continue
        is_name = isinstance(given, str | Path)
        if not is_name or "\0" in str(given):
            why = "no name has a NUL in it" if is_name else f"this is of the type {type(given).__name__}"
            message = f"`{name}` is the name of a file or a folder, and {why}"
            raise UsageRefusal(message, help="give a text or a `Path`")
        if name == "out":
            refuse_backslash(Path(str(given)), f"the run cannot be written to `{given}`")


def _refuse_odd(computed_at: object, translations: object, progress: object) -> None:
    """Raise ``UsageRefusal`` for the first that is of another type than is meant."""
    if computed_at is not None and not isinstance(computed_at, datetime):
        message = f"`computed_at` is a moment, and this is of the type {type(computed_at).__name__}: {computed_at}"
        raise UsageRefusal(message, help="give a moment, such as `datetime.now(UTC)`")
    listed = translations if isinstance(translations, Sequence) else (translations,)
    odd = [type(each).__name__ for each in listed if not isinstance(each, Translation)]
    if odd:
        message = f"`translations` are translations of the rulebook, and this is of the type {odd[0]}"
        raise UsageRefusal(message, help="give the first of the two that `translations_beside` returns")
    if progress is not None and not callable(progress):
        message = f"`progress` is called as the run goes on, and this is of the type {type(progress).__name__}"
        raise UsageRefusal(message, help="give a function of some words and a number of rows")


def _is_share(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and 0 <= value <= 1
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
