"""Takes the part of a query over records, and a state that has kept what it last gave; works it out, from that where it
can be, and keeps it for the next run."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tallystick.engine.query.added_up import GATHERED, faded, gathered_of, of_all
from tallystick.engine.query.counted import PERSONS, tallies_name
from tallystick.engine.query.kept import (
    DAY,
    KEPT_IN_PLAY,
    KEYS,
    LATELY,
    KeptSteps,
    after_in_play,
    given_by,
    kept,
    made,
    more,
    stays_by_day,
    until_in_play,
)
from tallystick.engine.query.people import NAMED
from tallystick.engine.query.plan import Plan
from tallystick.engine.query.records import PLACED
from tallystick.engine.query.records_part import RecordsPart
from tallystick.engine.query.sql import quote_name
from tallystick.engine.query.steps import AS_OF, DAYS_OLD, IN_PLAY, RECORDS, Step, dated
from tallystick.engine.side_by_side import side_by_side
from tallystick.engine.state.tables import KeptAbout, drop_others, left_out_before, table, types_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LIMITED = "records after a limit"
_TALLIES = frozenset(map(tallies_name, PERSONS))


def can_be_kept(made_: Plan) -> bool:
    """Tell whether what leaves a record out, and what is asked of it, can never change by records that come later, by
    another as-of day, or by what is known of people."""
    book = made_.rulebook
    if book.records is None or book.score.by is not None:
        return False
    asked = made_.subject_attributes or made_.actor_attributes or made_.earned
    repeats = any(each.repeats is not None for each in book.excludes)
    returned = made_.asks_returned and not made_.returned_late
    # Steps are made to read other relations in place of these two, whose names then stand nowhere else in them.
    told = any(name in book.text for name in (IN_PLAY, RECORDS))
    return not (asked or repeats or returned or told)


class KeptMeasures(Struct):
    """The work of one run over records, and what is to be kept of it.

    ``before``: what was kept, None if nothing was. ``rows``: the number that the next row to be taken in will have.
    ``rows_in``: the tables and views that hold the rows.
    Afterwards, ``added``: it went on from what was kept; ``after``: what is to be kept, None where that cannot be.
    """

    connection: DuckDBPyConnection
    plan: Plan
    before: KeptAbout | None
    rows: int
    rows_in: tuple[str, ...]
    after: KeptAbout | None = field(default=None)
    added: bool = field(default=False)
    _gives: tuple[str, ...] = field(default=())

    def work_out(self, part: RecordsPart, as_of: date) -> None:
        """Make a table or view of each step that a part gives, from what was kept where that can be."""
        self._gives = part.gives
        for step in part.small:
            self.connection.execute(dated(f"CREATE OR REPLACE TABLE {quote_name(step.name)} AS {step.body}", as_of))
        key = _key(part, str(types_of(self.connection, quote_name(RECORDS))))
        lasting = _lasts(part)
        before = self.before if lasting else None
        if before is not None and self._stands(before, key, as_of):
            self.added = True
            self._add(part, before, as_of)
        else:
            self._anew(part, as_of)
        if lasting and self._all_there():
            self.after = KeptAbout(key, self.rows, as_of, left_out_before(self.connection, self.rows))

    def keep(self) -> None:
        """Write what the next run goes on from; within the transaction of the taking."""
        if self.after is None:
            return
        gives = self._tables(self._gives)
        records = f"SELECT * EXCLUDE ({DAYS_OLD}) FROM {quote_name(LATELY if self.added else IN_PLAY)}"
        if self.added:
            self.connection.execute(f"INSERT INTO {table(KEPT_IN_PLAY)} BY NAME {records}")
            for name in gives:
                if not (name == NAMED or faded(self.plan, name)):
                    keys = [quote_name(each) for each in types_of(self.connection, kept(name)) if each in KEYS]
                    same = " AND ".join(f"kept.{each} = more.{each}" for each in keys)
                    self.connection.execute(f"DELETE FROM {kept(name)} AS kept USING {more(name)} AS more WHERE {same}")
                self.connection.execute(f"INSERT INTO {kept(name)} BY NAME SELECT * FROM {more(name)}")
        else:
            # In this order, a measure's few kinds are read without the others.
            order = f"kind, {DAY}" if "kind" in types_of(self.connection, quote_name(IN_PLAY)) else DAY
            self._replace(table(KEPT_IN_PLAY), f"{records} ORDER BY {order}")
            for name in gives:
                source = more(name) if faded(self.plan, name) else quote_name(name)
                self._replace(kept(name), f"SELECT * FROM {source}")
            drop_others(self.connection, frozenset({table(KEPT_IN_PLAY), *map(kept, gives)}))
        self._replace(table("kept"), self.after.select)

    def leave(self) -> None:
        """Drop the views over what was kept, in whose places work that is done without it makes tables."""
        found = self.connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        for name in {IN_PLAY, *self._gives} & {name for (name,) in found}:
            self.connection.execute(f"DROP VIEW {quote_name(name)}")

    def _tables(self, gives: tuple[str, ...]) -> list[str]:
        """Return the tables that are kept of what a part gives."""
        together = gathered_of(self.plan, gives)
        apart = [each for each in gives if not (each in together or of_all(self.plan, each))]
        return [*apart, GATHERED] if together else apart

    def _replace(self, name: str, query: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")

    def _anew(self, part: RecordsPart, as_of: date) -> None:
        """Work everything out from all records."""
        self.connection.execute(made(IN_PLAY, until_in_play(part), as_of))
        there = frozenset({*_TALLIES, *part.gives})
        tallies = [each.name for each in part.steps if each.name in _TALLIES]
        for name in (*tallies, *part.gives):
            steps = after_in_play(part, name, there)
            if faded(self.plan, name):
                self.connection.execute(made(_LIMITED, (*steps[:-2], Step(_LIMITED, "", steps[-2].body)), as_of))
                self._replace(more(name), stays_by_day(_LIMITED, as_of))
                steps = (Step(steps[-2].name, "", f"SELECT * FROM {quote_name(_LIMITED)}"), steps[-1])
            self.connection.execute(made(name, steps, as_of))
        if together := gathered_of(self.plan, part.gives):
            self._replace(quote_name(GATHERED), _side_by_side(together))
        for name in (*tallies, *together):
            self.connection.execute(f"DROP TABLE {quote_name(name)}")

    def _stands(self, before: KeptAbout, key: str, as_of: date) -> bool:
        """Whether what was kept is of this very query, as of no later day, and of rows that all stand as they did."""
        if before.key != key or before.as_of > as_of:
            return False
        return left_out_before(self.connection, before.rows) == before.left_out

    def _add(self, part: RecordsPart, before: KeptAbout, as_of: date) -> None:
        """Work out what the records that came since change."""
        those = self._tables(part.gives)
        columns = {name: types_of(self.connection, kept(name)) for name in those}
        steps = KeptSteps(self.plan, part, before, as_of, columns)
        for statement in steps.in_play():
            self.connection.execute(statement)
        side_by_side(self.connection, [steps.given(name) for name in part.gives])
        for name in those:
            if name == NAMED or faded(self.plan, name):
                continue
            of = gathered_of(self.plan, part.gives) if name == GATHERED else (name,)
            given = {each: types_of(self.connection, given_by(each, "now")) for each in of}
            side_by_side(self.connection, [steps.changed(each, found) for each, found in given.items()])
            self.connection.execute(steps.merged(name, given))

    def _all_there(self) -> bool:
        """Whether no record is later than the day: what is not yet would be kept as that."""
        source = quote_name(LATELY if self.added else IN_PLAY)
        ((later,),) = self.connection.execute(f"SELECT count(*) FROM {source} WHERE {DAYS_OLD} < 0").fetchall()
        return int(later) == 0


def _side_by_side(names: tuple[str, ...]) -> str:
    """Return the query for the columns of some tables of one row for each person."""
    people = " UNION ".join(f"SELECT person FROM {quote_name(each)}" for each in names)
    columns = ", ".join(f"{quote_name(each)}.* EXCLUDE (person)" for each in names)
    joins = " ".join(f"LEFT JOIN {quote_name(each)} ON {quote_name(each)}.person = everybody.person" for each in names)
    return f"SELECT everybody.person, {columns} FROM ({people}) AS everybody {joins} WHERE everybody.person IS NOT NULL"


def _key(part: RecordsPart, columns: str) -> str:
    """Return what tells a query's work over records from any other's, whatever the day."""
    told = "\n".join(f"{each.name}\n{each.body}" for each in (*part.small, *part.steps))
    return hashlib.sha256(f"{GATHERED}\n{told}\n{part.gives}\n{columns}".encode()).hexdigest()


def _lasts(part: RecordsPart) -> bool:
    """Whether nothing that is found out about a record depends on the as-of day but its age in days."""
    found = [(each.name, each.body.count(AS_OF)) for each in until_in_play(part)[:-1] if AS_OF in each.body]
    in_play = next(each for each in part.steps if each.name == IN_PLAY)
    return found == [(PLACED, 1)] and AS_OF not in in_play.body
