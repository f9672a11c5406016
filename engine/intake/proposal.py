"""Takes a glimpse of records; gives which columns seem to hold whom, who, what and when, and the kinds there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from tallystick.engine.intake.glimpse import Glimpse
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.starter import SOME_DAY, KindAnswer

_SUBJECTS = (
    "subject",
    "recipient",
    "target",
    "ratee",
    "to",
    "member",
    "user",
    "user_id",
    "user_login",
    "login",
    "author",
)
_ACTORS = (
    "actor",
    "actor.login",
    "actor.id",
    "actor_id",
    "rater",
    "from",
    "giver",
    "reviewer",
    "by",
    "user",
    "user_id",
)
_KINDS = ("kind", "type", "event", "event_type", "action", "activity", "verb", "what", "deed")
_TIMES = ("at", "time", "timestamp", "created_at", "datetime", "date", "day", "when", "occurred_at")
_IDS = ("id", "uuid", "event_id", "record_id")
MOST_KINDS = 12
_MOSTLY = 0.9
_OWN = 0.5
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_RESERVED = ("and", "or", "not", "if", "then", "else", "in", "is", "missing", "days", "years", "seconds", "returned")
_EXPECTED = ("score", "band", "no", "insufficient", "because")
_TAKEN = frozenset({*_RESERVED, *_EXPECTED, "id", "subject", "actor", "kind", "at", "activity"})
"""What a kind cannot be called in the rulebook that is proposed."""
AtType = Literal["time", "date", 'time in "UTC"']


class Proposal(Struct, frozen=True):
    """Columns of the file; None where none fits. ``kinds`` are the most frequent first."""

    subject: str | None
    actor: str | None
    kind: str | None
    at: str | None
    id: str | None


def propose(seen: Glimpse) -> Proposal:
    """Guess which columns are which, by their names first and by what they hold."""
    at = _pick(seen, _TIMES, lambda cells: _share(cells, _is_moment)) or _best(
        seen, lambda cells: _share(cells, _is_moment)
    )
    kind = _pick(seen, _KINDS, _kindness)
    taken = {at, kind}
    identity = _pick(seen, _IDS, _differing)
    subject = _pick(seen, _SUBJECTS, _filled, taken)
    actor = _pick(seen, _ACTORS, _filled, {*taken, subject})
    if kind is None:
        # In a small group people's names are as few as kinds, so a column known by its name is left to them.
        kind = _best(seen, _kindness, {subject, actor}) or _best(seen, _kindness, {subject})
        actor = None if actor == kind else actor
    if subject is None:
        subject, actor = actor, None
    return Proposal(subject, actor, kind, at, identity)


def at_type(seen: Glimpse, column: str) -> AtType:
    """Tell days from moments, and moments with an offset from those without."""
    cells = [cell for cell in seen.column(column) if cell is not None]
    if _share(tuple(cells), lambda cell: _DAY.match(cell) is not None) > _OWN:
        return "date"
    naive = sum(1 for cell in cells if _MOMENT.match(cell) and not re.search(r"(Z|[+-]\d{2}:?\d{2})$", cell))
    return 'time in "UTC"' if 2 * naive > len(cells) else "time"


def latest_day(seen: Glimpse, column: str) -> str:
    """Return the last day among the rows looked at, as written there (``2026-01-31``)."""
    return max((cell[:10] for cell in seen.column(column) if cell is not None and _is_moment(cell)), default=SOME_DAY)


def kinds_of(seen: Glimpse, kind: str, subject: str, actor: str | None) -> tuple[KindAnswer, ...]:
    """Give the kinds that a column holds, the most frequent first, and whether people do them or have them done."""
    counts = Counter(cell for cell in seen.column(kind) if cell is not None)
    if not counts:
        message = f"column `{kind}` is empty, so there are no kinds of record"
        raise UsageRefusal(message)
    own = Counter[str]()
    if actor is not None:
        for what, whose, who in zip(seen.column(kind), seen.column(subject), seen.column(actor), strict=True):
            own[what or ""] += whose == who
    found: dict[str, KindAnswer] = {}
    for in_file, count in counts.most_common(MOST_KINDS):
        name = kind_name(in_file, taken=frozenset(found))
        found[name] = KindAnswer(name, in_file, own=actor is None or own[in_file] > _OWN * count)
    return tuple(found.values())


def kind_name(text: str, *, taken: frozenset[str] = frozenset()) -> str:
    """Make a name that a rulebook may use: ``WatchEvent`` becomes ``watch_event``."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()
    name = re.sub(r"[^a-z0-9]+", "_", snake).strip("_")[:40].rstrip("_") or "other"
    if not name[0].isalpha() or name in _TAKEN:
        name = f"kind_{name}"
    number, first = 2, name
    while name in taken:
        name, number = f"{first}_{number}", number + 1
    return name


def _pick(
    seen: Glimpse,
    names: tuple[str, ...],
    fits: Callable[[tuple[str | None, ...]], float],
    taken: set[str | None] | None = None,
) -> str | None:
    """Return the first column of a likely name whose cells fit."""
    folded = {column.lower(): column for column in reversed(seen.columns)}
    for name in names:
        column = folded.get(name)
        if column is not None and column not in (taken or ()) and fits(seen.column(column)) >= _MOSTLY:
            return column
    return None


def _best(
    seen: Glimpse, fits: Callable[[tuple[str | None, ...]], float], taken: set[str | None] | None = None
) -> str | None:
    """Return the column whose cells fit best, if they do."""
    free = [(place, column) for place, column in enumerate(seen.columns) if column not in (taken or ())]
    score, place = max(((fits(seen.column(column)), -place) for place, column in free), default=(0.0, 0))
    return seen.columns[-place] if score >= _MOSTLY else None


def _share(cells: tuple[str | None, ...], holds: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if cell is not None and holds(cell)) / len(cells)


def _differing(cells: tuple[str | None, ...]) -> float:
    """Say what share of the cells differ; a few rows may have been delivered twice."""
    return len(set(cells) - {None}) / len(cells)


def _filled(cells: tuple[str | None, ...]) -> float:
    return _share(cells, lambda _: True)


def _is_moment(cell: str) -> bool:
    if not (_MOMENT.match(cell) or _DAY.match(cell)):
        return False
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _kindness(cells: tuple[str | None, ...]) -> float:
    """Say how much a column looks like kinds: few different words, each of them often."""
    different = {cell for cell in cells if cell is not None}
    words = all(any(char.isalpha() for char in cell) and not _is_moment(cell) for cell in different)
    few = 1 <= len(different) <= max(2, min(MOST_KINDS * 2, len(cells) // 3))
    return _filled(cells) if words and few else 0.0
