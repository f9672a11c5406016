"""Takes a rulebook, inputs and days; gives how the score behaves over time: who moves and why, who comes and goes
between bands, what the score is mostly made of, and who holds how much of it.

Every number is a score or points of some day's ledger, a count, or a difference or fraction of such. INVARIANT: the
parts of a move sum to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from msgspec import Struct

from tallystick.engine.change.line_move import LineMove
from tallystick.engine.change.rank_correlation import RankCorrelation, rank_correlation
from tallystick.engine.change.replay import Replay, replay
from tallystick.engine.change.trials import TrialInputs
from tallystick.engine.groups.concentration import gini, top_share
from tallystick.engine.groups.means import divide, is_mean, lines_with_weights
from tallystick.engine.ledger import PLACE_KINDS, PlaceKind
from tallystick.rules.epochs import on_day
from tallystick.rules.questions.given import takes_given
from tallystick.rules.rulebook import Rulebook

MOST_SHOWN = 5
"""So many moves, and so many people who go back and forth, are told one by one."""
MOST_FILES = 20
"""Of more files of records, what each one does is not worked out: every file is a run."""


class Move(Struct, frozen=True):
    """Somebody's move in a step, that from the day ``since`` to the day ``day``. ``own``: how many records about the
    person came in it, and by them about others where a measure takes what people give."""

    subject: str
    since: date
    day: date
    before: Decimal
    after: Decimal
    own: int
    parts: tuple[LineMove, ...]

    @property
    def points(self) -> Decimal:
        """By how much."""
        return self.after - self.before


class Step(Struct, frozen=True):
    """What happened from one day to the next. ``both`` have a score on both; of these ``moved``, of whom ``quiet``
    without a record of their own in the step, as ``Move.own`` has it: by time alone, since any other record alters
    nothing that was before it, unless the rules read what actors earned. ``came``, ``lost``: a score on one of the
    days alone."""

    since: date
    day: date
    both: int
    moved: int
    up: int
    down: int
    most_up: Decimal | None
    most_down: Decimal | None
    came: int
    lost: int
    quiet: int


class Returner(Struct, frozen=True):
    """Somebody whose band became another and then the former again, ``times`` often; ``away``: the fewest days from
    leaving a band to being back in it, ``home`` that band and ``there`` the one in between (None: below the first)."""

    subject: str
    times: int
    away: int
    home: str | None
    there: str | None


class Share(Struct, frozen=True):
    """What a rule or an adjustment gives to everybody together on the last day, and its share of all points."""

    kind: PlaceKind
    name: str
    points: Decimal
    share: Fraction | None


class FileShare(Struct, frozen=True):
    """What a file of records does on the last day: how many rows it has, and, against a run without them, the points of
    those with a score in both (``points``: with less without), and how many would have no score, or only then."""

    name: str
    rows: int
    points: Decimal | None
    share: Fraction | None
    would_lose: int | None
    would_come: int | None


class Concentration(Struct, frozen=True):
    """How points lie on the last day. The shares of the top and Gini's coefficient are None where somebody's score is
    below 0 or all are 0. ``top_1``, ``top_10``: how many people a hundredth and a tenth are, rounded up."""

    scored: int
    total: Decimal
    top_1: int
    top_10: int
    share_of_top_1: Fraction | None
    share_of_top_10: Fraction | None
    gini: Fraction | None


class Stability(Struct, frozen=True):
    """Everything. ``volume`` sets the score of the last day against how many records there are about the person, and
    ``activity`` against how many the person did; None where the rulebook has no such records."""

    days: tuple[date, ...]
    people: int
    steps: tuple[Step, ...]
    furthest: tuple[Move, ...]
    furthest_quiet: tuple[Move, ...]
    returners: int
    most_returning: tuple[Returner, ...]
    volume: RankCorrelation | None
    activity: RankCorrelation | None
    shares: tuple[Share, ...]
    files: tuple[FileShare, ...]
    concentration: Concentration
    notices: tuple[str, ...]
    rows: int
    rejected: int


class MoveDoesNotAddUpError(AssertionError):
    """The parts of a move do not sum to it: a mistake of ours, which is never shown as a result."""


def stability(
    rulebook: Rulebook,
    inputs: TrialInputs,
    days: Sequence[date],
    progress: Callable[[str, int], None] = lambda _doing, _rows: None,
) -> Stability:
    """Replay the days, two at least, in order. ``inputs.as_of`` plays no part.

    Raises ``UsageRefusal`` where the inputs do not fit the rulebook, ``DataRefusal`` where they cannot be used.
    """
    with replay(rulebook, inputs, progress) as series:
        return _Replaying(series, tuple(days), progress).stability()


class _Replaying(Struct):
    """The work over one replay."""

    series: Replay
    days: tuple[date, ...]
    progress: Callable[[str, int], None]

    def all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.series.connection.execute(query, list(values)).fetchall()

    def stability(self) -> Stability:
        self.all("CREATE TABLE over_time (place INTEGER, subject VARCHAR, score DECIMAL(38, 9), band VARCHAR)")
        steps: list[Step] = []
        furthest: list[Move] = []
        quiet: list[Move] = []
        for place, day in enumerate(self.days):
            self.progress(f"as of {day}, {place + 1} of {len(self.days)}", 0)
            self.series.run(str(place), day)
            table = self.series.table("scores", str(place))
            self.all(f"INSERT INTO over_time SELECT {place}, subject, score, band FROM {table} WHERE score IS NOT NULL")
            if place == 0:
                continue
            steps.append(self._step(place))
            furthest = _furthest([*furthest, *self._moves(place, "true")])
            quiet = _furthest([*quiet, *self._moves(place, "own = 0")])
            self.series.forget(str(place - 1))
        ((people,),) = self.all(f"SELECT count(*) FROM {self.series.table('scores', self._last)}")
        returners, most_returning = self._returners()
        records = self.series.taken.records
        return Stability(
            self.days,
            people,
            tuple(steps),
            tuple(furthest),
            tuple(quiet),
            returners,
            most_returning,
            None if records is None else self._volume("known"),
            self._volume("acts") if "actor" in {each.name for each in self.series.rulebook.records or ()} else None,
            self._shares(),
            self._files(),
            self._concentration(),
            self.series.taken.notices,
            0 if records is None else records.rows,
            0 if records is None else records.rejected,
        )

    @property
    def _last(self) -> str:
        return str(len(self.days) - 1)

    # ---- steps ---------------------------------------------------------------------------------------------------

    def _step(self, place: int) -> Step:
        """Set two days side by side in the table ``moves``, and count."""
        table, before, after = self.series.table, str(place - 1), str(place)
        own = "coalesce(y.records, 0) - coalesce(x.records, 0)"
        if takes_given(self.series.rulebook):
            own += " + coalesce(w.others, 0) - coalesce(v.others, 0)"
        self.all(
            "CREATE OR REPLACE TABLE moves AS SELECT subject, a.score AS before, b.score AS after, "
            f"b.score - a.score AS points, {own} AS own "
            f"FROM {table('scores', before)} AS a FULL JOIN {table('scores', after)} AS b USING (subject) "
            f"LEFT JOIN {table('known', before)} AS x USING (subject) "
            f"LEFT JOIN {table('known', after)} AS y USING (subject) "
            f"LEFT JOIN {table('acts', before)} AS v USING (subject) "
            f"LEFT JOIN {table('acts', after)} AS w USING (subject)"
        )
        ((both, moved, up, down, most_up, most_down, came, lost, quiet),) = self.all(
            "SELECT count(points), count(*) FILTER (points <> 0), count(*) FILTER (points > 0), "
            "count(*) FILTER (points < 0), max(points) FILTER (points > 0), min(points) FILTER (points < 0), "
            "count(*) FILTER (before IS NULL AND after IS NOT NULL), "
            "count(*) FILTER (before IS NOT NULL AND after IS NULL), count(*) FILTER (points <> 0 AND own = 0) "
            "FROM moves"
        )
        since, day = self.days[place - 1 : place + 1]
        return Step(since, day, both, moved, up, down, most_up, most_down, came, lost, quiet)

    def _moves(self, place: int, which: str) -> list[Move]:
        """Return the furthest moves of a step with their parts."""
        since, day = self.days[place - 1 : place + 1]
        found = self.all(
            f"SELECT subject, before, after, own FROM moves WHERE points <> 0 AND {which} "
            f"ORDER BY abs(points) DESC, subject LIMIT {MOST_SHOWN}"
        )
        return [
            Move(subject, since, day, before, after, own, self._parts(place, subject, after - before))
            for subject, before, after, own in found
        ]

    def _parts(self, place: int, subject: str, points: Decimal) -> tuple[LineMove, ...]:
        before, after = (self._sums(each, "subject = $1", subject) for each in (place - 1, place))
        found = [LineMove(*key, before.get(key), after.get(key)) for key in dict.fromkeys((*before, *after))]
        if sum((each.points for each in found), Decimal(0)) != points:
            raise MoveDoesNotAddUpError(subject, found, points)
        moved = (each for each in found if each.points != 0)
        return tuple(sorted(moved, key=lambda each: (-abs(each.points), *self._order(each.kind, each.name))))

    def _sums(self, place: int, which: str, *values: object) -> dict[tuple[PlaceKind, str], Decimal]:
        """Add up what each line and adjustment gives on a day to those whom a condition names. Under a mean, a rule has
        what its points make of the score, to the places of a line: the division then holds no more than what roundings
        left."""
        parts = f"(SELECT * FROM {self.series.table('parts', str(place))} WHERE {which})"
        sums: dict[tuple[PlaceKind, str], Decimal] = {
            (kind, name): points
            for kind, name, points in self.all(f"SELECT kind, name, sum(points) FROM {parts} GROUP BY ALL", *values)
        }
        rulebook = on_day(self.series.rulebook, self.days[place])
        if not is_mean(rulebook):
            return sums
        lines = f"(SELECT subject, name AS rule, points FROM {parts} WHERE kind = 'rule')"
        query = f"SELECT rule, weights, sum(points) FROM {lines_with_weights(rulebook, lines)} GROUP BY ALL"
        divide(rulebook, sums, self.all(query, *values))
        return sums

    def _order(self, kind: PlaceKind, name: str) -> tuple[bool, int, int, str]:
        """Put rules in the order of the rulebook, then adjustments of facets, then those of the score."""
        rules = {each.name: place for place, each in enumerate(self.series.rulebook.rules)}
        if kind == "rule":
            return False, rules[name], 0, ""
        facets = {each.name: place for place, each in enumerate(self.series.rulebook.facets)}
        return True, facets.get(name, len(facets)), PLACE_KINDS.index(kind), name

    def _returners(self) -> tuple[int, tuple[Returner, ...]]:
        """Find who left a band and was back in it; days without a score are passed over."""
        days = ", ".join(f"({place}, DATE '{day.isoformat()}')" for place, day in enumerate(self.days))
        self.all(
            "CREATE TABLE returns AS WITH others AS (SELECT subject, place, band FROM (SELECT *, "
            "row_number() OVER one AS nth, lag(band) OVER one AS last FROM over_time "
            "WINDOW one AS (PARTITION BY subject ORDER BY place)) WHERE nth = 1 OR band IS DISTINCT FROM last), "
            "turns AS (SELECT subject, place, band, row_number() OVER one AS nth, lag(band) OVER one AS there, "
            "lag(band, 2) OVER one AS home, lag(place) OVER one AS left_at FROM others "
            "WINDOW one AS (PARTITION BY subject ORDER BY place)) "
            "SELECT turns.subject, back.day - away.day AS days, turns.place, turns.there, turns.home FROM turns "
            f"JOIN (VALUES {days}) AS back(place, day) ON back.place = turns.place "
            f"JOIN (VALUES {days}) AS away(place, day) ON away.place = turns.left_at "
            "WHERE turns.nth > 2 AND turns.band IS NOT DISTINCT FROM turns.home"
        )
        ((people,),) = self.all("SELECT count(DISTINCT subject) FROM returns")
        rows = self.all(
            "SELECT subject, count(*), min(days), first(home ORDER BY days, place), first(there ORDER BY days, place) "
            f"FROM returns GROUP BY subject ORDER BY count(*) DESC, min(days), subject LIMIT {MOST_SHOWN}"
        )
        return people, tuple(Returner(*row) for row in rows)

    # ---- the last day --------------------------------------------------------------------------------------------

    def _volume(self, counted: Literal["known", "acts"]) -> RankCorrelation:
        """Set the score against how many records there are about everybody, or how many everybody did."""
        scores, records = self.series.table("scores", self._last), self.series.table(counted, self._last)
        return rank_correlation(
            self.all(
                "SELECT score, CAST(coalesce(records, 0) AS DECIMAL(18, 0)), count(*) "
                f"FROM {scores} LEFT JOIN {records} USING (subject) WHERE score IS NOT NULL GROUP BY ALL"
            )
        )

    def _total(self) -> Decimal:
        scores = self.series.table("scores", self._last)
        total: Decimal = self.all(f"SELECT coalesce(sum(score), 0) FROM {scores}")[0][0]
        return total

    def _shares(self) -> tuple[Share, ...]:
        sums: dict[tuple[PlaceKind, str], Decimal] = {
            ("rule", each.name): Decimal(0) for each in self.series.rulebook.rules
        }
        sums |= self._sums(len(self.days) - 1, "true")
        total = self._total()
        if sum(sums.values(), Decimal(0)) != total:
            raise MoveDoesNotAddUpError(sums, total)
        return tuple(
            Share(kind, name, points, Fraction(points) / Fraction(total) if total else None)
            for (kind, name), points in sorted(sums.items(), key=lambda each: self._order(*each[0]))
        )

    def _files(self) -> tuple[FileShare, ...]:
        files = self.series.files
        if len(files) < 2 or len(files) > MOST_FILES:  # noqa: PLR2004  one file has no other beside it
            return tuple(FileShare(name, rows, None, None, None, None) for name, rows in files)
        total = self._total()
        return tuple(self._without(place, name, rows, total) for place, (name, rows) in enumerate(files))

    def _without(self, place: int, name: str, rows: int, total: Decimal) -> FileShare:
        self.progress(f"without {name}", 0)
        self.series.run("without a file", self.days[-1], without_file=place)
        ((points, lose, come),) = self.all(
            "SELECT coalesce(sum(a.score - b.score), 0), count(*) FILTER (a.score IS NOT NULL AND b.score IS NULL), "
            "count(*) FILTER (a.score IS NULL AND b.score IS NOT NULL) "
            f"FROM {self.series.table('scores', self._last)} AS a "
            f"FULL JOIN {self.series.table('scores', 'without a file')} AS b USING (subject)"
        )
        return FileShare(name, rows, points, Fraction(points) / Fraction(total) if total else None, lose, come)

    def _concentration(self) -> Concentration:
        rows = [
            (Fraction(score), people)
            for score, people in self.all(
                f"SELECT score, count(*) FROM {self.series.table('scores', self._last)} WHERE score IS NOT NULL "
                "GROUP BY score ORDER BY score"
            )
        ]
        scored, total = sum(people for _, people in rows), self._total()
        top_1, top_10 = -(-scored // 100), -(-scored // 10)
        if total == 0 or rows[0][0] < 0:
            return Concentration(scored, total, top_1, top_10, None, None, None)
        return Concentration(scored, total, top_1, top_10, top_share(rows, top_1), top_share(rows, top_10), gini(rows))


def _furthest(moves: list[Move]) -> list[Move]:
    return sorted(moves, key=lambda each: (-abs(each.points), each.day, each.subject))[:MOST_SHOWN]
