"""Takes the tables of a series of stages; gives what the stages did to everybody together."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

from tallystick.engine.change.subtraction import Place
from tallystick.engine.query.sql import quote_number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PEOPLE = (
    "FROM (SELECT subject, score AS before FROM stage_scores WHERE stage = 0) AS one "
    "FULL JOIN (SELECT subject, score AS after, true AS named FROM stage_scores WHERE stage = $last) AS other "
    "USING (subject)"
)


class StageTotals(Struct, frozen=True):
    """What a stage did to those who have a score in both runs, and what its edit does to them without the others.

    ``late``: those who had no score just before, so that what happened to them there is told here, too.
    """

    stage: int
    points: Decimal
    up: int
    down: int
    most_up: Decimal | None
    most_down: Decimal | None
    late: int
    alone_points: Decimal | None
    alone_moved: int | None


class PlaceTotals(Struct, frozen=True):
    """What one place moved at one stage, over everybody."""

    stage: int
    place: Place
    name: str
    kind: str
    points: Decimal
    moved: int


class Totals(Struct, frozen=True):
    """Everybody: ``both`` have a score in both runs, ``came``, ``lost`` and ``gone`` in one alone. The later run names
    who ``lost`` theirs, and does not name who is ``gone``. ``bands``: how many of ``both`` went from one band (None:
    from none) to another."""

    people: int
    both: int
    up: int
    down: int
    within_noise: int | None
    came: int
    lost: int
    gone: int
    points: Decimal
    stages: tuple[StageTotals, ...]
    places: tuple[PlaceTotals, ...]
    bands: tuple[tuple[str | None, str | None, int], ...]


def totals_of(connection: DuckDBPyConnection, last: int, noise: Decimal | None) -> Totals:
    """Sum over everybody. ``last``: the number of the last stage."""
    small = "NULL" if noise is None else f"abs(after - before) < {quote_number(noise)}"
    moved = "after <> before"
    ((people, both, up, down, within, came, lost, gone, points),) = (
        connection.cursor()
        .execute(
            "SELECT count(*), count(*) FILTER (after IS NOT NULL AND before IS NOT NULL), "
            "count(*) FILTER (after > before), count(*) FILTER (after < before), "
            f"count(*) FILTER ({moved} AND {small}), count(*) FILTER (after IS NOT NULL AND before IS NULL), "
            "count(*) FILTER (after IS NULL AND before IS NOT NULL AND named), "
            "count(*) FILTER (before IS NOT NULL AND named IS NULL), "
            f"coalesce(sum(after - before), 0) {_PEOPLE}",
            {"last": last},
        )
        .fetchall()
    )
    return Totals(
        people,
        both,
        up,
        down,
        None if noise is None else within,
        came,
        lost,
        gone,
        Decimal(points),
        _stages(connection, last),
        _places(connection),
        _bands(connection, last),
    )


def _bands(connection: DuckDBPyConnection, last: int) -> tuple[tuple[str | None, str | None, int], ...]:
    rows = connection.cursor().execute(
        "SELECT one.band, other.band, count(*) FROM (SELECT * FROM stage_scores WHERE stage = 0) AS one "
        "JOIN (SELECT * FROM stage_scores WHERE stage = $last) AS other USING (subject) "
        "WHERE one.score IS NOT NULL AND other.score IS NOT NULL AND one.band IS DISTINCT FROM other.band GROUP BY ALL",
        {"last": last},
    )
    return tuple((before, after, people) for before, after, people in rows.fetchall())


def _stages(connection: DuckDBPyConnection, last: int) -> tuple[StageTotals, ...]:
    rows = connection.cursor().execute(
        "SELECT stage, sum(points), count(*) FILTER (points > 0), count(*) FILTER (points < 0), "
        "max(points) FILTER (points > 0), min(points) FILTER (points < 0), count(*) FILTER (since < stage - 1) "
        "FROM (SELECT subject, stage, since, sum(points) AS points FROM parts GROUP BY subject, stage, since) "
        "GROUP BY stage"
    )
    found = {row[0]: row[1:] for row in rows.fetchall()}
    tried = connection.cursor().execute(
        "SELECT stage, coalesce(sum(points), 0), count(points) FROM tried LEFT JOIN alone USING (stage) GROUP BY stage"
    )
    alone = {row[0]: (Decimal(row[1]), row[2]) for row in tried.fetchall()}
    nothing = (Decimal(0), 0, 0, None, None, 0)
    return tuple(
        StageTotals(stage, *found.get(stage, nothing), *alone.get(stage, (None, None))) for stage in range(1, last + 1)
    )


def _places(connection: DuckDBPyConnection) -> tuple[PlaceTotals, ...]:
    rows = connection.cursor().execute(
        "SELECT stage, place, name, kind, sum(points), count(*) FROM parts "
        "GROUP BY stage, place, name, kind ORDER BY stage, place <> 'rule', sum(abs(points)) DESC, name, kind"
    )
    return tuple(PlaceTotals(*row) for row in rows.fetchall())
