"""Takes the results of a series of stages, one after another; gives by how much everybody's points differ between
them, as tables in one connection.

``stage_scores``: ``stage, subject, outcome, score, band, requirement``. ``parts``: the columns of
``subtraction.PartRow``, of people who have a score in the first stage and in the last. ``alone``: ``stage, subject,
points``: what an edit does without the others, of the stages ``tried``. Each person's ``parts`` sum to the last score
less the first.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tallystick.engine.ledger_tables import LedgerTables
from tallystick.engine.query.sql import quote_text
from tallystick.engine.refusals import DataRefusal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NUMBER = "DECIMAL(38, 9)"
_SCORES = "subject VARCHAR, outcome VARCHAR, score DECIMAL(38, 9), band VARCHAR, requirement VARCHAR"
_KEY = "subject, place, name, kind"
PART_COLUMNS = "subject, stage, since, place, name, kind, was, now, points"
PEOPLE_QUERY = (
    "SELECT subject, one.outcome, one.score, one.band, one.requirement, "
    "other.outcome, other.score, other.band, other.requirement "
    "FROM (SELECT * FROM stage_scores WHERE stage = 0) AS one "
    "FULL JOIN (SELECT * FROM stage_scores WHERE stage = $last) AS other USING (subject) WHERE {only} ORDER BY subject"
)
PARTS_QUERY = f"SELECT {PART_COLUMNS} FROM parts WHERE {{only}} ORDER BY subject, stage, place, name, kind"
ALONE_QUERY = "SELECT subject, stage, points FROM alone WHERE {only} ORDER BY subject, stage"
TURNING_QUERY = (
    "SELECT subject, stage, outcome, requirement FROM stage_scores WHERE {only} AND subject NOT IN "
    "(SELECT subject FROM stage_scores WHERE stage IN (0, $last) AND score IS NOT NULL "
    "GROUP BY subject HAVING count(DISTINCT stage) = CASE $last WHEN 0 THEN 1 ELSE 2 END) ORDER BY subject, stage"
)
"""What is asked of the tables, ordered by person; ``{only}`` stands for a condition on the person."""


class Results(Struct, frozen=True):
    """The files that hold the scores of a ledger, and all points of which they are made."""

    scores: Path
    points: Path


def results_written(tables: LedgerTables, folder: Path, label: str, *, points: bool = True) -> Results:
    """Write what a ledger says into files of a folder in which its connection may write."""
    made = Results(folder / f"{label} scores.parquet", folder / f"{label} points.parquet")
    queries = {made.scores: f"SELECT subject, outcome, score, band, requirement FROM {tables.table('scores')}"}
    if points:
        queries[made.points] = (
            "SELECT subject, 'rule' AS place, rule AS name, '' AS kind, points AS amount "
            f"FROM {tables.table('lines')} WHERE points IS NOT NULL "
            f"UNION ALL SELECT subject, place, name, kind, amount FROM {tables.table('adjustments')}"
        )
    for path, query in queries.items():
        path.unlink(missing_ok=True)
        tables.connection.execute(f"COPY ({query}) TO {quote_text(str(path))} (FORMAT parquet)")
    return made


class Subtraction(Struct, frozen=True):
    """The work on a series, in a connection that can read the files of its results."""

    connection: DuckDBPyConnection

    def begin(self, first: Results, renamed: dict[str, dict[str, str]]) -> None:
        """Take in the first stage. ``renamed``: what rules, facets, bands and requirements are called by now."""
        execute = self.connection.execute
        execute(f"CREATE TABLE stage_scores (stage INTEGER, {_SCORES})")
        execute(
            f"CREATE TABLE parts (subject VARCHAR, stage INTEGER, since INTEGER, place VARCHAR, name VARCHAR, "
            f"kind VARCHAR, was {_NUMBER}, now {_NUMBER}, points {_NUMBER})"
        )
        execute(f"CREATE TABLE alone (stage INTEGER, subject VARCHAR, points {_NUMBER})")
        execute("CREATE TABLE tried (stage INTEGER)")
        execute("CREATE TABLE renamed (sort VARCHAR, once VARCHAR, now VARCHAR)")
        rows = [(sort, once, now) for sort, names in renamed.items() for once, now in names.items()]
        if rows:
            self.connection.executemany("INSERT INTO renamed VALUES (?, ?, ?)", rows)
        execute(
            f"INSERT INTO stage_scores SELECT 0, subject, outcome, score, {_now('band', 'band')}, "
            f"{_now('require', 'requirement')} FROM {_file(first.scores)}"
        )
        name = f"CASE place WHEN 'rule' THEN {_now('rule', 'name')} ELSE {_now('facet', 'name')} END"
        execute(
            f"CREATE TABLE standing AS SELECT subject, place, {name} AS name, kind, "
            f"CAST(amount AS {_NUMBER}) AS amount "
            f"FROM {_file(first.points)}"
        )
        execute("CREATE TABLE stood AS SELECT subject, 0 AS since FROM stage_scores WHERE score IS NOT NULL")

    def take(self, stage: int, results: Results) -> None:
        """Hold a stage against the last before it in which each person had a score."""
        execute = self.connection.execute
        execute(
            f"INSERT INTO stage_scores SELECT {stage}, subject, outcome, score, band, requirement "
            f"FROM {_file(results.scores)}"
        )
        execute(
            f"CREATE OR REPLACE TEMP TABLE scored AS SELECT subject FROM stage_scores "
            f"WHERE stage = {stage} AND score IS NOT NULL"
        )
        execute(
            f"CREATE OR REPLACE TEMP TABLE latest AS SELECT subject, place, name, kind, "
            f"CAST(amount AS {_NUMBER}) AS amount FROM {_file(results.points)}"
        )
        execute(
            f"INSERT INTO parts SELECT subject, {stage}, stood.since, place, name, kind, old.amount, latest.amount, "
            f"coalesce(latest.amount, 0) - coalesce(old.amount, 0) FROM latest FULL JOIN "
            f"(SELECT * FROM standing SEMI JOIN scored USING (subject)) AS old USING ({_KEY}) "
            f"JOIN stood USING (subject) WHERE coalesce(latest.amount, 0) <> coalesce(old.amount, 0)"
        )
        execute(
            "CREATE OR REPLACE TABLE standing AS SELECT * FROM latest UNION ALL BY NAME "
            "SELECT * FROM standing ANTI JOIN scored USING (subject)"
        )
        execute(
            f"CREATE OR REPLACE TABLE stood AS SELECT subject, {stage} AS since FROM scored UNION ALL "
            f"SELECT * FROM stood ANTI JOIN scored USING (subject)"
        )

    def take_alone(self, stage: int, base: int, results: Results) -> None:
        """Hold the scores that one edit alone gives against those of the stage before all edits."""
        self.connection.execute(f"INSERT INTO tried VALUES ({stage})")
        self.connection.execute(
            f"INSERT INTO alone SELECT {stage}, this.subject, this.score - base.score "
            f"FROM {_file(results.scores)} AS this "
            f"JOIN stage_scores AS base ON base.subject = this.subject AND base.stage = {base} "
            f"WHERE this.score <> base.score"
        )

    def refuse_other(self, results: Results, other: Results | None = None) -> None:
        """Raise ``DataRefusal`` unless results are the same as others of the same setting, or as the first stage's."""
        scores = (
            "SELECT * EXCLUDE (stage) FROM stage_scores" if other is None else f"SELECT * FROM {_file(other.scores)}"
        )
        points = "SELECT * FROM standing" if other is None else f"SELECT * FROM {_file(other.points)}"
        for path, theirs in ((results.scores, scores), (results.points, points)):
            ours = f"SELECT * FROM {_file(path)}"
            ((differing,),) = self.connection.execute(
                f"SELECT count(*) FROM ((({ours}) EXCEPT ALL ({theirs})) UNION ALL (({theirs}) EXCEPT ALL ({ours})))"
            ).fetchall()
            if differing:
                message = "the same rules, rows and as-of day give other scores now than when the run was made"
                raise DataRefusal(message, help="one of the runs was made by another version; score again")

    def end(self, last: int) -> None:
        """Leave the parts of those alone who have a score in the first stage and in the last."""
        for table in ("parts", "alone"):
            for stage in (0, last):
                self.connection.execute(
                    f"DELETE FROM {table} WHERE subject NOT IN "
                    f"(SELECT subject FROM stage_scores WHERE stage = {stage} AND score IS NOT NULL)"
                )
        for table in ("standing", "stood", "renamed"):
            self.connection.execute(f"DROP TABLE {table}")

    def unbalanced(self, last: int) -> tuple[str, ...]:
        """Name people whose parts do not sum to the last score less the first: there are none."""
        rows = self.connection.execute(
            "SELECT one.subject FROM stage_scores AS one JOIN stage_scores AS other USING (subject) "
            "LEFT JOIN (SELECT subject, sum(points) AS points FROM parts GROUP BY subject) AS moved USING (subject) "
            f"WHERE one.stage = 0 AND other.stage = {last} AND one.score IS NOT NULL AND other.score IS NOT NULL "
            "AND other.score - one.score <> coalesce(moved.points, 0) ORDER BY subject LIMIT 3"
        ).fetchall()
        return tuple(str(row[0]) for row in rows)


def _file(path: Path) -> str:
    return f"read_parquet({quote_text(str(path))})"


def _now(sort: str, column: str) -> str:
    """Return what something is called by now."""
    return f"coalesce((SELECT now FROM renamed WHERE sort = {quote_text(sort)} AND once = {column}), {column})"
