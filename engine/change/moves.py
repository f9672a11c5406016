"""Takes two versions of a rulebook and one set of inputs; gives who is moved, by how much, and what each edit did.

Every number is a score of a ledger or the difference of two. INVARIANT: over all who have a score by both versions, the
edits' effects sum to the whole change; where an edit leaves somebody without a score, what it did is counted with the
next one after which there is a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tallystick.engine.change.alone import in_turn
from tallystick.engine.change.line_move import LineMove
from tallystick.engine.change.rank_correlation import RankCorrelation, rank_correlation
from tallystick.engine.change.trials import TrialInputs, TrialRows, Trials, trials
from tallystick.engine.groups.means import divide, is_mean, lines_with_weights
from tallystick.engine.ledger import PLACE_KINDS, Outcome, PlaceKind
from tallystick.engine.refusals import UsageRefusal
from tallystick.rules.diff.edits import Edit, Edits, follow
from tallystick.rules.epochs import on_day
from tallystick.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from collections.abc import Callable

Row = tuple[Any, ...]
MOST_SHOWN = 5
"""So many people are followed edit by edit, each way."""


class Standing(Struct, frozen=True):
    """Where somebody stands by one version; of who is not in its ledger, ``outcome`` is None."""

    outcome: Outcome | None
    score: Decimal | None
    band: str | None
    requirement: str | None


class Moved(Struct, frozen=True):
    """Somebody whose score, band or outcome is another; ``points`` is None unless there is a score by both versions."""

    subject: str
    before: Standing
    after: Standing
    points: Decimal | None


class Followed(Struct, frozen=True):
    """Somebody who is moved far: by which lines, and by which edits (their places among all edits, from 0).

    INVARIANT: the lines' points sum to the move, and so do the edits'.
    """

    moved: Moved
    lines: tuple[LineMove, ...]
    edits: tuple[tuple[int, Decimal], ...]


class Effect(Struct, frozen=True):
    """What an edit did to people: of those with a score before and after it, the sum, how many moved, and who moved
    furthest each way; how many came to a score, how many lost theirs, and how many are in another band."""

    total: Decimal
    moved: int
    furthest_up: tuple[str, Decimal] | None
    furthest_down: tuple[str, Decimal] | None
    came: int
    lost: int
    bands: int


class EditEffect(Struct, frozen=True):
    """What one edit did after those before it (``effect``: of those who have a score by both versions), and what it
    does by itself; None where it does not check by itself. ``came`` and ``lost`` are of everybody."""

    edit: Edit
    effect: Effect
    alone: Effect | None


class Moves(Struct, frozen=True):
    """Everything about who is moved. ``scored``: by the old version, by the new one, by both. ``bands``: people with a
    score by both whose band is another, from → to. ``came``, ``lost``: by the requirement that was or is not met, and
    its outcome. ``steps``: how many people are moved by how much, zero among them, in order."""

    old: Rulebook
    new: Rulebook
    people: tuple[int, int]
    scored: tuple[int, int, int]
    rows: tuple[TrialRows, TrialRows]
    total: Decimal
    steps: tuple[tuple[Decimal, int], ...]
    changed: tuple[Moved, ...]
    up: tuple[Followed, ...]
    down: tuple[Followed, ...]
    bands: tuple[tuple[str | None, str | None, int], ...]
    came: tuple[tuple[str | None, Outcome | None, int], ...]
    lost: tuple[tuple[str | None, Outcome | None, int], ...]
    ranks: RankCorrelation
    edits: tuple[EditEffect, ...]
    notices: tuple[str, ...]
    value: str | None = None

    @property
    def moved(self) -> int:
        """How many people with a score by both versions have another one."""
        return sum(people for points, people in self.steps if points != 0)


class EditsDoNotSumError(AssertionError):
    """The effects of the edits do not sum to the change: a mistake of ours, which is never shown as a result."""


def moves(
    old: Rulebook, new: Rulebook, inputs: TrialInputs, progress: Callable[[str, int], None] = lambda _doing, _rows: None
) -> Moves:
    """Score everybody by both versions and by every step between them.

    Raises ``UsageRefusal`` where the inputs do not fit a version, ``DataRefusal`` where they cannot be used.
    """
    progress("comparing the versions", 0)
    way = follow(old, new)
    if way.former.score.by != new.score.by:
        message = "the score of one version is by a field, and that of the other by none or by another"
        raise UsageRefusal(message, help="compare versions whose scores are by the same field")
    with trials(inputs, way.former, new, way.names, progress) as series:
        return _Moving(old, new, way, series).moves()


class _Moving(Struct):
    """The work: trial 0 is the old version, trial 1 the new one, then every edit but the last, then each alone."""

    old: Rulebook
    new: Rulebook
    way: Edits
    trials: Trials

    def moves(self) -> Moves:
        before = self.trials.add(self.way.former, with_lines=True)
        after = self.trials.add(self.new, with_lines=True)
        self._put_together(before, after)
        between = [self.trials.add(each.rulebook) for each in self.way.each[:-1]]
        stages = (before, *between, after) if self.way.each else (before, after)
        self._put_in_order(stages)
        effects = self._edits(stages)
        changed = self._changed()
        up, down = self._furthest("DESC"), self._furthest("ASC")
        return Moves(
            old=self.old,
            new=self.new,
            people=self._pair("count(before_outcome), count(after_outcome)"),
            scored=(*self._pair("count(before_score), count(after_score)"), self._one("count(points)")),
            rows=(self.trials.rows(self.way.former), self.trials.rows(self.new)),
            total=self._total(effects),
            steps=tuple(
                self._all("SELECT points, count(*) FROM moves WHERE points IS NOT NULL GROUP BY points ORDER BY points")
            ),
            changed=changed,
            up=tuple(self._followed(each, stages) for each in up),
            down=tuple(self._followed(each, stages) for each in down),
            bands=self._groups("before_band, after_band", "points IS NOT NULL AND other_band"),
            came=self._groups("before_requirement, before_outcome", "before_score IS NULL AND after_score IS NOT NULL"),
            lost=self._groups("after_requirement, after_outcome", "before_score IS NOT NULL AND after_score IS NULL"),
            ranks=self._ranks(),
            edits=effects,
            notices=tuple(dict.fromkeys((*self.trials.notices(self.way.former), *self.trials.notices(self.new)))),
            value=self.trials.inputs.value,
        )

    def _put_together(self, before: int, after: int) -> None:
        """Set both versions side by side, a row for everybody whom either knows."""
        old, new = self.trials.table(before, "scores"), self.trials.table(after, "scores")
        columns = ", ".join(
            f"{side}.{column} AS {name}_{column}"
            for side, name in (("a", "before"), ("b", "after"))
            for column in ("outcome", "score", "band", "requirement")
        )
        self.trials.connection.execute(
            f"CREATE TABLE moves AS SELECT coalesce(a.subject, b.subject) AS subject, {columns}, "
            "b.score - a.score AS points, a.band IS DISTINCT FROM b.band AS other_band, "
            "a.outcome IS DISTINCT FROM b.outcome OR a.requirement IS DISTINCT FROM b.requirement AS other_outcome "
            f"FROM {old} AS a FULL JOIN {new} AS b ON a.subject = b.subject"
        )

    def _put_in_order(self, stages: Sequence[int]) -> None:
        """Take the scores of who has one at both ends, stage by stage, each with what it adds to the last before it."""
        scores = " UNION ALL ".join(
            f"SELECT {place} AS stage, subject, score FROM {self.trials.table(number, 'scores')}"
            for place, number in enumerate(stages)
        )
        self.trials.connection.execute(
            "CREATE TABLE steps AS SELECT stage, subject, "
            "score - lag(score) OVER (PARTITION BY subject ORDER BY stage) AS points "
            f"FROM ({scores}) WHERE score IS NOT NULL "
            "AND subject IN (SELECT subject FROM moves WHERE points IS NOT NULL)"
        )

    def _edits(self, stages: Sequence[int]) -> tuple[EditEffect, ...]:
        found: list[EditEffect] = []
        trials = self._alone(stages)
        for place, edit in enumerate(self.way.each, 1):
            effect = self._effect(
                f"SELECT subject, points FROM steps WHERE stage = {place}", *stages[place - 1 : place + 1]
            )
            alone = None
            if len(self.way.each) == 1:
                alone = effect
            elif edit.alone is not None:
                number = trials[place]
                query = (
                    f"SELECT a.subject, b.score - a.score AS points FROM {self.trials.table(stages[0], 'scores')} AS a "
                    f"JOIN {self.trials.table(number, 'scores')} AS b ON a.subject = b.subject "
                    "WHERE a.score IS NOT NULL AND b.score IS NOT NULL"
                )
                alone = self._effect(query, stages[0], number)
            found.append(EditEffect(edit, effect, alone))
        return tuple(found)

    def _alone(self, stages: Sequence[int]) -> dict[int, int]:
        """Try every edit without the others; give the number of its trial by its place, from 1."""
        if not self.way.each[1:]:
            return {}
        # The first edit alone is the first stage; any other needs a trial of its own.
        tried = {1: stages[1]}
        for place in in_turn(self.way.each):
            alone = self.way.each[place].alone
            if place > 0 and alone is not None:
                tried[place + 1] = self.trials.add(alone)
        return tried

    def _effect(self, query: str, before: int, after: int) -> Effect:
        """Sum up what moved, of rows of ``subject`` and ``points``."""
        ((total, moved, most, least),) = self._all(
            f"SELECT coalesce(sum(points), 0), count(*) FILTER (points <> 0), max(points), min(points) FROM ({query})"
        )
        ((came, lost, bands),) = self._all(
            "SELECT count(*) FILTER (a.score IS NULL AND b.score IS NOT NULL), "
            "count(*) FILTER (a.score IS NOT NULL AND b.score IS NULL), "
            "count(*) FILTER (a.score IS NOT NULL AND b.score IS NOT NULL AND a.band IS DISTINCT FROM b.band) "
            f"FROM {self.trials.table(before, 'scores')} AS a FULL JOIN {self.trials.table(after, 'scores')} AS b "
            "ON a.subject = b.subject"
        )
        return Effect(
            total,
            moved,
            self._who(query, most) if most is not None and most > 0 else None,
            self._who(query, least) if least is not None and least < 0 else None,
            came,
            lost,
            bands,
        )

    def _who(self, query: str, points: Decimal) -> tuple[str, Decimal]:
        ((subject,),) = self._all(f"SELECT min(subject) FROM ({query}) WHERE points = ?", points)
        return subject, points

    def _total(self, effects: tuple[EditEffect, ...]) -> Decimal:
        total: Decimal = self._all("SELECT coalesce(sum(points), 0) FROM moves")[0][0]
        if sum((each.effect.total for each in effects), Decimal(0)) != total:
            raise EditsDoNotSumError([(each.edit.name, each.effect.total) for each in effects], total)
        return total

    def _changed(self) -> tuple[Moved, ...]:
        return tuple(
            map(
                _moved,
                self._all(
                    f"SELECT {_MOVED} FROM moves WHERE points <> 0 OR other_band OR other_outcome ORDER BY subject"
                ),
            )
        )

    def _furthest(self, order: str) -> list[Moved]:
        sign = ">" if order == "DESC" else "<"
        return [
            _moved(row)
            for row in self._all(
                f"SELECT {_MOVED} FROM moves WHERE points {sign} 0 ORDER BY points {order}, subject LIMIT {MOST_SHOWN}"
            )
        ]

    def _followed(self, moved: Moved, stages: Sequence[int]) -> Followed:
        """Follow somebody line by line and edit by edit."""
        by_edit = tuple(
            (stage - 1, points)
            for stage, points in self._all(
                "SELECT stage, points FROM steps WHERE subject = ? AND points <> 0 ORDER BY stage", moved.subject
            )
        )
        followed = Followed(moved, self._lines(moved.subject, stages[0], stages[-1]), by_edit)
        of_lines = sum((each.points for each in followed.lines), Decimal(0))
        if of_lines != moved.points or sum((points for _, points in by_edit), Decimal(0)) != moved.points:
            raise EditsDoNotSumError(followed)
        return followed

    def _lines(self, subject: str, before: int, after: int) -> tuple[LineMove, ...]:
        old, new = self._points(self.way.former, subject, before), self._points(self.new, subject, after)
        found = [LineMove(*key, old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new))]
        moved = (each for each in found if each.points != 0)
        return tuple(sorted(moved, key=self._place))

    def _points(self, version: Rulebook, subject: str, number: int) -> dict[tuple[PlaceKind, str], Decimal]:
        """Return what each line that has points, and each adjustment, gives somebody; under a mean, what it makes of
        the score."""
        lines = f"(SELECT * FROM {self.trials.table(number, 'lines')} WHERE subject = $1 AND points IS NOT NULL)"
        points: dict[tuple[PlaceKind, str], Decimal] = {
            (kind, name): amount
            for kind, name, amount in self._all(
                f"SELECT 'rule', rule, points FROM {lines} UNION ALL "
                f"SELECT kind, name, amount FROM {self.trials.table(number, 'adjustments')} WHERE subject = $1",
                subject,
            )
        }
        rulebook = on_day(version, self.trials.inputs.as_of)
        if is_mean(rulebook):
            query = f"SELECT rule, weights, points FROM {lines_with_weights(rulebook, lines)}"
            divide(rulebook, points, self._all(query, subject))
        return points

    def _place(self, line: LineMove) -> tuple[int, int, int]:
        """Return what lines stand in the order of: rules as the new text has them, then facets, then the score."""
        rules = [rule.name for rule in (*self.new.rules, *self.way.former.rules)]
        facets = [facet.name for facet in (*self.new.facets, *self.way.former.facets)]
        if line.kind == "rule":
            return (0, rules.index(line.name), 0)
        if line.name:
            return (1, facets.index(line.name), PLACE_KINDS.index(line.kind))
        return (2, 0, PLACE_KINDS.index(line.kind))

    def _ranks(self) -> RankCorrelation:
        rows = self._all("SELECT before_score, after_score, count(*) FROM moves WHERE points IS NOT NULL GROUP BY ALL")
        return rank_correlation(rows)

    def _groups(self, columns: str, where: str) -> tuple[Row, ...]:
        return tuple(
            self._all(f"SELECT {columns}, count(*) AS people FROM moves WHERE {where} GROUP BY ALL ORDER BY ALL")
        )

    def _pair(self, columns: str) -> tuple[int, int]:
        ((first, second),) = self._all(f"SELECT {columns} FROM moves")
        return first, second

    def _one(self, column: str) -> int:
        found: int = self._all(f"SELECT {column} FROM moves")[0][0]
        return found

    def _all(self, query: str, *values: object) -> list[Row]:
        return self.trials.connection.execute(query, list(values)).fetchall()


_MOVED = (
    "subject, before_outcome, before_score, before_band, before_requirement, "
    "after_outcome, after_score, after_band, after_requirement, points"
)


def _moved(row: Row) -> Moved:
    subject, *standing, points = row
    return Moved(subject, Standing(*standing[:4]), Standing(*standing[4:]), points)
