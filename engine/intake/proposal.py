"""Takes a glimpse of records; gives which columns seem to hold whom, who, what and when, and the kinds there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from tallystick.engine.intake.glimpse import Glimpse
from tallystick.engine.intake.reading import Rejected, read_cell
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.rulebook import Field
from tallystick.rules.starter import SOME_DAY, KindAnswer
from tallystick.rules.value import DateType, TimeType

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
_RESERVED = ("and", "or", "not", "if", "then", "else", "in", "is", "missing", "days", "years", "seconds", "returned")
_EXPECTED = ("score", "band", "no", "insufficient", "because")
_TAKEN = frozenset({*_RESERVED, *_EXPECTED, "id", "subject", "actor", "kind", "at", "activity"})
"""What a kind cannot be called in the rulebook that is proposed."""
AtType = Literal["time", "date", 'time in "UTC"']


class Columns(Struct, frozen=True):
    """Columns of the file; None where none is named, or none fits."""

    subject: str | None = None
    actor: str | None = None
    kind: str | None = None
    at: str | None = None
    id: str | None = None


def propose(seen: Glimpse, named: Columns = Columns()) -> Columns:  # noqa: B008  it cannot be changed
    """Guess which columns are which, by their names first and by what they hold. Those ``named`` are certain: each is
    what it was named for, and is not guessed to be anything else."""
    free = {named.subject, named.actor, named.kind, named.at, named.id}
    at = named.at or _pick(seen, _TIMES, _momentary, free) or _best(seen, _momentary, free)
    kind = named.kind or _pick(seen, _KINDS, _kindness, free)
    identity = named.id or _pick(seen, _IDS, _differing, free)
    taken = {*free, at, kind, identity}
    subject = named.subject or _pick(seen, _SUBJECTS, _filled, taken)
    actor = named.actor or _pick(seen, _ACTORS, _filled, {*taken, subject})
    if kind is None:
        # In a small group people's names are as few as kinds, so a column known by its name is left to them.
        kind = _best(seen, _kindness, {*taken, subject, actor}) or _best(seen, _kindness, {*taken, subject})
        actor = None if actor == kind else actor
    if subject is None and named.actor is None:
        subject, actor = actor, None
    return Columns(subject, actor, kind, at, identity)


def at_type(seen: Glimpse, column: str) -> AtType | None:
    """Tell days from moments, and moments with an offset from those without; None where not one cell is either."""
    cells = tuple(cell for cell in seen.column(column) if cell is not None and _is_moment(cell))
    if not cells:
        return None
    if _share(cells, lambda cell: _reads(DateType(), cell)) > _OWN:
        return "date"
    return "time" if _share(cells, lambda cell: _reads(TimeType(), cell)) >= _OWN else 'time in "UTC"'


def latest_day(seen: Glimpse, column: str) -> str:
    """Return the last day among the rows looked at, as written there (``2026-01-31``)."""
    return max((cell[:10] for cell in seen.column(column) if cell is not None and _is_moment(cell)), default=SOME_DAY)


class Kinds(Struct, frozen=True):
    """The kinds that a rulebook is proposed for, and those that are too many for it, as the file has them."""

    proposed: tuple[KindAnswer, ...]
    others: tuple[str, ...]


def kinds_of(seen: Glimpse, kind: str, subject: str, actor: str | None) -> Kinds:
    """Give the kinds that a column holds, the most frequent first, and whether people do them or have them done. What
    differs in capitals or in the blanks around it alone is one kind."""
    spelled: dict[str, Counter[str]] = {}
    for cell in seen.column(kind):
        if cell is not None:
            spelled.setdefault(_folded(cell), Counter())[cell] += 1
    if not spelled:
        message = f"column `{kind}` is empty, so there are no kinds of record"
        raise UsageRefusal(message)
    own = Counter[str]()
    if actor is not None:
        for what, whose, who in zip(seen.column(kind), seen.column(subject), seen.column(actor), strict=True):
            own[_folded(what or "")] += whose == who
    found: dict[str, KindAnswer] = {}
    often = sorted(spelled, key=lambda folded: -spelled[folded].total())
    for folded in often[:MOST_KINDS]:
        spellings = spelled[folded]
        in_file = tuple(spelling for spelling, _ in spellings.most_common())
        name = kind_name(in_file[0], taken=frozenset(found))
        found[name] = KindAnswer(name, in_file, own=actor is None or own[folded] > _OWN * spellings.total())
    others = tuple(spelled[folded].most_common(1)[0][0] for folded in often[MOST_KINDS:])
    return Kinds(tuple(found.values()), others)


def repeated(seen: Glimpse) -> int:
    """Count the rows that stand there more than once, cell for cell, beyond the first of each."""
    return len(seen.rows) - len(set(seen.rows))


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
    taken: set[str | None],
) -> str | None:
    """Return the first column of a likely name whose cells fit."""
    folded = {column.lower(): column for column in reversed(seen.columns)}
    for name in names:
        column = folded.get(name)
        if column is not None and column not in taken and fits(seen.column(column)) >= _MOSTLY:
            return column
    return None


def _best(seen: Glimpse, fits: Callable[[tuple[str | None, ...]], float], taken: set[str | None]) -> str | None:
    """Return the column whose cells fit best, if they do."""
    free = [(place, column) for place, column in enumerate(seen.columns) if column not in taken]
    score, place = max(((fits(seen.column(column)), -place) for place, column in free), default=(0.0, 0))
    return seen.columns[-place] if score >= _MOSTLY else None


def _share(cells: tuple[str | None, ...], holds: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if cell is not None and holds(cell)) / len(cells)


def _differing(cells: tuple[str | None, ...]) -> float:
    """Say what share of the cells differ; a few rows may have been delivered twice."""
    return len(set(cells) - {None}) / len(cells)


def _filled(cells: tuple[str | None, ...]) -> float:
    return _share(cells, lambda _: True)


def _momentary(cells: tuple[str | None, ...]) -> float:
    return _share(cells, _is_moment)


def _is_moment(cell: str) -> bool:
    return _reads(DateType(), cell) or _reads(TimeType("UTC"), cell)


def _reads(type_: DateType | TimeType, cell: str) -> bool:
    """Whether a record with this cell would be read."""
    return not isinstance(read_cell(Field("at", "at", type_, optional=False, title=None), cell), Rejected)


def _folded(cell: str) -> str:
    return cell.strip().casefold()


def _kindness(cells: tuple[str | None, ...]) -> float:
    """Say how much a column looks like kinds: few different words, each of them often."""
    different = {_folded(cell) for cell in cells if cell is not None}
    words = all(any(char.isalpha() for char in cell) and not _is_moment(cell) for cell in different)
    few = 1 <= len(different) <= max(2, min(MOST_KINDS * 2, len(cells) // 3))
    return _filled(cells) if words and few else 0.0
