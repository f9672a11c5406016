"""Takes a run just made; works its parts out again, each by itself, and gives what each measure and each rule costs.

What several parts share is worked out for the first of them that needs it, as a part of its own: the records with what
leaves them out, which records are returned, what is only counted. INVARIANT: nothing here gives a number of a ledger.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from tallystick.engine.duckdb import ExactFunctions, prepare
from tallystick.engine.query.compile import Query, Statement, with_steps
from tallystick.engine.query.records_part import RecordsPart
from tallystick.engine.query.sql import quote_name, quote_value
from tallystick.engine.query.steps import ANSWERED, AS_OF, IN_PLAY, RETURNED, Step
from tallystick.engine.run import FinishedRun
from tallystick.rules.rule import Rule

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Part = Literal["records", "measure", "rule", "shared"]
_MEASURE = "measure "
_RULE = "#rule alone"
_TALLIES = "tallies"


class Cost(Struct, frozen=True):
    """What a part took, worked out by itself: seconds on the clock, and of all processors together. ``name`` is that of
    the measure or rule; of other parts it says in words what is worked out."""

    part: Part
    name: str
    seconds: float
    processors: float


class Stages(Struct):
    """What a run says that it does, and how long each took: hand it what says how far the run is."""

    seconds: dict[str, float] = field(default_factory=dict)
    _doing: str | None = None
    _since: float = 0.0

    def over(self, progress: Callable[[str, int], None]) -> Callable[[str, int], None]:
        """Return the same, watched from now on."""
        self.turn("opening the files")

        def watched(doing: str, rows: int) -> None:
            self.turn(doing)
            progress(doing, rows)

        return watched

    def turn(self, doing: str | None) -> None:
        """Note that something else is done from now on; None: nothing more."""
        now = time.perf_counter()
        if self._doing is not None:
            self.seconds[self._doing] = self.seconds.get(self._doing, 0.0) + now - self._since
        self._doing, self._since = doing, now


def costs_of(run: FinishedRun) -> tuple[Cost, ...]:
    """Work every part out again by itself. Raises what ``run.rows`` raises where the rows are not at hand."""
    rows = run.rows()
    query = prepare(
        rows.connection,
        run.rulebook,
        rows.records,
        rows.subjects,
        run.as_of,
        pauses=rows.pauses,
        voided=rows.voided,
        apart=True,
    )
    ExactFunctions().register(rows.connection)
    tables = rows.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    there = frozenset(str(name) for (name,) in tables)
    return tuple(_Working(rows.connection, query, run.as_of, there).costs())


class _Working(Struct, frozen=True):
    """The parts of a query, worked out one after another in a connection. ``there``: its tables, which stay; ``made``:
    those made for this alone."""

    connection: DuckDBPyConnection
    query: Query
    as_of: date
    there: frozenset[str]
    made: list[str] = field(default_factory=list)

    def costs(self) -> Iterator[Cost]:
        """Give what each part takes, in the order of the query."""
        try:
            for statement in self.query.macros:
                self._run(statement.text)
            *tables, results = self.query.tables
            for statement in tables:
                if statement.part is not None:
                    yield from self._of_records(statement, statement.part)
                yield self._timed("shared", statement.words, statement.text)
            yield from map(self._of_rule, self.query.plan.rulebook.rules)
            yield self._timed("shared", results.words, results.text)
        finally:
            for name in dict.fromkeys(self.made):
                self._run(f"DROP TABLE IF EXISTS {quote_name(name)}")

    def _of_records(self, statement: Statement, part: RecordsPart) -> Iterator[Cost]:
        """Work the part over records out, up to each of the tables that others read."""
        for step in part.small:
            self._run(self._table(step.name, step.body))
        earned = "" if statement.words == self.query.tables[-2].words else "for what actors earned: "
        before: list[Step] = []
        for step in part.steps:
            if _is_kept(step, part):
                kind, name = _named(step)
                yield self._timed(kind, f"{earned}{name}", self._table(step.name, _whole(step, before)))
            else:
                before.append(step)

    def _of_rule(self, rule: Rule) -> Cost:
        """Work a rule out as if there were no other."""
        scores, book = self.query.scores, self.query.plan.rulebook
        assert scores is not None  # noqa: S101  every query that is compiled has them
        alone = replace(book, rules=(replace(rule, facet=None),), facets=(), bands=())
        steps = replace(scores, plan=replace(scores.plan, rulebook=alone))
        text = f"WITH\n{with_steps(steps.steps)}\n{steps.results()}"
        return self._timed("rule", rule.name, self._table(_RULE, text))

    def _table(self, name: str, query: str) -> str:
        if name not in self.there:
            self.made.append(name)
        return f"CREATE OR REPLACE TABLE {quote_name(name)} AS\n{query}"

    def _timed(self, part: Part, name: str, text: str) -> Cost:
        clock, processors = time.perf_counter(), time.process_time()
        self._run(text)
        return Cost(part, name, time.perf_counter() - clock, time.process_time() - processors)

    def _run(self, text: str) -> None:
        self.connection.execute(text.replace(AS_OF, quote_value(self.as_of)))


def _is_kept(step: Step, part: RecordsPart) -> bool:
    """Whether a step is read by several parts, or has a row for each person."""
    return step.name in {*part.gives, IN_PLAY, ANSWERED, RETURNED} or step.name.startswith(_TALLIES)


def _whole(step: Step, before: list[Step]) -> str:
    """Return the query of a step with those before it that it reads, of which no table was kept."""
    read: list[Step] = []
    for each in reversed(before):
        if any(quote_name(each.name) in one.body for one in (step, *read)):
            read.insert(0, each)
    return f"WITH\n{with_steps(tuple(read))}\n{step.body}" if read else step.body


def _named(step: Step) -> tuple[Part, str]:
    """Say which part of a run ends with a step."""
    if step.name.startswith(_MEASURE):
        return "measure", step.name.removeprefix(_MEASURE)
    return "records" if step.name == IN_PLAY else "shared", step.words
